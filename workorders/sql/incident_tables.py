"""The tables of incidents. All moments are desk time."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Identity, Index, Integer, PrimaryKeyConstraint, String, Table

from workorders.sql.base import Json, Moment, metadata
from workorders.sql.waking import waking_columns

incident = Table(
    "incident",
    metadata,
    Column("number", Integer, Identity(), primary_key=True),
    Column("state", String(16), nullable=False),
    *waking_columns("incident"),
    Column("snapshot", Json, nullable=False),
    Index("ix_incident_state", "state"),
    sqlite_autoincrement=True,
)

incident_event = Table(
    "incident_event",
    metadata,
    Column("incident_number", Integer, ForeignKey("incident.number"), nullable=False),
    Column("number", Integer, nullable=False, comment="its place among the incident's events, from 1"),
    Column("verb", String(16), nullable=False),
    Column("at", Moment, nullable=False),
    Column("by", String(128), comment="userid; null is the clock"),
    Column("facts", Json, nullable=False),
    Column("change", Json, nullable=False),
    PrimaryKeyConstraint("incident_number", "number"),
)

incident_order = Table(
    "incident_order",
    metadata,
    Column("incident_number", Integer, ForeignKey("incident.number"), nullable=False),
    Column("order_number", Integer, ForeignKey("work_order.number"), nullable=False),
    PrimaryKeyConstraint("incident_number", "order_number"),
    Index("ix_incident_order_order_number", "order_number"),
)
