"""The rows of a directory file (design §6), as the operator wrote them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from workorders.directory.people import Console, Duty, Purpose, Role, work_orders


@dataclass(frozen=True)
class GroupRow:
    """A WeCom group of a partner or, with a ``purpose``, one of our own."""

    chatid: str
    name: str
    purpose: Purpose | None = None
    #: Whoever has the key can write to the group, so it is never shown.
    webhook_key: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class ContactRow:
    """Somebody on a partner's side; the ``userid`` is None for one who is not on WeCom."""

    name: str
    phone: str | None = None
    userid: str | None = None
    email: str | None = None
    roles: tuple[Role, ...] = ()


@dataclass(frozen=True)
class AbsenceRow:
    """A stretch one of our people is away for.

    Attributes:
        begins, ends: half-open, aware UTC; whole days begin and end at local midnight.
        stand_in: userid of who is told instead; None passes on to the next level.
    """

    begins: datetime
    ends: datetime
    stand_in: str | None = None


@dataclass(frozen=True)
class RotaRow:
    """Hours in which somebody is the first told of a role's urgent work.

    Attributes:
        days: weekdays, Monday 0. ``hours``: half-open, in minutes from local midnight (1440 is 24:00).
        begins, ends: the first and the last local day it holds; None without end.
        every: 1 each week, 2 every other week counted from that of ``begins``, …
    """

    role: Role
    userid: str
    days: tuple[int, ...]
    hours: tuple[int, int]
    begins: date | None = None
    ends: date | None = None
    every: int = 1


@dataclass(frozen=True)
class StaffRow:
    """One of our people, once, with every duty held and every absence known."""

    name: str
    userid: str
    phone: str | None = None
    email: str | None = None
    duties: tuple[Duty, ...] = ()
    console: Console | None = None
    absent: tuple[AbsenceRow, ...] = ()

    @property
    def works_orders(self) -> bool:
        """Whether work orders may be given to this person."""
        return work_orders(self.duties, self.console)


@dataclass(frozen=True)
class PartnerRow:
    """A company we serve, its groups and its contacts.

    Attributes:
        mail_domains: what its mail addresses end in, lower-case, without the @.
        clauses: its own values over the agreement's, per clause name; the agreement checks them.
    """

    name: str
    aliases: tuple[str, ...] = ()
    mail_domains: tuple[str, ...] = ()
    groups: tuple[GroupRow, ...] = ()
    contacts: tuple[ContactRow, ...] = ()
    clauses: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
