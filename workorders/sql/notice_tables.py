"""The tables of notices and receipts: snapshots with the columns that are searched beside them; desk time."""

from __future__ import annotations

from sqlalchemy import (
    Column,
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

notice = Table(
    "notice",
    metadata,
    Column("number", Integer, Identity(start=1), primary_key=True),
    Column("state", String(16), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("proposal", String(64), unique=True, comment="what the desk proposed it for; null from a person"),
    *waking_columns("notice"),
    Column("snapshot", Json, nullable=False),
    sqlite_autoincrement=True,
)

notice_event = Table(
    "notice_event",
    metadata,
    Column("notice_number", Integer, ForeignKey("notice.number"), nullable=False),
    Column("number", Integer, nullable=False, comment="its place among the notice's events, from 1"),
    Column("verb", String(16), nullable=False),
    Column("at", Moment, nullable=False),
    Column("by", String(128), comment="userid; null is the clock"),
    Column("facts", Json, nullable=False),
    Column("change", Json, nullable=False),
    PrimaryKeyConstraint("notice_number", "number"),
)

receipt = Table(
    "receipt",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("notice_number", Integer, ForeignKey("notice.number"), nullable=False),
    Column("key", String(254), nullable=False, comment="the person: userid or mail address, folded"),
    Column("state", String(16), nullable=False),
    Column("partner_id", Integer, ForeignKey("partner.id"), comment="null for our own and for addresses"),
    Column("chatid", String(128)),
    Column("email_key", String(254)),
    Column("due", Moment, comment="when silence is deemed something"),
    *waking_columns("receipt"),
    Column("snapshot", Json, nullable=False),
    UniqueConstraint("notice_number", "key"),
    Index("ix_receipt_notice_number_state", "notice_number", "state", "partner_id"),
    Index("ix_receipt_notice_number_chatid", "notice_number", "chatid"),
    Index("ix_receipt_key_state", "key", "state"),
    Index("ix_receipt_email_key", "email_key"),
)

receipt_event = Table(
    "receipt_event",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("notice_number", Integer, ForeignKey("notice.number"), nullable=False),
    Column(
        "receipt_id", Integer, ForeignKey("receipt.id"), comment="null for an answer of somebody not told"
    ),
    Column("verb", String(16), nullable=False),
    Column("at", Moment, nullable=False),
    Column("by", String(254), comment="userid or mail address; null is the clock or a channel"),
    Column("facts", Json, nullable=False),
    Index("ix_receipt_event_notice_number", "notice_number", "id"),
    Index("ix_receipt_event_receipt_id", "receipt_id"),
)
