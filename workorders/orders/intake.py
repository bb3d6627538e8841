"""What may be opened now, by whom (clause ``off_hours``; life table, open and park)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from workorders.agreement.clauses import Agreement
from workorders.directory.people import Group, Partner, Person
from workorders.errors import UnknownReporter
from workorders.orders.order import Kind


@dataclass(frozen=True)
class Admission:
    """How an order is let in.

    Attributes:
        partner: whose order it is; None while unassigned, which is told to 客服负责人.
        until: the opening it is parked until; None opens it now.
    """

    partner: Partner | None
    until: datetime | None


def admit(
    kind: Kind, reporter: Person, group: Group | None, agreement: Agreement, now: datetime
) -> Admission:
    """Say how an order of that kind may be opened at ``now`` (aware UTC).

    Raises:
        UnknownReporter: neither the person nor the group is known, and it is not urgent.
    """
    partner = (group.partner if group else None) or reporter.partner
    if kind is Kind.URGENT:
        return Admission(partner, None)
    if partner is None and reporter.side == "unknown":
        raise UnknownReporter(f"{reporter.userid} is in nobody's directory")
    opening = agreement.accepts_now(kind, now)
    return Admission(partner, None if opening else opening.at)
