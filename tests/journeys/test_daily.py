"""Journeys of daily work orders: what a partner, the desk and a supervisor live through."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import update

from tests.support.stage import BOT, Stage, local
from workorders.orders.order import Kind, State, Verb
from workorders.orders.promise import Part
from workorders.sql.directory_tables import chat_group


def test_a_fault_reported_in_a_group_becomes_an_order_its_first_responsible_hears_of(stage: Stage) -> None:
    answer = stage.says("xiaowang", f"{BOT} 开单 收银台打不开", group="wrXINGHE")

    assert "1001" in answer
    assert "10:05" in answer
    assert "10:20" in answer
    order = stage.order()
    assert (order.kind, order.state, order.reporter) == (Kind.DAILY, State.OPEN, "xiaowang")
    stage.sweep()
    assert "1001" in stage.desk_told("laoli")[-1]
    assert "收银台打不开" in stage.desk_told("laoli")[-1]
    assert stage.desk_told("laozhou") == []


def test_a_daily_order_accepted_in_time_is_nobodys_escalation(stage: Stage) -> None:
    stage.opens()
    stage.minutes_pass(3)

    stage.presses("laoli", "接单")
    stage.minutes_pass(10)

    order = stage.order()
    assert order.state is State.ACCEPTED
    assert order.owner == "laoli"
    response = order.promise(Part.RESPONSE)
    assert response is not None
    assert response.met_at is not None
    assert response.breached_at is None
    assert "老李" in stage.last_told("xiaowang", group="wrXINGHE")
    assert stage.desk_told("laozhou") == []


def test_a_daily_order_nobody_accepts_reaches_the_second_after_5_minutes_and_the_lead_after_20(
    stage: Stage,
) -> None:
    stage.opens()

    stage.minutes_pass(5)
    second = stage.desk_told("laozhou")
    assert len(second) == 1
    assert "超时" in second[0]
    assert "1001" in second[0]
    assert stage.desk_told("wangzhuguan") == []

    stage.minutes_pass(15)
    lead = stage.desk_told("wangzhuguan")
    assert len(lead) == 1
    assert "超时" in lead[0]

    stage.minutes_pass(120)
    assert len(stage.desk_told("laozhou")) == 1
    assert len(stage.desk_told("wangzhuguan")) == 1
    breaches = [e.facts["clause"] for e in stage.events() if e.verb is Verb.BREACH]
    assert breaches == ["daily.response", "daily.solution"]


def test_after_an_outage_of_the_clock_only_the_highest_level_is_told(stage: Stage) -> None:
    stage.opens()

    stage.until("2026-11-23 11:00")

    assert stage.desk_told("laozhou") == []
    assert len(stage.desk_told("wangzhuguan")) == 1
    due = [e.facts["due"] for e in stage.events() if e.verb is Verb.BREACH]
    assert len(due) == 2


def test_a_plan_given_meets_both_promises_and_its_completion_moment_is_watched(stage: Stage) -> None:
    stage.opens()
    stage.presses("laoli", "接单")

    answer = stage.says("laoli", "给方案 1001 更换网关，今天14:00")

    assert "1001" in answer
    order = stage.order()
    assert all(p.met_at for p in order.promises if p.part is not Part.COMPLETION)
    assert "更换网关" in stage.last_told("xiaowang", group="wrXINGHE")
    assert "14:00" in stage.last_told("xiaowang", group="wrXINGHE")

    stage.until("2026-11-23 13:59:59")
    assert stage.desk_told("wangzhuguan") == []
    stage.minutes_pass(1)
    assert len(stage.desk_told("wangzhuguan")) == 1


def test_a_plan_is_given_from_the_card_in_one_sentence(stage: Stage) -> None:
    stage.opens()
    stage.presses("laoli", "接单")

    asked = stage.presses("laoli", "给方案")
    stage.says("laoli", "重启网关，半小时内完成")

    assert "方案" in asked
    completion = stage.order().promise(Part.COMPLETION)
    assert completion is not None
    assert timedelta(minutes=29) < completion.due - local("2026-11-23 10:00") <= timedelta(minutes=31)


def test_a_solved_order_is_told_to_the_group_and_没解决_takes_it_back_to_its_owner(stage: Stage) -> None:
    stage.opens()
    stage.presses("laoli", "接单")
    stage.minutes_pass(4)

    stage.says("laoli", "解决 1001 已重启")
    assert stage.order().state is State.SOLVED
    assert "没解决" in stage.last_told("xiaowang", group="wrXINGHE")

    stage.minutes_pass(30)
    stage.says("xiaowang", f"{BOT} 没解决", group="wrXINGHE")

    order = stage.order()
    assert order.state is State.ACCEPTED
    assert order.owner == "laoli"
    assert "1001" in stage.desk_told("laoli")[-1]
    solution = order.promise(Part.SOLUTION)
    assert solution is not None
    left = solution.due - order.last_at
    assert timedelta(minutes=15) < left < timedelta(minutes=17)


def test_没解决_said_in_the_group_means_the_order_solved_last_and_not_a_newer_live_one(stage: Stage) -> None:
    stage.opens("收银台打不开")
    stage.opens("打印机不出纸")
    stage.says("laoli", "解决 1001 已重启")

    answer = stage.says("xiaowang", f"{BOT} 还是不行", group="wrXINGHE")

    assert "1001" in answer
    assert stage.order(1001).state is State.ACCEPTED
    assert stage.order(1002).state is State.OPEN


def test_a_solved_order_nobody_objects_to_closes_after_one_working_day_of_silence(stage: Stage) -> None:
    stage.opens()
    stage.says("laoli", "解决 1001")

    stage.until("2026-11-24 17:59")
    assert stage.order().state is State.SOLVED
    stage.until("2026-11-24 18:01")
    assert stage.order().state is State.CLOSED


def test_waiting_on_the_partner_stops_the_clock_and_the_partners_word_starts_it_again(stage: Stage) -> None:
    stage.opens()
    stage.presses("laoli", "接单")
    stage.minutes_pass(10)

    stage.says("laoli", "挂起 1001 请提供终端编号")
    assert stage.order().state is State.PAUSED
    assert "终端编号" in stage.last_told("xiaowang", group="wrXINGHE")

    stage.minutes_pass(60)
    assert stage.desk_told("wangzhuguan") == []

    stage.says("xiaowang", f"{BOT} 1001 终端编号是 T-1", group="wrXINGHE")
    order = stage.order()
    assert order.state is State.ACCEPTED
    assert "T-1" in stage.desk_told("laoli")[-1]
    solution = order.promise(Part.SOLUTION)
    assert solution is not None
    assert timedelta(minutes=9) < solution.due - order.last_at <= timedelta(minutes=10)


def test_any_word_of_the_reporter_resumes_their_only_paused_order(stage: Stage) -> None:
    stage.opens()
    stage.presses("laoli", "接单")
    stage.says("laoli", "挂起 1001 请提供终端编号")

    answer = stage.says("xiaowang", f"{BOT} 终端编号是 T-1", group="wrXINGHE")

    assert "1001" in answer
    assert stage.order().state is State.ACCEPTED


def test_both_sides_are_reminded_of_a_paused_order_each_working_day_once(stage: Stage) -> None:
    stage.opens()
    stage.presses("laoli", "接单")
    stage.says("laoli", "挂起 1001 请提供终端编号")
    before = len(stage.desk_told("laoli")), len(stage.told("xiaowang", group="wrXINGHE"))

    for moment in ("2026-11-23 18:30", "2026-11-24 09:01", "2026-11-24 12:00", "2026-11-25 09:01"):
        stage.until(moment)

    after = len(stage.desk_told("laoli")), len(stage.told("xiaowang", group="wrXINGHE"))
    assert (after[0] - before[0], after[1] - before[1]) == (2, 2)


def test_what_was_already_late_when_a_pause_began_stays_late(stage: Stage) -> None:
    stage.opens()
    stage.presses("laoli", "接单")
    # Nobody sweeps between the due moment and the pause, half a minute after it.
    stage.clock.moment = local("2026-11-23 10:20:30")

    stage.says("laoli", "挂起 1001 请提供终端编号")

    solution = stage.order().promise(Part.SOLUTION)
    assert solution is not None
    assert solution.breached_at == solution.due
    verbs = [e.verb for e in stage.events()]
    assert verbs.index(Verb.BREACH) < verbs.index(Verb.PAUSE)


def test_a_daily_fault_on_a_saturday_is_parked_and_opens_by_itself_on_monday(stage: Stage) -> None:
    stage.clock.moment = local("2026-11-28 10:00")

    answer = stage.says("xiaowang", f"{BOT} 开单 打印机缺纸提示", group="wrXINGHE")

    assert "1001" in answer
    assert "11月30日" in answer
    assert "紧急" in answer
    assert stage.order().state is State.PARKED
    assert stage.desk_told("laoli") == []

    # However late the sweep is, the clocks count from the opening.
    stage.until("2026-11-30 09:03")
    order = stage.order()
    assert order.state is State.OPEN
    assert order.opened_at == local("2026-11-30 09:00")
    assert "1001" in stage.desk_told("laoli")[-1]
    assert "1001" in stage.last_told("xiaowang", group="wrXINGHE")
    stage.until("2026-11-30 09:05:01")
    assert len(stage.desk_told("laozhou")) == 1


def test_on_the_saturday_before_a_makeup_sunday_the_order_opens_on_that_sunday(stage: Stage) -> None:
    stage.clock.moment = local("2027-09-18 10:00").replace(year=2026, day=19)

    answer = stage.says("xiaowang", f"{BOT} 开单 打印机缺纸提示", group="wrXINGHE")

    assert "9月20日" in answer or "明天" in answer
    stage.until("2026-09-20 09:01")
    assert stage.order().opened_at == local("2026-09-20 09:00")


def test_a_due_moment_reaches_over_the_national_holiday(stage: Stage) -> None:
    stage.clock.moment = local("2026-09-30 17:58")

    answer = stage.says("xiaowang", f"{BOT} 开单 收银台打不开", group="wrXINGHE")

    assert "10月8日" in answer
    response = stage.order().promise(Part.RESPONSE)
    assert response is not None
    assert abs(response.due - local("2026-10-08 09:03")) < timedelta(seconds=1)


def test_urging_reaches_the_owner_and_the_third_time_the_second(stage: Stage) -> None:
    stage.opens()
    stage.presses("laoli", "接单")
    before = len(stage.desk_told("laoli"))

    stage.says("xiaowang", f"{BOT} 催单 1001", group="wrXINGHE")
    refused = stage.says("xiaowang", f"{BOT} 催单 1001", group="wrXINGHE")
    assert len(stage.desk_told("laoli")) == before + 1
    assert "热线" in refused

    stage.minutes_pass(6)
    stage.says("xiaowang", f"{BOT} 怎么还没好", group="wrXINGHE")
    assert stage.desk_told("laozhou") == []
    stage.minutes_pass(6)
    stage.says("xiaowang", f"{BOT} 催单 1001", group="wrXINGHE")
    assert len(stage.desk_told("laozhou")) == 1


def test_a_rerouted_order_is_open_again_and_the_new_role_is_told(stage: Stage) -> None:
    stage.opens()
    stage.presses("laoli", "接单")

    stage.says("laoli", "改派 1001 中台")

    order = stage.order()
    assert (order.state, order.owner, order.role) == (State.OPEN, None, "middle_office")
    assert "1001" in stage.desk_told("xiaochen")[-1]
    response = order.promise(Part.RESPONSE)
    assert response is not None
    assert response.met_at is not None


def test_an_order_handed_to_a_colleague_is_told_to_all_three(stage: Stage) -> None:
    stage.opens()
    stage.presses("laoli", "接单")

    stage.says("laoli", "转交 1001 老周")

    assert stage.order().owner == "laozhou"
    assert "1001" in stage.desk_told("laozhou")[-1]
    assert "老周" in stage.last_told("xiaowang", group="wrXINGHE")


def test_a_group_whose_webhook_is_gone_is_told_once_more_as_an_answer_to_its_own_message(
    stage: Stage,
) -> None:
    stage.says("xiaowang", f"{BOT} 开单 收银台打不开", group="wrXINGHE")
    with stage.program.units.begin() as unit:
        unit.conn.execute(update(chat_group).values(webhook_key="revoked"))

    stage.says("laoli", "接单 1001")
    stage.says("laoli", "解决 1001 已更换")

    told = stage.told("xiaowang", group="wrXINGHE")
    assert (
        "已由老李接单" in told[-1]
    )  # The one URL of that message is spent; the supervisors hear of the rest.
    assert any("1001" in words for words in stage.desk_told("wangzhuguan"))
