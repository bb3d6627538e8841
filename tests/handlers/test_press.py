"""Buttons: judged by state and by who pressed, whatever the key."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.handlers.stage import DUTY_GROUP, LAO_LI, LAO_WU, LAO_ZHOU, XIAO_SUN, XIAO_WANG, Desk
from workorders.orders.order import State


def test_accepting_offers_the_next_step(desk: Desk) -> None:
    desk.reported()

    card = desk.presses("accept:1001", LAO_LI)

    assert desk.order().owner == "laoli"
    assert "您已接单：工单 1001" in card.body
    assert [button.key for button in card.buttons] == [
        "propose:1001",
        "solve:1001",
        "hand_over:1001",
        "more:1001",
    ]


def test_an_order_is_handed_to_somebody_on_duty_by_two_presses(desk: Desk) -> None:
    desk.accepted()

    offered = desk.presses("hand_over:1001", LAO_LI)
    desk.presses("hand:1001:laozhou", LAO_LI)

    assert "hand:1001:laozhou" in [button.key for button in offered.buttons]
    assert "hand:1001:laoli" not in [button.key for button in offered.buttons]
    assert desk.order().owner == "laozhou"
    received = desk.last_letter_to(LAO_ZHOU).card
    assert received
    assert [b.key for b in received.buttons][:3] == ["propose:1001", "solve:1001", "hand_over:1001"]


def test_nobody_hands_over_what_is_not_theirs_or_to_somebody_who_works_no_orders(desk: Desk) -> None:
    desk.accepted()

    refused = desk.presses("hand_over:1001", LAO_ZHOU)
    desk.presses("hand:1001:laochen", LAO_ZHOU)
    desk.presses("hand:1001:xiaowang", LAO_LI)
    desk.presses("hand:1001:", LAO_LI)

    assert not refused.buttons
    assert desk.order().owner == "laoli"


def test_who_is_told_last_of_a_lateness_may_take_it_on_or_hand_it_over(desk: Desk) -> None:
    desk.reported()
    desk.minutes_pass(25)
    nobodys = desk.last_letter_to(LAO_WU)
    desk.reported("打印机不出纸")
    desk.presses("accept:1002", LAO_LI)
    desk.minutes_pass(25)
    owned = desk.last_letter_to(LAO_WU)

    assert nobodys.card
    assert owned.card
    assert [b.key for b in nobodys.card.buttons] == ["accept:1001", "hand_over:1001", "more:1001"]
    assert [b.key for b in owned.card.buttons] == ["take:1002", "hand_over:1002", "more:1002"]
    assert "接手 1002" in owned.text
    assert owned.card.call == "小王"


def test_a_stale_press_says_who_already_did_what(desk: Desk) -> None:
    desk.reported()
    desk.minutes_pass(4)
    desk.presses("accept:1001", LAO_ZHOU)
    desk.minutes_pass(2)

    card = desk.presses("accept:1001", LAO_LI)

    assert card.done == "老周已于今天 14:34 接单"
    assert "接手 1001" in card.body
    assert desk.order().owner == "laozhou"


def test_a_press_in_a_group_is_judged_by_who_pressed(desk: Desk) -> None:
    desk.reported()

    refused = desk.presses("accept:1001", XIAO_WANG, DUTY_GROUP)
    assert desk.order().owner is None
    assert "由处理人员操作" in refused.body

    desk.presses("accept:1001", LAO_ZHOU, DUTY_GROUP)
    assert desk.order().owner == "laozhou"


def test_a_bundle_accepts_what_can_be_accepted(desk: Desk) -> None:
    desk.reported("收银台打不开")
    desk.reported("打印机不出纸")
    desk.reported("扫码失败")
    desk.hears("接单 1002", LAO_ZHOU)

    card = desk.presses("accept:1001,1002,1003", LAO_LI)

    assert [desk.order(n).owner for n in (1001, 1002, 1003)] == ["laoli", "laozhou", "laoli"]
    assert "1001、1003" in card.body
    assert "老周已于" in card.body


def test_a_plan_is_asked_for_in_the_card_and_taken_from_the_next_message(desk: Desk) -> None:
    desk.accepted()

    card = desk.presses("propose:1001", LAO_LI)
    assert "方案" in card.body
    assert "完成时间" in card.body

    desk.hears("更换机具，今天18:00", LAO_LI)
    assert "更换机具" in desk.last_letter_to(XIAO_WANG).text


def test_a_plan_is_not_asked_of_whoever_cannot_give_it(desk: Desk) -> None:
    desk.accepted()

    card = desk.presses("propose:1001", LAO_ZHOU)

    assert "老李处理中" in card.body
    assert "没有看懂" in desk.says("更换机具，今天18:00", LAO_ZHOU)


def test_a_reporter_says_by_button_whether_it_is_solved(desk: Desk) -> None:
    desk.solved()

    assert "已重开" in desk.presses("unsolved:1001").body
    desk.hears("解决 1001", LAO_LI)
    assert "已关闭" in desk.presses("close:1001").body
    assert desk.order().state is State.CLOSED


def test_urging_by_button(desk: Desk) -> None:
    desk.accepted()

    assert "已催工单 1001" in desk.presses("urge:1001").body


FORGED = [
    "",
    ":",
    "accept",
    "accept:",
    "accept:abc",
    "accept:9999",
    "accept:1001;drop",
    "accept:-1",
    "accept:1001,",
    "propose:1001,1002",
    "faq_solved:999",
    "faq_unsolved:1e3",
    "human:../../etc",
    "ask:nothing",
    "ask:",
    "none_of:",
    "open_urgent:",
    "eval:1",
    "solve:99999999999",
    "accept:" + ",".join(["1001"] * 200),
    "accept:１００１",
]


@pytest.mark.parametrize("key", FORGED)
def test_a_forged_key_does_nothing(desk: Desk, key: str) -> None:
    desk.accepted()
    before = desk.order()

    card = desk.presses(key, XIAO_SUN)

    assert card.body
    assert desk.order() == before
    assert desk.count == 1


VERBS = st.sampled_from(["accept", "ask", "human", "none_of", "open_daily"])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.text(max_size=40) | st.builds("{}:{}".format, VERBS, st.text(max_size=20)))
def test_any_key_is_answered(desk: Desk, key: str) -> None:
    assert desk.presses(key).body
