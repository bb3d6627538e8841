"""What holds of every calendar: the laws of the algebra, and agreement with a walk minute by minute."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workorders.agreement.worktime import Calendar, Span

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MINUTE = timedelta(minutes=1)
ZONES = ("Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Havana", "UTC")
# Around these the zones above change their clocks; Havana does so at midnight, Lord Howe by half an hour.
CHANGES = ("2026-03-08", "2026-03-29", "2026-04-05", "2026-10-04", "2026-10-25", "2026-11-01", "2026-12-31")


def text(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


@st.composite
def hours(draw: st.DrawFn, least: int = 0) -> list[str]:
    edges = sorted(draw(st.sets(st.integers(0, 1440), min_size=2 * least, max_size=6)))
    return [f"{text(a)}-{text(b)}" for a, b in zip(edges[::2], edges[1::2], strict=False)]


@dataclass(frozen=True)
class World:
    """A calendar, the tables it was read from, and a date near which its clocks may change."""

    tables: dict[str, Any]
    calendar: Calendar
    near: datetime

    def open_minutes(self, a: datetime, b: datetime) -> Iterator[datetime]:
        """The open minutes from a to b, found by looking at the wall clock each minute."""
        zone = ZoneInfo(self.tables["zone"])
        while a < b:
            wall = a.astimezone(zone)
            if self._reads_open(wall.date(), wall.hour * 60 + wall.minute):
                yield a
            a += MINUTE

    def _reads_open(self, day: date, minute: int) -> bool:
        key = day.isoformat()
        if key in self.tables["closed"]:
            return False
        own = self.tables["replaced"].get(key, self.tables["hours"].get(DAYS[day.weekday()], []))
        return _within(own, minute) and not _within(self.tables["breaks"].get(key, []), minute)


def _within(intervals: list[str], minute: int) -> bool:
    return any(a <= text(minute) < b for a, b in (interval.split("-") for interval in intervals))


@st.composite
def worlds(draw: st.DrawFn) -> World:
    near = date.fromisoformat(draw(st.sampled_from(CHANGES)))
    week = {day: draw(hours()) for day in draw(st.sets(st.sampled_from(DAYS)))}
    week[draw(st.sampled_from(DAYS))] = draw(hours(least=1))
    close_by = st.integers(-2, 3).map(lambda days: (near + timedelta(days=days)).isoformat())
    tables = {
        "zone": draw(st.sampled_from(ZONES)),
        "hours": week,
        "closed": sorted(draw(st.sets(close_by, max_size=1))),
        "replaced": draw(st.dictionaries(close_by, hours(), max_size=2)),
        "breaks": draw(st.dictionaries(close_by, hours(), max_size=2)),
    }
    return World(tables, Calendar.load(tables), datetime(near.year, near.month, near.day, tzinfo=UTC))


def moments(world: World, unit: timedelta = timedelta(microseconds=1)) -> st.SearchStrategy[datetime]:
    return st.integers(0, timedelta(days=4) // unit).map(lambda n: world.near - timedelta(days=1) + n * unit)


spans = st.one_of(
    st.integers(1, 10**6).map(lambda n: Span(seconds=n)),
    st.integers(1, 3000).map(lambda n: Span(seconds=60 * n)),
    st.integers(1, 60).map(lambda n: Span(seconds=3600 * n)),
)


@given(st.data(), worlds())
def test_time_between_is_what_a_walk_by_the_wall_clock_counts(data: st.DataObject, world: World) -> None:
    a, b = sorted(data.draw(moments(world, MINUTE)) for _ in range(2))

    assert world.calendar.between(a, b) == sum(1 for _ in world.open_minutes(a, b)) * MINUTE


@given(st.data(), worlds())
def test_open_and_next_opening_are_what_a_walk_by_the_wall_clock_finds(
    data: st.DataObject, world: World
) -> None:
    at = data.draw(moments(world, MINUTE))
    found = next(world.open_minutes(at, at + timedelta(days=5)), None)

    assert world.calendar.is_open(at) == (found == at)
    if found is not None:
        assert world.calendar.opening(at) == found


@given(st.data(), worlds(), st.integers(1, 600))
def test_a_span_ends_where_a_walk_by_the_wall_clock_ends(
    data: st.DataObject, world: World, minutes: int
) -> None:
    at = data.draw(moments(world, MINUTE))
    walked = list(world.open_minutes(at, at + timedelta(days=5)))

    if len(walked) >= minutes:
        assert world.calendar.add(at, Span(seconds=60 * minutes)) == walked[minutes - 1] + MINUTE


@given(st.data(), worlds(), spans)
def test_measuring_what_was_added_gives_the_span_back(data: st.DataObject, world: World, span: Span) -> None:
    at = data.draw(moments(world))

    assert world.calendar.between(at, world.calendar.add(at, span)) == span.timedelta


@given(st.data(), worlds(), spans)
def test_a_due_moment_lies_in_working_time_or_on_a_closing(
    data: st.DataObject, world: World, span: Span
) -> None:
    due = world.calendar.add(data.draw(moments(world)), span)

    assert world.calendar.is_open(due - timedelta(microseconds=1))


@given(st.data(), worlds(), spans, spans)
def test_later_or_longer_is_never_due_earlier(
    data: st.DataObject, world: World, span: Span, other: Span
) -> None:
    add = world.calendar.add
    early, late = sorted(data.draw(moments(world)) for _ in range(2))
    short, long = sorted((span, other), key=lambda s: s.timedelta)

    assert add(early, short) <= add(late, short)
    assert add(early, short) <= add(early, long)
    assert (add(early, short) < add(early, long)) == (short != long)


@given(st.data(), worlds())
def test_time_between_adds_up(data: st.DataObject, world: World) -> None:
    a, b, c = sorted(data.draw(moments(world)) for _ in range(3))
    between = world.calendar.between

    assert between(a, b) + between(b, c) == between(a, c)


@given(st.data(), worlds(), spans)
def test_a_pause_never_shortens_and_takes_out_its_own_working_time(
    data: st.DataObject, world: World, span: Span
) -> None:
    at, first, second, third, fourth = sorted(data.draw(moments(world)) for _ in range(5))
    pauses = [(first, second), (third, fourth)]

    due = world.calendar.add(at, span, pauses)

    assert due >= world.calendar.add(at, span)
    assert world.calendar.between(at, due, pauses) == span.timedelta


@given(st.data(), worlds(), st.integers(1, 30))
def test_working_days_end_at_a_closing_and_do_not_count_the_first(
    data: st.DataObject, world: World, days: int
) -> None:
    times = world.calendar
    at = data.draw(moments(world))
    first = times.local_day(at)
    last = times.working_days_after(first, days)

    counted = [first + timedelta(days=n) for n in range(1, (last - first).days + 1)]
    assert sum(times.is_working_day(day) for day in counted) == days
    assert times.add(at, Span(days=days)) == times.closing(last) > at
    assert times.working_days_before(last + timedelta(days=1), days + 1) <= first


UNITS = {"小时": timedelta(hours=1), "分钟": timedelta(minutes=1), "秒": timedelta(seconds=1)}


@given(st.data(), worlds(), st.integers(1, 2000))
def test_the_stretches_of_an_explanation_add_up_to_the_span(
    data: st.DataObject, world: World, minutes: int
) -> None:
    at, *edges = sorted(data.draw(moments(world, MINUTE)) for _ in range(5))

    why = world.calendar.why(at, Span(seconds=60 * minutes), [(edges[0], edges[1]), (edges[2], edges[3])])

    told = [re.findall(r"(\d+) (小时|分钟|秒)", line) for line in why if line.startswith("+")]
    added = sum((int(n) * UNITS[unit] for line in told for n, unit in line), timedelta(0))
    assert added == minutes * MINUTE or "……（中间从略）" in why


@pytest.mark.parametrize(
    ("zone", "day", "hours_open"),
    [
        ("Europe/Berlin", "2026-03-29", 23),
        ("Europe/Berlin", "2026-10-25", 25),
        ("America/New_York", "2026-03-08", 23),
        ("America/New_York", "2026-11-01", 25),
    ],
)
def test_a_day_of_a_clock_change_has_the_hours_that_really_pass(zone: str, day: str, hours_open: int) -> None:
    times = Calendar.load({"zone": zone, "hours": {"sun": ["00:00-24:00"]}})
    start = datetime.fromisoformat(day).replace(tzinfo=ZoneInfo(zone))

    end = times.add(start, Span(seconds=3600 * hours_open))

    assert times.local(end) == (start + timedelta(days=1)).replace(tzinfo=ZoneInfo(zone))
    assert times.between(start, end) == timedelta(hours=hours_open)


def test_a_shift_through_a_clock_change_counts_real_hours() -> None:
    times = Calendar.load({"zone": "Europe/Berlin", "hours": {"sun": ["01:00-05:00"]}})
    berlin = ZoneInfo("Europe/Berlin")

    assert times.between(
        datetime(2026, 3, 29, tzinfo=berlin), datetime(2026, 3, 30, tzinfo=berlin)
    ) == timedelta(hours=3)
    assert times.between(
        datetime(2026, 10, 25, tzinfo=berlin), datetime(2026, 10, 26, tzinfo=berlin)
    ) == timedelta(hours=5)


def test_years_between_are_summed_and_not_lost() -> None:
    times = Calendar.load({"zone": "UTC", "hours": {day: ["00:00-24:00"] for day in DAYS}})
    a, b = datetime(2020, 6, 1, 1, tzinfo=UTC), datetime(2150, 2, 3, 4, tzinfo=UTC)

    assert times.between(a, b) == b - a
    assert times.add(a, b - a) == b
