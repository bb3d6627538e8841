"""Who is responsible for what, on both sides: partners, groups, people, roles and duties (notice §五)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal, Protocol


class Role(StrEnum):
    """The posts of the agreement's contact tables (notice §五), and the two it names elsewhere."""

    CS_LEAD = "cs_lead"  # 客服负责人
    MIDDLE_OFFICE = "middle_office"  # 中台
    REVIEW = "review"  # 商户审核
    AFTERSALES = "aftersales"  # 售后
    TECH = "tech"  # 产品技术
    BUSINESS = "business"  # 业务
    OPERATIONS = "operations"  # 运营中心
    HR = "hr"  # 人力资源


Console = Literal["desk", "hotline", "supervisor", "operations", "admin"]
Purpose = Literal["duty", "leaders", "operations"]


@dataclass(frozen=True)
class Duty:
    """A post one of our people holds: rank 1 is 一责, rank 2 is 二责."""

    role: Role
    rank: int


def work_orders(duties: Iterable[Duty], console: Console | None) -> bool:
    """Whether work orders are for somebody of ours with these duties and this console to do."""
    # 运营中心 and 人力资源 are told things; no work order is theirs to do.
    works = any(duty.role not in (Role.OPERATIONS, Role.HR) for duty in duties)
    return works or console in ("desk", "supervisor", "admin")


@dataclass(frozen=True)
class Partner:
    """A company we serve. ``clauses`` are its own values over the agreement's."""

    id: int
    name: str
    aliases: tuple[str, ...] = ()
    mail_domains: tuple[str, ...] = ()


@dataclass(frozen=True)
class Group:
    """A WeCom group: a partner's, or (``purpose``) one of our own."""

    chatid: str
    name: str
    partner: Partner | None = None
    purpose: Purpose | None = None
    has_webhook: bool = False


@dataclass(frozen=True)
class Person:
    """Somebody of either side, or an unknown (``side == "unknown"``: only a userid is known).

    Attributes:
        userid: the WeCom account.
        partner: the partner this person is a contact of; None for our own and for unknowns.
        duties: posts held on our side. ``roles`` posts held on the partner's side.
        console: what our person may do at the desk, None for nothing beyond their duties.
    """

    userid: str
    name: str
    side: Literal["us", "partner", "unknown"]
    phone: str | None = None
    email: str | None = None
    partner: Partner | None = None
    duties: tuple[Duty, ...] = ()
    roles: tuple[Role, ...] = ()
    console: Console | None = None

    @property
    def works_orders(self) -> bool:
        """Whether this person may act on work orders as desk staff (the life table's "desk")."""
        return self.side == "us" and work_orders(self.duties, self.console)

    @property
    def supervises(self) -> bool:
        """Whether this person may act as the life table's "supervisor"."""
        return self.side == "us" and (
            self.console in ("supervisor", "admin") or any(d.role is Role.CS_LEAD for d in self.duties)
        )


def unknown(userid: str) -> Person:
    """Somebody the directory does not know; they may still report urgent faults."""
    return Person(userid=userid, name=userid, side="unknown")


class Directory(Protocol):
    """What the domain asks of the directory. Everything is read at the moment somebody must be told."""

    def person(self, userid: str) -> Person:
        """The person of that userid (case-insensitive), or :func:`unknown`."""

    def group(self, chatid: str) -> Group | None:
        """The group of that chatid, None when nobody bound it."""

    def partner(self, partner_id: int) -> Partner | None:
        """The partner of that id."""

    def partners_named(self, text: str) -> tuple[Partner, ...]:
        """Partners whose full name or alias is exactly ``text`` (NFKC, case-insensitive)."""

    def partners(self) -> tuple[Partner, ...]:
        """Every present partner, in directory order."""

    def contacts_of(self, partner_id: int) -> tuple[Person, ...]:
        """The partner's present contacts, in directory order; one not on WeCom has an empty userid."""

    def groups_of(self, partner_id: int) -> tuple[Group, ...]:
        """The partner's groups, in directory order."""

    def holders(self, role: Role, rank: int, at: datetime, *, urgent: bool = False) -> tuple[Person, ...]:
        """Who is to be told of that duty's work at that moment, in directory order; empty where nobody is.

        Whoever is away is replaced by their stand-in, or left out without one.

        Args:
            rank: 1 is 一责, 2 is 二责.
            at: when they would be told (aware UTC).
            urgent: whether it is urgent work, whose 一责 is whoever the rota names for that moment.
        """

    def appointed(self, role: Role, rank: int, at: datetime, *, urgent: bool = False) -> tuple[Person, ...]:
        """Whose that duty, or for urgent work that turn, is at that moment, away or not."""

    def turning_points(self, begins: datetime, ends: datetime) -> tuple[datetime, ...]:
        """The moments between two (aware UTC) at which who is told of anything may change, in order."""

    def present(self, people: Iterable[Person], at: datetime) -> tuple[Person, ...]:
        """Those people, each once: whoever is away at that moment replaced by their stand-in, or left out."""

    def staff_named(self, text: str) -> tuple[Person, ...]:
        """Our people whose name or userid is exactly ``text`` (a leading @ is ignored)."""

    def supervisors(self) -> tuple[Person, ...]:
        """Everybody who ``supervises``, away or not; who is told when a duty is held by nobody."""

    def clauses_of(self, partner_id: int) -> dict[str, dict[str, object]]:
        """The partner's own clause values; empty where it has none."""


def leads(directory: Directory, role: Role, at: datetime, *, urgent: bool = False) -> tuple[Person, ...]:
    """Who is told last, at level 3: the holders of that role (客服负责人), else the supervisors.

    Supervisors who are away are told where nobody else is: better them than nobody.
    """
    for rank in (1, 2):
        if people := directory.holders(role, rank, at, urgent=urgent):
            return people
    supervisors = directory.supervisors()
    return directory.present(supervisors, at) or supervisors
