"""The ledger of promises: a line for each promise of an order, saying what figures are made of.

A projection: an order's lines are the fold of :func:`after` over its events and over nothing else, so they
can be written anew from them. What happened in the desk's own words becomes here what is counted: met,
missed, 退回, void, or nobody's attainment at all.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from workorders.agreement.worktime import Calendar
from workorders.directory.people import Role
from workorders.orders.order import Event, Kind, Verb, WorkOrder
from workorders.orders.promise import Part, Promise


class Outcome(StrEnum):
    """What a promise counts as. A missed one stays missed, whatever is done afterwards."""

    PENDING = "pending"
    MET = "met"
    MISSED = "missed"
    DECLINED = "declined"  # 退回: neither attained nor missed
    VOID = "void"  # withdrawn, merged, or another took its place
    CARRIED = "carried"  # met before it was issued: counted where it was met, or never waited for


class Cause(StrEnum):
    """Why a promise was missed, as far as the events tell; a person may add their own words."""

    FILED = "filed"  # 补录: its moment had passed before anybody could write it down
    UNACCEPTED = "unaccepted"  # nobody had accepted the order
    ACCEPTED_LATE = "accepted_late"
    REROUTED = "rerouted"  # accepted once, then sent on to a role that had not taken it
    PAUSED = "paused"  # paused, and late all the same
    REOPENED = "reopened"  # solved, but not for good
    UNSOLVED = "unsolved"  # accepted in time and then not seen to
    PLAN = "plan"  # the moment a plan had named


@dataclass(frozen=True)
class Line:
    """What is counted of one promise.

    Attributes:
        position: its place among the order's promises, from 0.
        kind: the order's when the promise was issued. ``role``: the post responsible when its outcome fell.
        person: userid of ours who had the order when its outcome fell; None while nobody had.
        day: the local day its clock began, by which it is counted.
        took: how long it took to be met, in the promise's own time and without the stretches its clock stood
            still; None while unmet, and for a completion moment.
        idle: those stretches, summed.
        cause: why it was missed. ``reason``: the same in the words of whoever added them, empty by default.
        filed: 补录: it was due before it was written down.
    """

    position: int
    clause: str
    part: Part
    generation: int
    kind: Kind
    role: Role
    partner: int | None
    person: str | None
    day: date
    starts: datetime
    due: datetime
    met_at: datetime | None
    breached_at: datetime | None
    void_at: datetime | None
    outcome: Outcome
    took: timedelta | None
    idle: timedelta
    cause: Cause | None
    reason: str
    filed: bool


def concerns(event: Event) -> bool:
    """Whether the event may change any line."""
    return "promises" in event.change or "partner" in event.change or event.verb is Verb.EXPLAIN


def of(number: int, events: Iterable[Event], calendar: Calendar) -> tuple[Line, ...]:
    """The lines an order's events make, from the first."""
    first, *rest = events
    order = WorkOrder.begun(number, first)
    lines = after((), None, order, first, calendar)
    for event in rest:
        before, order = order, order.after(event)
        lines = after(lines, before, order, event, calendar)
    return lines


def after(
    lines: tuple[Line, ...], before: WorkOrder | None, order: WorkOrder, event: Event, calendar: Calendar
) -> tuple[Line, ...]:
    """The order's lines after an event.

    Args:
        lines: those it had, in order of position.
        before: the order the event happened to, None for the event that made it; ``order``: after it.
        calendar: what working time is counted in, and whose days lines are counted by.
    """
    if not concerns(event):
        return lines
    if event.verb is Verb.EXPLAIN:
        return tuple(_explained(line, str(event.facts["reason"])) for line in lines)
    was = before.promises if before else ()
    made: list[Line] = []
    for position, promise in enumerate(order.promises):
        line = lines[position] if position < len(lines) else None
        if line is None:
            line = _issued(position, promise, order, event, calendar)
        elif promise != was[position]:
            line = _changed(line, was[position], promise, order, event, calendar)
        made.append(replace(line, partner=order.partner))
    return tuple(made)


def _explained(line: Line, reason: str) -> Line:
    return replace(line, reason=reason) if line.breached_at else line


def _issued(position: int, promise: Promise, order: WorkOrder, event: Event, calendar: Calendar) -> Line:
    carried = promise.met_at is not None
    return Line(
        position=position,
        clause=promise.clause,
        part=promise.part,
        generation=promise.generation,
        kind=order.kind,
        role=order.role,
        partner=order.partner,
        person=order.owner if carried else None,
        day=calendar.local_day(promise.starts),
        starts=promise.starts,
        due=promise.due,
        met_at=promise.met_at,
        breached_at=promise.breached_at,
        void_at=promise.void_at,
        outcome=Outcome.CARRIED if carried else _outcome(promise),
        took=None,
        idle=timedelta(0),
        cause=_cause(promise, order, paused=False, filed=False) if promise.breached_at else None,
        reason="",
        # A parked order opens by the clock, however late: that is no filing.
        filed=event.verb is Verb.OPEN and event.by is not None and promise.due < event.at,
    )


def _changed(
    line: Line, was: Promise, now: Promise, order: WorkOrder, event: Event, calendar: Calendar
) -> Line:
    idle = line.idle
    stood_since = was.stopped_at or was.met_at or was.void_at
    if stood_since and not (now.stopped_at or now.met_at or now.void_at):
        idle += _between(now, stood_since, event.at, calendar)
    carried = line.outcome is Outcome.CARRIED and now.met_at == line.met_at
    outcome = Outcome.CARRIED if carried else _outcome(now)
    cause, role, person = line.cause, line.role, line.person
    if now.breached_at and not line.breached_at:
        cause = _cause(now, order, paused=bool(idle), filed=line.filed)
    if cause is Cause.UNACCEPTED and now.part is Part.RESPONSE and now.met_at:
        cause = Cause.ACCEPTED_LATE
    if outcome is not line.outcome and not (line.breached_at and outcome is Outcome.MISSED):
        role = order.role
        person = None if outcome is Outcome.PENDING else order.owner
        if outcome is Outcome.MET:
            person = order.owner or event.by
    took = None
    if now.met_at and now.part is not Part.COMPLETION and not carried:
        took = max(_between(now, now.starts, now.met_at, calendar) - idle, timedelta(0))
    return replace(
        line,
        due=now.due,
        met_at=now.met_at,
        breached_at=now.breached_at,
        void_at=now.void_at,
        outcome=outcome,
        role=role,
        person=person,
        took=took,
        idle=idle,
        cause=cause,
    )


def _outcome(promise: Promise) -> Outcome:
    if promise.breached_at:
        return Outcome.MISSED
    if promise.void:
        return Outcome.DECLINED if promise.void == "declined" else Outcome.VOID
    return Outcome.MET if promise.met_at else Outcome.PENDING


def _cause(promise: Promise, order: WorkOrder, *, paused: bool, filed: bool) -> Cause:
    if filed:
        return Cause.FILED
    if promise.part is Part.COMPLETION:
        return Cause.PLAN
    if promise.part is Part.RESPONSE:
        return Cause.ACCEPTED_LATE if promise.met_at else Cause.UNACCEPTED
    if order.reopened:
        return Cause.REOPENED
    if paused:
        return Cause.PAUSED
    if order.owner:
        return Cause.UNSOLVED
    response = order.promise(Part.RESPONSE)
    return Cause.REROUTED if response and response.met_at else Cause.UNACCEPTED


def _between(promise: Promise, a: datetime, b: datetime, calendar: Calendar) -> timedelta:
    """How much of the promise's own time lies between two moments."""
    return b - a if promise.counted == "wall" else calendar.between(a, b)
