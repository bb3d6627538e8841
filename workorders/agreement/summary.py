"""When the leaders' group is told how the day and the week went (table ``[summary]`` of the agreement)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

from workorders.agreement.calendar_file import known
from workorders.agreement.worktime import Calendar
from workorders.errors import FileError

Of = Literal["daily", "weekly"]
"""What is summed up."""

#: Days in which there is a working one, whatever the calendar.
_FARTHEST = 400

_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)", re.ASCII)
_FORM = '"18:10", or "off" for none'


@dataclass(frozen=True)
class SummaryHours:
    """Minutes from local midnight; None where nothing is said.

    Attributes:
        daily: on each working day. ``weekly``: on the first working day of each week that has one.
    """

    daily: int | None
    weekly: int | None

    @classmethod
    def parse(cls, raw: Mapping[str, Any], where: str) -> SummaryHours:
        """Check the table.

        Raises:
            FileError: an unknown key, or what is no time of day.
        """
        known(raw, ("daily", "weekly"), where)
        return cls(*(_minutes(raw.get(key), f"{where}: {key}") for key in ("daily", "weekly")))

    def last(self, of: Of, now: datetime, calendar: Calendar) -> datetime | None:
        """The last moment at or before ``now`` at which one was due (UTC); None where none is ever said."""
        return self._seek(of, now, calendar, -1)

    def next(self, of: Of, now: datetime, calendar: Calendar) -> datetime | None:
        """The first such moment after ``now`` (UTC)."""
        return self._seek(of, now, calendar, 1)

    def _seek(self, of: Of, now: datetime, calendar: Calendar, step: int) -> datetime | None:
        at = self.daily if of == "daily" else self.weekly
        if at is None:
            return None
        day = calendar.local_day(now)
        for _ in range(_FARTHEST):
            moment = calendar.moment(day, at)
            if (moment > now) == (step > 0) and _is_day(of, day, calendar):
                return moment
            day += timedelta(days=step)
        return None


def _is_day(of: Of, day: date, calendar: Calendar) -> bool:
    if of == "daily":
        return calendar.is_working_day(day)
    sunday = day - timedelta(days=day.weekday() + 1)
    return calendar.working_days_after(sunday, 1) == day


def _minutes(raw: object, where: str) -> int | None:
    if raw is None or raw == "off":
        return None
    found = _CLOCK.fullmatch(raw) if isinstance(raw, str) else None
    if found is None:
        raise FileError(where, f"{raw!r} is no time of day", _FORM)
    return int(found[1]) * 60 + int(found[2])
