"""Questions: one answer, a menu, an honest none; and what becomes of them."""

from __future__ import annotations

import pytest

from handlers import memory
from tests.handlers.stage import (
    ARTICLES,
    LAO_LI,
    XIAO_SUN,
    XIAO_WANG,
    XIAO_ZHAO,
    XINGHE_GROUP,
    Articles,
    Desk,
)
from workorders.orders.order import Kind, State


def keys(card: object) -> list[str]:
    assert card is not None
    return [button.key for button in card.buttons]  # type: ignore[attr-defined]


def test_an_answer_comes_conclusion_first_with_what_to_do_next(desk: Desk) -> None:
    reply = desk.hears("怎么退款")

    assert reply.text.startswith("**在商户后台的交易详情里退款。**")
    for way in ("「没解决」", "「转人工」"):
        assert way in reply.text
    assert keys(reply.card) == ["faq_solved:1", "faq_unsolved:1", "human:1"]


def test_the_app_gets_plain_text(desk: Desk) -> None:
    said = desk.says("怎么退款", door="app")

    assert said.startswith("在商户后台的交易详情里退款。")
    assert "**" not in said


def test_an_unverified_article_says_so(desk: Desk) -> None:
    assert "未" in desk.says("商户后台忘记密码怎么办")


def test_an_unverified_article_is_only_offered_where_it_may_not_answer(desk: Desk) -> None:
    desk.library = Articles(ARTICLES)

    said = desk.says("商户后台忘记密码怎么办")

    assert "您是想问" in said
    assert "商户后台忘记密码怎么办" in said
    assert "未" not in said


@pytest.mark.parametrize("word", ["没解决", "还是不行", "没有解决", "不行", "没用"])
def test_an_answer_that_did_not_help_becomes_an_order(desk: Desk, word: str) -> None:
    desk.hears("怎么退款")

    said = desk.says(word)

    assert "工单 1001" in said
    assert desk.order().text == "怎么退款"
    assert desk.answers.outcomes == {1: "unsolved"}
    assert desk.answers.gaps == [("怎么退款", "refund-how", "unsolved")]


@pytest.mark.parametrize("word", ["已解决", "好了", "解决了", "好了谢谢", "可以了"])
def test_an_answer_that_helped_is_kept_as_such(desk: Desk, word: str) -> None:
    desk.hears("怎么退款")

    assert desk.says(word)
    assert desk.answers.outcomes == {1: "solved"}
    assert desk.count == 0


def test_the_buttons_do_the_same(desk: Desk) -> None:
    desk.hears("怎么退款")

    card = desk.presses("faq_unsolved:1")

    assert "工单 1001" in card.body
    assert desk.order().text == "怎么退款"


def test_pressing_twice_is_one_order(desk: Desk) -> None:
    desk.hears("怎么退款")
    desk.presses("faq_unsolved:1")

    card = desk.presses("faq_unsolved:1")

    assert "工单 1001" in card.body
    assert desk.count == 1


def test_a_person_is_a_press_away(desk: Desk) -> None:
    desk.hears("怎么退款")

    card = desk.presses("human:1")

    assert "已转人工" in card.body
    assert desk.answers.outcomes == {1: "human"}


def test_a_colleague_may_press_another_company_may_not(desk: Desk) -> None:
    desk.hears("怎么退款", group=XINGHE_GROUP)

    refused = desk.presses("faq_unsolved:1", XIAO_SUN)
    assert desk.count == 0
    assert "提问的人" in refused.body

    desk.presses("faq_unsolved:1", XIAO_ZHAO, XINGHE_GROUP)
    assert desk.order().reporter == "xiaozhao"


@pytest.fixture
def unsure(desk: Desk) -> Desk:
    """Somebody asked something near several articles."""
    assert "您是想问" in desk.says("退款的事情想了解下怎么弄几天")
    return desk


@pytest.mark.parametrize("digit", ["1", "１", "①", "第一个", "选1", "1。"])
def test_a_digit_answers_the_menu(unsure: Desk, digit: str) -> None:
    said = unsure.says(digit)

    assert "还没解决" in said
    assert unsure.answers.given_[0][0].question == "退款的事情想了解下怎么弄几天"


def test_nought_is_none_of_them(unsure: Desk) -> None:
    reply = unsure.hears("0")

    assert "没有找到" in reply.text
    assert unsure.answers.gaps[0][2] == "choose"
    unsure.hears("开单")
    assert unsure.order().text == "退款的事情想了解下怎么弄几天"


def test_a_digit_beyond_the_menu_is_asked_again(unsure: Desk) -> None:
    assert "序号" in unsure.says("9")
    assert "还没解决" in unsure.says("1")


def test_a_menu_stands_although_the_greeting_comes_after_it(unsure: Desk) -> None:
    unsure.says("", kind="enter")

    assert "还没解决" in unsure.says("1")


def test_a_menu_is_for_its_asker_only(desk: Desk) -> None:
    desk.hears("退款的事情想了解下怎么弄几天", XIAO_WANG, XINGHE_GROUP)

    assert "还没解决" not in desk.says("1", XIAO_ZHAO, XINGHE_GROUP)
    assert "还没解决" in desk.says("1", XIAO_WANG, XINGHE_GROUP)


def test_a_menu_may_be_pressed(unsure: Desk) -> None:
    card = unsure.presses("ask:refund-how")

    assert "在商户后台的交易详情里退款" in card.body
    assert keys(card) == ["faq_solved:1", "faq_unsolved:1", "human:1"]
    assert "① 打开交易详情" in unsure.says("1")


def test_none_is_said_honestly_and_kept_as_a_gap(desk: Desk) -> None:
    reply = desk.hears("珠穆朗玛峰有多高")

    assert "没有找到" in reply.text
    assert "「开单」" in reply.text
    assert desk.answers.gaps == [("珠穆朗玛峰有多高", desk.answers.gaps[0][1], "none")]
    id = memory.question_id("珠穆朗玛峰有多高")
    assert keys(reply.card) == [f"open_daily:{id}", f"open_urgent:{id}"]


@pytest.mark.parametrize(("button", "kind"), [(0, Kind.DAILY), (1, Kind.URGENT)])
def test_an_order_is_one_tap_away(desk: Desk, button: int, kind: Kind) -> None:
    reply = desk.hears("收银台打不开")

    card = desk.presses(keys(reply.card)[button])

    assert (desk.order().kind, desk.order().text) == (kind, "收银台打不开")
    assert "1001" in card.body


def test_the_tap_remembers_its_question_over_other_messages(desk: Desk) -> None:
    reply = desk.hears("收银台打不开")
    desk.hears("好的")
    desk.hears("怎么退款")

    desk.presses(keys(reply.card)[0])

    assert desk.order().text == "收银台打不开"


def test_a_question_nobody_remembers_is_asked_for_again(desk: Desk) -> None:
    card = desk.presses("open_daily:0123456789ab")

    assert "再说一遍" in card.body
    desk.hears("收银台打不开")
    assert desk.order().text == "收银台打不开"


def test_of_an_answer_and_an_order_the_newer_is_meant(desk: Desk) -> None:
    desk.solved()
    desk.minutes_pass(5)
    desk.hears("怎么退款")

    desk.hears("没解决")

    assert desk.order(1001).state is State.SOLVED
    assert desk.order(1002).text == "怎么退款"


def test_an_order_solved_after_the_answer_is_the_newer(desk: Desk) -> None:
    desk.accepted()
    desk.hears("怎么退款")
    desk.minutes_pass(5)
    desk.hears("解决 1001", LAO_LI)

    desk.hears("没解决")

    assert desk.order(1001).state is State.ACCEPTED
    assert desk.count == 1


@pytest.mark.parametrize(
    "text", ["没解决", "还是不行", "1001 没解决", "没解决 1001", "1001还是不行，又报错了", "又打不开了"]
)
def test_a_solved_order_that_is_not_is_reopened(desk: Desk, text: str) -> None:
    desk.solved()

    assert "已重开" in desk.says(text)
    assert desk.order().state is State.ACCEPTED


@pytest.mark.parametrize("text", ["已解决", "好了", "1001 已解决", "已解决 1001", "可以了，谢谢"])
def test_a_solved_order_that_is_so_is_closed(desk: Desk, text: str) -> None:
    desk.solved()

    assert "已关闭" in desk.says(text)
    assert desk.order().state is State.CLOSED


def test_a_quoted_message_names_the_order_that_is_not_solved(desk: Desk) -> None:
    desk.solved("收银台打不开")
    desk.solved("打印机不出纸")

    desk.hears("没解决", quote="工单 1001 已由老李解决。")

    assert desk.order(1001).state is State.ACCEPTED
    assert desk.order(1002).state is State.SOLVED
