"""The aibot's door: JSON in, JSON out."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.wecom import aibot_callback
from bot.wecom.aibot_callback import StreamPoll
from bot.wecom.callback import MAX_BODY
from bot.wecom.crypto import BadCallback, BadSignature, Crypto, Stale, TooLarge
from handlers.message import Button, Card, Incoming, Kind, Media, Press, Reply

VECTORS = {
    v["name"]: v
    for v in json.loads((Path(__file__).parents[2] / "vectors" / "wecom_crypto.json").read_text("utf-8"))
}
CRYPTO = Crypto("token", VECTORS["V1"]["aes_key"], "")
NOW = datetime(2026, 11, 23, 4, 0, 1, tzinfo=UTC)
STAMP = str(int(NOW.timestamp()))
HOME = "https://desk.example/"
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def sealed(plaintext: str, timestamp: str = STAMP) -> tuple[dict[str, str], bytes]:
    ciphertext = CRYPTO.encrypt(plaintext)
    signature = CRYPTO.sign(timestamp, "n0nce", ciphertext)
    query = {"msg_signature": signature, "timestamp": timestamp, "nonce": "n0nce"}
    return query, json.dumps({"encrypt": ciphertext}).encode()


def in_group(**more: Any) -> dict[str, Any]:
    common = {
        "msgid": "M1",
        "aibotid": "B1",
        "chatid": "wrGROUP1",
        "chattype": "group",
        "from": {"userid": "xiaowang"},
        "response_url": "https://r.example/once",
    }
    return common | more


def said(content: str, **more: Any) -> dict[str, Any]:
    return in_group(msgtype="text", text={"content": content}, **more)


def read_any(data: Any, bot_name: str = "机器人") -> Incoming | StreamPoll:
    return aibot_callback.read(*sealed(json.dumps(data)), CRYPTO, NOW, bot_name)


def read(data: Any, bot_name: str = "机器人") -> Incoming:
    incoming = read_any(data, bot_name)
    assert isinstance(incoming, Incoming)
    return incoming


@pytest.mark.parametrize("name", ["A1", "A2"])
def test_the_vectors_with_an_empty_receive_id_are_read(name: str) -> None:
    v = VECTORS[name]
    crypto = Crypto(v["token"], v["aes_key"], v["receive_id"])
    query = {"msg_signature": v["signature"], "timestamp": v["timestamp"], "nonce": v["nonce"]}
    then = datetime.fromtimestamp(int(v["timestamp"]), UTC)

    if name == "A1":
        given_back = aibot_callback.verify_url(query | {"echostr": v["ciphertext"]}, crypto, then)
        assert given_back == "1616140317555161061"
    else:
        body = json.dumps({"encrypt": v["ciphertext"]}).encode()
        assert aibot_callback.read(query, body, crypto, then, "机器人") == Incoming(
            door="aibot",
            key="M1",
            sender="u1",
            kind="text",
            text="你好",
            chat="C1",
            reply_url="https://example.invalid/r",
        )


@pytest.mark.parametrize(
    "space", [" ", "\u2005", "\u00a0", "\u3000", "\u2009", "\u200b", "\ufeff", "\n", "", " \u2005 "]
)
def test_the_leading_mention_goes_with_whatever_space_follows(space: str) -> None:
    assert read(said(f"@机器人{space}收银台打不开")).text == "收银台打不开"


MENTIONS: dict[str, tuple[Any, ...]] = {
    "alone": ("@机器人", ""),
    "twice": ("@机器人 @机器人\u2005帮助", "帮助"),
    "in the middle": ("你好 @机器人\u2005帮我看看", "你好 帮我看看"),
    "at the end": ("进度 1001 @机器人", "进度 1001"),
    "before a comma": ("你好@机器人，在吗", "你好，在吗"),
    "full width": ("＠机器人 帮助", "帮助"),
    "somebody else": ("@老李 看一下", "@老李 看一下"),
    "another bot, further on": ("问 @机器人小助手 去", "问 @机器人小助手 去"),
    "a mail address": ("发到 a@机器人 吧", "发到 a@机器人 吧"),
    "no mention": ("机器人坏了", "机器人坏了"),
    "on two lines": ("@机器人 第一行\n第二行", "第一行\n第二行"),
}


@pytest.mark.parametrize(("text", "words"), MENTIONS.values(), ids=MENTIONS.keys())
def test_a_mention_of_the_bot_is_no_part_of_the_words(text: str, words: str) -> None:
    assert read(said(text)).text == words


@pytest.mark.parametrize("text", ["@Desk Bot 帮助", "@desk\u00a0bot\u2005帮助", "@DESK BOT帮助"])
def test_a_name_with_a_space_is_taken_out_whole(text: str) -> None:
    assert read(said(text), bot_name="Desk Bot").text == "帮助"


def test_a_name_is_no_pattern() -> None:
    assert read(said("@bot(1)+ hi"), bot_name="bot(1)+").text == "hi"


@pytest.mark.parametrize(
    ("body", "kind", "text", "media"),
    [
        (
            {"msgtype": "image", "image": {"url": "https://i"}},
            "picture",
            "",
            (Media("picture", "https://i"),),
        ),
        ({"msgtype": "voice", "voice": {"content": "打不开"}}, "voice", "打不开", ()),
        ({"msgtype": "file", "file": {"url": "https://f"}}, "file", "", (Media("file", "https://f"),)),
        ({"msgtype": "video", "video": {"url": "https://v"}}, "video", "", ()),
        ({"msgtype": "hologram", "hologram": {"url": 7}}, "other", "", ()),
        ({}, "other", "", ()),
    ],
)
def test_every_kind_of_message_is_put_into_our_words(
    body: dict[str, Any], kind: str, text: str, media: tuple[Media, ...]
) -> None:
    incoming = read(in_group(**body))

    assert (incoming.kind, incoming.text, incoming.media) == (kind, text, media)
    assert (incoming.key, incoming.sender, incoming.chat) == ("M1", "xiaowang", "wrGROUP1")


def test_a_mixed_message_is_a_picture_with_words() -> None:
    items = [
        {"msgtype": "text", "text": {"content": "@机器人 打不开"}},
        {"msgtype": "image", "image": {"url": "https://one"}},
        {"msgtype": "image", "image": {"url": "https://two"}},
        {"msgtype": "text", "text": {"content": "如图"}},
    ]
    incoming = read(in_group(msgtype="mixed", mixed={"msg_item": items}))

    assert (incoming.kind, incoming.text) == ("picture", "打不开\n如图")
    assert incoming.media == (Media("picture", "https://one"), Media("picture", "https://two"))


def test_a_mixed_message_without_a_picture_is_text() -> None:
    items = [{"msgtype": "text", "text": {"content": "只有字"}}]

    assert read(in_group(msgtype="mixed", mixed={"msg_item": items})).kind == "text"


def test_a_quote_brings_its_words_and_its_picture() -> None:
    words = said("@机器人 解决了吗", quote={"msgtype": "text", "text": {"content": "工单 1001 已登记"}})
    shot = (Media("picture", "https://shot"),)
    picture = said("@机器人 帮看", quote={"msgtype": "image", "image": {"url": "https://shot"}})

    assert read(words).quote == "工单 1001 已登记"
    assert read(said("hi")).quote is None
    assert (read(picture).kind, read(picture).quote, read(picture).media) == ("text", None, shot)


def test_a_single_chat_has_no_chat_and_a_stamp_is_evidence() -> None:
    incoming = read(said("hi", chattype="single", create_time=int(STAMP)))

    assert incoming.chat is None
    assert incoming.sent_at == NOW
    assert read(said("hi", create_time="soon")).sent_at is None


def test_the_reply_url_is_kept_and_never_shown() -> None:
    incoming = read(said("hi"))

    assert incoming.reply_url == "https://r.example/once"
    assert "r.example" not in repr(incoming)


def event(eventtype: str, **more: Any) -> dict[str, Any]:
    detail = {"eventtype": eventtype, eventtype: more.pop("detail", {})}
    return in_group(msgtype="event", create_time=int(STAMP), event=detail, **more)


PRESSED = {"card_type": "button_interaction", "event_key": "accept:1001", "task_id": "t1"}


def test_a_press_carries_the_button_and_the_card() -> None:
    incoming = read(event("template_card_event", detail=PRESSED))

    assert incoming.kind == "press"
    assert incoming.press == Press("accept:1001", "t1")
    assert incoming.key == "M1"
    assert incoming.reply_url == "https://r.example/once"


def test_an_event_without_a_msgid_is_known_by_who_when_and_what() -> None:
    def key(event_key: str) -> str:
        return read(event("template_card_event", detail=PRESSED | {"event_key": event_key}, msgid=None)).key

    assert key("accept:1001") == key("accept:1001") != key("accept:1002")


def test_entering_the_chat_and_any_other_event_are_known() -> None:
    assert read(event("enter_chat")).kind == "enter"
    for eventtype in ("feedback_event", "unheard_of", ""):
        assert read(event(eventtype)).kind == "other"


def test_a_poll_for_a_stream_is_told_from_a_message() -> None:
    assert read_any(in_group(msgtype="stream", stream={"id": "S1"})) == StreamPoll("S1")


@pytest.mark.parametrize("name", ["msg_signature", "timestamp", "nonce"])
def test_a_query_with_a_part_missing_is_refused(name: str) -> None:
    query, body = sealed(json.dumps(said("hi")))
    del query[name]

    with pytest.raises(BadCallback, match=name):
        aibot_callback.read(query, body, CRYPTO, NOW, "机器人")


def test_a_wrong_signature_and_a_stale_stamp_are_refused() -> None:
    query, body = sealed(json.dumps(said("hi")))
    with pytest.raises(BadSignature):
        aibot_callback.read(query | {"msg_signature": "签名"}, body, CRYPTO, NOW, "机器人")
    with pytest.raises(Stale):
        aibot_callback.read(*sealed("{}", str(int(STAMP) + 601)), CRYPTO, NOW, "机器人")
    with pytest.raises(TooLarge):
        aibot_callback.read(query, b"[" * (MAX_BODY + 1), CRYPTO, NOW, "机器人")


NONSENSE: dict[str, str] = {
    "empty": "",
    "not JSON": "hello",
    "XML": "<xml><Encrypt>x</Encrypt></xml>",
    "a list": "[1]",
    "nothing in it": "{}",
    "a number of five thousand digits": '{"msgid": ' + "9" * 5000 + "}",
    "very deep": "[" * 100000,
    "an encrypt that is no text": '{"encrypt": ["x"]}',
}


@pytest.mark.parametrize("body", NONSENSE.values(), ids=NONSENSE.keys())
def test_a_body_that_is_no_envelope_is_refused(body: str) -> None:
    query, _ = sealed("x")

    with pytest.raises(BadCallback):
        aibot_callback.read(query, body.encode(), CRYPTO, NOW, "机器人")


@pytest.mark.parametrize("plaintext", NONSENSE.values(), ids=NONSENSE.keys())
def test_a_sealed_plaintext_that_is_no_message_is_refused(plaintext: str) -> None:
    with pytest.raises(BadCallback):
        aibot_callback.read(*sealed(plaintext), CRYPTO, NOW, "机器人")


@pytest.mark.parametrize(
    "data",
    [
        said("hi", msgid=None),
        said("hi", **{"from": {}}),
        said("hi", **{"from": "xiaowang"}),
        event("enter_chat", **{"from": None}),
        in_group(msgtype="stream", stream={}),
    ],
)
def test_a_message_without_an_id_or_a_sender_is_refused(data: dict[str, Any]) -> None:
    with pytest.raises(BadCallback):
        read_any(data)


@given(
    st.dictionaries(
        st.sampled_from(["msgid", "msgtype", "from", "chatid", "text", "mixed", "quote", "event", "stream"]),
        ANYTHING,
    ),
    st.sampled_from(["text", "mixed", "event", "stream", "image"]),
)
def test_whatever_is_sealed_is_read_or_refused_and_can_be_stored(data: dict[str, Any], kind: str) -> None:
    data = in_group(msgtype=kind) | data
    try:
        incoming = read_any(data)
    except BadCallback:
        return
    if isinstance(incoming, Incoming):
        stored = incoming.key + incoming.sender + incoming.text + (incoming.quote or "")
        assert "\0" not in stored
        stored.encode("utf-8")


def incoming(kind: Kind = "text") -> Incoming:
    press = Press("accept:1001", "t1") if kind == "press" else None
    return Incoming("aibot", "M1", "xiaowang", kind, press=press)


def replied(reply: Reply, kind: Kind = "text") -> dict[str, Any] | None:
    return aibot_callback.reply_plaintext(reply, incoming(kind), "S1", HOME)


CARD = Card("t1", "工单 1001", buttons=(Button("催单", "urge:1001"),))
STREAM = {"id": "S1", "finish": True, "content": "已登记 1001"}


def test_a_message_is_answered_with_a_finished_stream() -> None:
    assert replied(Reply("已登记 1001")) == {"msgtype": "stream", "stream": STREAM}
    assert replied(Reply("已登记 1001")) == aibot_callback.finished_stream("S1", "已登记 1001")


def test_a_message_is_answered_with_a_stream_and_a_card() -> None:
    both = replied(Reply("已登记 1001", card=CARD))

    assert both is not None
    assert both["msgtype"] == "stream_with_template_card"
    assert both["stream"] == STREAM
    assert both["template_card"]["task_id"] == "t1"


def test_a_message_is_answered_with_a_card_alone() -> None:
    card = replied(Reply(card=CARD), "picture")

    assert card is not None
    assert set(card) == {"msgtype", "template_card"}


def test_whoever_enters_is_welcomed_with_text_or_a_card() -> None:
    assert replied(Reply("您好"), "enter") == {"msgtype": "text", "text": {"content": "您好"}}
    card = replied(Reply("您好", card=CARD), "enter")
    assert card is not None
    assert card["msgtype"] == "template_card"


def test_a_press_is_answered_with_the_card_of_that_press_for_everybody() -> None:
    update = Card("another", "工单 1001", buttons=(Button("接单", "accept:1001"),), done="老李 已接单")
    answer = replied(Reply("已接单", update=update), "press")

    assert answer is not None
    assert set(answer) == {"response_type", "template_card"}
    assert answer["response_type"] == "update_template_card"
    assert answer["template_card"]["task_id"] == "t1"
    assert "button_list" not in answer["template_card"]


def test_what_may_not_be_said_is_silence() -> None:
    assert replied(Reply()) is None
    assert replied(Reply(), "enter") is None
    assert replied(Reply("已接单"), "press") is None
    assert replied(Reply("谢谢"), "other") is None


def test_a_long_answer_is_cut_to_20480_bytes() -> None:
    answer = replied(Reply("长" * 10000))

    assert answer is not None
    assert 20470 < len(answer["stream"]["content"].encode()) <= 20480


def test_the_envelope_has_the_names_types_and_nonce_wecom_asks_for() -> None:
    envelope = json.loads(aibot_callback.envelope('{"a": "密"}', CRYPTO, "n0nce", NOW))

    assert set(envelope) == {"encrypt", "msgsignature", "timestamp", "nonce"}
    assert envelope["timestamp"] == int(STAMP)
    assert envelope["nonce"] == "n0nce"
    CRYPTO.verify(envelope["msgsignature"], STAMP, "n0nce", envelope["encrypt"])
    assert CRYPTO.decrypt(envelope["encrypt"]) == '{"a": "密"}'
