"""In a group, another company's orders are spoken of by number only, whatever was asked of them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from handlers import which
from handlers.here import Here
from handlers.message import Card, Incoming, Reply
from handlers.phrases import progress as phrases

#: How every message names an order, and how a bundle names several.
_NAMED = re.compile(r"工单\s*(\d{4,7}(?:、\d{4,7})*)")


def discreet(reply: Reply, incoming: Incoming, here: Here) -> Reply:
    """The reply without what this group may not know.

    Of an order that may not be shown here (``which.may_be_shown``) its number is left, and whether what
    was asked is done; what a question of ours about it would have remembered is forgotten.
    """
    if incoming.chat is None:
        return reply
    text = "\n".join(_lines(reply.text, incoming, here))
    card, update = (_card(card, incoming, here) for card in (reply.card, reply.update))
    if (text, card, update) == (reply.text, reply.card, reply.update):
        return reply
    return Reply(text, card, update)


def _lines(text: str, incoming: Incoming, here: Here) -> Iterator[str]:
    """The lines, those from one that names such an order to the next that names one replaced."""
    hidden = False
    for line in text.split("\n"):
        numbers = _numbers(line)
        if foreign := _foreign(numbers, incoming, here):
            yield from (phrases.elsewhere(number, done=_done(number, here)) for number in foreign)
        hidden = bool(foreign) or (hidden and not numbers)
        if not hidden:
            yield line


def _card(card: Card | None, incoming: Incoming, here: Here) -> Card | None:
    if card is None:
        return None
    facts = (part for fact in card.facts for part in fact)
    said = "\n".join((card.title, card.desc, card.body, card.done, *facts))
    foreign = _foreign(_numbers(said), incoming, here)
    if not foreign:
        return card
    body = "\n".join(phrases.elsewhere(number, done=_done(number, here)) for number in foreign)
    return Card(card.task_id, f"工单 {'、'.join(map(str, foreign))}", body=body)


def _numbers(text: str) -> list[int]:
    return [int(number) for named in _NAMED.findall(text) for number in named.split("、")]


def _foreign(numbers: list[int], incoming: Incoming, here: Here) -> list[int]:
    return [
        number
        for number in dict.fromkeys(numbers)
        if (order := which.visible(number, here)) and not which.may_be_shown(order, incoming, here)
    ]


def _done(number: int, here: Here) -> bool:
    """Whether this very message did something to the order."""
    return any(
        event.by == here.sender.userid and event.at >= here.now for event in here.orders.events(number)
    )
