"""What is said to whoever logs a phone call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from handlers.message import Card
from handlers.phrases.names import STATES
from handlers.phrases.orders import named
from handlers.phrases.scene import Scene
from handlers.phrases.text import joined, quoted
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
NOT_UNDERSTOOD = (
    "没看懂要改什么。请回复「确认」开单，"
    "或写明改哪一项，如「电话 13800000000」「问题 刷不了卡」；「取消」放弃。"
)
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


def form_card(url: str, task_id: str) -> Card:
    """Where a call is logged by form instead of by answering questions."""
    return Card(
        task_id,
        "来电登记",
        body="点此用表单登记：名称自动补全，同时列出进行中的工单和可当场答复的条目。",
        url=url,
    )


def question(field: str, why: str, *, again: bool, offered: bool = False) -> str:
    """One question, after what made it necessary; ``offered``: why asks already, and a yes answers it."""
    if offered:
        return f"{why}\n回复「是」，或写出名称或简称（「取消」放弃）"
    if why:
        return f"{why}{'' if why.endswith('？') else '。'}\n{_ASKS[field]}（「取消」放弃）"
    return f"没看懂。{_ASKS[field]}（「取消」放弃）" if again else _ASKS[field]


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
        lines.append(f"同一问题请回复「补充 {similar[0].number}」，不必另开单。")
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
        lines.append("记为补录，已告知一责和客服负责人。")
    if (told := scene.first_responsible(order)) and (order.urgent or not order.backfilled):
        lines.append(f"正在呼叫{told}，直到有人接单。" if order.urgent else f"已通知{told}。")
    lines.append(scene.quote(order.text))
    return "\n".join(lines)


def _owed(order: WorkOrder, scene: Scene) -> str:
    solution = order.promise(Part.SOLUTION)
    if solution is None or not (solution.pending or order.backfilled):
        return ""
    late = "本应" if order.backfilled else ""
    return f"，{late}{scene.when(solution.due)} 前解决或给出方案{'，时限已过' if late else ''}"


def called_again(caller: str, phone: str, problem: str) -> str:
    """A later call's words, as they join an order."""
    return f"{caller}（{phone}）再次来电：{problem}"


def added(order: WorkOrder, scene: Scene) -> str:
    """A later call joined an order."""
    hears = f"{scene.name(order.owner)}已收到" if order.owner else "接单人会看到"
    return f"已补充到{named(order)}，{hears}；没有另开工单。"


def form_taken(order: int | None) -> str:
    """The same form sent again."""
    return f"这通来电已登记{f'为工单 {order}' if order else ''}，没有重复登记。"


def form_used(order: int | None) -> str:
    """A form that was taken before, sent again with other words."""
    became = f"为工单 {order}，要补充请到该工单" if order else ""
    return f"这张表刚才已登记{became}。如果是另一通来电，请再按一次登记。"


def no_partner(said: str, near: str) -> str:
    """What stands at the field of a form; ``near``: the partner whose name is almost that."""
    if not said:
        return "请填写合作伙伴的名称或简称"
    unknown = f"名录里没有「{quoted(said, shared=True, most=30)}」"
    return f"{unknown}，是「{near}」吗？" if near else f"{unknown}，请从提示中选择"


def wrong(field: str, said: str, doubt: str) -> str:
    """What is wrong with a field of a form, and what is accepted; ``doubt`` where the reading had one."""
    if doubt:
        return doubt
    return (_UNREADABLE if said else _EMPTY)[field]


TOO_OLD = "来电时间应在过去一年之内"
_EMPTY: Mapping[str, str] = {
    "caller": "请填写来电人怎么称呼",
    "phone": "请填写回电号码",
    "problem": "请用一句话写明问题",
}
_UNREADABLE: Mapping[str, str] = {
    "caller": "称呼请不超过 20 个字",
    "phone": "号码不完整：手机 11 位；座机带区号，分机写「转802」",
    "called_at": "没看懂，请写成 9:30、昨天15:00 或 5分钟前",
    "problem": "请用一句话写明问题",
}


def only_answered(article: Article) -> str:
    return f"已记录：按「{article.question}」当场答复，未开单。"
