"""A unit of work: one transaction with every store of the house joined to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Set
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine

from bot.sql.answers import SqlAnswers
from bot.sql.audit import SqlAudit
from bot.sql.calendars import SqlCalendars
from bot.sql.calls import SqlCalls
from bot.sql.engine import READING
from bot.sql.holds import SqlHolds
from bot.sql.inbox import SqlInbox
from bot.sql.sessions import SqlSessions
from workorders.sql.address_book import SqlAddressBook
from workorders.sql.attachments import SqlAttachments
from workorders.sql.board import SqlBoard
from workorders.sql.directory import SqlDirectory
from workorders.sql.directory_changes import SqlDirectoryChanges
from workorders.sql.figures import SqlFigures
from workorders.sql.handovers import SqlHandovers
from workorders.sql.incidents import SqlIncidents
from workorders.sql.letters import SqlLetters
from workorders.sql.notices import SqlNotices
from workorders.sql.obligations import SqlObligations, SqlSurveyPlans
from workorders.sql.orders import SqlOrders
from workorders.sql.summaries import SqlSummaries

#: What a wake-up for an attachment begins with; its number follows.
FETCH = "attachment:"

#: Reads a clock: aware UTC.
Clock = Callable[[], datetime]


@dataclass(frozen=True)
class Unit:
    """Everything one transaction may touch.

    Attributes:
        conn: the transaction, for savepoints.
        machine_now: when it began.
    """

    conn: Connection
    machine_now: datetime
    orders: SqlOrders
    handovers: SqlHandovers
    obligations: SqlObligations
    survey_plans: SqlSurveyPlans
    summaries: SqlSummaries
    letters: SqlLetters
    attachments: SqlAttachments
    directory: SqlDirectory
    directory_changes: SqlDirectoryChanges
    inbox: SqlInbox
    audit: SqlAudit
    holds: SqlHolds

    @property
    def board(self) -> SqlBoard:
        """Live orders by due moment."""
        return SqlBoard(self.conn)

    @property
    def calendars(self) -> SqlCalendars:
        """Imported holidays, and what open due moments are counted by."""
        return SqlCalendars(self.conn)

    @property
    def incidents(self) -> SqlIncidents:
        """Labels over many orders."""
        return SqlIncidents(self.conn)

    @property
    def sessions(self) -> SqlSessions:
        """Who is logged in to the console."""
        return SqlSessions(self.conn, self.machine_now)

    @property
    def notices(self) -> SqlNotices:
        """Notices and their receipts."""
        return SqlNotices(self.conn)

    @property
    def book(self) -> SqlAddressBook:
        """The directory read at once, for broadcasts."""
        return SqlAddressBook(self.conn, self.directory)

    def answers(self, asker: str, chat: str | None, now: datetime) -> SqlAnswers:
        """What became of that person's questions in that place; ``now`` is desk time."""
        return SqlAnswers(self.conn, asker, chat, now)

    def calls(self, taker: str, now: datetime) -> SqlCalls:
        """The phone calls that person takes; ``now`` is desk time."""
        return SqlCalls(self.conn, taker, now)

    def figures(self, partner: int | None = None) -> SqlFigures:
        """What reports count, of everybody's orders or of one partner's."""
        return SqlFigures(self.conn, partner)


@dataclass(frozen=True)
class Units:
    """Opens units of work.

    Args:
        machine: reads machine time.
        wake: told, after the commit, of lanes that got a letter and of attachments to be fetched; it must
            not raise, and need not work.
        begun: handed the imported holidays by every transaction that may change something, before all else.
    """

    engine: Engine
    machine: Clock
    wake: Callable[[Set[str]], None]
    begun: Callable[[SqlCalendars], None] = lambda calendars: None

    @contextmanager
    def begin(self) -> Iterator[Unit]:
        """One transaction: committed when the block ends, rolled back when it raises."""
        with self.engine.begin() as conn:
            unit = self._unit(conn)
            self.begun(unit.calendars)
            yield unit
            unit.audit.write()
        if names := unit.letters.woken | {f"{FETCH}{id}" for id in unit.attachments.added}:
            self.wake(names)

    @contextmanager
    def reading(self) -> Iterator[Unit]:
        """One transaction that only reads, and waits for nobody."""
        with self.engine.connect().execution_options(**{READING: True}) as conn:
            yield self._unit(conn)

    def _unit(self, conn: Connection) -> Unit:
        now = self.machine()
        directory = SqlDirectory(conn)
        return Unit(
            conn,
            now,
            SqlOrders(conn),
            SqlHandovers(conn),
            SqlObligations(conn),
            SqlSurveyPlans(conn),
            SqlSummaries(conn),
            SqlLetters(conn, now),
            SqlAttachments(conn, now),
            directory,
            SqlDirectoryChanges(conn, directory),
            SqlInbox(conn, now),
            SqlAudit(conn, now),
            SqlHolds(conn, now),
        )
