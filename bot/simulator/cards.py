"""What WeCom accepts as a template card, by channel (developer.work.weixin.qq.com 101032, 91770, 90236).

Only limits the documents state as limits are held here; the many "about 26 characters" are advice on
layout, and WeCom cuts what does not fit.
"""

from __future__ import annotations

import re
from typing import Any, Literal

Channel = Literal["app", "aibot", "webhook"]
Card = dict[str, Any]

NOTICES = ("text_notice", "news_notice")
INTERACTIVE = ("button_interaction", "vote_interaction", "multiple_interaction")
_TASK_ID = re.compile(r"[0-9A-Za-z_\-@]+")


class BadCard(ValueError):
    """A card WeCom would refuse; the text names the field, as WeCom's errmsg does."""


def is_interactive(card: Card) -> bool:
    """Whether pressing it calls back, and so whether sending it yields a response_code."""
    return card.get("card_type") in INTERACTIVE or bool(card.get("action_menu"))


def check(card: Any, channel: Channel) -> Card:
    """The card itself, having passed the rules of the channel.

    Raises:
        BadCard: naming the first field that is wrong.
    """
    if not isinstance(card, dict):
        raise BadCard("template_card is missing")
    kind = card.get("card_type")
    if kind not in NOTICES + INTERACTIVE or (channel == "webhook" and kind not in NOTICES):
        raise BadCard(f"template_card.card_type {kind!r} is not supported here")
    if channel == "webhook":
        for field in ("task_id", "action_menu", "button_list", "button_selection", "select_list", "checkbox"):
            if card.get(field):
                raise BadCard(f"template_card.{field} is not supported in a webhook message")
    _check_task_id(card, needed=is_interactive(card) and kind != "multiple_interaction")
    _check_title(card, kind)
    _at_most(card, "horizontal_content_list", 6, "keyname")
    _at_most(card, "jump_list", 3, "title")
    for jump in card.get("jump_list") or ():
        if jump.get("type") == 3 and (channel != "aibot" or _bytes(jump.get("question", "")) > 200):
            raise BadCard("template_card.jump_list.question is over 200 bytes or not for this channel")
    if kind in NOTICES and (card.get("card_action") or {}).get("type") not in (1, 2):
        raise BadCard("template_card.card_action.type must be 1 or 2")
    action = card.get("card_action") or {}
    if action.get("type") == 1 and not action.get("url"):
        raise BadCard("template_card.card_action.url is missing")
    if kind == "button_interaction":
        _check_buttons(card, channel)
    elif kind in ("vote_interaction", "multiple_interaction"):
        _check_submit(card, kind)
    return card


def _bytes(text: Any) -> int:
    return len(str(text).encode("utf-8"))


def _check_task_id(card: Card, *, needed: bool) -> None:
    task_id = card.get("task_id")
    if task_id is None or task_id == "":
        if needed:
            raise BadCard("template_card.task_id is missing")
        return
    if not isinstance(task_id, str) or not _TASK_ID.fullmatch(task_id) or _bytes(task_id) > 128:
        raise BadCard("template_card.task_id must be 1 to 128 bytes of [0-9A-Za-z_-@]")


def _check_title(card: Card, kind: str) -> None:
    title = card.get("main_title") or {}
    if not isinstance(title, dict):
        raise BadCard("template_card.main_title must be an object")
    if kind == "text_notice" and (title.get("title") or card.get("sub_title_text")):
        return
    if not title.get("title"):
        raise BadCard("template_card.main_title.title is missing")


def _at_most(card: Card, field: str, most: int, required: str) -> None:
    items = card.get(field) or []
    if not isinstance(items, list) or len(items) > most:
        raise BadCard(f"template_card.{field} must be a list of at most {most}")
    for item in items:
        if not isinstance(item, dict) or not item.get(required):
            raise BadCard(f"template_card.{field}.{required} is missing")


def _check_buttons(card: Card, channel: Channel) -> None:
    buttons = card.get("button_list")
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= 6:
        raise BadCard("template_card.button_list must hold 1 to 6 buttons")
    keys: list[str] = []
    for button in buttons:
        if not isinstance(button, dict) or not button.get("text"):
            raise BadCard("template_card.button_list.text is missing")
        if button.get("style", 1) not in (1, 2, 3, 4):
            raise BadCard("template_card.button_list.style must be 1 to 4")
        if channel == "app" and button.get("type", 0) == 1:
            if not button.get("url"):
                raise BadCard("template_card.button_list.url is missing")
            continue
        key = button.get("key")
        if not isinstance(key, str) or not 1 <= _bytes(key) <= 1024:
            raise BadCard("template_card.button_list.key must be 1 to 1024 bytes")
        keys.append(key)
    if len(set(keys)) != len(keys):
        raise BadCard("template_card.button_list.key must be unique")
    if card.get("button_selection"):
        _check_options(card["button_selection"], "button_selection", 10)


def _check_submit(card: Card, kind: str) -> None:
    submit = card.get("submit_button") or {}
    if not submit.get("text") or not 1 <= _bytes(submit.get("key", "")) <= 1024:
        raise BadCard("template_card.submit_button needs a text and a key of 1 to 1024 bytes")
    if kind == "vote_interaction":
        _check_options(card.get("checkbox"), "checkbox", 20)
        return
    selects = card.get("select_list")
    if not isinstance(selects, list) or not 1 <= len(selects) <= 3:
        raise BadCard("template_card.select_list must hold 1 to 3 lists")
    for select in selects:
        _check_options(select, "select_list", 10)


def _check_options(value: Any, field: str, most: int) -> None:
    options = value.get("option_list") if isinstance(value, dict) else None
    if not isinstance(options, list) or not 1 <= len(options) <= most or not value.get("question_key"):
        raise BadCard(f"template_card.{field} needs a question_key and 1 to {most} options")
    for option in options:
        if not option.get("text") or not 1 <= _bytes(option.get("id", "")) <= 128:
            raise BadCard(f"template_card.{field}.option_list needs a text and an id of 1 to 128 bytes")
