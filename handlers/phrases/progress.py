"""How far an order is: state, who has it, by when, and why by then."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from handlers.phrases.names import STATES
from handlers.phrases.orders import due, line, named, problem
from handlers.phrases.refusals import deed
from handlers.phrases.scene import Scene
from handlers.phrases.text import awaited, joined, lasting
from workorders.agreement.worktime import Span
from workorders.orders.order import Event, State, Verb, WorkOrder
from workorders.orders.promise import Part, Promise

_PARTS = {Part.RESPONSE: "接单", Part.SOLUTION: "解决或给出方案", Part.COMPLETION: "完成"}
#: What a clause of the agreement counts; a completion moment was simply said.
_COUNTED = (Part.RESPONSE, Part.SOLUTION)


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


def why_due(order: WorkOrder, events: Sequence[Event], scene: Scene, *, met: bool = False) -> list[str]:
    """How every due moment that is waited for came about; ``met`` ones, too, where none is."""
    mine = [p for p in order.promises if p.generation == order.generation and p.part in _COUNTED]
    waited = [p for p in mine if p.pending] or (mine if met else [])
    return [row for promise in waited for row in _why(order, promise, events, scene)]


def explained(order: WorkOrder, events: Sequence[Event], scene: Scene) -> list[tuple[Promise, str, str]]:
    """Every promise that was not replaced, what it is for, and how its due moment came about."""
    told = []
    for promise in order.promises:
        if promise.void == "superseded" and not promise.breached_at:
            continue
        if promise.part in _COUNTED and promise.clause in order.terms.clauses:
            why = _reason(order, promise, events, scene)
        else:
            why = "处理人承诺的时间"
        told.append((promise, _PARTS[promise.part], why))
    return told


def _why(order: WorkOrder, promise: Promise, events: Sequence[Event], scene: Scene) -> list[str]:
    what, reason = _PARTS[promise.part], _reason(order, promise, events, scene)
    if promise.stopped_at is not None:
        return [f"{what}：{reason}"]
    return [f"{what}：{scene.when(promise.due)}（{reason}）"]


def _reason(order: WorkOrder, promise: Promise, events: Sequence[Event], scene: Scene) -> str:
    """How the due moment of a clause came about."""
    calendar, term = scene.here.agreement.calendar, order.terms.clauses[promise.clause]
    span = Span.parse(term.span)
    if promise.stopped_at is not None:
        return f"计时暂停，还剩 {_left(promise)}"
    if term.counted == "wall":
        return f"自 {scene.when(promise.starts)} 起 {_span(span)}，全天候计时"
    since = order.opened_at if order.generation == 1 and order.opened_at else promise.starts
    pauses = _pauses(events, promise.starts)
    if calendar.add(since, span, pauses) != promise.due:
        return "此前用过的时间已扣除，剩余时间继续计"
    return "；".join(calendar.why(since, span, pauses))


def _left(promise: Promise) -> str:
    assert promise.left is not None
    return lasting(promise.left)


def _span(span: Span) -> str:
    return f"{span.days} 个工作日" if span.days is not None else lasting(span.timedelta)


def _pauses(events: Sequence[Event], since: datetime) -> list[tuple[datetime, datetime]]:
    """The stretches the order was paused for, from ``since``."""
    pauses: list[tuple[datetime, datetime]] = []
    began: datetime | None = None
    for event in events:
        if event.verb is Verb.PAUSE:
            began = event.at
        elif began is not None and event.change.get("state", State.PAUSED) != State.PAUSED:
            if event.at > since:
                pauses.append((max(began, since), event.at))
            began = None
    return pauses


def listing(orders: Sequence[WorkOrder], scene: Scene) -> str:
    rows = [f"- {line(order, scene)}" for order in orders[:9]]
    more = f"\n共 {len(orders)} 张，其余请按单号查询。" if len(orders) > 9 else ""
    return f"进行中的工单 {len(orders)} 张：\n" + "\n".join(rows) + more


def elsewhere(number: int, *, done: bool = False) -> str:
    """Said in a group that may not know more; ``done``: what was asked has been done."""
    return f"工单 {number} {'已办理，' if done else '的'}进展请在与我的单聊中查询。"
