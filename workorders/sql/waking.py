"""What every table has whose rows wake by themselves: when to look, and how long one that raised rests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Index, Integer, Table, or_, select, text, update
from sqlalchemy.schema import SchemaItem

from workorders.sql.base import Moment


def waking_columns(table: str) -> tuple[SchemaItem, ...]:
    """The columns of a table of that name whose rows wake by themselves, and their index."""
    return (
        Column("look_at", Moment, comment="the earliest moment anything could change; null when never"),
        Column("retry_at", Moment, comment="machine time until which a row that raised is left alone"),
        Column("stumbles", Integer, nullable=False, server_default="0"),
        Index(f"ix_{table}_look_at", "look_at", postgresql_where=text("look_at IS NOT NULL")),
    )


def looked(look_at: datetime | None) -> dict[str, Any]:
    """The values of those columns for a row just looked at, which must be looked at again at ``look_at``."""
    return {"look_at": look_at, "retry_at": None, "stumbles": 0}


@dataclass(frozen=True)
class WakingRows:
    """The rows of one table that wake by themselves, within one unit of work.

    Args:
        key: the column that names a row, a whole number.
    """

    conn: Connection
    table: Table
    key: Column[int]

    def anything_due(self, now: datetime, machine_now: datetime) -> bool:
        """Whether any row must be looked at; takes no lock.

        Args:
            now: desk time. ``machine_now``: machine time, for rows that rest after raising.
        """
        return (
            self.conn.execute(select(self.key).where(*self._due(now, machine_now)).limit(1)).first()
            is not None
        )

    def due(self, now: datetime, machine_now: datetime, limit: int) -> list[int]:
        """Rows that must be looked at, earliest first, locked and nobody else's."""
        rows = self.conn.execute(
            select(self.key)
            .where(*self._due(now, machine_now))
            .order_by(self.table.c.look_at, self.key)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        return list(rows.scalars())

    def stumbled(self, id: int) -> int:
        """How often looking at the row has raised in a row."""
        return int(self.conn.execute(select(self.table.c.stumbles).where(self.key == id)).scalar_one())

    def set_aside(self, id: int, until: datetime, stumbles: int) -> None:
        """Leave a row that raised alone until that moment (machine time)."""
        rested = {"retry_at": until, "stumbles": stumbles}
        self.conn.execute(update(self.table).where(self.key == id).values(rested))

    def _due(self, now: datetime, machine_now: datetime) -> tuple[ColumnElement[bool], ...]:
        columns = self.table.c
        return columns.look_at <= now, or_(columns.retry_at.is_(None), columns.retry_at <= machine_now)
