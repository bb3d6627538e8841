"""Every refusal as one Chinese sentence that says what to do; the only place they are translated."""

from __future__ import annotations

from datetime import datetime

from handlers import which
from handlers.phrases import directory, forms, handover, names, notices, obligation_refusals, text
from handlers.phrases.attachments import UNFIT
from handlers.phrases.names import DEEDS, ROLES, STATES, VERBS
from handlers.phrases.orders import next_step
from handlers.phrases.scene import Scene
from workorders.attachments.errors import NoSuchAttachment, Unacceptable
from workorders.directory.errors import CannotChange
from workorders.errors import Incomplete, Refused
from workorders.handover.errors import NoHandover
from workorders.notices.errors import NoticeRefused
from workorders.obligations.errors import OfObligation
from workorders.orders.errors import (
    AlreadySo,
    BadForm,
    GivePlanInstead,
    NoSuchOrder,
    NothingMissed,
    NotMissed,
    NotYours,
    OtherPartner,
    RatingOver,
    TooSoon,
    UnknownReporter,
    WrongKind,
    WrongState,
)
from workorders.orders.kinds import APPLICATIONS, Kind
from workorders.orders.order import State, Verb, WorkOrder


def said(refused: Refused, scene: Scene) -> str:
    """The sentence for a refusal."""
    match refused:
        case NoticeRefused():
            return notices.sentence(refused)
        case NoSuchOrder():
            return f"没有找到工单 {refused.number}，请核对单号。回复「进度」可查看您的工单。"
        case WrongState():
            return _wrong_state(refused, scene)
        case NotYours():
            return _not_yours(refused, scene)
        case TooSoon():
            again = text.clock(refused.again_at)
            return (
                f"刚刚已催过工单 {refused.number}，{again} 之后可再催；着急请拨打热线 {scene.here.hotline}。"
            )
        case AlreadySo():
            return f"工单 {refused.number} {_ALREADY.get(refused.verb, '已经如此')}，无需重复操作。"
        case GivePlanInstead():
            n = refused.number
            return f"紧急工单 {n} 不能挂起，请给出方案，例如「给方案 {n} 更换机具，今天18:00」。"
        case CannotChange():
            return directory.refused(refused)
        case NoHandover():
            return handover.refused(refused, scene)
        case NothingMissed():
            return f"工单 {refused.number} 没有超时记录，无需说明原因。"
        case RatingOver():
            n = refused.number
            return f"工单 {n} 的评价已截止（关闭后 48 小时内有效）。如仍有问题，请回复「重开 {n}」。"
        case UnknownReporter():
            return (
                "暂未识别您的单位，日常问题请在服务群内提出，或联系您的对接人登记。"
                f"紧急故障请回复「紧急 问题」，或拨打热线 {scene.here.hotline}。"
            )
        case Unacceptable():
            return f"没有收下：{UNFIT[refused.reason]}。"
        case NoSuchAttachment():
            return "没有找到这份图片或文件，可能已按期删除。"
        case OfObligation():
            return obligation_refusals.refused(refused, scene)
        case WrongKind():
            return _wrong_kind(refused)
        case NotMissed():
            until = f"（{scene.when(refused.due)} 前回复）" if refused.due else ""
            return f"投诉工单 {refused.number} 的回复尚未超时{until}，超时后才可提出暂停服务。"
        case OtherPartner():
            return f"工单 {refused.number} 与 {refused.into} 不属于同一合作伙伴，不能合并。"
        case BadForm():
            return forms.wrong(refused)
        case Incomplete():
            return missing(refused.field, refused.given)
    return f"这一步没有办成，请稍后再试，或拨打热线 {scene.here.hotline}。"


def _wrong_kind(refused: WrongKind) -> str:
    """What this kind of order is done with instead."""
    number, kind = refused.number, Kind(refused.kind)
    what = f"{names.named(kind, number)} 不能{VERBS.get(refused.verb, '这样操作')}"
    match refused.verb:
        case Verb.UPGRADE if kind is Kind.ONBOARDING:
            return f"{what}，需要加快请回复「加急 {number}」。"
        case Verb.UPGRADE:
            return f"{what}，有紧急故障请直接回复「紧急 问题」。"
        case Verb.EXPEDITE:
            return f"{what}，需要催办请回复「催单 {number}」，紧急故障请回复「紧急 {number}」。"
        case Verb.RESUBMIT:
            return f"{what}，仍有问题请回复「重开 {number} 说明」。"
        case Verb.SUSPEND:
            return f"{what}，只有投诉超时未回复时才可提出。投诉请回复「投诉 {number} 内容」。"
        case "approve":
            return f"{names.named(kind, number)} 不是商户入驻，处理完请回复「解决 {number} 说明」。"
        case Verb.MERGE:
            return f"{what}到另一类工单，请先改类或分别处理。"
    return f"{what}。"


def missing(field: str, given: str = "", *, number: int | None = None, command: str = "") -> str:
    """What is still needed, with an example of what to type.

    Args:
        field: as in ``Incomplete``. ``given``: what was given instead.
        number, command: the order and the word for the verb, where the next message is taken for it.
    """
    what, usual, example = _FOR.get((command, field)) or _MISSING.get(field, _MISSING["text"])
    if field in ("person", "partner", "role") and given:
        what = f"没有找到「{text.quoted(given, shared=True, most=20)}」，{what}"
    elif field == "worker":
        what = f"{text.quoted(given, shared=True, most=20)}不接工单，{what}"
    elif field == "moment" and given:
        what = f"完成时间应晚于现在，{what}"
    if number is None:
        return f"{what}，例如「{usual} 1001 {example}」。"
    typed = f"「{command or usual} {number} {example}」"
    return f"工单 {number}：{what}，例如{typed}，也可以直接回复。取消请回复「取消」。"


_MISSING = {
    "stars": ("请给 1 至 5 星", "评价", "5 星"),
    "reason": ("请写明原因", "退回", "不属于本系统问题"),
    "plan": ("请用一句话写明方案和完成时间", "给方案", "更换机具，今天18:00"),
    "moment": ("请写明完成时间", "给方案", "更换机具，今天18:00"),
    "awaited": ("请写明在等什么", "挂起", "等待商户提供终端号"),
    "person": ("请写明转交给哪位同事（通讯录中的姓名）", "转交", "老李"),
    "worker": ("请写明转交给哪位处理人员", "转交", "老李"),
    "role": ("请写明岗位：技术、中台、售后、商户审核、业务、运营中心", "改派", "售后"),
    "partner": ("请写明合作伙伴的全称或简称", "归属", "星河支付"),
    "code": ("请写明驳回原因", "驳回", "营业执照不清晰，请补拍"),
    "fee": ("请写明费用（无费用，或收费多少）", "给方案", "提供接口联调，12月5日18:00，无费用"),
    "result": ("请写明处理结果和优化方案", "解决", "结果：已致歉并更换终端；优化方案：每周回访"),
    "improvement": ("还需要写明优化方案", "解决", "结果：已致歉并更换终端；优化方案：每周回访"),
    "kind": (f"请写明类别：{'、'.join(names.KINDS.values())}", "改类", "日常"),
    "into": ("请写明并入哪张工单", "并入", "1002"),
    "order": ("请写明投诉哪张工单或哪个岗位", "投诉", "响应太慢"),
    "received_at": ("收到时间应在过去一年之内", "开单", "收银台打不开"),
    "text": ("请用一句话说明问题", "报障", "收银台打不开"),
}

#: Where a command's example for a field is not the field's usual one.
_FOR = {
    ("关闭", "reason"): ("请写明关闭说明", "关闭", "客户确认已恢复"),
    ("超时原因", "reason"): ("请写明超时原因", "超时原因", "等待厂家补丁"),
    ("留言", "text"): ("请写明要告诉报障人什么", "留言", "已联系厂家，等待回复"),
    ("转日常", "reason"): ("请写明原因", "转日常", "已可收款，仅影响打印"),
}

_ALREADY = {
    "upgrade": "已经是紧急工单",
    "downgrade": "已经是日常工单",
    "hand_over": "已经由该同事负责",
    "reroute": "已经在该岗位",
    "assign": "已经归属该合作伙伴",
    "change_kind": "已经是这一类",
    "merge": "不能并入自己",
    "expedite": "已经申请过加急",
    "suspend": "已经提出过暂停服务",
    "rate": "已经评价过",
}


def _wrong_state(refused: WrongState, scene: Scene) -> str:
    """A step that life does not have from here: who already did what, and what can be done."""
    state = State(refused.state)
    verb = VERBS.get(refused.verb, "再操作")
    cannot = "无需重复操作" if verb == DEEDS[state] else f"不能{verb}"
    what = stands(refused, scene)
    return f"工单 {refused.number}：{what}，{cannot}。{instead(refused, scene)}"


def stands(refused: WrongState, scene: Scene) -> str:
    """Who did it, where somebody did: what was handed over, reopened or resumed since is as it is now."""
    state = State(refused.state)
    if state not in (State.OPEN, State.ACCEPTED):
        return deed(state, refused.by, refused.at, scene)
    order = scene.here.orders.read(refused.number)
    events = scene.here.orders.events(refused.number)
    last = next((event.verb for event in reversed(events) if "state" in event.change), None)
    if order and state is State.ACCEPTED and (last is not Verb.ACCEPT or order.owner != refused.by):
        return "您正在处理" if order.owner == scene.sender.userid else f"{scene.name(order.owner)}处理中"
    if state is State.OPEN and last is not Verb.OPEN:
        return STATES[state]
    return deed(state, refused.by, refused.at, scene)


def deed(state: State, by: str | None, at: datetime, scene: Scene) -> str:
    """老李已于今天 14:35 接单; what the clock did, it did by itself."""
    if by is None:
        return f"已于{scene.when(at)} 自动{DEEDS[state]}"
    return f"{scene.name(by)}已于{scene.when(at)} {DEEDS[state]}"


def instead(refused: WrongState, scene: Scene) -> str:
    """What can be done from where the order is."""
    number, state, staff = refused.number, State(refused.state), scene.staff
    match state:
        case State.ACCEPTED if staff and (own := _own(number, scene)):
            return next_step(own)
        case State.ACCEPTED if staff:
            return f"如需接手，请回复「接手 {number}」。"
        case State.PAUSED if staff:
            return f"请先回复「恢复 {number}」。"
        case State.OPEN if staff:
            return f"请先回复「接单 {number}」。"
        case State.PARKED if staff:
            order = which.visible(number, scene.here)
            opens = f"将于{scene.when(order.parked_until)} 自动开单，" if order and order.parked_until else ""
            return f"{opens}届时再办理；确属紧急请报障人回复「紧急 {number}」。"
        case State.OPEN | State.ACCEPTED | State.PAUSED | State.PARKED if scene.here.sender.side == "us":
            return f"查看进展请回复「进度 {number}」。"  # who takes calls, or reads only
        case State.OPEN | State.ACCEPTED | State.PAUSED | State.PARKED:
            return f"目前{STATES[state]}，如不再需要处理请回复「撤回 {number}」。"
        case State.DECLINED if _application(number, scene):
            return f"修改后请回复「重新提交 {number}」。"
        case State.SOLVED | State.CLOSED | State.DECLINED:
            return f"如仍有问题，请回复「重开 {number}」。"
        case State.MERGED:
            order = scene.here.orders.read(number)
            into = order.merged_into if order else None
            return f"进展请看工单 {into}。" if into else ""
        case _:
            return "如仍有问题，请重新报障。"


def _application(number: int, scene: Scene) -> bool:
    order = scene.here.orders.read(number)
    return order is not None and order.kind in APPLICATIONS


def _own(number: int, scene: Scene) -> WorkOrder | None:
    """The order where the reader owns it."""
    order = scene.here.orders.read(number)
    return order if order and order.owner == scene.sender.userid else None


def _not_yours(refused: NotYours, scene: Scene) -> str:
    if refused.verb == Verb.RATE:
        return f"工单 {refused.number} 由报障人本人评价。"
    number, what = refused.number, VERBS.get(refused.verb, "操作")
    if scene.sender.side == "us" and not scene.staff:
        return _who_may(number, what, scene)
    if not scene.staff:
        return f"工单 {number} 的「{what}」由处理人员操作。您可以回复「催单 {number}」或「进度 {number}」。"
    if refused.verb in ("cancel", "urge", "say"):
        return f"工单 {number} 的「{what}」由报障人操作。不受理请回复「退回 {number} 原因」。"
    if refused.owner:
        return f"工单 {number} 由{scene.name(refused.owner)}处理中，如需接手请回复「接手 {number}」。"
    return f"工单 {number} 不由您处理，如需处理请先回复「接单 {number}」。"


def _who_may(number: int, what: str, scene: Scene) -> str:
    """To our people who log orders and do not work them."""
    order = which.visible(number, scene.here)
    who = "处理岗位的同事"
    if order:
        names = scene.name(order.owner) if order.owner else scene.first_responsible(order)
        who = f"{ROLES[order.role]}岗位的同事" + (f"（{names}）" if names else "")
    return f"工单 {number} 的「{what}」由{who}操作，如需协调请联系客服负责人。"
