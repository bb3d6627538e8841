"""The holidays imported while the desk runs, and the calendar that open due moments are counted by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, insert, select

from bot.sql.tables import calendar_in_force, holiday_import
from workorders.agreement.calendar_file import CalendarFile
from workorders.agreement.new_years import NewYears, together
from workorders.sql.upsert import put

_THE_ONE = 1


@dataclass(frozen=True)
class Import:
    """One import, as it was taken.

    Attributes:
        number: in the order they were taken, from 1.
        at: machine time. ``by``: a userid, or ``operator:NAME``.
        name: the file's name; empty where what was imported of its years was taken back.
    """

    number: int
    at: datetime
    by: str
    name: str
    new: NewYears


@dataclass(frozen=True)
class InForce:
    """A calendar by its fingerprint, and since when it is in force (machine time)."""

    fingerprint: str
    since: datetime


@dataclass(frozen=True)
class SqlCalendars:
    """Imported holidays and the calendar in force, in one unit of work. All moments are machine time."""

    conn: Connection

    def version(self) -> int:
        """Number of the newest import, 0 before the first: what a process compares with what it counts by."""
        newest = select(func.max(holiday_import.c.number))
        return self.conn.execute(newest).scalar_one() or 0

    def imports(self) -> list[Import]:
        """Every import, the oldest first."""
        rows = self.conn.execute(select(holiday_import).order_by(holiday_import.c.number))
        return [Import(r.number, r.at, r.by, r.name, NewYears.of_tables(r.years, r.dates)) for r in rows]

    def imported(self) -> CalendarFile:
        """What all imports say together."""
        return together(each.new for each in self.imports())

    def take(self, new: NewYears, name: str, by: str, at: datetime) -> None:
        """Keep an import; it is in force from the commit on."""
        values = {"at": at, "by": by[:128], "name": name[:160]}
        self.conn.execute(insert(holiday_import).values(**values, years=list(new.years), dates=new.tables()))

    def in_force(self) -> InForce | None:
        """The calendar that open due moments are counted by; None before the first."""
        row = self.conn.execute(select(calendar_in_force)).one_or_none()
        return InForce(row.fingerprint, row.at) if row else None

    def put_in_force(self, fingerprint: str, at: datetime) -> None:
        """Count what is open by the calendar of that fingerprint from now on."""
        put(self.conn, calendar_in_force, {"id": _THE_ONE, "fingerprint": fingerprint, "at": at})
