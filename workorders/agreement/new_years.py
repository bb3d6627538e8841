"""Holidays imported while the desk runs: what a calendar file says of its years takes the place of what was
imported of them before, under the agreement's own calendar."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from workorders.agreement.calendar_file import CalendarFile, Hours, interval_text, parse_calendar
from workorders.agreement.worktime import Calendar
from workorders.errors import FileError

#: Years one file may speak of: an announcement is of one, a correction of a few.
_MOST_YEARS = 5
#: Beyond these a year is a slip of the pen.
_FIRST, _LAST = 2000, 2199


@dataclass(frozen=True)
class NewYears:
    """What one import says.

    Attributes:
        years: the local years it speaks of, in order; whatever was imported of them before is gone.
        dates: its days off, dates with hours of their own and breaks.
    """

    years: tuple[int, ...]
    dates: CalendarFile

    @classmethod
    def read(cls, raw: Mapping[str, Any], where: str, files: Calendar) -> NewYears:
        """Judge the tables of a calendar file.

        Args:
            where: what to call the file in an error.
            files: the agreement's calendar, whose weekly hours and make-up hours it may repeat.

        Raises:
            FileError: as :func:`~workorders.agreement.calendar_file.parse_calendar`; it says something of
                weekly hours; or it speaks of no date, or of dates too far apart.
        """
        file = parse_calendar(raw, where)
        if file.makeup not in (None, files.rules.makeup):
            raise FileError(
                f"{where}: makeup", "differs from the agreement's calendar", "a make-up day in [replaced]"
            )
        files.under(file, where)
        years = sorted({day.year for day in _days(file)})
        if not years:
            raise FileError(where, "speaks of no date", "closed, replaced or breaks with dates")
        if years[0] < _FIRST or years[-1] > _LAST:
            raise FileError(where, f"speaks of {years[0]} and of {years[-1]}", f"years from {_FIRST} on")
        if years[-1] - years[0] >= _MOST_YEARS:
            raise FileError(where, f"speaks of {years[0]} and of {years[-1]}", "the dates of a year or two")
        dates = CalendarFile(closed=file.closed, replaced=file.replaced, breaks=file.breaks)
        return cls(tuple(years), dates)

    @classmethod
    def of_tables(cls, years: Iterable[int], tables: Mapping[str, Any]) -> NewYears:
        """What :meth:`tables` gave."""
        return cls(tuple(years), parse_calendar(tables, "imported holidays"))

    def tables(self) -> dict[str, Any]:
        """The dates as the tables of a calendar file."""
        return {
            "closed": [day.isoformat() for day in sorted(self.dates.closed)],
            "replaced": _by_date(self.dates.replaced),
            "breaks": _by_date(self.dates.breaks),
        }


@dataclass(frozen=True)
class DayChange:
    """A local day whose hours an import changes."""

    day: date
    before: Hours
    after: Hours
    name: str | None


def together(imports: Iterable[NewYears]) -> CalendarFile:
    """What all imports say together, the oldest first: of each year the last one that speaks of it."""
    found = CalendarFile()
    for new in imports:
        found = replace(
            found,
            closed=frozenset(d for d in found.closed if d.year not in new.years) | new.dates.closed,
            replaced=_kept(found.replaced, new.years) | dict(new.dates.replaced),
            breaks=_kept(found.breaks, new.years) | dict(new.dates.breaks),
        )
    return found


def compare(before: Calendar, after: Calendar, years: Iterable[int]) -> Iterator[DayChange]:
    """Every day of those years that has other hours by the second calendar, in order."""
    for year in years:
        day = date(year, 1, 1)
        while day.year == year:
            was, becomes = before.hours_of(day), after.hours_of(day)
            if was != becomes:
                yield DayChange(day, was, becomes, after.rest_name(day))
            day += timedelta(days=1)


def _kept(dates: Mapping[date, Hours], years: tuple[int, ...]) -> dict[date, Hours]:
    return {day: hours for day, hours in dates.items() if day.year not in years}


def _days(file: CalendarFile) -> Iterator[date]:
    yield from file.closed
    yield from file.replaced
    yield from file.breaks


def _by_date(dates: Mapping[date, Hours]) -> dict[str, list[str]]:
    return {day.isoformat(): [interval_text(i) for i in hours] for day, hours in sorted(dates.items())}
