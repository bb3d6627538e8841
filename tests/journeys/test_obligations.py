"""Journeys of obligations (约定事项), one a clause, and of the stars after an order."""

from __future__ import annotations

from datetime import timedelta

from tests.support.stage import BOT, Stage, local
from workorders.directory.people import Role
from workorders.obligations.matters import Item, OurChange, Slip, Survey
from workorders.obligations.obligation import State
from workorders.obligations.surveys import averages
from workorders.orders.order import Kind
from workorders.orders.order import State as OrderState


def goes_on_to(stage: Stage, moment: str) -> None:
    """Time goes on to that moment, the clock process sweeping whenever something is due."""
    stage.minutes_pass((local(moment) - stage.clock.moment) / timedelta(minutes=1))


def slip(stage: Stage, number: int = 1) -> Slip:
    matter = stage.obligation(number).matter
    assert isinstance(matter, Slip)
    return matter


def test_goods_nobody_objects_to_are_accepted_and_the_slip_is_chased_until_it_is_there(stage: Stage) -> None:
    filed = stage.says("xiaochen", "签收单 星河支付 硬件 5000元 今天09:30")
    assert "Y1" in filed
    assert "应回签收单照片" in filed
    assert "书面提出" in stage.last_told("xiaofeng")

    goes_on_to(stage, "2026-11-26 18:00")
    assert "视为产品合格" in stage.last_told("xiaofeng")
    assert slip(stage).judged == "deemed"

    goes_on_to(stage, "2026-11-30 09:05")
    assert "签收单未收到" in stage.last_told("xiaofeng")
    assert "停服" in stage.says("xiaochen", "停服 Y1 逾期未回签收单")
    assert "逾期未回签收单" in stage.last_told("xiaofeng")
    assert "已收签收单" in stage.presses("xiaochen", "收到照片")

    assert stage.obligation().state is State.DONE
    assert slip(stage).withheld is None
    assert "已恢复产品服务" in stage.last_told("xiaofeng")
    assert "异议期已于" in stage.says("xiaofeng", "异议 Y1 屏幕碎裂")


def test_an_objection_in_time_is_after_sales_work_linked_to_its_slip(stage: Stage) -> None:
    stage.says("xiaochen", "签收单 星河支付 硬件 12000元 今天09:30")
    goes_on_to(stage, "2026-11-26 17:59")

    said = stage.says("xiaofeng", f"{BOT} 异议 Y1 两台屏幕碎裂", group="wrXINGHE")

    assert "工单 1001" in said
    order = stage.order(1001)
    assert (order.kind, order.reporter) == (Kind.AFTERSALES, "xiaofeng")
    assert "两台屏幕碎裂" in order.text
    assert "1001" in stage.last_told("xiaoma")
    assert "须寄原件" in stage.says("xiaochen", "收照片 Y1")
    assert "第 3 个工作日" in stage.says("xiaofeng", "为什么 Y1")
    stage.says("xiaochen", "收原件 Y1")
    goes_on_to(stage, "2026-12-10 10:00")
    assert slip(stage).judged == "objected"


def test_a_coaching_month_ends_by_itself_and_both_hear_of_it(stage: Stage) -> None:
    assert "12月23日" in stage.says("laoli", "辅导期 星河支付 小王 笔试11-20 实操11-23")
    assert "2000 元" in stage.says("laoli", "复训 Y1 12-01 上门")
    assert "交通、住宿费由贵方承担" in stage.last_told("xiaowang")

    goes_on_to(stage, "2026-12-23 18:00")

    assert stage.obligation().state is State.DONE
    assert "辅导期结束" in stage.last_told("xiaowang")
    assert "辅导期结束" in stage.last_told("laoli")


def test_surveys_come_with_the_month_one_partner_answers_and_one_is_missed(stage: Stage) -> None:
    goes_on_to(stage, "2026-12-01 09:01")
    assert "12月满意度调查" in stage.last_told("xiaozhao")
    assert "12月满意度调查" in stage.last_told("xiaoxu")

    assert "①响应速度" in stage.presses("xiaozhao", "填写")
    assert "已收到，谢谢" in stage.says("xiaozhao", "5 4 5 4 回复再快些", group="app:xiaozhao")
    assert "回复再快些" in stage.last_told("wangzhuguan")

    goes_on_to(stage, "2026-12-22 09:00")
    assert sum("待填写" in said for said in stage.told("xiaoxu")) == 2
    assert not any("待填写" in said for said in stage.told("xiaozhao"))
    assert "逾期未返回" in stage.last_told("wangzhuguan")
    stage.says("wangzhuguan", "填写 Y2 3 3 3 3 邮件补交")

    late = stage.obligation(2)
    assert late.breached_at == local("2026-12-21 18:00")
    assert isinstance(late.matter, Survey)
    assert late.matter.by_mail
    with stage.program.units.reading() as unit:
        assert averages(unit.obligations.surveys())[Item.RESPONSE] == 4
    goes_on_to(stage, "2027-02-26 18:00")
    assert "填写" not in stage.last_told("xiaozhao")
    goes_on_to(stage, "2027-03-01 09:01")
    assert "2027年3月满意度调查" in stage.last_told("xiaozhao")


def test_a_partners_change_is_confirmed_late_and_the_desk_is_told_when_it_takes_effect(stage: Stage) -> None:
    said = stage.says("xiaozhao", "人员变更 技术 小王→小新 12-07 盖章 13800009999")
    assert "我方最晚" in said
    goes_on_to(stage, "2026-11-25 09:00")
    assert "超时未确认" in stage.last_told("wangzhuguan")

    assert "已确认" in stage.presses("wangzhuguan", "确认")
    assert "人员变更已确认" in stage.last_told("xiaozhao")
    goes_on_to(stage, "2026-12-07 09:00")

    assert "请现在更新通讯录" in stage.last_told("wangzhuguan")
    assert stage.obligation().breached_at == local("2026-11-24 18:00")


def test_our_change_is_told_to_all_silence_accepts_it_and_the_duty_moves_by_itself(stage: Stage) -> None:
    assert "已通知 2 家合作伙伴" in stage.says("wangzhuguan", "我方变更 技术一责 老李→老高 12-07 盖章")
    assert "我方人员变更" in stage.last_told("xiaowang", group="wrXINGHE")
    assert "已记录贵方确认" in stage.presses("xiaozhao", "收到")

    goes_on_to(stage, "2026-11-24 18:00")
    assert "视为接收" in stage.last_told("xiaoxu")
    assert not any("视为接收变更" in said for said in stage.told("xiaozhao"))
    goes_on_to(stage, "2026-12-07 09:00")

    matter = stage.obligation().matter
    assert isinstance(matter, OurChange)
    assert {r.judged for r in matter.receipts.values()} == {"accepted", "deemed"}
    assert matter.moved is True
    with stage.program.units.reading() as unit:
        holders = unit.directory.holders(Role.TECH, 1, stage.clock())
    assert [p.userid for p in holders] == ["laogao"]
    stage.opens()
    stage.sweep()
    assert "1001" in stage.last_told("laogao")


def test_a_closed_order_is_rated_by_one_tap_and_a_reason(stage: Stage) -> None:
    number = stage.opens().number
    stage.presses("laoli", "接单")
    stage.says("laoli", f"解决 {number} 已重启")
    stage.says("xiaowang", f"{BOT} 已解决 {number}", group="wrXINGHE")
    assert stage.order(number).state is OrderState.CLOSED

    assert "不满意" in stage.presses("xiaowang", "2 星")
    assert "谢谢" in stage.presses("xiaowang", "慢")

    assert (stage.order(number).stars, stage.order(number).stars_reason) == (2, "slow")
