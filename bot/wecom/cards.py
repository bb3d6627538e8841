"""Our cards as WeCom's template cards: for the aibot (101032), for app messages and updates (90236, 94888).

A card with buttons is a ``button_interaction``, one without a ``text_notice``. Once it is done, the app's
card keeps its buttons greyed under ``replace_text``; the aibot's has no such field, so there the card
becomes a notice that ends with the outcome. Fields of a card are shown as they are: no markup, no mentions.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from bot.wecom.limits import short
from handlers.message import Card, Press
from workorders.markup import clean, whole

MOST_FACTS = MOST_BUTTONS = 6
SUB_TITLE, KEYNAME, VALUE, BUTTON_TEXT = 112, 5, 26, 10
BUTTON_KEY_BYTES = 1024

_TASK_ID = re.compile(r"[0-9A-Za-z_@-]{1,128}")


@dataclass(frozen=True)
class _Widths:
    """Characters of the two title lines, which differ between the channels."""

    title: int
    desc: int


_AIBOT, _APP = _Widths(26, 30), _Widths(36, 44)


def aibot_card(card: Card, home: str) -> dict[str, Any]:
    """The card for the aibot, as a reply or (with the same task id) as an update.

    Args:
        card: ours; what is too long is cut with ``…``, a seventh fact is left out.
        home: where a notice without a link of its own leads: WeCom demands that it lead somewhere.

    Raises:
        ValueError: the task id, the number of buttons or a button's key is not one WeCom takes.
    """
    _check(card)
    body = _common(card, _AIBOT)
    if card.buttons and not card.done:
        return body | {"card_type": "button_interaction", "button_list": _buttons(card)}
    return body | _notice(card, home)


def app_card(card: Card, home: str) -> dict[str, Any]:
    """The card for an app message, for ``Client.update_card``, and for the passive update.

    Args:
        card: ours; what is too long is cut with ``…``, a seventh fact is left out.
        home: where a notice without a link of its own leads.

    Raises:
        ValueError: the task id, the number of buttons or a button's key is not one WeCom takes.
    """
    _check(card)
    body = _common(card, _APP)
    if not card.buttons:
        return body | _notice(card, home)
    body |= {"card_type": "button_interaction", "button_list": [b | {"type": 0} for b in _buttons(card)]}
    if card.done:
        body["replace_text"] = short(card.done, VALUE)
    return body


def as_pressed(update: Card, press: Press | None) -> Card:
    """The update under the task id of the press, by which WeCom knows the card."""
    return replace(update, task_id=press.task_id) if press and press.task_id else update


def _check(card: Card) -> None:
    if not _TASK_ID.fullmatch(card.task_id):
        raise ValueError(f"task_id {card.task_id!r} is not 1 to 128 of 0-9 A-Z a-z _ @ -")
    if len(card.buttons) > MOST_BUTTONS:
        raise ValueError(f"a card has at most {MOST_BUTTONS} buttons, not {len(card.buttons)}")
    keys = [button.key for button in card.buttons]
    if len(set(keys)) < len(keys) or not all(1 <= len(key.encode()) <= BUTTON_KEY_BYTES for key in keys):
        raise ValueError("the buttons' keys must differ and be 1 to 1024 bytes long")


def _common(card: Card, widths: _Widths) -> dict[str, Any]:
    title = {"title": short(card.title, widths.title)}
    if card.desc:
        title["desc"] = short(card.desc, widths.desc)
    body: dict[str, Any] = {"main_title": title, "task_id": card.task_id}
    if card.body:
        body["sub_title_text"] = _cut(card.body, SUB_TITLE)
    facts: list[dict[str, Any]] = [
        {"keyname": short(name, KEYNAME), "value": short(value, VALUE)} for name, value in card.facts if value
    ]
    if card.call and card.url:
        # Where the number stands in full is known, and who looked at it.
        named = {"keyname": "电话", "value": short(f"联系{card.call}", VALUE)}
        facts.insert(0, {"type": 1, **named, "url": f"{card.url}#phones"})
    if facts:
        body["horizontal_content_list"] = facts[:MOST_FACTS]
    if card.url:
        body["card_action"] = {"type": 1, "url": card.url}
    return body


def _notice(card: Card, home: str) -> dict[str, Any]:
    notice: dict[str, Any] = {
        "card_type": "text_notice",
        "card_action": {"type": 1, "url": card.url or home},
    }
    if card.done:
        # The outcome comes last and whole: it is the body that gives way.
        done = _cut(card.done, SUB_TITLE)
        room = SUB_TITLE - len(done) - 1
        notice["sub_title_text"] = f"{_cut(card.body, room)}\n{done}" if card.body and room > 0 else done
    return notice


def _buttons(card: Card) -> list[dict[str, Any]]:
    return [{"text": short(b.text, BUTTON_TEXT), "style": b.style, "key": b.key} for b in card.buttons]


def _cut(text: str, most: int) -> str:
    """Several lines, cut to ``most`` characters."""
    text = clean(text).strip()
    return text if len(text) <= most else text[: whole(text, most - 1)].rstrip() + "…"


def cdata(text: str) -> str:
    """The text as a CDATA section, whatever it holds."""
    return "<![CDATA[" + clean(text).replace("]]>", "]]]]><![CDATA[>") + "]]>"


_XML_NAMES = {"keyname": "KeyName"}


def xml_of(name: str, value: Any) -> str:
    """A template card's JSON as the XML of a passive update (90241): names in CamelCase, lists repeated."""
    if isinstance(value, list):
        return "".join(xml_of(name, item) for item in value)
    tag = _XML_NAMES.get(name) or "".join(part.capitalize() for part in name.split("_"))
    if isinstance(value, dict):
        inner = "".join(xml_of(key, item) for key, item in value.items())
    else:
        inner = str(value) if isinstance(value, int) else cdata(str(value))
    return f"<{tag}>{inner}</{tag}>"
