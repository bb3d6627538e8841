"""Every verb on an order, as one intent driven by the tables of ``commands.py``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from handlers import moments, which
from handlers.commands import BY_NAME, Command
from handlers.here import Here
from handlers.message import Incoming, Reply
from handlers.phrases import orders as phrases
from handlers.phrases import refusals
from handlers.phrases.scene import Scene
from handlers.reading import bare
from handlers.spoken import Spoken, read
from workorders.errors import Incomplete, Refused
from workorders.orders.order import Verb, WorkOrder


def handle(incoming: Incoming, here: Here) -> Reply | None:
    """接单 1001, 1001 解决, 给方案 1001 更换机具，今天18:00, 催单 …"""
    spoken = read(incoming.text) or _no_longer_wanted(incoming, here)
    if spoken is None or not _meant(spoken, incoming, here):
        return None
    if spoken.number is not None and (several := _several(spoken, here)):
        if not spoken.command.of_several(reporter=not here.sender.works_orders):
            return Reply(phrases.one_at_a_time(spoken.command.name, spoken.number))
        return Reply("\n".join(each(spoken.command, several, incoming, here)))
    if spoken.number is not None:
        return act(spoken.command, spoken.number, spoken.argument, incoming, here)
    meant = which.candidates(spoken.command.verb, incoming, here, to_self=spoken.command.to_self)
    if len(meant) == 1:
        return act(spoken.command, meant[0].number, spoken.argument, incoming, here)
    scene = Scene.of(incoming, here)
    if not meant:
        return Reply(phrases.none_to(spoken.command.name, scene.staff))
    return ask_which(spoken, meant, scene)


def _no_longer_wanted(incoming: Incoming, here: Here) -> Spoken | None:
    """不要了, from whoever has an order to withdraw."""
    if bare(incoming.text) not in ("不要", "不需要", "不用处理") or here.sender.works_orders:
        return None
    command = BY_NAME["撤回"]
    return Spoken(command, None, "", sure=True) if which.candidates(command.verb, incoming, here) else None


def _several(spoken: Spoken, here: Here) -> list[int]:
    """The orders named, in order of number so that locks never cross; none where only one is."""
    assert spoken.number is not None
    if spoken.command.verb is Verb.MERGE:
        return []  # 并入 1002 1001: the second is its argument
    more = spoken.more
    if spoken.command.takes:  # 解决 1001 8821 已换: what is no order's number may be of the text
        more = tuple(number for number in more if which.visible(number, here))
    return sorted({spoken.number, *more}) if set(more) - {spoken.number} else []


def each(command: Command, numbers: Sequence[int], incoming: Incoming, here: Here) -> Iterator[str]:
    """Each order for itself: what became of it, one line."""
    scene = Scene.of(incoming, here)
    for number in numbers:
        try:
            said = told(command, command.do(here, number, ""), number, scene)
        except Refused as refused:
            said = refusals.said(refused, scene)
        yield said.split("\n", 1)[0]


def _meant(spoken: Spoken, incoming: Incoming, here: Here) -> bool:
    """A word without a number might be the beginning of something else that somebody says."""
    if spoken.sure:
        return True
    return here.sender.works_orders and "expect" not in incoming.state


def ask_which(spoken: Spoken, orders: Sequence[WorkOrder], scene: Scene) -> Reply:
    """A numbered list; the answer is taken by the menu intent."""
    state = {
        "expect": "pick",
        "orders": [order.number for order in orders],
        "command": spoken.command.name,
        "argument": spoken.argument,
    }
    return Reply(phrases.which(orders, spoken.command.name, scene), state=state)


def act(command: Command, number: int, argument: str, incoming: Incoming, here: Here) -> Reply:
    """Do it, or ask for what it still needs and remember what it was for."""
    scene = Scene.of(incoming, here)
    try:
        order = command.do(here, number, argument)
    except Incomplete as incomplete:
        kept = argument if incomplete.field in _KEEPS else ""
        if incomplete.field == "moment":
            kept = moments.without(argument, here.now, here.agreement.calendar)
        state = expecting(command, number, incomplete.field, kept)
        said = refusals.missing(incomplete.field, incomplete.given, number=number, command=command.name)
        return Reply(said, state=state)
    return Reply(told(command, order, number, scene))


def told(command: Command, order: WorkOrder, asked: int, scene: Scene) -> str:
    """The sentence for whoever did it; a reopening too late made another order."""
    if order.number != asked:
        return phrases.followed(order, asked, scene)
    return command.said(order, scene)


def expecting(command: Command, number: int, field: str, plan: str = "") -> dict[str, object]:
    """What is remembered until the next message brings what ``command`` needs."""
    return {
        "expect": field,
        "command": command.name,
        "order": number,
        "plan": plan,
    }


#: What is asked for while the rest of the command is kept.
_KEEPS = frozenset({"fee", "improvement"})


def joined(kept: str, field: str, said: str) -> str:
    """What was kept of a command, with what was asked for."""
    return f"{kept}；优化方案：{said}" if field == "improvement" else f"{kept}，{said}"
