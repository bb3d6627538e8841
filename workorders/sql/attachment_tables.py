"""The tables of pictures and files: what each is and was, and the content itself, each once."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    text,
)

from workorders.sql.base import Moment, metadata

attachment = Table(
    "attachment",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("sort", String(16), nullable=False, comment="picture or file, as it was sent"),
    Column("state", String(16), nullable=False),
    Column("source", String(16), nullable=False),
    Column("ref", Text, comment="names it on the far side while it is waiting; a bearer right"),
    Column("order_number", Integer, ForeignKey("work_order.number"), comment="null for a draft"),
    Column("by", String(128), nullable=False),
    Column("chat", String(128)),
    Column("name", String(128), nullable=False, comment="masked"),
    Column("at", Moment, nullable=False, comment="desk time"),
    Column("expires_at", Moment, comment="machine time until which it can be fetched"),
    Column("look_at", Moment, comment="machine time at which it may next be fetched; null when never"),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("sha256", String(64), comment="stays when the content is deleted"),
    Column("size", Integer),
    Column("type", String(96)),
    Column("unfit", String(16)),
    Index("ix_attachment_order_number", "order_number"),
    Index("ix_attachment_loose", "by", "at", postgresql_where=text("order_number IS NULL")),
    Index("ix_attachment_look_at", "look_at", postgresql_where=text("look_at IS NOT NULL")),
    Index("ix_attachment_sha256", "sha256"),
    sqlite_autoincrement=True,
)

# In the database, so that every machine sees it and one backup holds all of it.
blob = Table(
    "blob",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("content", LargeBinary, nullable=False),
)
