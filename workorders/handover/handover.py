"""交接班: a list of open orders that one of our people offers another at the end of a shift.

Until the other takes them the giver stays their owner. What nobody takes within ten minutes is told to the
supervisors; what is closed or passed on meanwhile simply drops out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from workorders.letters import Letter
from workorders.orders.order import State, WorkOrder

#: How long an offer may wait before the supervisors hear of it.
PATIENCE = timedelta(minutes=10)

#: States in which an order has an owner who can hand it over.
_HELD = (State.OPEN, State.ACCEPTED, State.PAUSED)


@dataclass(frozen=True)
class Handover:
    """One offer.

    Attributes:
        giver, receiver: userids. ``note``: the giver's words, empty without any.
        offered_at: aware UTC.
        numbers: the orders offered, in order of number. ``waiting``: those nobody has taken and that have
            not been offered to somebody else since.
        told: the supervisors have been told that it waits.
    """

    id: int
    giver: str
    receiver: str
    note: str
    offered_at: datetime
    numbers: tuple[int, ...]
    waiting: tuple[int, ...]
    told: bool = False

    @property
    def look_at(self) -> datetime | None:
        """When the supervisors must be told; None once they were or nothing waits."""
        return self.offered_at + PATIENCE if self.waiting and not self.told else None

    @property
    def subject(self) -> str:
        """What letters about it are about."""
        return f"handover:{self.id}"

    def without(self, numbers: Iterable[int]) -> Handover:
        """The offer once those orders wait no more."""
        gone = set(numbers)
        return replace(self, waiting=tuple(n for n in self.waiting if n not in gone))


def may_pass(order: WorkOrder | None, giver: str) -> bool:
    """Whether that person still has the order to hand over."""
    return order is not None and order.owner == giver and order.state in _HELD


def moot(letter: Letter, handover: Handover) -> str | None:
    """Why a letter about the offer need not be said any more; None while it must be."""
    return None if handover.waiting else "nothing of it waits any more"
