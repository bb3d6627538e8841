"""Bringing an order up to a moment: everything the clock would have done by then, as events.

The sweep and every verb settle first, so that a breach which had already happened is recorded even
if no sweep ever saw it, and a parked order that should be open is open before anybody acts on it.
"""

from __future__ import annotations

from datetime import datetime

from workorders.agreement.worktime import Calendar
from workorders.orders import verbs
from workorders.orders.generations import first_promises
from workorders.orders.ladder import Tell, Verdict, decide
from workorders.orders.order import Event, State, Verb, WorkOrder


def settle(order: WorkOrder, now: datetime, calendar: Calendar) -> list[Event]:
    """The events that bring ``order`` up to ``now`` (aware UTC, not before its last event).

    Settling twice at one moment makes nothing the second time.
    """
    made: list[Event] = []
    while not (verdict := decide(order, now)).empty:
        for event in _events(order, verdict, now, calendar):
            made.append(event)
            order = order.after(event)
    return made


def _events(order: WorkOrder, verdict: Verdict, now: datetime, calendar: Calendar) -> list[Event]:
    if verdict.opens:
        return [_open(order, verdict.opens, now, calendar)]
    made: list[Event] = []

    def add(event: Event) -> None:
        nonlocal order
        made.append(event)
        order = order.after(event)

    for index in verdict.breached:
        promises = list(order.promises)
        promises[index] = promises[index].breach()
        facts = {"clause": promises[index].clause, "due": promises[index].due.isoformat()}
        add(order.happened(Verb.BREACH, now, None, facts, promises=tuple(promises)))
    if verdict.tells or verdict.quiet:
        add(_escalate(order, verdict, now))
    if verdict.reminds:
        following = verbs.next_morning(now, calendar)
        facts = {"awaited": order.awaited or "", "day": calendar.local_day(now).isoformat()}
        add(order.happened(Verb.REMIND, now, None, facts, remind_at=following))
    if verdict.closes:
        add(verbs.fall_silent(order, now))
    return made


def _open(order: WorkOrder, opens: datetime, now: datetime, calendar: Calendar) -> Event:
    """A parked order opens, counted from its opening however late this is noticed."""
    promises = first_promises(
        order.kind,
        order.terms,
        order.generation,
        opens,
        calendar,
        received_at=order.received_at or opens,
        taken=order.taken_by is not None,
    )
    return order.happened(
        Verb.OPEN, now, None, state=State.OPEN, opened_at=opens, parked_until=None, promises=promises
    )


def _escalate(order: WorkOrder, verdict: Verdict, now: datetime) -> Event:
    facts = {"tells": [tell_facts(t) for t in verdict.tells]}
    told = (*order.told, *(t.occasion for t in verdict.tells if t.kind != "page"), *verdict.quiet)
    paged = order.paged if verdict.page is None else verdict.page
    return order.happened(Verb.ESCALATE, now, None, facts, told=told, paged=paged)


def tell_facts(tell: Tell) -> dict[str, object]:
    """A tell as an event keeps it."""
    facts: dict[str, object] = {
        "occasion": tell.occasion,
        "kind": tell.kind,
        "part": tell.part,
        "levels": list(tell.levels),
    }
    return facts if tell.spent is None else {**facts, "spent": tell.spent}
