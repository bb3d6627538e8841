"""Phone calls and what they came to

Revision: 0015
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op

from workorders.sql.base import Moment

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "call",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("taken_by", sa.String(length=128), nullable=False),
        sa.Column("logged_at", Moment(), nullable=False, comment="desk time"),
        sa.Column("called_at", Moment(), nullable=False, comment="desk time"),
        sa.Column("partner_id", sa.Integer(), nullable=False),
        sa.Column("became", sa.String(length=16), nullable=False, comment="order, joined or answered"),
        sa.Column(
            "about", sa.Integer(), nullable=False, comment="the number of that order, or of that answer"
        ),
        sa.Column(
            "once",
            sa.String(length=64),
            nullable=True,
            comment="what makes a form it was logged with that form",
        ),
        sa.Column("digest", sa.String(length=64), nullable=True, comment="what that form said"),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name=op.f("fk_call_partner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call")),
        sa.UniqueConstraint("once", name=op.f("uq_call_once")),
    )
    with op.batch_alter_table("call", schema=None) as batch_op:
        batch_op.create_index("ix_call_called_at", ["called_at"], unique=False)
        batch_op.create_index("ix_call_taken_by", ["taken_by"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("call", schema=None) as batch_op:
        batch_op.drop_index("ix_call_taken_by")
        batch_op.drop_index("ix_call_called_at")

    op.drop_table("call")
