"""The rota of urgent work: who has it at a moment, and until when. Its hours are local ones."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from workorders.agreement.worktime import DEFAULT_ZONE
from workorders.directory.names import userid_key
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


def until(rows: Iterable[RotaRow], userid: str, at: datetime) -> datetime:
    """When that person's turn ends that runs at ``at``: rows that touch are one turn.

    Args:
        rows: of one role. ``at``: a moment one of that person's rows covers (aware).
    """
    mine = [row for row in rows if userid_key(row.userid) == userid_key(userid)]
    end = at
    for _ in range(_MOST_TURNS):
        ends = [_end(row, end) for row in mine if covers(row, end)]
        if not ends:
            break
        end = max(ends)
    return end.astimezone(UTC)


#: Rows of a turn that is followed: two weeks of days parted at midnight.
_MOST_TURNS = 28


def _end(row: RotaRow, at: datetime) -> datetime:
    return midnight(at.astimezone(ZONE).date()) + timedelta(minutes=row.hours[1])


def _holds(row: RotaRow, day: date) -> bool:
    if day.weekday() not in row.days or (row.begins and day < row.begins) or (row.ends and day > row.ends):
        return False
    if row.begins is None or row.every == 1:
        return True
    weeks = (_monday(day) - _monday(row.begins)).days // 7
    return weeks % row.every == 0


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
