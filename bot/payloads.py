"""A letter, or several for one recipient, as the message its channel carries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from bot.mail.message import mail
from bot.wecom import webhook
from bot.wecom.cards import app_card
from bot.wecom.client import card_message, text_message
from handlers.masking import mask_all
from handlers.message import Button, Card
from handlers.phrases import letters as phrases
from handlers.phrases.letters import Message
from workorders.letters import Letter
from workorders.sql.letters import Waiting

MARK = "（可能重复）"


def as_message(together: Sequence[Waiting], home: str, mail_domain: str, at: datetime) -> dict[str, Any]:
    """What goes out; a notice's letters have their own (:class:`bot.notices.Posts`).

    Args:
        together: the letters, one at least, all of one lane.
        home: the desk's own address, with ``/`` at its end.
        mail_domain: the right side of our Message-IDs. ``at``: when the message is made (aware UTC).
    """
    first = together[0].letter
    shared = first.channel == "group"
    messages = [_render(w.letter, shared) for w in together]
    message = messages[0] if len(messages) == 1 else phrases.bundle(messages, first.recipient)
    if first.channel == "mail":
        own = f"<letter-{together[0].id}@{mail_domain}>"
        subject = message.text.split("\n", 1)[0]
        return mail(first.recipient, subject, message.text, message_id=own, at=at)
    if shared:
        more = f"\n[{phrases.MORE}]({home}{message.page})" if message.page else ""
        return webhook.markdown(message.text + more, message.mention)
    if message.card:
        # A task id is unique per app, and one phrase says the same card to many.
        card = replace(message.card, task_id=f"letter-{together[0].id}-{together[0].attempts + 1}")
        if isinstance(message.number, int) and not card.url:
            card = replace(card, url=f"{home}console/orders/{message.number}")
        if first.kind == "card_done":
            return {"updates": first.facts["delivery"], "template_card": app_card(card, home)}
        return card_message([first.recipient], app_card(card, home))
    return text_message([first.recipient], message.text)


def card_letter(card: Card, recipient: str, subject: str) -> Letter:
    """A card that follows a passive reply, which on the app's door can hold none."""
    return Letter(subject, 1, "card", recipient, "app", "card", asdict(card), urgent=True)


def as_reply(payload: Mapping[str, Any], *, single: bool) -> dict[str, Any] | None:
    """The same message for a reply URL (101138), where it can be: cards go out in a 1:1 only."""
    kind = payload.get("msgtype")
    if kind in ("text", "markdown"):
        return webhook.reply_markdown(payload[kind]["content"])
    if kind == "template_card" and single:
        return {"msgtype": kind, kind: payload[kind]}
    return None


def marked(payload: Mapping[str, Any]) -> dict[str, Any]:
    """The same message with the mark that it may be a repeat."""
    again = dict(payload)
    kind = again.get("msgtype")
    if kind in ("text", "markdown"):
        again[kind] = {**again[kind], "content": MARK + again[kind]["content"]}
    elif kind == "template_card":
        card = dict(again["template_card"])
        card["main_title"] = {**card["main_title"], "title": MARK + card["main_title"].get("title", "")}
        again["template_card"] = card
    return again


def _render(letter: Letter, shared: bool) -> Message:
    """The letter in words; what nobody may keep does not go out either, whoever put it into the facts."""
    if letter.kind == "card":
        facts = dict(letter.facts)
        buttons = tuple(Button(**b) for b in facts.pop("buttons"))
        pairs = tuple((label, mask_all(value)) for label, value in facts.pop("facts"))
        words = {name: mask_all(facts[name]) for name in ("title", "desc", "body", "done")}
        return Message(text="", card=Card(**{**facts, **words}, buttons=buttons, facts=pairs))
    return phrases.render(letter.kind, mask_all(letter.facts), shared=shared)
