"""What a store counts for a report, a row each; the tables are made of these and of nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

By = Literal["clause", "kind", "partner", "role", "person", "day"]
"""What promises may be counted by, as the ledger keeps it; weeks and months are folded out of days."""

Key = tuple[str | int | date | None, ...]
"""What a row is counted under, in the order asked for; a partner is its number, None is nobody's."""


@dataclass(frozen=True)
class Counted:
    """So many promises of one outcome, missed ones of one cause. ``filed``: 补录."""

    key: Key
    outcome: str
    cause: str | None
    filed: bool
    count: int


@dataclass(frozen=True)
class Took:
    """So many promises met within that many seconds of their own time."""

    key: Key
    part: str
    seconds: int
    count: int


@dataclass(frozen=True)
class Missed:
    """One missed promise.

    Attributes:
        order: the work order's number. ``partner``: of it, a number.
        person: userid of who had it when its moment passed.
        reason: why, in somebody's words; empty where nobody said.
    """

    order: int
    clause: str
    partner: int | None
    role: str
    person: str | None
    due: datetime
    met_at: datetime | None
    cause: str
    reason: str
    filed: bool


@dataclass(frozen=True)
class Happened:
    """Something that happened to an order: who did it, when, and the words given."""

    order: int
    at: datetime
    by: str | None
    partner: int | None
    words: str


@dataclass(frozen=True)
class Rated:
    """So many ratings of so many stars, or reasons (``why``) for them, within 15 minutes from ``since``."""

    key: Key
    since: datetime
    stars: int
    why: str | None
    count: int


@dataclass(frozen=True)
class Begun:
    """So many orders that were written down within the quarter of an hour from that moment."""

    since: datetime
    count: int


@dataclass(frozen=True)
class Complaint:
    """One complaint against us.

    Attributes:
        about: what it is about, its kind: a topic, or the role complained of; empty where nobody said.
        withdrawn: the complainant took it back, or it was merged into another.
        handled: it was answered, or sent back with a reason.
        in_time: it was answered in time.
        took: working time until it was answered, where it was.
    """

    order: int
    about: str
    withdrawn: bool
    handled: bool
    in_time: bool
    took: timedelta | None
