"""Where one more answer to a message may be posted

Revision: 0018
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "inbox",
        sa.Column(
            "reply_url",
            sa.Text(),
            nullable=True,
            comment="where one more answer may be posted, once; null when spent or over",
        ),
    )


def downgrade() -> None:
    op.drop_column("inbox", "reply_url")
