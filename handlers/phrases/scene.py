"""Who reads a reply, where and when: what every phrase needs to be right for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from handlers.here import Here
from handlers.message import Incoming
from handlers.phrases import text
from handlers.phrases.plain import plain_line
from workorders.directory.people import Person
from workorders.orders.order import WorkOrder
from workorders.orders.telling import Telling


@dataclass(frozen=True)
class Scene:
    """The reader's side of a reply.

    Attributes:
        here: the use cases and the moment.
        shared: others read it too (a group), so phones are masked.
    """

    here: Here
    shared: bool

    @classmethod
    def of(cls, incoming: Incoming, here: Here) -> Scene:
        return cls(here, shared=incoming.chat is not None)

    @property
    def sender(self) -> Person:
        return self.here.sender

    @property
    def staff(self) -> bool:
        """Whether the reader acts on orders as desk staff."""
        return self.here.sender.works_orders

    def when(self, at: datetime) -> str:
        """今天 14:35; a rest day that is worked says so."""
        written = text.when(at, self.here.now)
        calendar = self.here.agreement.calendar
        return (
            written.replace("）", "，调休上班）", 1)
            if calendar.is_makeup_day(calendar.local_day(at))
            else written
        )

    def name(self, userid: str | None) -> str:
        """Somebody's name, 您 for the reader, 系统 for the clock."""
        if userid is None:
            return "系统"
        if userid == self.sender.userid:
            return "您"
        return plain_line(self.here.directory.person(userid).name)

    def quote(self, words: str, most: int = 60) -> str:
        """「…」 around somebody's words."""
        return f"「{text.quoted(words, shared=self.shared, most=most)}」"

    def phone(self, number: str) -> str:
        """A phone number, masked where others read it too."""
        return text.phones_masked(number) if self.shared else number

    def first_responsible(self, order: WorkOrder) -> str:
        """Names of those told of an order nobody has accepted, empty where nobody is."""
        people = Telling(self.here.directory).at_level(order, 1, self.here.now)
        return "、".join(plain_line(person.name) for person in people)
