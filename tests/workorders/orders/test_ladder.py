"""The ladder: who is told when nobody acts, and what an outage leaves to say (design §3, A due moment)."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.workorders.orders.stage import (
    AGREEMENT,
    FILE,
    MONDAY,
    SATURDAY,
    Stage,
    local,
    minute,
    second,
    tick,
)
from tests.workorders.orders.stage import stage as a_stage
from workorders.agreement.clauses import Agreement
from workorders.directory.file import DirectoryFile
from workorders.orders.ladder import decide
from workorders.orders.order import Kind, State
from workorders.orders.promise import Part

hour = timedelta(hours=1)


def said(stage: Stage) -> list[tuple[str, str]]:
    """Who was told on which of the clock's occasions since last asked, whatever verbs said besides."""
    return [(who, what) for who, what in stage.occasions() if _is_the_clocks(what)]


def _is_the_clocks(occasion: str) -> bool:
    return occasion.startswith(("response.", "solution.", "completion", "page."))


# Daily


def test_a_daily_order_nobody_accepts_reaches_the_second_after_five_minutes(stage: Stage) -> None:
    stage.open()
    assert said(stage) == [("laoli", "response.level1")]
    stage.pass_by(5 * minute)
    assert said(stage) == []
    stage.later(tick)
    stage.sweep()
    assert said(stage) == [("laozhang", "response.level2")]


def test_a_daily_order_nobody_solves_reaches_the_lead_after_twenty_minutes_and_nobody_twice(
    stage: Stage,
) -> None:
    stage.open()
    stage.pass_by(2 * hour, 10 * second)
    assert said(stage) == [
        ("laoli", "response.level1"),
        ("laozhang", "response.level2"),
        ("zhoujie", "solution.level3"),
    ]


def test_accepted_in_time_only_the_solution_is_left_to_miss(stage: Stage) -> None:
    number = stage.open()
    stage.desk().accept(number, stage.person("laoli"))
    stage.pass_by(hour, 10 * second)
    assert said(stage)[1:] == [("zhoujie", "solution.level3")]


def test_a_response_missed_where_the_role_has_no_second_goes_to_business() -> None:
    with a_stage(_file_without("laozhang")) as stage:
        stage.open()
        stage.pass_by(6 * minute, 10 * second)
        assert said(stage) == [("laoli", "response.level1"), ("laowu", "response.level2")]


def _file_without(*userids: str) -> DirectoryFile:
    return DirectoryFile(FILE.partners, tuple(s for s in FILE.staff if s.userid not in userids), FILE.groups)


def test_a_completion_moment_missed_is_told_to_the_lead_each_one_once(stage: Stage) -> None:
    number = stage.open()
    for hours in (1, 3):
        stage.desk().propose(number, stage.person("laoli"), "更换机具", MONDAY + hours * hour)
        stage.now = MONDAY + hours * hour
        stage.sweep()
        stage.pass_by(minute)
    assert said(stage)[1:] == [("zhoujie", "completion2.level3"), ("zhoujie", "completion3.level3")]


def test_a_completion_moment_replaced_in_time_is_never_told(stage: Stage) -> None:
    number = stage.open()
    stage.desk().propose(number, stage.person("laoli"), "更换机具", MONDAY + hour)
    stage.desk().propose(number, stage.person("laoli"), "先换备机", MONDAY + 2 * hour)
    stage.letters()
    stage.pass_by(2 * hour, minute)
    assert said(stage) == []


def test_a_completion_moment_missed_after_an_upgrade_is_told_all_the_same(stage: Stage) -> None:
    number = stage.open()
    stage.desk().propose(number, stage.person("laoli"), "更换机具", MONDAY + 10 * minute)
    stage.desk().upgrade(number, stage.person("xiaowang"))
    stage.letters()
    stage.pass_by(11 * minute)
    assert said(stage) == [("zhoujie", "completion2.level3")]


def test_a_completion_missed_before_an_upgrade_is_not_told_again_by_it(stage: Stage) -> None:
    number = stage.open()
    stage.desk().propose(number, stage.person("laoli"), "更换机具", MONDAY + 10 * minute)
    stage.pass_by(11 * minute)
    stage.desk().upgrade(number, stage.person("xiaowang"))
    stage.letters()
    stage.pass_by(5 * minute)
    assert said(stage) == []


# Urgent


def test_an_urgent_order_pages_every_minute_for_twenty_and_then_every_five(stage: Stage) -> None:
    stage.now = SATURDAY
    stage.open(Kind.URGENT)
    pages: dict[str, set[str]] = {}
    for _ in range(41):
        for who, what in said(stage):
            if what.startswith("page."):
                pages.setdefault(what, set()).add(who)
        stage.pass_by(minute, 10 * second)
    expected = [*range(21), 25, 30, 35, 40]
    assert list(pages) == [f"page.{n}" for n in expected]
    assert pages["page.0"] == {"laoli"}
    assert pages["page.1"] == {"laoli", "laozhang"}
    for n in expected[2:]:
        assert pages[f"page.{n}"] == {"laoli", "laozhang", "zhoujie"}


def test_a_page_comes_at_its_minute_and_not_a_tick_before(stage: Stage) -> None:
    stage.open(Kind.URGENT)
    stage.letters()
    stage.now = MONDAY + minute - tick
    stage.sweep()
    assert said(stage) == []
    stage.later(tick)
    stage.sweep()
    assert said(stage) == [("laoli", "page.1"), ("laozhang", "page.1")]


def test_accepting_stops_the_pages(stage: Stage) -> None:
    number = stage.open(Kind.URGENT)
    stage.pass_by(2 * minute)
    stage.desk().accept(number, stage.person("laozhang"))
    stage.letters()
    stage.pass_by(10 * minute)
    assert said(stage) == []


def test_the_accepter_is_warned_at_fifteen_minutes_and_the_lead_told_at_twenty(stage: Stage) -> None:
    number = stage.open(Kind.URGENT)
    stage.desk().accept(number, stage.person("laozhang"))
    stage.letters()
    stage.pass_by(15 * minute - second)
    assert said(stage) == []
    stage.pass_by(second)
    assert said(stage) == [("laozhang", "solution.warn")]
    stage.pass_by(5 * minute)
    assert said(stage) == []
    stage.later(tick)
    stage.sweep()
    assert said(stage) == [("zhoujie", "solution.level3")]
    stage.pass_by(hour, minute)
    assert said(stage) == []


def test_a_plan_given_in_time_leaves_nothing_to_warn_of(stage: Stage) -> None:
    number = stage.open(Kind.URGENT)
    stage.desk().propose(number, stage.person("laoli"), "切换备用通道", MONDAY + 3 * hour)
    stage.letters()
    stage.pass_by(hour, minute)
    assert said(stage) == []


def test_an_urgent_order_nobody_accepts_is_told_as_missed_at_twenty_minutes_among_its_pages(
    stage: Stage,
) -> None:
    stage.open(Kind.URGENT)
    stage.pass_by(20 * minute)
    stage.letters()
    stage.later(tick)
    stage.sweep()
    assert said(stage) == [("zhoujie", "solution.level3")]


# After an outage


def test_after_an_outage_a_daily_order_says_only_its_highest_level(stage: Stage) -> None:
    stage.now = local("2026-11-23 20:00")
    number = stage.open()
    stage.now = local("2026-11-24 11:00")
    stage.sweep()
    assert said(stage) == [("laoli", "response.level1"), ("zhoujie", "solution.level3")]
    breaches = [(p.part, p.breached_at) for p in stage.order(number).promises]
    assert breaches == [
        (Part.RESPONSE, local("2026-11-24 09:05")),
        (Part.SOLUTION, local("2026-11-24 09:20")),
    ]
    stage.pass_by(hour, minute)
    assert said(stage) == []


def test_after_an_outage_an_urgent_order_says_one_page_the_last(stage: Stage) -> None:
    stage.open(Kind.URGENT)
    stage.letters()
    stage.later(7 * minute + 30 * second)
    stage.sweep()
    assert said(stage) == [("laoli", "page.7"), ("laozhang", "page.7"), ("zhoujie", "page.7")]
    stage.pass_by(29 * second)
    assert said(stage) == []
    stage.pass_by(second)
    assert {what for _, what in said(stage)} == {"page.8"}


def test_three_minutes_down_over_two_steps_is_one_message(stage: Stage) -> None:  # D2
    stage.open(Kind.URGENT)
    stage.letters()
    stage.later(3 * minute)
    stage.sweep()
    recipients = [who for who, _ in said(stage)]
    assert len(recipients) == len(set(recipients))
    stage.sweep()
    assert said(stage) == []


# The agreement as it was


def test_an_open_order_keeps_the_agreement_it_was_opened_under(stage: Stage, tmp_path: Path) -> None:  # D3
    number = stage.open(Kind.URGENT)
    edited = tmp_path / "agreement.toml"
    edited.write_text('[ladder]\nlevel2 = "10m"\nlevel3 = "20m"\n[clause.urgent.solution]\nspan = "2h"\n')
    stage.agreement = Agreement.load(edited)
    stage.letters()
    stage.pass_by(2 * minute)
    assert ("zhoujie", "page.2") in said(stage)
    assert stage.promise(number, Part.SOLUTION).due == MONDAY + 20 * minute
    later = stage.open(Kind.URGENT)
    assert stage.promise(later, Part.SOLUTION).due == stage.now + 2 * hour


def test_a_partners_own_clauses_are_frozen_with_its_orders(tmp_path: Path) -> None:
    xinghe, dadi = FILE.partners
    own = type(xinghe)(
        xinghe.name,
        groups=xinghe.groups,
        contacts=xinghe.contacts,
        clauses={
            "daily.response": {"span": "3m"},
            "daily.solution": {"span": "2d", "counted": "days"},
            "off_hours": {"policy": "rest_days"},
        },
    )
    with a_stage(DirectoryFile((own, dadi), FILE.staff, FILE.groups)) as stage:
        number = stage.open()
        assert stage.promise(number, Part.RESPONSE).due == MONDAY + 3 * minute
        assert stage.promise(number, Part.SOLUTION).due == local("2026-11-25 18:00")
        theirs = stage.open(by="xiaosun")
        assert stage.promise(theirs, Part.RESPONSE).due == MONDAY + 5 * minute
        stage.now = local("2026-11-23 20:00")
        assert stage.order(stage.open()).state is State.OPEN
        assert stage.order(stage.open(by="xiaosun")).state is State.PARKED


def test_an_evening_order_that_opens_holds_its_message_until_the_morning(tmp_path: Path) -> None:
    edited = tmp_path / "agreement.toml"
    edited.write_text('[clause.off_hours]\npolicy = "rest_days"\n')
    with a_stage(agreement=Agreement.load(edited), now=local("2026-11-23 20:00")) as stage:
        number = stage.open()
        assert stage.order(number).state is State.OPEN
        assert stage.promise(number, Part.RESPONSE).starts == local("2026-11-24 09:00")
        stage.now = local("2026-11-24 09:00") - tick
        stage.sweep()
        assert said(stage) == []
        stage.later(tick)
        stage.sweep()
        assert said(stage) == [("laoli", "response.level1")]
        stage.pass_by(5 * minute + second)
        assert said(stage) == [("laozhang", "response.level2")]


# Generations


def test_the_same_day_a_second_generation_tells_again(stage: Stage) -> None:  # D9
    number = stage.open()
    stage.desk().accept(number, stage.person("laoli"))
    stage.pass_by(21 * minute, 10 * second)
    assert ("zhoujie", "solution.level3") in said(stage)
    stage.desk().upgrade(number, stage.person("xiaowang"))
    stage.pass_by(21 * minute, 10 * second)
    assert said(stage)[-1] == ("zhoujie", "solution.level3")
    assert stage.order(number).generation == 2


def test_reopened_what_runs_out_is_told_and_what_had_run_out_is_not_told_twice(stage: Stage) -> None:
    number = stage.open()
    stage.desk().accept(number, stage.person("laoli"))
    stage.later(20 * minute)
    stage.desk().solve(number, stage.person("laoli"))
    stage.letters()
    stage.later(minute)
    stage.desk().reopen(number, stage.person("xiaowang"))
    stage.later(tick)
    stage.sweep()
    assert said(stage) == [("zhoujie", "solution.level3")]
    stage.desk().solve(number, stage.person("laoli"))
    stage.desk().reopen(number, stage.person("xiaowang"))
    stage.pass_by(hour, minute)
    assert said(stage) == []


# Looking


@pytest.mark.parametrize("kind", [Kind.DAILY, Kind.URGENT])
def test_between_looks_a_verdict_says_nothing_new(stage: Stage, kind: Kind) -> None:
    number = stage.open(kind)
    until = MONDAY + 41 * minute
    while (look_at := decide(stage.order(number), stage.now).look_at) and look_at <= until:
        order = stage.order(number)
        between = (look_at - stage.now) / 2
        for moment in (stage.now, stage.now + between, look_at - tick):
            assert decide(order, moment).empty
        stage.now = look_at
        assert not decide(order, stage.now).empty
        stage.sweep()


def test_settling_twice_at_one_moment_does_nothing_the_second_time(stage: Stage) -> None:
    number = stage.open(Kind.URGENT)
    stage.later(22 * minute)
    stage.sweep()
    before = stage.events(number)
    stage.letters()
    stage.desk().settle(number)
    assert stage.events(number) == before
    assert stage.letters() == []


@pytest.mark.parametrize(
    "ladder", ['page_every = "3m"', 'page_then = "90s"', 'page_for = "4m"\npage_every = "3m"']
)
def test_whatever_the_ladder_every_page_is_looked_for_in_time(tmp_path: Path, ladder: str) -> None:
    edited = tmp_path / "agreement.toml"
    edited.write_text(f"[ladder]\n{ladder}\n")
    with a_stage(agreement=Agreement.load(edited)) as stage:
        number = stage.open(Kind.URGENT)
        while stage.now < MONDAY + 40 * minute:
            order, look_at = stage.order(number), decide(stage.order(number), stage.now).look_at
            assert look_at is not None
            while stage.now < look_at - second:
                stage.later(second)
                assert decide(order, stage.now).empty, f"nobody looks at {stage.now} before {look_at}"
            stage.now = look_at
            stage.sweep()


def test_an_order_that_ended_is_never_looked_at_again(stage: Stage) -> None:
    number = stage.open()
    stage.desk().decline(number, stage.person("laoli"), "不属于服务范围")
    assert decide(stage.order(number), stage.now).look_at is None


def test_the_shipped_ladder_is_the_agreements() -> None:
    ladder = AGREEMENT.ladder
    assert (str(ladder.level2), str(ladder.level3), str(ladder.warn)) == ("1m", "2m", "15m")
    assert (str(ladder.page_every), str(ladder.page_for), str(ladder.page_then)) == ("1m", "20m", "5m")
