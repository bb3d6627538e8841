"""The board and who is logged in.

Revision ID: 0006
Revises: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workorders.sql.base import Moment

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_LIVE = sa.text("state IN ('parked', 'open', 'accepted', 'paused')")


def upgrade() -> None:
    op.create_table(
        "login",
        sa.Column("state_hash", sa.String(length=64), nullable=False),
        sa.Column("browser_hash", sa.String(length=64), nullable=False),
        sa.Column("to", sa.Text(), nullable=False, comment="the page that was asked for"),
        sa.Column("began_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("state_hash", name=op.f("pk_login")),
    )
    op.create_index("ix_login_began_at", "login", ["began_at"], unique=False)
    op.create_table(
        "session",
        sa.Column("id_hash", sa.String(length=64), nullable=False),
        sa.Column("userid", sa.String(length=128), nullable=False),
        sa.Column("began_at", Moment(), nullable=False),
        sa.Column("seen_at", Moment(), nullable=False, comment="when its person was last at work in it"),
        sa.PrimaryKeyConstraint("id_hash", name=op.f("pk_session")),
    )
    op.create_index("ix_session_seen_at", "session", ["seen_at"], unique=False)
    # A default lets SQLite add the columns in place: a table made anew would forget its numbers.
    op.add_column("work_order", sa.Column("role", sa.String(length=16), nullable=False, server_default=""))
    op.add_column(
        "work_order",
        sa.Column("text", sa.Text(), nullable=False, server_default="", comment="the problem, for searching"),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute("UPDATE work_order SET role = snapshot ->> 'role', text = snapshot ->> 'text'")
    else:
        op.execute(
            "UPDATE work_order SET role = json_extract(snapshot, '$.role'),"
            " text = json_extract(snapshot, '$.text')"
        )
    op.create_index(
        "ix_work_order_live",
        "work_order",
        ["due", "number"],
        unique=False,
        postgresql_where=_LIVE,
        sqlite_where=_LIVE,
    )


def downgrade() -> None:
    op.drop_index("ix_work_order_live", table_name="work_order")
    op.drop_column("work_order", "text")
    op.drop_column("work_order", "role")
    op.drop_index("ix_session_seen_at", table_name="session")
    op.drop_table("session")
    op.drop_index("ix_login_began_at", table_name="login")
    op.drop_table("login")
