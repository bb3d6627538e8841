"""When the leaders' group was last told, and when it is next: the rows that wake for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import get_args

from sqlalchemy import Connection, select, update

from workorders.agreement.summary import Of
from workorders.sql.tables import summary
from workorders.sql.upsert import put_missing
from workorders.sql.waking import WakingRows, looked


@dataclass(frozen=True)
class SqlSummaries:
    """The two rows of one unit of work."""

    conn: Connection

    def begun(self) -> bool:
        """Whether there are rows that can wake."""
        return self.conn.execute(select(summary.c.id).limit(1)).first() is not None

    def begin(self, now: datetime) -> None:
        """Make the rows, to be looked at now; those that are there stay as they are."""
        rows = [{"id": id, "kind": kind, "look_at": now} for id, kind in enumerate(get_args(Of), 1)]
        put_missing(self.conn, summary, rows)

    def lock(self, id: int) -> tuple[Of, datetime | None]:
        """What the row sums up, and the moment of the last that was said; locked until the unit ends."""
        row = self.conn.execute(
            select(summary.c.kind, summary.c.said).where(summary.c.id == id).with_for_update()
        ).one()
        return row.kind, row.said

    def record(self, id: int, said: datetime | None, look_at: datetime | None) -> None:
        """Keep the moment of the last one said, and of the next."""
        self.conn.execute(update(summary).where(summary.c.id == id).values(said=said, **looked(look_at)))

    @property
    def waking(self) -> WakingRows:
        return WakingRows(self.conn, summary, summary.c.id)
