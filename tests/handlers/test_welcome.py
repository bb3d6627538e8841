"""Who opens the conversation is told what they may ask, and what is kept of it."""

from __future__ import annotations

from tests.handlers.stage import LAO_LI, XIAO_WANG, Desk


def test_a_partner_is_told_what_is_kept_why_and_how_long(desk: Desk) -> None:
    said = desk.says("", XIAO_WANG, kind="enter").splitlines()

    assert said[-2:] == [
        "为处理您的问题，聊天内容保存 180 天，工单内容保存 3 年，不作他用。",
        "请勿发送银行卡号、密码、验证码，我们不会索取。",
    ]


def test_our_own_people_are_not_greeted(desk: Desk) -> None:
    assert desk.says("", LAO_LI, kind="enter") == ""


def test_a_question_of_ours_stands_although_they_look_in_again(desk: Desk) -> None:
    desk.accepted()
    assert "方案" in desk.says("给方案 1001", LAO_LI)

    desk.says("", LAO_LI, kind="enter")

    assert "方案已发给报障人" in desk.says("更换机具，今天18:00", LAO_LI)
