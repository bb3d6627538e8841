"""What an order's promises ask for at a moment: breaches, whom to tell, when to look again.

:func:`decide` is pure and reads nothing but its arguments. It goes by the original due moments, so
that after an outage what is said is the highest level and one page, not the whole backlog.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from workorders.agreement.clauses import Ladder
from workorders.orders.order import State, WorkOrder
from workorders.orders.promise import Part, Promise

#: A promise is missed only after its due moment, so the first look that can see it is one tick later.
TICK = timedelta(microseconds=1)


@dataclass(frozen=True)
class Tell:
    """Something the ladder says now.

    Attributes:
        occasion: names the moment, unique within subject and generation (``response.level2``, ``page.7``).
        kind: ``new``, ``page``, ``breach`` or ``warn``; with ``part``, what is late or about to be.
        levels: who is told (1 一责, 2 二责, 3 客服负责人); empty means the order's owner.
    """

    occasion: str
    kind: str
    part: Part
    levels: tuple[int, ...]


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
    said = tuple(t for t in tells if t.kind != "breach" or max(t.levels) == highest)
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
    warn = _warning(order)
    if warn and now >= warn[1] and warn[0].occasion not in order.told:
        tells.append(warn[0])
    return tells, page


def _new_order(order: WorkOrder) -> tuple[Tell, datetime] | None:
    """Level 1 learns of a daily order when its clock starts; of an urgent one by its pages."""
    response = order.promise(Part.RESPONSE)
    if order.urgent or order.state is not State.OPEN or not (response and response.pending):
        return None
    return Tell("response.level1", "new", Part.RESPONSE, (1,)), response.starts


def _of_breach(order: WorkOrder, promise: Promise, index: int) -> Tell | None:
    """A missed response goes to level 2 (an urgent one is told by its pages), anything else to level 3."""
    match promise.part:
        case Part.RESPONSE:
            return None if order.urgent else Tell("response.level2", "breach", promise.part, (2,))
        case Part.SOLUTION:
            return Tell("solution.level3", "breach", promise.part, (3,))
        case Part.COMPLETION:
            # Several moments may be promised in one generation; each can be missed once.
            return Tell(f"completion{index}.level3", "breach", promise.part, (3,))


def _warning(order: WorkOrder) -> tuple[Tell, datetime] | None:
    """An urgent order's accepter is warned once before its solution is due."""
    solution = order.promise(Part.SOLUTION)
    if not (order.urgent and order.owner and solution and solution.running):
        return None
    at = solution.starts + order.terms.ladder.warn.timedelta
    return (Tell("solution.warn", "warn", Part.SOLUTION, ()), at) if at < solution.due else None


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
    if (warn := _warning(order)) and warn[0].occasion not in order.told:
        moments.append(warn[1])
    if order.state is State.PAUSED and order.remind_at:
        moments.append(order.remind_at)
    if order.state is State.SOLVED and order.close_at:
        moments.append(order.close_at)
    return min((m for m in moments if m > now), default=None)
