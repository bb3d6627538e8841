"""What an intent is handed besides the message: who speaks, where, and the use cases, in one unit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from knowledge.library import Library
from workorders.agreement.clauses import Agreement
from workorders.attachments.attachment import Brought
from workorders.directory.desk import DirectoryDesk
from workorders.directory.people import Directory, Group, Person
from workorders.handover.desk import HandoverDesk
from workorders.notices.desk import NoticeDesk
from workorders.obligations.desk import ObligationDesk
from workorders.obligations.surveys import SurveyDesk
from workorders.orders.desk import OrderDesk


@dataclass(frozen=True)
class Given:
    """An answer that was given: its number, the article's id, the question as asked, and who asked."""

    id: int
    article: str
    question: str
    asked_by: str


class AnswerLog(Protocol):
    """What became of questions, kept in the same unit as the reply (who, where and when are its own)."""

    def gave(self, article: str, question: str) -> int:
        """Keep that an article answered; the number comes back on its buttons."""

    def given(self, number: int) -> Given | None:
        """The answer of that number."""

    def last(self) -> Given | None:
        """The newest answer this person got in this place within half an hour."""

    def became(self, number: int, outcome: Literal["solved", "unsolved", "human"]) -> None:
        """Keep what became of an answer."""

    def gap(self, question: str, nearest: str | None, why: Literal["none", "choose", "unsolved"]) -> None:
        """Keep a question nobody's article answered."""


Became = Literal["order", "joined", "answered"]
"""What a phone call came to: an order, more about one there was, or an answer on the line."""


@dataclass(frozen=True)
class Sent:
    """A form as it was sent: ``once`` makes it that form and no other, ``digest`` is what it said."""

    once: str
    digest: str


class CallLog(Protocol):
    """The phone calls somebody takes, kept in the same unit as what they came to."""

    def took(
        self, partner: int, called_at: datetime, became: Became, about: int, sent: Sent | None = None
    ) -> None:
        """Log a call of that partner; ``about`` is the number of the order, or of the answer."""


@dataclass(frozen=True)
class Here:
    """Where and for whom an intent runs.

    Attributes:
        sender: who speaks. ``group``: the bound group it was said in, None in a 1:1 or an unbound one.
        orders, notices, obligations, surveys, handovers: the use cases of each; changes: of the directory.
        library: the articles. ``answers``: what became of them. ``calls``: phone calls and what they came to.
        now: desk time when the message was taken in (aware UTC), for phrases; verbs read their own.
        hotline: the number people may call. ``home``: the desk's own address, with ``/`` at its end.
    """

    sender: Person
    group: Group | None
    orders: OrderDesk
    notices: NoticeDesk
    obligations: ObligationDesk
    surveys: SurveyDesk
    handovers: HandoverDesk
    changes: DirectoryDesk
    library: Library
    answers: AnswerLog
    calls: CallLog
    directory: Directory
    agreement: Agreement
    now: datetime
    hotline: str
    home: str

    @property
    def brought(self) -> Brought:
        """The pictures and files at hand, for the order they meet."""
        return self.orders.brought
