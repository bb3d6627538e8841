"""A broadcast under way: batches of letters, what became of each, and what silence comes to.

What is written for thousands is written in batches by the clock, each its own unit: killed at any line, the
next round goes on where the last one stood. No more is written while enough letters wait to go out, so that
urgent work never stands behind a broadcast.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from workorders.directory.people import Person
from workorders.letters import Channel, Letter
from workorders.notices import telling
from workorders.notices.decide import delivered, failed, redeliver
from workorders.notices.errors import NoSuchNotice, NotAnnouncer, NothingToRedeliver
from workorders.notices.notice import Notice, State, Verb, announces
from workorders.notices.office import Office
from workorders.notices.receipt import Receipt, ReceiptEvent, ReceiptState, ReceiptVerb
from workorders.notices.store import Kept

#: Receipts whose letters are written in one unit; no more while so many letters wait to go out.
BATCH, BACKLOG = 250, 500
#: How soon the clock looks again at a broadcast that is under way, and how soon it writes another batch: the
#: corp may send 10,000 app messages a minute (wecom.md §5.3), and others have something to say too.
_SOON, _PACE = timedelta(seconds=1), timedelta(seconds=2)
#: Unreachable recipients the operator is told of one by one; beyond, the list has them.
_ONE_BY_ONE = 10


@dataclass(frozen=True)
class Broadcasting(Office):
    """What the clock and the lanes do."""

    def went(self, letter: Letter, facts: Mapping[str, Any]) -> None:
        """A letter of a notice was delivered; ``facts`` name its delivery and message id."""
        self._outcome(letter, dict(facts), None)

    def failed(self, letter: Letter, reason: str, facts: Mapping[str, Any]) -> None:
        """A letter of a notice was given up, or nobody knows whether it arrived."""
        self._outcome(letter, dict(facts), reason)

    def bounced(self, address: str, reason: str, number: int | None = None) -> list[Receipt]:
        """Mail to that address came back, perhaps long after it was taken.

        Args:
            number: the notice it was about; without it, every one that still stands.

        Returns:
            The receipts it changed.
        """
        changed = []
        for found in self.notices.mailed_to(address.lower(), number):
            receipt = self.notices.lock_receipt(found)
            notice = self.notices.read(receipt.notice) if receipt else None
            if receipt is None or notice is None or notice.over:
                continue
            way = receipt.way("mail")
            if way is None or way.state == "failed":
                continue
            now = self._later(receipt)
            facts = {"channel": "mail", "address": address}
            event = failed(receipt, "mail", now, reason, facts, ReceiptVerb.BOUNCE)
            self._tell_unreachable(notice, receipt, receipt.after(event), now)
            changed.append(self._kept(notice, receipt.after(event), [event]))
        return changed

    def redeliver(self, receipt_id: int, by: Person) -> Receipt:
        """Send anew by the required ways that failed, to what the directory now says.

        Raises:
            NotAnnouncer, NoSuchNotice, NoticeOver, NothingToRedeliver: as they say.
        """
        if not announces(by):
            raise NotAnnouncer(None, by.name)
        receipt = self.notices.lock_receipt(receipt_id)
        if receipt is None:
            raise NoSuchNotice(0)
        notice = self._standing(receipt.notice, receipt, by.userid, "redeliver")
        event = redeliver(receipt, self._later(receipt), by.userid, self._addresses(receipt))
        if not event.facts["channels"]:
            raise NothingToRedeliver(notice.number, receipt.name)
        before, receipt = receipt, receipt.after(event)
        again = [
            letter
            for letter in telling.announcing(notice, receipt)
            if (way := before.way(letter.channel)) is not None and way.state == "failed"
        ]
        self.letters.post_all(again)
        return self._kept(notice, receipt, [event])

    def _addresses(self, receipt: Receipt) -> Mapping[Channel, str]:
        person = self.directory.person(receipt.userid) if receipt.userid else None
        group = self.book.groups().get(None if receipt.ours else receipt.partner)
        mail = (person.email if person else None) or receipt.email
        return {"mail": mail or "", "group": group.chatid if group else ""}

    def _outcome(self, letter: Letter, facts: dict[str, Any], reason: str | None) -> None:
        if letter.kind not in telling.TOLD:
            return
        notice = self.notices.read(int(letter.subject.partition(":")[2]))
        if notice is None:
            return
        shared = letter.channel == "group" and letter.occasion in ("send", "recall")
        receipts = (
            self.notices.lock_group(notice.number, letter.recipient)
            if shared
            else [self.notices.lock_receipt(int(letter.facts["receipt"]))]
        )
        facts |= {"channel": letter.channel, "address": letter.recipient, "occasion": letter.occasion}
        kept: list[Kept] = []
        for receipt in receipts:
            if receipt is None:
                continue
            now = self._later(receipt)
            way = receipt.way(letter.channel)
            if letter.kind != "notice" or way is None or way.address != letter.recipient:
                verb = ReceiptVerb.TOLD if reason is None else ReceiptVerb.FAILED
                note = {} if reason is None else {"reason": reason}
                kept.append(
                    self._as_kept(notice, receipt, [ReceiptEvent(verb, now, None, {**facts, **note}, {})])
                )
            elif reason is None:
                clause = notice.clause(receipt.partner)
                event = delivered(receipt, letter.channel, clause, self.agreement, now, facts)
                kept.append(self._as_kept(notice, receipt.after(event), [event]))
            else:
                event = failed(receipt, letter.channel, now, reason, facts)
                self._tell_unreachable(notice, receipt, receipt.after(event), now)
                kept.append(self._as_kept(notice, receipt.after(event), [event]))
        self.notices.keep_all(kept)

    def _tell_unreachable(self, notice: Notice, before: Receipt, after: Receipt, now: datetime) -> None:
        """The operator learns who cannot be reached and why, while they are few enough to be read."""
        if after.state is not ReceiptState.UNREACHABLE or before.state is after.state:
            return
        known = sum(self.notices.counts(notice.number, ReceiptState.UNREACHABLE).values())
        if known >= _ONE_BY_ONE and notice.state is State.SENDING:
            return
        facts = {
            "receipt": after.id,
            "who": self._who(after),
            "reason": "；".join(way.reason for way in after.unreached),
            "was_deemed": before.state is ReceiptState.DEEMED,
            "at": now.isoformat(),
        }
        times = sum(way.tries for way in after.ways)
        self._tell(notice, "notice_unreachable", f"unreachable.{after.id}.{times}.{before.state}", facts)

    def settle(self, number: int) -> Notice | None:
        """Take a broadcast one batch further, for the sweep."""
        notice = self.notices.lock(number)
        if notice is None:
            return None
        return self._settled(notice, max(self.now(), notice.last_at))

    def settle_receipt(self, id: int) -> Receipt | None:
        """Bring one receipt up to the present, for the sweep."""
        receipt = self.notices.lock_receipt(id)
        notice = self.notices.read(receipt.notice) if receipt else None
        if receipt is None or notice is None:
            return None
        return self._brought_up(notice, receipt, self._later(receipt))

    def _settled(self, notice: Notice, now: datetime) -> Notice:
        if notice.state is State.SENDING and notice.starts_at and now < notice.starts_at:
            self.notices.record(notice, [], notice.starts_at)
            return notice
        if notice.state is State.SENDING and not notice.headcount:
            notice = self._began(notice, now)
        if notice.wave:
            return self._posted(notice, now)
        if notice.state is State.SENDING and notice.headcount:
            return self._finished(notice, now)
        self.notices.record(notice, [], None)
        return notice

    def _began(self, notice: Notice, now: datetime) -> Notice:
        """Who is told is who the directory now names; what the old notice said stands no more."""
        recipients = self.reading(notice.kind, notice.audience).recipients
        self.notices.add_receipts(notice.number, recipients)
        facts = {"headcount": len(recipients)}
        if not recipients:  # everybody meant has left since it was approved
            return self._recorded(
                notice, notice.happened(Verb.SENT, now, None, facts, state=State.SENT), None
            )
        event = notice.happened(Verb.BEGIN, now, None, facts, headcount=len(recipients), wave="send")
        if notice.corrects and (old := self.notices.lock(notice.corrects)) and old.out:
            at = max(now, old.last_at)
            instead = old.happened(
                Verb.CORRECT,
                at,
                notice.state_by,
                {"by": notice.number},
                state=State.CORRECTED,
                corrected_by=notice.number,
                wave="recall",
                cursor=0,
            )
            self._recorded(old, instead, at)
        return self._recorded(notice, event, now)

    def _posted(self, notice: Notice, now: datetime) -> Notice:
        """The next batch of the wave, unless enough letters wait to go out already."""
        if self.letters.waiting_about(telling.subject(notice.number), BACKLOG) >= BACKLOG:
            self.notices.record(notice, [], now + _SOON)
            return notice
        kind, _, _ = notice.wave.partition(".")
        silent = ReceiptState.WAITING if kind == "remind" else None
        until = notice.reached if kind == "recall" else None
        batch = self.notices.next_receipts(notice.number, notice.cursor, BATCH, silent, until)
        # Whoever hears the correction needs no word that the old notice stands no more.
        instead = notice.corrected_by if kind == "recall" else None
        hear, groups = self.notices.told_among(instead, batch) if instead else (frozenset(), frozenset())
        letters: list[Letter] = []
        for receipt in batch:
            match kind:
                case "send":
                    letters += telling.announcing(notice, receipt)
                case "remind":
                    letters += telling.reminding(notice, receipt, notice.wave)
                case "recall":
                    if receipt.key not in hear:
                        letters += telling.recalling(notice, receipt, but=groups)
        self.letters.post_all(letters)
        last = batch[-1].id if batch else notice.cursor
        reached = last if kind == "send" else notice.reached
        if len(batch) == BATCH:
            moved = replace(notice, cursor=last, reached=reached)
            self.notices.record(moved, [], now + _PACE)
        else:
            moved = replace(notice, wave="", cursor=0, reached=reached)
            self.notices.record(moved, [], now + _SOON if moved.state is State.SENDING else None)
        return moved

    def _finished(self, notice: Notice, now: datetime) -> Notice:
        """Sent, once every letter of it has come to an end; the composer is told the outcome."""
        if self.letters.waiting_about(telling.subject(notice.number), 1):
            self.notices.record(notice, [], now + _SOON)
            return notice
        counts = self.notices.counts(notice.number)
        unreachable = sum(n for (_, state), n in counts.items() if state is ReceiptState.UNREACHABLE)
        facts = {"headcount": notice.headcount, "unreachable": unreachable}
        sent = self._recorded(notice, notice.happened(Verb.SENT, now, None, facts, state=State.SENT), None)
        names = [self._who(r) for r in self.notices.in_state(notice.number, ReceiptState.UNREACHABLE, 5)]
        self._tell(sent, "notice_sent", "sent", {**facts, "names": names, "at": now.isoformat()})
        return sent
