"""How far an order is, and who may know."""

from __future__ import annotations

import pytest

from tests.handlers.stage import (
    DUTY_GROUP,
    LAO_LI,
    LAO_WU,
    XIAO_HE,
    XIAO_SUN,
    XIAO_WANG,
    XIAO_ZHAO,
    XINGHE_GROUP,
    YUNFAN_GROUP,
    Desk,
)

ASKS = [
    "进度 1001",
    "进度1001",
    "１００１",
    "1001",
    "#1001",
    "工单1001",
    "1001 怎么样了",
    "进度 1 0 0 1",
    "1 0 0 1",
    "查一下1001单子到哪了",
    "查一下 1001",
    "1001到哪了",
    "1001 进度",
    "工单1001好了吗",
    "查询 1001",
    "1001 什么时候好",
    "1001 处理得怎么样了？",
    "进度",
    "查进度",
    "我的工单",
    "到哪了",
]


@pytest.mark.parametrize("text", ASKS)
def test_it_asks_for_progress(desk: Desk, text: str) -> None:
    desk.accepted()
    events = desk.order().events

    said = desk.says(text)

    assert "工单 1001：处理中，老李负责，今天 14:50 前解决或给出方案" in said
    assert "「收银台打不开」" in said
    assert desk.order().events == events


def test_it_explains_the_due_moment(desk: Desk) -> None:
    desk.it_is("2026-11-27 17:58")
    desk.reported()

    said = desk.says("为什么 1001")

    assert "11月30日（周一）09:03" in said
    assert "+2 分钟 周五 17:58–18:00" in said
    assert "周末 11-28 至 11-29 休息" in said


def test_the_time_an_order_was_paused_is_part_of_the_explanation(desk: Desk) -> None:
    desk.paused()
    desk.minutes_pass(60)
    desk.hears("终端号是 12345678")

    said = desk.says("为什么 1001")

    assert "今天 15:50" in said
    assert "挂起不计" in said


def test_where_no_clock_runs_the_state_is_said(desk: Desk) -> None:
    desk.paused()
    assert "挂起中，老李负责，等待「终端号」，计时暂停" in desk.says("进度")

    desk.hears("解决 1001", LAO_LI)
    assert "老李已于今天 14:30 解决" in desk.says("进度 1001")


def test_a_missed_moment_is_called_missed(desk: Desk) -> None:
    desk.reported()
    desk.minutes_pass(10)

    assert "已超时" in desk.says("进度 1001")


def test_several_are_listed(desk: Desk) -> None:
    desk.reported("收银台打不开")
    desk.reported("打印机不出纸")

    said = desk.says("进度")

    assert "工单 1001" in said
    assert "工单 1002" in said


def test_desk_staff_see_what_they_own_and_then_what_waits_for_their_roles(desk: Desk) -> None:
    desk.accepted("收银台打不开")
    desk.reported("对账单金额不对")
    desk.reported("扫码失败")

    said = desk.says("进度", LAO_LI)

    assert said.index("工单 1001") < said.index("工单 1003")
    assert "工单 1002" not in said, "对账 is 中台's"
    assert "等您接单" in desk.says("进度", XIAO_HE), "nothing waits for the hotline"
    assert "工单 1002" in desk.says("进度", LAO_WU), "who supervises sees all that waits"


def test_a_colleague_may_know_another_company_may_not(desk: Desk) -> None:
    desk.accepted()

    assert "老李负责" in desk.says("进度 1001", XIAO_ZHAO)
    theirs = desk.says("进度 1001", XIAO_SUN)
    assert "没有找到工单 1001" in theirs
    assert "收银台" not in theirs


def test_in_another_companys_group_nothing_is_shown(desk: Desk) -> None:
    desk.accepted(group=XINGHE_GROUP)

    assert "老李负责" in desk.says("进度 1001", XIAO_WANG, XINGHE_GROUP)
    for sender, group in ((XIAO_WANG, YUNFAN_GROUP), (LAO_LI, YUNFAN_GROUP)):
        said = desk.says("进度 1001", sender, group)
        assert "收银台" not in said
        assert "单聊" in said
    assert "老李" in desk.says("进度 1001", XIAO_WANG)
    assert "收银台" in desk.says("进度 1001", LAO_LI, DUTY_GROUP)


def test_phones_are_masked_in_groups(desk: Desk) -> None:
    desk.reported("收银台打不开，联系 13812345678", group=XINGHE_GROUP)

    assert "138****5678" in desk.says("进度 1001", XIAO_WANG, XINGHE_GROUP)
    assert "13812345678" in desk.says("进度 1001", XIAO_WANG)


def test_with_none_it_says_how_to_report(desk: Desk) -> None:
    assert "报障" in desk.says("进度")


@pytest.mark.parametrize("text", ["进度 0", "进度 37", "查进度 工单 12345678"])
def test_a_number_no_order_can_have_is_not_found(desk: Desk, text: str) -> None:
    assert "没有找到工单" in desk.says(text)
