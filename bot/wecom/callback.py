"""What the two doors share: the query, the envelope's seal, keys and moments."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime

from bot.wecom.crypto import BadCallback, Crypto, TooLarge, fresh
from handlers.message import Incoming

MAX_BODY = 256 * 1024
"""Bytes of the largest callback body read; a message is a few KB, media comes by reference."""

_LONGEST_KEY = _LONGEST_ID = 128


def unseal(query: Mapping[str, str], ciphertext: str, crypto: Crypto, now: datetime) -> str:
    """The plaintext of a request whose signature and timestamp are good.

    Args:
        query: ``msg_signature``, ``timestamp`` and ``nonce``, already URL-decoded.
        now: machine time, aware UTC.

    Raises:
        BadCallback: or a subclass, for everything that fails a check.
    """
    given = {}
    for name in ("msg_signature", "timestamp", "nonce"):
        given[name] = query.get(name) or ""
        if not given[name]:
            raise BadCallback(f"the query has no {name}")
    crypto.verify(given["msg_signature"], given["timestamp"], given["nonce"], ciphertext)
    fresh(given["timestamp"], now)
    return crypto.decrypt(ciphertext)


def verify_url(query: Mapping[str, str], crypto: Crypto, now: datetime) -> str:
    """What to answer, bare, when the callback URL is saved in the admin page (101033, 90238).

    Raises:
        BadCallback: or a subclass, for everything that fails a check.
    """
    # Base64 holds no space: one is a plus that somebody between us decoded once too often.
    echostr = (query.get("echostr") or "").replace(" ", "+")
    if not echostr:
        raise BadCallback("the query has no echostr")
    return unseal(query, echostr, crypto, now)


def checked(incoming: Incoming) -> Incoming:
    """Refuse ids longer than any of WeCom's, which no table has room for.

    Raises:
        BadCallback: they are.
    """
    if any(len(name or "") > _LONGEST_ID for name in (incoming.sender, incoming.chat)):
        raise BadCallback(f"a userid or chatid is longer than {_LONGEST_ID} characters")
    return incoming


def check_size(body: bytes) -> None:
    """Refuse a body larger than any callback.

    Raises:
        TooLarge: it is.
    """
    if len(body) > MAX_BODY:
        raise TooLarge(f"the body is larger than {MAX_BODY} bytes")


def key_of(*parts: str) -> str:
    """One key out of what makes a message this one and no other (design: "A message").

    Button keys may be a kilobyte, so a long key is replaced by its SHA-256.
    """
    joined = "|".join(parts)
    return joined if len(joined.encode()) <= _LONGEST_KEY else hashlib.sha256(joined.encode()).hexdigest()


def moment(seconds: str) -> datetime | None:
    """The sender's stamp as aware UTC, None where it is missing or nonsense: it is evidence only."""
    if not (seconds.isascii() and seconds.isdigit() and len(seconds) <= 11):
        return None
    return datetime.fromtimestamp(int(seconds), UTC)
