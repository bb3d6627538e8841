"""Attachments

Revision: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

from workorders.sql.base import Moment

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "blob",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_blob")),
    )
    op.create_table(
        "attachment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sort", sa.String(length=16), nullable=False, comment="picture or file, as it was sent"),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column(
            "ref",
            sa.Text(),
            nullable=True,
            comment="names it on the far side while it is waiting; a bearer right",
        ),
        sa.Column("order_number", sa.Integer(), nullable=True, comment="null for a draft"),
        sa.Column("by", sa.String(length=128), nullable=False),
        sa.Column("chat", sa.String(length=128), nullable=True),
        sa.Column("name", sa.String(length=128), nullable=False, comment="masked"),
        sa.Column("at", Moment(), nullable=False, comment="desk time"),
        sa.Column(
            "expires_at", Moment(), nullable=True, comment="machine time until which it can be fetched"
        ),
        sa.Column(
            "look_at",
            Moment(),
            nullable=True,
            comment="machine time at which it may next be fetched; null when never",
        ),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True, comment="stays when the content is deleted"),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("type", sa.String(length=96), nullable=True),
        sa.Column("unfit", sa.String(length=16), nullable=True),
        sa.ForeignKeyConstraint(
            ["order_number"], ["work_order.number"], name=op.f("fk_attachment_order_number")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.create_index(
            "ix_attachment_look_at",
            ["look_at"],
            unique=False,
            postgresql_where=sa.text("look_at IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_attachment_loose",
            ["by", "at"],
            unique=False,
            postgresql_where=sa.text("order_number IS NULL"),
        )
        batch_op.create_index("ix_attachment_order_number", ["order_number"], unique=False)
        batch_op.create_index("ix_attachment_sha256", ["sha256"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.drop_index("ix_attachment_sha256")
        batch_op.drop_index("ix_attachment_order_number")
        batch_op.drop_index("ix_attachment_loose", postgresql_where=sa.text("order_number IS NULL"))
        batch_op.drop_index("ix_attachment_look_at", postgresql_where=sa.text("look_at IS NOT NULL"))

    op.drop_table("attachment")
    op.drop_table("blob")
