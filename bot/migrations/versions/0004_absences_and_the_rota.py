"""Absences and the rota

Revision: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

from workorders.sql.base import Json, Moment

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "absence",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("begins", Moment(), nullable=False, comment="half-open, desk time"),
        sa.Column("ends", Moment(), nullable=False),
        sa.Column("stand_in", sa.String(length=128), nullable=True, comment="userid of who is told instead"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_absence_person_id")),
        sa.PrimaryKeyConstraint("person_id", "begins", name=op.f("pk_absence")),
    )
    op.create_table(
        "rota",
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("days", Json, nullable=False, comment="weekdays, Monday 0"),
        sa.Column("starts", sa.Integer(), nullable=False, comment="minutes from local midnight, half-open"),
        sa.Column("stops", sa.Integer(), nullable=False),
        sa.Column("begins", sa.Date(), nullable=True, comment="the first local day it holds"),
        sa.Column("ends", sa.Date(), nullable=True, comment="the last"),
        sa.Column("every", sa.Integer(), nullable=False, comment="weeks, counted from that of begins"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_rota_person_id")),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_rota")),
    )
    with op.batch_alter_table("rota", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rota_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_rota_role"), ["role"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("rota", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rota_role"))
        batch_op.drop_index(batch_op.f("ix_rota_person_id"))

    op.drop_table("rota")
    op.drop_table("absence")
