"""The prose of every letter: what is said, by app message or into a group, of each thing that happened.

A letter is rendered once, when it is first claimed, which may be on another day than it was written: so
its moments bear their dates, and none says 今天.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from handlers.message import Button, Card
from handlers.phrases.occasions import PHRASES, Facts

#: Every kind there is a phrase for.
KINDS = frozenset(PHRASES)


@dataclass(frozen=True)
class Message:
    """A letter in words.

    Attributes:
        text: markdown of the plainest kind, readable as text; empty where the card says it all.
        card: for a member, with buttons where there is something to do; None in groups.
        mention: userids a group post alerts.
    """

    text: str = ""
    card: Card | None = None
    mention: tuple[str, ...] = ()


def render(kind: str, facts: Mapping[str, Any], *, shared: bool) -> Message:
    """Say a letter.

    Args:
        kind: as in ``workorders.orders.telling``, or ``given_up``.
        facts: what the letter was written with.
        shared: it goes into a group: phones are masked, the reporter is mentioned, words stand for buttons.

    Raises:
        KeyError: nobody has written a phrase for that kind.
    """
    said = PHRASES[kind](Facts(facts, shared))
    number = facts["number"]
    head = f"{said.head}\n{said.body}".strip()
    if shared:
        words = f"{head}\n{said.words}".strip()
        return Message(words, mention=(facts["reporter_id"],) if facts.get("reporter_id") else ())
    if not said.card:
        return Message(f"{head}\n{said.words}".strip())
    moment = datetime.fromisoformat(facts["at"])
    card = Card(
        task_id=f"order-{number}-{kind}-{moment:%Y%m%d%H%M%S%f}",
        title=said.title,
        desc=said.desc,
        facts=said.rows,
        body=said.shown or said.body,
        buttons=said.buttons,
        done=said.done,
    )
    return Message(f"{head}\n{said.words}".strip(), card)


def bundle(messages: Sequence[Message], recipient: str = "") -> Message:
    """Several letters for one recipient as one message.

    Cards that offer two or more orders become one with 全部接单, cards about one order that order's last;
    anything else a text, the letters one after the other. Groups get text, and every mention once.

    Args:
        messages: in the order they were written.
        recipient: who they are for.
    """
    text = "\n\n".join(dict.fromkeys(message.text for message in messages if message.text))
    mention = tuple(dict.fromkeys(userid for message in messages for userid in message.mention))
    held = [message.card for message in messages if message.card]
    if len(held) < len(messages):
        return Message(text, mention=mention)
    offers = list(dict.fromkeys(n for card in held for n in _offers(card)))
    if len(offers) >= 2:
        return Message(text, _accept_all(held, offers), mention)
    if len({_number(card) for card in held}) == 1:
        bodies = dict.fromkeys(line for card in held for line in card.body.splitlines())
        return Message(text, replace(held[-1], body="\n".join(bodies)), mention)
    return Message(text, mention=mention)


def _accept_all(held: Sequence[Card], offers: Sequence[int]) -> Card:
    rows = tuple(dict.fromkeys((_number(card), _line(card)) for card in held))
    return Card(
        task_id=f"{held[-1].task_id}-{len(held)}",
        title=f"{len(offers)} 张工单待接单",
        desc=held[-1].desc,
        facts=rows[:_ROWS],
        body="" if len(rows) <= _ROWS else f"另有 {len(rows) - _ROWS} 张，回复「进度」查看。",
        buttons=(
            Button("全部接单", f"accept:{','.join(map(str, offers))}"),
            *(Button(f"接单 {number}", f"accept:{number}", style=2) for number in offers[: _BUTTONS - 1]),
        ),
    )


_ROWS, _BUTTONS = 6, 6


def _offers(card: Card | None) -> Iterable[int]:
    """The orders a card offers to accept."""
    for button in card.buttons if card else ():
        verb, _, number = button.key.partition(":")
        if verb == "accept" and number.isdigit():
            yield int(number)


def _number(card: Card) -> str:
    """The order a card is about, from its buttons."""
    return next((button.key.partition(":")[2] for button in card.buttons), "")


def _line(card: Card) -> str:
    return f"{card.title.removeprefix('紧急').removeprefix(f'工单 {_number(card)} ')} {card.body}"
