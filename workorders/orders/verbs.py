"""What each verb does to an order, as the event it makes. Pure: who may do it is the desk's to judge.

Every function takes the order, settled up to ``at``, and returns the event; ``at`` is the moment of
our record (aware UTC) and never before the order's last event. The rows of the life table are the
docstrings' authority.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta

from workorders.agreement.worktime import Calendar
from workorders.attachments.attachment import Attached, Sort
from workorders.directory.people import Role
from workorders.errors import AlreadySo, GivePlanInstead, Incomplete, NothingMissed, TooSoon
from workorders.orders.order import Event, Kind, State, Verb, WorkOrder
from workorders.orders.promise import Part, Promise, Terms

#: An order may be urged once in this long; the third time it goes to level 2.
URGE_EVERY = timedelta(minutes=5)
#: Within this long a finished order is reopened; later a new, linked one is opened.
REOPEN_WITHIN = timedelta(days=7)


def issue(
    kind: Kind, terms: Terms, generation: int, starts: datetime, calendar: Calendar
) -> tuple[Promise, ...]:
    """The promises of a kind, their clocks started at ``starts``."""
    issued = []
    for part in (Part.RESPONSE, Part.SOLUTION):
        clause = f"{kind}.{part}"
        term = terms.clauses[clause]
        begin = starts if term.counted == "wall" else calendar.opening(starts)
        issued.append(
            Promise(clause, part, generation, begin, term.due(starts, calendar), counted=term.counted)
        )
    return tuple(issued)


def next_morning(at: datetime, calendar: Calendar) -> datetime:
    """The opening of the next working day after the one ``at`` lies in."""
    return calendar.opening(calendar.moment(calendar.working_days_after(calendar.local_day(at), 1), 0))


def accept(order: WorkOrder, by: str, at: datetime, calendar: Calendar) -> Event:
    """接单: response met."""
    return order.happened(
        Verb.ACCEPT,
        at,
        by,
        state=State.ACCEPTED,
        owner=by,
        promises=_meet(order, at, calendar, Part.RESPONSE),
    )


def propose(
    order: WorkOrder, by: str, at: datetime, calendar: Calendar, *, plan: str, completion: datetime
) -> Event:
    """给方案: response and solution met; the completion moment promised is watched.

    Raises:
        Incomplete: no plan, or a completion moment that is not in the future.
    """
    if not plan:
        raise Incomplete("plan")
    if completion <= at:
        raise Incomplete("moment", completion.isoformat())
    kept = tuple(
        p.end(at, "replaced", calendar) if p.part is Part.COMPLETION and not p.breached_at else p
        for p in _meet(order, at, calendar, Part.RESPONSE, Part.SOLUTION)
    )
    promised = Promise("completion", Part.COMPLETION, order.generation, at, completion, counted="wall")
    return order.happened(
        Verb.PROPOSE,
        at,
        by,
        {"plan": plan, "completion": completion.isoformat()},
        state=State.ACCEPTED if order.state is State.OPEN else order.state,
        owner=by if order.state is State.OPEN else order.owner,
        promises=(*kept, promised),
    )


def solve(order: WorkOrder, by: str, at: datetime, calendar: Calendar, *, note: str = "") -> Event:
    """解决: all met, all clocks stop; one working day of silence will close it."""
    return order.happened(
        Verb.SOLVE,
        at,
        by,
        {"note": note},
        state=State.SOLVED,
        owner=by if order.state is State.OPEN else order.owner,
        promises=_meet(order, at, calendar, *Part),
        awaited=None,
        remind_at=None,
        close_at=calendar.end_of_nth_working_day(at, 1),
    )


def pause(order: WorkOrder, by: str, at: datetime, calendar: Calendar, *, awaited: str) -> Event:
    """挂起: the solution's clock stops while something is awaited. Not urgent: give a plan instead.

    Raises:
        GivePlanInstead: the order is urgent.
        Incomplete: nobody said what is awaited.
    """
    if order.urgent:
        raise GivePlanInstead(order.number)
    if not awaited:
        raise Incomplete("awaited")
    return order.happened(
        Verb.PAUSE,
        at,
        by,
        {"awaited": awaited},
        state=State.PAUSED,
        awaited=awaited,
        remind_at=next_morning(at, calendar),
        promises=tuple(p.stop(at, calendar) if p.part is Part.SOLUTION else p for p in order.promises),
    )


def resume(order: WorkOrder, by: str, at: datetime, calendar: Calendar, *, said: str = "") -> Event:
    """恢复: the solution's clock goes on with what was left."""
    return order.happened(
        Verb.RESUME, at, by, {"said": said}, state=State.ACCEPTED, **_unpaused(order, at, calendar)
    )


def hand_over(order: WorkOrder, by: str, at: datetime, *, to: str, note: str = "") -> Event:
    """转交 to a person: the owner changes, state and clocks do not.

    Args:
        note: the words that went with it, for our own people.

    Raises:
        AlreadySo: that person owns it already.
    """
    if to == order.owner:
        raise AlreadySo(order.number, Verb.HAND_OVER)
    facts = {"from": order.owner, "to": to} | ({"note": note} if note else {})
    return order.happened(Verb.HAND_OVER, at, by, facts, owner=to)


def reroute(order: WorkOrder, by: str, at: datetime, calendar: Calendar, *, role: Role) -> Event:
    """改派 to a role: open again without an owner; due moments stay, a met response stays met.

    A pause ends with it: nobody owns what was awaited any more.

    Raises:
        AlreadySo: the role has it already and nobody owns it.
    """
    if role is order.role and order.owner is None:
        raise AlreadySo(order.number, Verb.REROUTE)
    return order.happened(
        Verb.REROUTE,
        at,
        by,
        {"from": order.role, "to": role, "owner": order.owner},
        state=State.OPEN,
        role=role,
        owner=None,
        **_unpaused(order, at, calendar),
    )


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


def decline(order: WorkOrder, by: str, at: datetime, calendar: Calendar, *, reason: str) -> Event:
    """退回, with a reason: the response is met, the solution void, reported as 退回 and not as attained.

    Raises:
        Incomplete: no reason.
    """
    if not reason:
        raise Incomplete("reason")
    promises = tuple(p.end(at, "declined", calendar) for p in _meet(order, at, calendar, Part.RESPONSE))
    return order.happened(
        Verb.DECLINE, at, by, {"reason": reason}, state=State.DECLINED, promises=promises, **_AT_REST
    )


def cancel(order: WorkOrder, by: str, at: datetime, calendar: Calendar) -> Event:
    """撤回: unmet promises are void, breaches stand."""
    promises = tuple(p.end(at, "cancelled", calendar) for p in order.promises)
    return order.happened(Verb.CANCEL, at, by, state=State.CANCELLED, promises=promises, **_AT_REST)


def urge(order: WorkOrder, by: str, at: datetime) -> Event:
    """催单, once in five minutes; the facts count the times.

    Raises:
        TooSoon: it was urged less than five minutes ago.
    """
    if order.urged and at < (again := order.urged[-1] + URGE_EVERY):
        raise TooSoon(order.number, again)
    times = (*order.urged, at)
    return order.happened(Verb.URGE, at, by, {"times": len(times)}, urged=times)


def reopen(order: WorkOrder, by: str, at: datetime, calendar: Calendar, *, said: str = "") -> Event:
    """重开 within seven days: the solution goes on with what was left of it.

    One declined while it was parked was promised nothing yet: its whole solution starts now.
    ``facts["nothing_left"]`` says that it had already been missed, which is told to level 3 at once.
    """
    solution = order.promise(Part.SOLUTION)
    fresh = issue(order.kind, order.terms, order.generation, at, calendar)
    promised = order.promises or tuple(p for p in fresh if p.part is Part.SOLUTION)
    promises = tuple(p.go_on(at, calendar) if p is solution else p for p in promised)
    # Missed under an older generation, it was not issued again in this one.
    nothing_left = bool(solution.breached_at if solution else order.promises)
    return order.happened(
        Verb.REOPEN,
        at,
        by,
        {"said": said, "nothing_left": nothing_left},
        state=State.ACCEPTED if order.owner else State.OPEN,
        opened_at=order.opened_at or at,
        promises=promises,
        reopened=order.reopened + 1,
        close_at=None,
    )


def close(order: WorkOrder, by: str, at: datetime, *, note: str = "") -> Event:
    """关闭: by the reporter, or by the desk with a note."""
    return order.happened(Verb.CLOSE, at, by, {"note": note}, state=State.CLOSED, close_at=None)


def fall_silent(order: WorkOrder, at: datetime) -> Event:
    """关闭 by the clock: closed since silence ended, however late that is noticed."""
    return order.happened(
        Verb.CLOSE, at, None, {"note": ""}, state=State.CLOSED, state_at=order.close_at, close_at=None
    )


def assign(order: WorkOrder, by: str, at: datetime, *, partner: int, name: str) -> Event:
    """归属 to a partner: nothing else changes.

    Raises:
        AlreadySo: it is that partner's already.
    """
    if order.partner == partner:
        raise AlreadySo(order.number, Verb.ASSIGN)
    return order.happened(Verb.ASSIGN, at, by, {"partner": name}, partner=partner)


def explain(order: WorkOrder, by: str, at: datetime, *, reason: str) -> Event:
    """超时原因: why its promises were missed, in the desk's words; a later word replaces an earlier one.

    Raises:
        NothingMissed: none was.
        Incomplete: no reason.
    """
    if not any(p.breached_at for p in order.promises):
        raise NothingMissed(order.number)
    if not reason:
        raise Incomplete("reason")
    return order.happened(Verb.EXPLAIN, at, by, {"reason": reason})


def say(order: WorkOrder, by: str, at: datetime, *, said: str) -> Event:
    """The reporter added something about the order."""
    return order.happened(Verb.SAY, at, by, {"said": said})


def add(order: WorkOrder, by: str, at: datetime, *, said: str) -> Event:
    """The reporter goes on with what they had just begun to report: it becomes part of the problem."""
    return order.happened(Verb.SAY, at, by, {"said": said}, text=f"{order.text}\n{said}")


def attach(order: WorkOrder, by: str, at: datetime) -> Event:
    """Pictures or files came for the order; :func:`bringing` says which."""
    return order.happened(Verb.ATTACH, at, by)


def bringing(order: WorkOrder, event: Event, brought: Attached) -> Event:
    """The event that comes next on ``order``, with the attachments that its doer sent along."""
    if not brought:
        return event
    count = {"pictures": order.pictures + brought.pictures, "files": order.files + brought.files}
    facts = {**event.facts, "attachments": list(brought.ids)}
    return replace(event, facts=facts, change={**event.change, **count})


def detach(order: WorkOrder, at: datetime, *, attachment: int, sort: Sort, why: str) -> Event:
    """A picture or file that was said to come was refused or lost, whenever that turned out."""
    left = (
        {"pictures": max(order.pictures - 1, 0)} if sort == "picture" else {"files": max(order.files - 1, 0)}
    )
    return order.happened(Verb.DETACH, at, None, {"attachment": attachment, "sort": sort, "why": why}, **left)


#: What every finished order has in common: nothing reminds, nothing is awaited, nothing opens by itself.
_AT_REST: dict[str, None] = {"awaited": None, "remind_at": None, "parked_until": None}


def _meet(order: WorkOrder, at: datetime, calendar: Calendar, *parts: Part) -> tuple[Promise, ...]:
    return tuple(p.meet(at, calendar) if p.part in parts else p for p in order.promises)


def _unpaused(order: WorkOrder, at: datetime, calendar: Calendar) -> dict[str, object]:
    promises = tuple(p.go_on(at, calendar) if p.stopped_at else p for p in order.promises)
    return {"promises": promises, "awaited": None, "remind_at": None}


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
