"""The stretch of local days a report is about: ISO weeks, months, quarters, years, or any two days."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from workorders.agreement.worktime import Calendar

Sort = Literal["week", "month", "quarter", "year"]
"""The stretches that have a name of their own, as :meth:`Period.parse` reads it."""

FORMS = "2026-W48, 2026-11, 2026-Q4 or 2026"

_WEEK = re.compile(r"(\d{4})-W(\d{2})", re.ASCII)
_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)
_QUARTER = re.compile(r"(\d{4})-Q([1-4])", re.ASCII)
_YEAR = re.compile(r"\d{4}", re.ASCII)


@dataclass(frozen=True)
class Period:
    """Local days from ``since`` to ``until``, both included.

    Raises:
        ValueError: it ends before it begins.
    """

    since: date
    until: date

    def __post_init__(self) -> None:
        if self.until < self.since:
            raise ValueError(f"{self.since} comes after {self.until}")

    @classmethod
    def parse(cls, text: str) -> Period:
        """``2026-W48`` (an ISO week), ``2026-11``, ``2026-Q4`` or ``2026``.

        Raises:
            ValueError: anything else, or a week, month or year there is not.
        """
        if found := _WEEK.fullmatch(text):
            monday = date.fromisocalendar(int(found[1]), int(found[2]), 1)
            return cls(monday, monday + timedelta(days=6))
        if found := _QUARTER.fullmatch(text):
            first = 3 * int(found[2]) - 2
            return cls._months(int(found[1]), first, first + 2)
        if found := _MONTH.fullmatch(text):
            return cls._months(int(found[1]), int(found[2]), int(found[2]))
        if _YEAR.fullmatch(text):
            return cls._months(int(text), 1, 12)
        raise ValueError(f"{text!r} is no week, month, quarter or year")

    @classmethod
    def around(cls, day: date, sort: Sort) -> Period:
        """The week, month, quarter or year that a local day lies in."""
        return cls.parse(_NAMED[sort](day))

    @property
    def sort(self) -> Sort | None:
        """Whether it is a whole week, month, quarter or year."""
        return next((sort for sort in _NAMED if self == Period.around(self.since, sort)), None)

    @property
    def name(self) -> str:
        """As :meth:`parse` reads it: ``2026-11``; any two days as ``2026-11-01..2026-11-09``."""
        return _NAMED[self.sort](self.since) if self.sort else f"{self.since}..{self.until}"

    @property
    def days(self) -> Iterator[date]:
        """Its days, in order."""
        for i in range((self.until - self.since).days + 1):
            yield self.since + timedelta(days=i)

    @classmethod
    def _months(cls, year: int, first: int, last: int) -> Period:
        begins = date(year, first, 1)
        over = date(year + 1, 1, 1) if last == 12 else date(year, last + 1, 1)
        return cls(begins, over - timedelta(days=1))

    def moments(self, calendar: Calendar) -> tuple[datetime, datetime]:
        """Its first moment and the first one after it (UTC)."""
        return calendar.moment(self.since, 0), calendar.moment(self.until, 1440)


def week(day: date) -> str:
    """The ISO week of a local day: ``2026-W48``."""
    year, number, _ = day.isocalendar()
    return f"{year}-W{number:02}"


def month(day: date) -> str:
    """``2026-11``."""
    return f"{day:%Y-%m}"


def quarter(day: date) -> str:
    """``2026-Q4``."""
    return f"{day.year}-Q{(day.month + 2) // 3}"


def year(day: date) -> str:
    """``2026``."""
    return f"{day.year:04}"


_NAMED: Mapping[Sort, Callable[[date], str]] = {
    "week": week,
    "month": month,
    "quarter": quarter,
    "year": year,
}
