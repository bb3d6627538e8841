"""Work orders on SQLAlchemy Core: rows to frozen values, changes to updates under the row's lock."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, func, or_, select, true

from workorders.directory.people import Role
from workorders.orders.ledger import Line
from workorders.orders.order import Event, State, Verb, WorkOrder
from workorders.sql import ledger
from workorders.sql.attachments import belongs
from workorders.sql.histories import ORDERS
from workorders.sql.tables import order_event, work_order
from workorders.sql.waking import WakingRows

_LIVE = [State.PARKED, State.OPEN, State.ACCEPTED, State.PAUSED]
_MOST = 200
_REPORTED = work_order.c.reporter == bindparam("b_reporter")


# Every message asks for these two, and building a statement costs as much as running it.


@cache
def _live_of(of_partner: bool) -> Select[Any]:
    whose: ColumnElement[bool] = _REPORTED
    if of_partner:
        whose = or_(whose, work_order.c.partner_id == bindparam("b_partner"))
    return ORDERS.snapshots(and_(work_order.c.state.in_(_LIVE), whose), work_order.c.number, most=_MOST)


@cache
def _latest_of(in_group: bool) -> Select[Any]:
    here = work_order.c.chat == bindparam("b_chat") if in_group else work_order.c.chat.is_(None)
    return ORDERS.snapshots(and_(_REPORTED, here), work_order.c.number.desc(), most=1)


@dataclass(frozen=True)
class SqlOrders:
    """The :class:`workorders.ports.OrderStore` of one unit of work."""

    conn: Connection

    def begin(self, event: Event) -> WorkOrder:
        return ORDERS.begin(self.conn, event)

    def lock(self, number: int) -> WorkOrder | None:
        return ORDERS.lock(self.conn, number)

    def read(self, number: int) -> WorkOrder | None:
        return ORDERS.read(self.conn, number)

    def ledger(self, number: int) -> tuple[Line, ...]:
        return ledger.lines_of(self.conn, number)

    def record(
        self,
        order: WorkOrder,
        events: Sequence[Event],
        look_at: datetime | None,
        lines: Sequence[Line] = (),
    ) -> None:
        ORDERS.record(self.conn, order, events, look_at)
        for event in events:
            if brought := event.facts.get("attachments"):
                belongs(self.conn, brought, order.number)
        ledger.keep(self.conn, order.number, lines)

    def events(self, number: int) -> list[Event]:
        return ORDERS.events_of(self.conn, number)

    def live_of(self, *, partner: int | None, reporter: str) -> list[WorkOrder]:
        given = {"b_reporter": reporter} | ({} if partner is None else {"b_partner": partner})
        return ORDERS.loaded(self.conn, _live_of(partner is not None), given)

    def owned_by(self, userid: str) -> list[WorkOrder]:
        mine = and_(work_order.c.state.in_(_LIVE), work_order.c.owner == userid)
        return self._orders(mine, work_order.c.due.nulls_last(), work_order.c.number)

    def waiting_for(self, roles: Collection[Role] | None) -> list[WorkOrder]:
        theirs = true() if roles is None else work_order.c.role.in_(roles)
        waiting = and_(work_order.c.state.in_(_LIVE), work_order.c.owner.is_(None), theirs)
        return self._orders(waiting, work_order.c.due.nulls_last(), work_order.c.number)

    def latest_of(self, reporter: str, chat: str | None) -> WorkOrder | None:
        given = {"b_reporter": reporter} | ({} if chat is None else {"b_chat": chat})
        return next(iter(ORDERS.loaded(self.conn, _latest_of(chat is not None), given)), None)

    def solved_of(self, reporter: str) -> list[WorkOrder]:
        mine = and_(work_order.c.reporter == reporter, work_order.c.state == State.SOLVED)
        return self._orders(mine, work_order.c.number)

    def silent_of(self, reporter: str, since: datetime) -> int:
        silent = (
            select(func.count())
            .select_from(order_event.join(work_order, work_order.c.number == order_event.c.order_number))
            .where(
                work_order.c.reporter == reporter,
                order_event.c.verb == Verb.CLOSE,
                order_event.c.by.is_(None),
                order_event.c.at >= since,
            )
        )
        return int(self.conn.execute(silent).scalar_one())

    def numbers_of(self, reporter: str) -> list[int]:
        """Every order that person reported, in order of number."""
        mine = select(work_order.c.number).where(work_order.c.reporter == reporter)
        return list(self.conn.execute(mine.order_by(work_order.c.number)).scalars())

    def live(self, most: int = _MOST) -> list[WorkOrder]:
        live = work_order.c.state.in_(_LIVE)
        return self._orders(live, work_order.c.due.nulls_last(), work_order.c.number, most=most)

    def counted_otherwise(self, calendar: str, machine_now: datetime, limit: int) -> list[int]:
        """Live orders counted by another calendar than the one of that fingerprint, locked and nobody else's.

        Args:
            machine_now: machine time; rows that rest after raising are left out.
        """
        row = work_order.c
        rows = self.conn.execute(
            select(row.number)
            .where(
                row.state.in_(_LIVE),
                or_(row.calendar.is_(None), row.calendar != calendar),
                or_(row.retry_at.is_(None), row.retry_at <= machine_now),
            )
            .order_by(row.number)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        return list(rows.scalars())

    @property
    def waking(self) -> WakingRows:
        """Orders that wake by themselves."""
        return WakingRows(self.conn, work_order, work_order.c.number)

    def _orders(self, where: ColumnElement[bool], *by: Any, most: int = _MOST) -> list[WorkOrder]:
        return ORDERS.found(self.conn, where, *by, most=most)
