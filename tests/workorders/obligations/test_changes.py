"""Changes of people on either side: theirs we confirm, ours silence accepts and the directory follows."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.workorders.obligations.stage import FILE, Stage, local
from workorders.directory.people import Role
from workorders.obligations.errors import BadField, NoSuchObligation, NotPossible, NotTheirs
from workorders.obligations.matters import OurChange
from workorders.obligations.obligation import Obligation, State, Verb


def theirs(stage: Stage, by: str = "xiaozhao", **more: Any) -> Obligation:
    given: dict[str, Any] = {
        "role": Role.TECH,
        "leaves": "小王",
        "comes": "小新",
        "effective": date(2026, 12, 7),
        "stamped": True,
    } | more
    return stage.duties.file_their_change(stage.person(by), stage.partner(), **given)


def ours(stage: Stage, **more: Any) -> Obligation:
    given: dict[str, Any] = {
        "role": Role.TECH,
        "rank": 1,
        "frm": stage.person("laoli"),
        "to": stage.person("xiaozhong"),
        "effective": date(2026, 12, 7),
        "stamped": True,
    } | more
    return stage.duties.file_our_change(stage.person("zhoujie"), **given)


def judged(stage: Stage, partner: str) -> str:
    matter = stage.of().matter
    assert isinstance(matter, OurChange)
    return matter.receipts[stage.partner(partner).id].judged


# Theirs


def test_we_confirm_within_one_working_day_or_level_3_hears(stage: Stage) -> None:
    o = theirs(stage)
    assert o.due == local("2026-11-24 18:00")
    assert ("zhoujie", "app", "their_change_filed") in stage.told()

    stage.at("2026-11-24 18:00")
    assert stage.of().breached_at is None
    stage.at("2026-11-25 09:00")

    assert stage.of().breached_at == local("2026-11-24 18:00")
    assert ("zhoujie", "app", "their_change_missed") in stage.told()
    assert stage.of().state is State.OPEN


def test_once_confirmed_the_desk_is_told_what_to_change_when_it_takes_effect(stage: Stage) -> None:
    theirs(stage)
    stage.duties.confirm(1, stage.person("zhoujie"))
    assert ("xiaozhao", "app", "their_change_confirmed") in stage.told()
    with pytest.raises(NotPossible):
        stage.duties.confirm(1, stage.person("qian"))

    stage.sweep_at_every_look(local("2026-12-07 08:59"))
    assert stage.of().state is State.CONFIRMED
    stage.sweep_at_every_look(local("2026-12-07 09:00"))

    assert stage.of().state is State.DONE
    assert ("zhoujie", "app", "their_change_effective") in stage.told()


def test_confirmed_after_it_took_effect_the_desk_is_told_at_once(stage: Stage) -> None:
    theirs(stage)
    stage.at("2026-12-08 10:00")

    stage.duties.confirm(1, stage.person("qian"))

    assert stage.verbs()[-2:] == [Verb.CONFIRM, Verb.EFFECT]
    assert ("zhoujie", "app", "their_change_effective") in stage.told()


def test_without_a_stamp_it_is_invalid_said_so_and_nobody_owes_anything(stage: Stage) -> None:
    o = theirs(stage, "zhoujie", stamped=False)

    assert o.state is State.INVALID
    assert stage.told() == [("xiaozhao", "app", "their_change_invalid")]
    stage.at("2026-12-24 10:00")
    assert stage.of().breached_at is None
    with pytest.raises(NotPossible):
        stage.duties.confirm(1, stage.person("zhoujie"))


@pytest.mark.parametrize(
    ("filed", "late"),
    [("2026-11-30 18:00", False), ("2026-11-30 18:01", True), ("2026-12-01 09:00", True)],
)
def test_less_than_five_working_days_ahead_is_recorded(stage: Stage, filed: str, late: bool) -> None:
    stage.now = local(filed)

    theirs(stage)

    assert stage.happened()[0].facts["late"] is late


def test_what_came_by_mail_counts_from_when_it_came(stage: Stage) -> None:
    o = theirs(stage, "zhoujie", received_at=local("2026-11-20 17:00"))

    assert o.due == local("2026-11-23 18:00")
    assert ("xiaozhao", "app", "their_change_received") in stage.told()


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"leaves": " "}, "leaves"),
        ({"comes": ""}, "comes"),
        ({"comes": "小王"}, "comes"),
        ({"effective": date(2026, 11, 23)}, "effective"),
        ({"effective": date(2028, 1, 1)}, "effective"),
        ({"received_at": local("2026-11-23 10:01")}, "received"),
    ],
)
def test_an_impossible_change_is_refused_by_field(stage: Stage, more: dict[str, Any], field: str) -> None:
    with pytest.raises(BadField) as refused:
        theirs(stage, **more)

    assert refused.value.field == field


def test_another_company_does_not_file_it(stage: Stage) -> None:
    with pytest.raises(NotTheirs):
        theirs(stage, "xiaosun")


# Ours


def test_every_partner_is_told_and_its_silence_accepts_after_one_working_day(stage: Stage) -> None:
    ours(stage)
    told = stage.told()
    assert ("xiaozhao", "app", "our_change_told") in told
    assert ("wrXINGHE", "group", "our_change_told") in told
    assert ("xiaosun", "app", "our_change_told") in told
    stage.now = local("2026-11-24 18:00")
    stage.duties.acknowledge(1, stage.person("xiaozhao"))

    stage.at("2026-11-27 03:00")

    assert (judged(stage, "星河支付"), judged(stage, "大地支付")) == ("accepted", "deemed")
    matter = stage.of().matter
    assert isinstance(matter, OurChange)
    assert matter.receipts[stage.partner("大地支付").id].at == local("2026-11-24 18:00")
    told = stage.told()
    assert ("xiaosun", "app", "our_change_deemed") in told
    assert ("xiaozhao", "app", "our_change_deemed") not in told
    assert ("zhoujie", "app", "our_change_silent") in told
    with pytest.raises(NotPossible):
        stage.duties.acknowledge(1, stage.person("xiaosun"))


def test_a_partners_own_clause_gives_it_its_own_time(stage: Stage) -> None:
    from dataclasses import replace

    own = replace(FILE.partners[0], clauses={"notice.personnel": {"span": "3d"}})
    stage.directory.replace_with(replace(FILE, partners=(own, FILE.partners[1])))
    ours(stage)

    stage.at("2026-11-25 10:00")
    assert (judged(stage, "星河支付"), judged(stage, "大地支付")) == ("waiting", "deemed")
    stage.at("2026-11-27 10:00")
    assert judged(stage, "星河支付") == "deemed"


def test_the_duty_moves_by_itself_when_it_takes_effect(stage: Stage) -> None:
    ours(stage)
    stage.sweep_at_every_look(local("2026-12-07 08:59"))
    assert [p.userid for p in stage.directory.holders(Role.TECH, 1, stage.now)] == ["laoli"]

    stage.sweep_at_every_look(local("2026-12-07 09:00"))

    assert [p.userid for p in stage.directory.holders(Role.TECH, 1, stage.now)] == ["xiaozhong"]
    assert stage.of().state is State.DONE
    assert {r for r, _, k in stage.told() if k == "our_change_effective"} == {"laoli", "xiaozhong", "zhoujie"}


def test_a_duty_that_meanwhile_is_anothers_is_left_alone_and_the_desk_is_told(stage: Stage) -> None:
    ours(stage)
    stage.directory.move_duty(Role.TECH, 1, "laoli", "laozhang")

    stage.at("2026-12-07 09:00")

    matter = stage.of().matter
    assert isinstance(matter, OurChange)
    assert matter.moved is False
    assert [p.userid for p in stage.directory.holders(Role.TECH, 1, stage.now)] == ["laozhang"]


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"stamped": False}, "stamped"),
        ({"rank": 2}, "leaves"),
        ({"effective": date(2026, 11, 23)}, "effective"),
    ],
)
def test_an_impossible_change_of_ours_is_refused_by_field(
    stage: Stage, more: dict[str, Any], field: str
) -> None:
    with pytest.raises(BadField) as refused:
        ours(stage, **more)

    assert refused.value.field == field


def test_a_partner_does_not_get_our_duty_and_strangers_see_nothing(stage: Stage) -> None:
    with pytest.raises(BadField) as refused:
        ours(stage, to=stage.person("xiaowang"))
    assert refused.value.field == "comes"
    ours(stage)
    with pytest.raises(NoSuchObligation):
        stage.duties.acknowledge(1, stage.person("nobody"))
    with pytest.raises(NotTheirs):
        stage.duties.acknowledge(1, stage.person("laozhang"))
