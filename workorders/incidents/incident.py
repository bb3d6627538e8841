"""An incident 故障: a label over many orders, with a moment by which the next word about it is owed.

Its orders keep their own clocks, reporters and partners. As with orders, what happened are events, and
:meth:`Incident.after` is the only way it changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

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
class Event:
    """Something that happened to it; ``change`` holds the fields it changed. ``by`` None is the clock."""

    number: int
    verb: Verb
    at: datetime
    by: str | None
    facts: Mapping[str, Any]
    change: Mapping[str, Any]


@dataclass(frozen=True)
class Incident:
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

    @classmethod
    def begun(cls, number: int, event: Event) -> Incident:
        """The incident its first event makes."""
        return cls(number=number, **{**event.change, "events": event.number, "last_at": event.at})

    def after(self, event: Event) -> Incident:
        """The incident after that event.

        Raises:
            ValueError: the event is not the next one.
        """
        if event.number != self.events + 1 or event.at < self.last_at:
            raise ValueError(f"event {event.number} does not follow {self.events} of incident {self.number}")
        return replace(self, **{**event.change, "events": event.number, "last_at": event.at})

    def happened(
        self, verb: Verb, at: datetime, by: str | None, facts: Mapping[str, Any], **change: Any
    ) -> Event:
        """The event that would come next."""
        return Event(self.events + 1, verb, at, by, dict(facts), change)

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
