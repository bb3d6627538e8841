"""The promises of an order as they are issued, and the verbs that issue them anew, raising the generation.

Pure, as :mod:`workorders.orders.verbs`: a verb takes the order, settled up to ``at``, and returns the event.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from workorders.agreement.worktime import Calendar
from workorders.directory.people import Role
from workorders.errors import Incomplete
from workorders.orders.errors import AlreadySo
from workorders.orders.kinds import PARTS, Kind, Part
from workorders.orders.order import Event, State, Verb, WorkOrder
from workorders.orders.promise import Promise, Terms

#: The occasion on which level 1 learns of an order that is not urgent.
NEW = "response.level1"


def issue(
    kind: Kind, terms: Terms, generation: int, since: datetime, calendar: Calendar
) -> tuple[Promise, ...]:
    """The promises of a kind, counted from ``since``; none by a clause that has no span yet."""
    clauses = ((part, terms.clause(f"{kind}.{part}")) for part in PARTS[kind])
    return tuple(
        Promise.of(clause, part, generation, since, calendar)
        for part, clause in clauses
        if clause and clause.timed
    )


def first_promises(
    kind: Kind,
    terms: Terms,
    generation: int,
    opens: datetime,
    calendar: Calendar,
    *,
    received_at: datetime,
    taken: bool,
) -> tuple[Promise, ...]:
    """The promises of an order that opens, counted from ``opens``.

    Args:
        received_at: what a cut-off table counts from: it says itself what evenings and rest days mean.
        taken: somebody took the call, which is the response.
    """
    issued = []
    for promise in issue(kind, terms, generation, opens, calendar):
        clause = terms.clause(promise.clause)
        if clause and clause.counted == "cutoff":
            promise = Promise.of(clause, promise.part, generation, received_at, calendar)
        if taken and promise.part is Part.RESPONSE:
            promise = promise.meet(promise.starts, calendar)
        issued.append(promise)
    return tuple(issued)


def upgrade(order: WorkOrder, by: str, at: datetime, calendar: Calendar) -> Event:
    """转紧急: a new generation counted from now; the solution never later than before.

    An accepted order's response counts as met.

    Raises:
        AlreadySo: it is urgent already.
    """
    if order.urgent:
        raise AlreadySo(order.number, Verb.UPGRADE)
    generation = order.generation + 1
    accepted = order.state in (State.ACCEPTED, State.PAUSED)
    before = order.promise(Part.SOLUTION)
    fresh = []
    for promise in _reissue(order, Kind.URGENT, generation, at, calendar):
        if promise.part is Part.RESPONSE and accepted:
            promise = promise.meet(at, calendar)
        if promise.part is Part.SOLUTION and before and before.pending and not before.breached_at:
            due = before.go_on(at, calendar).due if before.stopped_at else before.due
            promise = replace(promise, due=min(promise.due, due))
        fresh.append(promise)
    # A clause already breached is not issued again: what was promised before then stands, never later.
    standing = {Part.RESPONSE, Part.SOLUTION} - {p.part for p in fresh}
    return order.happened(
        Verb.UPGRADE,
        at,
        by,
        kind=Kind.URGENT,
        state=State.ACCEPTED if accepted else State.OPEN,
        opened_at=order.opened_at or at,
        parked_until=None,
        generation=generation,
        promises=(*_superseded(order, at, calendar, standing=standing), *fresh),
        paged_from=at,
        paged=-1,
        told=(),
        awaited=None,
        remind_at=None,
    )


def downgrade(order: WorkOrder, by: str, at: datetime, calendar: Calendar, *, reason: str) -> Event:
    """转日常, with a reason: a new generation counted from opening; what was met stays met.

    Raises:
        AlreadySo: it is not urgent.
        Incomplete: no reason.
    """
    if not order.urgent:
        raise AlreadySo(order.number, Verb.DOWNGRADE)
    if not reason:
        raise Incomplete("reason")
    assert order.opened_at is not None
    generation = order.generation + 1
    fresh = []
    for promise in _reissue(order, Kind.DAILY, generation, order.opened_at, calendar):
        before = order.promise(promise.part)
        if before and before.met_at:
            # It was kept; whether in time is judged by its own due moment.
            late = before.met_at > promise.due
            promise = (promise.breach() if late else promise).meet(before.met_at, calendar)
        fresh.append(promise)
    return order.happened(
        Verb.DOWNGRADE,
        at,
        by,
        {"reason": reason},
        kind=Kind.DAILY,
        generation=generation,
        promises=(*_superseded(order, at, calendar), *fresh),
        paged_from=None,
        paged=-1,
        told=(),
    )


def change_kind(
    order: WorkOrder,
    by: str,
    at: datetime,
    calendar: Calendar,
    *,
    kind: Kind,
    role: Role,
    form: Mapping[str, Any],
) -> Event:
    """改类: another kind's promises, counted from now, and its role; nobody owns it any more.

    Args:
        role: whose work that kind is. ``form``: the fields it asks for, checked.

    Raises:
        AlreadySo: it is of that kind already.
    """
    if kind is order.kind:
        raise AlreadySo(order.number, Verb.CHANGE_KIND)
    generation = order.generation + 1
    fresh = _reissue(order, kind, generation, at, calendar)
    return order.happened(
        Verb.CHANGE_KIND,
        at,
        by,
        {"from": order.kind, "to": kind},
        kind=kind,
        role=role,
        form=form,
        state=State.OPEN,
        owner=None,
        generation=generation,
        promises=(*_superseded(order, at, calendar), *fresh),
        paged_from=at if kind is Kind.URGENT else None,
        paged=-1,
        # Level 1 of its new role is told of the change itself.
        told=(NEW,),
        awaited=None,
        remind_at=None,
    )


def resubmit(
    order: WorkOrder, by: str, at: datetime, calendar: Calendar, *, form: Mapping[str, Any], said: str
) -> Event:
    """重新提交: a new generation from now, open to anybody; a clause once breached is promised again.

    Args:
        form: the corrected fields, checked. ``said``: what was corrected, in the reporter's words.
    """
    generation = order.generation + 1
    return order.happened(
        Verb.RESUBMIT,
        at,
        by,
        {"said": said},
        state=State.OPEN,
        owner=None,
        form=form,
        opened_at=at,
        resubmitted=order.resubmitted + 1,
        expedited_at=None,
        generation=generation,
        promises=(
            *_superseded(order, at, calendar),
            *issue(order.kind, order.terms, generation, at, calendar),
        ),
        told=(),
    )


def recount(order: WorkOrder, at: datetime, calendar: Calendar, fingerprint: str) -> Event:
    """The calendar was corrected: what is open is counted anew; a new generation where that moves anything.

    Breaches stand, and so do moments by the wall clock and those a plan gave.

    Args:
        fingerprint: of ``calendar``.
    """
    generation = order.generation + 1
    stood: list[Promise] = []
    fresh: list[Promise] = []
    for promise in order.promises:
        clause = order.terms.clause(promise.clause)
        again = promise
        if clause and promise.counted == "working" and promise.pending and not promise.breached_at:
            again = promise.recounted(clause, generation, calendar)
        if (again.due, again.left) != (promise.due, promise.left):
            stood.append(promise.end(at, "superseded", calendar))
            fresh.append(again)
        else:
            stood.append(promise)
    opens = order.parked_until
    if order.state is State.PARKED:
        opens = calendar.opening(order.received_at or order.state_at)
    if not fresh and opens == order.parked_until:
        return order.happened(Verb.RECOUNT, at, None, {"moved": False}, calendar=fingerprint)
    # What asks somebody to act is said again, with its moment; what was said of a breach is not.
    told = tuple(o for o in order.told if o != NEW and not o.startswith("warn."))
    passed = tuple(f"warn.{n}" for p in fresh for n, moment in p.warns if moment <= at)
    return order.happened(
        Verb.RECOUNT,
        at,
        None,
        {"moved": True},
        calendar=fingerprint,
        generation=generation,
        promises=(*stood, *fresh),
        parked_until=opens,
        told=(*told, *passed),
    )


def _superseded(
    order: WorkOrder, at: datetime, calendar: Calendar, *, standing: Collection[Part] = ()
) -> tuple[Promise, ...]:
    """The old generation's promises, ended, save for parts that nothing fresh takes the place of.

    A completion moment somebody was given stands always.
    """
    kept = []
    for p in order.promises:
        if p.part in standing:
            p = p.go_on(at, calendar) if p.stopped_at else p
        elif p.part is not Part.COMPLETION:
            p = p.end(at, "superseded", calendar)
        kept.append(p)
    return tuple(kept)


def _reissue(
    order: WorkOrder, kind: Kind, generation: int, starts: datetime, calendar: Calendar
) -> tuple[Promise, ...]:
    """The kind's promises, save for clauses already breached on this order."""
    broken = {p.clause for p in order.promises if p.breached_at}
    fresh = issue(kind, order.terms, generation, starts, calendar)
    return tuple(p for p in fresh if p.clause not in broken)
