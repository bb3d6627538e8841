"""Stars for a closed order: one tap, a reason where there were few, and then silence."""

from __future__ import annotations

import pytest

from tests.handlers.stage import LAO_LI, XIAO_WANG, XIAO_ZHAO, Desk
from workorders.letters import Letter
from workorders.orders.order import State
from workorders.orders.telling import moot


def asked(desk: Desk) -> list[Letter]:
    return [x for x in desk.letters_to(XIAO_WANG) if x.kind == "stars"]


def closed(desk: Desk) -> int:
    number = desk.solved().number
    desk.says(f"已解决 {number}")
    assert desk.order(number).state is State.CLOSED
    return number


def test_the_reporter_of_a_closed_order_is_asked_for_stars_by_a_card(desk: Desk) -> None:
    closed(desk)

    card = desk.last_letter_to(XIAO_WANG).card
    assert card is not None
    assert [b.text for b in card.buttons] == ["5 星", "4 星", "3 星", "2 星", "1 星"]
    assert "工单 1001" in card.title


def test_one_tap_rates_it_once_and_many_stars_need_no_reason(desk: Desk) -> None:
    closed(desk)

    card = desk.presses("stars:1001:5")

    assert "已记录 5 星，谢谢" in card.body
    assert card.buttons == ()
    assert desk.order().stars == 5
    assert "已经评价过" in desk.presses("stars:1001:1").body
    assert desk.order().stars == 5
    assert moot(asked(desk)[0], desk.order()) == "it was rated"


def test_few_stars_ask_why_on_the_same_card(desk: Desk) -> None:
    closed(desk)

    card = desk.presses("stars:1001:3")
    assert [b.text for b in card.buttons] == ["慢", "没解决", "态度", "其他"]
    done = desk.presses("stars_why:1001:unsolved")

    assert "重开 1001" in done.body
    assert (desk.order().stars, desk.order().stars_reason) == (3, "unsolved")
    assert "已经评价过" in desk.presses("stars_why:1001:slow").body
    events = desk.orders.events(1001)
    assert [e.facts for e in events[-2:]] == [{"stars": 3}, {"stars": 3, "why": "unsolved"}]


@pytest.mark.parametrize(
    ("words", "reason"), [("太慢了", "slow"), ("态度不好", "attitude"), ("其他", "other")]
)
def test_few_stars_in_words_ask_why_and_take_one_word_for_it(desk: Desk, words: str, reason: str) -> None:
    closed(desk)

    assert "哪方面" in desk.says("评价 1001 2 星")
    assert "谢谢" in desk.says(words)

    assert (desk.order().stars, desk.order().stars_reason) == (2, reason)


def test_a_new_fault_after_few_stars_is_no_reason_for_them(desk: Desk) -> None:
    closed(desk)
    desk.says("评价 1001 2 星")

    assert "工单 1002 已开" in desk.says("报障 打印机慢得没法用了")
    assert desk.order().stars_reason == ""


@pytest.mark.parametrize(
    ("said", "stars", "why"),
    [
        ("评价 1001 5 星", 5, ""),
        ("评价1001，2星，慢", 2, "slow"),
        ("1001 评价 一星 没解决", 1, "unsolved"),
        ("打分 １００１ ４", 4, ""),
    ],
)
def test_stars_may_be_typed(desk: Desk, said: str, stars: int, why: str) -> None:
    closed(desk)

    assert f"已记录 {stars} 星" in desk.says(said)
    assert (desk.order().stars, desk.order().stars_reason) == (stars, why)


def test_what_are_no_stars_is_refused(desk: Desk) -> None:
    closed(desk)

    assert "请给 1 至 5 星" in desk.says("评价 1001 6")
    assert "请给 1 至 5 星" in desk.says("评价 1001 0 星")
    assert "失效" in desk.presses("stars:1001:9").body
    assert "失效" in desk.presses("stars_why:1001:rude").body
    assert desk.order().stars is None


def test_only_the_reporter_rates_and_only_what_is_over(desk: Desk) -> None:
    desk.accepted()
    assert "不能评价" in desk.says("评价 1001 5")
    desk.says("解决 1001 已重启", LAO_LI)
    for somebody in (XIAO_ZHAO, LAO_LI):
        assert "由报障人本人评价" in desk.says("评价 1001 5", somebody)
    assert "已记录 5 星" in desk.says("评价 1001 5")


def test_after_48_hours_it_is_silent(desk: Desk) -> None:
    closed(desk)
    desk.minutes_pass(48 * 60 + 1)

    assert "已截止" in desk.presses("stars:1001:5").body
    assert desk.order().stars is None


def test_a_reporter_who_let_two_orders_close_by_silence_in_a_week_is_not_asked(desk: Desk) -> None:
    for _ in range(2):
        desk.solved()
    desk.minutes_pass(2 * 24 * 60)
    assert [o.state for o in desk.orders.rows.values()] == [State.CLOSED, State.CLOSED]
    assert len(asked(desk)) == 1

    closed(desk)
    assert len(asked(desk)) == 1

    desk.minutes_pass(8 * 24 * 60)
    closed(desk)
    assert len(asked(desk)) == 2


def test_an_order_reopened_and_closed_again_is_asked_about_once(desk: Desk) -> None:
    number = closed(desk)
    desk.says(f"重开 {number}")
    assert moot(asked(desk)[0], desk.order()) == "the order is accepted"
    desk.says(f"解决 {number} 又重启", LAO_LI)
    desk.says(f"已解决 {number}")

    assert len(asked(desk)) == 1


def test_our_own_people_are_not_asked(desk: Desk) -> None:
    desk.reported(sender=LAO_LI)
    desk.says("接单 1001", LAO_LI)
    desk.says("解决 1001 已重启", LAO_LI)
    desk.says("关闭 1001 已确认", LAO_LI)

    assert desk.order().state is State.CLOSED
    assert [x.kind for x in desk.letters_to(LAO_LI) if x.kind == "stars"] == []
