"""The first tables

Revision: 0001
Revises: nothing
"""

import sqlalchemy as sa
from alembic import op

import knowledge.sql.tables
from workorders.sql.base import Json, Moment

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "conversation",
        sa.Column(
            "place", sa.String(length=128), nullable=False, comment="the door and, in a group, its chatid"
        ),
        sa.Column("sender", sa.String(length=128), nullable=False),
        sa.Column("state", Json, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("place", "sender", name=op.f("pk_conversation")),
    )
    op.create_table(
        "delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("lane", sa.String(length=160), nullable=False),
        sa.Column("payload", Json, nullable=False, comment="exactly what goes out; fixed before it is sent"),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column(
            "at", Moment(), nullable=False, comment="when the last attempt began; quotas are counted from it"
        ),
        sa.Column("message_id", sa.String(length=128), nullable=True),
        sa.Column(
            "response_code", sa.Text(), nullable=True, comment="the single-use right to update its card"
        ),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
    )
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.create_index("ix_delivery_lane_at", ["lane", "at"], unique=False)
        batch_op.create_index("ix_delivery_state", ["state", "lane"], unique=False)

    op.create_table(
        "desk_time",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "ahead_us",
            sa.BigInteger(),
            nullable=False,
            comment="microseconds desk time is ahead of machine time",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_time")),
    )
    op.create_table(
        "inbox",
        sa.Column("door", sa.String(length=16), nullable=False),
        sa.Column(
            "key", sa.String(length=128), nullable=False, comment="what makes it this message and no other"
        ),
        sa.Column("sender", sa.String(length=128), nullable=False),
        sa.Column("chat", sa.String(length=128), nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False, comment="masked"),
        sa.Column("at", Moment(), nullable=False),
        sa.Column(
            "sent_at", Moment(), nullable=True, comment="the sender's stamp: evidence, never the judge"
        ),
        sa.Column("state", sa.String(length=16), nullable=False, comment="answered or failed"),
        sa.Column("reply", sa.Text(), nullable=True, comment="the finished plaintext; null is silence"),
        sa.PrimaryKeyConstraint("door", "key", name=op.f("pk_inbox")),
    )
    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.create_index("ix_inbox_at", ["at"], unique=False)

    op.create_table(
        "lane",
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("holder", sa.String(length=64), nullable=True, comment="the process that drains it"),
        sa.Column("leased_until", Moment(), nullable=True),
        sa.Column(
            "not_before",
            Moment(),
            nullable=True,
            comment="the quota is used up, or the far side asked for quiet, until then",
        ),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_lane")),
    )
    op.create_table(
        "partner",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name_key", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("aliases", Json, nullable=False),
        sa.Column("mail_domains", Json, nullable=False),
        sa.Column("clauses", Json, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("has_left", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner")),
        sa.UniqueConstraint("name_key", name=op.f("uq_partner_name_key")),
    )
    op.create_table(
        "sweep",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("at", Moment(), nullable=False, comment="when a clock last finished a round of it"),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_sweep")),
    )
    op.create_table(
        "chat_group",
        sa.Column("chatid", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("partner_id", sa.Integer(), nullable=True),
        sa.Column("purpose", sa.String(), nullable=True),
        sa.Column("webhook_key", sa.String(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint("(partner_id IS NULL) <> (purpose IS NULL)", name=op.f("ck_chat_group_owner")),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name=op.f("fk_chat_group_partner_id")),
        sa.PrimaryKeyConstraint("chatid", name=op.f("pk_chat_group")),
    )
    with op.batch_alter_table("chat_group", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_chat_group_partner_id"), ["partner_id"], unique=False)

    op.create_table(
        "letter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("occasion", sa.String(length=64), nullable=False),
        sa.Column("recipient", sa.String(length=128), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("facts", Json, nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("lane", sa.String(length=160), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("written_at", Moment(), nullable=False),
        sa.Column("due_at", Moment(), nullable=False, comment="when it may next be tried"),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("delivery_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True, comment="why it is moot, failed or given up"),
        sa.ForeignKeyConstraint(["delivery_id"], ["delivery.id"], name=op.f("fk_letter_delivery_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter")),
        sa.UniqueConstraint(
            "subject",
            "generation",
            "occasion",
            "recipient",
            "channel",
            name=op.f("uq_letter_subject_generation_occasion_recipient_channel"),
        ),
    )
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.create_index("ix_letter_delivery_id", ["delivery_id"], unique=False)
        batch_op.create_index("ix_letter_lane_state", ["lane", "state"], unique=False)
        batch_op.create_index("ix_letter_waiting", ["state", "due_at"], unique=False)

    op.create_table(
        "partner_name",
        sa.Column("name_key", sa.String(), nullable=False),
        sa.Column("partner_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name=op.f("fk_partner_name_partner_id")),
        sa.PrimaryKeyConstraint("name_key", name=op.f("pk_partner_name")),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("userid_key", sa.String(), nullable=True),
        sa.Column("userid", sa.String(), nullable=True),
        sa.Column("name_key", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("side", sa.String(), nullable=False),
        sa.Column("partner_id", sa.Integer(), nullable=True),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("roles", Json, nullable=False),
        sa.Column("console", sa.String(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("has_left", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name=op.f("fk_person_partner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("userid_key", name=op.f("uq_person_userid_key")),
    )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_name_key"), ["name_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_person_partner_id"), ["partner_id"], unique=False)

    op.create_table(
        "work_order",
        sa.Column("number", sa.Integer(), sa.Identity(always=False, start=1001), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("partner_id", sa.Integer(), nullable=True),
        sa.Column("reporter", sa.String(length=128), nullable=False),
        sa.Column("chat", sa.String(length=128), nullable=True),
        sa.Column("owner", sa.String(length=128), nullable=True),
        sa.Column("due", Moment(), nullable=True, comment="the next due moment anybody waits for"),
        sa.Column(
            "look_at",
            Moment(),
            nullable=True,
            comment="the earliest moment anything could change; null when never",
        ),
        sa.Column(
            "retry_at",
            Moment(),
            nullable=True,
            comment="machine time until which a row that raised is left alone",
        ),
        sa.Column("stumbles", sa.Integer(), server_default="0", nullable=False),
        sa.Column("snapshot", Json, nullable=False),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name=op.f("fk_work_order_partner_id")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_work_order")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("work_order", schema=None) as batch_op:
        batch_op.create_index(
            "ix_work_order_look_at",
            ["look_at"],
            unique=False,
            postgresql_where=sa.text("look_at IS NOT NULL"),
        )
        batch_op.create_index("ix_work_order_owner_state", ["owner", "state"], unique=False)
        batch_op.create_index("ix_work_order_partner_id_state", ["partner_id", "state"], unique=False)
        batch_op.create_index("ix_work_order_reporter", ["reporter"], unique=False)
        batch_op.create_index("ix_work_order_state_due", ["state", "due"], unique=False)

    op.create_table(
        "duty",
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_duty_person_id")),
        sa.PrimaryKeyConstraint("role", "rank", "person_id", name=op.f("pk_duty")),
    )
    with op.batch_alter_table("duty", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_duty_person_id"), ["person_id"], unique=False)

    op.create_table(
        "order_event",
        sa.Column("order_number", sa.Integer(), nullable=False),
        sa.Column(
            "number", sa.Integer(), nullable=False, comment="its place among the order's events, from 1"
        ),
        sa.Column("verb", sa.String(length=16), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("by", sa.String(length=128), nullable=True, comment="userid; null is the clock"),
        sa.Column("facts", Json, nullable=False),
        sa.Column("change", Json, nullable=False),
        sa.ForeignKeyConstraint(
            ["order_number"], ["work_order.number"], name=op.f("fk_order_event_order_number")
        ),
        sa.PrimaryKeyConstraint("order_number", "number", name=op.f("pk_order_event")),
    )
    op.create_table(
        "answered",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("article", sa.String(length=64), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("asked_at", knowledge.sql.tables.Moment(), nullable=False),
        sa.Column("asked_by", sa.String(length=128), nullable=False),
        sa.Column("chat", sa.String(length=128), nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("answered", schema=None) as batch_op:
        batch_op.create_index("ix_answered_asked_by_asked_at", ["asked_by", "asked_at"], unique=False)

    op.create_table(
        "gap",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("asked_at", knowledge.sql.tables.Moment(), nullable=False),
        sa.Column("asked_by", sa.String(length=128), nullable=False),
        sa.Column("chat", sa.String(length=128), nullable=True),
        sa.Column("nearest", sa.String(length=64), nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("gap", schema=None) as batch_op:
        batch_op.create_index("ix_gap_asked_at", ["asked_at"], unique=False)

    # SQLite has no identities that start elsewhere than at 1: its counter is told where the last one was.
    if op.get_bind().dialect.name == "sqlite":
        op.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('work_order', 1000)")


def downgrade() -> None:
    with op.batch_alter_table("gap", schema=None) as batch_op:
        batch_op.drop_index("ix_gap_asked_at")

    op.drop_table("gap")
    with op.batch_alter_table("answered", schema=None) as batch_op:
        batch_op.drop_index("ix_answered_asked_by_asked_at")

    op.drop_table("answered")
    op.drop_table("order_event")
    with op.batch_alter_table("duty", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_duty_person_id"))

    op.drop_table("duty")
    with op.batch_alter_table("work_order", schema=None) as batch_op:
        batch_op.drop_index("ix_work_order_state_due")
        batch_op.drop_index("ix_work_order_reporter")
        batch_op.drop_index("ix_work_order_partner_id_state")
        batch_op.drop_index("ix_work_order_owner_state")
        batch_op.drop_index("ix_work_order_look_at", postgresql_where=sa.text("look_at IS NOT NULL"))

    op.drop_table("work_order")
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_partner_id"))
        batch_op.drop_index(batch_op.f("ix_person_name_key"))

    op.drop_table("person")
    op.drop_table("partner_name")
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.drop_index("ix_letter_waiting")
        batch_op.drop_index("ix_letter_lane_state")
        batch_op.drop_index("ix_letter_delivery_id")

    op.drop_table("letter")
    with op.batch_alter_table("chat_group", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_chat_group_partner_id"))

    op.drop_table("chat_group")
    op.drop_table("sweep")
    op.drop_table("partner")
    op.drop_table("lane")
    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.drop_index("ix_inbox_at")

    op.drop_table("inbox")
    op.drop_table("desk_time")
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.drop_index("ix_delivery_state")
        batch_op.drop_index("ix_delivery_lane_at")

    op.drop_table("delivery")
    op.drop_table("conversation")
