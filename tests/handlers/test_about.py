"""What a reporter says about an order, and what only a live person would hear in ???."""

from __future__ import annotations

import pytest

from tests.handlers.stage import LAO_LI, XIAO_SUN, XIAO_WANG, XINGHE_GROUP, Desk
from workorders.orders.order import State, Verb


def test_naming_the_order_passes_the_words_on(desk: Desk) -> None:
    desk.accepted()

    said = desk.says("1001 终端号是 T-1")

    assert "工单 1001" in said
    assert "老李" in said
    assert "终端号是 T-1" in desk.last_letter_to(LAO_LI).text


def test_quoting_us_names_the_order(desk: Desk) -> None:
    desk.accepted(group=XINGHE_GROUP)

    desk.hears(
        "终端号是 T-1", XIAO_WANG, XINGHE_GROUP, quote="工单 1001 已由老李接单，最晚 14:50 解决或给出方案。"
    )

    assert "T-1" in desk.last_letter_to(LAO_LI).text


def test_naming_a_paused_order_resumes_it(desk: Desk) -> None:
    desk.paused()

    assert desk.says("1001 终端号是 T-1") == "已转给老李，工单 1001 继续计时。"
    assert desk.order().state is State.ACCEPTED


def test_anything_resumes_their_only_paused_order(desk: Desk) -> None:
    desk.paused()

    assert "工单 1001 继续计时" in desk.says("终端号是 T-1")
    assert desk.order().state is State.ACCEPTED


def test_a_question_meanwhile_is_answered_as_well(desk: Desk) -> None:
    desk.paused()

    said = desk.says("怎么退款")

    assert "继续计时" in said
    assert "商户后台" in said


def test_thanks_resume_nothing(desk: Desk) -> None:
    desk.paused()

    assert desk.says("好的，谢谢") == ""
    assert desk.order().state is State.PAUSED


def test_a_picture_may_be_what_was_awaited(desk: Desk) -> None:
    desk.paused()

    desk.hears(kind="picture")

    assert desk.order().state is State.ACCEPTED
    assert "图片" in desk.last_letter_to(LAO_LI).text


def test_with_two_paused_the_order_must_be_named(desk: Desk) -> None:
    desk.paused("收银台打不开")
    desk.paused("打印机不出纸")

    desk.hears("终端号是 T-1")

    assert [desk.order(n).state for n in (1001, 1002)] == [State.PAUSED, State.PAUSED]


def test_what_is_said_of_a_closed_order_is_told_how_to_go_on(desk: Desk) -> None:
    desk.solved()
    desk.hears("好了")

    assert "重开 1001" in desk.says("1001 终端号是 T-1")


def test_nobody_speaks_of_another_companys_order(desk: Desk) -> None:
    desk.accepted()
    events = desk.order().events

    desk.hears("1001 终端号是 T-1", XIAO_SUN)

    assert desk.order().events == events


@pytest.mark.parametrize(
    "text",
    [
        "???",
        "？？？",
        "急",
        "急急急",
        "怎么还没好",
        "快点",
        "还没好吗",
        "人呢？",
        "好了吗",
        "什么时候能好",
    ],
)
def test_impatience_urges(desk: Desk, text: str) -> None:
    desk.accepted()

    said = desk.says(text)

    assert "已催工单 1001" in said
    assert "老李" in said
    assert [e.verb for e in desk.orders.events(1001)][-1] is Verb.URGE


@pytest.mark.parametrize("text", ["在吗", "你好", "您好", "？？？", "有人吗", "hi"])
def test_with_nothing_to_urge_it_is_there(desk: Desk, text: str) -> None:
    assert "在的" in desk.says(text)
    assert desk.answers.gaps == []


def test_a_greeting_urges_nobody(desk: Desk) -> None:
    desk.accepted()
    events = desk.order().events

    desk.hears("你好")

    assert desk.order().events == events


def test_the_desk_is_not_urged_by_itself(desk: Desk) -> None:
    desk.accepted()
    events = desk.order().events

    desk.hears("在吗", LAO_LI)

    assert desk.order().events == events


def test_still_unsolved_reopens_what_was_solved_last(desk: Desk) -> None:
    desk.hears("怎么退款", group=XINGHE_GROUP)
    for question in ("甲机不亮", "乙机不亮", "丙机不亮"):
        desk.hears(question, group=XINGHE_GROUP)
    desk.minutes_pass(1)
    desk.solved(group=XINGHE_GROUP)

    assert "工单 1001 已重开" in desk.says("还是不行", group=XINGHE_GROUP)
    assert desk.count == 1


def test_an_unanswered_question_is_no_newer_answer_than_a_solved_order(desk: Desk) -> None:
    desk.hears("怎么退款", group=XINGHE_GROUP)
    desk.minutes_pass(1)
    desk.solved(group=XINGHE_GROUP)
    desk.minutes_pass(1)
    desk.hears("退款的事情想了解下怎么弄几天", group=XINGHE_GROUP)
    desk.hears("POS机刷卡报错", group=XINGHE_GROUP)

    assert "工单 1001 已重开" in desk.says("没解决", group=XINGHE_GROUP)
    assert desk.count == 1
