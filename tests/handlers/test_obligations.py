"""约定事项 in conversation: filing, looking, every verb, and each refusal naming its field."""

from __future__ import annotations

import pytest

from handlers.phrases import letters, obligation_letters
from tests.handlers.stage import (
    LAO_CHEN,
    LAO_LI,
    LAO_WU,
    XIAO_HE,
    XIAO_SUN,
    XIAO_WANG,
    XINGHE_GROUP,
    YUNFAN_GROUP,
    Desk,
)
from workorders.obligations.matters import OurChange, Slip, Survey, TheirChange
from workorders.obligations.obligation import State

SLIP = "签收单 星河支付 硬件 12000元 今天09:30"
CHANGE = "人员变更 技术 小王→小新 12-07 盖章 13800001111"
OURS = "我方变更 技术一责 老李→老陈 12-08 盖章"


def slip(desk: Desk, number: int = 1) -> Slip:
    matter = desk.obligations.rows[number].matter
    assert isinstance(matter, Slip)
    return matter


def surveyed(desk: Desk) -> int:
    return desk.here(LAO_LI).obligations.file_survey(1).number


# Filing


def test_a_delivery_is_filed_in_one_sentence_and_says_until_when_it_may_be_objected_to(desk: Desk) -> None:
    said = desk.says(SLIP, LAO_LI)

    assert "Y1 签收单" in said
    assert "硬件产品，12000 元，今天 09:30 送达，应回签收单原件" in said
    assert "异议期至 11月26日（周四）18:00" in said
    assert "书面提出" in desk.last_letter_to(XINGHE_GROUP).text
    assert (slip(desk).goods, slip(desk).fen, slip(desk).form) == ("hardware", 1200000, "original")


@pytest.mark.parametrize(
    ("said", "fen"),
    [
        ("签收单 星河 软件 5000元 昨天", 500000),
        ("签收单：星河 软件 ￥1,200.50元 11-20", 120050),
        ("签收单 星河，软件，１.2万元，昨天下午3点", 1200000),
    ],
)
def test_amounts_and_days_are_read_as_people_write_them(desk: Desk, said: str, fen: int) -> None:
    desk.says(said, LAO_LI)

    assert slip(desk).fen == fen
    assert slip(desk).delivered_at < desk.now


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ("签收单", "合作伙伴"),
        ("签收单 天河 软件 50元 昨天", "合作伙伴「天河」"),
        ("签收单 星河 50元 昨天", "货物"),
        ("签收单 星河 软件 昨天", "金额"),
        ("签收单 星河 软件 -5元 昨天", "金额「-5元」"),
        ("签收单 星河 软件 0.005元 昨天", "金额「0.005元」"),
        ("签收单 星河 软件 50元", "送达时间"),
        ("签收单 星河 软件 50元 明天10:00", "送达时间"),
        ("签收单 星河 软件 50元 2月30日", "送达时间「2月30日」"),
        ("辅导期 星河支付 小王 笔试11-20", "实操日期"),
        ("辅导期 星河支付 笔试11-20 实操11-23", "受训人员"),
        ("人员变更 星河支付 技术 小王→小新 13-07 盖章", "生效日期「13-07」"),
        ("人员变更 星河支付 技术 小王→小新 12-07", "盖章"),
        ("人员变更 星河支付 技术", "原负责人"),
        ("人员变更 星河支付 门卫 小王→小新 12-07 盖章", "岗位「门卫」"),
        ("我方变更 技术一责 老李→小新 12-08 盖章", "新负责人「小新」"),
        ("我方变更 技术二责 老李→老陈 12-08 盖章", "原负责人「老李」"),
        ("我方变更 技术一责 老李→老陈 12-08 未盖章", "公章"),
        ("满意度周期 星河支付 5", "间隔月数「5」"),
    ],
)
def test_what_is_missing_or_impossible_is_named_in_one_sentence_and_nothing_is_filed(
    desk: Desk, said: str, names: str
) -> None:
    answer = desk.says(said, LAO_LI)

    assert names in answer
    assert "\n" not in answer
    assert desk.obligations.rows == {}


def test_a_duty_has_one_change_of_ours_at_a_time(desk: Desk) -> None:
    desk.hears(OURS, LAO_LI)

    said = desk.says("我方变更 技术一责 老李→老周 12-09 盖章", LAO_LI)

    assert "Y1 已通知各伙伴" in said
    assert "作废 Y1 原因" in said
    assert len(desk.obligations.rows) == 1

    desk.hears("作废 Y1 填错了", LAO_LI)
    desk.hears("我方变更 技术一责 老李→老周 12-09 盖章", LAO_LI)
    assert len(desk.obligations.rows) == 2


def test_what_a_partner_asks_about_a_slip_is_a_question_and_files_nothing(desk: Desk) -> None:
    for said in ("签收单怎么回", "签收单 星河 硬件 5元 昨天", "满意度"):
        desk.says(said, XIAO_WANG)

    assert desk.obligations.rows == {}


def test_coaching_and_retraining_are_filed_by_the_desk(desk: Desk) -> None:
    filed = desk.says("辅导期 星河支付 小王 笔试11-20 实操11-23", LAO_LI)
    trained = desk.says("复训 Y1 12-01 上门", LAO_LI)

    assert "辅导期至 12月23日（周三）18:00" in filed
    assert "2000 元" in trained
    assert "差旅由对方承担" in trained
    assert "交通、住宿费由贵方承担" in desk.last_letter_to(XIAO_WANG).text


# Looking


def test_each_side_lists_what_is_its_own(desk: Desk) -> None:
    desk.says(SLIP, LAO_LI)

    assert "Y1 签收单，" in desk.says("约定", XIAO_WANG)
    assert "Y1 签收单：星河支付，" in desk.says("约定事项", LAO_LI)
    assert desk.says("约定", XIAO_SUN) == "目前没有待办的约定事项。"
    assert "没有找到约定事项 Y1" in desk.says("Y1", XIAO_SUN)
    assert "没有找到约定事项 Y7" in desk.says("y7", LAO_LI)


def test_a_number_shows_how_it_stands_and_what_its_reader_can_do(desk: Desk) -> None:
    desk.says(SLIP, LAO_LI)

    assert "「异议 Y1 问题」" in desk.says("Ｙ１", XIAO_WANG)
    assert "「收原件 Y1」" in desk.says("进度 Y1", LAO_LI)


def test_why_tells_how_the_due_moment_came_about(desk: Desk) -> None:
    desk.says(SLIP, LAO_LI)
    desk.says(CHANGE, XIAO_WANG)

    slip_why, change_why = desk.says("为什么 Y1", XIAO_WANG), desk.says("Y2 为什么是这个时间", LAO_LI)

    assert "第 3 个工作日 11-26（周四）18:00 截止" in slip_why
    assert "5000 元（含）以下可用照片，须寄原件" in slip_why
    assert "第 1 个工作日 11-24（周二）18:00 截止" in change_why
    assert "提前期" in change_why
    assert "已满足" in change_why


def test_in_a_group_only_what_concerns_its_company_is_shown(desk: Desk) -> None:
    desk.says(SLIP, LAO_LI)

    for said in ("Y1", "约定", "为什么 Y1", "停服 Y1 逾期"):
        assert desk.says(said, LAO_LI, YUNFAN_GROUP) == "约定事项的内容请在与我的单聊中查询。"
    assert "12000 元" in desk.says("Y1", XIAO_WANG, XINGHE_GROUP)
    assert slip(desk).withheld is None


# Deliveries


def test_an_objection_without_words_is_asked_for_them_and_opens_an_order(desk: Desk) -> None:
    desk.says(SLIP, LAO_LI)

    asked = desk.says("异议 Y1", XIAO_WANG)
    said = desk.says("两台屏幕碎裂", XIAO_WANG)

    assert "异议内容" in asked
    assert "已开工单 1001" in said
    assert "两台屏幕碎裂" in desk.order().text
    assert "已提出过异议" in desk.says("Y1 异议 又一台", XIAO_WANG)
    assert desk.count == 1


def test_an_objection_is_understood_as_people_say_it(desk: Desk) -> None:
    desk.says(SLIP, LAO_LI)

    assert "异议已记录" in desk.says("有异议 Y1 少一台", XIAO_WANG)


def test_who_leaves_the_partner_out_of_a_change_is_shown_no_delivery(desk: Desk) -> None:
    said = desk.says("人员变更", LAO_LI)

    assert "请写明合作伙伴" in said
    assert "约定帮助" in said
    assert "签收单" not in said


def test_after_the_third_working_day_an_objection_is_told_that_it_is_late(desk: Desk) -> None:
    desk.says(SLIP, LAO_LI)
    desk.it_is("2026-11-27 09:00")

    said = desk.says("异议 Y1 屏幕碎裂", XIAO_WANG)

    assert "异议期已于昨天 18:00 届满，视为产品合格" in said
    assert desk.count == 0
    assert "视为产品合格" in desk.last_letter_to(XINGHE_GROUP).text


def test_service_is_withheld_with_a_reason_and_lifted(desk: Desk) -> None:
    desk.says(SLIP, LAO_LI)

    assert "请写明原因" in desk.says("停服 Y1", LAO_LI)
    assert "已停服" in desk.says("逾期未回签收单", LAO_LI)
    assert "逾期未回签收单" in desk.last_letter_to(XINGHE_GROUP).text
    assert "已停服，无需重复操作" in desk.says("停服 Y1 再停", LAO_LI)
    assert "已恢复服务" in desk.says("恢复服务 Y1", LAO_LI)
    assert "没有停服" in desk.says("恢复服务 Y1", LAO_LI)


def test_a_slip_is_received_by_word_or_by_button(desk: Desk) -> None:
    desk.says(SLIP, LAO_LI)
    desk.says("签收单 星河 软件 100元 昨天", LAO_LI)

    assert "须寄原件" in desk.says("收照片 Y1", LAO_LI)
    assert "由我方处理岗位的同事办理" in desk.says("收原件 Y1", XIAO_WANG)
    assert "已收签收单" in desk.says("收原件 Y1", LAO_LI)
    assert "已收签收单" in desk.presses("y:photo:2", LAO_LI).body
    assert "收到签收单，无需重复操作" in desk.presses("y:photo:2", LAO_LI).body
    assert "失效" in desk.presses("y:nothing:2", LAO_LI).body
    assert "失效" in desk.presses("y:photo:²", LAO_LI).body


# Surveys


def test_a_survey_is_answered_in_one_message_marks_and_remark(desk: Desk) -> None:
    number = surveyed(desk)

    asked = desk.says(f"填写 Y{number}", XIAO_WANG)
    assert "①响应速度②问题解决③服务态度④专业能力" in asked
    said = desk.says("5 4 5 3 回复再快些", XIAO_WANG)

    assert "响应速度 5、问题解决 4、服务态度 5、专业能力 3" in said
    matter = desk.obligations.rows[number].matter
    assert isinstance(matter, Survey)
    assert matter.remark == "回复再快些"
    assert "回复再快些" in desk.last_letter_to(LAO_WU).text


def test_the_only_open_survey_needs_no_number_and_its_remark_no_label(desk: Desk) -> None:
    number = surveyed(desk)

    assert "4 项都要 1 至 5 分" in desk.says("填写 5 4 5 9", XIAO_WANG)
    said = desk.says("填写 5 4 5 4 意见：回复再快些", XIAO_WANG)

    assert f"约定事项 Y{number}" in said
    matter = desk.obligations.rows[number].matter
    assert isinstance(matter, Survey)
    assert matter.remark == "回复再快些"


@pytest.mark.parametrize(
    ("said", "marks"),
    [
        ("5454", (5, 4, 5, 4)),
        ("５，４、５ 4", (5, 4, 5, 4)),
        ("都5分", (5, 5, 5, 5)),
        ("5分 4分 5分 4分", (5, 4, 5, 4)),
    ],
)
def test_marks_are_read_as_people_write_them(desk: Desk, said: str, marks: tuple[int, ...]) -> None:
    number = surveyed(desk)
    desk.presses(f"y:survey:{number}", XIAO_WANG)

    desk.says(said, XIAO_WANG)

    matter = desk.obligations.rows[number].matter
    assert isinstance(matter, Survey)
    assert matter.scores is not None
    assert tuple(matter.scores.values()) == marks


def test_wrong_marks_are_asked_for_again_and_anything_else_is_another_matter(desk: Desk) -> None:
    number = surveyed(desk)
    desk.says(f"填写 Y{number}", XIAO_WANG)

    for wrong in ("5 4", "5 4 5 9", "5 4 5 4 3"):
        assert "需要 4 个 1 至 5 的分数" in desk.says(wrong, XIAO_WANG)
    assert "已收到，谢谢" in desk.says("5 4 5 4", XIAO_WANG)
    assert "意见已记录" in desk.says(f"意见 Y{number} 回复再快些", XIAO_WANG)
    assert "填写过意见" in desk.says(f"意见 Y{number} 再补一句", XIAO_WANG)
    assert "办结" in desk.says(f"填写 Y{number} 1 1 1 1", XIAO_WANG)

    other = surveyed(desk)
    desk.says(f"填写 Y{other}", XIAO_WANG)
    desk.says("报障 收银台打不开", XIAO_WANG)
    assert desk.count == 1
    desk.says(f"填写 Y{other}", XIAO_WANG)
    desk.says("取消", XIAO_WANG)
    desk.says("5454", XIAO_WANG)
    assert desk.obligations.rows[other].state is State.OPEN


def test_the_desk_sees_averages_and_sets_the_cadence(desk: Desk) -> None:
    assert desk.says("满意度", LAO_WU) == "还没有返回的满意度调查。"
    number = surveyed(desk)
    desk.says(f"填写 Y{number} 5 4 5 4 邮件来的", LAO_LI)

    assert "星河支付（1 次）：响应速度 5.0、问题解决 4.0" in desk.says("满意度 星河", LAO_WU)
    assert "每 2 个月一次" in desk.says("满意度周期 星河支付 2", LAO_WU)
    assert "已由邮件录入" in desk.says(f"Y{number}", LAO_LI)


# Changes


def test_a_partner_files_its_change_and_we_confirm_it_by_button(desk: Desk) -> None:
    filed = desk.says(CHANGE, XIAO_WANG)

    assert "我方最晚明天 18:00 确认" in filed
    card = desk.last_letter_to(LAO_WU).card
    assert card is not None
    assert [b.key for b in card.buttons] == ["y:confirm:1"]
    assert "我方处理岗位" in desk.says("确认 Y1", XIAO_WANG)
    assert "已确认，已通知对方" in desk.presses("y:confirm:1", LAO_WU).body
    assert "已确认" in desk.last_letter_to(XINGHE_GROUP).text
    assert "确认，无需重复操作" in desk.says("确认 Y1", LAO_LI)
    desk.it_is("2026-12-07 09:00")
    assert "请现在更新通讯录：移除小王的该岗位，加入小新" in desk.last_letter_to(LAO_WU).text


def test_without_a_stamp_or_too_late_is_said(desk: Desk) -> None:
    assert "未加盖公司公章，视为无效" in desk.says("人员变更 技术 小王→小新 12-07 未盖章", XIAO_WANG)
    assert desk.obligations.rows[1].state is State.INVALID
    late = desk.says("人员变更 星河支付 技术 小王→小新 11-26 盖章", LAO_LI)
    assert "距生效不足 5 个工作日" in late
    assert isinstance(desk.obligations.rows[2].matter, TheirChange)
    assert "未满足" in desk.says("为什么 Y2", LAO_LI)


def test_our_own_change_is_told_to_every_partner_and_each_says_收到_for_itself(desk: Desk) -> None:
    filed = desk.says(OURS, LAO_LI)
    assert "已通知 2 家合作伙伴" in filed
    assert "13900000003" not in desk.last_letter_to(XINGHE_GROUP).text

    assert "合作伙伴的同事" in desk.says("收到 Y1", LAO_LI)
    assert "已记录贵方确认" in desk.says("收到 Y1", XIAO_WANG)
    assert "贵方已确认" in desk.says("Y1", XIAO_WANG)
    assert "请在明天 18:00 前回复「收到」" in desk.says("Y1", XIAO_SUN)
    desk.it_is("2026-11-25 09:00")
    assert "视为接收" in desk.says("收到 Y1", XIAO_SUN)
    assert "已确认 1、视为接收 1" in desk.says("Y1", LAO_LI)
    assert "云帆科技" in desk.last_letter_to(LAO_WU).text
    desk.it_is("2026-12-08 09:00")
    matter = desk.obligations.rows[1].matter
    assert isinstance(matter, OurChange)
    assert matter.moved is True
    assert "值班表已自动更新" in desk.last_letter_to(LAO_CHEN).text


def test_somebody_of_ours_without_a_post_files_nothing(desk: Desk) -> None:
    desk.says(SLIP, XIAO_HE)
    assert desk.obligations.rows == {}


def test_what_was_filed_by_mistake_is_void_with_a_reason(desk: Desk) -> None:
    desk.says(SLIP, LAO_LI)

    assert "请写明原因" in desk.says("作废 Y1", LAO_LI)
    assert "已作废" in desk.says("重复登记", LAO_LI)
    assert "重复登记" in desk.last_letter_to(XINGHE_GROUP).text
    assert "作废" in desk.says("Y1", LAO_LI)
    assert "办结，不能再收签收单" in desk.says("收原件 Y1", LAO_LI)


def test_a_partners_words_stay_words(desk: Desk) -> None:
    desk.says("人员变更 技术 小王→@all**[x](http://e.example)** 12-07 盖章", XIAO_WANG)

    said = desk.says("Y1", LAO_LI) + desk.last_letter_to(LAO_WU).text

    assert "@all" not in said
    assert "](" not in said


def test_help_says_how_each_side_uses_them(desk: Desk) -> None:
    assert "异议 Y3" in desk.says("约定帮助", XIAO_WANG)
    assert "签收单 星河支付" in desk.says("约定帮助", LAO_LI)


def test_every_letter_names_its_number_and_moment_in_words_that_fit_a_card(desk: Desk) -> None:
    """All that this conversation lets happen, said to members and into groups alike."""
    desk.says(SLIP, LAO_LI)
    desk.says("停服 Y1 逾期", LAO_LI)
    desk.says("恢复服务 Y1", LAO_LI)
    desk.says("签收单 星河 软件 100元 昨天", LAO_LI)
    desk.says("辅导期 星河支付 小王 笔试11-20 实操11-23", LAO_LI)
    desk.says("复训 Y3 12-01 上门", LAO_LI)
    desk.says(CHANGE, XIAO_WANG)
    desk.says("人员变更 星河支付 技术 小王→小新 12-07 盖章", LAO_LI)
    desk.says("人员变更 星河支付 技术 小王→小新 12-07 未盖章", LAO_LI)
    desk.says("确认 Y5", LAO_WU)
    desk.says(OURS, LAO_LI)
    number = surveyed(desk)
    desk.says("异议 Y1 屏幕碎裂", LAO_LI)
    for moment in ("2026-11-26 10:00", "2026-12-04 10:00", "2026-12-21 19:00", "2027-01-04 09:00"):
        desk.it_is(moment)
    desk.says("收照片 Y2", LAO_LI)
    desk.says(f"填写 Y{number} 5 4 5 4", LAO_LI)
    desk.says("作废 Y4 不再需要", LAO_LI)

    told = [x for x in desk.letters.posted.values() if x.subject.startswith("obligation:")]
    for letter in told:
        for shared in (False, True):
            said = letters.render(letter.kind, letter.facts, shared=shared)
            assert f"约定事项 {letter.facts['number']} " in said.text
            assert said.card is None or len(said.card.title) <= 36
    # To a partner that never answers; in the surveys' journey; and where the calendar is corrected.
    unsaid = {"our_change_deemed", "survey_remind", "obligation_recounted"}
    assert set(obligation_letters.PHRASES) - unsaid <= {x.kind for x in told}
