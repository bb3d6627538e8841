"""What each verb does to an order, as the event it makes. Pure: who may do it is the desk's to judge.

Every function takes the order, settled up to ``at``, and returns the event; ``at`` is the moment of
our record (aware UTC) and never before the order's last event. The rows of the life table are the
docstrings' authority. What issues promises anew is in ``generations.py``.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from workorders.agreement.worktime import Calendar
from workorders.attachments.attachment import Attached, Sort
from workorders.directory.people import Role
from workorders.errors import Incomplete
from workorders.orders.errors import AlreadySo, GivePlanInstead, NothingMissed, NotMissed, TooSoon
from workorders.orders.generations import NEW, issue
from workorders.orders.kinds import BY_DECLINE, BY_PLAN, PARTS, Kind, Part, Rejection
from workorders.orders.order import Event, Joined, State, Verb, WorkOrder
from workorders.orders.promise import Promise

#: An order may be urged once in this long; the third time it goes to level 2.
URGE_EVERY = timedelta(minutes=5)
#: Within this long a finished order is reopened; later a new, linked one is opened.
REOPEN_WITHIN = timedelta(days=7)


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
        told=_warned(order, at),
        promises=_meet(order, at, calendar, Part.RESPONSE),
    )


def propose(
    order: WorkOrder,
    by: str,
    at: datetime,
    calendar: Calendar,
    *,
    plan: str,
    completion: datetime,
    fee: str = "",
) -> Event:
    """给方案: response, solution and decision met; the completion moment promised is watched.

    The result of an onboarding and the reply to a complaint are not met by a plan.

    Args:
        fee: what an integration costs, in words; it must be said, were it 无费用.

    Raises:
        Incomplete: no plan, a completion moment that is not in the future, or no fee of an integration.
    """
    if not plan:
        raise Incomplete("plan")
    if completion <= at:
        raise Incomplete("moment", completion.isoformat())
    if order.kind is Kind.INTEGRATION and not fee:
        raise Incomplete("fee")
    kept = tuple(
        p.end(at, "replaced", calendar) if p.part is Part.COMPLETION and not p.breached_at else p
        for p in _meet(order, at, calendar, *BY_PLAN)
    )
    promised = Promise("completion", Part.COMPLETION, order.generation, at, completion, "wall", at)
    facts = {"plan": plan, "completion": completion.isoformat()}
    return order.happened(
        Verb.PROPOSE,
        at,
        by,
        {**facts, "fee": fee} if fee else facts,
        state=State.ACCEPTED if order.state is State.OPEN else order.state,
        owner=by if order.state is State.OPEN else order.owner,
        promises=(*kept, promised),
    )


def solve(
    order: WorkOrder, by: str, at: datetime, calendar: Calendar, *, note: str = "", improvement: str = ""
) -> Event:
    """解决: all met, all clocks stop; one working day of silence will close it. Of an onboarding it is 通过.

    Args:
        note: what was done; of a complaint its result.
        improvement: of a complaint, what will be done better.

    Raises:
        Incomplete: a complaint without a result, or without an improvement.
    """
    facts = {"note": note}
    if order.kind is Kind.COMPLAINT:
        if not note:
            raise Incomplete("result")
        if not improvement:
            raise Incomplete("improvement")
        facts["improvement"] = improvement
    return order.happened(
        Verb.SOLVE,
        at,
        by,
        facts,
        state=State.SOLVED,
        owner=by if order.state is State.OPEN else order.owner,
        promises=_meet(order, at, calendar, *Part),
        awaited=None,
        remind_at=None,
        close_at=calendar.end_of_nth_working_day(at, 1),
    )


def pause(order: WorkOrder, by: str, at: datetime, calendar: Calendar, *, awaited: str) -> Event:
    """挂起: clocks that may be paused stop while something is awaited. Not urgent: give a plan instead.

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
        promises=tuple(p.stop(at, calendar) if _pausable(order, p) else p for p in order.promises),
    )


def resume(order: WorkOrder, by: str, at: datetime, calendar: Calendar, *, said: str = "") -> Event:
    """恢复: what was stopped goes on with what was left."""
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
    told = order.told if order.owner else _warned(order, at)
    return order.happened(Verb.HAND_OVER, at, by, facts, owner=to, told=told)


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


def decline(
    order: WorkOrder, by: str, at: datetime, calendar: Calendar, *, reason: str, code: Rejection | None = None
) -> Event:
    """退回, with a reason. Of an integration or an onboarding (驳回) it is the answer.

    The response is met; any other kind's answer is void, reported as 退回 and not as attained.

    Args:
        reason: why, and for an onboarding how to mend it; there the code alone may say it.
        code: what an onboarding was rejected for.

    Raises:
        Incomplete: no reason, or no code of an onboarding.
    """
    facts = {"reason": reason}
    if order.kind is Kind.ONBOARDING:
        if code is None:
            raise Incomplete("code", reason)
        facts["code"] = code
    if not reason and code in (None, Rejection.OTHER):
        raise Incomplete("reason")
    promises = tuple(p.end(at, "declined", calendar) for p in _meet(order, at, calendar, *BY_DECLINE))
    return order.happened(Verb.DECLINE, at, by, facts, state=State.DECLINED, promises=promises, **_AT_REST)


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
    """重开 within seven days: the answer goes on with what was left of it.

    One declined while it was parked was promised nothing yet: its whole answer starts now.
    ``facts["nothing_left"]`` says that it had already been missed, which is told to level 3 at once.
    """
    answer, part = order.answer, PARTS[order.kind][-1]
    if answer and not _owed_by(order.kind, answer):
        answer = None
    fresh = issue(order.kind, order.terms, order.generation, at, calendar)
    promised = order.promises or tuple(p for p in fresh if p.part is part)
    promises = tuple(p.go_on(at, calendar) if p is answer else p for p in promised)
    # Missed under an older generation, it was not issued again in this one.
    missed = (
        (answer,) if answer else (p for p in order.promises if p.part is part and _owed_by(order.kind, p))
    )
    nothing_left = any(p.breached_at for p in missed)
    return order.happened(
        Verb.REOPEN,
        at,
        by,
        {"said": said, "nothing_left": nothing_left},
        state=State.ACCEPTED if order.owner else State.OPEN,
        opened_at=order.opened_at or at,
        promises=promises,
        reopened=order.reopened + 1,
        # Level 1 of one that nobody owns is told of the reopening itself.
        told=tuple(dict.fromkeys((*order.told, NEW))),
        close_at=None,
    )


def _owed_by(kind: Kind, promise: Promise) -> bool:
    """Whether that kind owes it: daily and urgent are one fault, and what one promised binds the other."""
    kinds = (Kind.DAILY, Kind.URGENT) if kind in (Kind.DAILY, Kind.URGENT) else (kind,)
    return promise.clause in [f"{k}.{promise.part}" for k in kinds]


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


def merge(order: WorkOrder, by: str, at: datetime, calendar: Calendar, *, into: int) -> Event:
    """并入 another order: unmet promises are void."""
    promises = tuple(p.end(at, "merged", calendar) for p in order.promises)
    return order.happened(
        Verb.MERGE,
        at,
        by,
        {"into": into},
        state=State.MERGED,
        merged_into=into,
        promises=promises,
        **_AT_REST,
    )


def join(order: WorkOrder, by: str, at: datetime, *, merged: WorkOrder) -> Event:
    """The other side of a merge: the merged order's reporters join this one's."""
    joined = (Joined(merged.reporter, merged.chat), *merged.also)
    also = tuple(dict.fromkeys((*order.also, *joined)))
    return order.happened(Verb.JOIN, at, by, {"from": merged.number}, also=also)


def expedite(order: WorkOrder, by: str, at: datetime) -> Event:
    """加急: its reporter asks for it to be done first; clocks do not change.

    Raises:
        AlreadySo: that was asked for before.
    """
    if order.expedited_at:
        raise AlreadySo(order.number, Verb.EXPEDITE)
    return order.happened(Verb.EXPEDITE, at, by, expedited_at=at)


def suspend(order: WorkOrder, by: str, at: datetime, *, reason: str = "") -> Event:
    """提出暂停服务: the complainant may, once the reply is overdue (clause ``complaint.reply``).

    Raises:
        NotMissed: the reply is not overdue.
        AlreadySo: it was proposed before.
    """
    if not any(p.part is Part.REPLY and p.breached_at for p in order.promises):
        raise NotMissed(order.number, order.answer.due if order.answer else None)
    if order.suspension_at:
        raise AlreadySo(order.number, Verb.SUSPEND)
    return order.happened(Verb.SUSPEND, at, by, {"reason": reason}, suspension_at=at)


def message(order: WorkOrder, by: str, at: datetime, *, said: str) -> Event:
    """留言: the desk's words to the reporter; nothing else changes.

    Raises:
        Incomplete: no words.
    """
    if not said:
        raise Incomplete("text")
    return order.happened(Verb.MESSAGE, at, by, {"said": said})


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


def _pausable(order: WorkOrder, promise: Promise) -> bool:
    clause = order.terms.clause(promise.clause)
    return clause is not None and clause.pausable


def _warned(order: WorkOrder, at: datetime) -> tuple[str, ...]:
    """What was told, and the warnings whoever takes the order now comes too late for."""
    answer = order.answer
    passed = (f"warn.{n}" for n, moment in (answer.warns if answer else ()) if moment <= at)
    return tuple(dict.fromkeys((*order.told, *passed)))


def _meet(order: WorkOrder, at: datetime, calendar: Calendar, *parts: Part) -> tuple[Promise, ...]:
    return tuple(p.meet(at, calendar) if p.part in parts else p for p in order.promises)


def _unpaused(order: WorkOrder, at: datetime, calendar: Calendar) -> dict[str, object]:
    promises = tuple(p.go_on(at, calendar) if p.stopped_at else p for p in order.promises)
    return {"promises": promises, "awaited": None, "remind_at": None}
