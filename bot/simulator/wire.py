"""Callbacks as they stand on the wire: envelopes, XML and JSON bodies, and the strict reading of answers."""

from __future__ import annotations

import json
import re
import secrets
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from bot.wecom.crypto import Crypto, CryptoError

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class BadAnswer(ValueError):
    """The desk answered 200 with something WeCom would not understand; the text says what."""


@dataclass(frozen=True)
class Sealed:
    """One callback ready to be posted: the query, and the body."""

    query: dict[str, str]
    body: bytes
    content_type: str


def _query(crypto: Crypto, ciphertext: str, timestamp: int) -> dict[str, str]:
    nonce = str(secrets.randbelow(10**10)).zfill(10)
    return {
        "msg_signature": crypto.sign(str(timestamp), nonce, ciphertext),
        "timestamp": str(timestamp),
        "nonce": nonce,
    }


def seal_json(crypto: Crypto, payload: Mapping[str, Any], timestamp: int) -> Sealed:
    """An aibot callback (101033)."""
    ciphertext = crypto.encrypt(json.dumps(payload, ensure_ascii=False))
    body = json.dumps({"encrypt": ciphertext}).encode()
    return Sealed(_query(crypto, ciphertext, timestamp), body, "application/json")


def seal_xml(crypto: Crypto, corp_id: str, agent_id: int, xml: str, timestamp: int) -> Sealed:
    """An app callback (90238)."""
    ciphertext = crypto.encrypt(xml)
    body = to_xml({"ToUserName": corp_id, "AgentID": str(agent_id), "Encrypt": ciphertext}).encode()
    return Sealed(_query(crypto, ciphertext, timestamp), body, "text/xml")


def seal_echo(crypto: Crypto, echo: str, timestamp: int) -> dict[str, str]:
    """The query of a URL verification."""
    ciphertext = crypto.encrypt(echo)
    return {**_query(crypto, ciphertext, timestamp), "echostr": ciphertext}


def open_json(crypto: Crypto, body: bytes, nonce: str) -> dict[str, Any]:
    """The plaintext of an aibot answer.

    Args:
        nonce: of the request; the answer must repeat it.

    Raises:
        BadAnswer: a field is missing or of another type, the nonce differs, the signature, the encryption or
            the receiver is wrong, or the plaintext is no JSON object.
    """
    try:
        envelope = json.loads(body)
    except ValueError:
        raise BadAnswer("the answer is no JSON") from None
    if not isinstance(envelope, dict):
        raise BadAnswer("the answer is no JSON object")
    for name in ("encrypt", "msgsignature", "nonce"):
        if not isinstance(envelope.get(name), str):
            raise BadAnswer(f"the answer's {name} is missing or no string")
    timestamp = envelope.get("timestamp")
    if not isinstance(timestamp, int) or isinstance(timestamp, bool):
        raise BadAnswer("the answer's timestamp is missing or no number")
    if envelope["nonce"] != nonce:
        raise BadAnswer("the answer's nonce is not the request's")
    plain = _opened(crypto, envelope["msgsignature"], str(timestamp), nonce, envelope["encrypt"])
    try:
        reply = json.loads(plain)
    except ValueError:
        raise BadAnswer("the decrypted answer is no JSON") from None
    if not isinstance(reply, dict):
        raise BadAnswer("the decrypted answer is no JSON object")
    return reply


def open_xml(crypto: Crypto, body: bytes) -> dict[str, Any]:
    """The plaintext of an app's passive answer, as nested dictionaries under its own tag names.

    Raises:
        BadAnswer: as in :func:`open_json`.
    """
    envelope = from_xml(body.decode("utf-8", "replace"), "the answer")
    values = {name: envelope.get(name) for name in ("Encrypt", "MsgSignature", "TimeStamp", "Nonce")}
    for name, value in values.items():
        if not isinstance(value, str) or not value:
            raise BadAnswer(f"the answer's {name} is missing")
    if not str(values["TimeStamp"]).isdigit():
        raise BadAnswer("the answer's TimeStamp is no number")
    plain = _opened(
        crypto,
        str(values["MsgSignature"]),
        str(values["TimeStamp"]),
        str(values["Nonce"]),
        str(values["Encrypt"]),
    )
    return from_xml(plain, "the decrypted answer")


def _opened(crypto: Crypto, signature: str, timestamp: str, nonce: str, ciphertext: str) -> str:
    try:
        crypto.verify(signature, timestamp, nonce, ciphertext)
        return crypto.decrypt(ciphertext)
    except CryptoError as e:
        raise BadAnswer(f"the answer does not open: {e}") from None


def to_xml(fields: Mapping[str, Any], tag: str = "xml") -> str:
    """Nested fields as WeCom writes them; text in CDATA, numbers bare, a list as repeated elements."""
    return f"<{tag}>{''.join(_element(k, v) for k, v in fields.items())}</{tag}>"


def _element(tag: str, value: Any) -> str:
    if isinstance(value, Mapping):
        return to_xml(value, tag)
    if isinstance(value, list):
        return "".join(_element(tag, v) for v in value)
    if isinstance(value, int):
        return f"<{tag}>{value}</{tag}>"
    text = _NOT_XML.sub("", str(value)).replace("]]>", "]]]]><![CDATA[>")
    return f"<{tag}><![CDATA[{text}]]></{tag}>"


def from_xml(text: str, what: str) -> dict[str, Any]:
    """Nested dictionaries; an element that repeats becomes a list.

    Raises:
        BadAnswer: it is no XML, or defines entities.
    """
    try:
        root = fromstring(text)
    except (ET.ParseError, DefusedXmlException, ValueError):
        raise BadAnswer(f"{what} is no XML") from None
    value = _read(root)
    return value if isinstance(value, dict) else {}


def _read(element: ET.Element) -> dict[str, Any] | str:
    if not len(element):
        return element.text or ""
    fields: dict[str, Any] = {}
    for child in element:
        value = _read(child)
        if child.tag in fields:
            held = fields[child.tag]
            fields[child.tag] = [*held, value] if isinstance(held, list) else [held, value]
        else:
            fields[child.tag] = value
    return fields


_LISTS = {
    "HorizontalContentList",
    "VerticalContentList",
    "JumpList",
    "ButtonList",
    "SelectList",
    "OptionList",
}
_NAMES = {"KeyName": "keyname", "CheckBox": "checkbox"}
_NUMBERS = {"type", "style", "mode", "desc_color"}


def card_from_xml(fields: Mapping[str, Any]) -> dict[str, Any]:
    """A passive update's ``TemplateCard`` under the names the JSON API uses."""
    card: dict[str, Any] = {}
    for tag, value in fields.items():
        name = _NAMES.get(tag) or re.sub(r"(?<!^)(?=[A-Z])", "_", tag).lower()
        if tag in _LISTS and not isinstance(value, list):
            value = [value]
        if isinstance(value, list):
            card[name] = [card_from_xml(v) if isinstance(v, dict) else v for v in value]
        elif isinstance(value, dict):
            card[name] = card_from_xml(value)
        elif name in _NUMBERS and str(value).isdigit():
            card[name] = int(value)
        elif name.startswith("is_") or name == "disable":
            card[name] = value == "true"
        else:
            card[name] = value
    return card
