"""Letters sent again

Revision: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "letter",
        sa.Column(
            "doubted",
            sa.Boolean(),
            server_default=sa.false(),
            nullable=False,
            comment="somebody had it sent again though it may have arrived: it says so",
        ),
    )


def downgrade() -> None:
    op.drop_column("letter", "doubted")
