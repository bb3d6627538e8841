"""The audit: append-only and chained

Revision: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

from workorders.sql.base import Json, Moment

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# What may be done to a row that stands: retention removes rows at or before the anchor, and a forgotten
# person's name is replaced. Everything else is refused, whoever asks.
_KEPT = ("number", "at", "act", "door", "result", "details", "hash")
_NAMED = ("who", "subject", "reason")


def _changed(differs: str) -> str:
    kept = [f"NEW.{name} {differs} OLD.{name}" for name in _KEPT]
    named = [f"(NEW.{name} {differs} OLD.{name} AND NEW.{name} NOT LIKE 'forgotten:%')" for name in _NAMED]
    return " OR ".join([*kept, *named])


_STANDS = "OLD.number > COALESCE((SELECT max(number) FROM audit_anchor), 0)"

_SQLITE = (
    f"CREATE TRIGGER audit_stays BEFORE DELETE ON audit WHEN {_STANDS}"
    " BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END",
    f"CREATE TRIGGER audit_unchanged BEFORE UPDATE ON audit WHEN {_changed('IS NOT')}"
    " BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END",
)
_POSTGRESQL = (
    "CREATE FUNCTION audit_refused() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN RAISE EXCEPTION 'the audit is append-only'; END $$",
    # A trigger's own condition may not ask another table, so this one asks in its body.
    "CREATE FUNCTION audit_stays() RETURNS trigger LANGUAGE plpgsql AS"
    f" $$ BEGIN IF {_STANDS} THEN RAISE EXCEPTION 'the audit is append-only'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER audit_stays BEFORE DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_stays()",
    f"CREATE TRIGGER audit_unchanged BEFORE UPDATE ON audit FOR EACH ROW WHEN ({_changed('IS DISTINCT FROM')})"
    " EXECUTE FUNCTION audit_refused()",
    "CREATE TRIGGER audit_not_emptied BEFORE TRUNCATE ON audit EXECUTE FUNCTION audit_refused()",
)


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column(
            "number",
            sa.Integer(),
            autoincrement=False,
            nullable=False,
            comment="its place in the chain, from 1",
        ),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("act", sa.String(length=64), nullable=False),
        sa.Column("who", sa.String(length=128), nullable=False, comment="userid, operator:NAME or clock"),
        sa.Column("door", sa.String(length=16), nullable=False),
        sa.Column(
            "subject",
            sa.String(length=160),
            nullable=False,
            comment="order:1001, person:xiaowang, file:d.toml",
        ),
        sa.Column("result", sa.String(length=16), nullable=False, comment="done or refused"),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("details", Json, nullable=False, comment="counts and the like; nothing personal"),
        sa.Column("seals", Json, nullable=False, comment="salt and digest of who, subject and reason"),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit")),
    )
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.create_index("ix_audit_at", ["at"], unique=False)
        batch_op.create_index("ix_audit_subject", ["subject"], unique=False)
        batch_op.create_index("ix_audit_who", ["who"], unique=False)

    op.create_table(
        "audit_anchor",
        sa.Column(
            "number", sa.Integer(), autoincrement=False, nullable=False, comment="the last row removed"
        ),
        sa.Column(
            "hash", sa.String(length=64), nullable=False, comment="its hash, which the next row follows"
        ),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_anchor")),
    )
    for statement in _POSTGRESQL if op.get_bind().dialect.name == "postgresql" else _SQLITE:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("audit_anchor")
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_who")
        batch_op.drop_index("ix_audit_subject")
        batch_op.drop_index("ix_audit_at")

    op.drop_table("audit")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_stays()")
        op.execute("DROP FUNCTION audit_refused()")
