"""What the board says of an order in a few words: what is to be done next."""

from __future__ import annotations

from handlers.phrases import text
from handlers.phrases.scene import Scene
from workorders.orders.order import State, WorkOrder
from workorders.orders.promise import Part

_PARTS = {Part.RESPONSE: "接单", Part.SOLUTION: "解决或给出方案", Part.COMPLETION: "按承诺完成"}


def next_step(order: WorkOrder, scene: Scene) -> str:
    """接单, 解决或给出方案, 等待「终端号」, 今天 09:00 开单."""
    match order.state:
        case State.PARKED if order.parked_until:
            return f"{scene.when(order.parked_until)} 开单"
        case State.PAUSED:
            return f"等待{scene.quote(text.awaited(order.awaited or ''), 24)}"
        case State.SOLVED if order.close_at:
            return f"{scene.when(order.close_at)} 自动关闭"
    pending = [p for p in order.promises if p.pending and p.stopped_at is None]
    if pending:
        return _PARTS.get(min(pending, key=lambda p: p.due).part, "办理")
    return "解决" if order.live else "无需处理"
