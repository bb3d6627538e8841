"""What a message is, on this side of the door: Incoming in, Reply out, neither knows WeCom.

The doors of ``bot/wecom`` translate both ways; every intent is a function from one to the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Door = Literal["app", "aibot"]
Kind = Literal["text", "picture", "voice", "file", "video", "location", "press", "enter", "other"]


@dataclass(frozen=True)
class Press:
    """A button pressed on a card.

    Attributes:
        key: what the button stands for, as we wrote it (``accept:1001``).
        task_id: the card's id, needed to update it.
        response_code: the app door's single-use right to update the card for everyone, else None.
    """

    key: str
    task_id: str
    response_code: str | None = None


@dataclass(frozen=True)
class Media:
    """A picture or file of a message, still on WeCom's side.

    Attributes:
        ref: what names it there, a MediaId or a URL: a bearer right, never logged.
        name: its file name, where the message has it.
    """

    sort: Literal["picture", "file"]
    ref: str = field(repr=False)
    name: str = ""


@dataclass(frozen=True)
class Incoming:
    """One message or event, as the intents see it.

    Attributes:
        door: which of our two doors it came through.
        key: what makes it this message and no other, for telling repeats (design: "A message").
        sender: userid of who wrote or pressed.
        chat: the group's chatid, None in a 1:1.
        kind: what was sent. ``picture`` with words has them in ``text``.
        text: the words, the leading mention of the bot removed, surrounding space stripped.
        secret: a webhook key the door took out of the words; kept nowhere but where it belongs.
        masked: something of the words was masked by the door before anything read them.
        quote: text of the message quoted, None where nothing was.
        press: the button, for ``kind == "press"``.
        reply_url: the single-use reply URL of the aibot door; a bearer right, never logged.
        sent_at: the sender's stamp (aware UTC) where the door has one: evidence, never the judge.
        media: its pictures and files, those of the message it quotes after its own.
        state: what this person's last Reply in this place asked to be remembered; empty when nothing, or
            when it is too old to be meant.
    """

    door: Door
    key: str
    sender: str
    kind: Kind
    text: str = ""
    secret: str | None = field(default=None, repr=False)
    masked: bool = False
    chat: str | None = None
    quote: str | None = None
    press: Press | None = None
    reply_url: str | None = field(default=None, repr=False)
    sent_at: datetime | None = None
    media: tuple[Media, ...] = ()
    state: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Button:
    """One button of a card. ``style`` is WeCom's 1 primary, 2 plain primary, 3 plain, 4 warning."""

    text: str
    key: str
    style: int = 1


@dataclass(frozen=True)
class Card:
    """A card in our own terms; ``bot/wecom/cards.py`` makes it fit WeCom's limits.

    Attributes:
        task_id: ours, unique, ``[0-9A-Za-z_@-]`` up to 128 bytes.
        title: one line. ``desc`` one more. ``facts`` label and value, at most six. ``body`` the text.
        buttons: at most six; none makes it a notice card.
        done: after a press, what replaces the buttons ("老李 已接单"); empty while they may be pressed.
        url: where a press on the card itself leads, if anywhere.
        call: who can be called about the order whose page ``url`` is; empty for nobody.
    """

    task_id: str
    title: str
    desc: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    body: str = ""
    buttons: tuple[Button, ...] = ()
    done: str = ""
    url: str | None = None
    call: str = ""


@dataclass(frozen=True)
class Reply:
    """What the door says back.

    Attributes:
        text: markdown (the aibot door) or plain text (the app door); empty for silence.
        card: sent with the text (aibot) or by a letter afterwards (app: a passive reply has no cards).
        update: replaces the card whose button was pressed.
        state: what to remember until this person's next message in this place (JSON values); what an
            earlier reply remembered is forgotten.
    """

    text: str = ""
    card: Card | None = None
    update: Card | None = None
    state: Mapping[str, Any] = field(default_factory=dict)
