"""Every kind of order: the calendar in force, and whole clauses in an order's terms

An order used to keep span and way of counting of four clauses. The rest of those is filled in as the shipped
agreement had it, and the clauses of the other kinds with it, so that an order opened before can change kind.

Revision: 0013
Revises: 0012
"""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op

from workorders.sql.base import Json, Moment

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_DAILY = {"source": "二.4 技术对接服务", "owes": "us"}
_AFTERSALES = {"source": "一.1 硬件产品；附件 1", "counted": "working", "owes": "us", "level": 2}
_CLAUSES: Mapping[str, Mapping[str, Any]] = {
    "daily.response": {"text": "日常工作 5 分钟内接单（微信+电话）", **_DAILY, "level": 2},
    "daily.solution": {
        "text": "日常工作 20 分钟内解决或给出解决方案",
        **_DAILY,
        "level": 3,
        "pausable": True,
    },
    "urgent.response": {"text": "紧急工作立即响应（电话，24 小时）", **_DAILY, "level": 2},
    "urgent.solution": {"text": "紧急工作 20 分钟内解决或给出解决方案（24 小时）", **_DAILY, "level": 3},
    "integration.decision": {
        "text": "申请表齐全后 2 个工作日内答复：退回并说明原因，或给出方案与完成时间",
        "source": "二.4 系统对接/产品定制开发",
        "counted": "days",
        "owes": "us",
        "span": "2d",
        "level": 3,
    },
    "onboarding.result": {
        "text": "商户入驻审核：12 点前递交，次工作日 12 点前反馈；12 点后递交，次工作日 18 点前反馈",
        "source": "四.1 响应时间",
        "counted": "cutoff",
        "owes": "us",
        "level": 2,
        "cutoffs": [{"before": "12:00", "due": "12:00"}, {"before": "24:00", "due": "18:00"}],
    },
    "aftersales.response": {"text": "硬件售后响应（时限见附件 1，尚未提供）", **_AFTERSALES},
    "aftersales.solution": {
        "text": "硬件售后处理（时限见附件 1，尚未提供）",
        **_AFTERSALES,
        "pausable": True,
    },
    "complaint.reply": {
        "text": "投诉 3 个工作日内回复处理结果和优化方案，并抄送人力资源",
        "source": "七.1 三诉",
        "counted": "days",
        "owes": "us",
        "span": "3d",
        "level": 3,
        "silence": "投诉方可提出暂停服务",
        "consequence": "us",
    },
}

_ORDER = sa.table("work_order", sa.column("number", sa.Integer), sa.column("snapshot", Json))
_EVENT = sa.table(
    "order_event",
    sa.column("order_number", sa.Integer),
    sa.column("number", sa.Integer),
    sa.column("change", Json),
)


def upgrade() -> None:
    op.create_table(
        "calendar_in_force",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(length=16), nullable=False),
        sa.Column("at", Moment(), nullable=False, comment="when a release last put it in force"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_in_force")),
    )
    with op.batch_alter_table("work_order", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "calendar",
                sa.String(length=16),
                nullable=True,
                comment="fingerprint of the calendar its due moments are counted by",
            )
        )
    _rewrite(_whole)


def downgrade() -> None:
    with op.batch_alter_table("work_order", schema=None) as batch_op:
        batch_op.drop_column("calendar")
    op.drop_table("calendar_in_force")
    _rewrite(_bare)


def _rewrite(clauses: Any) -> None:
    """The clauses in every order's terms: in its snapshot, and in the event that froze them."""
    conn = op.get_bind()
    for row in conn.execute(sa.select(_ORDER)).all():
        kept = {**row.snapshot, "terms": _terms(row.snapshot["terms"], clauses)}
        conn.execute(sa.update(_ORDER).where(_ORDER.c.number == row.number).values(snapshot=kept))
    first = sa.select(_EVENT).where(_EVENT.c.number == 1)
    for row in conn.execute(first).all():
        kept = {**row.change, "terms": _terms(row.change["terms"], clauses)}
        mine = sa.and_(_EVENT.c.order_number == row.order_number, _EVENT.c.number == 1)
        conn.execute(sa.update(_EVENT).where(mine).values(change=kept))


def _terms(terms: Mapping[str, Any], clauses: Any) -> dict[str, Any]:
    return {**terms, "clauses": clauses(terms["clauses"])}


def _whole(old: Mapping[str, Any]) -> dict[str, Any]:
    filled = {}
    for name, shipped in _CLAUSES.items():
        clause = {"name": name, **shipped, **old.get(name, {})}
        if clause.get("span", "").endswith("d"):
            clause["counted"] = "days"
        filled[name] = clause
    return filled


def _bare(whole: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: {
            "span": whole[name]["span"],
            "counted": "wall" if whole[name]["counted"] == "wall" else "working",
        }
        for name in ("daily.response", "daily.solution", "urgent.response", "urgent.solution")
    }
