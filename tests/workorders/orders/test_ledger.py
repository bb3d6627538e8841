"""What is counted of a promise, told by stories whose answers are known."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.workorders.orders.stage import AGREEMENT, Stage, local, minute
from workorders.directory.people import Role
from workorders.errors import Incomplete
from workorders.orders import ledger
from workorders.orders.errors import NothingMissed, NotYours
from workorders.orders.ledger import Cause, Line, Outcome
from workorders.orders.order import Kind


def lines(stage: Stage, number: int) -> dict[str, Line]:
    """The lines of an order by clause; with several of a clause the last."""
    kept = stage.orders.ledger(number)
    assert kept == ledger.of(number, stage.events(number), AGREEMENT.calendar)
    return {line.clause: line for line in kept}


def test_an_order_accepted_and_solved_in_time_has_met_both_its_promises(stage: Stage) -> None:
    number = stage.open()
    stage.later(3 * minute)
    stage.desk().accept(number, stage.person("laoli"))
    stage.later(10 * minute)
    stage.desk().solve(number, stage.person("laoli"))
    response, solution = lines(stage, number).values()
    assert (response.outcome, response.took, response.person) == (Outcome.MET, 3 * minute, "laoli")
    assert (solution.outcome, solution.took, solution.person) == (Outcome.MET, 13 * minute, "laoli")
    assert (response.day, response.partner, response.role) == (date(2026, 11, 23), 1, Role.TECH)
    assert response.cause is None


def test_a_night_between_is_no_time_taken(stage: Stage) -> None:
    stage.now = local("2026-11-23 17:58")
    number = stage.open()
    stage.now = local("2026-11-24 09:01")
    stage.desk().accept(number, stage.person("laoli"))
    assert lines(stage, number)["daily.response"].took == 3 * minute


def test_a_promise_missed_stays_missed_and_is_nobodys_while_nobody_had_the_order(stage: Stage) -> None:
    number = stage.open()
    stage.pass_by(7 * minute, every=minute)
    missed = lines(stage, number)["daily.response"]
    assert (missed.outcome, missed.cause, missed.person) == (Outcome.MISSED, Cause.UNACCEPTED, None)
    stage.desk().accept(number, stage.person("laoli"))
    missed = lines(stage, number)["daily.response"]
    assert (missed.outcome, missed.cause, missed.person) == (Outcome.MISSED, Cause.ACCEPTED_LATE, None)
    assert (missed.took, missed.met_at) == (7 * minute, stage.now)


def test_a_miss_is_the_owners_of_that_moment_whoever_mends_it(stage: Stage) -> None:
    number = stage.open()
    stage.desk().accept(number, stage.person("laoli"))
    stage.pass_by(21 * minute, every=minute)
    stage.desk().hand_over(number, stage.person("laoli"), stage.person("laozhang"))
    stage.desk().solve(number, stage.person("laozhang"))
    missed = lines(stage, number)["daily.solution"]
    assert (missed.outcome, missed.cause, missed.person) == (Outcome.MISSED, Cause.UNSOLVED, "laoli")


def test_a_pause_and_the_hours_between_solving_and_reopening_are_no_time_taken(stage: Stage) -> None:
    number = stage.open()
    laoli = stage.person("laoli")
    stage.desk().accept(number, laoli)
    stage.later(5 * minute)
    stage.desk().pause(number, laoli, "商户号")
    stage.later(60 * minute)
    stage.desk().resume(number, laoli)
    stage.later(5 * minute)
    stage.desk().solve(number, laoli)
    assert lines(stage, number)["daily.solution"].took == 10 * minute
    stage.later(90 * minute)
    stage.desk().reopen(number, stage.person("xiaowang"))
    again = lines(stage, number)["daily.solution"]
    assert (again.outcome, again.took, again.person) == (Outcome.PENDING, None, None)
    stage.later(4 * minute)
    stage.desk().solve(number, laoli)
    assert lines(stage, number)["daily.solution"].took == 14 * minute


@pytest.mark.parametrize(
    ("story", "cause"),
    [("pause", Cause.PAUSED), ("reopen", Cause.REOPENED), ("reroute", Cause.REROUTED), ("", Cause.UNSOLVED)],
)
def test_a_missed_solution_says_what_went_before(stage: Stage, story: str, cause: Cause) -> None:
    number = stage.open()
    laoli = stage.person("laoli")
    stage.desk().accept(number, laoli)
    if story == "pause":
        stage.desk().pause(number, laoli, "商户号")
        stage.later(minute)
        stage.desk().resume(number, laoli)
    if story == "reopen":
        stage.desk().solve(number, laoli)
        stage.later(minute)
        stage.desk().reopen(number, stage.person("xiaowang"))
    if story == "reroute":
        stage.desk().reroute(number, laoli, Role.MIDDLE_OFFICE)
    stage.pass_by(21 * minute, every=minute)
    missed = lines(stage, number)["daily.solution"]
    assert (missed.outcome, missed.cause) == (Outcome.MISSED, cause)
    assert missed.role is (Role.MIDDLE_OFFICE if story == "reroute" else Role.TECH)


def test_a_moment_that_a_plan_named_and_missed_is_the_plans(stage: Stage) -> None:
    number = stage.open()
    stage.desk().propose(number, stage.person("laoli"), "更换机具", stage.now + timedelta(hours=1))
    stage.pass_by(timedelta(hours=2), every=10 * minute)
    missed = lines(stage, number)["completion"]
    assert (missed.outcome, missed.cause, missed.person) == (Outcome.MISSED, Cause.PLAN, "laoli")


def test_what_is_sent_back_is_neither_attained_nor_missed(stage: Stage) -> None:
    number = stage.open()
    stage.desk().decline(number, stage.person("laoli"), "不属于服务范围")
    response, solution = lines(stage, number).values()
    assert (response.outcome, response.person) == (Outcome.MET, "laoli")
    assert (solution.outcome, solution.took) == (Outcome.DECLINED, None)


def test_what_was_met_before_a_generation_is_counted_once_and_where_it_was_met(stage: Stage) -> None:
    number = stage.open(Kind.URGENT)
    stage.desk().accept(number, stage.person("laoli"))
    stage.later(minute)
    stage.desk().downgrade(number, stage.person("laoli"), "不影响收款")
    made = lines(stage, number)
    assert {clause: line.outcome for clause, line in made.items()} == {
        "urgent.response": Outcome.MET,
        "urgent.solution": Outcome.VOID,
        "daily.response": Outcome.CARRIED,
        "daily.solution": Outcome.PENDING,
    }


def test_a_cause_in_the_desks_words_stands_beside_what_was_missed_and_nothing_else(stage: Stage) -> None:
    number = stage.open()
    laoli = stage.person("laoli")
    stage.desk().accept(number, laoli)
    with pytest.raises(NothingMissed):
        stage.desk().explain(number, laoli, "等待厂家")
    stage.pass_by(21 * minute, every=minute)
    stage.desk().solve(number, laoli)
    stage.desk().explain(number, laoli, "等待厂家")
    stage.desk().explain(number, laoli, "等待厂家补丁")
    response, solution = lines(stage, number).values()
    assert (response.reason, solution.reason) == ("", "等待厂家补丁")
    with pytest.raises(Incomplete):
        stage.desk().explain(number, laoli, " ")
    with pytest.raises(NotYours):
        stage.desk().explain(number, stage.person("xiaowang"), "等待厂家")


def test_an_order_that_gets_its_partner_later_is_counted_for_that_partner(stage: Stage) -> None:
    number = stage.open(Kind.URGENT, by="nobody")
    partner = stage.person("xiaosun").partner
    assert partner is not None
    assert {line.partner for line in lines(stage, number).values()} == {None}
    stage.desk().assign(number, stage.person("laoli"), partner)
    assert {line.partner for line in lines(stage, number).values()} == {partner.id}
