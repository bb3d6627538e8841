"""Answers to notices: 收到 N12, 收到 alone, 有疑问 N12 …; and the buttons of a notice's card."""

from __future__ import annotations

import re

from handlers.here import Here
from handlers.message import Card, Incoming, Reply
from handlers.phrases import notices as phrases
from handlers.reading import bare, fold
from workorders.notices.errors import NoticeRefused
from workorders.notices.receipt import How

_ACK = (
    r"(?:已?确认收到|收到并?知悉|收到并?确认|收到通知|确认通知|"
    r"已收到|收到|已确认|确认|已知悉|知悉|已知晓|知晓|已阅|回执)"
)
_ASK = r"(?:有疑问|有问题|疑问|提问)"
_NUMBER = r"(?:通知)?\s*n\s*(\d{1,6})(?!\d)"
_ACKNOWLEDGES = re.compile(
    rf"{_ACK}\s*[:：,，]?\s*({_NUMBER}(?:[\s,，、和]+{_NUMBER})*)|({_NUMBER}(?:[\s,，、和]+{_NUMBER})*)\s*[:：,，]?\s*{_ACK}"
)
_ALONE = re.compile(_ACK)
_NUMBERS = re.compile(r"n\s*(\d{1,6})(?!\d)", re.IGNORECASE)
_ASKS = re.compile(
    rf"^\s*(?:{_ASK}\s*[:：,，]?\s*{_NUMBER}|{_NUMBER}\s*[:：,，]?\s*{_ASK})[\s:：,，。;；]*(?P<text>.*)$",
    re.IGNORECASE | re.DOTALL,
)
_ASKS_ALONE = re.compile(_ASK)


def handle(incoming: Incoming, here: Here) -> Reply | None:
    """What names a notice is about it; 收到 or 有疑问 alone only where one waits for this person."""
    if incoming.kind not in ("text", "voice"):
        return None
    folded = fold(incoming.text)
    if found := _ASKS.match(folded):
        number = int(found[1] or found[2])
        words = incoming.text[found.start("text") :].strip()
        return _ask(number, words, incoming, here)
    words = bare(incoming.text)
    if _ACKNOWLEDGES.fullmatch(words):
        numbers = list(dict.fromkeys(int(n) for n in _NUMBERS.findall(words)))
        return Reply("\n".join(_acknowledged(number, incoming, here) for number in numbers))
    asks = _ASKS_ALONE.fullmatch(words) is not None
    if not asks and not _ALONE.fullmatch(words):
        return None
    waiting = here.notices.waiting_of(here.sender)
    quoted = [int(n) for n in _NUMBERS.findall(incoming.quote or "")]
    meant = [pair for pair in waiting if pair[0].number in quoted] or waiting
    if not meant:
        return None
    if len(meant) > 1:
        return Reply(phrases.which(meant, "有疑问" if asks else "收到"))
    number = meant[0][0].number
    if asks:
        return _ask(number, "", incoming, here)
    return Reply(_acknowledged(number, incoming, here))


def asked(incoming: Incoming, here: Here) -> Reply | None:
    """The words that were asked for after 有疑问."""
    number = incoming.state.get("notice")
    return _ask(number, incoming.text.strip(), incoming, here) if isinstance(number, int) else None


def pressed_ack(argument: str, incoming: Incoming, here: Here) -> Reply:
    """The button 收到; the card then says what was recorded."""
    if (number := _number(argument)) is None:
        return _update(incoming, here, argument, phrases.missing(""))
    here.notices.acknowledge(number, here.sender, "card")
    return _update(incoming, here, argument, _recorded(number, here))


def pressed_ask(argument: str, incoming: Incoming, here: Here) -> Reply:
    """The button 有疑问: no card has a text field, the next message here is the question."""
    if (number := _number(argument)) is None:
        return _update(incoming, here, argument, phrases.missing(""))
    here.notices.may_ask(number, here.sender, "card")
    reply = _update(incoming, here, argument, phrases.ask_words(number))
    return Reply(update=reply.update, state=_expecting(number))


def _ask(number: int, words: str, incoming: Incoming, here: Here) -> Reply:
    if not words:
        here.notices.may_ask(number, here.sender, _how(incoming))
        return Reply(phrases.ask_words(number), state=_expecting(number))
    receipt = here.notices.question(number, here.sender, words, _how(incoming), here.group)
    notice, _ = here.notices.shown_to(number, here.sender)
    return Reply(phrases.questioned(notice, receipt))


def _acknowledged(number: int, incoming: Incoming, here: Here) -> str:
    """Each notice for itself: what became of it, one line."""
    try:
        here.notices.acknowledge(number, here.sender, _how(incoming))
    except NoticeRefused as refused:
        return phrases.sentence(refused)
    return _recorded(number, here)


def _recorded(number: int, here: Here) -> str:
    notice, receipt = here.notices.shown_to(number, here.sender)
    assert receipt is not None
    return phrases.acknowledged(notice, receipt)


def _how(incoming: Incoming) -> How:
    return "group" if incoming.chat else "chat"


def _expecting(number: int) -> dict[str, object]:
    return {"expect": "notice_question", "notice": number}


def _number(argument: str) -> int | None:
    return int(argument) if re.fullmatch(r"[1-9]\d{0,5}", argument, re.ASCII) else None


def _update(incoming: Incoming, here: Here, argument: str, body: str) -> Reply:
    assert incoming.press is not None
    number = _number(argument)
    page = f"{here.home}ack/{number}" if number else None
    return Reply(update=Card(incoming.press.task_id, f"通知 N{argument}"[:26], body=body, url=page))
