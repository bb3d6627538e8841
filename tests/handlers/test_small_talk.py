"""Everything that is neither a question nor an order."""

from __future__ import annotations

import pytest

from tests.handlers.stage import HOTLINE, LAO_LI, XINGHE_GROUP, Desk

SILENT = [
    "谢谢",
    "谢谢您",
    "好的",
    "好的谢谢",
    "好的，谢谢！",
    "收到",
    "嗯",
    "嗯嗯",
    "OK",
    "ok",
    "ＯＫ",
    "明白了",
    "知道了",
    "辛苦了",
    "👌",
    "好的[抱拳]",
    "收到，辛苦了",
    "[OK]",
    "行",
    "没事了",
]


@pytest.mark.parametrize("text", SILENT)
def test_thanks_are_never_answered(desk: Desk, text: str) -> None:
    reply = desk.hears(text)

    assert reply.text == ""
    assert reply.card is None
    assert desk.answers.gaps == []


@pytest.mark.parametrize("text", ["你是机器人吗", "您是真人吗？", "你是谁", "是机器人还是真人", "你是人吗"])
def test_it_admits_being_a_bot(desk: Desk, text: str) -> None:
    assert "机器人" in desk.says(text)


def test_it_welcomes_with_hotline_and_privacy(desk: Desk) -> None:
    said = desk.says(kind="enter")

    for part in ("机器人", HOTLINE, "转人工", "请勿发送"):
        assert part in said


KINDS = {"picture": "图片", "voice": "语音", "file": "文件", "video": "视频", "location": "位置"}


@pytest.mark.parametrize("kind", KINDS)
def test_what_comes_without_words_gets_a_helpful_sentence(desk: Desk, kind: str) -> None:
    said = desk.says(kind=kind, media=0)

    assert KINDS[kind] in said
    assert "一句话" in said or "文字" in said
    assert HOTLINE in said


def test_an_unknown_event_is_not_answered(desk: Desk) -> None:
    assert desk.says(kind="other") == ""


def test_only_the_mention_is_greeted(desk: Desk) -> None:
    assert "在的" in desk.says("", group=XINGHE_GROUP)


def test_a_picture_with_words_is_read_by_its_words(desk: Desk) -> None:
    said = desk.says("怎么退款", kind="picture")

    assert "商户后台" in said
    assert "没解决" in said
    assert desk.count == 0


def test_voice_is_read_and_marked(desk: Desk) -> None:
    said = desk.says("怎么退款", kind="voice")

    assert "语音转文字，可能有误" in said
    assert "商户后台" in said


def test_a_long_message_is_read_in_part_and_says_so(desk: Desk) -> None:
    said = desk.says("报障 " + "收银台打不开" * 1000)

    assert "2000 字" in said
    assert len(desk.order().text) <= 2000


def test_secrets_are_warned_of_and_not_kept(desk: Desk) -> None:
    said = desk.says("报障 卡号6222021234567890128 密码888888 刷不了")

    assert "请勿发送" in said
    assert "888888" not in desk.order().text
    assert "6222021234567890128" not in desk.order().text


def test_help_is_for_whoever_asks(desk: Desk) -> None:
    theirs, ours = desk.says("帮助"), desk.says("帮助", LAO_LI)

    assert "催单" in theirs
    assert "接单" not in theirs
    assert "给方案 1001" in ours
    assert max(len(theirs.splitlines()), len(ours.splitlines())) <= 24  # a screen of a phone


def test_who_is_on_duty(desk: Desk) -> None:
    said = desk.says("今天谁值班")
    assert "技术一责：老李 13900000001" in said
    assert "技术二责：老周" in said

    shared = desk.says("谁值班", group=XINGHE_GROUP)
    assert "139****0001" in shared
    assert "13900000001" not in shared


@pytest.mark.parametrize(
    "text",
    ["How do I refund?", "払い戻しはできますか", "¿Dónde está?", "🤔🤔", "。。。", "1", "asdfgh", "<b>x</b>"],
)
def test_anything_gets_some_answer_or_silence(desk: Desk, text: str) -> None:
    reply = desk.hears(text)

    assert "<b>" not in reply.text


@pytest.mark.parametrize("text", ["在吗", "有人吗", "您好，在吗？"])
def test_whether_anybody_is_there_is_answered_and_urges_nobody(desk: Desk, text: str) -> None:
    desk.accepted()

    for _ in range(2):
        said = desk.says(text)
        assert "在的" in said
        assert "工单 1001 处理中" in said

    assert desk.order().urged == ()


@pytest.mark.parametrize(
    "text", ["报障 622202*********0128 刷不了", "报障 提示[已屏蔽:验证码]是什么", "报障 收银台打不开"]
)
def test_only_what_was_masked_is_warned_of(desk: Desk, text: str) -> None:
    assert "请勿发送" not in desk.says(text)
