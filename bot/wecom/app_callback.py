"""The self-built app's door: XML callbacks in, passive XML replies out (90238 to 90241).

wechatpy's ``parse_message`` is not used here: it turns every template card event into an
``UnknownMessage`` and knows no file message, so the fields would be read from the raw dict anyway.
Entities and DTDs are refused by defusedxml.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from xml.etree.ElementTree import Element, ParseError

from defusedxml.ElementTree import fromstring

from bot.wecom.callback import check_size, checked, key_of, moment, unseal, verify_url
from bot.wecom.cards import app_card, as_pressed, cdata, xml_of
from bot.wecom.crypto import BadCallback, Crypto
from bot.wecom.limits import APP_TEXT, fit
from handlers.message import Incoming, Kind, Media, Press, Reply
from workorders.markup import clean

__all__ = ["envelope", "read", "reply_plaintext", "verify_url"]

_KINDS: dict[str, Kind] = {
    "text": "text",
    "image": "picture",
    "voice": "voice",
    "video": "video",
    "shortvideo": "video",
    "file": "file",
    "location": "location",
}

_WORDS = {"text": "Content", "voice": "Recognition", "location": "Label"}
"""The element that holds a message's words; WeCom sends ``Recognition`` where speech-to-text is on."""

_PRESSES = {"template_card_event", "template_card_menu_event"}


def read(query: Mapping[str, str], body: bytes, crypto: Crypto, now: datetime) -> Incoming:
    """One POST of the app's callback, verified, decrypted and put into our words.

    ToUserName and AgentID of the outer XML are not looked at: the signature does not cover them, and
    the receiver inside the ciphertext does the job. Unknown messages and events come as ``other``.

    Args:
        query: the URL-decoded query.
        body: the raw body, whatever its Content-Type says.
        now: machine time, aware UTC.

    Raises:
        BadCallback: or a subclass; the door answers its ``status`` and stores nothing.
    """
    check_size(body)
    sealed = _text(_parse(body), "Encrypt")
    if not sealed:
        raise BadCallback("the body has no Encrypt element")
    root = _parse(unseal(query, sealed, crypto, now).encode())
    if _text(root, "MsgType").lower() == "event":
        return checked(_event(root))
    return checked(_message(root))


def _message(root: Element) -> Incoming:
    kind = _text(root, "MsgType").lower()
    msgid, sender = _text(root, "MsgId"), _text(root, "FromUserName")
    if not (msgid and sender):
        raise BadCallback("the message has no MsgId or no FromUserName")
    return Incoming(
        door="app",
        key=key_of(msgid),
        sender=sender,
        kind=_KINDS.get(kind, "other"),
        text=_text(root, _WORDS[kind]) if kind in _WORDS else "",
        sent_at=moment(_text(root, "CreateTime")),
        media=_media(root, kind),
    )


def _media(root: Element, kind: str) -> tuple[Media, ...]:
    """The picture or file; a voice message has a MediaId too, and is read by its words."""
    media_id = _text(root, "MediaId")
    if not media_id or kind not in ("image", "file"):
        return ()
    return (Media("picture" if kind == "image" else "file", media_id, _text(root, "FileName")),)


def _event(root: Element) -> Incoming:
    event, sender = _text(root, "Event").lower(), _text(root, "FromUserName")
    created, event_key, task_id = (_text(root, name) for name in ("CreateTime", "EventKey", "TaskId"))
    press = None
    kind: Kind = "enter" if event == "enter_agent" else "other"
    if event in _PRESSES:
        kind = "press"
        press = Press(event_key, task_id, _text(root, "ResponseCode") or None)
    if kind != "other" and not sender:
        raise BadCallback("the event has no FromUserName")
    return Incoming(
        door="app",
        key=key_of(sender, created, event, event_key, task_id),
        sender=sender,
        kind=kind,
        press=press,
        sent_at=moment(created),
    )


def _parse(data: bytes) -> Element:
    try:
        root: Element = fromstring(data, forbid_dtd=True)
    except (ParseError, ValueError, LookupError):
        # ValueError is also the base of defusedxml's refusals; LookupError an encoding nobody knows.
        raise BadCallback("the body is not XML, or holds a DTD or an entity") from None
    return root


def _text(root: Element, name: str) -> str:
    return clean(root.findtext(name) or "").strip()


def reply_plaintext(reply: Reply, incoming: Incoming, corp_id: str, home: str, now: datetime) -> str | None:
    """The finished passive reply as XML, None for silence (the door answers an empty 200).

    One passive reply says one thing: to a press the update of the card wins, and changes it for the
    presser only (90241); otherwise the text, cut to 2048 bytes. ``reply.card`` cannot be said here and
    is the door's to send as a letter, as is the text beside an update.

    Args:
        corp_id: ours, as the sender of the reply.
        home: the page a card without a link of its own leads to.
        now: machine time, for CreateTime.
    """
    if reply.update and incoming.kind == "press":
        card = app_card(as_pressed(reply.update, incoming.press), home)
        kind, content = "update_template_card", xml_of("template_card", card)
    elif reply.text:
        kind, content = "text", f"<Content>{cdata(fit(reply.text, APP_TEXT))}</Content>"
    else:
        return None
    return (
        f"<xml><ToUserName>{cdata(incoming.sender)}</ToUserName>"
        f"<FromUserName>{cdata(corp_id)}</FromUserName>"
        f"<CreateTime>{int(now.timestamp())}</CreateTime>"
        f"<MsgType>{cdata(kind)}</MsgType>{content}</xml>"
    )


def envelope(plaintext: str, crypto: Crypto, nonce: str, now: datetime) -> bytes:
    """The encrypted answer around a finished plaintext, signed for this moment (90238)."""
    sealed, timestamp = crypto.encrypt(plaintext), str(int(now.timestamp()))
    return (
        f"<xml><Encrypt>{cdata(sealed)}</Encrypt>"
        f"<MsgSignature>{cdata(crypto.sign(timestamp, nonce, sealed))}</MsgSignature>"
        f"<TimeStamp>{timestamp}</TimeStamp><Nonce>{cdata(nonce)}</Nonce></xml>"
    ).encode()
