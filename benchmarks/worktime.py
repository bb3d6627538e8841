"""Working time, beside the two libraries that count it: businesstimedelta and business-duration.

All three hold the same calendar (Monday to Friday 09:00–18:00 in Shanghai, the weekday holidays of 2026
closed; neither library knows make-up days, so nobody gets them) and answer the same questions, equal to the
second before anything is timed. Ours looks the answer up in a table of the year, built at the first question;
that takes some milliseconds once and is not counted.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock
from zoneinfo import ZoneInfo

import pytz
from business_duration import businessDuration
from businesstimedelta import BusinessTimeDelta, HolidayRule, Rules, WorkDayRule

from benchmarks.figure import Benchmark, Figure
from workorders.agreement.worktime import Calendar

_ZONE = "Asia/Shanghai"
_QUESTIONS = 200
_ROUNDS = 5
_CLOSED = [
    date(2026, month, day)
    for month, days in (
        (1, (1, 2)),
        (2, (16, 17, 18, 19, 20, 23)),
        (4, (6,)),
        (5, (1, 4, 5)),
        (6, (19,)),
        (9, (25,)),
        (10, (1, 2, 5, 6, 7)),
    )
    for day in days
]


def _calendar() -> Calendar:
    week = {day: ["09:00-18:00"] for day in ("mon", "tue", "wed", "thu", "fri")}
    return Calendar.load({"zone": _ZONE, "hours": week, "closed": [day.isoformat() for day in _CLOSED]})


def _rules() -> Rules:
    zone = pytz.timezone(_ZONE)
    # It looks for the next holiday from every moment and breaks where there is none, hence one more.
    days_off = HolidayRule({*_CLOSED, date(2027, 1, 1)}, tz=zone)
    return Rules([WorkDayRule(clock(9), clock(18), [0, 1, 2, 3, 4], tz=zone), days_off])


def _moments(calendar: Calendar) -> list[datetime]:
    """Whole seconds inside working time, spread over ten months by a fixed seed."""
    chance = random.Random(2026)
    first = datetime(2026, 1, 5, tzinfo=UTC)
    found: list[datetime] = []
    while len(found) < _QUESTIONS:
        at = first + timedelta(seconds=chance.randrange(300 * 86400))
        if calendar.is_open(at):
            found.append(at)
    return found


def _microseconds(ask: Callable[[int], object]) -> float:
    """The best round's time of one question, after one round that is not counted."""
    best = float("inf")
    for _ in range(_ROUNDS + 1):
        began = time.perf_counter()
        for i in range(_QUESTIONS):
            ask(i)
        best = min(best, time.perf_counter() - began)
    return best / _QUESTIONS * 1e6


def _equal(ours: Sequence[object], theirs: Sequence[object], name: str) -> None:
    if list(ours) != list(theirs):
        raise RuntimeError(f"{name} answers otherwise, so nothing is compared")


def worktime_add() -> Figure:
    """When a promise of five minutes to five days of working time is due."""
    calendar, rules = _calendar(), _rules()
    starts = _moments(calendar)
    chance = random.Random(5)
    spans = [timedelta(minutes=chance.choice((5, 20, 60, 540, 2700))) for _ in starts]
    theirs = [BusinessTimeDelta(rules, timedelta=span) for span in spans]
    _equal(
        [calendar.add(at, span) for at, span in zip(starts, spans, strict=True)],
        [at + span for at, span in zip(starts, theirs, strict=True)],
        "businesstimedelta",
    )
    return Figure(
        ours=_microseconds(lambda i: calendar.add(starts[i], spans[i])),
        theirs=_microseconds(lambda i: starts[i] + theirs[i]),
        unit="us/call",
        better="lower",
        what=f"end of a span of 5 min to 5 days of working time, {_QUESTIONS} of them over 2026, same "
        "calendar and answers; theirs is businesstimedelta (business-duration only measures)",
    )


def worktime_between() -> Figure:
    """How much working time lies between two moments up to ten months apart."""
    calendar, rules = _calendar(), _rules()
    moments = _moments(calendar)
    pairs = [(min(a, b), max(a, b)) for a, b in zip(moments, moments[1:] + moments[:1], strict=True)]
    zone = ZoneInfo(_ZONE)
    # It knows no zones, so it is given local times.
    local = [tuple(at.astimezone(zone).replace(tzinfo=None) for at in pair) for pair in pairs]
    closed = set(_CLOSED)

    def duration(i: int) -> float:
        return float(businessDuration(*local[i], clock(9), clock(18), [5, 6], closed, "sec"))

    ours = [calendar.between(a, b) for a, b in pairs]
    _equal(ours, [rules.difference(a, b).timedelta for a, b in pairs], "businesstimedelta")
    _equal(
        [span.total_seconds() for span in ours], [duration(i) for i in range(_QUESTIONS)], "business-duration"
    )
    peers = {
        "businesstimedelta": _microseconds(lambda i: rules.difference(*pairs[i])),
        "business-duration": _microseconds(duration),
    }
    (near, best), (far, other) = sorted(peers.items(), key=lambda peer: peer[1])
    return Figure(
        ours=_microseconds(lambda i: calendar.between(*pairs[i])),
        theirs=best,
        unit="us/call",
        better="lower",
        what=f"working time between two moments of 2026, {_QUESTIONS} pairs days to months apart, same "
        f"calendar and answers; theirs is {near}, {far} needs {other:,.0f} us",
    )


FIGURES: dict[str, Benchmark] = {"worktime_add": worktime_add, "worktime_between": worktime_between}
