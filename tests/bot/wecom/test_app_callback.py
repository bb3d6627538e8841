"""The app's door: XML in, XML out."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given
from hypothesis import strategies as st

from bot.wecom import app_callback
from bot.wecom.callback import MAX_BODY
from bot.wecom.crypto import BadCallback, BadSignature, Crypto, Stale, TooLarge, WrongReceiver
from handlers.message import Button, Card, Incoming, Media, Press, Reply

VECTORS = {
    v["name"]: v
    for v in json.loads((Path(__file__).parents[2] / "vectors" / "wecom_crypto.json").read_text("utf-8"))
}
KEY, CORP = VECTORS["V1"]["aes_key"], "ww0123456789abcdef"
CRYPTO = Crypto("token", KEY, CORP)
NOW = datetime(2026, 11, 23, 4, 0, 1, tzinfo=UTC)
STAMP = str(int(NOW.timestamp()))
HOME = "https://desk.example/"


def xml(**fields: str) -> str:
    common = {"ToUserName": CORP, "FromUserName": "xiaowang", "CreateTime": STAMP, "AgentID": "1000002"}
    inner = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in (common | fields).items())
    return f"<xml>{inner}</xml>"


def sealed(plaintext: str, crypto: Crypto = CRYPTO, timestamp: str = STAMP) -> tuple[dict[str, str], bytes]:
    ciphertext = crypto.encrypt(plaintext)
    query = {
        "msg_signature": crypto.sign(timestamp, "n0nce", ciphertext),
        "timestamp": timestamp,
        "nonce": "n0nce",
    }
    body = f"<xml><ToUserName>{CORP}</ToUserName><AgentID>1</AgentID><Encrypt>{ciphertext}</Encrypt></xml>"
    return query, body.encode()


def read(plaintext: str) -> Incoming:
    return app_callback.read(*sealed(plaintext), CRYPTO, NOW)


def opened(answer: bytes) -> str:
    """What WeCom would see of our answer, its signature checked."""
    root = fromstring(answer)
    parts = {name: root.findtext(name) or "" for name in ("Encrypt", "MsgSignature", "TimeStamp", "Nonce")}
    CRYPTO.verify(parts["MsgSignature"], parts["TimeStamp"], parts["Nonce"], parts["Encrypt"])
    return CRYPTO.decrypt(parts["Encrypt"])


def test_the_official_url_verification_sample_is_answered_bare() -> None:
    v = VECTORS["V1"]
    query = {
        "msg_signature": v["signature"],
        "timestamp": v["timestamp"],
        "nonce": v["nonce"],
        "echostr": v["ciphertext"],
    }
    then = datetime.fromtimestamp(int(v["timestamp"]), UTC)
    crypto = Crypto(v["token"], v["aes_key"], v["receive_id"])

    assert app_callback.verify_url(query, crypto, then) == "1616140317555161061"
    # A proxy that decodes the query twice makes spaces of its pluses.
    query["echostr"] = query["echostr"].replace("+", " ")
    assert app_callback.verify_url(query, crypto, then) == "1616140317555161061"


def test_the_official_message_sample_is_read() -> None:
    v = VECTORS["V2"]
    query = {"msg_signature": v["signature"], "timestamp": v["timestamp"], "nonce": v["nonce"]}
    body = f"<xml><ToUserName>ax</ToUserName><Encrypt><![CDATA[{v['ciphertext']}]]></Encrypt></xml>"
    then = datetime.fromtimestamp(int(v["timestamp"]), UTC)
    crypto = Crypto(v["token"], v["aes_key"], v["receive_id"])

    assert app_callback.read(query, body.encode(), crypto, then) == Incoming(
        door="app",
        key="4561255354251345929",
        sender="mycreate",
        kind="text",
        text="hello",
        sent_at=datetime(2014, 9, 2, 12, 10, 13, tzinfo=UTC),
    )


PICTURE, FILE = Media("picture", "M1"), Media("file", "M4", "a.pdf")


@pytest.mark.parametrize(
    ("fields", "kind", "text", "media"),
    [
        ({"MsgType": "text", "Content": " 收银台打不开 "}, "text", "收银台打不开", ()),
        ({"MsgType": "image", "PicUrl": "http://p.example/1", "MediaId": "M1"}, "picture", "", (PICTURE,)),
        ({"MsgType": "voice", "MediaId": "M2", "Format": "amr"}, "voice", "", ()),
        ({"MsgType": "voice", "MediaId": "M2", "Recognition": "打不开"}, "voice", "打不开", ()),
        ({"MsgType": "video", "MediaId": "M3", "ThumbMediaId": "T"}, "video", "", ()),
        ({"MsgType": "file", "MediaId": "M4", "FileName": "a.pdf"}, "file", "", (FILE,)),
        ({"MsgType": "location", "Location_X": "23.1", "Label": "广州塔"}, "location", "广州塔", ()),
        ({"MsgType": "link", "Title": "t", "Url": "http://l.example"}, "other", "", ()),
        ({"MsgType": "hologram"}, "other", "", ()),
    ],
)
def test_every_kind_of_message_is_put_into_our_words(
    fields: dict[str, str], kind: str, text: str, media: tuple[Media, ...]
) -> None:
    incoming = read(xml(MsgId="77", **fields))

    assert (incoming.kind, incoming.text, incoming.media) == (kind, text, media)
    assert (incoming.door, incoming.key, incoming.sender, incoming.chat) == ("app", "77", "xiaowang", None)
    assert incoming.sent_at == NOW


@pytest.mark.parametrize("event", ["template_card_event", "TEMPLATE_CARD_EVENT", "template_card_menu_event"])
def test_a_press_carries_the_button_the_card_and_the_right_to_update_it(event: str) -> None:
    incoming = read(xml(MsgType="event", Event=event, EventKey="accept:1001", TaskId="t1", ResponseCode="rc"))

    assert incoming.kind == "press"
    assert incoming.press == Press("accept:1001", "t1", "rc")


def test_two_buttons_pressed_in_one_second_are_two_messages_and_a_repeat_is_one() -> None:
    def pressed(key: str, task: str) -> str:
        return read(
            xml(MsgType="event", Event="template_card_event", EventKey=key, TaskId=task, ResponseCode="x")
        ).key

    assert pressed("accept:1001", "t1") == pressed("accept:1001", "t1")
    assert (
        len({pressed("accept:1001", "t1"), pressed("accept:1002", "t1"), pressed("accept:1001", "t2")}) == 3
    )


def test_a_key_of_a_kilobyte_is_kept_short() -> None:
    event = xml(MsgType="event", Event="template_card_event", EventKey="k" * 1024, TaskId="t" * 128)

    assert len(read(event).key) <= 128


def test_entering_the_app_is_known_whatever_the_case_of_the_event() -> None:
    assert read(xml(MsgType="event", Event="Enter_Agent")).kind == "enter"


@pytest.mark.parametrize(
    "event", ["LOCATION", "click", "view", "subscribe", "inactive_alert", "", "unheard_of"]
)
def test_any_other_event_is_other(event: str) -> None:
    assert read(xml(MsgType="event", Event=event)).kind == "other"


def test_an_event_of_the_system_without_a_sender_is_other() -> None:
    assert read("<xml><MsgType>event</MsgType><Event>low_active</Event></xml>").kind == "other"


def test_characters_no_database_takes_do_not_get_in() -> None:
    assert read(xml(MsgType="text", MsgId="1", Content="a\u2005b\ud7ffc")).text == "a\u2005b\ud7ffc"
    with pytest.raises(BadCallback):
        read(xml(MsgType="text", MsgId="1", Content="a\0b"))


@pytest.mark.parametrize("name", ["msg_signature", "timestamp", "nonce"])
def test_a_query_with_a_part_missing_is_refused(name: str) -> None:
    query, body = sealed(xml(MsgType="text", MsgId="1", Content="hi"))
    del query[name]

    with pytest.raises(BadCallback, match=name):
        app_callback.read(query, body, CRYPTO, NOW)


def test_a_wrong_signature_a_stale_stamp_and_another_receiver_are_refused_with_403() -> None:
    plaintext = xml(MsgType="text", MsgId="1", Content="hi")
    query, body = sealed(plaintext)
    with pytest.raises(BadSignature) as signature:
        app_callback.read(query | {"msg_signature": "0" * 40}, body, CRYPTO, NOW)
    with pytest.raises(Stale) as stale:
        app_callback.read(*sealed(plaintext, timestamp=str(int(STAMP) - 601)), CRYPTO, NOW)
    other = Crypto("token", KEY, "wwother")
    with pytest.raises(WrongReceiver) as receiver:
        app_callback.read(*sealed(plaintext, other), CRYPTO, NOW)

    assert {error.value.status for error in (signature, stale, receiver)} == {403}


def test_a_body_larger_than_any_callback_is_refused_unread() -> None:
    query, _ = sealed("x")

    with pytest.raises(TooLarge) as refused:
        app_callback.read(query, b"<" * (MAX_BODY + 1), CRYPTO, NOW)
    assert refused.value.status == 413


BOMB = '<!DOCTYPE xml [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><xml><MsgType>&b;</MsgType></xml>'
FETCH = '<!DOCTYPE xml SYSTEM "http://evil.example/x.dtd"><xml><Encrypt>x</Encrypt></xml>'
NONSENSE: dict[str, str] = {
    "empty": "",
    "not XML": "hello",
    "JSON": '{"encrypt": "x"}',
    "no Encrypt": "<xml><A>1</A></xml>",
    "an empty Encrypt": "<xml><Encrypt/></xml>",
    "an entity bomb": BOMB,
    "a foreign DTD": FETCH,
    "an unknown encoding": '<?xml version="1.0" encoding="klingon"?><xml/>',
    "an encoding that is none for text": '<?xml version="1.0" encoding="hex"?><xml/>',
    "two roots": "<xml/><xml/>",
    "very deep": "<a>" * 30000 + "</a>" * 30000,
}


@pytest.mark.parametrize("body", NONSENSE.values(), ids=NONSENSE.keys())
def test_a_body_that_is_no_envelope_is_refused(body: str) -> None:
    query, _ = sealed("x")

    with pytest.raises(BadCallback):
        app_callback.read(query, body.encode(), CRYPTO, NOW)


@pytest.mark.parametrize("plaintext", NONSENSE.values(), ids=NONSENSE.keys())
def test_a_sealed_plaintext_that_is_no_message_is_refused(plaintext: str) -> None:
    with pytest.raises(BadCallback):
        read(plaintext)


@pytest.mark.parametrize(
    "plaintext",
    [
        "<xml><MsgType>text</MsgType><FromUserName>u</FromUserName></xml>",
        "<xml><MsgType>text</MsgType><MsgId>1</MsgId></xml>",
        "<xml><MsgType>event</MsgType><Event>enter_agent</Event></xml>",
    ],
)
def test_a_message_without_an_id_or_a_sender_is_refused(plaintext: str) -> None:
    with pytest.raises(BadCallback):
        read(plaintext)


@given(body=st.binary(max_size=300), at=st.integers(min_value=0))
def test_whatever_is_posted_is_read_or_refused_and_nothing_else(body: bytes, at: int) -> None:
    query, good = sealed(xml(MsgType="text", MsgId="1", Content="hi"))
    at %= len(good)
    for posted in (body, good[:at] + body + good[at:], good[:at]):
        try:
            assert app_callback.read(query, posted, CRYPTO, NOW).text == "hi"
        except BadCallback:
            continue


def message(kind: str = "text", press: Press | None = None) -> Incoming:
    return Incoming("app", "1", "xiaowang", kind, press=press)  # type: ignore[arg-type]


def replied(reply: Reply, incoming: Incoming) -> str | None:
    return app_callback.reply_plaintext(reply, incoming, CORP, HOME, NOW)


def test_a_text_reply_goes_back_to_the_sender_from_the_corp() -> None:
    plaintext = replied(Reply("已登记 1001 ]]> <b>"), message())

    assert plaintext is not None
    root = fromstring(opened(app_callback.envelope(plaintext, CRYPTO, "n0nce", NOW)))
    assert {child.tag: child.text for child in root} == {
        "ToUserName": "xiaowang",
        "FromUserName": CORP,
        "CreateTime": STAMP,
        "MsgType": "text",
        "Content": "已登记 1001 ]]> <b>",
    }


def test_a_long_reply_is_cut_to_2048_bytes() -> None:
    plaintext = replied(Reply("长" * 2000), message())

    assert plaintext is not None
    content = fromstring(plaintext).findtext("Content") or ""
    assert 2040 < len(content.encode()) <= 2048
    assert content.endswith("…")


def test_silence_and_a_card_alone_are_no_passive_reply() -> None:
    assert replied(Reply(), message()) is None
    assert replied(Reply(card=Card("t1", "工单 1001")), message()) is None


def test_a_press_is_answered_with_the_card_updated() -> None:
    card = Card(
        "another",
        "工单 1001",
        facts=(("合作方", "星河支付"), ("截止", "14:35")),
        buttons=(Button("接单", "accept:1001"),),
        done="老李 已接单",
    )
    plaintext = replied(Reply("已接单", update=card), message("press", Press("accept:1001", "t1", "rc")))

    assert plaintext is not None
    root = fromstring(plaintext)
    template = root.find("TemplateCard")
    assert root.findtext("MsgType") == "update_template_card"
    assert template is not None
    assert template.findtext("CardType") == "button_interaction"
    assert template.findtext("MainTitle/Title") == "工单 1001"
    assert [fact.findtext("KeyName") for fact in template.findall("HorizontalContentList")] == [
        "合作方",
        "截止",
    ]
    assert template.findtext("ButtonList/Key") == "accept:1001"
    assert template.findtext("ReplaceText") == "老李 已接单"
    assert template.findtext("TaskId") == "t1"


def test_a_press_may_be_answered_with_words_alone() -> None:
    plaintext = replied(Reply("1001 已由老王接单"), message("press", Press("accept:1001", "t1", "rc")))

    assert plaintext is not None
    assert fromstring(plaintext).findtext("Content") == "1001 已由老王接单"


def test_a_repeat_is_the_same_plaintext_sealed_anew() -> None:
    seal: Callable[[], bytes] = lambda: app_callback.envelope("<xml/>", CRYPTO, "n0nce", NOW)  # noqa: E731
    first, second = seal(), seal()

    assert first != second
    assert opened(first) == opened(second) == "<xml/>"
