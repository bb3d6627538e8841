"""What the console says where chat would say what to type: refusals, and what a field is for."""

from __future__ import annotations

from collections.abc import Mapping

from handlers.phrases import refusals
from handlers.phrases.names import VERBS
from handlers.phrases.scene import Scene
from workorders.errors import Incomplete, Refused
from workorders.orders.errors import GivePlanInstead, NotYours, WrongState

_MISSING: Mapping[str, str] = {
    "reason": "请写明原因",
    "plan": "请写明方案",
    "moment": "请选择一个晚于现在、一年以内的完成时间",
    "awaited": "请写明在等什么",
    "person": "请选择一位同事",
    "worker": "请选择一位处理人员",
    "role": "请选择岗位",
    "partner": "请选择合作伙伴",
    "text": "请填写内容",
    "orders": "请勾选进行中、且不属于其他故障的工单",
}


def refused(refusal: Refused, scene: Scene) -> str:
    """Why something on the page was not done, and what can be done instead; one or two sentences."""
    match refusal:
        case WrongState():
            return f"{refusals.stands(refusal, scene)}，您的「{VERBS.get(refusal.verb, '操作')}」没有办理。"
        case NotYours() if refusal.owner:
            return f"工单 {refusal.number} 由{scene.name(refusal.owner)}处理中，如需处理请先接手。"
        case NotYours():
            return f"工单 {refusal.number} 的「{VERBS.get(refusal.verb, '操作')}」不由您办理。"
        case GivePlanInstead():
            return f"紧急工单 {refusal.number} 不能挂起，请给出方案。"
        case Incomplete():
            return f"{_MISSING.get(refusal.field, '请补全内容')}。"
    return refusals.said(refusal, scene)


def refused_of_incident(refusal: Refused, scene: Scene) -> str:
    """The same of an incident."""
    if isinstance(refusal, WrongState):
        return f"故障 {refusal.number} 已于{scene.when(refusal.at)} 恢复，没有再通报。"
    return refused(refusal, scene)


def marked(incident: int, count: int, left: int) -> str:
    """Orders labelled; those left out are over, or under another incident."""
    rest = f"另有 {left} 张已结束或已属于其他故障。" if left else ""
    return f"已标记 {count} 张工单为故障 {incident}，正在通知报障人。{rest}"


def said_to_all(slug: str) -> str:
    return {"word": "已发布进展，正在通知报障人。", "end": "已恢复，正在通知报障人。"}[slug]


def again(name: str) -> str:
    """The same form sent twice: it was done the first time."""
    return f"「{name}」已经办理过了，没有重复办理。"
