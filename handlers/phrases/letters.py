"""The prose of every letter: what is said, by app message or into a group, of each thing that happened.

A letter is rendered once, when it is first claimed, which may be on another day than it was written: so
its moments bear their dates, and none says 今天.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from handlers.message import Button, Card
from handlers.phrases import (
    attachment_letters,
    desk_letters,
    directory_letters,
    handover_letters,
    incidents,
    notice_letters,
    obligation_letters,
    reporter_letters,
    risk,
    stars,
    summary,
)
from handlers.phrases.facts import Facts, Said
from handlers.phrases.text import quoted

#: What leads from a group into the console.
MORE = "查看报表"
#: What each kind says.
PHRASES: Mapping[str, Callable[[Facts], Said]] = {
    **desk_letters.PHRASES,
    **reporter_letters.PHRASES,
    **attachment_letters.PHRASES,
    **risk.PHRASES,
    **incidents.PHRASES,
    **notice_letters.PHRASES,
    **obligation_letters.PHRASES,
    **summary.PHRASES,
    **handover_letters.PHRASES,
    **directory_letters.PHRASES,
    "stars": stars.asked,
}


@dataclass(frozen=True)
class Message:
    """A letter in words.

    Attributes:
        text: markdown of the plainest kind, readable as text; empty where the card says it all.
        card: for a member, with buttons where there is something to do; None in groups.
        mention: userids a group post alerts.
        number: the order or obligation (Y3) it is about, None where it is about neither.
        row: the whole letter in ``_VALUE`` characters, for a line of a card about several orders.
        ask: what its reader is asked to do; empty where the buttons say it.
        waiting: whether the order waits for somebody to accept it, and that is all the letter says.
        page: where in the console a group finds more, a path; empty for nowhere.
    """

    text: str = ""
    card: Card | None = None
    mention: tuple[str, ...] = ()
    number: int | str | None = None
    row: str = ""
    ask: str = ""
    waiting: bool = False
    page: str = ""


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
    number = facts.get("number")
    head = f"{said.head}\n{said.body}".strip()
    if shared:
        words = f"{head}\n{said.words}".strip()
        return Message(
            words, mention=(facts["reporter_id"],) if facts.get("reporter_id") else (), page=said.page
        )
    message = Message(
        f"{head}\n{said.words}".strip(),
        number=number,
        row=_row(facts, said),
        ask=said.ask,
        waiting=kind in _WAITING,
    )
    if not said.card:
        return message
    moment = datetime.fromisoformat(facts["at"])
    card = Card(
        task_id=f"{kind}-{number or 0}-{moment:%Y%m%d%H%M%S%f}",
        title=said.title,
        desc=said.desc,
        facts=said.rows,
        body=said.shown or said.body,
        buttons=said.buttons,
        done=said.done,
        call=said.call,
    )
    return replace(message, card=card)


def _row(facts: Mapping[str, Any], said: Said) -> str:
    """The problem, then what became of it; of the two the problem has the room that is left."""
    what = f"{'紧急 ' if facts.get('urgent') else ''}{said.short}"
    if not said.short or not facts.get("text"):
        return quoted(what or said.head.partition(f"{facts.get('number')} ")[2], shared=False, most=_VALUE)
    return f"{quoted(str(facts['text']), shared=False, most=max(_VALUE - len(what) - 1, _LEAST))} {what}"


def bundle(messages: Sequence[Message], recipient: str = "") -> Message:
    """Several letters for one recipient as one message.

    Where one of them offers to accept an order they become a card, with 全部接单 where several do and a line
    an order; cards about one order become that order's last; anything else a text, the letters one after the
    other. Groups get text, and every mention once.

    Args:
        messages: in the order they were written.
        recipient: who they are for.
    """
    text = "\n\n".join(dict.fromkeys(message.text for message in messages if message.text))
    mention = tuple(dict.fromkeys(userid for message in messages for userid in message.mention))
    held = [message.card for message in messages if message.card]
    if len(held) == len(messages) and len({message.number for message in messages}) == 1:
        bodies = dict.fromkeys(line for card in held for line in card.body.splitlines())
        card = replace(held[-1], body="\n".join(bodies))
        return Message(text, card, mention, number=messages[0].number)
    # Of an order's cards the newest knows best whether it still waits for somebody.
    newest = {message.number: message.card for message in messages if message.card}
    offers = list(dict.fromkeys(n for card in newest.values() for n in _offers(card)))
    page = next((message.page for message in messages if message.page), "")
    return Message(text, _many(messages, held[-1], offers) if offers else None, mention, page=page)


def _many(messages: Sequence[Message], last: Card, offers: Sequence[int]) -> Card:
    rows = {message.number: message.row for message in messages}
    lines = tuple((str(number or "通知"), row) for number, row in rows.items())
    body = list(dict.fromkeys(message.ask for message in messages if message.ask))
    unit = "张工单" if all(isinstance(number, int) for number in rows) else "项"
    if len(lines) > _ROWS:
        others = "、".join(number for number, _ in lines[_ROWS:])
        body.append(f"另有 {len(lines) - _ROWS} {unit[0]}：{others}，回复编号可查看。")
    every = (Button("全部接单", f"accept:{','.join(map(str, offers))}"),) if len(offers) > 1 else ()
    waiting = all(message.waiting for message in messages)
    return Card(
        task_id=f"{last.task_id}-{len(messages)}",
        title=f"{len(lines)} {unit}{'待接单' if waiting else '需关注'}",
        desc=last.desc,
        facts=lines[:_ROWS],
        body="\n".join(body),
        buttons=(
            *every,
            *(Button(f"接单 {number}", f"accept:{number}", style=2) for number in offers[: _BUTTONS - 1]),
        ),
    )


#: Letters of an order nobody has accepted that say no more than that.
_WAITING = frozenset({"new", "page", "rerouted"})
#: Characters of a card's value (``bot.wecom.cards``), and of the problem in it at least.
_VALUE, _LEAST = 26, 12
_ROWS, _BUTTONS = 6, 6


def _offers(card: Card | None) -> Iterable[int]:
    """The orders a card offers to accept."""
    for button in card.buttons if card else ():
        verb, _, number = button.key.partition(":")
        if verb == "accept" and number.isdigit():
            yield int(number)
