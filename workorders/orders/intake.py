"""The first event of an order: what may be opened now, by whom (clause ``off_hours``; verbs open and park).

Pure: who asks with which form is judged by the desk.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from workorders.agreement.clauses import Agreement
from workorders.directory.people import Group, Partner, Person, Role
from workorders.errors import Incomplete
from workorders.orders.errors import UnknownReporter
from workorders.orders.generations import first_promises
from workorders.orders.kinds import Kind
from workorders.orders.order import Event, State, Verb
from workorders.orders.promise import Terms


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


@dataclass(frozen=True)
class Asked:
    """What somebody wants opened.

    Attributes:
        kind, topic, partner, reporter, chat, text, form, from_us, taken_by, follows: as of a ``WorkOrder``.
        received_at: when it reached us (aware UTC), None where that is now.
    """

    kind: Kind
    topic: str
    partner: int | None
    reporter: str
    chat: str | None
    text: str
    form: Mapping[str, Any]
    from_us: bool
    received_at: datetime | None = None
    taken_by: str | None = None
    follows: int | None = None


def first_event(
    asked: Asked, by: str, at: datetime, agreement: Agreement, overrides: Mapping[str, Any]
) -> Event:
    """What opens the order, or parks it; its clauses and ladder are frozen as they stand now.

    Args:
        by: who files it. ``at``: the moment of our record (aware UTC).
        overrides: the partner's own clauses.
    """
    received = asked.received_at or at
    terms = Terms.freeze(agreement, overrides)
    calendar = agreement.calendar
    facts = {"received_at": received.isoformat()} if asked.received_at else {}
    change: dict[str, Any] = {
        **vars(asked),
        "role": Role(agreement.route(asked.kind, asked.topic)),
        "terms": terms,
        "received_at": received,
        "calendar": calendar.fingerprint,
        "state_at": at,
        "state_by": by,
    }
    until = parked_until(asked.kind, agreement, overrides, received)
    if until and until > at:
        return Event(1, Verb.PARK, at, by, facts, change | {"state": State.PARKED, "parked_until": until})
    opens = until or received
    promises = first_promises(
        asked.kind, terms, 1, opens, calendar, received_at=received, taken=asked.taken_by is not None
    )
    opened = {
        "state": State.OPEN,
        "opened_at": opens,
        "promises": promises,
        "paged_from": at if asked.kind is Kind.URGENT else None,
        "backfilled": asked.received_at is not None and any(p.missed(at) for p in promises),
    }
    return Event(1, Verb.OPEN, at, by, facts, change | opened)
