"""The verbs, as people type them."""

from __future__ import annotations

import pytest

from tests.handlers.stage import (
    LAO_CHEN,
    LAO_LI,
    LAO_WU,
    LAO_ZHOU,
    STRANGER,
    XIAO_SUN,
    XIAO_WANG,
    XIAO_ZHAO,
    XINGHE_GROUP,
    Desk,
    local,
)
from workorders.directory.people import Role
from workorders.orders.order import State
from workorders.orders.promise import Part

WAYS_TO_ACCEPT = [
    "接单 1001",
    "1001 接单",
    "1001接单",
    "接单1001",
    "接单 １００１",
    "接单：1001",
    "接单 工单1001",
    "工单1001 接单",
    "接单 #1001",
    "#1001 接单",
    "请接单 1001",
    "接单 1001 谢谢",
    "接1001",
    "接 1001 号单",
    "接单",
]


@pytest.mark.parametrize("text", WAYS_TO_ACCEPT)
def test_an_order_is_accepted_by(desk: Desk, text: str) -> None:
    desk.reported()

    said = desk.says(text, LAO_LI)

    assert desk.order().owner == "laoli"
    assert "工单 1001" in said
    assert "今天 14:50" in said


#: what 老李, who owns it, types → the state it is then in
OWNER_TYPES = {
    "给方案 1001 更换机具，今天18:00": State.ACCEPTED,
    "1001 给方案 更换机具 半小时内": State.ACCEPTED,
    "给方案 更换机具，明天中午12点": State.ACCEPTED,
    "解决 1001": State.SOLVED,
    "1001 解决 已重启": State.SOLVED,
    "解决": State.SOLVED,
    "已解决": State.SOLVED,
    "1001 已解决": State.SOLVED,
    "解决 已重启服务": State.SOLVED,
    "挂起 1001 等待终端号": State.PAUSED,
    "挂起 等待终端号": State.PAUSED,
    "退回 1001 不属于本系统": State.DECLINED,
    "改派 1001 售后": State.OPEN,
    "转交 1001 老周": State.ACCEPTED,
    "转紧急 1001": State.ACCEPTED,
    "紧急 1001": State.ACCEPTED,
}


@pytest.mark.parametrize("text", OWNER_TYPES)
def test_its_owner_may_type(desk: Desk, text: str) -> None:
    desk.accepted()

    said = desk.says(text, LAO_LI)

    assert desk.order().state is OWNER_TYPES[text]
    assert "工单 1001" in said


def test_the_desk_writes_to_the_reporter(desk: Desk) -> None:
    desk.accepted()

    asked = desk.says("留言 1001", LAO_ZHOU)
    said = desk.hears("已联系厂家，等待回复", LAO_ZHOU)

    assert "要告诉报障人什么" in asked
    assert "已发给报障人" in said.text
    assert "老周留言：已联系厂家，等待回复" in desk.last_letter_to(XIAO_WANG).text


def test_a_plan_brings_its_completion_moment(desk: Desk) -> None:
    desk.accepted()

    said = desk.says("给方案 1001 更换机具，预计明天中午12点前完成", LAO_LI)

    completion = desk.order().promise(Part.COMPLETION)
    assert completion is not None
    assert completion.due == local("2026-11-24 12:00")
    assert "明天 12:00" in said
    assert "方案：更换机具" in desk.last_letter_to(XIAO_WANG).text


def test_a_plan_without_a_moment_is_asked_for_one(desk: Desk) -> None:
    desk.accepted()

    asked = desk.says("给方案 1001 更换机具", LAO_LI)
    assert "完成时间" in asked
    assert "今天18:00" in asked

    desk.hears("今天18:00", LAO_LI)

    completion = desk.order().promise(Part.COMPLETION)
    assert completion is not None
    assert completion.due == local("2026-11-23 18:00")
    assert "更换机具" in desk.last_letter_to(XIAO_WANG).text


def test_a_moment_that_is_past_is_asked_for_again(desk: Desk) -> None:
    desk.accepted()

    assert "晚于现在" in desk.says("给方案 1001 更换机具，今天08:00", LAO_LI)
    assert desk.order().promise(Part.COMPLETION) is None


@pytest.mark.parametrize(
    "said",
    [
        "昨天18:00",
        "上周五18:00",
        "09:30",
        "今天25:00",
        "今天25点",
        "今天18:75",
        "2月29日 10:00",
        "13-45 10:00",
        "9999-12-31 10:00",
        "2027年13月1日 10:00",
        "99999小时后",
        "999天后",
        "2028-03-01 10:00",
        "今天08:00",
    ],
)
def test_an_impossible_moment_is_asked_for_again_and_leaves_no_trace(desk: Desk, said: str) -> None:
    desk.accepted()

    assert "完成时间" in desk.says(f"给方案 1001 重启，{said}", LAO_LI)
    assert desk.order().promise(Part.COMPLETION) is None
    desk.hears("今天18:00", LAO_LI)

    completion = desk.order().promise(Part.COMPLETION)
    assert completion is not None
    assert completion.due == local("2026-11-23 18:00")
    assert "方案：重启（" in desk.last_letter_to(XIAO_WANG).text


def test_a_moment_of_another_year_is_said_with_its_year(desk: Desk) -> None:
    desk.accepted()

    assert "2027年1月5日" in desk.says("给方案 1001 重启，1月5日 10:00", LAO_LI)
    assert "2027年1月5日" in desk.last_letter_to(XIAO_WANG).text


@pytest.mark.parametrize(
    ("asks", "answer", "state"),
    [
        ("给方案 1001", "更换机具，今天18:00", State.ACCEPTED),
        ("挂起 1001", "商户回传日志", State.PAUSED),
        ("退回 1001", "不属于本系统", State.DECLINED),
        ("改派 1001", "售后", State.OPEN),
        ("转交 1001", "老周", State.ACCEPTED),
    ],
)
def test_what_is_missing_is_asked_for_and_taken_from_the_next_message(
    desk: Desk, asks: str, answer: str, state: State
) -> None:
    desk.accepted()

    assert "例如" in desk.says(asks, LAO_LI)
    desk.hears(answer, LAO_LI)

    assert desk.order().state is state
    assert desk.count == 1


def test_cancelling_forgets_what_was_asked_for(desk: Desk) -> None:
    desk.accepted()
    desk.hears("挂起 1001", LAO_LI)

    assert "取消" in desk.says("取消", LAO_LI)
    desk.hears("等待终端号", LAO_LI)

    assert desk.order().state is State.ACCEPTED


def test_another_command_is_no_answer_to_what_was_asked_for(desk: Desk) -> None:
    desk.accepted()
    desk.hears("给方案 1001", LAO_LI)

    desk.hears("解决 1001", LAO_LI)

    assert desk.order().state is State.SOLVED


def test_a_plan_may_begin_with_a_verbs_word(desk: Desk) -> None:
    desk.accepted()
    desk.hears("给方案 1001", LAO_LI)

    desk.hears("恢复 网关配置，今天18:00", LAO_LI)

    assert desk.order().promise(Part.COMPLETION) is not None


@pytest.mark.parametrize("reason", ["单台受影响", "号段不符", "工单重复了"])
def test_a_reason_that_begins_like_an_orders_unit_is_kept_whole(desk: Desk, reason: str) -> None:
    desk.accepted()

    desk.hears(f"退回 1001 {reason}", LAO_LI)

    said = desk.last_letter_to(XIAO_WANG)
    assert reason in f"{said.text}{said.card}"


def test_a_colleague_takes_over(desk: Desk) -> None:
    desk.accepted()

    assert "您已接手" in desk.says("接手 1001", LAO_ZHOU)
    assert desk.order().owner == "laozhou"
    assert "已由老周接手（原由老李处理）" in desk.last_letter_to(LAO_LI).text


def test_a_role_is_named_in_chinese(desk: Desk) -> None:
    desk.reported()

    said = desk.says("改派 1001 给售后", LAO_LI)

    assert desk.order().role is Role.AFTERSALES
    assert "老陈" in said


def test_a_person_is_named_with_or_without_an_at(desk: Desk) -> None:
    desk.accepted()

    desk.hears("1001 转给 @老周", LAO_LI)

    assert desk.order().owner == "laozhou"


def test_an_unknown_person_is_asked_for_again(desk: Desk) -> None:
    desk.accepted()

    assert "没有找到「老钱」" in desk.says("转交 1001 老钱", LAO_LI)
    assert desk.order().owner == "laoli"


def test_an_order_of_a_stranger_is_given_to_a_partner(desk: Desk) -> None:
    desk.hears("紧急 收银台打不开", STRANGER)

    desk.hears("归属 1001 星河", LAO_WU)

    assert desk.order().partner == 1


#: what 小王, who reported it, types → the state it is then in
REPORTER_TYPES = {
    "撤回": State.CANCELLED,
    "撤回 1001": State.CANCELLED,
    "撤消 1001": State.CANCELLED,
    "不要了": State.CANCELLED,
    "撤回1001 不需要了": State.CANCELLED,
    "催单": State.OPEN,
    "催 1001": State.OPEN,
    "转紧急": State.OPEN,
    "紧急": State.OPEN,
}


@pytest.mark.parametrize("text", REPORTER_TYPES)
def test_its_reporter_may_type(desk: Desk, text: str) -> None:
    desk.reported()

    said = desk.says(text)

    assert "工单 1001" in said
    assert desk.order().state is REPORTER_TYPES[text]
    assert desk.order().events > 2


NOT_VERBS = [
    "解决方案在哪里看",
    "退回1001元怎么操作",
    "关闭支付渠道怎么操作",
    "撤回进件申请怎么弄",
    "恢复出厂设置怎么弄",
    "转交易明细",
    "1001 怎么解决",
    "接单员怎么添加",
    "挂起的订单怎么处理",
    "1001报错怎么解决",
    "催收短信怎么关",
    "退回原卡多久到账",
]


@pytest.mark.parametrize("text", NOT_VERBS)
def test_a_question_is_no_verb(desk: Desk, text: str) -> None:
    desk.reported()
    before = desk.order()

    desk.hears(text, XIAO_SUN)

    assert desk.order() == before


def test_among_several_a_numbered_choice_is_offered(desk: Desk) -> None:
    desk.accepted("收银台打不开")
    desk.accepted("打印机不出纸")

    asked = desk.says("解决", LAO_LI)
    assert "①" in asked
    assert "工单 1002" in asked

    desk.hears("2", LAO_LI)

    assert desk.order(1001).state is State.ACCEPTED
    assert desk.order(1002).state is State.SOLVED


def test_a_choice_may_be_made_by_number(desk: Desk) -> None:
    desk.accepted("收银台打不开")
    desk.accepted("打印机不出纸")
    desk.hears("解决 已重启", LAO_LI)

    desk.hears("1001", LAO_LI)

    assert desk.order(1001).state is State.SOLVED


def test_a_quoted_message_says_which_order_is_meant(desk: Desk) -> None:
    desk.accepted("收银台打不开")
    desk.accepted("打印机不出纸")

    desk.hears("解决", LAO_LI, quote="工单 1001 待接单：收银台打不开")

    assert desk.order(1001).state is State.SOLVED


def test_a_colleague_of_the_reporter_may_urge_and_withdraw(desk: Desk) -> None:
    desk.reported(group=XINGHE_GROUP)

    assert "已催工单 1001" in desk.says("催单", XIAO_ZHAO, XINGHE_GROUP)
    desk.hears("撤回 1001", XIAO_ZHAO, XINGHE_GROUP)

    assert desk.order().state is State.CANCELLED


def test_urging_twice_is_told_when_it_may_be_done_again(desk: Desk) -> None:
    desk.reported()
    desk.hears("催单")

    assert "14:35 之后可再催" in desk.says("催单")


REFUSED = {
    "a wrong number": ("接单 9999", LAO_LI, "没有找到工单 9999"),
    "another company's order": ("催单 1001", XIAO_SUN, "没有找到工单 1001"),
    "a colleague's order": ("解决 1001", LAO_ZHOU, "老李处理中，如需接手请回复「接手 1001」"),
    "an order that is taken": ("接单 1001", LAO_ZHOU, "老李已于今天 14:30 接单，无需重复操作"),
    "a partner cannot solve": ("解决 1001", XIAO_WANG, "由处理人员操作"),
    "an order nobody paused": ("恢复 1001", LAO_LI, "不能恢复"),
    "no post of that name": ("改派 1001 保安", LAO_LI, "没有找到「保安」"),
    "a role that is not offered": ("改派 1001 hr", LAO_LI, "没有找到「hr」"),
    "the lead is no role to reroute to": ("改派 1001 客服负责人", LAO_LI, "没有找到「客服负责人」"),
    "a colleague who works no orders": ("转交 1001 小何", LAO_LI, "小何不接工单"),
    "no partner of that name": ("归属 1001 无名公司", LAO_LI, "没有找到「无名公司」"),
    "it is daily already": ("转日常 1001 不急了", LAO_LI, "已经是日常工单"),
    "the desk does not withdraw": ("撤回 1001", LAO_LI, "由报障人操作"),
    "a partner has no plan to give": ("给方案 1001", XIAO_WANG, "由处理人员操作"),
    "a partner hands nothing over": ("转交 1001", XIAO_WANG, "由处理人员操作"),
    "a partner reroutes nothing": ("改派 1001", XIAO_WANG, "由处理人员操作"),
    "a live order is not closed": ("关闭 1001", XIAO_WANG, "撤回 1001"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_refusal_says_what_to_do(desk: Desk, case: str) -> None:
    text, sender, says = REFUSED[case]
    desk.accepted()

    assert says in desk.says(text, sender)


#: what happened since 老李 accepted → what 老周 is told who accepts it, and 小王 who reopens it
SINCE = {
    "reopened by its reporter": (["解决 1001", "没解决 1001"], "老李处理中"),
    "paused and resumed": (["挂起 1001 等待终端号", "1001 终端号是 8"], "老李处理中"),
    "handed over": (["转交 1001 老陈"], "老陈处理中"),
    "nothing": ([], "老李已于今天 14:30 接单"),
}


@pytest.mark.parametrize("case", SINCE)
def test_who_did_what_is_true_after_a_reopening(desk: Desk, case: str) -> None:
    said, told = SINCE[case]
    desk.accepted()
    for text in said:
        desk.minutes_pass(1)
        desk.hears(text, XIAO_WANG if text[0] in "没1" else LAO_LI)

    assert told in desk.says("接单 1001", LAO_ZHOU)
    assert told in desk.says("重开 1001")
    assert desk.presses("accept:1001", LAO_ZHOU).done == told


def test_its_owner_is_told_so_and_what_comes_next(desk: Desk) -> None:
    desk.solved()
    desk.hears("没解决 1001")

    said = desk.says("接单 1001", LAO_LI)

    assert "您正在处理" in said
    assert "下一步" in said


def test_an_urgent_order_is_not_paused_but_given_a_plan(desk: Desk) -> None:
    desk.hears("紧急 收银台打不开")
    desk.hears("接单 1001", LAO_LI)

    said = desk.says("挂起 1001 等待终端号", LAO_LI)

    assert "不能挂起" in said
    assert "给方案 1001" in said


def test_a_closed_order_is_reopened(desk: Desk) -> None:
    desk.solved()
    desk.hears("关闭 1001")

    assert "已重开" in desk.says("重开 1001")
    assert desk.order().state is State.ACCEPTED


def test_one_closed_long_ago_is_followed_by_a_new_one(desk: Desk) -> None:
    desk.solved()
    desk.it_is("2026-12-07 10:00")

    said = desk.says("重开 1001 又打不开了")

    assert "工单 1002" in said
    assert desk.order(1002).follows == 1001


def test_with_nothing_to_act_on_it_says_so(desk: Desk) -> None:
    assert "没有" in desk.says("接单", LAO_CHEN)
    assert "没有" in desk.says("催单")


#: what is typed of two orders → by whom, and the state both are then in
OF_SEVERAL = {
    "接单 1001 1002": (LAO_LI, State.ACCEPTED),
    "1001、1002 接单": (LAO_LI, State.ACCEPTED),
    "接单 1001号和1002号": (LAO_LI, State.ACCEPTED),
    "撤回 1001，1002": (XIAO_WANG, State.CANCELLED),
    "催单 1001 和 1002": (XIAO_WANG, State.OPEN),
    "转紧急 1001 #1002": (LAO_LI, State.OPEN),
}


@pytest.mark.parametrize("text", OF_SEVERAL)
def test_each_of_several_orders_is_acted_on(desk: Desk, text: str) -> None:
    sender, state = OF_SEVERAL[text]
    desk.reported("收银台打不开")
    desk.reported("打印机不出纸")
    before = desk.order(1001).events, desk.order(1002).events

    said = desk.says(text, sender).split("\n")

    assert [("1001" in line, "1002" in line) for line in said] == [(True, False), (False, True)]
    assert (desk.order(1001).state, desk.order(1002).state) == (state, state)
    assert all(desk.order(n).events > was for n, was in zip((1001, 1002), before, strict=True))


@pytest.mark.parametrize("text", ["重开 1001 1002", "关闭 1001、1002"])
def test_a_reporter_reopens_or_closes_several(desk: Desk, text: str) -> None:
    desk.solved("收银台打不开")
    desk.solved("打印机不出纸")

    desk.hears(text)

    assert State.SOLVED not in (desk.order(1001).state, desk.order(1002).state)


@pytest.mark.parametrize(
    "text", ["解决 1001 1002", "给方案 1001、1002 重启，今天18:00", "1001 1002 解决 已重启"]
)
def test_what_takes_words_takes_one_order_at_a_time(desk: Desk, text: str) -> None:
    desk.accepted("收银台打不开")
    desk.accepted("打印机不出纸")
    before = desk.order(1001), desk.order(1002)

    assert "一次只能办一张" in desk.says(text, LAO_LI)
    assert (desk.order(1001), desk.order(1002)) == before


def test_a_number_that_is_no_order_is_part_of_the_words(desk: Desk) -> None:
    desk.accepted()

    desk.hears("解决 1001 8821 已换", LAO_LI)

    assert "8821" in desk.last_letter_to(XIAO_WANG).text


def test_one_of_several_that_cannot_be_done_says_why(desk: Desk) -> None:
    desk.reported()

    done, refused = desk.says("接单 1001 9999", LAO_LI).split("\n")

    assert "您已接单" in done
    assert "没有找到工单 9999" in refused


def test_the_desk_says_why_a_promise_was_missed(desk: Desk) -> None:
    desk.accepted()
    assert "没有超时记录" in desk.says("超时原因 1001 等待厂家", LAO_LI)
    desk.minutes_pass(21)

    asked = desk.says("超时原因 1001", LAO_LI)
    assert "请写明超时原因" in asked
    assert "已记录" in desk.says("1001 超时原因：等待厂家补丁", LAO_LI)

    assert desk.orders.ledger(1001)[1].reason == "等待厂家补丁"
