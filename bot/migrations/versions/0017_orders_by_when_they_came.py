"""Orders are counted by when they came

Revision: 0017
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_FIRST = sa.text("number = 1")


def upgrade() -> None:
    op.create_index(
        "ix_order_event_first",
        "order_event",
        ["at", "order_number"],
        postgresql_where=_FIRST,
        sqlite_where=_FIRST,
    )


def downgrade() -> None:
    op.drop_index("ix_order_event_first", "order_event")
