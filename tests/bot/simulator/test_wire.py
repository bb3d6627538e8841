"""Envelopes and bodies, held to the published and derived vectors of the encryption scheme."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.simulator.wire import (
    BadAnswer,
    card_from_xml,
    from_xml,
    open_json,
    open_xml,
    seal_json,
    seal_xml,
    to_xml,
)
from bot.wecom.crypto import Crypto

TOKEN, KEY, CORP = "QDG6eK", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C", "wx5823bf96d3bd56c7"
# The official message callback (developer.work.weixin.qq.com 90968), as an envelope.
OFFICIAL = (
    "RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUpj911L3vg3W/"
    "sYYvuJTs3TUUkSUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4Xgpue06DOdnLxAUHzM6+kDZ+HMZ"
    "fJYuR+LtwGc2hgf5gsijff0ekUNXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw2r+KqCKIw+3IQH03v+BCA9nMELNqbSf6tiWSrXJB3L"
    "AVGUcallcrw8V2t9EL4EhzJWrQUax5wLVMNS0+rUPA3k22Ncx4XXZS9o0MBH27Bo6BpNelZpS+/uh9KsNlY6bHCmJU9p8g7m3fVKn28"
    "H3KDYA5Pl/T8Z1ptDAVe0lXdQ2YoyyH2uyPIGHBZZIs2pDBS8R07+qN+E7Q=="
)
SIGNATURE, STAMP, NONCE = "477715d11cdb4164915debcba66cb864d751f3e6", "1409659813", "1372623149"
# The same scheme with an empty receiver, as an aibot uses it.
BOT_SEALED = (
    "P9nAzCzyDtyTWESHep1vC4eHld3wKUqs1Jz+K9BJ3KjN64INMuQZom3L50GTrl+mU4WLsCS3CmJ1cnD5o0YpK2vMfpCWvN1irAS031e"
    "oR4F+rSASWLWQ4qqqdd3sxuXUBuq9bQrV/8LNL7QHXZFMiY60d7/cUeWH78lCaoi/MOskEiKzPdxkzXrdGImxg2OIm2ggp20B1N0FlL"
    "mz/Ev7K4I+F40Ln1txy18D1jmfN6gtM8U2C6ozmVNRbrE2Feui17ViZQecOdM5FcMZAaSxCT9u+4QKYhEgWPfUiFl7j0o="
)
BOT_SIGNATURE = "3bf50420f14f83de4ee2f397ab75986b3645a4cc"


def app() -> Crypto:
    return Crypto(TOKEN, KEY, CORP)


def bot() -> Crypto:
    return Crypto(TOKEN, KEY, "")


def test_the_official_message_is_read_as_an_app_answer_would_be() -> None:
    fields = {"Encrypt": OFFICIAL, "MsgSignature": SIGNATURE, "TimeStamp": STAMP, "Nonce": NONCE}

    plain = open_xml(app(), to_xml(fields).encode())

    assert plain["ToUserName"] == CORP
    assert plain["FromUserName"] == "mycreate"
    assert plain["Content"] == "hello"
    assert plain["MsgId"] == "4561255354251345929"


def envelope(**changes: Any) -> bytes:
    fields = {
        "encrypt": BOT_SEALED,
        "msgsignature": BOT_SIGNATURE,
        "timestamp": int(STAMP),
        "nonce": NONCE,
    }
    return json.dumps(fields | changes).encode()


def test_the_aibot_vector_opens_with_an_empty_receiver() -> None:
    plain = open_json(bot(), envelope(), NONCE)

    assert plain["msgid"] == "M1"
    assert plain["text"]["content"] == "@机器人 你好"


@pytest.mark.parametrize(
    "changes",
    {
        "another signature": {"msgsignature": "0" * 40},
        "another nonce": {"nonce": "1"},
        "the timestamp as text": {"timestamp": STAMP},
        "the field as in XML": {"encrypt": None, "Encrypt": BOT_SEALED},
    }.items(),
    ids=lambda case: case[0],
)
def test_an_envelope_changed_in_one_place_is_refused(changes) -> None:
    with pytest.raises(BadAnswer):
        open_json(bot(), envelope(**changes[1]), NONCE)


def test_an_answer_for_the_corp_is_refused_by_the_bot_and_the_other_way_round() -> None:
    with pytest.raises(BadAnswer, match="receiver"):
        open_json(app(), envelope(), NONCE)
    fields = {"Encrypt": OFFICIAL, "MsgSignature": SIGNATURE, "TimeStamp": STAMP, "Nonce": NONCE}
    with pytest.raises(BadAnswer, match="receiver"):
        open_xml(bot(), to_xml(fields).encode())


def test_what_is_sealed_verifies_and_opens() -> None:
    sealed = seal_json(bot(), {"text": "你好"}, 1409659813)
    ciphertext = json.loads(sealed.body)["encrypt"]
    bot().verify(sealed.query["msg_signature"], "1409659813", sealed.query["nonce"], ciphertext)
    assert json.loads(bot().decrypt(ciphertext)) == {"text": "你好"}

    sealed = seal_xml(app(), CORP, 218, "<xml/>", 1409659813)
    fields = from_xml(sealed.body.decode(), "callback")
    assert (fields["ToUserName"], fields["AgentID"]) == (CORP, "218")
    assert app().decrypt(fields["Encrypt"]) == "<xml/>"


def test_xml_that_defines_entities_is_refused() -> None:
    with pytest.raises(BadAnswer):
        from_xml('<!DOCTYPE x [<!ENTITY a "b">]><xml>&a;</xml>', "callback")


def test_a_card_in_xml_gets_the_names_of_the_json_api() -> None:
    card = card_from_xml(
        {
            "CardType": "vote_interaction",
            "MainTitle": {"Title": "满意吗"},
            "CheckBox": {
                "QuestionKey": "q",
                "OptionList": {"Id": "5", "Text": "满意", "IsChecked": "true"},
                "Disable": "false",
                "Mode": "1",
            },
            "SubmitButton": {"Text": "提交", "Key": "k"},
            "ButtonList": [{"Text": "好", "Style": "2", "Key": "a"}],
        }
    )

    assert card == {
        "card_type": "vote_interaction",
        "main_title": {"title": "满意吗"},
        "checkbox": {
            "question_key": "q",
            "option_list": [{"id": "5", "text": "满意", "is_checked": True}],
            "disable": False,
            "mode": 1,
        },
        "submit_button": {"text": "提交", "key": "k"},
        "button_list": [{"text": "好", "style": 2, "key": "a"}],
    }
