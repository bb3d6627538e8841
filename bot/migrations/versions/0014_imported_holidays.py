"""Imported holidays

Revision: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

from workorders.sql.base import Json, Moment

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "holiday_import",
        sa.Column("number", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("by", sa.String(length=128), nullable=False, comment="userid, or operator:NAME"),
        sa.Column(
            "name",
            sa.String(length=160),
            nullable=False,
            comment="the file's; empty where years were taken back",
        ),
        sa.Column("years", Json, nullable=False, comment="the years it speaks of"),
        sa.Column("dates", Json, nullable=False, comment="closed, replaced and breaks as in a calendar file"),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_holiday_import")),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    op.drop_table("holiday_import")
