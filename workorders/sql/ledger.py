"""The ledger of promises in the database: kept with every change of an order, written anew from events."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, delete, exists, insert, select

from workorders.agreement.worktime import Calendar
from workorders.directory.people import Role
from workorders.orders import ledger
from workorders.orders.ledger import Cause, Line, Outcome
from workorders.orders.order import Event, Kind, Verb
from workorders.orders.promise import Part
from workorders.sql.histories import ORDERS
from workorders.sql.tables import order_event, promise
from workorders.sql.upsert import put

_AT_ONCE = 500


def lines_of(conn: Connection, number: int) -> tuple[Line, ...]:
    """The lines of one order, in order of position."""
    rows = conn.execute(select(promise).where(promise.c.order_number == number).order_by(promise.c.position))
    return tuple(_line(row) for row in rows)


def keep(conn: Connection, number: int, lines: Sequence[Line]) -> None:
    """Write down lines that are new or changed."""
    put(conn, promise, *(_row(number, line) for line in lines))


def is_missing(conn: Connection) -> bool:
    """Whether there are promises in the events and none in the ledger: it was added to a desk at work."""
    empty = conn.execute(select(promise.c.position).limit(1)).first() is None
    opened = select(order_event.c.number).where(order_event.c.verb == Verb.OPEN)
    return empty and bool(conn.execute(select(exists(opened))).scalar())


def rebuild(conn: Connection, calendar: Calendar) -> int:
    """Write the ledger anew from the events of every order; the caller commits.

    Args:
        calendar: what working time is counted in now; of promises past, only how long they took hangs on it.

    Returns:
        How many lines there are.
    """
    conn.execute(delete(promise))
    count, waiting = 0, []
    for number, events in _histories(conn):
        waiting += [_row(number, line) for line in ledger.of(number, events, calendar)]
        if len(waiting) >= _AT_ONCE:
            conn.execute(insert(promise), waiting)
            count, waiting = count + len(waiting), []
    if waiting:
        conn.execute(insert(promise), waiting)
    return count + len(waiting)


def _histories(conn: Connection) -> Iterator[tuple[int, Iterable[Event]]]:
    """Every order's events, an order at a time; several hundred orders are in memory at once."""
    last = 0
    while True:
        numbers = list(
            conn.execute(
                select(order_event.c.order_number)
                .where(order_event.c.number == 1, order_event.c.order_number > last)
                .order_by(order_event.c.order_number)
                .limit(_AT_ONCE)
            ).scalars()
        )
        if not numbers:
            return
        last = numbers[-1]
        rows = conn.execute(
            select(order_event)
            .where(order_event.c.order_number.between(numbers[0], last))
            .order_by(order_event.c.order_number, order_event.c.number)
        )
        for number, mine in groupby(rows, lambda row: int(row.order_number)):
            yield number, [ORDERS.load(row) for row in mine]


def _row(number: int, line: Line) -> dict[str, Any]:
    return {
        "order_number": number,
        "position": line.position,
        "clause": line.clause,
        "part": line.part,
        "generation": line.generation,
        "kind": line.kind,
        "role": line.role,
        "partner_id": line.partner,
        "person": line.person,
        "day": line.day,
        "starts": line.starts,
        "due": line.due,
        "met_at": line.met_at,
        "breached_at": line.breached_at,
        "void_at": line.void_at,
        "outcome": line.outcome,
        "took_us": None if line.took is None else line.took // _US,
        "idle_us": line.idle // _US,
        "cause": line.cause,
        "reason": line.reason,
        "filed": line.filed,
    }


def _line(row: Row[Any]) -> Line:
    return Line(
        position=row.position,
        clause=row.clause,
        part=Part(row.part),
        generation=row.generation,
        kind=Kind(row.kind),
        role=Role(row.role),
        partner=row.partner_id,
        person=row.person,
        day=row.day,
        starts=row.starts,
        due=row.due,
        met_at=row.met_at,
        breached_at=row.breached_at,
        void_at=row.void_at,
        outcome=Outcome(row.outcome),
        took=None if row.took_us is None else row.took_us * _US,
        idle=row.idle_us * _US,
        cause=Cause(row.cause) if row.cause else None,
        reason=row.reason,
        filed=row.filed,
    )


_US = timedelta(microseconds=1)
