"""The tables of obligations. All moments are desk time."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    Date,
    ForeignKey,
    Identity,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    UniqueConstraint,
)

from workorders.sql.base import Json, Moment, metadata
from workorders.sql.waking import waking_columns

obligation = Table(
    "obligation",
    metadata,
    Column("number", Integer, Identity(), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("partner_id", Integer, ForeignKey("partner.id"), comment="null for our own change"),
    Column("survey_month", Date, comment="a survey's month: one a partner and month"),
    Column("due", Moment, comment="the next moment somebody waits for"),
    *waking_columns("obligation"),
    Column("snapshot", Json, nullable=False),
    UniqueConstraint("partner_id", "survey_month"),
    Index("ix_obligation_state_due", "state", "due"),
    sqlite_autoincrement=True,
)

obligation_event = Table(
    "obligation_event",
    metadata,
    Column("obligation_number", Integer, ForeignKey("obligation.number"), nullable=False),
    Column("number", Integer, nullable=False, comment="its place among the obligation's events, from 1"),
    Column("verb", String(16), nullable=False),
    Column("at", Moment, nullable=False),
    Column("by", String(128), comment="userid; null is the clock"),
    Column("facts", Json, nullable=False),
    Column("change", Json, nullable=False),
    PrimaryKeyConstraint("obligation_number", "number"),
)

survey_plan = Table(
    "survey_plan",
    metadata,
    Column("partner_id", Integer, ForeignKey("partner.id"), primary_key=True, autoincrement=False),
    Column("months", Integer, comment="from one survey to the next; null where nobody chose"),
    Column("last", Date, comment="the first day of the month surveyed last"),
    *waking_columns("survey_plan"),
)
