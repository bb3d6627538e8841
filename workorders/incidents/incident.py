"""An incident 故障: a label over many orders, with a moment by which the next word about it is owed.

Its orders keep their own clocks, reporters and partners. As with orders, what happened are events, and
:meth:`Incident.after` is the only way it changes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from workorders import history
from workorders.history import Lived

#: So long after a word that did not come 客服负责人 is told.
LATE = timedelta(minutes=10)


class State(StrEnum):
    OPEN = "open"
    OVER = "over"


class Verb(StrEnum):
    """What can happen to an incident. The last two are the clock's own."""

    OPEN = "open"
    ADD = "add"
    WORD = "word"
    END = "end"
    REMIND = "remind"
    ESCALATE = "escalate"


@dataclass(frozen=True)
class Event(history.Event):
    """Something that happened to an incident."""

    verb: Verb


@dataclass(frozen=True)
class Incident(Lived[Event], event=Event):
    """One incident, as its events have made it.

    Attributes:
        title: what is wrong, in words every partner may read.
        maker: userid of who owes the next word.
        orders: numbers of the orders it labels.
        next_word_at: when the next word is owed; None once it is over.
        words: how many words were said, the first among them.
        reminded, escalated: of which word the maker, and 客服负责人, were told that it is owed.
    """

    number: int
    title: str
    maker: str
    state: State
    opened_at: datetime
    last_at: datetime
    orders: tuple[int, ...] = ()
    next_word_at: datetime | None = None
    words: int = 1
    reminded: int = 0
    escalated: int = 0
    ended_at: datetime | None = None
    events: int = 0

    @property
    def look_at(self) -> datetime | None:
        """When the clock has next something to say about it; None when never."""
        if self.next_word_at is None:
            return None
        if self.reminded < self.words:
            return self.next_word_at
        return self.next_word_at + LATE if self.escalated < self.words else None


def decide(incident: Incident, now: datetime) -> Event | None:
    """What the clock has to say at that moment: of one word it reminds once, and escalates once."""
    look = incident.look_at
    if look is None or now < look:
        return None
    if incident.reminded < incident.words and now < look + LATE:
        return incident.happened(Verb.REMIND, now, None, {}, reminded=incident.words)
    # After an outage only the higher is said.
    return incident.happened(Verb.ESCALATE, now, None, {}, reminded=incident.words, escalated=incident.words)
