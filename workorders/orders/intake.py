"""What may be opened now, by whom (clause ``off_hours``; life table, open and park)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from workorders.agreement.clauses import Agreement
from workorders.directory.people import Group, Partner, Person
from workorders.errors import Incomplete
from workorders.orders.errors import UnknownReporter
from workorders.orders.kinds import Kind


def partner_of(
    kind: Kind, reporter: Person, group: Group | None, given: Partner | None = None
) -> Partner | None:
    """Whose order it is; None while unassigned, which is told to 客服负责人.

    Args:
        given: whose whoever files it says it is.

    Raises:
        UnknownReporter: neither the person nor the group is known, and it is not urgent.
        Incomplete: the partner given is not the reporter's own.
    """
    partner = (group.partner if group else None) or reporter.partner
    if given and partner and given.id != partner.id:
        raise Incomplete("partner", given.name)
    partner = partner or given
    if partner is None and reporter.side == "unknown" and kind is not Kind.URGENT:
        raise UnknownReporter(f"{reporter.userid} is in nobody's directory")
    return partner


def parked_until(
    kind: Kind, agreement: Agreement, overrides: Mapping[str, Any], now: datetime
) -> datetime | None:
    """The opening an order of that kind must wait for at ``now`` (aware UTC); None opens it now.

    Args:
        overrides: the partner's own clauses, ``off_hours`` perhaps among them.
    """
    opening = agreement.accepts_now(kind, now, overrides)
    return None if opening else opening.at
