"""Obligations in tables, on both databases: numbers, events, what is found, and what is due."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy.exc import IntegrityError

from tests.workorders.obligations.stage import Stage, local
from tests.workorders.obligations.stage import stage as on_stage
from workorders.directory.people import Duty, Role
from workorders.obligations.matters import Item
from workorders.obligations.obligation import Kind, Obligation
from workorders.obligations.plans import Plan


@pytest.fixture
def stage(database_url: str) -> Iterator[Stage]:
    with on_stage(url=database_url) as made:
        yield made


def test_everything_an_obligation_lived_through_is_read_back_as_it_was(stage: Stage) -> None:
    chen, zhou, xinghe = stage.person("xiaochen"), stage.person("zhoujie"), stage.partner()
    stage.sweep()
    stage.duties.file_slip(chen, xinghe, delivered_at=stage.now, goods="hardware", fen=500001)
    stage.duties.object_to(1, stage.person("xiaowang"), "屏幕碎裂 😀 \\ ' \" %s")
    stage.duties.withhold(1, chen, "未回签收单")
    stage.duties.receive(1, chen, "original")
    stage.duties.file_coaching(
        chen, xinghe, trainee="小王", exam=date(2026, 11, 20), practical=date(2026, 11, 20)
    )
    stage.duties.retrain(2, chen, date(2026, 12, 1), on_site=True, note="新员工")
    stage.duties.file_their_change(
        zhou, xinghe, role=Role.TECH, leaves="小王", comes="小新", effective=date(2026, 12, 7), stamped=True
    )
    stage.duties.confirm(3, zhou)
    laoli, zhong = stage.person("laoli"), stage.person("xiaozhong")
    stage.duties.file_our_change(
        zhou, role=Role.TECH, rank=1, frm=laoli, to=zhong, effective=date(2026, 12, 7), stamped=True
    )
    stage.duties.acknowledge(4, stage.person("xiaozhao"))
    stage.sweep_at_every_look(local("2026-12-24 09:00"))
    stage.duties.answer(5, stage.person("xiaozhao"), dict.fromkeys(Item, 4), "好")

    kinds = set()
    for number in range(1, 7):
        stored, events = stage.of(number), stage.happened(number)
        assert Obligation.replay(number, events) == stored
        assert [e.number for e in events] == list(range(1, len(events) + 1))
        kinds.add(stored.kind)
    assert kinds == set(Kind)


def test_a_partner_and_month_have_one_survey(stage: Stage) -> None:
    stage.duties.file_survey(stage.partner().id)

    with pytest.raises(IntegrityError), stage.conn.begin_nested():
        stage.duties.file_survey(stage.partner().id)
    stage.duties.file_survey(stage.partner("大地支付").id)


def test_open_ones_are_found_by_partner_next_due_first_and_ours_with_each_it_names(stage: Stage) -> None:
    chen, zhou = stage.person("xiaochen"), stage.person("zhoujie")
    stage.duties.file_survey(stage.partner().id)
    stage.duties.file_slip(chen, stage.partner(), delivered_at=stage.now, goods="software", fen=0)
    laoli, zhong = stage.person("laoli"), stage.person("xiaozhong")
    stage.duties.file_our_change(
        zhou, role=Role.TECH, rank=1, frm=laoli, to=zhong, effective=date(2026, 12, 7), stamped=True
    )
    stage.duties.file_slip(chen, stage.partner("大地支付"), delivered_at=stage.now, goods="software", fen=0)
    stage.duties.cancel(2, chen, "重复")

    assert [o.number for o in stage.obligations.live(stage.partner("大地支付").id)] == [3, 4]
    assert [o.number for o in stage.obligations.live()] == [1, 3, 4]
    assert stage.obligations.surveys() == []


def test_a_plan_is_kept_and_a_partner_without_one_is_missing(stage: Stage) -> None:
    xinghe, dadi = stage.partner().id, stage.partner("大地支付").id
    assert stage.plans.missing() == [xinghe, dadi]
    plan = Plan(xinghe, 2, date(2026, 9, 1), local("2026-11-23 09:00"))

    stage.plans.keep(replace(plan, months=1))
    stage.plans.keep(plan)

    assert stage.plans.lock(xinghe) == plan
    assert stage.plans.missing() == [dadi]
    assert stage.plans.waking.due(stage.now, stage.now, 10) == [xinghe]


def test_a_duty_moves_to_somebody_who_has_none_or_who_shares_it(stage: Stage) -> None:
    directory, tech = stage.directory, (Role.TECH, 1)

    assert directory.move_duty(*tech, "LaoLi", "xiaozhong")
    assert directory.person("xiaozhong").duties == (Duty(*tech),)
    assert directory.person("laoli").duties == ()
    for frm, to in (("laoli", "laozhang"), ("xiaozhong", "xiaowang"), ("nobody", "laoli")):
        assert not directory.move_duty(*tech, frm, to)
    assert [p.userid for p in directory.holders(*tech, stage.now)] == ["xiaozhong"]
