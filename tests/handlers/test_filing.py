"""接入申请, 商户入驻, 售后, 投诉: in one message, a field at a time, and what only sounds like one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.handlers.stage import LAO_LI, LAO_WU, XIAO_WANG, XINGHE_GROUP, Desk
from workorders.orders.kinds import Kind
from workorders.orders.order import State

ONBOARDING = "商户入驻\n商户：张记面馆\n经营类目：餐饮\n联系人：小王"
INTEGRATION = "接入申请\n对接系统：云收银\n费用：无\n联系人：小王\n需求：对接扫码支付接口"


@pytest.mark.parametrize(
    "words",
    [
        "投诉电话是多少",
        "投诉 电话",
        "投诉渠道有哪些？",
        "怎么投诉",
        "怎么入驻",
        "如何入驻商户",
        "商户入驻需要什么资料",
        "商户入驻 需要什么资料",
        "商户入驻流程",
        "商户入驻 流程",
        "商户入驻多久能好",
        "入驻费用是多少",
        "接入申请怎么填",
        "接入申请表在哪下载",
        "售后电话",
        "售后 电话是多少",
        "售后政策是什么",
        "售后多久上门？",
        "加急怎么申请",
        "通过率是多少",
        "改为日结可以吗",
    ],
)
def test_a_question_about_it_files_nothing(desk: Desk, words: str) -> None:
    desk.says(words)

    assert desk.count == 0


def test_a_form_in_one_message_opens_the_order(desk: Desk) -> None:
    said = desk.says(ONBOARDING, group=XINGHE_GROUP)

    order = desk.order()
    assert (order.kind, order.text, order.form["category"]) == (Kind.ONBOARDING, "张记面馆", "餐饮")
    assert "入驻工单 1001" in said
    assert "反馈审核结果" in said


def test_what_is_missing_is_asked_for_one_at_a_time(desk: Desk) -> None:
    assert "对接系统" in desk.says("接入申请")
    assert "费用" in desk.says("云收银")
    assert "联系人" in desk.says("无费用")
    assert "需求" in desk.says("小王")
    said = desk.says("对接扫码支付接口")

    assert "接入工单 1001" in said
    order = desk.order()
    assert (order.kind, order.text) == (Kind.INTEGRATION, "对接扫码支付接口")
    assert order.form == {"system": "云收银", "fee": "none", "contact": "小王"}


@pytest.mark.parametrize("word", ["取消", "算了", "不填了", "不用了", "算了吧"])
def test_a_form_that_was_begun_may_be_left(desk: Desk, word: str) -> None:
    desk.says("商户入驻")

    assert "已取消" in desk.says(word)
    desk.says("张记面馆")
    assert desk.count == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("紧急 全部门店无法收款", "紧急工单 1001 已开"),
        ("紧急全部门店无法收款", "紧急工单 1001 已开"),
        ("报障 打印机不出纸", "工单 1001 已开"),
        ("今天谁值班", "当前值班"),
        ("进度", "没有进行中的工单"),
        ("帮助", "您可以发"),
    ],
)
@pytest.mark.parametrize("form", ["接入申请", "商户入驻", "售后", "投诉"])
def test_in_the_middle_of_a_form_anything_else_is_heard_for_itself(
    desk: Desk, form: str, words: str, said: str
) -> None:
    desk.says(form)

    assert said in desk.says(words)


def test_a_form_that_was_interrupted_by_a_question_is_gone_on_with(desk: Desk) -> None:
    desk.says("接入申请")
    desk.says("云收银")

    assert "请填写「费用」" in desk.says("今天谁值班")
    assert "联系人" in desk.says("无费用")


def test_a_form_laid_aside_for_an_urgent_report_says_so(desk: Desk) -> None:
    desk.says("接入申请")

    assert "接入申请尚未填完" in desk.says("紧急 全部门店无法收款")
    assert desk.count == 1


def test_a_form_laid_aside_for_an_answer_says_so(desk: Desk) -> None:
    desk.says("商户入驻")

    assert "商户入驻尚未填完" in desk.says("退款多久到账？")


def test_thanks_in_the_middle_of_a_form_leave_it_as_it_is(desk: Desk) -> None:
    desk.says("商户入驻")

    assert desk.says("好的") == ""
    assert "经营类目" in desk.says("张记面馆")


@pytest.mark.parametrize("words", ["开单系统", "解决门店对账", "紧急联系人系统", "88012233"])
def test_an_answer_that_only_begins_like_a_command_fills_the_field(desk: Desk, words: str) -> None:
    desk.says("接入申请")

    assert "费用" in desk.says(words)
    assert desk.count == 0


def test_a_complaint_about_the_after_sales_role_begins_no_other_form(desk: Desk) -> None:
    desk.says("投诉")
    assert "投诉" in desk.says("售后")
    desk.says("投诉内容：一直没人上门")

    assert (desk.order().kind, desk.order().form["role"]) == (Kind.COMPLAINT, "aftersales")


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("期望完成日期：2026-01-05", "期望完成日期"),
        ("金额：-5", "金额"),
        ("电话：不知道", "电话"),
    ],
)
def test_an_impossible_field_is_named_and_asked_for_again(desk: Desk, line: str, named: str) -> None:
    said = desk.says(f"{INTEGRATION}\n{line}")

    assert desk.count == 0
    assert f"「{named}」" in said


def test_an_onboarding_is_rejected_with_a_reason_sent_again_and_approved(desk: Desk) -> None:
    desk.says(ONBOARDING)
    desk.says("接单 1001", LAO_LI)

    assert "驳回" in desk.says("驳回 1001 营业执照看不清，请补拍", LAO_LI)
    told = desk.last_letter_to(XIAO_WANG).text
    assert "营业执照不符" in told
    assert "请补拍" in told
    assert "重新提交 1001" in told
    assert "营业执照" in desk.says("进度 1001")

    assert "已重新提交" in desk.says("重新提交 1001\n经营类目：快餐")
    order = desk.order()
    assert (order.state, order.form["category"], order.generation) == (State.OPEN, "快餐", 2)

    desk.says("接单 1001", LAO_LI)
    assert "审核通过" in desk.says("通过 1001", LAO_LI)
    assert "审核通过" in desk.last_letter_to(XIAO_WANG).text


def test_an_onboarding_is_rejected_from_its_card_by_a_code(desk: Desk) -> None:
    desk.says(ONBOARDING)
    desk.says("接单 1001", LAO_LI)

    card = desk.presses("decline:1001", LAO_LI)
    assert "reject:1001:license" in [button.key for button in card.buttons]
    desk.presses("reject:1001:license", LAO_LI)

    assert desk.order().state is State.DECLINED
    assert "请补传" in desk.last_letter_to(XIAO_WANG).text


def test_加急_hastens_an_onboarding_and_makes_a_fault_urgent(desk: Desk) -> None:
    desk.says(ONBOARDING)
    desk.reported("刷卡机报错")

    assert "申请加急" in desk.says("加急 1001")
    assert "转紧急" in desk.says("加急 1002")
    assert (desk.order(1001).kind, desk.order(1002).kind) == (Kind.ONBOARDING, Kind.URGENT)


def test_an_integration_is_answered_with_a_plan_its_completion_and_its_fee(desk: Desk) -> None:
    desk.says(INTEGRATION)
    desk.says("接单 1001", LAO_LI)

    assert "费用" in desk.says("给方案 1001 提供接口联调，12月5日18:00", LAO_LI)
    desk.says("收费 3000 元", LAO_LI)

    answer = desk.order().answer
    assert answer is not None
    assert answer.met_at is not None
    told = desk.last_letter_to(XIAO_WANG).text
    assert "3000 元" in told
    assert "提供接口联调" in told


def test_a_complaint_is_about_an_order_or_a_role_and_answered_with_both_parts(desk: Desk) -> None:
    desk.reported("刷卡机报错")
    said = desk.says("投诉 1001 一直没有人联系")

    assert "投诉工单 1002" in said
    assert desk.order(1002).form == {"order": 1001}
    desk.says("接单 1002", LAO_WU)
    assert "优化方案" in desk.says("解决 1002 结果：已致歉并安排上门", LAO_WU)
    assert desk.order(1002).state is State.ACCEPTED
    desk.says("每周回访", LAO_WU)
    assert desk.order(1002).state is State.SOLVED
    told = desk.last_letter_to(XIAO_WANG).text
    assert "已致歉并安排上门" in told
    assert "每周回访" in told


def test_a_suspension_is_proposed_only_once_the_reply_is_overdue(desk: Desk) -> None:
    desk.says("投诉 技术 响应太慢")
    assert "尚未超时" in desk.says("提出暂停服务 1001")

    desk.minutes_pass(timedelta(days=7) / timedelta(minutes=1))
    assert "可以提出暂停服务" in desk.last_letter_to(XIAO_WANG).text
    assert "已记录" in desk.says("提出暂停服务 1001 多次无人回复")
    assert "提出暂停服务" in desk.last_letter_to(LAO_WU).text


def test_the_desk_changes_a_kind_and_merges_orders(desk: Desk) -> None:
    desk.reported("刷卡机报错")
    desk.reported("刷卡机又报错", group=XINGHE_GROUP)

    assert "类别" in desk.says("改类 1001 别的", LAO_LI)
    assert "设备型号" in desk.says("改类 1001 售后", LAO_LI)
    assert "已改为硬件售后" in desk.says("改类 1001 售后\n设备型号：T1\n序列号：SN-1", LAO_LI)
    assert "已并入工单 1001" in desk.says("并入 1002 1001", LAO_LI)
    assert desk.order(1002).state is State.MERGED
    assert "已并入" in desk.last_letter_to(XINGHE_GROUP).text
    assert "1001" in desk.says("1002 现在呢，还是报错", group=XINGHE_GROUP)


def test_what_else_may_be_done_is_behind_更多(desk: Desk) -> None:
    desk.accepted()

    keys = [button.key for button in desk.presses("more:1001", LAO_LI).buttons]

    assert "pause:1001" in keys
    assert len(keys) <= 6
    assert "等什么" in desk.presses("pause:1001", LAO_LI).body
    desk.says("终端号", LAO_LI)
    assert desk.order().state is State.PAUSED
