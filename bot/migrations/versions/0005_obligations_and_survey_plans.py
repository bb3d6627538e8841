"""Obligations and survey plans

Revision: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

from workorders.sql.base import Json, Moment

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "obligation",
        sa.Column("number", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("partner_id", sa.Integer(), nullable=True, comment="null for our own change"),
        sa.Column(
            "survey_month", sa.Date(), nullable=True, comment="a survey's month: one a partner and month"
        ),
        sa.Column("due", Moment(), nullable=True, comment="the next moment somebody waits for"),
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
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name=op.f("fk_obligation_partner_id")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_obligation")),
        sa.UniqueConstraint("partner_id", "survey_month", name=op.f("uq_obligation_partner_id_survey_month")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("obligation", schema=None) as batch_op:
        batch_op.create_index(
            "ix_obligation_look_at",
            ["look_at"],
            unique=False,
            postgresql_where=sa.text("look_at IS NOT NULL"),
        )
        batch_op.create_index("ix_obligation_state_due", ["state", "due"], unique=False)

    op.create_table(
        "survey_plan",
        sa.Column("partner_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "months",
            sa.Integer(),
            nullable=True,
            comment="from one survey to the next; null where nobody chose",
        ),
        sa.Column("last", sa.Date(), nullable=True, comment="the first day of the month surveyed last"),
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
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name=op.f("fk_survey_plan_partner_id")),
        sa.PrimaryKeyConstraint("partner_id", name=op.f("pk_survey_plan")),
    )
    with op.batch_alter_table("survey_plan", schema=None) as batch_op:
        batch_op.create_index(
            "ix_survey_plan_look_at",
            ["look_at"],
            unique=False,
            postgresql_where=sa.text("look_at IS NOT NULL"),
        )

    op.create_table(
        "obligation_event",
        sa.Column("obligation_number", sa.Integer(), nullable=False),
        sa.Column(
            "number", sa.Integer(), nullable=False, comment="its place among the obligation's events, from 1"
        ),
        sa.Column("verb", sa.String(length=16), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("by", sa.String(length=128), nullable=True, comment="userid; null is the clock"),
        sa.Column("facts", Json, nullable=False),
        sa.Column("change", Json, nullable=False),
        sa.ForeignKeyConstraint(
            ["obligation_number"], ["obligation.number"], name=op.f("fk_obligation_event_obligation_number")
        ),
        sa.PrimaryKeyConstraint("obligation_number", "number", name=op.f("pk_obligation_event")),
    )


def downgrade() -> None:
    op.drop_table("obligation_event")
    with op.batch_alter_table("survey_plan", schema=None) as batch_op:
        batch_op.drop_index("ix_survey_plan_look_at", postgresql_where=sa.text("look_at IS NOT NULL"))

    op.drop_table("survey_plan")
    with op.batch_alter_table("obligation", schema=None) as batch_op:
        batch_op.drop_index("ix_obligation_state_due")
        batch_op.drop_index("ix_obligation_look_at", postgresql_where=sa.text("look_at IS NOT NULL"))

    op.drop_table("obligation")
