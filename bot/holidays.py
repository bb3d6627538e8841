"""Importing holidays: what a calendar file would change, and taking it. Console and command line do both."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.acts import Act
from bot.sql.audit import Door
from bot.sql.calendars import Import
from bot.sql.unit import Unit
from bot.terms import IMPORTED, Terms
from workorders.agreement.calendar_file import CalendarFile, toml_tables
from workorders.agreement.new_years import DayChange, NewYears, compare, together
from workorders.agreement.worktime import Calendar
from workorders.errors import FileError
from workorders.orders.generations import recount

#: Bytes of a calendar file: a year takes two thousand.
MOST_BYTES = 64_000
#: Live orders a preview looks at, those due first: about a millisecond each.
MOST_ORDERS = 5_000


@dataclass(frozen=True)
class Preview:
    """What an import would change.

    Attributes:
        new: what it says. ``days``: the days that would have other hours, in order.
        provisional: of its years, those that would still be provisional.
        counted: live work orders that would be counted anew, at most :data:`MOST_ORDERS` of them; ``moved``
            of these get other due moments.
    """

    new: NewYears
    days: tuple[DayChange, ...]
    provisional: tuple[int, ...]
    counted: int
    moved: int


@dataclass(frozen=True)
class HolidayDesk:
    """The use cases of one unit of work.

    Args:
        terms: whose calendar is in force. ``who``: as the audit names them. ``now``: desk time (aware UTC).
    """

    terms: Terms
    unit: Unit
    who: str
    door: Door
    now: datetime

    def read(self, data: bytes, name: str) -> NewYears:
        """Judge a calendar file.

        Raises:
            FileError: it is too large, no calendar file, or as :meth:`NewYears.read`.
        """
        if len(data) > MOST_BYTES:
            raise FileError(name, "is too large", f"at most {MOST_BYTES // 1000} kB")
        return NewYears.read(toml_tables(data, name), name, self.terms.files.calendar)

    def preview(self, new: NewYears) -> Preview:
        """What would change; changes nothing.

        Raises:
            FileError: with what was imported before there would be no working time left.
        """
        before, after = self.terms.calendar, self._with(new)
        live = self.unit.orders.live(MOST_ORDERS)
        moved = sum(
            recount(order, max(self.now, order.last_at), after, after.fingerprint).facts["moved"]
            for order in live
        )
        return Preview(
            new,
            tuple(compare(before, after, new.years)),
            tuple(year for year in new.years if after.provisional(year)),
            len(live),
            moved,
        )

    def take(self, new: NewYears, name: str) -> None:
        """Put it in force. The clock counts open due moments anew; :meth:`Terms.forget` after the commit.

        Args:
            name: the file's.

        Raises:
            FileError: as :meth:`preview`.
        """
        self._with(new)
        self.unit.calendars.take(new, name, self.who, self.unit.machine_now)
        self.unit.audit.record(
            Act.HOLIDAYS_IMPORT,
            who=self.who,
            door=self.door,
            subject="calendar",
            years=[str(year) for year in new.years],
            dates=len(new.dates.closed) + len(new.dates.replaced) + len(new.dates.breaks),
        )

    def take_back(self, year: int) -> None:
        """Let go what was imported of a year: the calendar is as the files have it."""
        self.take(NewYears((year,), CalendarFile()), "")

    def imports(self) -> list[Import]:
        """Every import, the oldest first."""
        return self.unit.calendars.imports()

    def _with(self, new: NewYears) -> Calendar:
        imports = [*(each.new for each in self.imports()), new]
        return self.terms.files.calendar.under(together(imports), IMPORTED)
