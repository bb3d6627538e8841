"""The edge's own tables: what came in and what was answered, what a conversation remembers, desk time.

All moments are machine time.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, PrimaryKeyConstraint, String, Table, Text

from workorders.sql.base import Json, Moment, metadata

inbox = Table(
    "inbox",
    metadata,
    Column("door", String(16), nullable=False),
    Column("key", String(128), nullable=False, comment="what makes it this message and no other"),
    Column("sender", String(128), nullable=False),
    Column("chat", String(128)),
    Column("kind", String(16), nullable=False),
    Column("text", Text, nullable=False, comment="masked"),
    Column("at", Moment, nullable=False),
    Column("sent_at", Moment, comment="the sender's stamp: evidence, never the judge"),
    Column("state", String(16), nullable=False, comment="answered or failed"),
    Column("reply", Text, comment="the finished plaintext; null is silence"),
    PrimaryKeyConstraint("door", "key"),
    Index("ix_inbox_at", "at"),
)

conversation = Table(
    "conversation",
    metadata,
    Column("place", String(128), nullable=False, comment="the door and, in a group, its chatid"),
    Column("sender", String(128), nullable=False),
    Column("state", Json, nullable=False),
    Column("at", Moment, nullable=False),
    PrimaryKeyConstraint("place", "sender"),
)

sweep = Table(
    "sweep",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("at", Moment, nullable=False, comment="when a clock last finished a round of it"),
)

# Only the demo turns desk time; without a row it is machine time.
desk_time = Table(
    "desk_time",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("ahead_us", BigInteger, nullable=False, comment="microseconds desk time is ahead of machine time"),
)
