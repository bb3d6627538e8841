"""交接班 in words: one's open orders, the offer, what was taken, and why it could not be."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from handlers.message import Button, Card, Press
from handlers.phrases.orders import line
from handlers.phrases.plain import plain_line
from handlers.phrases.scene import Scene
from handlers.phrases.text import quoted
from workorders.directory.people import Person
from workorders.handover.desk import Taken
from workorders.handover.errors import NoHandover
from workorders.handover.handover import PATIENCE, Handover
from workorders.orders.order import WorkOrder

_MINUTES = int(PATIENCE.total_seconds() // 60)
_TITLE = "交接班"
#: Lines and buttons a card has room for.
_ROWS, _BUTTONS = 6, 5


def mine(orders: Sequence[WorkOrder], scene: Scene) -> str:
    """The open orders of whoever asks, and how they are handed over."""
    rows = [f"- {row}" for row in (line(order, scene) for order in orders)]
    return "\n".join(
        [
            f"您有 {len(orders)} 张未完结工单：",
            *rows,
            f"回复「交接班 同事姓名」全部交接，或「交接班 同事姓名 {orders[0].number} 备注」。",
        ]
    )


def mine_card(
    orders: Sequence[WorkOrder], colleagues: Sequence[Person], scene: Scene, key: str
) -> Card | None:
    """The same as a card with a button for each likely colleague; None where there is none.

    Args:
        key: of the message it answers, which makes its id.
    """
    if not colleagues:
        return None
    return Card(
        task_id=f"shift-{hashlib.sha256(key.encode()).hexdigest()[:24]}",
        title=f"{_TITLE}：{len(orders)} 张未完结工单",
        facts=tuple(
            (str(order.number), quoted(order.text, shared=scene.shared, most=20)) for order in orders[:_ROWS]
        ),
        body="全部交接给：" + (f"（另有 {len(orders) - _ROWS} 张）" if len(orders) > _ROWS else ""),
        buttons=tuple(Button(plain_line(p.name), f"shift:{p.userid}") for p in colleagues[:_BUTTONS]),
    )


def offer_made(handover: Handover, to: Person, scene: Scene) -> str:
    """To the giver."""
    note = f"，备注{scene.quote(handover.note)}" if handover.note else ""
    return (
        f"已请{plain_line(to.name)}接收{_named(handover.numbers)}{note}。"
        f"接收前仍由您负责，{_MINUTES} 分钟未接收将通知客服负责人。"
    )


def taken(taken: Taken) -> str:
    """To the receiver: what is theirs now, and what was not there to take any more."""
    lines = [f"您已接收{_named(taken.done)}，计时不变。"] if taken.done else []
    lines += [f"工单 {number} 已完结或已转交他人，无需接收。" for number in taken.gone]
    lines += [f"待接收：{_named(taken.left)}。"] if taken.left else []
    return "\n".join(lines)


def done(said: str, press: Press, id: int = 0, left: Sequence[int] = ()) -> Card:
    """The card after a press, with buttons for what still waits."""
    buttons = [Button("全部接收" if len(left) > 1 else f"接收 {left[0]}", f"receive:{id}")] if left else []
    if len(left) > 1:
        buttons += [Button(f"接收 {number}", f"receive:{id},{number}", style=2) for number in left[:_BUTTONS]]
    return Card(press.task_id, _TITLE, body=said, buttons=tuple(buttons))


def refused(refused: NoHandover, scene: Scene) -> str:
    """Why it could not be offered or taken, and what to do."""
    name = quoted(refused.name or "", shared=True, most=20)
    match refused.why:
        case "nobody":
            return f"没有找到「{name}」，请写明通讯录中的姓名，例如「交接班 老周」。"
        case "yourself":
            return "不能交接给自己，请写明接班同事，例如「交接班 老周」。"
        case "idle":
            return f"{name}不接工单，请交接给处理岗位的同事。"
        case "away" if refused.instead:
            instead = plain_line(refused.instead)
            return f"{name}不在，由{instead}代班，请回复「交接班 {instead}」。"
        case "away":
            return f"{name}不在，请交接给其他同事。"
        case "not_yours":
            return f"工单 {refused.number} 不由您负责或已完结，未交接任何工单，请核对单号。"
        case "nothing":
            return "您没有未完结的工单，无需交接。"
        case "none":
            return "没有待您接收的交接。"
        case "not_receiver" if refused.name:
            return f"这份交接是给{name}的，不需要您接收。"
        case _:
            return "这份交接已接收或已改交他人，无需操作。"


def _named(numbers: Sequence[int]) -> str:
    return f"工单 {'、'.join(map(str, numbers))}"
