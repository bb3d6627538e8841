"""Callback crypto: the published vectors, wechatpy both ways, and everything that is not sound refused."""

from __future__ import annotations

import base64
import contextlib
import json
import struct
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given
from hypothesis import strategies as st
from wechatpy.enterprise.crypto import PrpCrypto, WeChatCrypto

from bot.wecom.crypto import (
    BadPadding,
    BadSignature,
    Crypto,
    CryptoError,
    Malformed,
    Stale,
    WrongReceiver,
    fresh,
)

VECTORS = json.loads((Path(__file__).parents[2] / "vectors" / "wecom_crypto.json").read_text("utf-8"))
TOKEN, KEY, CORP = VECTORS[0]["token"], VECTORS[0]["aes_key"], VECTORS[0]["receive_id"]
RAW_KEY = base64.b64decode(KEY + "=")
NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
# Whatever the network can carry: every character but lone surrogates.
words = st.text(st.characters(exclude_categories=["Cs"]))


def crypto_of(vector: dict[str, Any]) -> Crypto:
    return Crypto(vector["token"], vector["aes_key"], vector["receive_id"])


def sealed(plain: bytes) -> str:
    """Any bytes under the sample key, padded or not as they come."""
    encryptor = Cipher(algorithms.AES(RAW_KEY), modes.CBC(RAW_KEY[:16])).encryptor()
    return base64.b64encode(encryptor.update(plain) + encryptor.finalize()).decode()


def frame(message: bytes, receiver: bytes = CORP.encode(), length: int | None = None) -> bytes:
    size = len(message) if length is None else length
    return b"r" * 16 + struct.pack(">I", size) + message + receiver


def padded(data: bytes) -> bytes:
    pad = 32 - len(data) % 32
    return data + bytes([pad]) * pad


@pytest.mark.parametrize("vector", VECTORS, ids=lambda v: v["name"])
def test_published_vectors_come_out_byte_for_byte(vector: dict[str, Any]) -> None:
    crypto = crypto_of(vector)

    assert crypto.decrypt(vector["ciphertext"]) == vector["plaintext"]
    sealed_again = crypto.encrypt(vector["plaintext"], random16=vector["random"].encode())
    assert sealed_again == vector["ciphertext"]
    if "signature" in vector:
        crypto.verify(vector["signature"], vector["timestamp"], vector["nonce"], vector["ciphertext"])


@pytest.mark.parametrize("vector", VECTORS, ids=lambda v: v["name"])
def test_wechatpy_seals_the_vectors_in_the_same_bytes(
    vector: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PrpCrypto, "get_random_string", lambda _: vector["random"])
    theirs = PrpCrypto(base64.b64decode(vector["aes_key"] + "="))

    assert theirs.encrypt(vector["plaintext"], vector["receive_id"]).decode() == vector["ciphertext"]


@given(message=words, receiver=st.sampled_from(["", CORP]))
def test_what_we_seal_wechatpy_opens(message: str, receiver: str) -> None:
    ours = Crypto(TOKEN, KEY, receiver)
    ciphertext = ours.encrypt(message)
    signature = ours.sign("1", "n", ciphertext)

    theirs = WeChatCrypto(TOKEN, KEY, receiver)
    assert theirs.decrypt_message({"Encrypt": ciphertext}, signature, "1", "n") == message


@given(message=words, receiver=st.sampled_from(["", CORP]))
def test_what_wechatpy_seals_we_open(message: str, receiver: str) -> None:
    theirs = PrpCrypto(RAW_KEY).encrypt(message, receiver).decode()

    assert Crypto(TOKEN, KEY, receiver).decrypt(theirs) == message


@given(
    at=st.integers(min_value=0),
    byte=st.integers(0, 255),
    where=st.sampled_from(["signature", "timestamp", "nonce", "ciphertext"]),
)
def test_any_changed_character_breaks_the_signature(at: int, byte: int, where: str) -> None:
    vector = VECTORS[1]
    parts = {name: vector[name] for name in ("signature", "timestamp", "nonce", "ciphertext")}
    at %= len(parts[where])
    if parts[where][at] == chr(byte):
        byte ^= 1
    parts[where] = parts[where][:at] + chr(byte) + parts[where][at + 1 :]

    with pytest.raises(BadSignature):
        crypto_of(vector).verify(*parts.values())


@given(at=st.integers(min_value=0), byte=st.integers(0, 0x10FFFF))
def test_a_changed_ciphertext_decrypts_to_words_or_to_a_crypto_error_and_nothing_else(
    at: int, byte: int
) -> None:
    text = VECTORS[1]["ciphertext"]
    at %= len(text)

    try:
        opened = crypto_of(VECTORS[1]).decrypt(text[:at] + chr(byte) + text[at + 1 :])
    except CryptoError:
        return
    assert isinstance(opened, str)


@given(st.binary(max_size=200))
def test_any_bytes_under_the_right_key_are_words_or_a_crypto_error(data: bytes) -> None:
    data += bytes(-len(data) % 16)
    with contextlib.suppress(CryptoError):
        assert isinstance(Crypto(TOKEN, KEY, CORP).decrypt(sealed(data)), str)


@given(st.text(st.characters()))
def test_any_text_for_a_ciphertext_is_a_crypto_error(text: str) -> None:
    with pytest.raises(CryptoError):
        Crypto(TOKEN, KEY, CORP).decrypt(text)


MALFORMED: dict[str, tuple[Any, ...]] = {
    "empty": ("", Malformed),
    "not ascii": ("密文", Malformed),
    "not base64": ("abc$", Malformed),
    "a space in it": ("QUJD RA==", Malformed),
    "half a block": (base64.b64encode(b"x" * 16).decode(), Malformed),
    "a pad of nothing": (sealed(frame(b"", b"").ljust(64, b"\0")), BadPadding),
    "a pad beyond the block": (sealed(frame(b"", b"").ljust(64, b"\x21")), BadPadding),
    "a pad that differs": (
        sealed(padded(frame(b"hi"))[:-2] + b"\x00" + padded(frame(b"hi"))[-1:]),
        BadPadding,
    ),
    "shorter than its frame": (sealed(padded(b"r" * 19)), Malformed),
    "a length past the end": (sealed(padded(frame(b"hi", length=4096))), Malformed),
    "the largest length": (sealed(padded(frame(b"hi", length=0xFFFFFFFF))), Malformed),
    "not UTF-8": (sealed(padded(frame(b"\xff\xfe"))), Malformed),
    "another corp": (sealed(padded(frame(b"hi", b"wwother"))), WrongReceiver),
    "no receiver": (sealed(padded(frame(b"hi", b""))), WrongReceiver),
    "our receiver and more": (sealed(padded(frame(b"hi", CORP.encode() + b"x"))), WrongReceiver),
    "a length that cuts the message": (sealed(padded(frame(b"hi", length=1))), WrongReceiver),
}


@pytest.mark.parametrize(("ciphertext", "error"), MALFORMED.values(), ids=MALFORMED.keys())
def test_every_malformed_ciphertext_has_its_name(ciphertext: str, error: type[CryptoError]) -> None:
    with pytest.raises(error):
        Crypto(TOKEN, KEY, CORP).decrypt(ciphertext)


def test_a_bot_with_no_receive_id_refuses_a_message_that_names_one() -> None:
    with pytest.raises(WrongReceiver):
        Crypto(TOKEN, KEY, "").decrypt(VECTORS[0]["ciphertext"])


@pytest.mark.parametrize("size", range(40))
def test_every_pad_from_one_to_thirty_two_is_written_and_read(size: int) -> None:
    crypto = Crypto(TOKEN, KEY, "")

    assert crypto.decrypt(crypto.encrypt("x" * size)) == "x" * size


def test_two_sealings_of_one_message_differ() -> None:
    crypto = Crypto(TOKEN, KEY, CORP)

    assert crypto.encrypt("hello") != crypto.encrypt("hello")


def test_a_lone_surrogate_goes_out_as_a_question_mark() -> None:
    crypto = Crypto(TOKEN, KEY, CORP)

    assert crypto.decrypt(crypto.encrypt("a\ud800b")) == "a?b"


@pytest.mark.parametrize("key", ["", KEY[:-1], KEY + "=", "密" * 43, KEY[:-1] + "-", KEY + "\n"])
def test_a_key_that_is_not_43_letters_and_digits_is_refused_unquoted(key: str) -> None:
    with pytest.raises(ValueError, match="43") as refused:
        Crypto(TOKEN, key, CORP)

    assert not key or key not in str(refused.value)


def test_an_empty_token_is_refused() -> None:
    with pytest.raises(ValueError, match="token"):
        Crypto("", KEY, CORP)


@pytest.mark.parametrize("away", [timedelta(0), timedelta(minutes=-10), timedelta(minutes=10)])
def test_a_timestamp_within_ten_minutes_is_fresh(away: timedelta) -> None:
    fresh(str(int((NOON + away).timestamp())), NOON)


@pytest.mark.parametrize("away", [timedelta(minutes=-10, seconds=-1), timedelta(minutes=10, seconds=1)])
def test_a_timestamp_further_away_is_stale(away: timedelta) -> None:
    with pytest.raises(Stale):
        fresh(str(int((NOON + away).timestamp())), NOON)


@pytest.mark.parametrize("timestamp", ["", "now", "-5", "1.5", "١٢٣", "²", "9" * 13, " 1", "1e9"])
def test_a_timestamp_that_is_no_number_of_seconds_is_malformed(timestamp: str) -> None:
    with pytest.raises(Malformed):
        fresh(timestamp, NOON)
