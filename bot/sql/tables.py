"""The edge's own tables: what came in and was answered, what a conversation remembers, desk time, the audit.

All moments are machine time, but those of phone calls.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Identity,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
)

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
    Column("reply_url", Text, comment="where one more answer may be posted, once; null when spent or over"),
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

calendar_in_force = Table(
    "calendar_in_force",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("fingerprint", String(16), nullable=False),
    Column("at", Moment, nullable=False, comment="when a release last put it in force"),
)

# Never changed: of each year the newest row that speaks of it is in force.
holiday_import = Table(
    "holiday_import",
    metadata,
    Column("number", Integer, Identity(), primary_key=True),
    Column("at", Moment, nullable=False),
    Column("by", String(128), nullable=False, comment="userid, or operator:NAME"),
    Column("name", String(160), nullable=False, comment="the file's; empty where years were taken back"),
    Column("years", Json, nullable=False, comment="the years it speaks of"),
    Column("dates", Json, nullable=False, comment="closed, replaced and breaks as in a calendar file"),
    sqlite_autoincrement=True,
)

# Only the demo turns desk time; without a row it is machine time.
desk_time = Table(
    "desk_time",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("ahead_us", BigInteger, nullable=False, comment="microseconds desk time is ahead of machine time"),
)

# Rows are never changed and only a prefix is ever removed: triggers of the migration see to it.
audit = Table(
    "audit",
    metadata,
    Column(
        "number", Integer, primary_key=True, autoincrement=False, comment="its place in the chain, from 1"
    ),
    Column("at", Moment, nullable=False),
    Column("act", String(64), nullable=False),
    Column("who", String(128), nullable=False, comment="userid, operator:NAME or clock"),
    Column("door", String(16), nullable=False),
    Column("subject", String(160), nullable=False, comment="order:1001, person:xiaowang, file:d.toml"),
    Column("result", String(16), nullable=False, comment="done or refused"),
    Column("reason", Text, nullable=False),
    Column("details", Json, nullable=False, comment="counts and the like; nothing personal"),
    Column("seals", Json, nullable=False, comment="salt and digest of who, subject and reason"),
    Column("hash", String(64), nullable=False),
    Index("ix_audit_at", "at"),
    Index("ix_audit_subject", "subject"),
    Index("ix_audit_who", "who"),
)

audit_anchor = Table(
    "audit_anchor",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False, comment="the last row removed"),
    Column("hash", String(64), nullable=False, comment="its hash, which the next row follows"),
    Column("at", Moment, nullable=False),
)

# Whoever is logged in to the console. Neither a session's id nor a log-in's state is kept, only its SHA-256.
session = Table(
    "session",
    metadata,
    Column("id_hash", String(64), primary_key=True),
    Column("userid", String(128), nullable=False),
    Column("began_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False, comment="when its person was last at work in it"),
    Index("ix_session_seen_at", "seen_at"),
)

# Log-ins on their way through WeCom; each may come back once, to the browser it left from.
login = Table(
    "login",
    metadata,
    Column("state_hash", String(64), primary_key=True),
    Column("browser_hash", String(64), nullable=False),
    Column("to", Text, nullable=False, comment="the page that was asked for"),
    Column("began_at", Moment, nullable=False),
    Index("ix_login_began_at", "began_at"),
)

# What is on hold is neither pruned nor forgotten until somebody releases it.
hold = Table(
    "hold",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("subject", String(64), nullable=False, comment="order:1001 or partner:3"),
    Column("reason", Text, nullable=False),
    Column("placed_at", Moment, nullable=False),
    Column("placed_by", String(128), nullable=False),
    Column("released_at", Moment),
    Column("released_by", String(128)),
    Index("ix_hold_released_at", "released_at"),
)

# Of a call only who took it and what it came to; what was said is the order's, or the answer's.
call = Table(
    "call",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("taken_by", String(128), nullable=False),
    Column("logged_at", Moment, nullable=False, comment="desk time"),
    Column("called_at", Moment, nullable=False, comment="desk time"),
    Column("partner_id", Integer, ForeignKey("partner.id"), nullable=False),
    Column("became", String(16), nullable=False, comment="order, joined or answered"),
    Column("about", Integer, nullable=False, comment="the number of that order, or of that answer"),
    Column("once", String(64), unique=True, comment="what makes a form it was logged with that form"),
    Column("digest", String(64), comment="what that form said"),
    Index("ix_call_called_at", "called_at"),
    Index("ix_call_taken_by", "taken_by"),
)
