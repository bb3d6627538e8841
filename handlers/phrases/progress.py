"""How far an order is: state, who has it, by when, and why by then."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.phrases import forms
from handlers.phrases.names import KINDS, OWED, STATES
from handlers.phrases.orders import due, line, named, problem
from handlers.phrases.refusals import deed
from handlers.phrases.scene import Scene
from handlers.phrases.text import awaited, joined, lasting, quoted
from workorders.agreement.clauses import Clause, due_of
from workorders.orders.kinds import APPLICATIONS, FAULTS, Kind, Part
from workorders.orders.order import Event, State, Verb, WorkOrder
from workorders.orders.promise import Promise


def progress(order: WorkOrder, scene: Scene, *, why: Sequence[str] = ()) -> str:
    lines = [f"{named(order)}：{_stands(order, scene)}。", problem(order, scene)]
    if order.opened_at:
        lines[1] += f"（{scene.when(order.opened_at)} 开单）"
    return "\n".join([*lines, *why])


def _stands(order: WorkOrder, scene: Scene) -> str:
    who = f"，{scene.name(order.owner)}负责" if order.owner else ""
    match order.state:
        case State.PARKED:
            assert order.parked_until is not None
            return f"{STATES[order.state]}，{joined('将于', scene.when(order.parked_until))} 自动开单"
        case State.OPEN:
            told = scene.first_responsible(order)
            by = due(order, scene)
            return "待接单" + (f"，已通知{told}" if told else "") + (f"，{by}" if by else "")
        case State.ACCEPTED:
            by = due(order, scene)
            return f"处理中{who}" + (f"，{by}" if by else "")
        case State.PAUSED:
            return f"挂起中{who}，等待{scene.quote(awaited(order.awaited or ''))}，计时暂停"
        case State.SOLVED:
            until = f"，{scene.when(order.close_at)} 前无异议自动关闭" if order.close_at else ""
            return f"{deed(order.state, order.state_by, order.state_at, scene)}{until}"
    return deed(order.state, order.state_by, order.state_at, scene)


def particulars(order: WorkOrder, events: Sequence[Event], scene: Scene) -> list[str]:
    """What its kind has beside state and due: the form, the plan and its fee, why it was declined."""
    rows = [forms.summary(order.kind, order.form, shared=scene.shared)]
    last = {event.verb: event.facts for event in events}
    if order.backfilled:
        received = f"{scene.when(order.received_at)} 收到，" if order.received_at else ""
        rows.append(f"补录：{received}登记时已超时")
    if order.kind not in FAULTS and (plan := last.get(Verb.PROPOSE)) and order.live:
        fee = f"，费用：{quoted(str(plan['fee']), shared=scene.shared)}" if plan.get("fee") else ""
        rows.append(f"方案：{quoted(str(plan['plan']), shared=scene.shared, most=200)}{fee}")
    if order.state is State.DECLINED and (declined := last.get(Verb.DECLINE)):
        why = forms.rejected(declined.get("code"), str(declined.get("reason") or ""))
        rows.append(f"原因：{quoted(why, shared=scene.shared, most=300)}")
        if order.kind in APPLICATIONS:
            rows.append(f"修改后请回复「重新提交 {order.number} 修改说明」，时限重新计算。")
    if order.kind is Kind.COMPLAINT and order.state in (State.SOLVED, State.CLOSED):
        reply = last.get(Verb.SOLVE, {})
        rows.append(f"处理结果：{quoted(str(reply.get('note') or ''), shared=scene.shared, most=300)}")
        better = str(reply.get("improvement") or "")
        rows.append(f"优化方案：{quoted(better, shared=scene.shared, most=300)}")
    if order.expedited_at and order.live:
        rows.append("已申请加急")
    if order.merged_into:
        rows.append(f"进展请看工单 {order.merged_into}。")
    return [row for row in rows if row]


def why_due(order: WorkOrder, events: Sequence[Event], scene: Scene, *, asked: bool = False) -> list[str]:
    """How every due moment that is waited for came about.

    Args:
        asked: 为什么 was asked: what was met is explained, too, where nothing is waited for; and from which
            section of the agreement each comes, and why the moments are not the first ones.
    """
    mine = [p for p in order.promises if p.part is not Part.COMPLETION and p.generation == order.generation]
    waited = [p for p in mine if p.pending] or (mine if asked else [])
    rows = [_why(order, promise, scene, asked=asked) for promise in waited]
    if not asked:
        return rows
    if not mine and order.live and order.state is not State.PARKED:
        rows.append(f"{KINDS[order.kind]}的时限尚未约定（见服务告知书附件 1），没有截止时间。")
    return [*rows, *_given(order, scene), *_reissued(events, scene)]


def explained(order: WorkOrder, scene: Scene) -> list[tuple[Promise, str, str]]:
    """Every promise that was not replaced, what it is for, and how its due moment came about."""
    told = []
    for promise in order.promises:
        if promise.void == "superseded" and not promise.breached_at:
            continue
        told.append((promise, OWED[promise.part], _reason(order, promise, scene)))
    return told


def _why(order: WorkOrder, promise: Promise, scene: Scene, *, asked: bool) -> str:
    clause = order.terms.clause(promise.clause)
    source = f"［{clause.source}］" if asked and clause else ""
    what, reason = f"{OWED[promise.part]}{source}", _reason(order, promise, scene)
    return f"{what}：{reason}" if promise.stopped_at else f"{what}：{scene.when(promise.due)}（{reason}）"


def _reason(order: WorkOrder, promise: Promise, scene: Scene) -> str:
    """How a due moment came about."""
    clause = order.terms.clause(promise.clause)
    if clause is None:
        return "处理人承诺的时间"
    if promise.stopped_at is not None and promise.left is not None:
        return f"计时暂停，还剩 {lasting(promise.left)}"
    return _counted(clause, promise, scene)


def _counted(clause: Clause, promise: Promise, scene: Scene) -> str:
    calendar, since = scene.here.agreement.calendar, promise.since or promise.starts
    if clause.counted == "wall":
        assert clause.span is not None
        return f"自 {scene.when(since)} 起 {lasting(clause.span.timedelta)}，全天候计时"
    pauses = promise.pauses if clause.counted == "working" else ()
    due = due_of(clause, since, calendar, pauses)
    if due.due != promise.due:
        return "此前用过的时间已扣除，剩余时间继续计"
    return "；".join(due.why)


def _given(order: WorkOrder, scene: Scene) -> list[str]:
    promise = order.promise(Part.COMPLETION)
    if promise is None or not promise.pending:
        return []
    return [f"完成：{scene.when(promise.due)}（方案中承诺的时间）"]


#: What gave an order new due moments.
_ANEW = {
    Verb.UPGRADE: "转紧急",
    Verb.DOWNGRADE: "转日常，自开单起计",
    Verb.CHANGE_KIND: "改类",
    Verb.RESUBMIT: "重新提交",
    Verb.RECOUNT: "放假安排更正",
}


def _reissued(events: Sequence[Event], scene: Scene) -> list[str]:
    """第 2 版时限：今天 10:05 转紧急: why the present moments are not those of the opening."""
    anew = [event for event in events if event.verb in _ANEW and "generation" in event.change]
    return [f"第 {e.change['generation']} 版时限：{scene.when(e.at)} {_ANEW[e.verb]}" for e in anew]


def listing(orders: Sequence[WorkOrder], scene: Scene) -> str:
    rows = [f"- {line(order, scene)}" for order in orders[:9]]
    more = f"\n共 {len(orders)} 张，其余请按单号查询。" if len(orders) > 9 else ""
    return f"进行中的工单 {len(orders)} 张：\n" + "\n".join(rows) + more


def elsewhere(number: int, *, done: bool = False) -> str:
    """Said in a group that may not know more; ``done``: what was asked has been done."""
    return f"工单 {number} {'已办理，' if done else '的'}进展请在与我的单聊中查询。"
