"""Pictures and words: a picture alone asks one question, and what follows a report goes on with it."""

from __future__ import annotations

import pytest

from handlers.message import Incoming
from tests.handlers.stage import LAO_LI, XIAO_SUN, XIAO_WANG, XIAO_ZHAO, XINGHE_GROUP, Desk
from workorders.orders.order import Kind, State, Verb

# A draft


def test_a_picture_alone_asks_for_one_sentence_and_opens_nothing(desk: Desk) -> None:
    said = desk.says(kind="picture")

    assert "收到图片 1 张" in said
    assert "一句话" in said
    assert desk.count == 0


def test_what_must_not_be_sent_is_said_with_the_first_picture_only(desk: Desk) -> None:
    assert "身份证" in desk.says(kind="picture")
    assert "身份证" not in desk.says(kind="picture")


def test_the_next_words_open_a_daily_order_with_it(desk: Desk) -> None:
    desk.hears(kind="picture")

    said = desk.says("收银台打不开")

    assert desk.order().kind is Kind.DAILY
    assert desk.order().pictures == 1
    assert "图片 1 张" in said
    assert "图片 1 张" in desk.last_letter_to(LAO_LI).text


def test_they_need_not_tell_of_a_fault(desk: Desk) -> None:
    desk.hears(kind="picture")
    desk.hears("云南路店的小票抬头要改一下")

    assert desk.order().pictures == 1


def test_紧急_opens_an_urgent_one(desk: Desk) -> None:
    desk.hears(kind="picture")
    desk.hears("紧急 全部门店不能收款")

    assert desk.order().kind is Kind.URGENT
    assert desk.order().pictures == 1


def test_further_pictures_and_files_join_the_draft(desk: Desk) -> None:
    desk.hears(kind="picture")
    desk.hears(kind="picture")
    said = desk.says(kind="file")
    desk.hears("收银台打不开")

    assert "图片 2 张、文件 1 个" in said
    assert (desk.order().pictures, desk.order().files) == (2, 1)


def test_取消_drops_it(desk: Desk) -> None:
    desk.hears(kind="picture")

    assert "已取消" in desk.says("取消")
    desk.hears("报障 收银台打不开")
    assert desk.order().pictures == 0


def test_after_half_an_hour_it_is_not_meant_any_more(desk: Desk) -> None:
    desk.hears(kind="picture")
    desk.minutes_pass(31)
    desk.hears("报障 收银台打不开")

    assert desk.order().pictures == 0


def test_a_question_is_answered_and_the_picture_kept_for_an_order(desk: Desk) -> None:
    desk.hears(kind="picture")
    answered = desk.says("怎么退款")
    assert "商户后台" in answered
    assert "没解决" in answered
    assert desk.count == 0

    desk.hears("没解决")

    assert desk.order().pictures == 1


def test_a_question_that_was_answered_well_lets_go_of_it(desk: Desk) -> None:
    desk.hears(kind="picture")
    desk.hears("怎么退款")
    desk.hears("已解决")
    desk.hears("报障 收银台打不开")

    assert desk.order().pictures == 0


def test_what_was_asked_before_is_still_expected(desk: Desk) -> None:
    desk.hears("紧急")
    assert "一句话" in desk.says(kind="picture")

    desk.hears("全部门店不能收款")

    assert desk.order().kind is Kind.URGENT
    assert desk.order().pictures == 1


@pytest.mark.parametrize("words", ["您好", "在吗", "谢谢", "？？？", "帮助", "进度"])
def test_small_talk_opens_nothing_and_forgets_nothing(desk: Desk, words: str) -> None:
    desk.hears(kind="picture")
    desk.hears(words)
    assert desk.count == 0

    desk.hears("收银台打不开")

    assert desk.order().pictures == 1


def test_a_picture_with_words_opens_the_order_at_once(desk: Desk) -> None:
    said = desk.says("收银台打不开", group=XINGHE_GROUP, kind="picture", media=2)

    assert "工单 1001" in said
    assert desk.order().pictures == 2


@pytest.mark.parametrize(
    "words",
    [
        "请看",
        "帮忙看一下",
        "如图",
        "见图",
        "这是怎么回事？",
        "这个怎么办",
        "什么情况",
        "你好，帮看一下",
        "报错了",
    ],
)
def test_words_that_only_point_at_the_picture_tell_nothing(desk: Desk, words: str) -> None:
    said = desk.says(words, group=XINGHE_GROUP, kind="picture")
    again = desk.says(words, group=XINGHE_GROUP)
    assert "一句话" in said
    assert "一句话" in again
    assert desk.count == 0

    desk.hears("收银台打不开", group=XINGHE_GROUP)

    assert desk.order().pictures == 1


def test_a_fault_that_was_asked_for_opens_an_order_though_an_article_speaks_of_it(desk: Desk) -> None:
    desk.hears(kind="picture")
    desk.hears("刷卡报错，返回51")

    assert desk.order().pictures == 1


def test_a_quoted_screenshot_is_a_picture(desk: Desk) -> None:
    assert "收到图片" in desk.says("", group=XINGHE_GROUP, kind="text", media=1)
    desk.hears("收银台打不开", group=XINGHE_GROUP)

    assert desk.order().pictures == 1


def test_nobody_elses_words_take_it(desk: Desk) -> None:
    desk.hears(kind="picture", group=XINGHE_GROUP)
    desk.hears("报障 收银台打不开", XIAO_ZHAO, XINGHE_GROUP)
    desk.hears("报障 刷卡机不出纸", XIAO_WANG)

    assert [desk.order(n).pictures for n in (1001, 1002)] == [0, 0]


def test_a_stranger_is_told_what_to_do_and_may_still_make_it_urgent(desk: Desk) -> None:
    from tests.handlers.stage import STRANGER

    desk.hears(kind="picture", sender=STRANGER)
    assert "紧急" in desk.says("收银台打不开", STRANGER)
    desk.hears("紧急 收银台打不开", STRANGER)

    assert desk.order().pictures == 1


# For an order that is there


def test_a_picture_for_a_paused_order_is_what_it_waited_for(desk: Desk) -> None:
    desk.paused()
    said = desk.says(kind="picture")

    assert "继续计时" in said
    assert desk.order().state is State.ACCEPTED
    assert desk.order().pictures == 1
    told = desk.last_letter_to(LAO_LI).text
    assert "图片 1 张" in told
    assert "小王发来图片或文件" in told


def test_a_draft_goes_to_the_order_that_is_named(desk: Desk) -> None:
    desk.accepted()
    desk.minutes_pass(10)
    desk.hears(kind="picture")
    desk.hears("1001 还是不行，见图")

    assert desk.order().pictures == 1
    assert "图片 1 张" in desk.last_letter_to(LAO_LI).text


def test_a_picture_that_quotes_our_message_goes_to_its_order(desk: Desk) -> None:
    desk.accepted(group=XINGHE_GROUP)
    desk.minutes_pass(10)
    said = desk.says("", group=XINGHE_GROUP, kind="picture", quote="工单 1001 已由老李接单")

    assert "图片 1 张已附到工单 1001" in said
    assert desk.orders.history[1001][-1].verb is Verb.ATTACH
    assert "有新图片或文件" in desk.last_letter_to(LAO_LI).text


def test_没解决_with_a_picture_takes_it_along(desk: Desk) -> None:
    desk.solved()
    desk.hears("还是不行", kind="picture")

    assert desk.order().state is State.ACCEPTED
    assert desk.order().pictures == 1


def test_附图_attaches_what_was_sent_for_either_side(desk: Desk) -> None:
    desk.accepted()
    assert "附图 单号" in desk.says(kind="picture", sender=LAO_LI)

    said = desk.says("附图 1001", LAO_LI)

    assert "图片 1 张已附到工单 1001" in said
    assert "请先发图片" in desk.says("附图 1001", LAO_LI)
    assert "没有找到" in desk.says("附图 1001", XIAO_SUN)


def test_what_solves_it_may_be_shown(desk: Desk) -> None:
    desk.accepted()
    desk.hears("解决 1001 已更换", LAO_LI, kind="picture")

    assert desk.order().state is State.SOLVED
    assert desk.order().pictures == 1


# What follows within two minutes


def test_a_picture_right_after_the_report_joins_it_without_a_question(desk: Desk) -> None:
    desk.reported()
    desk.minutes_pass(1.9)

    first, second = desk.says(kind="picture"), desk.says(kind="picture")

    assert "图片 1 张已附到工单 1001" in first
    assert "身份证" in first
    assert "现有图片 2 张" in second
    assert "身份证" not in second
    assert desk.order().pictures == 2


def test_after_two_minutes_it_is_a_new_message(desk: Desk) -> None:
    desk.reported()
    desk.minutes_pass(2.1)

    assert "一句话" in desk.says(kind="picture")
    assert desk.order().pictures == 0


def test_of_a_parked_order_too(desk: Desk) -> None:
    desk.it_is("2026-11-23 20:00")
    desk.reported()

    assert "已附到工单 1001" in desk.says(kind="picture")


def test_elsewhere_or_of_somebody_else_it_does_not(desk: Desk) -> None:
    desk.reported(group=XINGHE_GROUP)

    assert "一句话" in desk.says(kind="picture")
    assert "一句话" in desk.says(kind="picture", sender=XIAO_ZHAO, group=XINGHE_GROUP)


JOINS = [
    "商户号 88012233",
    "终端号是 T-20981",
    "云南路店",
    "提示应答码 51",
    "提示网络异常",
    "报错代码 51",
    "显示白屏",
    "所有门店都用不了",
    "重启过了也没反应",
    "已经试过重启",
    "收银台打开是白屏",
    "今天早上开始的",
    "就是点了收款没反应",
    "也不能退款",
    "每次都卡死",
    "大概影响 20 家店",
    "下午 3 点前能好最好",
    "麻烦看一下",
]


@pytest.mark.parametrize("words", JOINS)
def test_words_right_after_the_report_go_on_with_it(desk: Desk, words: str) -> None:
    desk.reported("收银台打不开")
    desk.minutes_pass(1)

    said = desk.says(words)

    assert desk.count == 1
    assert "已补充到工单 1001" in said, said
    assert "报障" in said, "whoever meant something else reads how to say so"
    assert desk.order().text == f"收银台打不开\n{words}"


#: What is no part of the problem just reported, though it comes right after it.
TRAPS = [
    "怎么退款",
    "退款多久到账？",
    "如何退款",
    "退款几天能到，可以加急吗",
    "另外打印机不出纸",
    "还有一个问题，发票开错了",
    "打印机也坏了",
    "扫码枪没反应",
    "刷卡机连不上",
    "请问开发票找谁",
    "算了",
    "没事了",
    "谢谢",
    "好的",
    "取消",
    "帮助",
    "进度",
    "进度 1001",
    "1001",
    "催单",
    "急",
    "？？？",
    "在吗",
    "撤回",
    "撤回 1001",
    "紧急",
    "转人工",
    "报障 打印机坏了",
    "今天谁值班",
    "你是机器人吗",
    "收购商户号 88012233",
    "12",
]


@pytest.mark.parametrize("words", TRAPS)
def test_commands_questions_and_other_faults_are_no_part_of_it(desk: Desk, words: str) -> None:
    desk.reported("收银台打不开")
    desk.minutes_pass(1)

    desk.hears(words)

    assert desk.order().text == "收银台打不开"


def test_added_words_are_what_whoever_accepts_reads(desk: Desk) -> None:
    desk.reported("收银台打不开")
    desk.hears("商户号 88012233")

    said = desk.says("接单 1001", LAO_LI)

    assert "88012233" in said


def test_the_owner_is_told_of_words_added_after_accepting(desk: Desk) -> None:
    desk.accepted("收银台打不开")
    desk.hears("商户号 88012233")

    assert "88012233" in desk.last_letter_to(LAO_LI).text


def test_the_same_question_again_is_still_the_same_order(desk: Desk) -> None:
    desk.reported("收银台打不开")
    desk.hears("商户号 88012233")
    desk.hears("报障 收银台打不开")

    assert desk.count == 1


def test_what_our_own_people_say_after_opening_one_is_not_added(desk: Desk) -> None:
    desk.reported("收银台打不开", LAO_LI)
    desk.hears("商户号 88012233", LAO_LI)

    assert desk.order().text == "收银台打不开"


def test_a_reference_does_not_stand_in_what_is_logged() -> None:
    from handlers.message import Media

    message = Incoming("aibot", "k", "xiaowang", "picture", media=(Media("picture", "https://secret"),))

    assert "secret" not in repr(message)
