"""Notices

Revision: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

from workorders.sql.base import Json, Moment

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "notice",
        sa.Column("number", sa.Integer(), sa.Identity(always=False, start=1), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column(
            "proposal",
            sa.String(length=64),
            nullable=True,
            comment="what the desk proposed it for; null from a person",
        ),
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
        sa.PrimaryKeyConstraint("number", name=op.f("pk_notice")),
        sa.UniqueConstraint("proposal", name=op.f("uq_notice_proposal")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.create_index(
            "ix_notice_look_at", ["look_at"], unique=False, postgresql_where=sa.text("look_at IS NOT NULL")
        )

    op.create_table(
        "notice_event",
        sa.Column("notice_number", sa.Integer(), nullable=False),
        sa.Column(
            "number", sa.Integer(), nullable=False, comment="its place among the notice's events, from 1"
        ),
        sa.Column("verb", sa.String(length=16), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("by", sa.String(length=128), nullable=True, comment="userid; null is the clock"),
        sa.Column("facts", Json, nullable=False),
        sa.Column("change", Json, nullable=False),
        sa.ForeignKeyConstraint(
            ["notice_number"], ["notice.number"], name=op.f("fk_notice_event_notice_number")
        ),
        sa.PrimaryKeyConstraint("notice_number", "number", name=op.f("pk_notice_event")),
    )
    op.create_table(
        "receipt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("notice_number", sa.Integer(), nullable=False),
        sa.Column(
            "key", sa.String(length=254), nullable=False, comment="the person: userid or mail address, folded"
        ),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("partner_id", sa.Integer(), nullable=True, comment="null for our own and for addresses"),
        sa.Column("chatid", sa.String(length=128), nullable=True),
        sa.Column("email_key", sa.String(length=254), nullable=True),
        sa.Column("due", Moment(), nullable=True, comment="when silence is deemed something"),
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
        sa.ForeignKeyConstraint(["notice_number"], ["notice.number"], name=op.f("fk_receipt_notice_number")),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name=op.f("fk_receipt_partner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt")),
        sa.UniqueConstraint("notice_number", "key", name=op.f("uq_receipt_notice_number_key")),
    )
    with op.batch_alter_table("receipt", schema=None) as batch_op:
        batch_op.create_index("ix_receipt_email_key", ["email_key"], unique=False)
        batch_op.create_index("ix_receipt_key_state", ["key", "state"], unique=False)
        batch_op.create_index(
            "ix_receipt_look_at", ["look_at"], unique=False, postgresql_where=sa.text("look_at IS NOT NULL")
        )
        batch_op.create_index("ix_receipt_notice_number_chatid", ["notice_number", "chatid"], unique=False)
        batch_op.create_index(
            "ix_receipt_notice_number_state", ["notice_number", "state", "partner_id"], unique=False
        )

    op.create_table(
        "receipt_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("notice_number", sa.Integer(), nullable=False),
        sa.Column(
            "receipt_id", sa.Integer(), nullable=True, comment="null for an answer of somebody not told"
        ),
        sa.Column("verb", sa.String(length=16), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column(
            "by",
            sa.String(length=254),
            nullable=True,
            comment="userid or mail address; null is the clock or a channel",
        ),
        sa.Column("facts", Json, nullable=False),
        sa.ForeignKeyConstraint(
            ["notice_number"], ["notice.number"], name=op.f("fk_receipt_event_notice_number")
        ),
        sa.ForeignKeyConstraint(["receipt_id"], ["receipt.id"], name=op.f("fk_receipt_event_receipt_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt_event")),
    )
    with op.batch_alter_table("receipt_event", schema=None) as batch_op:
        batch_op.create_index("ix_receipt_event_notice_number", ["notice_number", "id"], unique=False)
        batch_op.create_index("ix_receipt_event_receipt_id", ["receipt_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("receipt_event", schema=None) as batch_op:
        batch_op.drop_index("ix_receipt_event_receipt_id")
        batch_op.drop_index("ix_receipt_event_notice_number")

    op.drop_table("receipt_event")
    with op.batch_alter_table("receipt", schema=None) as batch_op:
        batch_op.drop_index("ix_receipt_notice_number_state")
        batch_op.drop_index("ix_receipt_notice_number_chatid")
        batch_op.drop_index("ix_receipt_look_at", postgresql_where=sa.text("look_at IS NOT NULL"))
        batch_op.drop_index("ix_receipt_key_state")
        batch_op.drop_index("ix_receipt_email_key")

    op.drop_table("receipt")
    op.drop_table("notice_event")
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.drop_index("ix_notice_look_at", postgresql_where=sa.text("look_at IS NOT NULL"))

    op.drop_table("notice")
