"""What is said about work orders: opened, parked, every verb done, and which one is meant."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from handlers.phrases import names
from handlers.phrases.attachments import beside
from handlers.phrases.names import KINDS, OWED, ROLES, STATES
from handlers.phrases.scene import Scene
from handlers.phrases.text import awaited, joined
from workorders.orders.generations import first_promises
from workorders.orders.kinds import APPLICATIONS, PARTS, Kind, Part
from workorders.orders.order import State, WorkOrder

CIRCLED = "①②③④⑤⑥⑦⑧⑨"


def named(order: WorkOrder) -> str:
    """工单 1001, 紧急工单 1001."""
    return names.named(order.kind, order.number)


def problem(order: WorkOrder, scene: Scene) -> str:
    """What it is about, in the reporter's words, and how many pictures and files came with it."""
    return f"{scene.quote(order.text)}{beside(order.pictures, order.files)}"


def closed_now(scene: Scene) -> str:
    """现在是非工作时间（工作日 09:00–18:00）, or which holiday it is."""
    calendar = scene.here.agreement.calendar
    today = calendar.local_day(scene.here.now)
    rest = None if calendar.is_working_day(today) else calendar.rest_name(today)
    hours = calendar.hours_text
    return (f"今天是{rest}假期" if rest else "现在是非工作时间") + (f"（{hours}）" if hours else "")


def opened(order: WorkOrder, scene: Scene) -> str:
    """What the reporter is told: number, by when, who, why by then, and what was written down."""
    said = parked(order, scene) if order.state is State.PARKED else _opened(order, scene)
    return f"{said}\n{problem(order, scene)}"


def parked(order: WorkOrder, scene: Scene) -> str:
    assert order.parked_until is not None
    promised = first_promises(
        order.kind,
        order.terms,
        order.generation,
        order.parked_until,
        scene.here.agreement.calendar,
        received_at=order.received_at or order.parked_until,
        taken=False,
    )
    by = ""
    if promised:
        first = promised[0]
        what = "接单回复" if first.part is Part.RESPONSE else OWED[first.part]
        by = f"，{_same_day(first.due, order.parked_until, scene)} 前{what}"
    opens = joined("将于", scene.when(order.parked_until))
    return (
        f"{closed_now(scene)}。已登记{named(order)}，{opens} 自动开单{by}。\n"
        f"紧急故障请回复「紧急」，或拨打热线 {scene.here.hotline}。"
    )


def _opened(order: WorkOrder, scene: Scene) -> str:
    lines = [f"{named(order)} 已开，{_promised(order, scene)}。"]
    told = scene.first_responsible(order)
    if order.urgent:
        lines.append(f"正在呼叫{told or '值班人员'}，直到有人接单。热线 {scene.here.hotline}。")
        if order.partner is None:
            lines.append("暂未识别您的单位，已同时通知客服负责人。")
    else:
        lines.append(f"已通知{told}。" if told else "已通知值班人员。")
        response = order.promise(Part.RESPONSE)
        if response and order.opened_at and response.starts > order.opened_at:
            lines.append(
                f"{closed_now(scene)}，自 {scene.when(response.starts)} 起计时。紧急故障请回复「紧急」。"
            )
    return "\n".join(lines)


def _promised(order: WorkOrder, scene: Scene) -> str:
    response, answer = order.promise(Part.RESPONSE), order.answer
    said = []
    if response and response.pending:
        said.append(f"{joined('最晚', scene.when(response.due))} 接单回复")
    if answer and answer.pending:
        before = response.due if response and response.pending else scene.here.now
        said.append(f"{_same_day(answer.due, before, scene)} 前{OWED[answer.part]}")
    return "，".join(said) or STATES[order.state]


def _same_day(at: datetime, beside: datetime, scene: Scene) -> str:
    """The clock alone where the day has just been said."""
    calendar = scene.here.agreement.calendar
    same = calendar.local_day(at) == calendar.local_day(beside)
    return f"{calendar.local(at):%H:%M}" if same else scene.when(at)


def one_already(order: WorkOrder, scene: Scene) -> str:
    """The same question again: its order is there already."""
    return (
        f"这个问题已登记为{named(order)}（{STATES[order.state]}）：{scene.quote(order.text)}。\n"
        f"回复「进度 {order.number}」可查看进展。"
    )


def handed_to_people(order: WorkOrder, scene: Scene) -> str:
    """转人工."""
    if order.state is State.PARKED:
        return f"{parked(order, scene)}\n{scene.quote(order.text)}"
    who = scene.name(order.owner) if order.owner else scene.first_responsible(order)
    response = order.promise(Part.RESPONSE)
    by = ""
    if response and response.pending:
        late = response.due < scene.here.now
        by = "，已超时，正在催办" if late else f"，{joined('最晚', scene.when(response.due))} 回复"
    return (
        f"已转人工：{named(order)}，由{who or '值班人员'}处理{by}。\n"
        f"您前面的问题{scene.quote(order.text, 40)}已一并转达。"
    )


# Verbs, to whoever did them


def accepted(order: WorkOrder, scene: Scene) -> str:
    head = f"您已接单：{named(order)}{_then(order, scene)}。"
    return f"{head}\n{problem(order, scene)}\n{next_step(order)}"


def next_step(order: WorkOrder) -> str:
    """What an owner types next."""
    return f"下一步：{to_do(order.kind, order.number)}。"


def to_do(kind: Kind, number: int) -> str:
    """The commands an order of that kind is answered with, as they are typed."""
    match kind:
        case Kind.INTEGRATION:
            return f"「给方案 {number} 方案，完成时间，无费用」或「退回 {number} 原因」"
        case Kind.ONBOARDING:
            return f"「通过 {number}」或「驳回 {number} 原因与修改办法」"
        case Kind.COMPLAINT:
            return f"「解决 {number} 结果：…；优化方案：…」"
    return f"「给方案 {number} 方案，完成时间」或「解决 {number}」"


def proposed(order: WorkOrder, scene: Scene) -> str:
    promise = order.promise(Part.COMPLETION)
    until = f"，承诺 {scene.when(promise.due)} 前完成" if promise else ""
    return f"{named(order)} 方案已发给报障人{until}。"


def solved(order: WorkOrder, scene: Scene) -> str:
    until = f"，{scene.when(order.close_at)} 前无异议将自动关闭" if order.close_at else ""
    done = "已答复" if order.kind is Kind.COMPLAINT else "已标记解决"
    return f"{named(order)} {done}，已请报障人确认{until}。"


def paused(order: WorkOrder, scene: Scene) -> str:
    return (
        f"{named(order)} 已挂起，等待{scene.quote(awaited(order.awaited or ''))}，每个工作日提醒双方。\n"
        f"恢复请回复「恢复 {order.number}」。"
    )


def resumed(order: WorkOrder, scene: Scene) -> str:
    return f"{named(order)} 已恢复计时{_then(order, scene)}。"


def resumed_by_words(order: WorkOrder, scene: Scene) -> str:
    """The reporter's words ended a pause."""
    return f"已转给{scene.name(order.owner)}，{named(order)} 继续计时。"


def said(order: WorkOrder, scene: Scene) -> str:
    to = scene.name(order.owner) if order.owner else scene.first_responsible(order)
    return f"已补充到{named(order)}{f'，{to}会看到' if to else ''}。"


def handed_over(order: WorkOrder, scene: Scene) -> str:
    if order.owner == scene.sender.userid:
        return f"您已接手{named(order)}{_then(order, scene)}。\n{problem(order, scene)}"
    return f"{named(order)} 已转交{scene.name(order.owner)}，计时不变。"


def rerouted(order: WorkOrder, scene: Scene) -> str:
    to = scene.first_responsible(order)
    return f"{named(order)} 已改派{ROLES[order.role]}{f'（{to}）' if to else ''}，计时不变，等待接单。"


def upgraded(order: WorkOrder, scene: Scene) -> str:
    head = f"工单 {order.number} 已转紧急"
    if order.owner:
        return f"{head}，已呼叫{scene.name(order.owner)}{_then(order, scene)}。热线 {scene.here.hotline}。"
    told = scene.first_responsible(order) or "值班人员"
    return f"{head}，{_promised(order, scene)}。正在呼叫{told}，热线 {scene.here.hotline}。"


def downgraded(order: WorkOrder, scene: Scene) -> str:
    return f"工单 {order.number} 已转日常{_then(order, scene)}。"


def declined(order: WorkOrder, scene: Scene) -> str:
    return f"{named(order)} 已{'驳回' if order.kind is Kind.ONBOARDING else '退回'}，原因已告知报障人。"


def cancelled(order: WorkOrder, scene: Scene) -> str:
    return f"{named(order)} 已撤回：{scene.quote(order.text)}。"


def urged(order: WorkOrder, scene: Scene) -> str:
    who = (
        f"当前{scene.name(order.owner)}处理中"
        if order.owner
        else f"当前待接单，已提醒{scene.first_responsible(order) or '值班人员'}"
    )
    again = "，并已通知上一级" if len(order.urged) == 3 else ""
    return f"已催{named(order)}{again}。{who}{_then(order, scene)}。"


def reopened(order: WorkOrder, scene: Scene) -> str:
    who = f"由{scene.name(order.owner)}继续处理" if order.owner else "等待接单"
    return f"{named(order)} 已重开，{who}{_then(order, scene)}。"


def followed(order: WorkOrder, asked: int, scene: Scene) -> str:
    """Too long over to be reopened: a new order follows it."""
    return f"工单 {asked} 结束已超过 7 天，已另开新单并关联。\n{opened(order, scene)}"


def closed(order: WorkOrder, scene: Scene) -> str:
    return f"{named(order)} 已关闭。7 天内如有问题，回复「重开 {order.number}」即可。"


def explained(order: WorkOrder, scene: Scene) -> str:
    missed = sum(p.breached_at is not None for p in order.promises)
    return f"{named(order)} 的超时原因已记录，将列入报表（超时 {missed} 项）。"


def approved(order: WorkOrder, scene: Scene) -> str:
    return f"{named(order)} 审核通过，结果已反馈给报障人。"


def kind_changed(order: WorkOrder, scene: Scene) -> str:
    told = scene.first_responsible(order)
    who = f"已通知{ROLES[order.role]}{f'（{told}）' if told else ''}"
    return f"{named(order)} 已改为{KINDS[order.kind]}，{who}{_then(order, scene)}。"


def merged(order: WorkOrder, scene: Scene) -> str:
    return (
        f"{named(order)} 已并入工单 {order.merged_into}，报障人已告知，进展合并到工单 {order.merged_into}。"
    )


def resubmitted(order: WorkOrder, scene: Scene) -> str:
    return f"{named(order)} 已重新提交{_then(order, scene)}。"


def expedited(order: WorkOrder, scene: Scene) -> str:
    who = scene.name(order.owner) if order.owner else scene.first_responsible(order) or "值班人员"
    return f"已为{named(order)} 申请加急，已通知{who}{_then(order, scene)}。"


def suspended(order: WorkOrder, scene: Scene) -> str:
    return f"{named(order)} 已记录您提出暂停服务，客服负责人已收到，会尽快与您联系。"


def messaged(order: WorkOrder, scene: Scene) -> str:
    return f"{named(order)} 的留言已发给报障人。"


def assigned(order: WorkOrder, scene: Scene) -> str:
    partner = scene.here.directory.partner(order.partner) if order.partner else None
    return f"{named(order)} 已归属{scene.quote(partner.name)}。" if partner else f"{named(order)} 已归属。"


def _then(order: WorkOrder, scene: Scene) -> str:
    """The next due moment as the end of a sentence."""
    return f"，{by}" if (by := due(order, scene)) else ""


def due(order: WorkOrder, scene: Scene) -> str:
    """By when what comes next, empty where no clock runs."""
    for part in dict.fromkeys((*PARTS[order.kind], Part.COMPLETION)):
        promise, what = order.promise(part), OWED[part]
        if promise and promise.pending and promise.stopped_at is None:
            if promise.breached_at:
                return f"原应 {scene.when(promise.due)} 前{what}，已超时"
            return f"{scene.when(promise.due)} 前{what}"
    return ""


# Which one


def line(order: WorkOrder, scene: Scene) -> str:
    """One order in a list."""
    return f"{named(order)} {STATES[order.state]}{_then(order, scene)}：{scene.quote(order.text, 20)}"


def which(orders: Sequence[WorkOrder], what: str, scene: Scene) -> str:
    rows = [f"{CIRCLED[i]} {line(order, scene)}" for i, order in enumerate(orders)]
    return "\n".join([f"请问{what}哪一张？回复序号即可，取消请回复「取消」。", *rows])


def one_at_a_time(what: str, number: int) -> str:
    return f"「{what}」一次只能办一张，尚未办理。请分开发送，例如「{what} {number} …」。"


def none_to(what: str, staff: bool) -> str:
    """No order that the verb could mean."""
    whose = "您名下没有" if staff else "这里没有您"
    return f"{whose}可以{what}的工单。请带上单号，例如「{what} 1001」。"


def none_live(*, staff: bool) -> str:
    if staff:
        return "您名下没有进行中的工单，也没有等您接单的。查某一张请发「进度 1001」。"
    return "您目前没有进行中的工单。报障请直接描述问题，或回复「报障 问题」。"


def ask_problem(kind: Kind) -> str:
    what = "紧急故障" if kind is Kind.URGENT else "您的问题"
    return f"请用一句话说说{what}，我马上登记{KINDS[kind]}工单。"


def ask_problem_for_person(hotline: str) -> str:
    return f"请用一句话说说您的问题，我马上转人工。也可拨打热线 {hotline}。"


FORGOTTEN = "好的，已取消。"
NOTHING_TO_FORGET = "没有待取消的操作。撤回工单请回复「撤回 单号」，查看工单请回复「进度」。"


def over(order: WorkOrder, scene: Scene) -> str:
    """Said about an order that is over: nobody waits for it any more."""
    again = "请重新报障" if order.state is State.CANCELLED else f"请回复「重开 {order.number}」"
    if order.state is State.DECLINED and order.kind in APPLICATIONS:
        again = f"修改后请回复「重新提交 {order.number} 修改说明」"
        return f"{named(order)} {STATES[order.state]}，{again}。"
    return f"{named(order)} {STATES[order.state]}。如仍有问题，{again}。"
