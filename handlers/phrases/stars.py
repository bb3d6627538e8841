"""What is said about the stars of a closed order."""

from __future__ import annotations

from collections.abc import Mapping

from handlers.message import Button, Card
from handlers.phrases.facts import Facts, Said
from workorders.orders.order import WorkOrder
from workorders.orders.rating import FEW, Reason

TITLE = "服务评价"
REASONS: Mapping[Reason, str] = {
    Reason.SLOW: "慢",
    Reason.UNSOLVED: "没解决",
    Reason.ATTITUDE: "态度",
    Reason.OTHER: "其他",
}


def asked(f: Facts) -> Said:
    """The card that asks, sent once an order."""
    return Said(
        head=f"{f.named} 已关闭，请评价这次服务（{f.stamp}）。",
        body=f.text,
        words=f"请回复「评价 {f.number} 5 星」，1 至 5 星，48 小时内有效。",
        title=f"{f.named} {TITLE}",
        desc=f.stamp,
        shown=f.text,
        buttons=tuple(Button(f"{n} 星", f"stars:{f.number}:{n}", style=2) for n in (5, 4, 3, 2, 1)),
        short="请评价",
    )


def after_stars(order: WorkOrder) -> Card:
    """The card once a star was pressed; few of them ask why."""
    if order.stars is not None and order.stars <= FEW:
        buttons = tuple(
            Button(name, f"stars_why:{order.number}:{reason}", style=2) for reason, name in REASONS.items()
        )
        asks = f"已记录 {order.stars} 星。主要是哪方面不满意？"
        return Card("", f"工单 {order.number} {TITLE}", body=asks, buttons=buttons)
    return rated(order)


def ask_why(order: WorkOrder) -> str:
    """The same in words, where they were given in words."""
    reasons = "、".join(REASONS.values())
    return f"工单 {order.number} 已记录 {order.stars} 星。主要是哪方面不满意？请回复：{reasons}。"


def rated(order: WorkOrder) -> Card:
    """The card once there is nothing more to ask."""
    return Card("", f"工单 {order.number} {TITLE}", body=thanks(order))


def thanks(order: WorkOrder) -> str:
    why = f"（{REASONS[Reason(order.stars_reason)]}）" if order.stars_reason else ""
    again = f"如需继续处理，请回复「重开 {order.number}」。" if order.stars_reason == Reason.UNSOLVED else ""
    return f"工单 {order.number} 已记录 {order.stars} 星{why}，谢谢您的评价。{again}"
