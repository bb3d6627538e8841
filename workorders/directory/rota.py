"""The rota of urgent work: when its turns begin and end. Its hours are local ones."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from workorders.agreement.worktime import DEFAULT_ZONE
from workorders.directory.rows import RotaRow

ZONE = ZoneInfo(DEFAULT_ZONE)


def midnight(day: date) -> datetime:
    """The moment (UTC) a local day begins."""
    return datetime.combine(day, time(), ZONE).astimezone(UTC)


def covers(row: RotaRow, at: datetime) -> bool:
    """Whether that row holds at that moment (aware)."""
    local = at.astimezone(ZONE)
    start, end = row.hours
    return _holds(row, local.date()) and start <= local.hour * 60 + local.minute < end


def edges(row: RotaRow, begins: datetime, ends: datetime) -> Iterator[datetime]:
    """The moments its turns begin and end, on the local days from ``begins`` to ``ends`` (aware)."""
    day, last = begins.astimezone(ZONE).date(), ends.astimezone(ZONE).date()
    while day <= last:
        if _holds(row, day):
            yield from (midnight(day) + timedelta(minutes=minutes) for minutes in row.hours)
        day += timedelta(days=1)


def _holds(row: RotaRow, day: date) -> bool:
    if day.weekday() not in row.days or (row.begins and day < row.begins) or (row.ends and day > row.ends):
        return False
    if row.begins is None or row.every == 1:
        return True
    weeks = (_monday(day) - _monday(row.begins)).days // 7
    return weeks % row.every == 0


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
