"""What is said to whoever logs a phone call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from handlers.phrases.names import STATES
from handlers.phrases.orders import named
from handlers.phrases.scene import Scene
from handlers.phrases.text import joined
from knowledge.library import Article
from workorders.orders.kinds import Part
from workorders.orders.order import State, WorkOrder

_ASKS: Mapping[str, str] = {
    "partner": "是哪家伙伴？请回复名称或简称",
    "caller": "来电人怎么称呼？",
    "phone": "回电号码是多少？请写完整，座机带区号，分机写「转802」",
    "called_at": "什么时候来电的？如 9:30、昨天15:00、5分钟前",
    "kind": "紧急还是日常？",
    "problem": "什么问题？一句话说明即可",
}
NOT_UNDERSTOOD = "没看懂要改什么。请回复「确认」开单，或改一项，如「电话 13800000000」；「取消」放弃。"
NO_ARTICLE = "知识库没有能直接答复的条目。请回复「确认」开单，或「取消」放弃。"


@dataclass(frozen=True)
class Understood:
    """A call as it would be filed; ``called_at`` aware."""

    partner: str
    caller: str
    phone: str
    kind: str
    problem: str
    called_at: datetime


def question(field: str, why: str, *, again: bool) -> str:
    """One question, after what made it necessary."""
    if why:
        return f"{why}。\n{_ASKS[field]}"
    return f"没看懂。{_ASKS[field]}" if again else _ASKS[field]


def still_waiting(asking: object) -> str:
    """A call waits to be finished while something else was done."""
    rest = "请回复「确认」开单" if asking == "confirm" else _ASKS.get(str(asking), "")
    return f"来电登记还没完成：{rest}（「取消」放弃）。"


def read_back(call: Understood, similar: Sequence[WorkOrder], article: Article | None, scene: Scene) -> str:
    """How the call was understood, what is open already, and what the caller can be told on the line."""
    kind = "紧急" if call.kind == "urgent" else "日常"
    lines = [
        f"来电登记，请核对（{kind}）：",
        f"{scene.quote(call.partner, 40)}{scene.quote(call.caller, 20)} 回电 {scene.phone(call.phone)}",
        f"{scene.when(call.called_at)} 来电：{scene.quote(call.problem, 200)}",
    ]
    if similar:
        lines.append("该伙伴未完结的工单：")
        lines += [f"· {named(o)} {STATES[o.state]} {scene.quote(o.text, 24)}" for o in similar]
    if article:
        lines.append(
            f"知识库可当场答复：{scene.quote(article.question, 30)}，答复后回复「已答复」，不必开单。"
        )
    lines.append("回复「确认」开单；改一项如「电话 13800000000」「时间 9:30」「紧急」；「取消」放弃。")
    return "\n".join(lines)


def filed(order: WorkOrder, scene: Scene) -> str:
    """The order a call became, and what is owed the caller."""
    if order.state is State.PARKED and order.parked_until:
        opens = joined("将于", scene.when(order.parked_until))
        return f"已登记{named(order)}，非工作时间，{opens} 自动开单。\n{scene.quote(order.text)}"
    lines = [f"{named(order)} 已开，您接听即为响应{_owed(order, scene)}。"]
    if order.backfilled:
        lines.append("补录：时限已过，已告知一责和客服负责人。")
    elif told := scene.first_responsible(order):
        lines.append(
            f"{'正在呼叫' if order.urgent else '已通知'}{told}{'，直到有人接单' if order.urgent else ''}。"
        )
    lines.append(scene.quote(order.text))
    return "\n".join(lines)


def _owed(order: WorkOrder, scene: Scene) -> str:
    solution = order.promise(Part.SOLUTION)
    return f"，{scene.when(solution.due)} 前解决或给出方案" if solution and solution.pending else ""


def only_answered(article: Article) -> str:
    return f"已记录：按「{article.question}」当场答复，未开单。"
