"""The table of offers of 交接班; its times are desk time."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, String, Table, Text

from workorders.sql.base import Json, Moment, metadata
from workorders.sql.waking import waking_columns

handover = Table(
    "handover",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("giver", String(128), nullable=False),
    Column("receiver", String(128), nullable=False),
    Column("note", Text, nullable=False),
    Column("offered_at", Moment, nullable=False),
    Column("numbers", Json, nullable=False, comment="the orders offered"),
    Column("waiting", Json, nullable=False, comment="those nobody has taken"),
    Column("over", Boolean, nullable=False, comment="nothing of it waits"),
    Column("told", Boolean, nullable=False, comment="the supervisors know that it waits"),
    *waking_columns("handover"),
    Index("ix_handover_giver", "giver", "over"),
    Index("ix_handover_receiver", "receiver", "over"),
)
