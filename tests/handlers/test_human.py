"""转人工 in one word, and what only looks like it."""

from __future__ import annotations

import pytest

from tests.handlers.stage import LAO_LI, XIAO_WANG, Desk
from workorders.orders.order import State

ASKS_FOR_A_PERSON = [
    "转人工",
    "人工",
    "真人",
    "客服",
    "找人",
    "人工客服",
    "转接人工",
    "转人工！！！",
    "我要转人工",
    "请转人工",
    "麻烦转人工",
    "找客服",
    "有人工吗",
    "能转人工吗",
    "怎么转人工",
    "转 人工".replace(" ", ""),
    "我要找人工客服",
    "给我转人工吧",
    "换人工",
    "联系客服",
    "人工服务",
]

IS_SOMETHING_ELSE = [
    "退款怎么转人工审核",
    "人工费怎么算",
    "客服电话多少",
    "转人工审核要多久",
    "真人认证怎么做",
    "找人代付可以吗",
    "客服工号在哪看",
    "人工成本高吗",
    "转人民币怎么操作",
    "找人工作",
    "人工审核不通过",
    "客服热线几点上班",
    "怎么联系商户的客服",
]


@pytest.mark.parametrize("text", ASKS_FOR_A_PERSON)
def test_a_person_is_asked_for(desk: Desk, text: str) -> None:
    desk.hears("POS机刷卡报错")

    said = desk.says(text)

    assert "已转人工：工单 1001" in said
    assert desk.order().text == "POS机刷卡报错"


@pytest.mark.parametrize("text", IS_SOMETHING_ELSE)
def test_no_person_is_asked_for(desk: Desk, text: str) -> None:
    desk.hears("POS机刷卡报错")

    desk.hears(text)

    assert desk.count == 0


def test_it_names_who_has_it_and_by_when(desk: Desk) -> None:
    desk.hears("收银台打不开")

    said = desk.says("转人工")

    assert "老李" in said
    assert "今天 14:35" in said


def test_with_nothing_to_hand_over_one_short_question_is_asked(desk: Desk) -> None:
    assert "一句话" in desk.says("转人工")
    assert desk.count == 0

    said = desk.says("收银台打不开")

    assert "已转人工：工单 1001" in said
    assert desk.order().text == "收银台打不开"


def test_what_stands_beside_it_is_the_problem(desk: Desk) -> None:
    desk.hears("转人工，收银台打不开")

    assert desk.order().text == "收银台打不开"


def test_an_answer_that_was_not_enough_is_handed_over(desk: Desk) -> None:
    desk.hears("怎么退款")

    desk.hears("转人工")

    assert desk.order().text == "怎么退款"
    assert desk.answers.outcomes == {1: "human"}


def test_saying_it_twice_opens_one_order(desk: Desk) -> None:
    desk.hears("收银台打不开")

    assert "工单 1001" in desk.says("转人工")
    assert "工单 1001" in desk.says("人工")
    assert desk.count == 1


def test_thanks_in_between_forgets_nothing(desk: Desk) -> None:
    desk.hears("收银台打不开")
    desk.hears("好的")

    desk.hears("转人工")

    assert desk.order().text == "收银台打不开"


def test_after_hours_it_names_the_next_opening_and_the_hotline(desk: Desk) -> None:
    desk.it_is("2026-11-27 22:00")
    desk.hears("收银台打不开")

    said = desk.says("转人工")

    assert "11月30日（周一）09:00" in said
    assert "400-000-1234" in said
    assert "「紧急」" in said


def test_a_question_of_this_morning_is_not_handed_over(desk: Desk) -> None:
    desk.hears("收银台打不开")
    desk.minutes_pass(31)

    assert "一句话" in desk.says("转人工")


def test_asking_for_a_person_again_tells_whoever_has_the_order_and_promises_nothing_that_has_passed(
    desk: Desk,
) -> None:
    desk.says("开单 鼠标失灵", XIAO_WANG)
    desk.minutes_pass(6)

    said = desk.says("转人工", XIAO_WANG)

    assert "已超时" in said
    assert "最晚" not in said
    assert any(letter.kind == "urged" for letter in desk.letters.posted.values())


def test_a_command_nobody_knows_is_no_reason(desk: Desk) -> None:
    desk.says("开单 键盘失灵", XIAO_WANG)
    desk.says("退回 1001", LAO_LI)

    said = desk.says("合成 1001 1013", LAO_LI)

    assert "原因" in said
    assert desk.order(1001).state is State.OPEN
    assert "已退回" in desk.says("不属于本系统", LAO_LI)


def test_撤回_of_a_question_withdraws_no_order(desk: Desk) -> None:
    desk.says("紧急 副屏全部黑屏", XIAO_WANG)
    desk.says("开单", XIAO_WANG)

    desk.says("撤回", XIAO_WANG)

    assert desk.order(1001).state is State.OPEN


def test_good_news_about_nothing_is_no_question_and_no_problem(desk: Desk) -> None:
    assert desk.says("谢谢，解决了", XIAO_WANG) in ("", "好的，有问题随时说。")
