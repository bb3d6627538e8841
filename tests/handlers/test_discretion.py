"""In a group of another company nothing is said of an order but its number and that it was done."""

from __future__ import annotations

import pytest

from handlers.commands import COMMANDS
from tests.handlers.stage import (
    DUTY_GROUP,
    LAO_LI,
    LAO_WU,
    LAO_ZHOU,
    XIAO_WANG,
    XINGHE_GROUP,
    YUNFAN_GROUP,
    Desk,
)
from workorders.directory.people import Group
from workorders.orders.order import State

SECRETS = (
    "小王",
    "星河",
    "老李",
    "老周",
    "收银台",
    "打印机",
    "重启",
    "14:",
    "15:",
    "处理中",
    "待接单",
    "挂起中",
)

ARGUMENTS = {
    "给方案": "重启服务，今天18:00",
    "解决": "重启了",
    "挂起": "等待终端号",
    "转交": "老周",
    "改派": "售后",
    "转日常": "不急了",
    "退回": "不属于本系统",
    "关闭": "已确认",
    "归属": "星河",
    "重开": "又打不开",
    "恢复": "终端号到了",
}
SENTENCES = [
    *(f"{command.name} 1001 {ARGUMENTS.get(command.name, '')}".strip() for command in COMMANDS),
    *(f"{command.name} 1001" for command in COMMANDS),
    "1001 怎么样了",
    "进度 1001",
    "进度",
    "为什么 1001",
    "没解决 1001",
    "已解决 1001",
    "紧急 1001",
    "接单",
    "解决",
    "接手",
    "接单 1001 1002",
]
STATES = ["open", "accepted", "paused", "solved"]


def _assert_nothing_known(said: str) -> None:
    assert [secret for secret in SECRETS if secret in said] == []


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("text", SENTENCES)
def test_no_verb_gives_away_another_companys_order(desk: Desk, text: str, state: str) -> None:
    stories = {"open": desk.reported, "accepted": desk.accepted, "paused": desk.paused, "solved": desk.solved}
    stories[state](group=XINGHE_GROUP)
    desk.reported("打印机不出纸", group=XINGHE_GROUP)
    desk.minutes_pass(1)

    for sender in (LAO_LI, LAO_ZHOU, LAO_WU, XIAO_WANG):
        _assert_nothing_known(desk.says(text, sender, YUNFAN_GROUP))
        _assert_nothing_known(desk.says(text, sender, chat="wrUNBOUND"))
        _assert_nothing_known(desk.says("解决", sender, YUNFAN_GROUP, quote="工单 1001 待接单"))


@pytest.mark.parametrize(
    "key", ["accept:1001", "solve:1001", "propose:1001", "accept:1001,1002", "close:1001"]
)
def test_no_press_gives_away_another_companys_order(desk: Desk, key: str) -> None:
    desk.accepted(group=XINGHE_GROUP)
    desk.reported("打印机不出纸", group=XINGHE_GROUP)
    desk.minutes_pass(1)

    for sender in (LAO_ZHOU, LAO_LI, XIAO_WANG):
        card = desk.presses(key, sender, YUNFAN_GROUP)
        _assert_nothing_known(f"{card}")


def test_the_verb_is_done_all_the_same(desk: Desk) -> None:
    desk.reported(group=XINGHE_GROUP)
    desk.minutes_pass(1)

    said = desk.says("接单 1001", LAO_LI, YUNFAN_GROUP)

    assert said == "工单 1001 已办理，进展请在与我的单聊中查询。"
    assert desk.order().state is State.ACCEPTED


@pytest.mark.parametrize("group", [None, XINGHE_GROUP, DUTY_GROUP])
def test_where_it_may_be_known_it_is_said(desk: Desk, group: Group | None) -> None:
    desk.reported(group=XINGHE_GROUP)

    assert "收银台打不开" in desk.says("接单 1001", LAO_LI, group)
