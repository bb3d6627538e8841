"""The desk's crypto and the vendor's own npm package, talking to each other through Node."""

from __future__ import annotations

import json
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from defusedxml.ElementTree import fromstring

from bot.wecom import aibot_callback, app_callback
from bot.wecom.crypto import Crypto
from handlers.message import Incoming

HERE = Path(__file__).parent
PACKAGE = HERE.parents[1] / "var" / "interop" / "node_modules" / "@wecom" / "crypto"
PINNED = json.loads((HERE / "package.json").read_text("utf-8"))["dependencies"]["@wecom/crypto"]
VECTORS = json.loads((HERE.parent / "vectors" / "wecom_crypto.json").read_text("utf-8"))
TOKEN, KEY, CORP = VECTORS[0]["token"], VECTORS[0]["aes_key"], VECTORS[0]["receive_id"]
NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)
STAMP = str(int(NOW.timestamp()))

# Every length of pad, and characters of one to four bytes.
MESSAGES = (
    ["x" * size for size in range(66)] + ["你好，" * n for n in range(1, 20)] + ["😀é\n\t\0", '{"a": "密"}']
)


def peer(calls: list[dict[str, Any]]) -> list[Any]:
    """The package's answers to these calls, from one run of Node."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("no node on the PATH to run the vendor's crypto")
    if not PACKAGE.is_dir():
        pytest.skip("the vendor's crypto is not in var/interop (make interop fetches it)")
    run = subprocess.run(
        [node, str(HERE / "peer.cjs"), str(PACKAGE)],
        input=json.dumps(calls),
        capture_output=True,
        text=True,
        check=True,
        timeout=240,
    )
    answers: list[Any] = json.loads(run.stdout)
    return answers


def test_the_package_is_the_pinned_one() -> None:
    peer([])

    assert json.loads((PACKAGE / "package.json").read_text("utf-8"))["version"] == PINNED


def test_the_package_agrees_with_every_vector() -> None:
    seal = [
        {
            "verb": "encrypt",
            "key": v["aes_key"],
            "message": v["plaintext"],
            "id": v["receive_id"],
            "random": v["random"],
        }
        for v in VECTORS
    ]
    signed = [v for v in VECTORS if "signature" in v]
    sign = [
        {"verb": "sign", **{name: v[name] for name in ("token", "timestamp", "nonce", "ciphertext")}}
        for v in signed
    ]

    assert peer(seal + sign) == [v["ciphertext"] for v in VECTORS] + [v["signature"] for v in signed]


@pytest.mark.parametrize("receiver", ["", CORP])
def test_what_we_seal_the_package_opens(receiver: str) -> None:
    crypto = Crypto(TOKEN, KEY, receiver)
    calls = [{"verb": "decrypt", "key": KEY, "ciphertext": crypto.encrypt(m)} for m in MESSAGES]

    assert peer(calls) == [{"message": m, "id": receiver} for m in MESSAGES]


@pytest.mark.parametrize("receiver", ["", CORP])
def test_what_the_package_seals_we_open(receiver: str) -> None:
    crypto = Crypto(TOKEN, KEY, receiver)
    calls = [{"verb": "encrypt", "key": KEY, "message": m, "id": receiver} for m in MESSAGES]

    assert [crypto.decrypt(sealed) for sealed in peer(calls)] == MESSAGES


def test_a_callback_the_package_makes_is_read_at_either_door() -> None:
    said = {
        "msgid": "M1",
        "from": {"userid": "xiaowang"},
        "chattype": "single",
        "msgtype": "text",
        "text": {"content": "@机器人 收银台打不开"},
    }
    xml = (
        "<xml><FromUserName>xiaowang</FromUserName><MsgType>text</MsgType>"
        "<MsgId>1</MsgId><Content>收银台打不开</Content></xml>"
    )
    bot_sealed, app_sealed = peer(
        [
            {"verb": "encrypt", "key": KEY, "message": json.dumps(said), "id": ""},
            {"verb": "encrypt", "key": KEY, "message": xml, "id": CORP},
        ]
    )
    sign = {"verb": "sign", "token": TOKEN, "timestamp": STAMP, "nonce": "n0nce"}
    signatures = peer([sign | {"ciphertext": sealed} for sealed in (bot_sealed, app_sealed)])
    queries = [{"msg_signature": s, "timestamp": STAMP, "nonce": "n0nce"} for s in signatures]

    bot_body = json.dumps({"encrypt": bot_sealed}).encode()
    heard = aibot_callback.read(queries[0], bot_body, Crypto(TOKEN, KEY, ""), NOW, "机器人")
    app_body = f"<xml><Encrypt>{app_sealed}</Encrypt></xml>".encode()
    also_heard = app_callback.read(queries[1], app_body, Crypto(TOKEN, KEY, CORP), NOW)

    assert isinstance(heard, Incoming)
    assert heard.text == also_heard.text == "收银台打不开"


def test_our_answers_are_opened_and_their_signatures_confirmed_by_the_package() -> None:
    bot = json.loads(aibot_callback.envelope("机器人的回答", Crypto(TOKEN, KEY, ""), "n0nce", NOW))
    app = fromstring(app_callback.envelope("<xml>应用的回答</xml>", Crypto(TOKEN, KEY, CORP), "n0nce", NOW))
    sealed = [bot["encrypt"], app.findtext("Encrypt")]
    sign = {"verb": "sign", "token": TOKEN, "timestamp": STAMP, "nonce": "n0nce"}

    opened = peer([{"verb": "decrypt", "key": KEY, "ciphertext": c} for c in sealed])
    signatures = peer([sign | {"ciphertext": c} for c in sealed])

    assert [o["message"] for o in opened] == ["机器人的回答", "<xml>应用的回答</xml>"]
    assert signatures == [bot["msgsignature"], app.findtext("MsgSignature")]
