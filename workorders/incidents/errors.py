"""What is refused about an incident."""

from __future__ import annotations

from workorders.errors import Refused


class NoSuchIncident(Refused):
    """There is no incident of that number."""

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__(f"no incident {number}")
