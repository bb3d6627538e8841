"""Who is told of what, on which channel: the life table's last column (design §3)."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from datetime import timedelta

import pytest

from tests.workorders.orders.stage import (
    BARE_GROUP,
    DUTY_GROUP,
    FILE,
    MONDAY,
    SATURDAY,
    STAFF,
    XINGHE_GROUP,
    Stage,
    local,
    minute,
    second,
)
from tests.workorders.orders.stage import stage as a_stage
from workorders.directory.file import DirectoryFile
from workorders.directory.people import Duty, Role
from workorders.letters import Letter
from workorders.orders.order import Kind, WorkOrder
from workorders.orders.telling import moot

GROUP = (XINGHE_GROUP, "group")
XIAOWANG, LAOLI, LAOZHANG = ("xiaowang", "app"), ("laoli", "app"), ("laozhang", "app")
XIAOCHEN, LAOWU, ZHOUJIE = ("xiaochen", "app"), ("laowu", "app"), ("zhoujie", "app")
XIAOZHONG = ("xiaozhong", "app")

Told = set[tuple[str, str, str]]


def of(kind: str, *whom: tuple[str, str]) -> Told:
    return {(recipient, channel, kind) for recipient, channel in whom}


def told(stage: Stage) -> Told:
    letters = stage.told()
    assert len(set(letters)) == len(letters), "somebody was told twice"
    return set(letters)


def taken(stage: Stage, kind: Kind = Kind.DAILY, chat: str | None = None, by: str = "xiaowang") -> int:
    """An order 老李 has accepted; what was said of it until now is forgotten."""
    number = stage.open(kind, by, chat)
    stage.desk().accept(number, stage.person("laoli"))
    stage.letters()
    return number


# Opening


def test_level_1_is_told_of_a_new_order_and_the_reporter_is_answered_where_they_asked(stage: Stage) -> None:
    stage.open()
    assert told(stage) == of("new", LAOLI)


def test_an_urgent_order_pages_level_1_and_says_nothing_else(stage: Stage) -> None:
    stage.open(Kind.URGENT)
    assert told(stage) == of("page", LAOLI)


def test_a_topic_goes_to_its_own_role(stage: Stage) -> None:
    stage.open(topic="对账")
    assert told(stage) == of("new", XIAOCHEN)


def test_an_urgent_order_of_nobody_known_is_told_to_the_lead(stage: Stage) -> None:
    stage.now = SATURDAY
    stage.open(Kind.URGENT, by="nobody", chat="wrUNBOUND")
    assert told(stage) == of("page", LAOLI) | of("unassigned", ZHOUJIE)


def test_a_parked_order_is_said_by_the_answer_alone_and_its_opening_to_reporter_and_level_1(
    stage: Stage,
) -> None:
    stage.now = local("2026-11-23 20:00")
    stage.open()
    assert told(stage) == set()
    stage.now = local("2026-11-24 09:00")
    stage.sweep()
    assert told(stage) == of("opened", XIAOWANG) | of("new", LAOLI)


# The rest of the table, each verb done by who usually does it


def test_the_reporter_is_told_who_accepted(stage: Stage) -> None:
    number = stage.open()
    stage.letters()
    stage.desk().accept(number, stage.person("laoli"))
    (letter,) = stage.letters()
    assert (letter.recipient, letter.kind, letter.facts["owner"]) == ("xiaowang", "accepted", "老李")


def test_the_reporter_is_told_the_plan(stage: Stage) -> None:
    number = taken(stage)
    stage.desk().propose(number, stage.person("laoli"), "更换机具", MONDAY + timedelta(hours=2))
    (letter,) = stage.letters()
    assert (letter.recipient, letter.kind, letter.facts["plan"]) == ("xiaowang", "proposed", "更换机具")


def test_the_reporter_is_told_it_is_solved_paused_and_declined(stage: Stage) -> None:
    for verb, words in (("solve", "已更换"), ("pause", "商户号"), ("decline", "不属于服务范围")):
        number = taken(stage)
        getattr(stage.desk(), verb)(number, stage.person("laoli"), words)
        assert told(stage) == of({"solve": "solved"}.get(verb, verb + "d"), XIAOWANG)


def test_a_message_reaches_the_reporter_and_changes_nothing_else(stage: Stage) -> None:
    number = taken(stage)
    before = stage.order(number)
    stage.desk().message(number, stage.person("laozhang"), "厂家明早到场")
    assert told(stage) == of("messaged", XIAOWANG)
    after = stage.order(number)
    assert (after.state, after.owner, after.promises) == (before.state, before.owner, before.promises)


def test_the_owner_is_told_when_the_reporter_resumes_cancels_says_or_urges(stage: Stage) -> None:
    number = taken(stage)
    stage.desk().urge(number, stage.person("xiaowang"))
    stage.desk().said(number, stage.person("xiaozhao"), "又报错了")
    stage.desk().pause(number, stage.person("laoli"), "商户号")
    stage.letters()
    stage.desk().resume(number, stage.person("xiaowang"))
    assert told(stage) == of("resumed", LAOLI)
    stage.desk().cancel(number, stage.person("xiaowang"))
    assert told(stage) == of("cancelled", LAOLI)


def test_urging_and_saying_reach_the_owner(stage: Stage) -> None:
    number = taken(stage)
    stage.desk().urge(number, stage.person("xiaowang"))
    stage.desk().said(number, stage.person("xiaozhao"), "又报错了")
    assert told(stage) == of("urged", LAOLI) | of("said", LAOLI)


def test_urging_an_order_nobody_took_reaches_level_1_and_the_third_time_level_2(stage: Stage) -> None:
    number = stage.open()
    reached = []
    for _ in range(4):
        stage.letters()
        stage.desk().urge(number, stage.person("xiaowang"))
        reached.append({x.recipient for x in stage.letters() if x.kind == "urged"})
        stage.later(5 * minute)
    assert reached == [{"laoli"}, {"laoli"}, {"laoli", "laozhang"}, {"laoli"}]


def test_old_and_new_owner_and_reporter_learn_of_a_hand_over(stage: Stage) -> None:
    number = taken(stage)
    stage.desk().hand_over(number, stage.person("qian"), stage.person("xiaozhong"))
    assert told(stage) == of("handed_over", LAOLI, XIAOWANG) | of("handed_to", XIAOZHONG)


def test_who_takes_an_order_over_is_not_told_what_they_did(stage: Stage) -> None:
    number = taken(stage)
    stage.desk().hand_over(number, stage.person("laozhang"), stage.person("laozhang"))
    assert told(stage) == of("handed_over", LAOLI, XIAOWANG)


def test_level_1_of_the_new_role_learns_of_a_rerouting(stage: Stage) -> None:
    number = taken(stage)
    stage.desk().reroute(number, stage.person("laoli"), Role.MIDDLE_OFFICE)
    assert told(stage) == of("rerouted", XIAOCHEN)


def test_an_upgrade_is_told_to_the_owner_or_pages_level_1_and_to_the_reporter(stage: Stage) -> None:
    number = taken(stage)
    stage.desk().upgrade(number, stage.person("qian"))
    assert told(stage) == of("upgraded", LAOLI, XIAOWANG)
    number = stage.open()
    stage.letters()
    stage.desk().upgrade(number, stage.person("xiaowang"))
    assert told(stage) == of("page", LAOLI)


def test_a_downgrade_is_told_to_owner_and_reporter(stage: Stage) -> None:
    number = taken(stage, Kind.URGENT)
    stage.desk().downgrade(number, stage.person("qian"), "不影响收款")
    assert told(stage) == of("downgraded", LAOLI, XIAOWANG)


def test_a_reopening_is_told_to_the_owner_and_from_the_second_time_to_the_lead(stage: Stage) -> None:
    number = taken(stage)
    for lead in (set(), of("reopened", ZHOUJIE)):
        stage.desk().solve(number, stage.person("laoli"))
        stage.letters()
        stage.desk().reopen(number, stage.person("xiaowang"))
        assert told(stage) == of("reopened", LAOLI) | lead


def test_with_nothing_left_the_lead_is_told_of_the_first_reopening_at_once(stage: Stage) -> None:
    number = taken(stage)
    stage.later(21 * minute)
    stage.desk().solve(number, stage.person("laoli"))
    stage.letters()
    stage.desk().reopen(number, stage.person("xiaowang"))
    assert told(stage) == of("reopened", LAOLI, ZHOUJIE)


def test_a_solution_missed_before_an_upgrade_and_a_downgrade_leaves_nothing_either(stage: Stage) -> None:
    number = taken(stage)
    stage.later(21 * minute)
    stage.desk().upgrade(number, stage.person("xiaowang"))
    stage.desk().downgrade(number, stage.person("laoli"), "不影响收款")
    stage.desk().solve(number, stage.person("laoli"))
    stage.letters()
    stage.desk().reopen(number, stage.person("xiaowang"))
    assert told(stage) == of("reopened", LAOLI, ZHOUJIE)


def test_closing_is_told_to_nobody_but_its_reporter_is_asked_for_stars(stage: Stage) -> None:
    number = taken(stage)
    stage.desk().solve(number, stage.person("laoli"))
    stage.letters()
    stage.desk().close(number, stage.person("laoli"), "已电话确认")
    assert told(stage) == of("stars", XIAOWANG)


def test_the_owner_learns_whose_the_order_is(stage: Stage) -> None:
    number = taken(stage)
    dadi = stage.person("xiaosun").partner
    assert dadi is not None
    stage.desk().assign(number, stage.person("zhoujie"), dadi)
    (letter,) = stage.letters()
    assert (letter.recipient, letter.kind, letter.facts["partner"]) == ("laoli", "assigned", "大地支付")


def test_both_are_reminded_each_working_day_of_a_pause(stage: Stage) -> None:
    stage.now = local("2026-11-26 16:00")  # a Thursday
    number = taken(stage)
    stage.desk().pause(number, stage.person("laoli"), "商户号")
    stage.letters()
    for day in ("2026-11-27", "2026-11-30", "2026-12-01"):
        stage.now = local(f"{day} 09:00") - second
        stage.sweep()
        assert told(stage) == set()
        stage.later(second)
        stage.sweep()
        assert told(stage) == of("remind_owner", LAOLI) | of("remind_reporter", XIAOWANG)
    stage.desk().resume(number, stage.person("laoli"))
    assert stage.order(number).remind_at is None


def test_a_reminder_of_a_pause_names_no_moment_its_stopped_clock_would_have_passed(stage: Stage) -> None:
    number = taken(stage)
    stage.desk().pause(number, stage.person("laoli"), "商户号")
    stage.letters()
    stage.later(timedelta(days=1))
    stage.sweep()
    letters = {letter.kind: letter.facts for letter in stage.letters()}
    assert letters["remind_owner"]["solution_due"] is None


def test_the_reporter_learns_the_number_of_the_order_that_follows_when_somebody_else_asked(
    stage: Stage,
) -> None:
    number = taken(stage)
    stage.desk().solve(number, stage.person("laoli"))
    stage.later(timedelta(days=14))
    stage.letters()
    new = stage.desk().reopen(number, stage.person("laoli"), "客户来电：又报错了")
    assert new.number != number
    assert told(stage) == of("opened", XIAOWANG) | of("new", LAOLI)


# Where: groups, and 1:1


def test_what_was_reported_in_a_group_is_told_there(stage: Stage) -> None:
    number = stage.open(chat=XINGHE_GROUP)
    stage.letters()
    stage.desk().accept(number, stage.person("laoli"))
    assert told(stage) == of("accepted", GROUP)


def test_what_is_done_in_the_group_is_answered_there_and_not_posted_again(stage: Stage) -> None:
    number = stage.open(chat=XINGHE_GROUP)
    stage.letters()
    stage.desk(XINGHE_GROUP).accept(number, stage.person("laoli"))
    assert told(stage) == set()


def test_what_is_done_in_our_own_group_is_told_in_the_partners(stage: Stage) -> None:
    number = stage.open(chat=XINGHE_GROUP)
    stage.letters()
    stage.desk(DUTY_GROUP).accept(number, stage.person("laoli"))
    assert told(stage) == of("accepted", GROUP)


def test_what_the_clock_does_is_posted_even_while_somebody_speaks_in_the_group(stage: Stage) -> None:
    stage.now = local("2026-11-23 20:00")
    number = stage.open(chat=XINGHE_GROUP)
    stage.now = local("2026-11-24 09:01")
    stage.letters()
    stage.desk(XINGHE_GROUP).accept(number, stage.person("laoli"))
    assert of("opened", GROUP) <= told(stage)


def test_a_group_without_a_webhook_is_told_by_its_reporter(stage: Stage) -> None:
    number = stage.open(chat=BARE_GROUP)
    stage.letters()
    stage.desk().accept(number, stage.person("laoli"))
    assert told(stage) == of("accepted", XIAOWANG)


# Nobody twice, nobody about their own act


def test_a_reporter_who_does_it_is_not_written_to_about_it(stage: Stage) -> None:
    number = stage.open()
    stage.letters()
    stage.desk().upgrade(number, stage.person("xiaowang"))
    assert told(stage) == of("page", LAOLI)
    stage.now = local("2026-11-23 15:00")
    number = stage.open(by="laoli")
    stage.letters()
    stage.desk().accept(number, stage.person("laoli"))
    assert told(stage) == set()


def test_a_colleague_who_does_it_leaves_the_reporter_told(stage: Stage) -> None:
    number = taken(stage)
    stage.desk().upgrade(number, stage.person("xiaozhao"))
    assert told(stage) == of("upgraded", LAOLI, XIAOWANG)


def test_one_person_holding_every_duty_is_told_once_of_each_thing() -> None:
    alone = replace(STAFF[0], duties=tuple(_duties()))
    with a_stage(replace(FILE, staff=(alone,))) as stage:
        number = stage.open(Kind.URGENT)
        stage.pass_by(3 * minute, minute)
        assert stage.told() == [("laoli", "app", "page")] * 4
        for _ in range(3):
            stage.later(5 * minute)
            stage.letters()
            stage.desk().urge(number, stage.person("xiaowang"))
        assert [x for x in stage.told() if x[2] == "urged"] == [("laoli", "app", "urged")]


def _duties() -> list[Duty]:
    return [Duty(role, rank) for role in (Role.TECH, Role.BUSINESS, Role.CS_LEAD) for rank in (1, 2)]


# Nobody there


def without(*userids: str) -> DirectoryFile:
    return replace(FILE, staff=tuple(s for s in STAFF if s.userid not in userids))


@pytest.mark.parametrize(
    ("absent", "level", "reached"),
    [
        ((), 1, {"laoli"}),
        (("laoli",), 1, {"laozhang"}),
        (("laoli", "laozhang"), 1, {"laowu"}),
        (("laoli", "laozhang", "laowu"), 1, {"zhoujie"}),
        ((), 2, {"laozhang"}),
        (("laozhang",), 2, {"laowu"}),
        (("laozhang", "laowu"), 2, {"zhoujie"}),
        ((), 3, {"zhoujie"}),
        (("zhoujie",), 3, {"qian"}),
    ],
)
def test_a_duty_nobody_holds_falls_through_to_the_next(
    absent: tuple[str, ...], level: int, reached: set[str]
) -> None:  # D4
    with a_stage(without(*absent)) as stage:
        stage.open()
        if level >= 2:
            stage.letters()
            stage.later(5 * minute + second)
            stage.sweep()
        if level == 3:
            stage.letters()
            stage.later(15 * minute)
            stage.sweep()
        assert {x.recipient for x in stage.letters()} == reached


# What partners write


HOSTILE = "**@all** [点我](http://x.example) <@laoli> page.7 response.level2 $(rm)"


def test_what_a_partner_writes_is_found_in_facts_and_nowhere_else(stage: Stage) -> None:
    number = stage.open(text=HOSTILE, chat=XINGHE_GROUP)
    stage.desk().accept(number, stage.person("laoli"))
    stage.desk().said(number, stage.person("xiaozhao"), HOSTILE)
    stage.desk().pause(number, stage.person("laoli"), HOSTILE)
    stage.desk().resume(number, stage.person("xiaowang"), HOSTILE)
    stage.desk().urge(number, stage.person("xiaowang"))
    stage.pass_by(timedelta(hours=1), 5 * minute)
    stage.desk().solve(number, stage.person("laoli"), HOSTILE)
    stage.desk().reopen(number, stage.person("xiaowang"), HOSTILE)
    letters = stage.letters()
    assert {x.kind for x in letters} >= {"new", "accepted", "said", "paused", "resumed", "urged", "reopened"}
    for letter in letters:
        outside = asdict(replace(letter, facts=dict.fromkeys(letter.facts)))
        assert "http" not in json.dumps(outside, ensure_ascii=False)


# Moot


def letters_of(stage: Stage, kind: str) -> list[Letter]:
    return [x for x in stage.letters() if x.kind == kind]


def test_what_asks_somebody_to_act_goes_moot_when_it_is_done(stage: Stage) -> None:
    number = stage.open()
    (new,) = letters_of(stage, "new")
    assert moot(new, stage.order(number)) is None
    assert moot(new, stage.desk().accept(number, stage.person("laoli"))) == "the order is accepted"
    stage.desk().pause(number, stage.person("laoli"), "商户号")
    stage.letters()
    stage.now = local("2026-11-24 09:00")
    stage.sweep()
    reminds = stage.letters()
    after = stage.desk().resume(number, stage.person("laoli"))
    assert [moot(x, after) for x in reminds] == ["the order is accepted"] * 2


def test_a_breach_goes_moot_once_what_was_late_is_given_and_not_before(stage: Stage) -> None:
    number = stage.open()
    stage.later(5 * minute + second)
    stage.sweep()
    (breach,) = letters_of(stage, "breach")
    assert moot(breach, stage.order(number)) is None
    assert moot(breach, stage.desk().accept(number, stage.person("laoli"))) == "the response was given"


def test_pages_of_an_older_generation_are_moot(stage: Stage) -> None:
    number = stage.open(Kind.URGENT)
    (page,) = letters_of(stage, "page")
    after: WorkOrder = stage.desk().downgrade(number, stage.person("laozhang"), "不影响收款")
    assert moot(page, after) == "a newer generation took its place"


def test_nobody_is_asked_whose_an_order_is_once_it_is_known(stage: Stage) -> None:
    stage.now = SATURDAY
    number = stage.open(Kind.URGENT, by="nobody")
    (asked,) = letters_of(stage, "unassigned")
    dadi = stage.person("xiaosun").partner
    assert dadi is not None
    assert moot(asked, stage.order(number)) is None
    after = stage.desk().assign(number, stage.person("zhoujie"), dadi)
    assert moot(asked, after) == "it was assigned to a partner"


def test_what_tells_that_something_was_done_never_goes_moot(stage: Stage) -> None:
    number = stage.open()
    stage.letters()
    stage.desk().accept(number, stage.person("laoli"))
    stage.desk().solve(number, stage.person("laoli"))
    after = stage.desk().close(number, stage.person("xiaowang"))
    assert {moot(x, after) for x in stage.letters()} == {None}
