"""Journeys of questions: answered, not answered, and handed to a person."""

from __future__ import annotations

from tests.support.stage import BOT, Stage
from workorders.orders.order import State


def test_a_known_question_is_answered_in_the_group_with_three_ways_on(stage: Stage) -> None:
    answer = stage.says("xiaowang", f"{BOT} 发票查验网址是什么", group="wrXINGHE")

    assert "inv-veri.chinatax.gov.cn" in answer
    for way in ("已解决", "没解决", "转人工"):
        assert way in answer


def test_没解决_after_an_answer_opens_an_order_with_the_question(stage: Stage) -> None:
    stage.says("xiaowang", f"{BOT} 发票查验网址是什么", group="wrXINGHE")

    said = stage.presses("xiaowang", "没解决", group="wrXINGHE")

    assert "1001" in said
    assert "发票查验网址" in stage.order().text
    assert stage.order().state is State.OPEN


def test_没解决_in_words_does_the_same_where_there_are_no_buttons(stage: Stage) -> None:
    stage.says("xiaowang", "发票查验网址是什么", door="app")

    said = stage.says("xiaowang", "没解决", door="app")

    assert "1001" in said
    assert "发票查验网址" in stage.order().text


def test_an_unclear_question_names_its_nearest_and_a_bare_digit_answers_it(stage: Stage) -> None:
    asked = stage.says("xiaowang", f"{BOT} 查询", group="wrXINGHE")
    assert "都不是" in asked

    answer = stage.says("xiaowang", f"{BOT} 1", group="wrXINGHE")

    assert answer
    assert "都不是" not in answer


def test_an_unknown_question_gets_an_honest_no_and_a_one_tap_order(stage: Stage) -> None:
    answer = stage.says("xiaowang", f"{BOT} 珠穆朗玛峰有多高", group="wrXINGHE")
    assert "没有找到" in answer

    stage.presses("xiaowang", "提交工单", group="wrXINGHE")

    assert "珠穆朗玛峰" in stage.order().text


def test_转人工_in_one_word_opens_an_order_at_once(stage: Stage) -> None:
    stage.says("xiaowang", f"{BOT} 发票查验网址是什么", group="wrXINGHE")

    answer = stage.says("xiaowang", f"{BOT} 人工", group="wrXINGHE")

    assert "1001" in answer
    assert "10:05" in answer


def test_progress_is_told_to_the_partner_and_not_to_another(stage: Stage) -> None:
    stage.opens()

    mine = stage.says("xiaozhao", f"{BOT} 进度 1001", group="wrXINGHE")
    theirs = stage.says("xiaolin", f"{BOT} 进度 1001", group="wrYUNFAN")

    assert "10:05" in mine
    assert "收银台" not in theirs
    assert "没有找到" in theirs
