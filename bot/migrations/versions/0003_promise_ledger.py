"""The ledger of promises

Revision: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

from workorders.sql.base import Moment

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "promise",
        sa.Column("order_number", sa.Integer(), nullable=False),
        sa.Column(
            "position", sa.Integer(), nullable=False, comment="its place among the order's promises, from 0"
        ),
        sa.Column("clause", sa.String(length=32), nullable=False),
        sa.Column("part", sa.String(length=16), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("partner_id", sa.Integer(), nullable=True),
        sa.Column(
            "person",
            sa.String(length=128),
            nullable=True,
            comment="userid of ours who had the order when the outcome fell",
        ),
        sa.Column(
            "day", sa.Date(), nullable=False, comment="the local day its clock began; it is counted by it"
        ),
        sa.Column("starts", Moment(), nullable=False),
        sa.Column("due", Moment(), nullable=False),
        sa.Column("met_at", Moment(), nullable=True),
        sa.Column("breached_at", Moment(), nullable=True),
        sa.Column("void_at", Moment(), nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column(
            "took_us", sa.BigInteger(), nullable=True, comment="microseconds of its own time until it was met"
        ),
        sa.Column("idle_us", sa.BigInteger(), nullable=False, comment="microseconds its clock stood still"),
        sa.Column("cause", sa.String(length=16), nullable=True, comment="why it was missed"),
        sa.Column("reason", sa.Text(), nullable=False, comment="the same in somebody's words"),
        sa.Column("filed", sa.Boolean(), nullable=False, comment="due before it was written down"),
        sa.ForeignKeyConstraint(
            ["order_number"], ["work_order.number"], name=op.f("fk_promise_order_number")
        ),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name=op.f("fk_promise_partner_id")),
        sa.PrimaryKeyConstraint("order_number", "position", name=op.f("pk_promise")),
    )
    with op.batch_alter_table("promise", schema=None) as batch_op:
        batch_op.create_index(
            "ix_promise_breached_at",
            ["breached_at"],
            unique=False,
            postgresql_where=sa.text("breached_at IS NOT NULL"),
        )
        batch_op.create_index("ix_promise_day", ["day"], unique=False)

    with op.batch_alter_table("order_event", schema=None) as batch_op:
        batch_op.create_index("ix_order_event_verb_at", ["verb", "at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("order_event", schema=None) as batch_op:
        batch_op.drop_index("ix_order_event_verb_at")

    with op.batch_alter_table("promise", schema=None) as batch_op:
        batch_op.drop_index("ix_promise_day")
        batch_op.drop_index("ix_promise_breached_at", postgresql_where=sa.text("breached_at IS NOT NULL"))

    op.drop_table("promise")
