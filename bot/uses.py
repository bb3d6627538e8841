"""The use cases over one unit of work: the same for every door, sweep and command."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.acts import Act
from bot.holidays import HolidayDesk
from bot.sql.audit import Door
from bot.sql.unit import Clock, Unit
from bot.stuck import StuckLetters
from bot.summaries import Summaries
from bot.terms import Terms
from workorders.agreement.clauses import Agreement
from workorders.attachments.attachment import Brought
from workorders.attachments.desk import AttachmentDesk, Original
from workorders.directory.desk import DirectoryDesk
from workorders.directory.people import Person
from workorders.handover.desk import HandoverDesk
from workorders.incidents.desk import IncidentDesk
from workorders.notices.desk import NoticeDesk
from workorders.obligations.desk import ObligationDesk
from workorders.obligations.surveys import SurveyDesk
from workorders.orders.desk import OrderDesk
from workorders.quiet import QuietBox


@dataclass(frozen=True)
class Uses:
    """Joins the use cases to a unit of work.

    Args:
        terms: the agreement in force.
        desk_clock: reads desk time.
        title: the question of an article, by its id; empty where there is none.
    """

    terms: Terms
    desk_clock: Clock
    title: Callable[[str], str] = lambda article: ""

    @property
    def agreement(self) -> Agreement:
        """The agreement in force at this moment."""
        return self.terms.agreement

    def holidays(self, unit: Unit, who: str, door: Door) -> HolidayDesk:
        """Importing holidays, audited as ``who``'s at that door."""
        return HolidayDesk(self.terms, unit, who, door, self.desk_clock())

    def letters(self, unit: Unit) -> QuietBox:
        """Where letters are posted that our own people need not read at night."""
        return QuietBox(unit.letters, unit.directory, self.agreement.calendar, self.desk_clock)

    def stuck(self, unit: Unit, who: str, door: Door) -> StuckLetters:
        """Letters that stand before a person, sent again as ``who``'s at that door."""
        return StuckLetters(unit, who, door)

    def orders(self, unit: Unit, heard_in: str | None = None, brought: Brought | None = None) -> OrderDesk:
        """Work orders; ``heard_in``: the group the message came from, ``brought``: what it brought."""
        return OrderDesk(
            self.agreement,
            unit.orders,
            self.letters(unit),
            unit.directory,
            self.desk_clock,
            heard_in=heard_in,
            brought=brought or Brought(),
        )

    def directory(self, unit: Unit, who: str, door: Door) -> DirectoryDesk:
        """Changes of the directory, audited as ``who``'s at that door."""

        def noted(what: str, subject: str) -> None:
            unit.audit.record(Act.DIRECTORY_CHANGE, who=who, door=door, subject=subject, what=what)

        return DirectoryDesk(
            unit.directory_changes, unit.directory, self.letters(unit), self.desk_clock, noted
        )

    def handovers(self, unit: Unit, heard_in: str | None = None) -> HandoverDesk:
        """交接班; ``heard_in`` as for work orders. A shift may well end at night: its letters do not wait."""
        return HandoverDesk(self.orders(unit, heard_in), unit.handovers, unit.letters, unit.directory)

    def obligations(self, unit: Unit, heard_in: str | None = None) -> ObligationDesk:
        """Obligations; ``heard_in`` as for work orders."""
        return ObligationDesk(
            self.agreement,
            unit.obligations,
            self.letters(unit),
            unit.directory,
            unit.directory,
            self.orders(unit, heard_in),
            self.desk_clock,
        )

    def incidents(self, unit: Unit) -> IncidentDesk:
        """Labels over many orders, and the words owed about them."""
        return IncidentDesk(unit.incidents, unit.orders, unit.letters, unit.directory, self.desk_clock)

    def surveys(self, unit: Unit) -> SurveyDesk:
        """How often partners are surveyed."""
        return SurveyDesk(
            self.agreement, unit.survey_plans, unit.directory, self.obligations(unit), self.desk_clock
        )

    def attachments(self, unit: Unit) -> AttachmentDesk:
        """Pictures and files."""
        return AttachmentDesk(
            unit.attachments, self.orders(unit), unit.letters, unit.directory, self.desk_clock
        )

    def original(self, unit: Unit, id: int, by: Person, door: Door) -> Original:
        """The bytes of an attachment for somebody who may see it; that they did is in the audit.

        Raises:
            NoSuchAttachment: there is none, it was deleted, or it is not theirs to see.
        """
        original = self.attachments(unit).original(id, by)
        unit.audit.record(Act.ATTACHMENT_READ, who=by.userid, door=door, subject=f"attachment:{id}")
        return original

    def notices(self, unit: Unit, heard_in: str | None = None) -> NoticeDesk:
        """Notices; ``heard_in`` as for work orders, which a question opens."""
        orders = self.orders(unit, heard_in)
        return NoticeDesk(
            self.agreement,
            unit.notices,
            self.letters(unit),
            unit.directory,
            unit.book,
            orders,
            self.desk_clock,
        )

    def summaries(self, unit: Unit) -> Summaries:
        """What the leaders' group is told of the day and the week."""
        return Summaries(unit, self.agreement, self.desk_clock, self.title)
