"""One recipient's side of a notice: on which ways they were told, and what they made of it.

Two facts never cancel each other: who was deemed to have received a notice and acknowledges later is
*late*, and both moments stand. 送达 is no 已读: that a message was delivered says nothing of its reader.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

from workorders.letters import Channel


class ReceiptState(StrEnum):
    WAITING = "waiting"
    ACKNOWLEDGED = "acknowledged"
    QUESTIONED = "questioned"
    DEEMED = "deemed"
    LATE = "late"  # acknowledged after being deemed; both stand
    UNREACHABLE = "unreachable"  # a required channel was given up


class ReceiptVerb(StrEnum):
    """Everything that can happen to a receipt, or about a notice without one (a stranger's answer)."""

    TOLD = "told"
    FAILED = "failed"
    BOUNCE = "bounce"
    REDELIVER = "redeliver"
    REMIND = "remind"
    ACKNOWLEDGE = "acknowledge"
    QUESTION = "question"
    RECOUNT = "recount"  # the calendar was corrected
    DEEM = "deem"
    REFUSED = "refused"  # an answer that counts for nothing; kept as evidence


How = Literal["group", "chat", "card", "page", "mail", "phone"]


@dataclass(frozen=True)
class Way:
    """One channel a recipient is told by.

    Attributes:
        address: a chatid, a mail address or a userid; empty where the directory has none.
        required: without it nobody counts as told.
        state: ``failed`` also for what is in doubt: what nobody knows to have arrived deems nobody.
        at: when it was delivered or failed (desk time). ``reason`` why it failed.
        tries: how often it was told anew.
    """

    channel: Channel
    address: str
    required: bool
    state: Literal["waiting", "delivered", "failed"] = "waiting"
    at: datetime | None = None
    reason: str = ""
    tries: int = 0


@dataclass(frozen=True)
class ReceiptEvent:
    """Something that happened to a receipt.

    Attributes:
        at: when our record of it was made (aware UTC). ``by`` userid; None is the clock or a channel.
        facts: what the evidence sheet says of it; JSON values only.
        change: the receipt's fields after it.
    """

    verb: ReceiptVerb
    at: datetime
    by: str | None
    facts: Mapping[str, Any]
    change: Mapping[str, Any]


@dataclass(frozen=True)
class Receipt:
    """One recipient's side of a notice.

    Attributes:
        key: what makes it this person's: their userid, else their mail address, folded.
        partner: its id; None for our own people and addresses of nobody's.
        ours: one of our own people, whom silence binds to nothing.
        starts_at: when the last required channel was delivered. ``due`` the end of the clause's span from
            then; ``remind_at`` half of it. All None until then; without a clause the last two stay so.
        calendar: fingerprint of the calendar they are counted by; empty before there is anything to count.
        acknowledged_at, acknowledged_by, how, note: the answer; ``note`` where somebody gave it for them.
        order: the work order their question opened.
        deemed_at: the moment silence had lasted long enough.
    """

    id: int
    notice: int
    key: str
    name: str
    ways: tuple[Way, ...]
    partner: int | None = None
    ours: bool = False
    userid: str | None = None
    email: str | None = None
    chatid: str | None = None
    state: ReceiptState = ReceiptState.WAITING
    starts_at: datetime | None = None
    due: datetime | None = None
    remind_at: datetime | None = None
    calendar: str = ""
    reminded_at: datetime | None = None
    acknowledged_at: datetime | None = None
    acknowledged_by: str | None = None
    how: How | None = None
    note: str = ""
    order: int | None = None
    deemed_at: datetime | None = None

    def after(self, event: ReceiptEvent) -> Receipt:
        """The receipt after that event."""
        return replace(self, **event.change)

    @property
    def unreached(self) -> tuple[Way, ...]:
        """The required ways that failed."""
        return tuple(way for way in self.ways if way.required and way.state == "failed")

    @property
    def told_at(self) -> datetime | None:
        """When the last required way was delivered; None while one is not."""
        moments = [way.at for way in self.ways if way.required]
        reached = all(way.state == "delivered" for way in self.ways if way.required)
        return max((m for m in moments if m), default=None) if reached else None

    @property
    def silent(self) -> bool:
        """They were told, or are being told, and have said nothing yet."""
        return self.state is ReceiptState.WAITING

    def with_way(self, channel: Channel, **change: Any) -> tuple[Way, ...]:
        """The ways with that one changed."""
        return tuple(replace(way, **change) if way.channel == channel else way for way in self.ways)

    def way(self, channel: Channel) -> Way | None:
        return next((way for way in self.ways if way.channel == channel), None)
