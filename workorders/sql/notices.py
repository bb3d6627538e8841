"""Notices and receipts on SQLAlchemy Core: rows to frozen values, changes to updates under the row's lock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, func, insert, or_, select, true, update

from workorders.notices.audience import Recipient
from workorders.notices.notice import Event, Notice
from workorders.notices.receipt import Receipt, ReceiptEvent, ReceiptState, ReceiptVerb
from workorders.notices.store import Kept
from workorders.sql.codec import Codec
from workorders.sql.histories import NOTICES
from workorders.sql.notice_tables import notice, receipt, receipt_event
from workorders.sql.waking import WakingRows, looked

_RECEIPTS = Codec(Receipt)

# A broadcast sends each of these tens of thousands of times: they are built once.
_RECEIPT = select(receipt.c.id, receipt.c.snapshot).where(receipt.c.id == bindparam("b_id"))
_LOCK_RECEIPT = _RECEIPT.with_for_update()
_LOCK_GROUP = (
    select(receipt.c.id, receipt.c.snapshot)
    .where(receipt.c.notice_number == bindparam("b_number"), receipt.c.chatid == bindparam("b_chatid"))
    .order_by(receipt.c.id)
    .with_for_update()
)
_KEEP = update(receipt).where(receipt.c.id == bindparam("b_id"))
_NOTE = insert(receipt_event)
#: Rows of one INSERT.
_AT_ONCE = 1000


@dataclass(frozen=True)
class SqlNotices:
    """The :class:`workorders.notices.store.NoticeStore` of one unit of work."""

    conn: Connection

    # Notices

    def begin(self, event: Event) -> Notice:
        begun = NOTICES.begin(self.conn, event)
        self.record(begun, [event], None)
        return begun

    def lock(self, number: int) -> Notice | None:
        return NOTICES.lock(self.conn, number)

    def hold(self, number: int) -> Notice | None:
        """The notice, kept from changing until the unit ends; others may hold it too."""
        return NOTICES.lock(self.conn, number, shared=True)

    def read(self, number: int) -> Notice | None:
        return NOTICES.read(self.conn, number)

    def record(self, changed: Notice, events: Sequence[Event], look_at: datetime | None) -> None:
        NOTICES.record(self.conn, changed, events, look_at)

    def events(self, number: int) -> list[Event]:
        return NOTICES.events_of(self.conn, number)

    def latest(self, limit: int) -> list[Notice]:
        return NOTICES.found(self.conn, true(), notice.c.number.desc(), most=limit)

    def proposed(self, proposal: str) -> bool:
        found = self.conn.execute(select(notice.c.number).where(notice.c.proposal == proposal))
        return found.first() is not None

    @property
    def waking(self) -> WakingRows:
        """Notices that wake by themselves: broadcasts under way."""
        return WakingRows(self.conn, notice, notice.c.number)

    @property
    def receipts_waking(self) -> WakingRows:
        """Receipts that wake by themselves: half their time, and all of it."""
        return WakingRows(self.conn, receipt, receipt.c.id)

    # Receipts

    def look_again(self, now: datetime) -> None:
        """Let receipts whose time runs be looked at by ``now`` (desk time): the calendar was corrected."""
        runs = (receipt.c.state == ReceiptState.WAITING, receipt.c.due.is_not(None))
        later = or_(receipt.c.look_at.is_(None), receipt.c.look_at > now)
        self.conn.execute(update(receipt).where(*runs, later).values(look_at=now))

    def add_receipts(self, number: int, recipients: Sequence[Recipient]) -> None:
        for start in range(0, len(recipients), _AT_ONCE):
            rows = []
            for each in recipients[start : start + _AT_ONCE]:
                unreachable = any(way.required and way.state == "failed" for way in each.ways)
                made = Receipt(
                    id=0,
                    notice=number,
                    key=each.key,
                    name=each.name,
                    ways=each.ways,
                    partner=None if each.ours else each.partner,
                    ours=each.ours,
                    userid=each.userid,
                    email=each.email,
                    chatid=each.chatid,
                    state=ReceiptState.UNREACHABLE if unreachable else ReceiptState.WAITING,
                )
                rows.append(
                    {
                        "notice_number": number,
                        "key": each.key,
                        **_receipt_columns(made),
                        "snapshot": _RECEIPTS.dump(made),
                    }
                )
            self.conn.execute(insert(receipt), rows)

    def lock_receipt(self, id: int) -> Receipt | None:
        return next(iter(self._loaded(_LOCK_RECEIPT, b_id=id)), None)

    def lock_group(self, number: int, chatid: str) -> list[Receipt]:
        return self._loaded(_LOCK_GROUP, b_number=number, b_chatid=chatid)

    def receipt(self, id: int) -> Receipt | None:
        return next(iter(self._loaded(_RECEIPT, b_id=id)), None)

    def receipt_of(self, number: int, key: str) -> Receipt | None:
        found = self._receipts(receipt.c.notice_number == number, receipt.c.key == key)
        return found[0] if found else None

    def keep_all(self, kept: Sequence[Kept]) -> None:
        events = [_event_row(k.receipt.notice, k.receipt.id, event) for k in kept for event in k.events]
        if events:
            self.conn.execute(_NOTE, events)
        rows = [
            {
                "b_id": k.receipt.id,
                **_receipt_columns(k.receipt),
                "snapshot": _RECEIPTS.dump(k.receipt),
                **looked(k.look_at),
            }
            for k in kept
        ]
        if rows:
            self.conn.execute(_KEEP, rows)

    def note(self, number: int, receipt_id: int | None, event: ReceiptEvent) -> None:
        self.conn.execute(_NOTE, [_event_row(number, receipt_id, event)])

    def waiting_of(self, key: str) -> list[Receipt]:
        return self._receipts(receipt.c.key == key, receipt.c.state == ReceiptState.WAITING)

    def told_among(self, number: int, receipts: Sequence[Receipt]) -> tuple[frozenset[str], frozenset[str]]:
        keys, chatids = {r.key for r in receipts}, {r.chatid for r in receipts if r.chatid}
        rows = self.conn.execute(
            select(receipt.c.key, receipt.c.chatid).where(
                receipt.c.notice_number == number, or_(receipt.c.key.in_(keys), receipt.c.chatid.in_(chatids))
            )
        ).all()
        return frozenset(r.key for r in rows), frozenset(r.chatid for r in rows if r.chatid)

    def mailed_to(self, address: str, number: int | None) -> list[int]:
        where = [receipt.c.email_key == address]
        if number is not None:
            where.append(receipt.c.notice_number == number)
        return self._ids(*where)[-20:]

    def of_partner(self, number: int, partner: int) -> list[Receipt]:
        return self._receipts(receipt.c.notice_number == number, receipt.c.partner_id == partner, limit=20)

    def in_state(self, number: int, state: ReceiptState | None, limit: int) -> list[Receipt]:
        where = [receipt.c.notice_number == number]
        if state is not None:
            where.append(receipt.c.state == state)
        return self._receipts(*where, limit=limit)

    def next_receipts(
        self, number: int, after: int, limit: int, state: ReceiptState | None, until: int | None
    ) -> list[Receipt]:
        where = [receipt.c.notice_number == number, receipt.c.id > after]
        if state is not None:
            where.append(receipt.c.state == state)
        if until is not None:
            where.append(receipt.c.id <= until)
        return self._receipts(*where, limit=limit)

    def counts(
        self, number: int, state: ReceiptState | None = None
    ) -> Mapping[tuple[int | None, ReceiptState], int]:
        where = [receipt.c.notice_number == number]
        if state is not None:
            where.append(receipt.c.state == state)
        rows = self.conn.execute(
            select(receipt.c.partner_id, receipt.c.state, func.count())
            .where(*where)
            .group_by(receipt.c.partner_id, receipt.c.state)
        )
        return {(row[0], ReceiptState(row[1])): row[2] for row in rows}

    def unconfirmed(self) -> int:
        """How many receipts wait for an answer, of whatever notice."""
        waiting = select(func.count()).where(receipt.c.state == ReceiptState.WAITING)
        return int(self.conn.execute(waiting).scalar_one())

    def next_due(self, number: int, now: datetime) -> datetime | None:
        found: datetime | None = self.conn.execute(
            select(func.min(receipt.c.due)).where(
                receipt.c.notice_number == number,
                receipt.c.state == ReceiptState.WAITING,
                receipt.c.due >= now,
            )
        ).scalar_one()
        return found

    def evidence(self, number: int) -> list[tuple[int | None, ReceiptEvent]]:
        rows = self.conn.execute(
            select(receipt_event).where(receipt_event.c.notice_number == number).order_by(receipt_event.c.id)
        )
        return [(r.receipt_id, ReceiptEvent(ReceiptVerb(r.verb), r.at, r.by, r.facts, {})) for r in rows]

    def _receipts(self, *where: ColumnElement[bool], limit: int | None = None) -> list[Receipt]:
        found = select(receipt.c.id, receipt.c.snapshot).where(*where).order_by(receipt.c.id).limit(limit)
        return self._loaded(found)

    def _loaded(self, statement: Any, **values: Any) -> list[Receipt]:
        # The number is the database's to give, and a snapshot is written before it is known.
        rows = self.conn.execute(statement, values)
        return [_RECEIPTS.load({**row.snapshot, "id": row.id}) for row in rows]

    def _ids(self, *where: ColumnElement[bool]) -> list[int]:
        return list(self.conn.execute(select(receipt.c.id).where(*where).order_by(receipt.c.id)).scalars())


def _receipt_columns(held: Receipt) -> dict[str, Any]:
    return {
        "state": held.state,
        "partner_id": held.partner,
        "chatid": held.chatid,
        "email_key": held.email.lower() if held.email else None,
        "due": held.due,
    }


def _event_row(number: int, receipt_id: int | None, event: ReceiptEvent) -> dict[str, Any]:
    return {
        "notice_number": number,
        "receipt_id": receipt_id,
        "verb": event.verb,
        "at": event.at,
        "by": event.by,
        "facts": dict(event.facts),
    }
