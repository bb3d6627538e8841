"""Absences and rota rows in a directory file: read, checked and written (local days and hours)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

from workorders.agreement.calendar_file import WEEKDAYS, interval, interval_text
from workorders.directory.away import Wrong, wrong_with
from workorders.directory.names import userid_key
from workorders.directory.rota import ZONE, midnight
from workorders.directory.rows import AbsenceRow, RotaRow, StaffRow
from workorders.directory.table import Table
from workorders.errors import FileError

_DAY, _MOMENT = "%Y-%m-%d", "%Y-%m-%d %H:%M"
_FORMS = "2026-12-01 or 2026-12-01 14:00"
_OFTEN = 53


def absence(table: Table) -> AbsenceRow | None:
    """One absence; None where it is wrong."""
    begins, ends = _bound(table, "from"), _bound(table, "to")
    stand_in = table.word("stand_in")
    table.end()
    if begins is None or ends is None:
        return None
    # A day is meant whole, the last one too.
    row = AbsenceRow(begins[0], ends[0] + timedelta(days=1) if ends[1] else ends[0], stand_in)
    if row.begins >= row.ends:
        table.wrong("ends before it begins", "from … to, the last day included")
        return None
    return row


def rota(table: Table) -> RotaRow | None:
    """One row of the rota; None where it is wrong."""
    role, userid, days = table.role("role"), table.word("userid", required=True), _days(table)
    hours = _hours(table)
    begins, ends = _day(table, "from"), _day(table, "to")
    every = table.count("every", _OFTEN)
    table.end()
    if begins and ends and ends < begins:
        table.wrong("ends before it begins", "from … to, the last day included")
    if every > 1 and begins is None:
        table.wrong("has no from", "the first of the weeks `every` counts from")
    if role is None or userid is None or hours is None:
        return None
    if not days:
        return None
    return RotaRow(role, userid, days, hours, begins, ends, every)


def absence_problem(who: StaffRow, row: AbsenceRow, staff: Mapping[str, StaffRow]) -> str | None:
    """What is wrong with an absence beside the others, for the operator."""
    found = wrong_with(who, row, staff)
    return None if found is None else _WRONG[found].format(row.stand_in, absence_table(row)["from"])


_WRONG: Mapping[Wrong, str] = {
    "self": "absent from {1}: stand_in '{0}' is the same person",
    "unknown": "absent from {1}: stand_in '{0}' is nobody of ours",
    "idle": "absent from {1}: stand_in '{0}' works no orders",
    "circle": "absent from {1}: stand_in '{0}' leads back here while both are away",
    "overlap": "absent from {1}: overlaps another absence",
}


def rota_problem(row: RotaRow, staff: Mapping[str, StaffRow]) -> str | None:
    """What is wrong with a rota row beside our people, for the operator."""
    someone = staff.get(userid_key(row.userid))
    if someone is None:
        return f"userid '{row.userid}' is nobody of ours"
    return None if someone.works_orders else f"userid '{row.userid}' works no orders"


def absence_table(row: AbsenceRow) -> dict[str, object]:
    """The absence as it is written in a file."""
    begins, ends = row.begins.astimezone(ZONE), row.ends.astimezone(ZONE)
    whole = midnight(begins.date()) == row.begins and midnight(ends.date()) == row.ends
    form = _DAY if whole else _MOMENT
    written: dict[str, object] = {
        "from": begins.strftime(form),
        "to": (ends - timedelta(days=1) if whole else ends).strftime(form),
    }
    return written | ({"stand_in": row.stand_in} if row.stand_in else {})


def rota_table(row: RotaRow) -> dict[str, object]:
    """The rota row as it is written in a file."""
    written: dict[str, object] = {
        "role": row.role.value,
        "userid": row.userid,
        "days": [WEEKDAYS[day] for day in row.days],
        "hours": interval_text(row.hours),
    }
    for key, day in (("from", row.begins), ("to", row.ends)):
        if day:
            written[key] = day.isoformat()
    return written | ({"every": row.every} if row.every > 1 else {})


def _bound(table: Table, key: str) -> tuple[datetime, bool] | None:
    """A moment, and whether it was a day (and is its first)."""
    text = table.text(key, required=True)
    if text is None:
        return None
    for form in (_DAY, _MOMENT):
        try:
            found = datetime.strptime(text, form).replace(tzinfo=ZONE)
        except ValueError:
            continue
        return found.astimezone(UTC), form == _DAY
    table.wrong(f"{key} '{text}' is no day and no moment", _FORMS)
    return None


def _day(table: Table, key: str) -> date | None:
    text = table.text(key)
    if text is None:
        return None
    try:
        return datetime.strptime(text, _DAY).replace(tzinfo=ZONE).date()
    except ValueError:
        table.wrong(f"{key} '{text}' is no day", "2026-12-01")
        return None


def _days(table: Table) -> tuple[int, ...]:
    names = table.texts("days")
    for name in names:
        if name not in WEEKDAYS:
            table.wrong(f"day '{name}' is unknown", ", ".join(WEEKDAYS))
    if not names:
        table.wrong("has no days", 'days = ["sat", "sun"]')
    return tuple(sorted({WEEKDAYS.index(name) for name in names if name in WEEKDAYS}))


def _hours(table: Table) -> tuple[int, int] | None:
    text = table.text("hours", required=True)
    if text is None:
        return None
    try:
        return interval(text, "")
    except FileError as error:
        table.wrong(f"hours: {error.what}", error.accepted)
        return None
