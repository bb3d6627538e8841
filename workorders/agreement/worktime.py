"""Working time as a small algebra: spans, a calendar, how long between and when after.

The agreement promises spans of working time (``5m`` from the opening) and of working days (``3d``, counted as
the Civil Code counts days, arts. 201 and 203). This module answers when they end. It is the only one
below the edge that knows local time: every moment given and returned is aware, every one returned is UTC.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from workorders.agreement import explain
from workorders.agreement.calendar_file import CalendarFile, Hours, parse_calendar, read_toml
from workorders.agreement.holidays import ChineseHolidays
from workorders.agreement.span import Span
from workorders.agreement.years import Year, build_year
from workorders.errors import FileError

__all__ = ["DEFAULT_ZONE", "Calendar", "Pauses", "Span"]

DEFAULT_ZONE = "Asia/Shanghai"

Pauses = Sequence[tuple[datetime, datetime]]
"""Stretches during which a clock stood still, as (from, to) in order of their beginning."""

_ZERO = timedelta(0)
_FAR = 400
"""Years a span or a stretch may reach: far beyond any promise, near enough to answer at once."""
_KEPT = 128
"""Years of opening hours a calendar remembers."""


@dataclass(frozen=True, eq=False)
class Calendar:
    """When business is open, and how time counts while it is.

    Every method takes aware moments in any zone and raises ValueError for a naive one, or for an answer that
    lies more than 400 years away.

    Attributes:
        zone: where the wall clock hangs.
        rules: hours, days off, dates with hours of their own, breaks.
        holidays: China's public holidays and make-up days, None where they do not apply.
    """

    zone: ZoneInfo
    rules: CalendarFile
    holidays: ChineseHolidays | None
    _years: dict[int, Year] = field(default_factory=dict, init=False, repr=False)

    @classmethod
    def load(
        cls,
        source: Mapping[str, Any] | Path,
        corrections: Mapping[str, Any] | Path | None = None,
        *,
        where: str = "calendar",
    ) -> Calendar:
        """Read a calendar.

        Args:
            source: a TOML file, or its tables (the agreement's ``[calendar]``).
            corrections: the operator's file of corrections and new years (``HOLIDAYS_PATH``), or its tables.
            where: what to call ``source`` in an error when it is given as tables.

        Raises:
            FileError: unreadable, unknown key, bad value, or no working time at all.
        """
        where = str(source) if isinstance(source, Path) else where
        rules = parse_calendar(read_toml(source) if isinstance(source, Path) else source, where)
        zone = rules.zone or ZoneInfo(DEFAULT_ZONE)
        rules = replace(rules, zone=zone, china=bool(rules.china))
        if corrections is not None:
            place = str(corrections) if isinstance(corrections, Path) else "holidays"
            raw = read_toml(corrections) if isinstance(corrections, Path) else corrections
            rules = rules.under(parse_calendar(raw, place), place)
        return cls._of(rules, where)

    def under(self, corrections: CalendarFile, where: str) -> Calendar:
        """This calendar with corrections and new years laid over it.

        Args:
            where: what to call the corrections in an error.

        Raises:
            FileError: they contradict its zone, hours or ``china``, or leave no working time.
        """
        return self._of(self.rules.under(corrections, where), where)

    @classmethod
    def _of(cls, rules: CalendarFile, where: str) -> Calendar:
        calendar = cls(
            zone=rules.zone or ZoneInfo(DEFAULT_ZONE),
            rules=rules,
            holidays=ChineseHolidays(rules.closed) if rules.china else None,
        )
        if not any(rules.hours or ()) and not any(calendar.hours_of(day) for day in rules.replaced):
            raise FileError(
                f"{where}: hours", "there is no working time at all", 'mon = ["09:00-18:00"] and so on'
            )
        return calendar

    # Days

    def hours_of(self, day: date) -> Hours:
        """The hours of one local day, in minutes from midnight: what is left once breaks are taken out.

        Precedence: closed, replaced, holiday, make-up day, weekday; then breaks.
        """
        rules = self.rules
        week = rules.hours or ((),) * 7
        if day in rules.closed:
            return ()
        if day in rules.replaced:
            hours = rules.replaced[day]
        elif self.holidays is not None and self.holidays.is_off(day):
            return ()
        elif self.holidays is not None and self.holidays.is_makeup(day):
            hours = week[0] if rules.makeup is None else rules.makeup
        else:
            hours = week[day.weekday()]
        return _less(hours, rules.breaks[day]) if day in rules.breaks else hours

    def is_working_day(self, day: date) -> bool:
        """Whether the local day has any working time."""
        year = self._year(day.year)
        i = bisect_left(year.days, day)
        return i < len(year.days) and year.days[i] == day

    def is_makeup_day(self, day: date) -> bool:
        """Whether the day is worked although its weekday rests (调休上班)."""
        week = self.rules.hours or ((),) * 7
        return self.is_working_day(day) and not week[day.weekday()]

    def rest_name(self, day: date) -> str | None:
        """The Chinese name of the holiday a day belongs to, None for one without a name."""
        return self.holidays.name(day) if self.holidays is not None else None

    def local_day(self, at: datetime) -> date:
        """The day the wall clock shows at a moment."""
        return self.local(at).date()

    def local(self, at: datetime) -> datetime:
        """The moment in the calendar's own zone, for people and for ISO answers."""
        return _utc(at).astimezone(self.zone)

    def moment(self, day: date, minutes: int) -> datetime:
        """The moment (UTC) so many minutes after local midnight by the wall clock; 1440 is the day's end."""
        day, minutes = day + timedelta(days=minutes // 1440), minutes % 1440
        wall = datetime(day.year, day.month, day.day, minutes // 60, minutes % 60, tzinfo=self.zone)
        return wall.astimezone(UTC)

    def closing(self, day: date) -> datetime:
        """When business closes on a local day (UTC); on a day of rest, when it usually would."""
        year = self._year(day.year)
        i = bisect_left(year.days, day)
        if i < len(year.days) and year.days[i] == day:
            return year.closings[i]
        usual = [hours[-1][1] for hours in self.rules.hours or () if hours]
        return self.moment(day, max(usual, default=1440))

    def working_days_after(self, day: date, n: int) -> date:
        """The nth working day after a day, which itself is not counted (n from 1)."""
        year = self._year(day.year)
        i = bisect_right(year.days, day) + n - 1
        while i >= len(year.days):
            i -= len(year.days)
            year = self._next(year, day.year)
        return year.days[i]

    def working_days_before(self, day: date, n: int) -> date:
        """The nth working day before a day, which itself is not counted (n from 1)."""
        number, year = day.year, self._year(day.year)
        i = bisect_left(year.days, day) - n
        while i < 0:
            number -= 1
            if day.year - number > _FAR:
                raise ValueError(f"{n} working days before {day} lie more than {_FAR} years back")
            year = self._year(number)
            i += len(year.days)
        return year.days[i]

    def end_of_nth_working_day(self, at: datetime, n: int) -> datetime:
        """When a span of n working days ends: the first day is not counted, business closes on the last."""
        return self.closing(self.working_days_after(self.local_day(at), n))

    # Time

    def is_open(self, at: datetime) -> bool:
        """Whether the moment lies in working time; a closing time does not."""
        at = _utc(at)
        year = self._year_at(at)
        i = bisect_right(year.starts, at) - 1
        return i >= 0 and at < year.ends[i]

    def opening(self, at: datetime) -> datetime:
        """The moment itself where business is open, else the next opening."""
        at = _utc(at)
        year = self._year_at(at)
        i = bisect_right(year.ends, at)
        while i >= len(year.starts):
            year, i = self._next(year, at.year), 0
        return max(at, year.starts[i])

    def add(self, at: datetime, span: Span | timedelta, pauses: Pauses = ()) -> datetime:
        """When a span that begins at a moment ends.

        A stretch passes in working time only, so outside hours it begins at the next opening; one that is
        used up exactly at closing time ends there. A stretch does not pass during a pause either. Working
        days end as in :meth:`end_of_nth_working_day`, and a pause does not move them.

        Args:
            at: aware moment.
            span: a span, or what is left of one (more than nothing).
            pauses: stretches to leave out.

        Raises:
            ValueError: a naive moment, a stretch of nothing, an end more than 400 years away.
        """
        if isinstance(span, Span):
            if span.days is not None:
                return self.end_of_nth_working_day(at, span.days)
            left = timedelta(seconds=span.seconds or 0)
        else:
            left = span
        if left <= _ZERO:
            raise ValueError("a stretch of nothing is not a span")
        at = _utc(at)
        for since, until in pauses:
            used = self.between(at, since)
            if used >= left:
                break
            left -= used
            at = max(at, _utc(until))
        year = self._year_at(at)
        left += year.worked(at)
        while left > year.total:
            left -= year.total
            year = self._next(year, at.year)
        return year.reached(left)

    def between(self, a: datetime, b: datetime, pauses: Pauses = ()) -> timedelta:
        """Working time from one moment to another, none when they are reversed; pauses are left out."""
        a, b = _utc(a), _utc(b)
        if b <= a:
            return _ZERO
        if pauses:
            worked = _ZERO
            for since, until in pauses:
                worked += self.between(a, min(_utc(since), b))
                a = max(a, _utc(until))
            return worked + self.between(a, b)
        year, end = self._year_at(a), self._year_at(b)
        if year.number == end.number:
            return year.worked(b) - year.worked(a)
        worked = year.total - year.worked(a)
        while (year := self._next(year, a.year)).number < end.number:
            worked += year.total
        return worked + end.worked(b)

    def intervals(self, a: datetime, b: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The open intervals between two moments, cut to them, in order (UTC)."""
        a, b = _utc(a), _utc(b)
        year = self._year_at(a)
        i = bisect_right(year.ends, a)
        while a < b:
            while i < len(year.starts):
                if year.starts[i] >= b:
                    return
                yield max(a, year.starts[i]), min(b, year.ends[i])
                i += 1
            if year.last >= b:
                return
            year, i = self._next(year, a.year), 0

    # Words and watchfulness

    def why(self, at: datetime, span: Span | timedelta, pauses: Pauses = ()) -> tuple[str, ...]:
        """How :meth:`add` comes to its answer, in Chinese, a line for each stretch and each rest."""
        return explain.lines(self, at, span, pauses)

    @property
    def hours_text(self) -> str:
        """The usual hours in Chinese: ``工作日 09:00–18:00``."""
        return explain.hours(self.rules.hours or ())

    def provisional(self, year: int) -> bool:
        """Whether nobody has published the year's holidays yet, so that only its statutory days are known."""
        return self.holidays is not None and self.holidays.provisional(year)

    def provisional_years(self, now: datetime) -> tuple[int, ...]:
        """The provisional ones among this year and, from 1 November, the next (local years)."""
        today = self.local_day(now)
        years = (today.year, today.year + 1) if today.month >= 11 else (today.year,)
        return tuple(year for year in years if self.provisional(year))

    @cached_property
    def fingerprint(self) -> str:
        """Sixteen hex digits that change whenever the calendar's content does, by file or by release."""
        rules = self.rules
        content = (
            self.zone.key,
            rules.hours,
            rules.makeup,
            sorted(rules.closed),
            sorted(rules.replaced.items()),
            sorted(rules.breaks.items()),
            self.holidays and self.holidays.edition,
        )
        return hashlib.sha256(repr(content).encode()).hexdigest()[:16]

    # Years

    def _year(self, number: int) -> Year:
        year = self._years.get(number)
        if year is None:
            if not 1 < number < 9999:
                raise ValueError(f"year {number} is beyond any calendar")
            year = build_year(number, self.zone, self.hours_of)
            if len(self._years) >= _KEPT:
                self._years.clear()
            self._years[number] = year
        return year

    def _year_at(self, at: datetime) -> Year:
        year = self._years.get(at.year) or self._year(at.year)
        if at < year.first:
            return self._year(at.year - 1)
        return year if at < year.last else self._year(at.year + 1)

    def _next(self, year: Year, origin: int) -> Year:
        if year.number - origin >= _FAR:
            raise ValueError(f"there is not enough working time within {_FAR} years of {origin}")
        return self._year(year.number + 1)


def _utc(at: datetime) -> datetime:
    if at.tzinfo is UTC:
        return at
    if at.utcoffset() is None:
        raise ValueError(f"{at} has no time zone")
    try:
        return at.astimezone(UTC)
    except OverflowError:
        raise ValueError(f"{at} is beyond any calendar") from None


def _less(hours: Hours, breaks: Hours) -> Hours:
    """``hours`` with the breaks taken out."""
    for start, end in breaks:
        hours = tuple(
            part
            for h0, h1 in hours
            for part in ((h0, min(h1, start)), (max(h0, end), h1))
            if part[0] < part[1]
        )
    return hours
