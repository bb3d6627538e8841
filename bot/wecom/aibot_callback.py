"""The aibot's door: JSON callbacks in, encrypted JSON replies out (100719, 101027, 101031, 101033)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from bot.wecom.callback import check_size, checked, key_of, moment, unseal, verify_url
from bot.wecom.cards import aibot_card, as_pressed
from bot.wecom.crypto import BadCallback, Crypto
from bot.wecom.limits import AIBOT_TEXT, WELCOME_TEXT, fit
from handlers.message import Incoming, Kind, Media, Press, Reply
from workorders.markup import clean

__all__ = ["StreamPoll", "envelope", "finished_stream", "read", "reply_plaintext", "verify_url"]

# Any white space of Unicode (clients put U+2005 behind a mention), and the zero-width ones strip() keeps.
_ZERO_WIDTH = "\u200b\u200d\u2060\ufeff"
_SPACE = rf"\s{_ZERO_WIDTH}"

_KINDS: dict[str, Kind] = {
    "text": "text",
    "image": "picture",
    "voice": "voice",
    "file": "file",
    "video": "video",
}

_SORTS: dict[str, Literal["picture", "file"]] = {"image": "picture", "file": "file"}
#: Pictures and files of one message that are taken in.
MOST_MEDIA = 9


@dataclass(frozen=True)
class StreamPoll:
    """WeCom asks again for a stream it has not seen finished; answer with :func:`finished_stream`.

    Every poll has its own msgid, so a poll is known by its stream alone.
    """

    stream_id: str


def read(
    query: Mapping[str, str], body: bytes, crypto: Crypto, now: datetime, bot_name: str
) -> Incoming | StreamPoll:
    """One POST of the aibot's callback, verified, decrypted and put into our words.

    Unknown messages and events, and feedback, come as ``other``. Words of a quoted message are in
    ``quote``; its pictures and files stand in ``media`` behind the message's own.

    Args:
        query: the URL-decoded query.
        body: the raw body, whatever its Content-Type says.
        crypto: made with the receive id ``""``.
        now: machine time, aware UTC.
        bot_name: as people write it after ``@``; its mentions are taken out of the text.

    Raises:
        BadCallback: or a subclass; the door answers its ``status`` and stores nothing.
    """
    check_size(body)
    sealed = _text(_parse(body), "encrypt")
    if not sealed:
        raise BadCallback("the body has no encrypt field")
    data = _parse(unseal(query, sealed, crypto, now))
    kind = _text(data, "msgtype").lower()
    if kind == "stream":
        if not (stream_id := _text(data, "stream", "id")):
            raise BadCallback("the poll has no stream id")
        return StreamPoll(stream_id)
    if kind == "event":
        return checked(_event(data))
    return checked(_message(data, kind, bot_name))


def _message(data: dict[str, Any], kind: str, bot_name: str) -> Incoming:
    msgid, sender = _text(data, "msgid"), _text(data, "from", "userid")
    if not (msgid and sender):
        raise BadCallback("the message has no msgid or no from.userid")
    words, media = _content(data, kind)
    quoted: str = ""
    quoted_media: tuple[Media, ...] = ()
    if isinstance(quote := data.get("quote"), dict):
        quoted, quoted_media = _content(quote, _text(quote, "msgtype").lower())
    return Incoming(
        door="aibot",
        key=key_of(msgid),
        sender=sender,
        chat=_chat(data),
        kind=("picture" if media else "text") if kind == "mixed" else _KINDS.get(kind, "other"),
        text=_without_mention(words, bot_name),
        quote=_without_mention(quoted, bot_name) or None,
        reply_url=_text(data, "response_url") or None,
        sent_at=moment(_text(data, "create_time")),
        media=(media + quoted_media)[:MOST_MEDIA],
    )


def _content(data: dict[str, Any], kind: str) -> tuple[str, tuple[Media, ...]]:
    """The words and the pictures and files of a message or a quote; they have the same shape."""
    if kind != "mixed":
        sort, url = _SORTS.get(kind), _text(data, kind, "url")
        return _text(data, kind, "content"), (Media(sort, url),) if sort and url else ()
    mixed = data.get("mixed")
    items = mixed.get("msg_item") if isinstance(mixed, dict) else None
    parts = [_content(i, _text(i, "msgtype").lower()) for i in items or () if isinstance(i, dict)]
    return "\n".join(words for words, _ in parts if words), tuple(m for _, media in parts for m in media)


def _event(data: dict[str, Any]) -> Incoming:
    event, sender = _text(data, "event", "eventtype").lower(), _text(data, "from", "userid")
    created = _text(data, "create_time")
    event_key, task_id = (_text(data, "event", event, name) for name in ("event_key", "task_id"))
    kind: Kind = "other"
    press = None
    if event == "template_card_event":
        kind, press = "press", Press(event_key, task_id)
    elif event == "enter_chat":
        kind = "enter"
    if kind != "other" and not sender:
        raise BadCallback("the event has no from.userid")
    return Incoming(
        door="aibot",
        key=key_of(_text(data, "msgid") or key_of(sender, created, event, event_key, task_id)),
        sender=sender,
        chat=_chat(data),
        kind=kind,
        press=press,
        reply_url=_text(data, "response_url") or None,
        sent_at=moment(created),
    )


def _chat(data: dict[str, Any]) -> str | None:
    return None if _text(data, "chattype") == "single" else _text(data, "chatid") or None


def _without_mention(text: str, bot_name: str) -> str:
    """Take the bot's mentions out: a leading one always, one further on where the name ends there.

    The name is the configured one, since names may hold spaces; nothing in the message says where a
    mention ends.
    """
    space = f"[{_SPACE}]"
    name = "[@＠]" + f"{space}+".join(map(re.escape, bot_name.split()))
    leading = f"^(?:{space}*{name})+"
    # Starting at the first space of a run only, a message of spaces takes no longer than any other.
    elsewhere = rf"(?<!{space}){space}*(?<![A-Za-z0-9]){name}(?:({space})+|(?=\W)|$)"
    text = re.sub(leading, "", text, flags=re.IGNORECASE)
    text = re.sub(elsewhere, lambda m: " " if m[1] else "", text, flags=re.IGNORECASE)
    return text.strip().strip(_ZERO_WIDTH).strip()


def _parse(data: str | bytes) -> dict[str, Any]:
    try:
        parsed = json.loads(data)
    except (ValueError, RecursionError):
        raise BadCallback("the body is not JSON") from None
    if not isinstance(parsed, dict):
        raise BadCallback("the body is not a JSON object")
    return parsed


def _text(data: Any, *path: str) -> str:
    """The text or number at the path, stripped; empty where it is missing or something else."""
    for name in path:
        data = data.get(name) if isinstance(data, dict) else None
    if isinstance(data, int) and not isinstance(data, bool):
        return str(data) if abs(data) < 1 << 64 else ""
    return clean(data).strip() if isinstance(data, str) else ""


def finished_stream(stream_id: str, text: str) -> dict[str, Any]:
    """The whole reply in one go; plain text is not a reply WeCom accepts to a user's message (101031)."""
    stream = {"id": stream_id, "finish": True, "content": fit(text, AIBOT_TEXT)}
    return {"msgtype": "stream", "stream": stream}


def reply_plaintext(reply: Reply, incoming: Incoming, stream_id: str, home: str) -> dict[str, Any] | None:
    """The finished reply before encryption, None for silence (the door answers an empty 200).

    What may be said depends on what came in (101027, 101031): to a message a finished stream, a card, or
    both; on entering a card or else a text; to a press only the update of the card, for everybody who has
    it, so a text beside or instead of it is the door's to say otherwise; to anything else nothing.

    Args:
        stream_id: ours, unique to this reply.
        home: the page a card without a link of its own leads to.

    Raises:
        ValueError: a card is not one WeCom takes.
    """
    if incoming.kind == "press":
        if reply.update is None:
            return None
        update = as_pressed(reply.update, incoming.press)
        return {"response_type": "update_template_card", "template_card": aibot_card(update, home)}
    if incoming.kind == "other":
        return None
    if reply.card and incoming.kind == "enter":
        return {"msgtype": "template_card", "template_card": aibot_card(reply.card, home)}
    if reply.text and incoming.kind == "enter":
        return {"msgtype": "text", "text": {"content": fit(reply.text, WELCOME_TEXT)}}
    if reply.card and reply.text:
        both = finished_stream(stream_id, reply.text) | {"template_card": aibot_card(reply.card, home)}
        return both | {"msgtype": "stream_with_template_card"}
    if reply.card:
        return {"msgtype": "template_card", "template_card": aibot_card(reply.card, home)}
    return finished_stream(stream_id, reply.text) if reply.text else None


def envelope(plaintext: str, crypto: Crypto, nonce: str, now: datetime) -> bytes:
    """The encrypted answer around a finished plaintext (101033).

    Args:
        nonce: the request's own; the page demands the same one back.
        now: machine time.
    """
    sealed, timestamp = crypto.encrypt(plaintext), int(now.timestamp())
    answer = {
        "encrypt": sealed,
        "msgsignature": crypto.sign(str(timestamp), nonce, sealed),
        "timestamp": timestamp,
        "nonce": nonce,
    }
    return json.dumps(answer, ensure_ascii=True).encode()
