"""The two tables of the knowledge base. ``metadata`` is what migrations compare with."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Column, DateTime, Index, Integer, MetaData, String, Table, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator


class Moment(TypeDecorator[datetime]):
    """An aware UTC datetime on PostgreSQL (``timestamptz``) and on SQLite (naive, meant as UTC)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment must be an aware datetime")
        value = value.astimezone(UTC)
        # SQLite has no zones: an offset would be dropped on the way in and compared as text.
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = MetaData()

gap = Table(
    "gap",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("text", Text, nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("asked_by", String(128), nullable=False),
    Column("chat", String(128)),
    Column("nearest", String(64)),
    Column("outcome", String(16), nullable=False),
    Index("ix_gap_asked_at", "asked_at"),
)

answered = Table(
    "answered",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("article", String(64), nullable=False),
    Column("question", Text, nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("asked_by", String(128), nullable=False),
    Column("chat", String(128)),
    Column("outcome", String(16)),
    Index("ix_answered_asked_by_asked_at", "asked_by", "asked_at"),
)
