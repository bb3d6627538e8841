"""What must be said to whom, written in the same unit as what made it so, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

#: How a letter travels: an app message to one member, a webhook post into one group, or an e-mail.
Channel = Literal["app", "group", "mail"]


class LetterState(StrEnum):
    """What became of a letter."""

    HELD = "held"  # until the opening it is held for
    WAITING = "waiting"
    CLAIMED = "claimed"  # fixed into a delivery that is on its way
    SENT = "sent"
    IN_DOUBT = "in_doubt"  # the answer was lost, twice: nobody knows whether it arrived
    FAILED = "failed"  # not now: it will be tried again
    GIVEN_UP = "given_up"  # never: shown to a person
    MOOT = "moot"  # what it says is no longer so


@dataclass(frozen=True)
class Letter:
    """One thing to be said to one recipient for one occasion.

    Unique by (subject, generation, occasion, recipient, channel): writing it again writes nothing.

    Attributes:
        subject: what it is about, ``order:1001``.
        occasion: the moment it belongs to: ``accept.3`` for a verb and its event's number,
            ``response.level2`` or ``page.7`` for the clock.
        recipient: a userid (``app``), a chatid (``group``) or a mail address (``mail``).
        kind: which phrase says it (``handlers/phrases/letters.py``). ``facts``: what the phrase needs, JSON.
        urgent: goes before everything that is not.
        hold_until: it is not said before that moment of desk time (aware UTC); None holds nothing.
    """

    subject: str
    generation: int
    occasion: str
    recipient: str
    channel: Channel
    kind: str
    facts: Mapping[str, Any]
    urgent: bool = False
    hold_until: datetime | None = None

    @property
    def lane(self) -> str:
        """What shares a quota with it: one member, one group's webhook, or the host that takes the mail."""
        shared = self.recipient.rpartition("@")[2].lower() if self.channel == "mail" else self.recipient
        return f"{self.channel}:{shared}"
