"""Erasing people in the rows of orders and obligations: events first, then everything their events make."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, select, update

from workorders.erasure import Eraser
from workorders.sql.histories import OBLIGATIONS, ORDERS, History
from workorders.sql.tables import promise

#: What people are taken out of event by event.
RECORDS: tuple[History[Any, Any], ...] = (ORDERS, OBLIGATIONS)


def erase(
    conn: Connection, record: History[Any, Any], number: int, by: Callable[[str | None], Eraser]
) -> None:
    """Take people out of one record, and write its snapshot anew from its events.

    Args:
        by: from who did an event (None: the clock) to the eraser of that event.
    """
    # The row is locked first, as by every verb: nothing is appended meanwhile.
    record.lock(conn, number)
    kept = []
    for event in record.events_of(conn, number):
        eraser = by(event.by)
        erased = replace(
            event,
            by=eraser.who(event.by) if event.by else None,
            facts=eraser.values(event.facts),
            change=eraser.values(event.change),
        )
        kept.append(erased)
        record.rewrite(conn, number, erased)
    record.keep(conn, record.of.replay(number, kept))
    if record is ORDERS:
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
