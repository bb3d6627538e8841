"""Every refusal about an obligation (约定事项) as one Chinese sentence that says what to do."""

from __future__ import annotations

from collections.abc import Mapping

from handlers.phrases.names import SURVEY_ITEMS
from handlers.phrases.scene import Scene
from handlers.phrases.text import joined, quoted
from workorders.obligations.errors import (
    BadField,
    ChangePending,
    NoSuchObligation,
    NotPossible,
    NotTheirs,
    OfObligation,
)
from workorders.obligations.obligation import Verb


def refused(refusal: OfObligation, scene: Scene) -> str:
    match refusal:
        case NoSuchObligation():
            return f"没有找到约定事项 Y{refusal.number}，请核对编号。回复「约定」可查看。"
        case NotTheirs():
            side = "合作伙伴" if scene.sender.side == "us" and refusal.verb in _PARTNERS else "我方处理岗位"
            what = (
                f"约定事项 Y{refusal.number} 的「{VERBS[Verb(refusal.verb)]}」"
                if refusal.number
                else "这类登记"
            )
            return f"{what}由{side}的同事办理。"
        case NotPossible():
            return _not_possible(refusal, scene)
        case ChangePending():
            n = refusal.number
            return f"该职务的变更 Y{n} 已通知各伙伴，尚未生效。请待其生效，或先作废：「作废 Y{n} 原因」。"
        case BadField():
            return bad(refusal)
    return "约定事项没有办成，请核对后再试。"


_PARTNERS = (Verb.ACKNOWLEDGE, Verb.REMARK)


def _not_possible(refusal: NotPossible, scene: Scene) -> str:
    n, verb = refusal.number, VERBS[Verb(refusal.verb)]
    at = scene.when(refusal.at) if refusal.at else ""
    match refusal.why:
        case "kind":
            return f"约定事项 Y{n} 没有「{verb}」这一步。回复「Y{n}」可查看。"
        case "late":
            return f"约定事项 Y{n} 的{joined('异议期已于', at)} 届满，视为产品合格。如仍有问题，请直接报障。"
        case "already":
            return f"约定事项 Y{n} 已{_on(at)}{_ALREADY[Verb(refusal.verb)]}，无需重复操作。"
        case "nothing":
            return f"约定事项 Y{n} 没有停服，无需恢复。"
    return f"约定事项 Y{n} 已{_on(at)}办结，不能再{verb}。回复「Y{n}」可查看。"


def _on(at: str) -> str:
    return f"{joined('于', at)} " if at else ""


VERBS: Mapping[Verb, str] = {
    Verb.FILE: "登记",
    Verb.OBJECT: "异议",
    Verb.RECEIVE: "收签收单",
    Verb.WITHHOLD: "停服",
    Verb.LIFT: "恢复服务",
    Verb.RETRAIN: "复训",
    Verb.ANSWER: "填写",
    Verb.REMARK: "补充意见",
    Verb.CONFIRM: "确认",
    Verb.ACKNOWLEDGE: "收到",
    Verb.CANCEL: "作废",
}
_ALREADY: Mapping[Verb, str] = {
    Verb.OBJECT: "提出过异议",
    Verb.RECEIVE: "收到签收单",
    Verb.WITHHOLD: "停服",
    Verb.REMARK: "填写过意见",
    Verb.CONFIRM: "确认",
    Verb.ACKNOWLEDGE: "确认或视为接收",
}


def bad(refusal: BadField) -> str:
    """The field, what is wrong with it, and an example."""
    if whole := _WHOLE.get((refusal.field, refusal.given)):
        return whole
    name, accepted = _FIELDS.get(refusal.field, (refusal.field, refusal.accepted))
    if refusal.given:
        return f"{name}「{quoted(refusal.given, shared=True, most=20)}」不可用：{accepted}。"
    return f"请写明{name}：{accepted}。"


#: What is wrong with a value that is one, but not here.
_WHOLE: Mapping[tuple[str, str], str] = {
    ("form", "photo"): "货物超过照片限额，签收单须寄原件。收到原件后请回复「收原件」加编号。",
    ("stamped", "no"): "变更函须加盖公司公章，否则视为无效，未登记。请盖章后再登记。",
}
_FIELDS: Mapping[str, tuple[str, str]] = {
    "partner": ("合作伙伴", "通讯录中的名称或简称，例如 星河支付；完整格式请回复「约定帮助」"),
    "delivered": ("送达时间", "一年内、不晚于现在的时间，例如 今天09:30 或 11-20"),
    "goods": ("货物", "硬件 或 软件"),
    "amount": ("金额", "0 元以上，最多两位小数，例如 3000元"),
    "trainee": ("受训人员", "姓名，例如「辅导期 星河支付 小王 笔试11-20 实操11-23」"),
    "exam": ("笔试日期", "一年内、不晚于今天的日期，例如 笔试11-20"),
    "practical": ("实操日期", "一年内、不晚于今天的日期，例如 实操11-23"),
    "day": ("复训日期", "一年以内的日期，例如 12-01"),
    "scores": ("分数", f"{len(SURVEY_ITEMS)} 项都要 1 至 5 分，例如 5 4 5 4"),
    "remark": ("意见", "一句话"),
    "reason": ("原因", "一句话即可"),
    "text": ("异议内容", "一句话说明问题，例如 两台屏幕碎裂"),
    "role": (
        "岗位",
        "例如「人员变更 技术 小王→小新 12-07 盖章」，岗位为客服负责人、中台、商户审核、售后、技术、业务等",
    ),
    "leaves": ("原负责人", "现在负责该岗位的人，例如 小王→小新"),
    "comes": ("新负责人", "另一位人员，我方变更须在通讯录中，例如 小王→小新"),
    "effective": ("生效日期", "明天起、一年以内的日期，例如 12-07"),
    "stamped": ("盖章", "变更函须加盖公司公章，写「盖章」或「未盖章」；未盖章视为无效"),
    "received": ("收到时间", "不晚于现在的时间"),
    "months": ("间隔月数", "条款允许的月数，一般为 1 至 3"),
}
