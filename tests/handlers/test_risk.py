"""What is never done in a chat: settlement accounts are not changed, and nobody is helped with cash-out."""

from __future__ import annotations

import pytest

from tests.handlers.stage import (
    HOTLINE,
    LAO_LI,
    LAO_WU,
    STRANGER,
    XIAO_SUN,
    XIAO_WANG,
    XIAO_ZHAO,
    XINGHE_GROUP,
    Desk,
)


@pytest.mark.parametrize(
    "text",
    [
        "帮我改一下结算卡",
        "改结算卡",
        "结算账户换成 6222021234567890128",
        "结算卡改成622202*********0128可以吗",
        "麻烦更换收款账户",
        "开单 把星河的结算银行卡变更为新卡",
        "紧急 换结算账号 6222021234567890128",
        "把货款打到这张新卡 6222021234567890128",
        "结算卡换一张",
        "变更对公账户",
    ],
)
def test_a_settlement_account_is_not_changed_in_a_chat(desk: Desk, text: str) -> None:
    said = desk.says(text, XIAO_WANG, XINGHE_GROUP)

    assert said.splitlines()[:2] == [
        f"聊天中不受理结算账户变更。请由贵方登记的对接人拨打热线 {HOTLINE}，核验身份后办理。",
        "已同时通知贵方登记的对接人。",
    ]
    assert desk.count == 0


@pytest.mark.parametrize(
    "text", ["怎么改结算卡", "结算卡可以改吗", "改结算卡一直失败", "结算卡换了怎么还没到账", "换了结算卡"]
)
def test_who_asks_how_or_says_that_it_failed_is_answered_as_ever(desk: Desk, text: str) -> None:
    assert "不受理结算账户变更" not in desk.says(text, XIAO_WANG)
    assert desk.letters_to(LAO_WU) == []


def test_the_partner_s_other_contacts_and_our_supervisor_hear_of_it(desk: Desk) -> None:
    desk.hears("结算账户换成 6222021234567890128", XIAO_WANG, XINGHE_GROUP)

    assert desk.letters_to(XIAO_WANG) == []
    assert desk.letters_to(XIAO_SUN) == []
    assert desk.last_letter_to(XIAO_ZHAO).text == (
        "结算账户变更提醒：星河支付 的小王 11-23 14:30 在「星河支付-服务群」要求变更结算账户，我方未受理。\n"
        f"如非贵方本意，请立即拨打热线 {HOTLINE}。"
    )
    assert desk.last_letter_to(LAO_WU).text == (
        "结算账户变更请求，未受理：星河支付 的小王 11-23 14:30 在「星河支付-服务群」"
        "提出「结算账户换成 622202＊＊＊＊＊＊＊＊＊0128」。\n"
        "已请对方走热线核验；已通知对方登记的对接人：小赵。"
    )


def test_who_repeats_themself_is_reported_once_a_day(desk: Desk) -> None:
    for _ in range(3):
        desk.hears("改结算卡", XIAO_WANG)

    assert len(desk.letters_to(XIAO_ZHAO)) == len(desk.letters_to(LAO_WU)) == 1


def test_a_stranger_s_request_is_a_supervisor_s_to_look_at(desk: Desk) -> None:
    assert desk.says("改结算卡", STRANGER).endswith("核验身份后办理。")
    assert "无人可通知" in desk.last_letter_to(LAO_WU).text


def test_cash_out_is_refused_in_one_sentence_and_a_supervisor_is_told(desk: Desk) -> None:
    said = desk.says("怎么帮商户套现", XIAO_WANG)

    assert said == "该类业务不受理，请勿在此讨论；如需帮助请联系客服负责人。"
    assert desk.last_letter_to(LAO_WU).text == (
        "合规提醒：星河支付 的小王 11-23 14:30 在单聊中提出「怎么帮商户套现」，已按固定话术拒绝。\n"
        "请判断是否转报风控。"
    )


def test_our_own_people_are_told_not_to_paste_and_others_not_to_send(desk: Desk) -> None:
    ours = desk.says("客户的卡 6222021234567890128 刷不了", LAO_LI)
    theirs = desk.says("我的卡 6222021234567890128 刷不了", XIAO_WANG)

    assert (
        ours.splitlines()[-1]
        == "请勿在聊天中粘贴银行卡号、密码、验证码，相关内容已屏蔽；请让客户也不要发送。"
    )
    assert theirs.splitlines()[-1] == "请勿发送银行卡号、密码、验证码，我们不会索取；相关内容已屏蔽。"
