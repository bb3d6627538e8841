"""The board's two statements: a window of live orders by due moment, and their counts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, case, func, or_, select, text

from workorders.orders.board import SOON, Look, Tally
from workorders.orders.order import WorkOrder
from workorders.sql.directory_tables import partner
from workorders.sql.histories import ORDERS
from workorders.sql.tables import LIVE, work_order


@dataclass(frozen=True)
class SqlBoard:
    """The :class:`workorders.orders.board.Board` of one unit of work."""

    conn: Connection

    def rows(self, look: Look, now: datetime, midnight: datetime, limit: int) -> Sequence[WorkOrder]:
        columns = work_order.c
        found = select(columns.snapshot).where(*_asked(look), *_narrowed(look, now, midnight))
        if look.over:
            found = found.order_by(columns.number.desc())
        else:
            found = found.order_by(columns.due.nulls_last(), columns.number)
        return ORDERS.loaded(self.conn, found.limit(limit))

    def tally(self, look: Look, now: datetime, midnight: datetime) -> Tally:
        due, owner = work_order.c.due, work_order.c.owner
        row = self.conn.execute(
            select(
                func.count(),
                _count(due < now),
                _count((due >= now) & (due < now + SOON)),
                _count((due >= now) & (due < midnight)),
                _count(owner.is_(None)),
                _count(owner == look.viewer.userid),
                func.coalesce(func.max(work_order.c.number), 0),
            ).where(text(LIVE), *_asked(look, live=False))
        ).one()
        return Tally(*row)


def _count(which: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((which, 1), else_=0)), 0)


def _asked(look: Look, *, live: bool = True) -> list[Any]:
    """What a look asks for, save for stretch and owner."""
    columns = work_order.c
    asked: list[Any] = []
    if live and not look.over:
        # Literal, so that the planner knows the partial index answers it.
        asked.append(text(LIVE))
    if look.viewer.side != "us":
        own = columns.reporter == look.viewer.userid
        if look.viewer.partner is not None:
            own = or_(own, columns.partner_id == look.viewer.partner.id)
        asked.append(own)
    if look.kind:
        asked.append(columns.kind == look.kind)
    if look.role:
        asked.append(columns.role == look.role)
    if look.partner:
        asked.append(columns.partner_id == look.partner)
    if words := look.words.strip():
        asked.append(_matching(words))
    return asked


def _narrowed(look: Look, now: datetime, midnight: datetime) -> list[Any]:
    columns = work_order.c
    narrowed: list[Any] = []
    if look.unowned:
        narrowed.append(columns.owner.is_(None))
    if look.owner:
        narrowed.append(columns.owner == look.owner)
    match look.stretch:
        case "overdue":
            narrowed.append(columns.due < now)
        case "soon":
            narrowed += [columns.due >= now, columns.due < now + SOON]
        case "today":
            narrowed += [columns.due >= now, columns.due < midnight]
    return narrowed


def _matching(words: str) -> ColumnElement[bool]:
    """A number, whole or its last digits, or words of the problem or of the partner's name."""
    columns = work_order.c
    named = select(partner.c.id).where(partner.c.name.contains(words, autoescape=True))
    said = or_(columns.text.icontains(words, autoescape=True), columns.partner_id.in_(named))
    number = re.fullmatch(r"(?:工单|[#№])?\s*(\d{1,9})", words, re.ASCII)
    if number is None:
        return said
    digits = number[1]
    return or_(columns.number == int(digits), columns.number % 10 ** len(digits) == int(digits), said)
