"""What is refused about a picture or file."""

from __future__ import annotations

from workorders.errors import Refused


class Unacceptable(Refused):
    """A picture or file that is not taken.

    Args:
        reason: ``too_large``, ``forbidden``, ``archive`` or ``broken``.
    """

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(f"the attachment is {reason}")


class NoSuchAttachment(Refused):
    """There is no original of that number (any more), or none the person may see."""

    def __init__(self, id: int) -> None:
        self.id = id
        super().__init__(f"no attachment {id}")
