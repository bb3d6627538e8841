"""What notices need from outside: a store that joins the caller's unit of work, and never commits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from workorders.notices.audience import Recipient
from workorders.notices.notice import Event, Notice
from workorders.notices.receipt import Receipt, ReceiptEvent, ReceiptState


@dataclass(frozen=True)
class Kept:
    """A receipt as its events made it, and when it must be looked at next."""

    receipt: Receipt
    events: Sequence[ReceiptEvent]
    look_at: datetime | None


class NoticeStore(Protocol):
    """Notices, receipts and everything that happened to them."""

    def begin(self, event: Event) -> Notice:
        """A new notice made and recorded by its first event, with the next number from 1."""

    def lock(self, number: int) -> Notice | None:
        """The notice, its row locked until the unit ends; None where there is none."""

    def read(self, number: int) -> Notice | None:
        """The notice as it was last committed or changed in this unit."""

    def record(self, notice: Notice, events: Sequence[Event], look_at: datetime | None) -> None:
        """Append the events, perhaps none, and keep ``notice`` as the snapshot they make."""

    def events(self, number: int) -> list[Event]:
        """Everything that happened to the notice, in order."""

    def latest(self, limit: int) -> list[Notice]:
        """The newest notices, newest first."""

    def proposed(self, proposal: str) -> bool:
        """Whether something was proposed under that name before."""

    def add_receipts(self, number: int, recipients: Sequence[Recipient]) -> None:
        """One receipt for each, in order; one that is there already stays as it is."""

    def lock_receipt(self, id: int) -> Receipt | None:
        """The receipt, its row locked until the unit ends."""

    def receipt(self, id: int) -> Receipt | None:
        """The receipt as it stands."""

    def receipt_of(self, number: int, key: str) -> Receipt | None:
        """That person's receipt of the notice; ``key`` as :class:`Receipt` has it."""

    def keep_all(self, kept: Sequence[Kept]) -> None:
        """Append each one's events, perhaps none, and keep the receipt as they made it."""

    def note(self, number: int, receipt: int | None, event: ReceiptEvent) -> None:
        """Append an event that changes nothing."""

    def waiting_of(self, key: str) -> list[Receipt]:
        """The receipts of that person that wait for an answer, oldest first."""

    def lock_group(self, number: int, chatid: str) -> list[Receipt]:
        """The receipts a post into that group serves, by id, their rows locked until the unit ends."""

    def told_among(self, number: int, receipts: Sequence[Receipt]) -> tuple[frozenset[str], frozenset[str]]:
        """Keys and chatids of the notice, as far as those receipts of another one have them, too."""

    def mailed_to(self, address: str, number: int | None) -> list[int]:
        """The newest receipts told by that mail address (folded), of that notice or of any, by id."""

    def of_partner(self, number: int, partner: int) -> list[Receipt]:
        """That partner's receipts of the notice."""

    def in_state(self, number: int, state: ReceiptState | None, limit: int) -> list[Receipt]:
        """Receipts of the notice in that state, or in any, by id."""

    def next_receipts(
        self, number: int, after: int, limit: int, state: ReceiptState | None, until: int | None
    ) -> list[Receipt]:
        """The receipts after that id, by id; only of that state and up to that id where given."""

    def counts(
        self, number: int, state: ReceiptState | None = None
    ) -> Mapping[tuple[int | None, ReceiptState], int]:
        """How many receipts there are by partner and state."""

    def next_due(self, number: int, now: datetime) -> datetime | None:
        """When somebody's time is next up; None where nobody's runs."""

    def evidence(self, number: int) -> list[tuple[int | None, ReceiptEvent]]:
        """Everything that happened to the notice's receipts, in order, with whose it was."""
