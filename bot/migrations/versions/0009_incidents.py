"""Incidents.

Revision ID: 0009
Revises: 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workorders.sql.base import Json, Moment

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "incident",
        sa.Column("number", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
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
        sa.PrimaryKeyConstraint("number", name=op.f("pk_incident")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_incident_look_at",
        "incident",
        ["look_at"],
        unique=False,
        postgresql_where=sa.text("look_at IS NOT NULL"),
    )
    op.create_index("ix_incident_state", "incident", ["state"], unique=False)
    op.create_table(
        "incident_event",
        sa.Column("incident_number", sa.Integer(), nullable=False),
        sa.Column(
            "number", sa.Integer(), nullable=False, comment="its place among the incident's events, from 1"
        ),
        sa.Column("verb", sa.String(length=16), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("by", sa.String(length=128), nullable=True, comment="userid; null is the clock"),
        sa.Column("facts", Json, nullable=False),
        sa.Column("change", Json, nullable=False),
        sa.ForeignKeyConstraint(
            ["incident_number"], ["incident.number"], name=op.f("fk_incident_event_incident_number")
        ),
        sa.PrimaryKeyConstraint("incident_number", "number", name=op.f("pk_incident_event")),
    )
    op.create_table(
        "incident_order",
        sa.Column("incident_number", sa.Integer(), nullable=False),
        sa.Column("order_number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["incident_number"], ["incident.number"], name=op.f("fk_incident_order_incident_number")
        ),
        sa.ForeignKeyConstraint(
            ["order_number"], ["work_order.number"], name=op.f("fk_incident_order_order_number")
        ),
        sa.PrimaryKeyConstraint("incident_number", "order_number", name=op.f("pk_incident_order")),
    )
    op.create_index("ix_incident_order_order_number", "incident_order", ["order_number"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_incident_order_order_number", table_name="incident_order")
    op.drop_table("incident_order")
    op.drop_table("incident_event")
    op.drop_index("ix_incident_state", table_name="incident")
    op.drop_index(
        "ix_incident_look_at", table_name="incident", postgresql_where=sa.text("look_at IS NOT NULL")
    )
    op.drop_table("incident")
