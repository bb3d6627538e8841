"""The agreement in force: what its files say, under the holidays imported into the database since."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace

import structlog

from bot.sql.calendars import SqlCalendars
from workorders.agreement.clauses import Agreement
from workorders.agreement.worktime import Calendar
from workorders.errors import FileError

#: Seconds until an import another process took is seen by the units of this one.
_LOOKS_EVERY = 2.0
IMPORTED = "imported holidays"

log = structlog.get_logger()


@dataclass
class Terms:
    """One for a process; every use case asks it anew.

    Args:
        files: the agreement as its files say it.
    """

    files: Agreement
    agreement: Agreement = field(init=False)
    #: Why what was imported is not in force, for the operator; empty where it is.
    problem: str = field(default="", init=False)
    #: Fingerprint of the calendar this process, a clock, last counted by (``Rounds.calendar``).
    counted: str | None = field(default=None, init=False)
    _version: int = field(default=0, init=False)
    _looked: float | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self.agreement = self.files

    @property
    def calendar(self) -> Calendar:
        """By which everything is counted."""
        return self.agreement.calendar

    def look(self, calendars: SqlCalendars) -> None:
        """Take what was imported, as every unit of work does; an import is seen within seconds."""
        if self._looked is None or time.monotonic() - self._looked > _LOOKS_EVERY:
            self.take(calendars)

    def take(self, calendars: SqlCalendars) -> None:
        """Take what was imported, now."""
        self._looked = time.monotonic()
        version = calendars.version()
        if version == self._version:
            return
        self._version = version
        try:
            calendar = self.files.calendar.under(calendars.imported(), IMPORTED)
        except FileError as error:
            # The files were changed beneath it; what was in force goes on, and the operator is told.
            self.problem = f"the imported holidays are not in force: {error}"
            log.error("the imported holidays are not in force", error=str(error))
            return
        self.problem = ""
        self.agreement = replace(self.files, calendar=calendar)

    def forget(self) -> None:
        """Let the next unit look at once: this process has just taken an import itself."""
        self._looked = None
