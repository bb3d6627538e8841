"""A phone call logged through the bot: asked about until it is clear, read back, corrected, filed."""

from __future__ import annotations

import pytest

from tests.handlers.stage import LAO_LI, XIAO_HE, XIAO_WANG, XINGHE, Desk, local
from workorders.orders.order import Kind, State
from workorders.orders.promise import Part

CALL = "来电 星河支付 张三 13800000000 POS机刷卡报错 紧急 5分钟前"


def test_a_call_is_read_back_and_filed_when_confirmed(desk: Desk) -> None:
    desk.it_is("2026-11-24 10:00")

    back = desk.says(CALL, XIAO_HE)
    assert desk.count == 0
    for word in ("紧急", "星河支付", "张三", "13800000000", "09:55", "POS机刷卡报错", "确认"):
        assert word in back
    said = desk.says("确认", XIAO_HE)

    order = desk.order()
    assert "1001" in said
    assert (order.kind, order.partner, order.text) == (Kind.URGENT, XINGHE.id, "POS机刷卡报错")
    assert order.form == {"caller": "张三", "phone": "13800000000"}
    assert (order.state, order.owner, order.taken_by) == (State.OPEN, None, XIAO_HE.userid)
    assert order.received_at == local("2026-11-24 09:55")


def test_the_call_taken_is_the_response_and_the_solution_counts_from_it(desk: Desk) -> None:
    desk.it_is("2026-11-24 10:00")
    desk.says("来电 星河支付 张三 13800000000 POS机刷卡报错 5分钟前", XIAO_HE)

    desk.says("确认", XIAO_HE)

    response, solution = desk.order().promise(Part.RESPONSE), desk.order().promise(Part.SOLUTION)
    assert response is None or not response.pending
    assert solution is not None
    assert solution.due == local("2026-11-24 10:15")
    # Whoever is to call back reads who rang, not which colleague took the call.
    card = desk.last_letter_to(LAO_LI).card
    assert card is not None
    assert card.desc.startswith("星河支付 张三")


def test_what_is_missing_is_asked_for_one_question_at_a_time(desk: Desk) -> None:
    assert "哪家伙伴" in desk.says("来电", XIAO_HE)
    assert "来电人" in desk.says("星河", XIAO_HE)
    assert "号码" in desk.says("张三", XIAO_HE)
    assert "不完整" in desk.says("1380000", XIAO_HE)
    assert "什么问题" in desk.says("138 0000 0000", XIAO_HE)
    back = desk.says("POS机刷卡报错", XIAO_HE)
    assert "确认" in back

    desk.says("确认", XIAO_HE)

    assert (desk.order().text, desk.order().form["caller"]) == ("POS机刷卡报错", "张三")


def test_a_number_is_no_name_and_a_name_may_come_with_its_number(desk: Desk) -> None:
    desk.says("来电 星河支付 收银台打不开", XIAO_HE)
    assert "怎么称呼" in desk.says("0512-57312345转801", XIAO_HE)
    assert "051257312345-801" in desk.says("张三", XIAO_HE)

    desk.says("来电 星河支付 收银台打不开", XIAO_HE)
    said = desk.says("李四，13800000000", XIAO_HE)
    assert "「李四」 回电 13800000000" in said


def test_one_message_corrects_one_field(desk: Desk) -> None:
    desk.says(CALL, XIAO_HE)

    desk.says("电话 13911112222", XIAO_HE)
    desk.says("来电人 李四", XIAO_HE)
    desk.says("问题 小票打不出来", XIAO_HE)
    back = desk.says("日常", XIAO_HE)
    assert "13911112222" in back
    desk.says("确认", XIAO_HE)

    order = desk.order()
    assert order.form == {"caller": "李四", "phone": "13911112222"}
    assert (order.kind, order.text) == (Kind.DAILY, "小票打不出来")


def test_a_time_still_to_come_is_asked_about(desk: Desk) -> None:
    desk.it_is("2026-11-24 10:00")
    asked = desk.says("来电 星河支付 张三 13800000000 POS机刷卡报错 明天下午三点", XIAO_HE)
    assert "还没到" in asked

    assert "09:30" in desk.says("九点半", XIAO_HE)


def test_of_two_partners_the_speaker_says_which(desk: Desk) -> None:
    asked = desk.says("来电 星河支付 云帆科技 张三 13800000000 POS机刷卡报错", XIAO_HE)
    assert "星河支付、云帆科技" in asked

    assert "星河支付" in desk.says("星河", XIAO_HE)
    desk.says("确认", XIAO_HE)

    assert desk.order().partner == XINGHE.id


def test_a_partner_nobody_knows_is_asked_for_again(desk: Desk) -> None:
    desk.says("来电 未来支付 张三 13800000000 POS机刷卡报错", XIAO_HE)

    assert "没有" in desk.says("明日科技", XIAO_HE)
    assert "确认" in desk.says("星河支付", XIAO_HE)


def test_a_partner_that_is_almost_ours_is_offered_and_a_yes_takes_it(desk: Desk) -> None:
    asked = desk.says("来电 星何支付 张三 13800000000 POS机刷卡报错", XIAO_HE)
    assert "「星河支付」吗？\n回复「是」" in asked

    assert "「星河支付」「张三」" in desk.says("是的", XIAO_HE)


def test_a_name_that_is_almost_a_partners_is_offered_when_it_answers_the_question(desk: Desk) -> None:
    desk.says("来电 张三 13800000000 POS机刷卡报错", XIAO_HE)
    assert "是「星河支付」吗？" in desk.says("星河支符", XIAO_HE)
    assert "名录里没有「明日科技」，请确认" in desk.says("明日科技", XIAO_HE)
    assert "哪家伙伴" in desk.says("是的", XIAO_HE)


@pytest.mark.parametrize("said", ["不知道", "他没说", "匿名"])
def test_nobody_is_called_i_do_not_know(desk: Desk, said: str) -> None:
    desk.says("来电 星河支付 13800000000 POS机刷卡报错", XIAO_HE)

    assert "回电时总要找人" in desk.says(said, XIAO_HE)
    assert "「前台」" in desk.says("前台", XIAO_HE)


@pytest.mark.parametrize("said", ["李女士", "换成李女士", "不对，是李女士"])
def test_a_name_by_itself_corrects_the_caller(desk: Desk, said: str) -> None:
    desk.says(CALL, XIAO_HE)

    assert "「李女士」" in desk.says(said, XIAO_HE)


@pytest.mark.parametrize("said", ["不急", "不是很急", "日常"])
def test_how_urgent_it_is_is_corrected_as_it_is_said(desk: Desk, said: str) -> None:
    desk.says(CALL, XIAO_HE)

    assert "（日常）" in desk.says(said, XIAO_HE)


def test_a_call_confirmed_twice_is_one_call_and_no_word_more(desk: Desk) -> None:
    desk.says(CALL, XIAO_HE)
    desk.says("确认", XIAO_HE)
    events = desk.order().events

    assert "没有重复登记" in desk.says("确认", XIAO_HE)
    assert "没有重复登记" in desk.says("确认开单", XIAO_HE)

    assert (desk.count, desk.order().events) == (1, events)


def test_how_far_an_order_is_may_be_asked_in_between(desk: Desk) -> None:
    desk.reported()
    desk.says(CALL, XIAO_HE)

    said = desk.says("进度 1001", XIAO_HE)

    assert "工单 1001" in said
    assert "来电登记还没完成" in said
    assert "1002" in desk.says("确认", XIAO_HE)


@pytest.mark.parametrize("said", ["进度 1777", "接单 1777"])
def test_what_is_refused_in_between_loses_nothing_of_the_call(desk: Desk, said: str) -> None:
    desk.says(CALL, LAO_LI)

    refused = desk.says(said, LAO_LI)

    assert "没有找到工单 1777" in refused
    assert "来电登记还没完成" in refused
    assert "1001" in desk.says("确认", LAO_LI)


def test_a_call_logged_too_late_says_when_it_should_have_been_solved(desk: Desk) -> None:
    desk.it_is("2026-11-24 10:00")
    desk.says("来电 星河支付 张三 13800000000 POS机刷卡报错 紧急 九点", XIAO_HE)

    said = desk.says("确认", XIAO_HE)

    assert "本应今天 09:20 前解决或给出方案，时限已过" in said
    assert "记为补录，已告知一责和客服负责人。\n正在呼叫老李，直到有人接单" in said


def test_cancelling_files_nothing(desk: Desk) -> None:
    desk.says(CALL, XIAO_HE)

    desk.says("取消", XIAO_HE)
    desk.says("确认", XIAO_HE)

    assert desk.count == 0


def test_something_else_may_be_done_in_between_and_the_call_waits(desk: Desk) -> None:
    desk.reported()
    desk.says("来电 星河支付 张三 13800000000", LAO_LI)

    said = desk.says("接单 1001", LAO_LI)
    assert "您已接单" in said
    assert "来电登记还没完成" in said
    desk.says("POS机刷卡报错", LAO_LI)
    desk.says("确认", LAO_LI)

    assert desk.order(1001).owner == LAO_LI.userid
    assert desk.order(1002).text == "POS机刷卡报错"


def test_open_orders_of_the_partner_are_shown_before_filing(desk: Desk) -> None:
    desk.reported("收银台打不开")

    assert "工单 1001" in desk.says(CALL, XIAO_HE)


def test_a_question_an_article_answers_is_answered_on_the_line_without_an_order(desk: Desk) -> None:
    back = desk.says("来电 星河支付 张三 13800000000 怎么给顾客退款", XIAO_HE)
    assert "已答复" in back

    said = desk.says("已答复", XIAO_HE)

    assert "未开单" in said
    assert desk.count == 0
    assert list(desk.answers.outcomes.values()) == ["solved"]


def test_who_took_a_call_is_told_to_pass_on_what_the_desk_writes(desk: Desk) -> None:
    desk.says(CALL, XIAO_HE)
    desk.says("确认", XIAO_HE)

    desk.says("留言 1001 厂家明早到场", LAO_LI)

    told = desk.last_letter_to(XIAO_HE).text
    assert "老李留言：厂家明早到场" in told
    assert "请转告张三" in told
    assert "13800000000" in told


def test_a_second_call_about_the_same_thing_joins_the_order_there_is(desk: Desk) -> None:
    desk.reported("打印机不出纸")
    desk.reported("POS机刷卡一直报错")
    desk.hears("接单 1002", LAO_LI)

    back = desk.says(CALL, XIAO_HE)
    desk.says("解决 1001 已修", LAO_LI)
    over = desk.says("补充 1001", XIAO_HE)
    said = desk.says("补充 1002", XIAO_HE)

    assert "同一问题请回复「补充 1002」" in back  # the likeliest, not the first
    assert "还没完成" in over
    assert "已补充到工单 1002" in said
    assert "张三（13800000000）再次来电：POS机刷卡报错" in desk.last_letter_to(LAO_LI).text
    assert [(became, about) for _, _, became, about in desk.calls.rows] == [("joined", 1002)]
    assert desk.count == 2


def test_a_call_long_ago_is_filed_as_such(desk: Desk) -> None:
    desk.it_is("2026-11-24 15:00")
    desk.says("来电 星河支付 张三 13800000000 POS机刷卡报错 上午十点", XIAO_HE)

    assert "补录" in desk.says("确认", XIAO_HE)
    assert desk.order().backfilled
    assert "10:00 收到，登记时已超时" in desk.last_letter_to(LAO_LI).text


@pytest.mark.parametrize("text", ["来电显示怎么开", "来电 是什么意思？"])
def test_a_question_about_calls_is_none(desk: Desk, text: str) -> None:
    assert "哪家伙伴" not in desk.says(text, XIAO_HE)


def test_partners_log_no_calls(desk: Desk) -> None:
    assert "哪家伙伴" not in desk.says(CALL, XIAO_WANG)


def test_many_lines_pasted_are_one_call(desk: Desk) -> None:
    desk.says("来电登记\n单位：星河支付\n联系人：张三\n电话：13800000000\n问题：POS机刷卡报错", XIAO_HE)
    desk.says("确认", XIAO_HE)

    assert desk.order().text == "POS机刷卡报错"
