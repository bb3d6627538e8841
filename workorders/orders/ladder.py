"""What an order's promises ask for at a moment: breaches, whom to tell, when to look again.

:func:`decide` is pure and reads nothing but its arguments. It goes by the original due moments, so
that after an outage what is said is the highest level and one page, not the whole backlog.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from workorders.agreement.clauses import Ladder
from workorders.orders.generations import NEW
from workorders.orders.kinds import PARTS, Part
from workorders.orders.order import State, WorkOrder
from workorders.orders.promise import Promise

#: A promise is missed only after its due moment, so the first look that can see it is one tick later.
TICK = timedelta(microseconds=1)


@dataclass(frozen=True)
class Tell:
    """Something the ladder says now.

    Attributes:
        occasion: names the moment, unique within subject and generation (``response.level2``, ``page.7``).
        kind: ``new``, ``backfilled``, ``page``, ``breach`` or ``warn``; with ``part``, what is late.
        levels: who is told (1 一责, 2 二责, 3 客服负责人); empty means the order's owner.
        spent: hundredths of the working time that a warning says have passed.
    """

    occasion: str
    kind: str
    part: Part
    levels: tuple[int, ...]
    spent: int | None = None


@dataclass(frozen=True)
class Verdict:
    """What must be recorded and said at a moment.

    Attributes:
        opens: the opening a parked order has reached.
        breached: indexes into ``order.promises`` of those missed, each at its own due moment.
        tells: what the ladder says; ``page`` is the minute of the page among them.
        quiet: occasions that came due but are outranked by one in ``tells``; told is told.
        reminds: a paused order's working-day reminder is due.
        closes: silence has closed a solved order.
        look_at: the earliest moment anything else could change, None when never.
    """

    opens: datetime | None = None
    breached: tuple[int, ...] = ()
    tells: tuple[Tell, ...] = ()
    quiet: tuple[str, ...] = ()
    page: int | None = None
    reminds: bool = False
    closes: bool = False
    look_at: datetime | None = None

    @property
    def empty(self) -> bool:
        return not (self.opens or self.breached or self.tells or self.quiet or self.reminds or self.closes)


def decide(order: WorkOrder, now: datetime) -> Verdict:
    """Say what the order asks for at this moment (aware UTC).

    A pause stops what lies after it; what was already late when it began stays late.
    """
    if order.state is State.PARKED:
        assert order.parked_until is not None
        if now >= order.parked_until:
            return Verdict(opens=order.parked_until, look_at=now)
        return Verdict(look_at=order.parked_until)

    breached = tuple(i for i, p in enumerate(order.promises) if p.missed(now))
    tells, page = _tells(order, now, breached)
    highest = max((max(t.levels, default=0) for t in tells if t.kind == "breach"), default=0)
    latest = max((t.spent or 0 for t in tells), default=0)
    said = tuple(
        t for t in tells if (t.kind != "breach" or max(t.levels) == highest) and (t.spent or latest) == latest
    )
    return Verdict(
        breached=breached,
        tells=said,
        quiet=tuple(t.occasion for t in tells if t not in said),
        page=page,
        reminds=order.state is State.PAUSED and order.remind_at is not None and now >= order.remind_at,
        closes=order.state is State.SOLVED and order.close_at is not None and now >= order.close_at,
        look_at=_next_look(order, now),
    )


def _tells(order: WorkOrder, now: datetime, breached: tuple[int, ...]) -> tuple[list[Tell], int | None]:
    tells: list[Tell] = []
    if (new := _new_order(order)) and now >= new[1] and new[0].occasion not in order.told:
        tells.append(new[0])
    page = page_due(order, now)
    if page is not None:
        tells.append(Tell(f"page.{page}", "page", Part.RESPONSE, levels_at(order.terms.ladder, page)))
    for i, promise in enumerate(order.promises):
        if not (i in breached or (promise.breached_at and promise.generation == order.generation)):
            # Of an older generation only a completion moment can still be missed, and is told as it is.
            continue
        tell = _of_breach(order, promise, i)
        if tell and tell.occasion not in order.told:
            tells.append(tell)
    tells += [warn for warn, at in _warnings(order) if now >= at and warn.occasion not in order.told]
    return tells, page


def _new_order(order: WorkOrder) -> tuple[Tell, datetime] | None:
    """Level 1 learns of an order when its clock starts; of an urgent one by its pages.

    One that was overdue already when it was filed is told to level 1 and 客服负责人 at once.
    """
    if order.state is not State.OPEN or order.opened_at is None:
        return None
    first = next((p for part in PARTS[order.kind] if (p := order.promise(part))), None)
    part = first.part if first else PARTS[order.kind][0]
    if order.backfilled and order.generation == 1:
        return Tell("backfilled", "backfilled", part, (1, 3)), order.state_at
    if order.urgent or (first and not first.pending and not order.taken_by):
        return None
    return Tell(NEW, "new", part, (1,)), first.starts if first else order.opened_at


def _of_breach(order: WorkOrder, promise: Promise, index: int) -> Tell | None:
    """To the level its clause names; an urgent response is told by its pages.

    Of an order overdue already when it was filed, what was promised then is told no more.
    """
    part = promise.part
    if part is Part.COMPLETION:
        # Several moments may be promised in one generation; each can be missed once.
        return Tell(f"completion{index}.level3", "breach", part, (3,))
    clause = order.terms.clause(promise.clause)
    if clause is None or clause.level is None or (order.urgent and part is Part.RESPONSE):
        return None
    if order.backfilled and promise.generation == 1:
        return None
    return Tell(f"{part}.level{clause.level}", "breach", part, (clause.level,))


def _warnings(order: WorkOrder) -> list[tuple[Tell, datetime]]:
    """Whoever has accepted an order is warned before its answer is due.

    Of an urgent one once, by its ladder; else at half and at four fifths of its working time.
    """
    answer = order.answer
    if not (order.owner and answer and answer.running):
        return []
    if order.urgent:
        at = answer.starts + order.terms.ladder.warn.timedelta
        return [(Tell("solution.warn", "warn", answer.part, ()), at)] if at < answer.due else []
    return [(Tell(f"warn.{n}", "warn", answer.part, (), spent=n), at) for n, at in answer.warns]


def levels_at(ladder: Ladder, minute: int) -> tuple[int, ...]:
    """The levels a page of that minute goes to: the level reached and those below it."""
    reached = timedelta(minutes=minute)
    return (1, *(2,) * (reached >= ladder.level2.timedelta), *(3,) * (reached >= ladder.level3.timedelta))


def page_due(order: WorkOrder, now: datetime) -> int | None:
    """The minute of the page to be said now, None when the last one due was said already.

    An urgent order is paged for as long as nobody owns it, each minute for twenty minutes and then
    every five, numbered from the urgent promise's start (clause ``urgent.response``).
    """
    if order.paged_from is None or order.state is not State.OPEN or now < order.paged_from:
        return None
    minute = _page_minutes(order.terms.ladder, now - order.paged_from)
    return minute if minute > order.paged else None


def _page_minutes(ladder: Ladder, elapsed: timedelta) -> int:
    """The minute of the last page due by then."""
    return _last_page(ladder, elapsed) // timedelta(minutes=1)


def _last_page(ladder: Ladder, elapsed: timedelta) -> timedelta:
    every, until, then = (s.timedelta for s in (ladder.page_every, ladder.page_for, ladder.page_then))
    return elapsed // every * every if elapsed < until else until + (elapsed - until) // then * then


def _next_look(order: WorkOrder, now: datetime) -> datetime | None:
    """The earliest moment after ``now`` at which a verdict could say something new."""
    moments = [p.due + TICK for p in order.promises if p.running]
    if order.paged_from is not None and order.state is State.OPEN:
        ladder = order.terms.ladder
        until = ladder.page_for.timedelta
        last = _last_page(ladder, max(now - order.paged_from, timedelta(0)))
        following = (
            min(last + ladder.page_every.timedelta, until)
            if last < until
            else last + ladder.page_then.timedelta
        )
        moments.append(order.paged_from + following)
    if (new := _new_order(order)) and new[0].occasion not in order.told:
        moments.append(new[1])
    moments += [at for warn, at in _warnings(order) if warn.occasion not in order.told]
    if order.state is State.PAUSED and order.remind_at:
        moments.append(order.remind_at)
    if order.state is State.SOLVED and order.close_at:
        moments.append(order.close_at)
    return min((m for m in moments if m > now), default=None)
