"""What we answer at each door is what the simulator, written apart from us, understands."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import given

from bot.simulator import wire
from bot.simulator.answers import aibot_update, app_reply
from bot.wecom import aibot_callback, app_callback
from bot.wecom.crypto import Crypto
from handlers.message import Card, Incoming, Press, Reply
from tests.bot.wecom.test_cards import HOME, cards

KEY = json.loads((Path(__file__).parents[2] / "vectors" / "wecom_crypto.json").read_text("utf-8"))[0][
    "aes_key"
]
CORP = "ww0123456789abcdef"
NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)


@given(cards)
def test_an_app_cards_update_is_understood(card: Card) -> None:
    crypto = Crypto("token", KEY, CORP)
    pressed = Incoming("app", "1", "laoli", "press", press=Press("accept:1001", "t1", "rc"))
    plaintext = app_callback.reply_plaintext(Reply(update=card), pressed, CORP, HOME, NOW)
    assert plaintext is not None

    answer = wire.open_xml(crypto, app_callback.envelope(plaintext, crypto, "n0nce", NOW))
    said = app_reply(answer, pressed=True)

    assert said.card is not None
    assert said.card["task_id"] == "t1"
    assert said.card["main_title"]["title"] == card.title[:36] or said.card["main_title"]["title"].endswith(
        "…"
    )


@given(cards)
def test_a_bot_cards_update_is_understood(card: Card) -> None:
    crypto = Crypto("token", KEY, "")
    pressed = Incoming("aibot", "1", "xiaowang", "press", press=Press("urge:1001", "t1"))
    plaintext = aibot_callback.reply_plaintext(Reply(update=card), pressed, "S1", HOME)

    sealed = aibot_callback.envelope(json.dumps(plaintext), crypto, "n0nce", NOW)

    assert aibot_update(wire.open_json(crypto, sealed, "n0nce"), "t1").userids is None


def test_a_callback_the_simulator_seals_is_read() -> None:
    bot, app = Crypto("token", KEY, ""), Crypto("token", KEY, CORP)
    said = {
        "msgid": "M1",
        "from": {"userid": "u"},
        "msgtype": "text",
        "text": {"content": "@机器人\u2005进度"},
    }
    xml = wire.to_xml({"FromUserName": "u", "MsgType": "text", "MsgId": 1, "Content": "进度 ]]> 1001"})

    heard = wire.seal_json(bot, said, int(NOW.timestamp()))
    also = wire.seal_xml(app, CORP, 1000002, xml, int(NOW.timestamp()))

    incoming = aibot_callback.read(heard.query, heard.body, bot, NOW, "机器人")
    assert isinstance(incoming, Incoming)
    assert incoming.text == "进度"
    assert app_callback.read(also.query, also.body, app, NOW).text == "进度 ]]> 1001"
