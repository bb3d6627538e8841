"""What every use case of notices stands on: the stores of one unit, and how what happened is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from workorders.agreement.clauses import Agreement
from workorders.directory.people import Directory
from workorders.notices import telling
from workorders.notices.audience import AddressBook, Reading, read
from workorders.notices.decide import decide, recount, settle
from workorders.notices.errors import NoticeOver
from workorders.notices.notice import FORMS, Audience, Event, Kind, Notice
from workorders.notices.receipt import Receipt, ReceiptEvent, ReceiptVerb
from workorders.notices.store import Kept, NoticeStore
from workorders.orders.desk import OrderDesk
from workorders.ports import LetterBox, Now


@dataclass(frozen=True)
class Office:
    """The stores, the clock and the agreement of one unit of work.

    Args:
        agreement: the clauses and the calendar.
        notices, letters, directory, book: stores joined to the caller's unit of work.
        orders: where a question opens a work order.
        now: reads desk time (aware UTC), after the lock.
    """

    agreement: Agreement
    notices: NoticeStore
    letters: LetterBox
    directory: Directory
    book: AddressBook
    orders: OrderDesk
    now: Now

    def _recorded(self, notice: Notice, event: Event, look_at: datetime | None) -> Notice:
        after = notice.after(event)
        self.notices.record(after, [event], look_at)
        return after

    def _standing(self, number: int, receipt: Receipt, by: str, how: str) -> Notice:
        notice = self.notices.read(number)
        assert notice is not None
        if notice.over:
            self._refused(notice, receipt, by, how, notice.state)
            told = notice.corrected_by and self.notices.receipt_of(notice.corrected_by, receipt.key)
            raise NoticeOver(number, notice.state, notice.corrected_by if told else None)
        return notice

    def _brought_up(self, notice: Notice, receipt: Receipt, now: datetime) -> Receipt:
        """The past first: silence that had lasted long enough, by today's calendar, is deemed."""
        clause = notice.clause(receipt.partner)
        anew = None if notice.over else recount(receipt, clause, self.agreement, now)
        if anew is not None:
            receipt = self._kept(notice, receipt.after(anew), [anew])
        events = settle(receipt, clause, now, over=notice.over)
        for event in events:
            if event.verb is ReceiptVerb.REMIND:
                self.letters.post_all(telling.reminding(notice, receipt, "half"))
            receipt = receipt.after(event)
        return self._kept(notice, receipt, events)

    def _kept(self, notice: Notice, receipt: Receipt, events: list[ReceiptEvent]) -> Receipt:
        self.notices.keep_all([self._as_kept(notice, receipt, events)])
        return receipt

    def _as_kept(self, notice: Notice, receipt: Receipt, events: list[ReceiptEvent]) -> Kept:
        now = self.now()
        look = decide(receipt, notice.clause(receipt.partner), now, over=notice.over)
        return Kept(receipt, events, now if look.deems or look.reminds else look.look_at)

    def _refused(self, notice: Notice, receipt: Receipt | None, by: str, how: str, why: str) -> None:
        """An answer that counts for nothing, kept as evidence."""
        facts = {"how": how, "why": why}
        event = ReceiptEvent(ReceiptVerb.REFUSED, self.now(), by, facts, {})
        self.notices.note(notice.number, receipt.id if receipt else None, event)

    def _later(self, receipt: Receipt) -> datetime:
        """Now, never before anything the receipt already knows."""
        moments = (receipt.starts_at, receipt.acknowledged_at, receipt.reminded_at)
        return max([self.now(), *(m for m in moments if m), *(w.at for w in receipt.ways if w.at)])

    def _who(self, receipt: Receipt) -> str:
        partner = self.directory.partner(receipt.partner) if receipt.partner else None
        return f"{partner.name} {receipt.name}" if partner else receipt.name

    def _tell(self, notice: Notice, kind: str, occasion: str, facts: dict[str, Any]) -> None:
        """Whoever composed and whoever approved it."""
        for userid in dict.fromkeys(u for u in (notice.composer, notice.approver) if u):
            self.letters.post(telling.for_operator(notice, userid, kind, occasion, facts))

    def reading(self, kind: Kind, audience: Audience | None) -> Reading:
        """Who would be told now, and what would keep some of them from it.

        Raises:
            UnknownRecipient: somebody picked is nobody's userid and no mail address.
        """
        return read(audience or FORMS[kind].audience, FORMS[kind], self.book, self.now())
