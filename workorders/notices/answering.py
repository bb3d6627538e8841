"""What recipients say to a notice: 收到, 有疑问; and what counts for nothing, kept as evidence."""

from __future__ import annotations

from dataclasses import dataclass

from workorders.directory.people import Group, Person
from workorders.errors import Incomplete
from workorders.notices.decide import acknowledge, question
from workorders.notices.errors import AlreadyAcknowledged, NoSuchNotice, NotAnnouncer, NotTold
from workorders.notices.notice import Notice, announces
from workorders.notices.office import Office
from workorders.notices.receipt import How, Receipt
from workorders.orders.order import Kind as OrderKind


@dataclass(frozen=True)
class Answering(Office):
    """What recipients do."""

    def acknowledge(self, number: int, by: Person, how: How) -> Receipt:
        """收到, by the recipient.

        Raises:
            NoSuchNotice: there is none they may know of. NotTold, NoticeOver, AlreadyAcknowledged: as they
                say; kept as evidence, no count changed.
        """
        notice, receipt = self._asked(number, by, how)
        return self._acknowledged(notice, receipt, by.userid, how)

    def acknowledge_by_link(self, receipt_id: int) -> Receipt:
        """收到, by whoever holds the link of one recipient's mail.

        Raises:
            NoSuchNotice, NoticeOver, AlreadyAcknowledged: kept as evidence, no count changed.
        """
        notice, receipt = self._of_link(receipt_id)
        return self._acknowledged(notice, receipt, receipt.email or receipt.key, "mail")

    def acknowledge_for(self, receipt_id: int, by: Person, note: str) -> Receipt:
        """收到, taken down for somebody by one of our people, who says how (a phone call).

        Raises:
            Incomplete: no note. NotAnnouncer, NoSuchNotice, NoticeOver, AlreadyAcknowledged: as they say.
        """
        if by.side != "us":
            raise NotAnnouncer(None, by.name)
        if not note.strip():
            raise Incomplete("reason")
        receipt = self.notices.lock_receipt(receipt_id)
        if receipt is None:
            raise NoSuchNotice(0)
        notice = self._standing(receipt.notice, receipt, by.userid, "phone")
        return self._acknowledged(notice, receipt, by.userid, "phone", note.strip())

    def may_ask(self, number: int, by: Person, how: How) -> None:
        """Judge whether that person may ask, before anybody asks them for words.

        Raises:
            NoSuchNotice, NotTold, NoticeOver: as for :meth:`acknowledge`.
        """
        self._asked(number, by, how)

    def question(self, number: int, by: Person, text: str, how: How, group: Group | None = None) -> Receipt:
        """有疑问: opens a work order about it and stops deeming; more words go to the order that is open.

        Args:
            text: the question, masked already.
            group: the group it was asked in, None for a 1:1.

        Raises:
            Incomplete: no words. NoSuchNotice, NotTold, NoticeOver: as for :meth:`acknowledge`.
        """
        notice, receipt = self._asked(number, by, how)
        return self._questioned(notice, receipt, by, text, how, group)

    def question_by_link(self, receipt_id: int, text: str) -> Receipt:
        """有疑问, by whoever holds the link of one recipient's mail."""
        notice, receipt = self._of_link(receipt_id)
        by = self.directory.person(receipt.userid or receipt.key)
        group = self.directory.group(receipt.chatid) if receipt.chatid else None
        return self._questioned(notice, receipt, by, text, "mail", group)

    def waiting_of(self, person: Person) -> list[tuple[Notice, Receipt]]:
        """The notices that wait for that person's answer, oldest first."""
        return [
            (notice, receipt)
            for receipt in self.notices.waiting_of(person.userid.lower())
            if (notice := self.notices.read(receipt.notice)) is not None and notice.out
        ]

    def shown_to(self, number: int, person: Person) -> tuple[Notice, Receipt | None]:
        """The notice and that person's receipt, for a page or a card.

        Raises:
            NoSuchNotice: there is none they may know of.
        """
        notice = self.notices.read(number)
        receipt = self.notices.receipt_of(number, person.userid.lower()) if notice else None
        if notice is None or not (receipt or self._may_know(notice, person)):
            raise NoSuchNotice(number)
        return notice, receipt

    def _may_know(self, notice: Notice, person: Person) -> bool:
        """Whether what was told to others is that person's to read: our own people, and their colleagues."""
        if person.side == "us":
            return notice.headcount > 0 or announces(person)
        return person.partner is not None and bool(self.notices.of_partner(notice.number, person.partner.id))

    def by_link(self, receipt_id: int) -> tuple[Notice, Receipt]:
        """What the link of one recipient's mail shows.

        Raises:
            NoSuchNotice: there is none.
        """
        receipt = self.notices.receipt(receipt_id)
        notice = self.notices.read(receipt.notice) if receipt else None
        if receipt is None or notice is None:
            raise NoSuchNotice(0)
        return notice, receipt

    def _asked(self, number: int, by: Person, how: str) -> tuple[Notice, Receipt]:
        """What an answer is about, the receipt locked; one that counts for nothing is kept as evidence."""
        notice = self.notices.read(number)
        if notice is None or not notice.headcount:
            raise NoSuchNotice(number)
        mine = self.notices.receipt_of(number, by.userid.lower())
        receipt = self.notices.lock_receipt(mine.id) if mine else None
        if receipt is None:
            self._refused(notice, None, by.userid, how, "not told")
            if not self._may_know(notice, by):
                raise NoSuchNotice(number)
            colleagues = self.notices.of_partner(number, by.partner.id) if by.partner else []
            raise NotTold(number, tuple(r.name for r in colleagues))
        return self._standing(number, receipt, by.userid, how), receipt

    def _of_link(self, receipt_id: int) -> tuple[Notice, Receipt]:
        receipt = self.notices.lock_receipt(receipt_id)
        if receipt is None:
            raise NoSuchNotice(0)
        return self._standing(receipt.notice, receipt, receipt.email or receipt.key, "mail"), receipt

    def _acknowledged(self, notice: Notice, receipt: Receipt, by: str, how: How, note: str = "") -> Receipt:
        now = self._later(receipt)
        receipt = self._brought_up(notice, receipt, now)
        try:
            event = acknowledge(receipt, now, by, how, note)
        except AlreadyAcknowledged:
            self._refused(notice, receipt, by, how, "acknowledged before")
            raise
        return self._kept(notice, receipt.after(event), [event])

    def _questioned(
        self, notice: Notice, receipt: Receipt, by: Person, text: str, how: How, group: Group | None
    ) -> Receipt:
        if not text.strip():
            raise Incomplete("question")
        now = self._later(receipt)
        receipt = self._brought_up(notice, receipt, now)
        words = f"对通知 {notice.name}「{notice.title}」的疑问：{text.strip()}"
        known = self.orders.orders.read(receipt.order) if receipt.order else None
        if known is not None and known.live:
            order = self.orders.said(known.number, by, text.strip())
        else:
            group = group or (self.directory.group(receipt.chatid) if receipt.chatid else None)
            order = self.orders.open(OrderKind.DAILY, words, by, group)
        event = question(receipt, now, by.userid, how, order.number, text.strip())
        facts = {"who": self._who(receipt), "text": text.strip(), "order": order.number}
        self._tell(
            notice,
            "notice_questioned",
            f"questioned.{receipt.id}.{order.number}",
            {**facts, "at": now.isoformat()},
        )
        return self._kept(notice, receipt.after(event), [event])
