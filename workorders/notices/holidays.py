"""Holiday announcements, proposed from the calendar a week ahead (people.md, habit 19)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from workorders.agreement.worktime import Calendar

#: How long before its first day of rest a holiday is announced.
AHEAD = timedelta(days=7)


@dataclass(frozen=True)
class Holiday:
    """A stretch of rest that holds a holiday.

    Attributes:
        first: its first day of rest, and ``days`` how many there are.
        closes: when business closes before it. ``opens``: when it opens again. Both UTC.
        makeup: days near it that are worked although their weekday rests.
    """

    name: str
    first: date
    days: int
    closes: datetime
    opens: datetime
    makeup: tuple[date, ...]


def upcoming(calendar: Calendar, now: datetime) -> tuple[Holiday, ...]:
    """The holidays whose announcement is due: those that begin within a week, soonest first.

    Args:
        now: desk time (aware UTC). A day nobody has published yet proposes nothing.
    """
    today = calendar.local_day(now)
    found: dict[date, Holiday] = {}
    for ahead in range(1, AHEAD.days + 1):
        day = today + timedelta(days=ahead)
        name = calendar.rest_name(day)
        if name is None or calendar.is_working_day(day) or calendar.provisional(day.year):
            continue
        first = day
        while not calendar.is_working_day(first - timedelta(days=1)):
            first -= timedelta(days=1)
        if first > today:
            found.setdefault(first, _stretch(calendar, name, first))
    return tuple(found.values())


def _stretch(calendar: Calendar, name: str, first: date) -> Holiday:
    last = first
    while not calendar.is_working_day(last + timedelta(days=1)):
        last += timedelta(days=1)
    before = first - timedelta(days=1)
    near = (first + timedelta(days=n) for n in range(-AHEAD.days, (last - first + AHEAD).days + 1))
    return Holiday(
        name,
        first,
        (last - first).days + 1,
        calendar.closing(before),
        calendar.opening(calendar.moment(last, 1440)),
        tuple(day for day in near if calendar.is_makeup_day(day)),
    )
