"""Journeys of shifts: the rota's turn at urgent work, absences, and 交接班."""

from __future__ import annotations

from dataclasses import replace

from tests.support.stage import Stage, local
from workorders.directory.people import Role
from workorders.directory.rows import AbsenceRow, RotaRow
from workorders.orders.order import Verb

SATURDAYS = RotaRow(Role.TECH, "xiaochen", (5,), (18 * 60, 24 * 60))


def man(stage: Stage, *, rota: tuple[RotaRow, ...] = (), absent: dict[str, AbsenceRow] | None = None) -> None:
    """Give the desk a rota and absences, as an import does."""
    with stage.program.units.begin() as unit:
        file = unit.directory.export()
        staff = tuple(
            replace(row, absent=(absent[row.userid],)) if absent and row.userid in absent else row
            for row in file.staff
        )
        unit.directory.replace_with(replace(file, staff=staff, rota=rota))


def test_urgent_work_on_saturday_night_goes_to_the_rota_and_on_a_weekday_to_the_duty(stage: Stage) -> None:
    man(stage, rota=(SATURDAYS,))
    stage.clock.moment = local("2026-11-28 22:00")

    stage.opens("全部门店无法收款", urgent=True)
    stage.sweep()

    assert "1001" in stage.desk_told("xiaochen")[-1]
    assert stage.desk_told("laoli") == []
    assert "技术紧急：小陈" in stage.says("laoli", "今天谁值班")
    stage.presses("xiaochen", "接单", number=1001)
    assert stage.order().owner == "xiaochen"

    stage.clock.moment = local("2026-11-30 10:00")
    stage.opens("扫码支付全部失败", urgent=True)
    stage.sweep()
    assert "1002" in stage.desk_told("laoli")[-1]
    assert "1002" not in "".join(stage.desk_told("xiaochen"))


def test_whoever_stands_in_is_told_and_may_take_over_with_one_tap(stage: Stage) -> None:
    stage.opens()
    stage.presses("laoli", "接单")
    whole_day = AbsenceRow(local("2026-11-23 00:00"), local("2026-11-24 00:00"), "laozhou")
    man(stage, absent={"laoli": whole_day})

    stage.says("xiaowang", "催单 1001")

    assert "老李不在，由您代" in stage.desk_told("laozhou")[-1]
    stage.presses("laozhou", "接手", number=1001)
    assert stage.order().owner == "laozhou"
    stage.opens("刷卡机报错")
    stage.sweep()
    assert "1002" in stage.desk_told("laozhou")[-1]
    assert "1002" not in "".join(stage.desk_told("laoli"))


def test_a_shift_is_handed_over_and_taken_with_one_tap(stage: Stage) -> None:
    for words in ("收银台打不开", "刷卡机报错"):
        stage.opens(words)
    stage.says("laoli", "接单 1001、1002")

    assert "已请老周接收工单 1001、1002" in stage.says("laoli", "交接班 老周 明早联系商户")
    assert "明早联系商户" in stage.card_of("laozhou")
    assert [stage.order(n).owner for n in (1001, 1002)] == ["laoli", "laoli"]
    assert "您已接收工单 1001、1002" in stage.presses("laozhou", "全部接收")

    for number in (1001, 1002):
        event = stage.events(number)[-1]
        assert (event.verb, event.by, event.facts["note"]) == (Verb.HAND_OVER, "laozhou", "明早联系商户")
    assert stage.events(1001)[-1].at < stage.events(1002)[-1].at
    assert "由老周接手（原由老李处理）" in stage.last_told("xiaowang", group="wrXINGHE")
    assert "明早联系商户" not in stage.last_told("xiaowang", group="wrXINGHE")
    stage.minutes_pass(30)
    assert "未接收" not in "".join(stage.desk_told("wangzhuguan"))


def test_a_shift_nobody_takes_is_told_to_the_supervisor_after_ten_minutes(stage: Stage) -> None:
    stage.opens()
    stage.says("laoli", "接单 1001")
    stage.says("laoli", "交接班 老周")

    stage.minutes_pass(9.5)
    assert "未接收" not in "".join(stage.desk_told("wangzhuguan"))

    stage.minutes_pass(1)
    [late] = [said for said in stage.desk_told("wangzhuguan") if "未接收" in said]
    assert "老周 10 分钟未接收老李交接的工单 1001" in late
    assert stage.order().owner == "laoli"
    assert "您已接收工单 1001" in stage.says("laozhou", "接收")


def test_two_taps_at_once_take_it_once(stage: Stage) -> None:
    stage.opens()
    stage.says("laoli", "接单 1001")
    stage.says("laoli", "交接班 老周")

    stage.presses("laozhou", "接收")
    assert "待您接收" in stage.says("laozhou", "接收")

    assert [e.verb for e in stage.events()].count(Verb.HAND_OVER) == 1


def test_a_shift_is_not_handed_to_somebody_who_is_away(stage: Stage) -> None:
    stage.opens()
    stage.says("laoli", "接单 1001")
    away = AbsenceRow(local("2026-11-23 00:00"), local("2026-11-24 00:00"), "xiaochen")
    man(stage, absent={"laozhou": away})

    assert "老周不在，由小陈代班" in stage.says("laoli", "交接班 老周")
    assert "小陈" in stage.says("laoli", "交接班 小陈")
