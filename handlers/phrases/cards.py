"""Cards about orders: what they hold, which buttons they bear, and what becomes of them once pressed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from handlers import which
from handlers.message import Button, Card, Incoming
from handlers.phrases import refusals
from handlers.phrases.forms import REJECTIONS
from handlers.phrases.names import STATES
from handlers.phrases.orders import named
from handlers.phrases.scene import Scene
from handlers.phrases.text import quoted
from workorders.directory.people import Person
from workorders.errors import Refused
from workorders.orders.errors import WrongState
from workorders.orders.kinds import APPLICATIONS, Kind
from workorders.orders.order import Verb, WorkOrder

SEVERAL = "多张工单"
NOT_DONE = "未办理"


def title(order: WorkOrder) -> str:
    """紧急工单 1001 处理中."""
    return f"{named(order)} {STATES[order.state]}"


def for_owner(number: int, kind: Kind) -> tuple[Button, ...]:
    """What an owner may do next; the rest is behind 更多."""
    return *_NEXT[kind](number), _hand_over(number), Button("更多", f"more:{number}", style=3)


def for_desk(number: int, kind: Kind) -> tuple[Button, ...]:
    """What anybody at the desk may do with an order nobody owns."""
    accept = Button("接单", f"accept:{number}", style=4 if kind is Kind.URGENT else 1)
    return accept, *_NEXT[kind](number), Button("更多", f"more:{number}", style=3)


def _fault(number: int) -> tuple[Button, ...]:
    return Button("给方案", f"propose:{number}"), Button("解决", f"solve:{number}", style=2)


def for_stand_in(number: int) -> tuple[Button, ...]:
    """What may be done by whoever stands in for an owner who is away."""
    return (Button("接手", f"take:{number}"),)


def for_level(level: int, number: int, *, owned: bool) -> tuple[Button, ...]:
    """What those told of a lateness may do: 客服负责人 of any order, 二责 of one somebody else owns."""
    first = Button("接手", f"take:{number}") if owned else Button("接单", f"accept:{number}")
    hands = (_hand_over(number),) if level == 3 else ()
    return first, *hands, Button("更多", f"more:{number}", style=3)


def _hand_over(number: int) -> Button:
    return Button("转交", f"hand_over:{number}", style=2)


def _integration(number: int) -> tuple[Button, ...]:
    return Button("给方案", f"propose:{number}"), Button("退回", f"decline:{number}", style=2)


def _onboarding(number: int) -> tuple[Button, ...]:
    return Button("通过", f"solve:{number}"), Button("驳回", f"decline:{number}", style=2)


def _complaint(number: int) -> tuple[Button, ...]:
    return (Button("答复", f"solve:{number}"),)


_NEXT: Mapping[Kind, Callable[[int], tuple[Button, ...]]] = {
    Kind.DAILY: _fault,
    Kind.URGENT: _fault,
    Kind.AFTERSALES: _fault,
    Kind.INTEGRATION: _integration,
    Kind.ONBOARDING: _onboarding,
    Kind.COMPLAINT: _complaint,
}


#: What is behind 更多, the likeliest first; a card holds six of them.
_MORE: tuple[tuple[Verb, str], ...] = (
    (Verb.RESUME, "恢复"),
    (Verb.PAUSE, "挂起"),
    (Verb.HAND_OVER, "转交"),
    (Verb.REROUTE, "改派"),
    (Verb.DECLINE, "退回"),
    (Verb.UPGRADE, "转紧急"),
    (Verb.DOWNGRADE, "转日常"),
    (Verb.CHANGE_KIND, "改类"),
    (Verb.MERGE, "并入"),
)


def more(order: WorkOrder, scene: Scene, task_id: str) -> Card:
    """The card of an order with what else its reader may do to it."""
    pointless = {Verb.PAUSE, Verb.UPGRADE} if order.urgent else {Verb.DOWNGRADE}
    if order.kind in APPLICATIONS:
        pointless.add(Verb.DECLINE)  # it is on the card already
    buttons = [
        Button(name, f"{verb}:{order.number}", style=2)
        for verb, name in _MORE
        if verb not in pointless and scene.here.orders.may(order, verb, scene.sender)
    ]
    body = scene.quote(order.text) if buttons else "您目前不能对它做别的操作。"
    return Card(task_id, title(order), body=body, buttons=tuple(buttons[:6]))


def to_whom(order: WorkOrder, said: str, people: Sequence[Person], task_id: str) -> Card:
    """The card on which an order is handed over: whoever is on duty, to be pressed; anybody else by name."""
    buttons = tuple(Button(p.name, f"hand:{order.number}:{p.userid}", style=2) for p in people)
    body = f"转交给谁？点选，或直接回复姓名。{'' if buttons else said}"
    return Card(task_id, title(order), body=body, buttons=buttons)


def rejecting(order: WorkOrder, said: str, task_id: str) -> Card:
    """The card on which an onboarding is rejected: what for, to be pressed or written."""
    buttons = tuple(
        Button(name.removesuffix("不符"), f"reject:{order.number}:{code}", style=2)
        for code, (name, _) in REJECTIONS.items()
    )
    return Card(task_id, title(order), body=said, buttons=buttons)


def for_reporter_solved(number: int) -> tuple[Button, ...]:
    return Button("没解决", f"unsolved:{number}", style=2), Button("已解决", f"close:{number}")


def after(order: WorkOrder | None, said: str, scene: Scene, task_id: str) -> Card:
    """The card of an order after a press: what happened, and what the presser may do next."""
    if order is None:
        return Card(task_id, "工单", body=said)
    if order.live and order.owner == scene.sender.userid:
        return Card(task_id, title(order), body=said, buttons=for_owner(order.number, order.kind))
    return Card(task_id, title(order), body=said)


def several_done(what: str, numbers: Sequence[int]) -> str:
    return f"您已{what}：工单 {'、'.join(map(str, numbers))}。"


def about(question: str, incoming: Incoming) -> str:
    """A card's title: the question it is about."""
    return quoted(question, shared=incoming.chat is not None, most=24)


def refused(refusal: Refused, scene: Scene, task_id: str) -> Card:
    """The card whose press was refused; a stale one says who already did what."""
    number = getattr(refusal, "number", None)
    order = which.visible(number, scene.here) if isinstance(number, int) else None
    head = title(order) if order else NOT_DONE
    if isinstance(refusal, WrongState):
        done = refusals.stands(refusal, scene)
        if order and order.live and order.owner == scene.sender.userid:
            return Card(task_id, head, body=done, buttons=for_owner(order.number, order.kind))
        return Card(task_id, head, body=refusals.instead(refusal, scene), done=done)
    return Card(task_id, head, body=refusals.said(refusal, scene))
