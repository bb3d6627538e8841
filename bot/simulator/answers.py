"""What the desk may say in answer to a callback (101031, 90241); anything else is refused by name."""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.simulator import cards
from bot.simulator.cards import Card
from bot.simulator.wire import BadAnswer, card_from_xml
from bot.simulator.world import World

STREAM_BYTES = 20480
TEXT_BYTES = 2048
IMAGES = 10
CARD_LASTS = timedelta(hours=72)
"""How long an app card's response_code may be used."""


@dataclass(frozen=True)
class Said:
    """An answer's content: a text, a card, or both. ``done`` replaces the buttons of the pressed card."""

    text: str = ""
    card: Card | None = None
    done: str = ""
    stream: str | None = None
    finished: bool = True
    images: tuple[bytes, ...] = ()


@dataclass(frozen=True)
class Update:
    """A card's new face. ``userids`` None means everybody who received it."""

    card: Card
    userids: list[str] | None


def cut(text: str, most: int) -> str:
    """The text within ``most`` UTF-8 bytes, as WeCom cuts it, without half a character."""
    return text.encode("utf-8", "replace")[:most].decode("utf-8", "ignore")


def aibot_reply(reply: dict[str, Any], world: World, *, polled: bool) -> Said:
    """An answer to a user's message, or to a poll of its stream.

    Raises:
        BadAnswer: plain text (only a welcome may be), an unknown type, a stream without id or over 20480
            bytes, a card WeCom would refuse or whose task_id was used before.
    """
    kind = reply.get("msgtype")
    if kind not in ("stream", "template_card", "stream_with_template_card") or (
        polled and kind == "template_card"
    ):
        raise BadAnswer(f"msgtype {kind!r} is no answer to a {'stream poll' if polled else 'message'}")
    card = None
    if kind != "stream" and (kind == "template_card" or reply.get("template_card")):
        card = _new_card(reply.get("template_card"), world)
    if kind == "template_card":
        return Said(card=card)
    stream = reply.get("stream")
    if not isinstance(stream, dict) or not isinstance(stream.get("id"), str) or not stream["id"]:
        raise BadAnswer("stream.id is missing")
    content = stream.get("content", "")
    if not isinstance(content, str) or len(content.encode("utf-8", "replace")) > STREAM_BYTES:
        raise BadAnswer(f"stream.content is no text of at most {STREAM_BYTES} bytes")
    finished = stream.get("finish", False)
    if not isinstance(finished, bool):
        raise BadAnswer("stream.finish must be true or false")
    items = stream.get("msg_item") or []
    if items and not finished:
        raise BadAnswer("stream.msg_item is for a finished stream only")
    return Said(content, card, "", stream["id"], finished, tuple(_image(i) for i in _ten(items)))


def _ten(items: Any) -> list[Any]:
    if not isinstance(items, list) or len(items) > IMAGES:
        raise BadAnswer(f"stream.msg_item must be a list of at most {IMAGES}")
    return items


def _image(item: Any) -> bytes:
    try:
        data = base64.b64decode(item["image"]["base64"], validate=True)
        claimed = str(item["image"]["md5"])
    except (KeyError, TypeError, binascii.Error, ValueError):
        raise BadAnswer("stream.msg_item.image needs base64 and md5") from None
    if hashlib.md5(data, usedforsecurity=False).hexdigest() != claimed.lower():
        raise BadAnswer("stream.msg_item.image.md5 does not fit")
    return data


def aibot_welcome(reply: dict[str, Any], world: World) -> Said:
    """An answer to enter_chat: text or a card.

    Raises:
        BadAnswer: it is something else.
    """
    if reply.get("msgtype") == "template_card":
        return Said(card=_new_card(reply.get("template_card"), world))
    content = (reply.get("text") or {}).get("content") if reply.get("msgtype") == "text" else None
    if not isinstance(content, str) or not content:
        raise BadAnswer("a welcome is text or template_card")
    return Said(text=content)


def aibot_update(reply: dict[str, Any], task_id: str) -> Update:
    """An answer to a press.

    Raises:
        BadAnswer: no update_template_card, or the task_id is not the pressed card's.
    """
    if reply.get("response_type") != "update_template_card":
        raise BadAnswer("a card event is answered by response_type update_template_card or nothing")
    card = _card(reply.get("template_card"), "aibot")
    if card.get("task_id") != task_id:
        raise BadAnswer("template_card.task_id is not the pressed card's")
    userids = reply.get("userids")
    if userids is not None and not (isinstance(userids, list) and all(isinstance(u, str) for u in userids)):
        raise BadAnswer("userids must be a list of userids")
    return Update(card, userids or None)


def app_reply(reply: dict[str, Any], pressed: bool) -> Said:
    """An app's passive answer: text, and after a press also update_button or update_template_card.

    Raises:
        BadAnswer: another MsgType, or a part of it missing.
    """
    kind = reply.get("MsgType")
    if kind == "text" and isinstance(reply.get("Content"), str) and reply["Content"]:
        return Said(text=cut(reply["Content"], TEXT_BYTES))
    if pressed and kind == "update_button":
        button = reply.get("Button")
        name = button.get("ReplaceName") if isinstance(button, dict) else None
        if not isinstance(name, str) or not name:
            raise BadAnswer("Button.ReplaceName is missing")
        return Said(done=name)
    if pressed and kind == "update_template_card":
        fields = reply.get("TemplateCard")
        if not isinstance(fields, dict):
            raise BadAnswer("TemplateCard is missing")
        card = _card(card_from_xml(fields), "app")
        return Said(card=card, done=str(card.get("replace_text", "")))
    raise BadAnswer(f"MsgType {kind!r} is no answer to this")


def _card(card: Any, channel: cards.Channel) -> Card:
    try:
        return cards.check(card, channel)
    except cards.BadCard as e:
        raise BadAnswer(str(e)) from None


def _new_card(card: Any, world: World) -> Card:
    checked = _card(card, "aibot")
    task_id = checked.get("task_id")
    if task_id and world.has_task("aibot", task_id):
        raise BadAnswer("template_card.task_id was used before")
    return checked
