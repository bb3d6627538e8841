"""Offers of a hand-over

Revision: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

from workorders.sql.base import Json, Moment

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "handover",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("giver", sa.String(length=128), nullable=False),
        sa.Column("receiver", sa.String(length=128), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("offered_at", Moment(), nullable=False),
        sa.Column("numbers", Json, nullable=False, comment="the orders offered"),
        sa.Column("waiting", Json, nullable=False, comment="those nobody has taken"),
        sa.Column("over", sa.Boolean(), nullable=False, comment="nothing of it waits"),
        sa.Column("told", sa.Boolean(), nullable=False, comment="the supervisors know that it waits"),
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
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover")),
    )
    with op.batch_alter_table("handover", schema=None) as batch_op:
        batch_op.create_index("ix_handover_giver", ["giver", "over"], unique=False)
        batch_op.create_index(
            "ix_handover_look_at", ["look_at"], unique=False, postgresql_where=sa.text("look_at IS NOT NULL")
        )
        batch_op.create_index("ix_handover_receiver", ["receiver", "over"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("handover", schema=None) as batch_op:
        batch_op.drop_index("ix_handover_receiver")
        batch_op.drop_index("ix_handover_look_at", postgresql_where=sa.text("look_at IS NOT NULL"))
        batch_op.drop_index("ix_handover_giver")

    op.drop_table("handover")
