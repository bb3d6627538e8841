"""What is refused about a hand-over at the end of a shift (交接班)."""

from __future__ import annotations

from typing import Literal

from workorders.errors import Refused


class NoHandover(Refused):
    """A hand-over at the end of a shift that cannot be offered or taken.

    Args:
        why: the receiver is ``nobody``, the giver ``yourself``, ``idle`` (works no orders) or ``away``; an
            order is ``not_yours``; there is ``nothing`` to offer, ``none`` offered, all of it ``taken``; or
            it was offered to another (``not_receiver``).
        number: the order it is about. ``name``: the person; ``instead``: who stands in for them.
    """

    def __init__(
        self,
        why: Literal[
            "nobody", "yourself", "idle", "away", "not_yours", "nothing", "none", "taken", "not_receiver"
        ],
        *,
        number: int | None = None,
        name: str | None = None,
        instead: str | None = None,
    ) -> None:
        self.why, self.number, self.name, self.instead = why, number, name, instead
        super().__init__(f"no hand-over: {why}")
