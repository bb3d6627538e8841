"""Summaries and letters held

Revision: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

from workorders.sql.base import Moment

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "summary",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False, comment="daily or weekly"),
        sa.Column(
            "said",
            Moment(),
            nullable=True,
            comment="the moment of the last one; null before the desk first looked",
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
        sa.PrimaryKeyConstraint("id", name=op.f("pk_summary")),
        sa.UniqueConstraint("kind", name=op.f("uq_summary_kind")),
    )
    with op.batch_alter_table("summary", schema=None) as batch_op:
        batch_op.create_index(
            "ix_summary_look_at", ["look_at"], unique=False, postgresql_where=sa.text("look_at IS NOT NULL")
        )

    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "hold_until", Moment(), nullable=True, comment="desk time until which a held letter rests"
            )
        )
        batch_op.create_index(
            "ix_letter_hold_until",
            ["hold_until"],
            unique=False,
            postgresql_where=sa.text("hold_until IS NOT NULL"),
        )


def downgrade() -> None:
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.drop_index("ix_letter_hold_until", postgresql_where=sa.text("hold_until IS NOT NULL"))
        batch_op.drop_column("hold_until")

    with op.batch_alter_table("summary", schema=None) as batch_op:
        batch_op.drop_index("ix_summary_look_at", postgresql_where=sa.text("look_at IS NOT NULL"))

    op.drop_table("summary")
