"""Erasing people in the rows of orders and obligations: events first, then everything their events make."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Connection, Table, select, update

from workorders.erasure import Eraser
from workorders.obligations import obligation as obligations
from workorders.orders import order as orders
from workorders.sql.codec import Codec
from workorders.sql.obligation_tables import obligation, obligation_event
from workorders.sql.obligations import columns as obligation_columns
from workorders.sql.orders import columns as order_columns
from workorders.sql.tables import order_event, promise, work_order


@dataclass(frozen=True)
class Record:
    """One kind of thing that is what its events make it.

    Attributes:
        name: as in a letter's subject: ``order``.
        head, events: its tables; ``number`` the column of the events that names the head's row.
        replay: from number and events to the value.
        columns: the columns of the head that are searched, from the value.
    """

    name: str
    head: Table
    events: Table
    number: Column[int]
    codec: Codec[Any]
    event: Callable[..., Any]
    verb: Callable[[str], Any]
    replay: Callable[..., Any]
    columns: Callable[[Any], dict[str, Any]]


ORDER = Record(
    "order",
    work_order,
    order_event,
    order_event.c.order_number,
    Codec(orders.WorkOrder),
    orders.Event,
    orders.Verb,
    orders.WorkOrder.replay,
    order_columns,
)
OBLIGATION = Record(
    "obligation",
    obligation,
    obligation_event,
    obligation_event.c.obligation_number,
    Codec(obligations.Obligation),
    obligations.Event,
    obligations.Verb,
    obligations.Obligation.replay,
    obligation_columns,
)
#: Everything kept as events.
RECORDS = (ORDER, OBLIGATION)


def erase(conn: Connection, record: Record, number: int, by: Callable[[str | None], Eraser]) -> None:
    """Take people out of one record, and write its snapshot anew from its events.

    Args:
        by: from who did an event (None: the clock) to the eraser of that event.
    """
    # The row is locked first, as by every verb: nothing is appended meanwhile.
    conn.execute(select(record.head.c.number).where(record.head.c.number == number).with_for_update())
    rows = conn.execute(
        select(record.events).where(record.number == number).order_by(record.events.c.number)
    ).all()
    kept = []
    for row in rows:
        eraser = by(row.by)
        change = eraser.values(record.codec.load_change(row.change))
        event = record.event(
            row.number,
            record.verb(row.verb),
            row.at,
            eraser.who(row.by) if row.by else None,
            eraser.values(row.facts),
            change,
        )
        kept.append(event)
        conn.execute(
            update(record.events)
            .where(record.number == number, record.events.c.number == row.number)
            .values(by=event.by, facts=event.facts, change=record.codec.dump_change(change))
        )
    value = record.replay(number, kept)
    conn.execute(
        update(record.head)
        .where(record.head.c.number == number)
        .values(snapshot=record.codec.dump(value), **record.columns(value))
    )
    if record is ORDER:
        _erase_ledger(conn, number, by(None))


def _erase_ledger(conn: Connection, number: int, eraser: Eraser) -> None:
    """The promises' figures stay; who missed them, and why in somebody's words, goes."""
    mine = promise.c.order_number == number
    for row in conn.execute(select(promise.c.position, promise.c.person, promise.c.reason).where(mine)).all():
        conn.execute(
            update(promise)
            .where(mine, promise.c.position == row.position)
            .values(
                person=eraser.who(row.person) if row.person else None,
                reason=eraser.words(row.reason) if row.reason else "",
            )
        )
