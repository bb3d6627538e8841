"""The board: live orders by due moment, and how one looks for some of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol

from workorders.directory.people import Person, Role
from workorders.orders.order import Kind, WorkOrder

#: Which stretch of due moments: passed, within the hour, or before the local day ends.
Stretch = Literal["all", "overdue", "soon", "today"]
SOON = timedelta(hours=1)


@dataclass(frozen=True)
class Look:
    """Which orders somebody wants to see.

    Attributes:
        viewer: a partner's staff see their own partner's orders and no others, whatever else is asked.
        words: part of a number, of the problem or of the partner's name.
        over: among the finished ones too, newest first.
    """

    viewer: Person
    owner: str | None = None
    unowned: bool = False
    kind: Kind | None = None
    role: Role | None = None
    partner: int | None = None
    words: str = ""
    stretch: Stretch = "all"
    over: bool = False


@dataclass(frozen=True)
class Tally:
    """How many live orders a look finds, in all and by stretch and owner."""

    all: int
    overdue: int
    soon: int
    today: int
    unowned: int
    mine: int
    newest: int


class Board(Protocol):
    """Reads orders for the board; ``now`` is desk time, ``midnight`` the end of its local day (aware UTC)."""

    def rows(self, look: Look, now: datetime, midnight: datetime, limit: int) -> Sequence[WorkOrder]:
        """The orders, next due first, those without a running clock last."""

    def tally(self, look: Look, now: datetime, midnight: datetime) -> Tally:
        """The counts, whatever stretch and owner ``look`` names."""
