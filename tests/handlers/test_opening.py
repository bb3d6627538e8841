"""Opening orders in so many words, in and out of hours."""

from __future__ import annotations

import pytest

from tests.handlers.stage import LAO_LI, STRANGER, XIAO_WANG, XIAO_ZHAO, XINGHE_GROUP, Desk
from workorders.directory.people import Role
from workorders.orders.order import Kind, State

OPENS = {
    "报障 收银台打不开": (Kind.DAILY, "收银台打不开"),
    "报障：收银台打不开": (Kind.DAILY, "收银台打不开"),
    "报障收银台打不开": (Kind.DAILY, "收银台打不开"),
    "开单收银台打不开": (Kind.DAILY, "收银台打不开"),
    "开单机具坏了": (Kind.DAILY, "机具坏了"),
    "开单pos机刷不了卡": (Kind.DAILY, "pos机刷不了卡"),
    "开单 收银台打不开": (Kind.DAILY, "收银台打不开"),
    "日常 收银台打不开": (Kind.DAILY, "收银台打不开"),
    "紧急 全部门店不能收款": (Kind.URGENT, "全部门店不能收款"),
    "紧急：全部门店不能收款": (Kind.URGENT, "全部门店不能收款"),
    "紧急！全部门店不能收款": (Kind.URGENT, "全部门店不能收款"),
    "紧急 怎么都收不了款": (Kind.URGENT, "怎么都收不了款"),
}


@pytest.mark.parametrize("text", OPENS)
def test_it_opens(desk: Desk, text: str) -> None:
    said = desk.says(text)

    assert (desk.order().kind, desk.order().text) == OPENS[text]
    assert "工单 1001" in said


@pytest.mark.parametrize(
    "text",
    [
        "紧急联系人怎么改",
        "日常对账怎么做",
        "开单员权限怎么设置",
        "开单怎么收费",
        "开单多久有人处理",
        "开单要钱吗",
        "开单是什么",
        "紧急停机流程是什么",
    ],
)
def test_a_question_that_begins_alike_opens_nothing(desk: Desk, text: str) -> None:
    desk.hears(text)

    assert desk.count == 0


def test_the_reporter_is_told_number_due_and_who(desk: Desk) -> None:
    said = desk.says("报障 收银台打不开")

    assert "工单 1001 已开，最晚今天 14:35 接单回复，14:50 前解决或给出方案。" in said
    assert "老李" in said


def test_after_hours_it_is_parked_and_says_when_it_opens(desk: Desk) -> None:
    desk.it_is("2026-11-27 22:00")

    said = desk.says("报障 收银台打不开")

    assert desk.order().state is State.PARKED
    assert "现在是非工作时间（工作日 09:00–18:00）" in said
    assert "工单 1001，将于 11月30日（周一）09:00 自动开单，09:05 前" in said
    assert "「紧急」" in said
    assert "400-000-1234" in said


def test_a_make_up_day_is_called_one(desk: Desk) -> None:
    desk.now = desk.now.replace(year=2026, month=10, day=7, hour=2)
    desk.now = desk.now.replace(month=9, day=30, hour=14)  # the evening before the National Day week

    said = desk.says("报障 收银台打不开")

    assert "10月8日（周四）09:00" in said


def test_urgent_alone_upgrades_what_was_parked(desk: Desk) -> None:
    desk.it_is("2026-11-27 22:00")
    desk.hears("报障 收银台打不开")

    said = desk.says("紧急")

    assert desk.order().urgent
    assert desk.order().state is State.OPEN
    assert "工单 1001 已转紧急" in said
    assert desk.letters_to(LAO_LI)[-1].kind == "page"


def test_urgent_alone_asks_for_one_sentence(desk: Desk) -> None:
    assert "一句话" in desk.says("紧急")

    desk.hears("全部门店不能收款")

    assert desk.order().urgent
    assert desk.order().text == "全部门店不能收款"


@pytest.mark.parametrize(
    ("word", "kind"), [("开单", Kind.DAILY), ("报障", Kind.DAILY), ("紧急", Kind.URGENT)]
)
def test_a_word_alone_takes_the_question_nobody_could_answer(desk: Desk, word: str, kind: Kind) -> None:
    desk.hears("POS机刷卡报错")

    desk.hears(word)

    assert (desk.order().kind, desk.order().text) == (kind, "POS机刷卡报错")


def test_the_topic_says_which_role_gets_it(desk: Desk) -> None:
    desk.hears("报障 对账文件没有生成")

    assert desk.order().role is Role.MIDDLE_OFFICE


def test_the_same_report_twice_is_one_order(desk: Desk) -> None:
    desk.hears("报障 收银台打不开")

    assert "已登记为工单 1001" in desk.says("报障 收银台打不开")
    assert desk.count == 1


def test_the_same_report_now_urgent_upgrades_the_order(desk: Desk) -> None:
    desk.hears("报障 收银台打不开")

    desk.hears("紧急 收银台打不开")

    assert desk.count == 1
    assert desk.order().urgent


def test_a_stranger_may_report_urgent_faults_only(desk: Desk) -> None:
    refused = desk.says("报障 收银台打不开", STRANGER)
    assert desk.count == 0
    assert "紧急" in refused
    assert "400-000-1234" in refused

    said = desk.says("紧急 收银台打不开", STRANGER)
    assert desk.order().partner is None
    assert "客服负责人" in said


def test_a_quoted_order_is_the_one_that_is_made_urgent(desk: Desk) -> None:
    desk.reported("收银台打不开", group=XINGHE_GROUP)
    desk.reported("打印机不出纸", group=XINGHE_GROUP)

    desk.hears("紧急", XIAO_WANG, XINGHE_GROUP, quote="工单 1001 已开，最晚今天 14:35 接单回复")

    assert desk.order(1001).urgent
    assert not desk.order(1002).urgent


def test_a_colleague_in_the_group_reports_their_own(desk: Desk) -> None:
    desk.hears("报障 收银台打不开", XIAO_ZHAO, XINGHE_GROUP)

    assert desk.order().reporter == "xiaozhao"
    assert desk.order().chat == "wrXINGHE"


@pytest.mark.parametrize("word", ["开单", "紧急", "转人工"])
@pytest.mark.parametrize("moment", ["2026-11-23 14:30", "2026-11-27 22:00"])
def test_what_is_opened_from_memory_is_shown(desk: Desk, word: str, moment: str) -> None:
    desk.it_is(moment)
    desk.hears("POS机刷卡报错")

    assert "「POS机刷卡报错」" in desk.says(word)


def test_urgent_alone_long_after_a_sentence_asks_for_one(desk: Desk) -> None:
    desk.hears("你们的服务真差劲")
    desk.minutes_pass(11)

    assert "一句话" in desk.says("紧急")
    assert desk.count == 0


@pytest.mark.parametrize(
    "text", ["紧急 紧急 紧急", "报障 取消", "报障 7", "紧急！！！紧急", "报障 算了", "转人工 取消"]
)
def test_what_tells_nothing_is_never_a_problem(desk: Desk, text: str) -> None:
    desk.hears(text)

    assert desk.count == 0


@pytest.mark.parametrize("said", ["7", "取消", "紧急", "紧急 紧急", "不要了"])
@pytest.mark.parametrize("asked", ["报障", "紧急", "转人工"])
def test_what_tells_nothing_is_no_answer_to_the_question_for_a_problem(
    desk: Desk, asked: str, said: str
) -> None:
    desk.hears(asked)

    desk.hears(said)

    assert desk.count == 0


def test_cancelling_nothing_is_remembered_as_nothing(desk: Desk) -> None:
    assert "撤回" in desk.says("取消")

    assert "一句话" in desk.says("开单")


def test_what_is_withdrawn_is_shown(desk: Desk) -> None:
    desk.reported()

    assert "「收银台打不开」" in desk.says("撤回")
