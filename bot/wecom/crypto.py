"""Callback encryption and signatures of both doors (developer.work.weixin.qq.com 90968, 91144, 101033).

Why not wechatpy's ``WeChatCrypto``: its scheme is right but its edges are not. It compares signatures with
``!=``, trusts the padding byte without looking, answers malformed input with ``IndexError``,
``struct.error`` or ``UnicodeDecodeError``, and can only write the XML envelope. Wrapping it would leave the
first two inside, so the thirty lines are ours, over ``cryptography``, and the tests hold them byte for byte
to the published vectors, to wechatpy in both directions, and to the npm package ``@wecom/crypto``.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
import secrets
import struct
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK = 32
"""PKCS#7 block in bytes: 32, not the AES block of 16, so pads run from 1 to 32."""

FRAME = 16 + 4
"""Bytes before the message: 16 random ones and its length as a big-endian uint32."""

FRESH_FOR = timedelta(minutes=10)
"""How far a callback's timestamp may lie from machine time, in either direction (design: "A message")."""

_AES_KEY = re.compile(r"[A-Za-z0-9+/]{43}")


class BadCallback(Exception):
    """A request that is not a sound callback of ours: the door answers ``status`` and stores nothing.

    The text names what was wrong and never holds a token, key, signature or body.
    """

    status = 400


class TooLarge(BadCallback):
    """The body is longer than any callback WeCom sends."""

    status = 413


class Stale(BadCallback):
    """The timestamp is more than ten minutes away from machine time: a replay, or a wrong clock."""

    status = 403


class CryptoError(BadCallback):
    """Base of everything :class:`Crypto` raises about a message."""


class BadSignature(CryptoError):
    """The signature is not the one of this token over these three values (library code -40001)."""

    status = 403


class Malformed(CryptoError):
    """Not ciphertext of ours: base64, length, length field or UTF-8 is wrong (-40007, -40008, -40010)."""


class BadPadding(Malformed):
    """The last byte is no pad of 1..32, or the pad bytes differ."""


class WrongReceiver(CryptoError):
    """Decrypted, but addressed to another corp or bot (-40005)."""

    status = 403


class Crypto:
    """Signs, verifies, encrypts and decrypts for one door.

    Args:
        token: the Token of the callback configuration.
        aes_key: its EncodingAESKey, 43 characters of base64 without the final ``=``.
        receive_id: the corpid for the app's callback, ``""`` for an in-house aibot.

    Raises:
        ValueError: the token is empty or the key is not 43 such characters; the text does not repeat it.
    """

    def __init__(self, token: str, aes_key: str, receive_id: str) -> None:
        if not token:
            raise ValueError("the callback token is empty")
        if not _AES_KEY.fullmatch(aes_key):
            raise ValueError(f"the EncodingAESKey must be 43 letters and digits, got {len(aes_key)}")
        self._token = token
        self._receive_id = receive_id.encode()
        # 43 characters are 258 bits: the last two are dropped, and need not be zero
        # (in the official sample key they are not).
        key = base64.b64decode(aes_key + "=")
        self._cipher = Cipher(algorithms.AES(key), modes.CBC(key[:16]))

    def sign(self, timestamp: str, nonce: str, ciphertext: str) -> str:
        """Hex SHA-1 over token, timestamp, nonce and ciphertext, sorted and joined."""
        parts = sorted(
            s.encode("utf-8", "surrogatepass") for s in (self._token, timestamp, nonce, ciphertext)
        )
        return hashlib.sha1(b"".join(parts), usedforsecurity=False).hexdigest()

    def verify(self, signature: str, timestamp: str, nonce: str, ciphertext: str) -> None:
        """Compare in constant time.

        Raises:
            BadSignature: it is another one.
        """
        ours = self.sign(timestamp, nonce, ciphertext).encode()
        if not hmac.compare_digest(ours, signature.encode("utf-8", "surrogatepass")):
            raise BadSignature("the signature does not match")

    def encrypt(self, plaintext: str, *, random16: bytes | None = None) -> str:
        """Base64 of AES-256-CBC over 16 random bytes, the length, the message and the receiver.

        Args:
            plaintext: any text; a lone surrogate, which UTF-8 cannot carry, goes out as ``?``.
            random16: the first 16 bytes; only tests against published vectors give them.
        """
        message = plaintext.encode("utf-8", "replace")
        first = secrets.token_bytes(16) if random16 is None else random16
        if len(first) != 16:
            raise ValueError("random16 must be 16 bytes")
        data = first + struct.pack(">I", len(message)) + message + self._receive_id
        pad = BLOCK - len(data) % BLOCK
        encryptor = self._cipher.encryptor()
        sealed = encryptor.update(data + bytes([pad]) * pad) + encryptor.finalize()
        return base64.b64encode(sealed).decode("ascii")

    def open_file(self, sealed: bytes) -> bytes:
        """The bytes of a file behind a callback's media URL: no base64, no frame, no receiver (100719).

        Raises:
            Malformed: it is no ciphertext of this scheme and key (``BadPadding`` where the pad says so).
        """
        if not sealed or len(sealed) % BLOCK:
            raise Malformed(f"the ciphertext is not a whole number of {BLOCK}-byte blocks")
        decryptor = self._cipher.decryptor()
        data = decryptor.update(sealed) + decryptor.finalize()
        pad = data[-1]
        if not 1 <= pad <= BLOCK or data[-pad:] != bytes([pad]) * pad:
            raise BadPadding("the padding is wrong")
        return data[:-pad]

    def decrypt(self, ciphertext: str) -> str:
        """The message inside; call :meth:`verify` first, CBC alone does not notice tampering.

        Raises:
            Malformed: it is no ciphertext of this scheme and key (``BadPadding`` where the pad says so).
            WrongReceiver: it is meant for somebody else.
        """
        try:
            sealed = base64.b64decode(ciphertext.encode("ascii"), validate=True)
        except (UnicodeEncodeError, binascii.Error):
            raise Malformed("the ciphertext is not base64") from None
        data = self.open_file(sealed)
        if len(data) < FRAME:
            raise Malformed("the plaintext is shorter than its frame")
        end = FRAME + int(struct.unpack(">I", data[16:FRAME])[0])
        if end > len(data):
            raise Malformed("the length field points past the end")
        if not hmac.compare_digest(data[end:], self._receive_id):
            raise WrongReceiver("the message is addressed to another receiver")
        try:
            return data[FRAME:end].decode("utf-8")
        except UnicodeDecodeError:
            raise Malformed("the message is not UTF-8") from None


def fresh(timestamp: str, now: datetime) -> None:
    """Refuse a callback whose timestamp is not near machine time.

    Args:
        timestamp: Unix seconds as they stand in the query.
        now: machine time, aware UTC.

    Raises:
        Malformed: it is not a number of seconds.
        Stale: it is more than ten minutes old, or ahead.
    """
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        raise Malformed("the timestamp is not a number of seconds")
    if abs(now.timestamp() - int(timestamp)) > FRESH_FOR.total_seconds():
        raise Stale("the timestamp is more than ten minutes from this machine's time")
