"""Offers of 交接班 in the database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from workorders.handover.handover import Handover
from workorders.sql.handover_tables import handover
from workorders.sql.waking import WakingRows, looked


@dataclass(frozen=True)
class SqlHandovers:
    """The :class:`workorders.handover.desk.HandoverStore` of one unit of work."""

    conn: Connection

    def begin(self, made: Handover) -> Handover:
        row = {**_columns(made), "giver": made.giver, "receiver": made.receiver, "note": made.note}
        row |= {"offered_at": made.offered_at, "numbers": list(made.numbers)}
        id = self.conn.execute(insert(handover).values(row).returning(handover.c.id)).scalar_one()
        return Handover(id, made.giver, made.receiver, made.note, made.offered_at, made.numbers, made.waiting)

    def lock(self, id: int) -> Handover | None:
        row = self.conn.execute(select(handover).where(handover.c.id == id).with_for_update()).one_or_none()
        return _offer(row) if row else None

    def waiting(self, *, giver: str | None = None, receiver: str | None = None) -> list[Handover]:
        whose = handover.c.giver == giver if giver is not None else handover.c.receiver == receiver
        rows = select(handover).where(whose, handover.c.over.is_(False)).order_by(handover.c.id)
        return [_offer(row) for row in self.conn.execute(rows.with_for_update())]

    def record(self, kept: Handover) -> None:
        self.conn.execute(update(handover).where(handover.c.id == kept.id).values(_columns(kept)))

    @property
    def waking(self) -> WakingRows:
        """The offers the clock must look at."""
        return WakingRows(self.conn, handover, handover.c.id)


def _columns(kept: Handover) -> dict[str, Any]:
    return {
        "waiting": list(kept.waiting),
        "over": not kept.waiting,
        "told": kept.told,
        **looked(kept.look_at),
    }


def _offer(row: Row[Any]) -> Handover:
    return Handover(
        row.id,
        row.giver,
        row.receiver,
        row.note,
        row.offered_at,
        tuple(row.numbers),
        tuple(row.waiting),
        row.told,
    )
