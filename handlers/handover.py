"""交接班: what I have, offering it to a colleague with a note, and taking what was offered to me."""

from __future__ import annotations

import re

from handlers.here import Here
from handlers.message import Incoming, Reply
from handlers.phrases import handover as phrases
from handlers.phrases.scene import Scene
from handlers.reading import asks, bare, fold
from workorders.directory.people import Person
from workorders.handover.errors import NoHandover

_ALONE = re.compile(r"交接班|交班|交接|我要交接班?|下班交接")
_TO = re.compile(
    r"(?:交接班|交班|交接)\s*[:：,，]?\s*(?:给|到|至)?\s*@?(?P<name>[^\s,，:：、。]+)(?P<rest>.*)", re.DOTALL
)
_NUMBERS = re.compile(
    r"(?:[\s,，、;；:：]|工单|单号|[#№]|和)*([1-9]\d{3,6})(?![\d.]|\s*(?:元|块|笔|万|年|月))"
)
_TAKE = re.compile(r"(?:全部接收|接收全部|接收交接|接收|接受交接)(?P<rest>[\s\d,，、;；和工单号#№]*)")
_KEY = re.compile(r"(?P<id>\d{1,9})(?:,(?P<number>[1-9]\d{3,6}))?", re.ASCII)


def handle(incoming: Incoming, here: Here) -> Reply | None:
    """交接班, 交接班 老周 [1001 1003] [备注], 接收 [1001]; of our people who work orders only."""
    if not here.sender.works_orders:
        return None
    if _ALONE.fullmatch(bare(incoming.text)):
        return _mine(incoming, here)
    folded = fold(incoming.text).strip()
    if found := _TAKE.fullmatch(folded.rstrip("。.!！")):
        taken = here.handovers.accept(here.sender, numbers=_leading(found["rest"])[0])
        return Reply(phrases.taken(taken))
    found = _TO.fullmatch(folded)
    if found is None or asks(incoming.text):
        return None
    numbers, note = _leading(incoming.text.strip()[found.start("rest") :])
    return _offer(_colleague(found["name"], here), numbers, note, incoming, here)


def offer_pressed(argument: str, incoming: Incoming, here: Here) -> Reply:
    """全部交给 somebody, on the card of one's open orders."""
    assert incoming.press is not None
    _judge(here)
    to = here.directory.person(argument)
    handover = here.handovers.offer(here.sender, to)
    return Reply(
        update=phrases.done(phrases.offer_made(handover, to, Scene.of(incoming, here)), incoming.press)
    )


def accept_pressed(argument: str, incoming: Incoming, here: Here) -> Reply:
    """全部接收 or 接收 1001, on the card of an offer; what is left of it may still be pressed."""
    assert incoming.press is not None
    _judge(here)
    found = _KEY.fullmatch(argument)
    if found is None:
        raise NoHandover("taken")
    numbers = (int(found["number"]),) if found["number"] else ()
    taken = here.handovers.accept(here.sender, int(found["id"]), numbers)
    return Reply(update=phrases.done(phrases.taken(taken), incoming.press, int(found["id"]), taken.left))


def _judge(here: Here) -> None:
    if not here.sender.works_orders:
        raise NoHandover("idle", name=here.sender.name)


def _mine(incoming: Incoming, here: Here) -> Reply:
    orders = here.handovers.open_orders(here.sender)
    if not orders:
        raise NoHandover("nothing")
    scene = Scene.of(incoming, here)
    said = phrases.mine(orders, scene)
    if incoming.chat is not None:
        # In a group each line is for those who may know of its order; a card would show them to everybody.
        return Reply(said)
    return Reply(said, card=phrases.mine_card(orders, _colleagues(here), scene, incoming.key))


def _offer(to: Person, numbers: tuple[int, ...], note: str, incoming: Incoming, here: Here) -> Reply:
    handover = here.handovers.offer(here.sender, to, numbers, note)
    return Reply(phrases.offer_made(handover, to, Scene.of(incoming, here)))


def _colleague(name: str, here: Here) -> Person:
    people = here.directory.staff_named(name)
    if len(people) != 1:
        raise NoHandover("nobody", name=name)
    return people[0]


def _colleagues(here: Here) -> list[Person]:
    """Who is told of the roles this person holds, now: the likeliest to take over."""
    roles = dict.fromkeys(duty.role for duty in here.sender.duties)
    told = (p for role in roles for rank in (1, 2) for p in here.directory.holders(role, rank, here.now))
    return list(dict.fromkeys(p for p in told if p.works_orders and p.userid != here.sender.userid))


def _leading(text: str) -> tuple[tuple[int, ...], str]:
    """The order numbers a text begins with, and what follows them."""
    numbers: list[int] = []
    folded, at = fold(text), 0
    while found := _NUMBERS.match(folded, at):
        numbers, at = [*numbers, int(found[1])], found.end()
    return tuple(numbers), text[at:].strip(" \n,，、:：;；。")
