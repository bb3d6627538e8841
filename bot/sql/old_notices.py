"""Notices whose evidence was kept long enough: what told of them goes first, the notice itself last.

They are as old as the later of two moments: the last thing done with them, and when what they announced
took effect. Until then all of it stays, or it would prove nothing; after it nothing does, not even a count.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, cast, delete, exists, literal, or_, select
from sqlalchemy.engine import Row

from bot.sql.holds import Held
from bot.sql.unit import Unit
from workorders.notices.notice import State
from workorders.sql.notice_tables import notice, notice_event, receipt, receipt_event
from workorders.sql.tables import delivery, letter

_ENDED = notice.c.snapshot["last_at"].as_string()
_EFFECTIVE = notice.c.snapshot["effective"].as_string()


def _old(before: datetime, held: Held) -> ColumnElement[bool]:
    moment = before.isoformat()
    return and_(
        notice.c.state != State.SENDING,
        notice.c.look_at.is_(None),
        moment > _ENDED,
        or_(_EFFECTIVE.is_(None), moment > _EFFECTIVE),
        notice.c.number.not_in(held.numbers("notice")),
    )


def events(before: datetime, held: Held) -> Select[Any]:
    """What happened to their receipts."""
    mine = notice.c.number == receipt_event.c.notice_number
    return select(receipt_event.c.id, _ENDED.label("at")).join(notice, mine).where(_old(before, held))


def receipts(before: datetime, held: Held) -> Select[Any]:
    """Who was told, and what they made of it."""
    mine = notice.c.number == receipt.c.notice_number
    return select(receipt.c.id, _ENDED.label("at")).join(notice, mine).where(_old(before, held))


def letters(before: datetime, held: Held) -> Select[Any]:
    """What was said about them."""
    mine = letter.c.subject == literal("notice:") + cast(notice.c.number, String)
    return select(letter.c.id, _ENDED.label("at")).join(notice, mine).where(_old(before, held))


def notices(before: datetime, held: Held) -> Select[Any]:
    """The notices themselves."""
    return select(notice.c.number, _ENDED.label("at")).where(_old(before, held))


def remove_events(unit: Unit, rows: Sequence[Row[Any]]) -> None:
    unit.conn.execute(delete(receipt_event).where(receipt_event.c.id.in_([row.id for row in rows])))


def remove_receipts(unit: Unit, rows: Sequence[Row[Any]]) -> None:
    unit.conn.execute(delete(receipt).where(receipt.c.id.in_([row.id for row in rows])))


def remove_letters(unit: Unit, rows: Sequence[Row[Any]]) -> None:
    """With the messages that carried nothing else."""
    ids = [row.id for row in rows]
    carried = select(letter.c.delivery_id).where(letter.c.id.in_(ids), letter.c.delivery_id.is_not(None))
    gone = set(unit.conn.execute(carried).scalars())
    unit.conn.execute(delete(letter).where(letter.c.id.in_(ids)))
    others = exists().where(letter.c.delivery_id == delivery.c.id)
    unit.conn.execute(delete(delivery).where(delivery.c.id.in_(gone), ~others))


def remove_notices(unit: Unit, rows: Sequence[Row[Any]]) -> None:
    numbers = [row.number for row in rows]
    unit.conn.execute(delete(notice_event).where(notice_event.c.notice_number.in_(numbers)))
    unit.conn.execute(delete(notice).where(notice.c.number.in_(numbers)))
