"""What a viewer may do to an order now, as forms: chat's own commands, with fields for what they need."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from handlers.commands import COMMANDS, FARTHEST, Command
from handlers.here import Here
from handlers.masking import mask
from handlers.phrases.scene import Scene
from handlers.phrases.text import ZONE
from workorders.errors import Incomplete
from workorders.orders.kinds import Kind, Part
from workorders.orders.order import State, Verb, WorkOrder


@dataclass(frozen=True)
class Field:
    """One field of a form: its name, which is :class:`Incomplete`'s, and how it is asked for."""

    name: str
    label: str
    form: Literal["words", "person", "role", "partner", "moment"] = "words"
    required: bool = True
    hint: str = ""


#: What each need of a command is asked for as.
_FIELDS: Mapping[str, Field] = {
    "plan": Field("plan", "方案", hint="打算怎么办，报障人会看到"),
    "moment": Field("moment", "承诺完成时间", "moment"),
    "awaited": Field("awaited", "等待什么", hint="报障人会看到，例如：商户提供终端号"),
    "person": Field("person", "转交给", "person"),
    "role": Field("role", "改派到", "role"),
    "partner": Field("partner", "归属到", "partner"),
    "text": Field("text", "留言", hint="报障人会收到"),
    "reason": Field("reason", "原因", hint="报障人会看到；驳回入驻请写明如何修改"),
    "kind": Field("kind", "改为", hint="类别；表单字段另起一行，例如：商户入驻↵商户：…"),
    "into": Field("into", "并入工单", hint="单号"),
}
#: Where a command says more than its need does.
_OF_COMMAND: Mapping[str, tuple[Field, ...]] = {
    "给方案": (
        _FIELDS["plan"],
        _FIELDS["moment"],
        Field("fee", "费用", required=False, hint="接入申请必填：无费用，或收费多少"),
    ),
    "解决": (Field("note", "说明", required=False, hint="报障人会看到；投诉请写：结果：…；优化方案：…"),),
    "通过": (Field("note", "说明", required=False, hint="报障人会看到"),),
    "重新提交": (Field("said", "修改说明", required=False),),
    "提出暂停服务": (Field("reason", "原因", required=False),),
    "恢复": (Field("said", "说明", required=False),),
    "重开": (Field("said", "还有什么问题", required=False),),
    "关闭": (Field("note", "说明", required=False, hint="处理人员关闭时必填"),),
}


#: Where several commands are of one verb.
_SLUGS = {"接手": "take_over", "通过": "approve"}


@dataclass(frozen=True)
class Action:
    """Something that may be done, and the form it takes.

    Attributes:
        slug: its name in addresses. ``name``: on its button.
        do: does it with what was written; ``said``: the sentence for whoever did it.
        weight: how its button looks.
    """

    slug: str
    name: str
    verb: Verb
    fields: tuple[Field, ...]
    do: Callable[[Here, int, Mapping[str, str]], WorkOrder]
    said: Callable[[WorkOrder, Scene], str]
    weight: Literal["primary", "plain", "grave"] = "plain"


def _of(command: Command) -> Action:
    fields = _OF_COMMAND.get(command.name) or ((_FIELDS[command.needs],) if command.needs in _FIELDS else ())

    def do(here: Here, number: int, given: Mapping[str, str]) -> WorkOrder:
        return command.do(here, number, given.get(fields[0].name, "") if fields else "")

    return Action(
        slug=_SLUGS.get(command.name, str(command.verb)),
        name=command.name,
        verb=command.verb,
        fields=fields,
        do=_propose if command.verb is Verb.PROPOSE else do,
        said=command.said,
        weight="grave" if command.verb in (Verb.DECLINE, Verb.CANCEL) else "plain",
    )


def _propose(here: Here, number: int, given: Mapping[str, str]) -> WorkOrder:
    """The plan and its moment, which a form asks for apart."""
    try:
        moment = datetime.fromisoformat(given.get("moment", "")).replace(tzinfo=ZONE)
    except ValueError:
        moment = here.now
    if moment > here.now + FARTHEST:
        raise Incomplete("moment")
    return here.orders.propose(number, here.sender, given.get("plan", ""), moment, given.get("fee", ""))


def _say(here: Here, number: int, given: Mapping[str, str]) -> WorkOrder:
    if not given.get("text", ""):
        raise Incomplete("text")
    return here.orders.said(number, here.sender, given["text"])


_SAY = Action(
    "say",
    "补充",
    Verb.SAY,
    (Field("text", "补充说明", hint="处理人会看到"),),
    _say,
    lambda order, scene: "已补充。",
)

ACTIONS: Mapping[str, Action] = {action.slug: action for action in (*map(_of, COMMANDS), _SAY)}


def offered(order: WorkOrder, here: Here) -> Iterator[Action]:
    """What this person may do to the order now, the likeliest first."""
    me = here.sender
    for action in ACTIONS.values():
        if action.verb is Verb.SAY:
            may = order.live and not me.works_orders and here.orders.may_see(order, me) and me.side != "us"
        else:
            may = here.orders.may(order, action.verb, me, to_self=action.slug == "take_over")
        if may and not _pointless(action, order, here):
            yield action


def _pointless(action: Action, order: WorkOrder, here: Here) -> bool:
    """What the life table allows and would yet change nothing, or is refused for another reason."""
    match action.slug:
        case "pause" | "upgrade":
            return order.urgent
        case "approve":
            return order.kind is not Kind.ONBOARDING
        case "solve":
            return order.kind is Kind.ONBOARDING
        case "expedite":
            return order.expedited_at is not None
        case "suspend":
            return order.suspension_at is not None or not any(
                p.part is Part.REPLY and p.breached_at for p in order.promises
            )
        case "downgrade":
            return not order.urgent
        case "take_over":
            return order.owner == here.sender.userid or order.state is State.OPEN
        case "hand_over":
            return order.owner != here.sender.userid and not here.sender.supervises
    return False


def written(action: Action, form: Mapping[str, str]) -> dict[str, str]:
    """What somebody wrote into the form, without what may never be kept."""
    return {field.name: mask(form.get(field.name, "")[:2000].strip()).text for field in action.fields}
