"""Satisfaction surveys: created when a month opens, due on the 20th, reminded of, never deemed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.workorders.obligations.stage import FILE, Stage, local
from tests.workorders.obligations.stage import stage as on_stage
from workorders.directory.file import DirectoryFile
from workorders.obligations.errors import BadField, NotPossible, NotTheirs
from workorders.obligations.matters import Item, Survey
from workorders.obligations.obligation import Kind, Obligation, State, Verb
from workorders.obligations.surveys import averages

MARKS = dict(zip(Item, (5, 4, 5, 3), strict=True))


def surveys(stage: Stage, partner: str = "星河支付") -> list[Obligation]:
    return [o for o in stage.obligations.live(stage.partner(partner).id) if o.kind is Kind.SURVEY]


def months(stage: Stage) -> list[date]:
    return [o.matter.month for o in surveys(stage) if isinstance(o.matter, Survey)]


def test_each_partner_due_gets_one_when_the_months_first_working_day_opens(stage: Stage) -> None:
    stage.at("2026-12-01 08:59")
    assert surveys(stage) == []

    stage.at("2026-12-01 09:00")

    assert months(stage) == [date(2026, 12, 1)]
    assert len(surveys(stage, "大地支付")) == 1
    assert ("xiaozhao", "app", "survey_filed") in stage.told()


def test_a_month_that_begins_with_a_holiday_opens_after_it() -> None:
    with on_stage(local("2026-09-24 10:00")) as stage:
        stage.sweep_at_every_look(local("2026-10-08 08:59"))
        assert surveys(stage) == []
        stage.sweep_at_every_look(local("2026-10-08 09:00"))

        assert months(stage) == [date(2026, 10, 1)]


def test_the_default_is_every_third_month_and_a_partners_own_cadence_is_kept(stage: Stage) -> None:
    chen = stage.person("xiaochen")
    stage.sweep()
    plan = stage.surveys.set_cadence(chen, stage.partner("大地支付"), 1)
    assert plan.next_at == local("2026-12-01 09:00")

    stage.sweep_at_every_look(local("2027-04-20 20:00"))

    assert months(stage) == [date(2026, 12, 1), date(2027, 3, 1)]
    assert len(surveys(stage, "大地支付")) == 5


@pytest.mark.parametrize("every", [0, -1, 4])
def test_a_cadence_outside_the_clause_is_refused(stage: Stage, every: int) -> None:
    with pytest.raises(BadField) as refused:
        stage.surveys.set_cadence(stage.person("xiaochen"), stage.partner(), every)

    assert (refused.value.field, refused.value.accepted) == ("months", "1 to 3")
    with pytest.raises(NotTheirs):
        stage.surveys.set_cadence(stage.person("xiaowang"), stage.partner(), 1)


def test_however_often_and_late_it_is_swept_a_month_has_one_survey(stage: Stage) -> None:
    stage.surveys.set_cadence(stage.person("xiaochen"), stage.partner(), 1)
    for moment in ("2026-12-04 11:00", "2026-12-04 11:00", "2026-12-05 03:00", "2026-12-31 12:00"):
        stage.at(moment)
        stage.surveys.settle(stage.partner().id)

    assert months(stage) == [date(2026, 12, 1)]


def test_a_month_no_clock_ran_in_until_its_due_day_is_left_out_nobody_was_asked(stage: Stage) -> None:
    stage.sweep()
    stage.at("2026-12-22 10:00")
    assert surveys(stage) == []

    stage.at("2027-01-04 09:00")

    assert months(stage) == [date(2027, 1, 1)]


def test_changing_the_cadence_in_the_month_surveyed_asks_nobody_twice(stage: Stage) -> None:
    stage.at("2026-12-01 09:00")
    stage.surveys.set_cadence(stage.person("xiaochen"), stage.partner(), 1)
    stage.at("2026-12-02 09:00")
    assert months(stage) == [date(2026, 12, 1)]


@pytest.mark.parametrize(
    ("month", "due"),
    [("2026-11", "2026-11-20 18:00"), ("2026-12", "2026-12-21 18:00"), ("2027-03", "2027-03-22 18:00")],
)
def test_it_is_due_on_the_20th_a_rest_day_moves_it_to_the_next_working_day(month: str, due: str) -> None:
    with on_stage(local(f"{month}-10 10:00")) as stage:
        o = stage.duties.file_survey(stage.partner().id)

    assert o.due == local(due)


def test_it_is_reminded_of_three_working_days_ahead_and_on_the_day_then_level_3_hears(stage: Stage) -> None:
    stage.at("2026-12-01 09:00")
    stage.letters()

    stage.sweep_at_every_look(local("2026-12-21 18:00"))
    own = [e for e in stage.happened(surveys(stage)[0].number) if e.verb is Verb.REMIND]
    assert [e.at for e in own] == [local("2026-12-16 09:00"), local("2026-12-21 09:00")]
    assert stage.told().count(("xiaozhao", "app", "survey_remind")) == 2
    stage.sweep_at_every_look(local("2026-12-22 09:00"))

    assert surveys(stage)[0].breached_at == local("2026-12-21 18:00")
    assert ("zhoujie", "app", "survey_missed") in stage.told()


def test_after_an_outage_only_the_miss_is_said(stage: Stage) -> None:
    stage.at("2026-12-01 09:00")
    stage.letters()

    stage.at("2026-12-23 11:00")

    number = surveys(stage)[0].number
    assert stage.verbs(number) == [Verb.FILE, Verb.BREACH]
    stage.at("2027-02-01 03:00")
    assert Verb.DEEM not in stage.verbs(number)
    assert surveys(stage)[0].number == number


def test_answered_late_it_is_done_and_the_miss_stands(stage: Stage) -> None:
    stage.at("2026-12-01 09:00")
    stage.at("2026-12-23 11:00")
    number = surveys(stage)[0].number

    o = stage.duties.answer(number, stage.person("xiaozhao"), MARKS)
    o = stage.duties.remark(number, stage.person("xiaozhao"), "回复再快些")

    assert (o.state, o.breached_at) == (State.DONE, local("2026-12-21 18:00"))
    assert isinstance(o.matter, Survey)
    assert (o.matter.scores, o.matter.remark) == (MARKS, "回复再快些")
    for again in (
        lambda: stage.duties.answer(number, stage.person("xiaozhao"), MARKS),
        lambda: stage.duties.remark(number, stage.person("xiaozhao"), "再补一句"),
    ):
        with pytest.raises(NotPossible):
            again()
    assert ("zhoujie", "app", "survey_answered") in stage.told()


@pytest.mark.parametrize("marks", [{}, {**MARKS, Item.SKILL: 0}, {**MARKS, Item.SKILL: 6}, {Item.SKILL: 5}])
def test_a_mark_missing_or_out_of_range_is_refused(stage: Stage, marks: dict[Item, int]) -> None:
    o = stage.duties.file_survey(stage.partner().id)

    with pytest.raises(BadField) as refused:
        stage.duties.answer(o.number, stage.person("xiaozhao"), marks)

    assert refused.value.field == "scores"


def test_what_came_by_mail_the_desk_enters_and_averages_are_by_item(stage: Stage) -> None:
    stage.at("2026-12-01 09:00")
    xinghe, dadi = surveys(stage)[0], surveys(stage, "大地支付")[0]
    stage.duties.answer(xinghe.number, stage.person("qian"), MARKS, "尚可")
    stage.duties.answer(dadi.number, stage.person("xiaosun"), dict.fromkeys(Item, 2))

    mailed = stage.of(xinghe.number).matter
    assert isinstance(mailed, Survey)
    assert mailed.by_mail
    assert averages(stage.obligations.surveys(stage.partner().id)) == MARKS
    assert averages(stage.obligations.surveys())[Item.RESPONSE] == 3.5
    assert averages([]) == {}


def test_a_partner_that_left_is_asked_nothing_and_one_that_returns_is_again(stage: Stage) -> None:
    stage.sweep()
    empty: Any = DirectoryFile(partners=FILE.partners[1:], staff=FILE.staff, groups=FILE.groups)
    stage.directory.replace_with(empty)
    stage.at("2026-12-01 09:00")
    assert stage.obligations.live() == surveys(stage, "大地支付")

    stage.directory.replace_with(FILE)
    stage.at("2026-12-02 09:00")
    stage.at("2027-01-04 09:00")

    assert months(stage) == [date(2027, 1, 1)]
