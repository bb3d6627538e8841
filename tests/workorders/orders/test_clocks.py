"""What each verb does to the clocks: met, stopped, void, issued again (design §3, column "clocks")."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.workorders.orders.stage import MONDAY, SATURDAY, Stage, local, minute, second, tick
from workorders.directory.people import Role
from workorders.errors import Incomplete
from workorders.orders.errors import AlreadySo, GivePlanInstead, TooSoon
from workorders.orders.order import Kind, State, Verb
from workorders.orders.promise import Part, Promise

RESPONSE, SOLUTION, COMPLETION = Part.RESPONSE, Part.SOLUTION, Part.COMPLETION


def accepted(stage: Stage, kind: Kind = Kind.DAILY, by: str = "laoli") -> int:
    number = stage.open(kind)
    stage.desk().accept(number, stage.person(by))
    return number


def completions(stage: Stage, number: int) -> list[Promise]:
    return [p for p in stage.order(number).promises if p.part is COMPLETION]


# Opening and parking


def test_a_daily_order_owes_a_response_in_five_minutes_and_a_solution_in_twenty(stage: Stage) -> None:
    number = stage.open()
    assert stage.promise(number, RESPONSE).due == MONDAY + 5 * minute
    assert stage.promise(number, SOLUTION).due == MONDAY + 20 * minute


def test_an_urgent_order_owes_a_response_in_one_minute_and_a_solution_in_twenty_day_and_night(
    stage: Stage,
) -> None:
    stage.now = SATURDAY
    number = stage.open(Kind.URGENT)
    assert stage.promise(number, RESPONSE).due == SATURDAY + minute
    assert stage.promise(number, SOLUTION).due == SATURDAY + 20 * minute


def test_two_minutes_before_closing_three_are_left_for_after_the_holiday(stage: Stage) -> None:
    stage.now = local("2026-09-30 17:58")
    number = stage.open()
    assert stage.promise(number, RESPONSE).due == local("2026-10-08 09:03")
    assert stage.promise(number, SOLUTION).due == local("2026-10-08 09:18")


def test_an_order_parked_in_the_evening_has_no_clock_and_opens_by_itself_next_morning(stage: Stage) -> None:
    stage.now = local("2026-11-23 20:00")
    number = stage.open()
    parked = stage.order(number)
    assert (parked.state, parked.promises, parked.opened_at) == (State.PARKED, (), None)
    stage.now = local("2026-11-24 09:00") - tick
    stage.sweep()
    assert stage.order(number).state is State.PARKED
    stage.later(tick)
    stage.sweep()
    assert stage.order(number).state is State.OPEN
    assert stage.promise(number, RESPONSE).due == local("2026-11-24 09:05")


def test_an_order_that_opens_late_is_counted_from_its_opening_all_the_same(stage: Stage) -> None:
    stage.now = local("2026-11-23 20:00")
    number = stage.open()
    stage.now = local("2026-11-24 09:07")
    stage.sweep()
    opened = stage.order(number)
    assert opened.opened_at == local("2026-11-24 09:00")
    assert stage.promise(number, RESPONSE).breached_at == local("2026-11-24 09:05")
    assert stage.promise(number, SOLUTION).due == local("2026-11-24 09:20")


# Accept, propose, solve


def test_accepting_meets_the_response_and_leaves_the_solution_running(stage: Stage) -> None:
    number = stage.open()
    stage.later(2 * minute)
    stage.desk().accept(number, stage.person("laoli"))
    assert stage.promise(number, RESPONSE).met_at == MONDAY + 2 * minute
    assert stage.promise(number, SOLUTION).running


@pytest.mark.parametrize("take", [False, True], ids=["while open", "by its owner"])
def test_a_plan_meets_response_and_solution_and_its_moment_is_watched(stage: Stage, take: bool) -> None:
    number = accepted(stage) if take else stage.open()
    stage.later(3 * minute)
    stage.desk().propose(number, stage.person("laoli"), "更换机具", local("2026-11-23 18:00"))
    assert stage.promise(number, SOLUTION).met_at == MONDAY + 3 * minute
    assert stage.promise(number, RESPONSE).met_at == (MONDAY if take else MONDAY + 3 * minute)
    assert stage.promise(number, COMPLETION).due == local("2026-11-23 18:00")
    assert stage.order(number).owner == "laoli"
    assert stage.order(number).due == local("2026-11-23 18:00")


@pytest.mark.parametrize("ago", [timedelta(0), minute], ids=["now", "in the past"])
def test_a_completion_moment_lies_in_the_future(stage: Stage, ago: timedelta) -> None:
    number = accepted(stage)
    with pytest.raises(Incomplete, match="moment"):
        stage.desk().propose(number, stage.person("laoli"), "更换机具", stage.now - ago)


def test_a_completion_moment_given_again_replaces_one_not_yet_missed(stage: Stage) -> None:
    number = accepted(stage)
    stage.desk().propose(number, stage.person("laoli"), "更换机具", MONDAY + timedelta(hours=1))
    stage.later(timedelta(hours=1))  # exactly at the moment promised is not yet missed
    stage.desk().propose(number, stage.person("laoli"), "先换备机", MONDAY + timedelta(hours=3))
    first, second_ = completions(stage, number)
    assert (first.void, first.breached_at) == ("replaced", None)
    assert second_.running
    assert stage.order(number).due == MONDAY + timedelta(hours=3)


def test_a_completion_moment_missed_stays_a_breach_whatever_is_promised_after(stage: Stage) -> None:
    number = accepted(stage)
    promised = MONDAY + timedelta(hours=1)
    stage.desk().propose(number, stage.person("laoli"), "更换机具", promised)
    stage.now = promised + tick
    stage.desk().propose(number, stage.person("laoli"), "先换备机", MONDAY + timedelta(hours=3))
    first, second_ = completions(stage, number)
    assert (first.breached_at, first.void) == (promised, None)
    assert second_.running


def test_solving_meets_everything_and_stops_every_clock(stage: Stage) -> None:
    number = accepted(stage)
    stage.desk().propose(number, stage.person("laoli"), "更换机具", MONDAY + timedelta(hours=1))
    stage.later(5 * minute)
    solved = stage.desk().solve(number, stage.person("laoli"))
    assert all(not p.pending and not p.breached_at for p in solved.promises)
    assert solved.due is None


def test_solving_an_open_order_takes_it(stage: Stage) -> None:
    number = stage.open()
    solved = stage.desk().solve(number, stage.person("xiaozhong"))
    assert (solved.owner, stage.promise(number, RESPONSE).met_at) == ("xiaozhong", MONDAY)


# In time, and late


@pytest.mark.parametrize(
    ("kind", "part", "verb", "after"),
    [
        (Kind.DAILY, RESPONSE, "accept", 5 * minute),
        (Kind.DAILY, SOLUTION, "solve", 20 * minute),
        (Kind.URGENT, RESPONSE, "accept", minute),
        (Kind.URGENT, SOLUTION, "solve", 20 * minute),
    ],
)
def test_a_promise_met_exactly_at_its_due_moment_is_in_time_and_a_tick_later_is_late(
    stage: Stage, kind: Kind, part: Part, verb: str, after: timedelta
) -> None:
    for late in (timedelta(0), tick):
        stage.now = MONDAY
        number = stage.open(kind)
        stage.now = MONDAY + after + late
        getattr(stage.desk(), verb)(number, stage.person("laoli"))
        kept = stage.promise(number, part)
        assert kept.met_at == stage.now
        assert kept.breached_at == (MONDAY + after if late else None)


def test_what_is_solved_late_before_any_sweep_saw_it_is_still_a_breach(stage: Stage) -> None:  # D8
    number = accepted(stage)
    stage.later(21 * minute)
    stage.desk().solve(number, stage.person("laoli"))
    solution = stage.promise(number, SOLUTION)
    assert solution.breached_at == MONDAY + 20 * minute
    assert solution.met_at == MONDAY + 21 * minute
    verbs = [e.verb for e in stage.events(number)]
    assert verbs.index(Verb.BREACH) < verbs.index(Verb.SOLVE)


def test_accepted_in_time_and_solved_late_are_two_verdicts(stage: Stage) -> None:  # B5
    number = accepted(stage)
    stage.later(21 * minute)
    stage.desk().solve(number, stage.person("laoli"))
    assert stage.promise(number, RESPONSE).breached_at is None
    assert stage.promise(number, SOLUTION).breached_at is not None


def test_acceptance_racing_solution_never_unsolves(stage: Stage) -> None:  # D11
    number = stage.open()
    stage.desk().solve(number, stage.person("laoli"))
    with pytest.raises(Exception, match="not possible while solved"):
        stage.desk().accept(number, stage.person("laozhang"))
    assert (stage.order(number).state, stage.order(number).owner) == (State.SOLVED, "laoli")


# Pausing


def test_a_pause_stops_the_solution_and_resuming_lets_it_go_on_with_what_was_left(stage: Stage) -> None:
    number = accepted(stage)
    stage.later(8 * minute + 30 * second)
    stage.desk().pause(number, stage.person("laoli"), "商户号")
    assert stage.order(number).due is None
    stage.later(timedelta(hours=1, seconds=1))
    stage.desk().resume(number, stage.person("xiaowang"))
    assert stage.promise(number, SOLUTION).due == MONDAY + 20 * minute + timedelta(hours=1, seconds=1)


def test_a_pause_over_night_takes_nothing_from_what_was_left(stage: Stage) -> None:
    stage.now = local("2026-11-23 17:50")
    number = accepted(stage)
    stage.now = local("2026-11-23 17:55")
    stage.desk().pause(number, stage.person("laoli"), "商户号")
    stage.now = local("2026-11-24 08:00")
    stage.desk().resume(number, stage.person("laoli"))
    assert stage.promise(number, SOLUTION).due == local("2026-11-24 09:15")


def test_a_pause_never_brings_the_due_moment_nearer(stage: Stage) -> None:
    number = accepted(stage)
    due = stage.promise(number, SOLUTION).due
    for _ in range(4):
        stage.desk().pause(number, stage.person("laoli"), "商户号")
        stage.later(90 * second)
        stage.desk().resume(number, stage.person("laoli"))
        assert stage.promise(number, SOLUTION).due >= due
        due = stage.promise(number, SOLUTION).due
    assert due == MONDAY + 26 * minute


def test_what_breached_stays_breached_when_paused_in_the_same_minute(stage: Stage) -> None:  # B4
    number = accepted(stage)
    stage.now = MONDAY + 20 * minute + second
    stage.desk().pause(number, stage.person("laoli"), "商户号")
    solution = stage.promise(number, SOLUTION)
    assert (solution.breached_at, solution.stopped_at) == (MONDAY + 20 * minute, None)
    stage.later(timedelta(hours=1))
    stage.desk().resume(number, stage.person("laoli"))
    assert stage.promise(number, SOLUTION).breached_at == MONDAY + 20 * minute


def test_paused_at_the_very_due_moment_nothing_is_late_until_it_goes_on(stage: Stage) -> None:
    number = accepted(stage)
    stage.now = MONDAY + 20 * minute
    stage.desk().pause(number, stage.person("laoli"), "商户号")
    stage.later(timedelta(hours=1))
    stage.sweep()
    assert stage.promise(number, SOLUTION).breached_at is None
    stage.desk().resume(number, stage.person("laoli"))
    stage.desk().solve(number, stage.person("laoli"))
    assert stage.promise(number, SOLUTION).breached_at is None


def test_an_urgent_order_is_not_paused_its_plan_is_given(stage: Stage) -> None:
    number = accepted(stage, Kind.URGENT)
    with pytest.raises(GivePlanInstead):
        stage.desk().pause(number, stage.person("laoli"), "商户号")


def test_a_plan_for_a_paused_order_leaves_it_paused_and_owes_no_solution_any_more(stage: Stage) -> None:
    number = accepted(stage)
    stage.desk().pause(number, stage.person("laoli"), "商户号")
    stage.later(minute)
    stage.desk().propose(number, stage.person("laoli"), "更换机具", MONDAY + timedelta(hours=1))
    assert stage.order(number).state is State.PAUSED
    stage.later(minute)
    stage.desk().resume(number, stage.person("laoli"))
    assert stage.promise(number, SOLUTION).met_at == MONDAY + minute


def test_a_completion_moment_is_watched_through_a_pause(stage: Stage) -> None:
    number = accepted(stage)
    promised = MONDAY + timedelta(hours=1)
    stage.desk().propose(number, stage.person("laoli"), "更换机具", promised)
    stage.desk().pause(number, stage.person("laoli"), "商户号")
    stage.now = promised + tick
    stage.sweep()
    assert completions(stage, number)[0].breached_at == promised


# Handing on


def test_handing_over_changes_the_owner_and_no_clock(stage: Stage) -> None:
    number = accepted(stage)
    before = stage.order(number)
    stage.later(minute)
    after = stage.desk().hand_over(number, stage.person("laoli"), stage.person("xiaozhong"))
    assert (after.owner, after.promises, after.state) == ("xiaozhong", before.promises, before.state)


def test_handing_over_to_somebody_who_works_no_orders_asks_for_another(stage: Stage) -> None:
    number = accepted(stage)
    for nobody in ("xiaohe", "xiaozhao", "stranger"):
        with pytest.raises(Incomplete, match="person"):
            stage.desk().hand_over(number, stage.person("laoli"), stage.person(nobody))


def test_rerouting_keeps_the_due_moments_and_a_met_response_met(stage: Stage) -> None:
    number = accepted(stage)
    before = stage.order(number)
    stage.later(minute)
    after = stage.desk().reroute(number, stage.person("laoli"), Role.MIDDLE_OFFICE)
    assert (after.state, after.owner, after.role) == (State.OPEN, None, Role.MIDDLE_OFFICE)
    assert after.promises == before.promises


def test_rerouting_an_open_order_leaves_its_response_owed(stage: Stage) -> None:
    number = stage.open()
    stage.desk().reroute(number, stage.person("laoli"), Role.MIDDLE_OFFICE)
    assert stage.promise(number, RESPONSE).running
    with pytest.raises(AlreadySo):
        stage.desk().reroute(number, stage.person("laoli"), Role.MIDDLE_OFFICE)


def test_rerouting_a_paused_order_lets_its_clock_go_on(stage: Stage) -> None:
    number = accepted(stage)
    stage.desk().pause(number, stage.person("laoli"), "商户号")
    stage.later(10 * minute)
    after = stage.desk().reroute(number, stage.person("laoli"), Role.MIDDLE_OFFICE)
    assert (after.awaited, after.remind_at) == (None, None)
    assert stage.promise(number, SOLUTION).due == MONDAY + 30 * minute


# New generations


def test_an_upgrade_is_counted_from_itself_and_never_later_than_before(stage: Stage) -> None:
    number = stage.open()
    stage.later(4 * minute)
    stage.desk().upgrade(number, stage.person("xiaowang"))
    order = stage.order(number)
    assert order.generation == 2
    assert stage.promise(number, RESPONSE).due == MONDAY + 5 * minute
    assert stage.promise(number, SOLUTION).due == MONDAY + 20 * minute  # not 24
    assert [p.void for p in order.promises] == ["superseded", "superseded", None, None]


def test_a_paused_order_upgraded_is_due_no_later_than_it_would_have_been(stage: Stage) -> None:
    number = accepted(stage)
    stage.later(15 * minute)
    stage.desk().pause(number, stage.person("laoli"), "商户号")
    stage.later(timedelta(hours=1))
    order = stage.desk().upgrade(number, stage.person("xiaowang"))
    assert (order.state, order.awaited, order.remind_at) == (State.ACCEPTED, None, None)
    assert stage.promise(number, SOLUTION).due == stage.now + 5 * minute


def test_an_order_urgent_again_after_its_urgent_solution_was_missed_keeps_its_daily_due_moment(
    stage: Stage,
) -> None:
    stage.now = SATURDAY
    number = accepted(stage, Kind.URGENT)
    stage.now = SATURDAY + 25 * minute
    stage.desk().downgrade(number, stage.person("laoli"), "误报")
    daily = stage.promise(number, SOLUTION)

    stage.desk().upgrade(number, stage.person("laoli"))

    # The missed clause is not issued again; without this the order would be promised nothing at all.
    assert stage.promise(number, SOLUTION).due == daily.due
    assert stage.promise(number, SOLUTION).pending


def test_an_upgrade_in_the_evening_does_not_wait_for_the_morning(stage: Stage) -> None:
    stage.now = local("2026-11-23 20:00")
    number = stage.open()
    order = stage.desk().upgrade(number, stage.person("xiaowang"))
    assert (order.state, order.opened_at) == (State.OPEN, stage.now)
    assert stage.promise(number, SOLUTION).due == stage.now + 20 * minute


def test_the_response_of_an_accepted_order_counts_as_met_when_it_is_upgraded(stage: Stage) -> None:
    number = accepted(stage)
    stage.later(minute)
    stage.desk().upgrade(number, stage.person("xiaowang"))
    assert stage.promise(number, RESPONSE).met_at == MONDAY + minute
    stage.later(2 * minute)
    stage.sweep()
    assert stage.promise(number, RESPONSE).breached_at is None


def test_an_upgrade_leaves_nothing_of_the_old_due_moments(stage: Stage) -> None:  # D10
    number = stage.open()
    stage.later(minute)
    stage.desk().upgrade(number, stage.person("xiaowang"))
    stage.desk().accept(number, stage.person("laoli"))
    stage.desk().solve(number, stage.person("laoli"))
    stage.letters()
    stage.pass_by(timedelta(hours=2), 5 * minute)
    assert not any(p.breached_at for p in stage.order(number).promises)
    assert stage.told() == []


def test_a_downgrade_is_counted_from_the_opening(stage: Stage) -> None:
    number = stage.open(Kind.URGENT)
    stage.later(30 * second)
    stage.desk().downgrade(number, stage.person("laoli"), "不影响收款")
    assert stage.promise(number, RESPONSE).due == MONDAY + 5 * minute
    assert stage.promise(number, SOLUTION).due == MONDAY + 20 * minute
    assert stage.order(number).generation == 2


def test_a_downgrade_at_night_is_due_in_the_morning(stage: Stage) -> None:
    stage.now = SATURDAY
    number = stage.open(Kind.URGENT)
    stage.later(30 * second)
    stage.desk().downgrade(number, stage.person("laoli"), "不影响收款")
    assert stage.promise(number, RESPONSE).due == local("2026-11-30 09:05")


def test_a_downgrade_long_after_the_opening_is_late_at_once(stage: Stage) -> None:
    number = stage.open(Kind.URGENT)
    stage.desk().accept(number, stage.person("laoli"))
    stage.later(19 * minute)
    stage.desk().downgrade(number, stage.person("laoli"), "不影响收款")
    assert stage.promise(number, RESPONSE).met_at == MONDAY
    stage.later(2 * minute)
    stage.sweep()
    assert stage.promise(number, SOLUTION).breached_at == MONDAY + 20 * minute


def test_a_breached_promise_is_not_issued_again_for_the_same_clause(stage: Stage) -> None:
    number = stage.open()
    stage.later(6 * minute)
    stage.desk().upgrade(number, stage.person("xiaowang"))
    stage.later(10 * second)
    stage.desk().downgrade(number, stage.person("laoli"), "不影响收款")
    order = stage.order(number)
    assert order.generation == 3
    assert [p.clause for p in order.promises if p.generation == 3] == ["daily.solution"]
    breached = [p for p in order.promises if p.breached_at]
    assert [(p.clause, p.generation) for p in breached] == [("daily.response", 1)]


def test_a_completion_moment_outlives_an_upgrade(stage: Stage) -> None:
    number = accepted(stage)
    promised = MONDAY + timedelta(hours=1)
    stage.desk().propose(number, stage.person("laoli"), "更换机具", promised)
    stage.later(minute)
    stage.desk().upgrade(number, stage.person("xiaowang"))
    stage.now = promised + tick
    stage.sweep()
    assert completions(stage, number)[0].breached_at == promised


def test_upgrading_the_urgent_and_downgrading_the_daily_change_nothing(stage: Stage) -> None:
    urgent, daily = stage.open(Kind.URGENT), stage.open()
    with pytest.raises(AlreadySo):
        stage.desk().upgrade(urgent, stage.person("laoli"))
    with pytest.raises(AlreadySo):
        stage.desk().downgrade(daily, stage.person("laoli"), "不影响收款")


# Ending


def test_declining_meets_the_response_and_voids_the_solution(stage: Stage) -> None:
    number = stage.open()
    stage.later(minute)
    stage.desk().decline(number, stage.person("xiaochen"), "不属于服务范围")
    assert stage.promise(number, RESPONSE).met_at == MONDAY + minute
    solution = stage.promise(number, SOLUTION)
    assert (solution.met_at, solution.void) == (None, "declined")


def test_cancelling_voids_what_is_unmet_and_breaches_stand(stage: Stage) -> None:
    number = stage.open()
    stage.later(6 * minute)
    stage.desk().cancel(number, stage.person("xiaozhao"))
    response, solution = stage.promise(number, RESPONSE), stage.promise(number, SOLUTION)
    assert (response.breached_at, response.void) == (MONDAY + 5 * minute, "cancelled")
    assert (solution.breached_at, solution.void) == (None, "cancelled")
    stage.pass_by(timedelta(hours=2), 5 * minute)
    assert stage.promise(number, SOLUTION).breached_at is None


@pytest.mark.parametrize(
    ("verb", "words"),
    [("decline", "reason"), ("downgrade", "reason"), ("pause", "awaited"), ("propose", "plan")],
)
def test_what_a_verb_needs_is_asked_for(stage: Stage, verb: str, words: str) -> None:
    number = accepted(stage, Kind.URGENT if verb == "downgrade" else Kind.DAILY)
    more = [local("2026-11-23 18:00")] if verb == "propose" else []
    with pytest.raises(Incomplete) as missing:
        getattr(stage.desk(), verb)(number, stage.person("laoli"), "  ", *more)
    assert missing.value.field == words


def test_the_desk_closes_only_with_a_note_the_reporter_needs_none(stage: Stage) -> None:
    number = accepted(stage)
    stage.desk().solve(number, stage.person("laoli"))
    with pytest.raises(Incomplete, match="reason"):
        stage.desk().close(number, stage.person("laoli"))
    assert stage.desk().close(number, stage.person("xiaowang")).state is State.CLOSED


def test_silence_closes_when_business_closes_on_the_next_working_day(stage: Stage) -> None:
    stage.now = local("2026-11-27 15:00")  # a Friday
    number = accepted(stage)
    stage.desk().solve(number, stage.person("laoli"))
    stage.now = local("2026-11-30 18:00") - tick
    stage.sweep()
    assert stage.order(number).state is State.SOLVED
    stage.later(tick)
    stage.sweep()
    assert (stage.order(number).state, stage.order(number).state_by) == (State.CLOSED, None)


def test_urging_is_heard_once_in_five_minutes(stage: Stage) -> None:
    number = accepted(stage)
    stage.desk().urge(number, stage.person("xiaowang"))
    stage.later(5 * minute - tick)
    with pytest.raises(TooSoon) as refused:
        stage.desk().urge(number, stage.person("xiaozhao"))
    assert refused.value.again_at == MONDAY + 5 * minute
    stage.later(tick)
    assert len(stage.desk().urge(number, stage.person("xiaozhao")).urged) == 2


def test_an_assigned_order_keeps_its_clocks_and_its_new_partner_may_act(stage: Stage) -> None:
    stage.now = SATURDAY
    number = stage.open(Kind.URGENT, by="nobody")
    before = stage.order(number)
    dadi = stage.person("xiaosun").partner
    assert dadi is not None
    after = stage.desk().assign(number, stage.person("zhoujie"), dadi)
    assert (after.partner, after.promises) == (dadi.id, before.promises)
    assert stage.desk().cancel(number, stage.person("xiaosun")).state is State.CANCELLED


# Reopening


def test_a_reopened_order_goes_on_with_what_was_left(stage: Stage) -> None:  # B1
    number = accepted(stage)
    stage.later(8 * minute)
    stage.desk().solve(number, stage.person("laoli"))
    stage.later(timedelta(hours=1))
    order = stage.desk().reopen(number, stage.person("xiaowang"), "还是不行")
    assert (order.state, order.owner, order.reopened, order.close_at) == (State.ACCEPTED, "laoli", 1, None)
    assert stage.promise(number, SOLUTION).due == stage.now + 12 * minute
    stage.later(12 * minute + tick)
    stage.sweep()
    assert stage.promise(number, SOLUTION).breached_at == stage.now - tick


def test_paused_and_reopened_the_same_order_keeps_every_minute(stage: Stage) -> None:  # B1 in our spans
    number = accepted(stage)
    stage.later(4 * minute)
    stage.desk().pause(number, stage.person("laoli"), "商户号")
    stage.later(15 * minute)
    stage.desk().resume(number, stage.person("laoli"))
    stage.later(6 * minute)
    stage.desk().solve(number, stage.person("laoli"))
    stage.later(30 * minute)
    stage.desk().reopen(number, stage.person("xiaowang"))
    assert stage.promise(number, SOLUTION).due == stage.now + 10 * minute


def test_what_a_fault_was_promised_does_not_come_back_to_hardware_reopened(stage: Stage) -> None:
    number = accepted(stage)
    stage.later(4 * minute)
    stage.desk().propose(number, stage.person("laoli"), "换机", stage.now + timedelta(hours=5))
    stage.desk().change_kind(
        number, stage.person("laoli"), Kind.AFTERSALES, {"device": "T1", "serial": "SN-1"}
    )
    stage.desk().solve(number, stage.person("laoli"))
    order = stage.desk().reopen(number, stage.person("xiaowang"))
    assert order.due is None
    assert stage.promise(number, SOLUTION).met_at == MONDAY + 4 * minute


def test_a_declined_order_reopened_owes_the_rest_of_its_solution_and_no_response(stage: Stage) -> None:
    number = stage.open()
    stage.later(5 * minute)
    stage.desk().decline(number, stage.person("xiaochen"), "不属于服务范围")
    stage.later(timedelta(days=2))
    stage.desk().reopen(number, stage.person("xiaowang"))
    assert stage.promise(number, RESPONSE).met_at == MONDAY + 5 * minute
    assert stage.promise(number, SOLUTION).due == stage.now + 15 * minute


def test_an_order_declined_before_it_ever_opened_owes_a_whole_solution_when_reopened(stage: Stage) -> None:
    stage.now = local("2026-11-23 20:00")
    number = stage.open()
    stage.desk().decline(number, stage.person("xiaochen"), "不属于服务范围")
    stage.now = local("2026-11-24 10:00")
    order = stage.desk().reopen(number, stage.person("xiaowang"))
    assert (order.state, order.opened_at) == (State.OPEN, stage.now)
    assert stage.promise(number, SOLUTION).due == stage.now + 20 * minute


def test_a_breach_keeps_its_moment_when_its_order_is_reopened(stage: Stage) -> None:
    number = accepted(stage)
    stage.later(25 * minute)
    stage.desk().solve(number, stage.person("laoli"))
    stage.later(minute)
    stage.desk().reopen(number, stage.person("xiaowang"))
    solution = stage.promise(number, SOLUTION)
    assert (solution.breached_at, solution.pending) == (MONDAY + 20 * minute, True)


def test_seven_days_later_a_new_order_follows_the_old_one(stage: Stage) -> None:
    number = accepted(stage)
    stage.desk().solve(number, stage.person("laoli"))
    closed = stage.desk().close(number, stage.person("xiaowang"))
    stage.now = closed.state_at + timedelta(days=7)
    with stage.conn.begin_nested() as in_time:
        assert stage.desk().reopen(number, stage.person("xiaowang")).number == number
        in_time.rollback()
    stage.later(tick)
    new = stage.desk().reopen(number, stage.person("xiaowang"), "又报错了")
    assert (new.follows, new.text, new.state) == (number, "又报错了", State.OPEN)
    assert stage.order(number).state is State.CLOSED


def test_the_order_that_follows_is_the_same_partners_whoever_asks(stage: Stage) -> None:
    stage.now = SATURDAY
    number = stage.open(Kind.URGENT, by="nobody")
    dadi = stage.person("xiaosun").partner
    assert dadi is not None
    stage.desk().assign(number, stage.person("zhoujie"), dadi)
    stage.desk().solve(number, stage.person("laoli"))
    stage.later(timedelta(days=9))
    new = stage.desk().reopen(number, stage.person("xiaosun"), "又报错了")
    assert (new.partner, new.reporter) == (dadi.id, "nobody")


def test_what_is_said_about_a_paused_order_resumes_it(stage: Stage) -> None:
    number = accepted(stage)
    stage.desk().pause(number, stage.person("laoli"), "商户号")
    order = stage.desk().said(number, stage.person("xiaozhao"), "商户号 8801")
    assert order.state is State.ACCEPTED
    assert stage.events(number)[-1].facts["said"] == "商户号 8801"
