"""The tables of work orders and letters.

A work order's row is a snapshot of its events, with the columns that are searched beside it. Times in
``work_order``, ``order_event`` and ``promise`` are desk time; those of letters, deliveries and lanes machine
time.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Identity,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

from workorders.sql.base import Json, Moment, metadata
from workorders.sql.waking import waking_columns

#: People say numbers aloud; they begin where nobody mistakes one for a count.
FIRST_NUMBER = 1001

#: The orders somebody still has to do something about, as the partial index of the board has it.
LIVE = "state IN ('parked', 'open', 'accepted', 'paused')"
#: The event that wrote an order down, as the partial index of the figures has it.
FIRST = "number = 1"

work_order = Table(
    "work_order",
    metadata,
    Column("number", Integer, Identity(start=FIRST_NUMBER), primary_key=True),
    Column("state", String(16), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("role", String(16), nullable=False, server_default=""),
    Column("text", Text, nullable=False, server_default="", comment="the problem, for searching"),
    Column("partner_id", Integer, ForeignKey("partner.id")),
    Column("reporter", String(128), nullable=False),
    Column("chat", String(128)),
    Column("owner", String(128)),
    Column("due", Moment, comment="the next due moment anybody waits for"),
    Column("calendar", String(16), comment="fingerprint of the calendar its due moments are counted by"),
    *waking_columns("work_order"),
    Column("snapshot", Json, nullable=False),
    Index("ix_work_order_state_due", "state", "due"),
    Index("ix_work_order_live", "due", "number", postgresql_where=text(LIVE), sqlite_where=text(LIVE)),
    Index("ix_work_order_partner_id_state", "partner_id", "state"),
    Index("ix_work_order_reporter", "reporter"),
    Index("ix_work_order_owner_state", "owner", "state"),
    sqlite_autoincrement=True,
)

order_event = Table(
    "order_event",
    metadata,
    Column("order_number", Integer, ForeignKey("work_order.number"), nullable=False),
    Column("number", Integer, nullable=False, comment="its place among the order's events, from 1"),
    Column("verb", String(16), nullable=False),
    Column("at", Moment, nullable=False),
    Column("by", String(128), comment="userid; null is the clock"),
    Column("facts", Json, nullable=False),
    Column("change", Json, nullable=False),
    PrimaryKeyConstraint("order_number", "number"),
    Index("ix_order_event_verb_at", "verb", "at"),
    Index(
        "ix_order_event_first", "at", "order_number", postgresql_where=text(FIRST), sqlite_where=text(FIRST)
    ),
)

# A projection of the events (workorders/orders/ledger.py), for figures: it can be written anew from them.
promise = Table(
    "promise",
    metadata,
    Column("order_number", Integer, ForeignKey("work_order.number"), nullable=False),
    Column("position", Integer, nullable=False, comment="its place among the order's promises, from 0"),
    Column("clause", String(32), nullable=False),
    Column("part", String(16), nullable=False),
    Column("generation", Integer, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("role", String(16), nullable=False),
    Column("partner_id", Integer, ForeignKey("partner.id")),
    Column("person", String(128), comment="userid of ours who had the order when the outcome fell"),
    Column("day", Date, nullable=False, comment="the local day its clock began; it is counted by it"),
    Column("starts", Moment, nullable=False),
    Column("due", Moment, nullable=False),
    Column("met_at", Moment),
    Column("breached_at", Moment),
    Column("void_at", Moment),
    Column("outcome", String(16), nullable=False),
    Column("took_us", BigInteger, comment="microseconds of its own time until it was met"),
    Column("idle_us", BigInteger, nullable=False, comment="microseconds its clock stood still"),
    Column("cause", String(16), comment="why it was missed"),
    Column("reason", Text, nullable=False, comment="the same in somebody's words"),
    Column("filed", Boolean, nullable=False, comment="due before it was written down"),
    PrimaryKeyConstraint("order_number", "position"),
    Index("ix_promise_day", "day"),
    Index("ix_promise_breached_at", "breached_at", postgresql_where=text("breached_at IS NOT NULL")),
)

delivery = Table(
    "delivery",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("lane", String(160), nullable=False),
    Column("payload", Json, nullable=False, comment="exactly what goes out; fixed before it is sent"),
    Column("state", String(16), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("at", Moment, nullable=False, comment="when the last attempt began; quotas are counted from it"),
    Column("message_id", String(128)),
    Column("response_code", Text, comment="the single-use right to update its card"),
    Column("reason", Text),
    Index("ix_delivery_lane_at", "lane", "at"),
    Index("ix_delivery_state", "state", "lane"),
)

letter = Table(
    "letter",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("subject", String(64), nullable=False),
    Column("generation", Integer, nullable=False),
    Column("occasion", String(64), nullable=False),
    Column("recipient", String(128), nullable=False),
    Column("channel", String(16), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("facts", Json, nullable=False),
    Column("urgent", Boolean, nullable=False),
    Column("lane", String(160), nullable=False),
    Column("state", String(16), nullable=False),
    Column("written_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False, comment="when it may next be tried"),
    Column("hold_until", Moment, comment="desk time until which a held letter rests"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("delivery_id", Integer, ForeignKey("delivery.id")),
    Column("reason", Text, comment="why it is moot, failed or given up"),
    Column(
        "doubted",
        Boolean,
        nullable=False,
        server_default=false(),
        comment="somebody had it sent again though it may have arrived: it says so",
    ),
    UniqueConstraint("subject", "generation", "occasion", "recipient", "channel"),
    Index("ix_letter_waiting", "state", "due_at"),
    Index("ix_letter_lane_state", "lane", "state"),
    Index("ix_letter_delivery_id", "delivery_id"),
    Index("ix_letter_hold_until", "hold_until", postgresql_where=text("hold_until IS NOT NULL")),
)

lane = Table(
    "lane",
    metadata,
    Column("name", String(160), primary_key=True),
    Column("holder", String(64), comment="the process that drains it"),
    Column("leased_until", Moment),
    Column("not_before", Moment, comment="the quota is used up, or the far side asked for quiet, until then"),
)

# One row for the daily and one for the weekly summary of the leaders' group, in desk time.
summary = Table(
    "summary",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("kind", String(8), nullable=False, unique=True, comment="daily or weekly"),
    Column("said", Moment, comment="the moment of the last one; null before the desk first looked"),
    *waking_columns("summary"),
)
