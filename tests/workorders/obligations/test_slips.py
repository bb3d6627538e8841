"""Delivery slips: objection in three working days, silence, and the slip that is owed."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.workorders.obligations.stage import Stage, local
from workorders.obligations.errors import BadField, NoSuchObligation, NotPossible, NotTheirs
from workorders.obligations.matters import Goods, Slip
from workorders.obligations.obligation import Obligation, State, Verb


def delivered(
    stage: Stage, at: str = "2026-11-23 09:30", yuan: float = 3000, goods: Goods = "hardware"
) -> Slip:
    o = stage.duties.file_slip(
        stage.person("xiaochen"),
        stage.partner(),
        delivered_at=local(at),
        goods=goods,
        fen=round(yuan * 100),
    )
    stage.letters()
    return slip(o)


def slip(o: Obligation) -> Slip:
    assert isinstance(o.matter, Slip)
    return o.matter


@pytest.mark.parametrize(
    ("at", "due"),
    [
        ("2026-11-23 09:30", "2026-11-26 18:00"),
        ("2026-11-20 23:00", "2026-11-25 18:00"),
        ("2026-11-21 08:00", "2026-11-25 18:00"),  # a Saturday
        ("2026-09-30 10:00", "2026-10-10 18:00"),  # the National Day week, a working Saturday at its end
    ],
)
def test_an_objection_may_come_until_business_closes_on_the_third_working_day(
    stage: Stage, at: str, due: str
) -> None:
    delivered(stage, at)

    assert stage.of().due == local(due)


def test_silence_accepts_the_goods_at_the_due_moment_however_late_the_sweep(stage: Stage) -> None:
    delivered(stage)

    stage.at("2026-11-26 18:00")
    assert slip(stage.of()).judged == "waiting"
    stage.at("2026-12-24 03:00")

    assert slip(stage.of()).judged == "deemed"
    deem = next(e for e in stage.happened() if e.verb is Verb.DEEM)
    assert datetime.fromisoformat(deem.facts["moment"]) == local("2026-11-26 18:00")
    assert ("xiaowang", "app", "slip_deemed") in stage.told()


def test_an_objection_in_time_opens_a_linked_order_and_silence_deems_nothing(stage: Stage) -> None:
    delivered(stage)
    stage.now = local("2026-11-26 18:00")

    o = stage.duties.object_to(1, stage.person("xiaowang"), "两台屏幕碎裂")

    assert slip(o).judged == "objected"
    order = stage.order(slip(o).order or 0)
    assert "两台屏幕碎裂" in order.text
    assert order.partner == stage.partner().id
    stage.at("2026-12-24 10:00")
    assert Verb.DEEM not in stage.verbs()


def test_an_objection_a_moment_late_is_refused_and_the_goods_are_accepted(stage: Stage) -> None:
    delivered(stage)
    stage.now = local("2026-11-26 18:00:01")

    with pytest.raises(NotPossible) as refused:
        stage.duties.object_to(1, stage.person("xiaowang"), "屏幕碎裂")

    assert (refused.value.why, refused.value.at) == ("late", local("2026-11-26 18:00"))
    assert slip(stage.of()).judged == "deemed"
    assert stage.orders.live() == []


def test_a_second_objection_is_refused(stage: Stage) -> None:
    delivered(stage)
    stage.duties.object_to(1, stage.person("xiaowang"), "屏幕碎裂")

    with pytest.raises(NotPossible) as refused:
        stage.duties.object_to(1, stage.person("xiaozhao"), "电池鼓包")

    assert refused.value.why == "already"
    assert len(stage.orders.live()) == 1


def test_an_objection_mailed_in_time_and_entered_late_undoes_the_deeming(stage: Stage) -> None:
    delivered(stage)
    stage.at("2026-11-27 10:00")
    assert slip(stage.of()).judged == "deemed"

    o = stage.duties.object_to(1, stage.person("xiaochen"), "屏幕碎裂", local("2026-11-26 17:50"))

    assert slip(o).judged == "objected"
    assert stage.order(slip(o).order or 0).reporter == "xiaowang"
    with pytest.raises(NotPossible):
        stage.duties.object_to(1, stage.person("xiaowang"), "又一台", local("2026-11-24 10:00"))


def test_somebody_without_a_contact_there_objects_through_the_desk(stage: Stage) -> None:
    stage.duties.file_slip(
        stage.person("xiaochen"), stage.partner("大地支付"), delivered_at=stage.now, goods="software", fen=0
    )

    o = stage.duties.object_to(1, stage.person("xiaochen"), "账号不能登录")

    assert stage.order(slip(o).order or 0).partner == stage.partner("大地支付").id


@pytest.mark.parametrize(
    ("yuan", "form"), [(0, "photo"), (5000, "photo"), (5000.01, "original"), (12000, "original")]
)
def test_up_to_and_including_5000_yuan_a_photo_does(stage: Stage, yuan: float, form: str) -> None:
    assert delivered(stage, yuan=yuan).form == form


def test_a_photo_does_not_do_where_the_original_is_owed(stage: Stage) -> None:
    delivered(stage, yuan=5000.01)

    with pytest.raises(BadField) as refused:
        stage.duties.receive(1, stage.person("xiaochen"), "photo")

    assert refused.value.field == "form"
    assert slip(stage.duties.receive(1, stage.person("xiaochen"), "original")).received_at == stage.now


def test_it_is_over_once_the_goods_were_judged_and_the_slip_is_there_in_either_order(stage: Stage) -> None:
    delivered(stage)
    stage.duties.receive(1, stage.person("xiaochen"), "photo")
    assert stage.of().state is State.OPEN
    stage.at("2026-11-27 09:00")
    assert (stage.of().state, stage.of().state_at) == (State.DONE, local("2026-11-26 18:00"))

    delivered(stage, "2026-11-27 08:30")
    stage.at("2026-12-03 10:00")
    assert stage.of(2).state is State.OPEN
    stage.duties.receive(2, stage.person("xiaochen"), "photo")
    assert stage.of(2).state is State.DONE


def test_a_missing_slip_is_reminded_of_once_a_week_until_it_is_there(stage: Stage) -> None:
    delivered(stage)
    stage.sweep_at_every_look(local("2026-12-14 18:00"))

    reminded = [e.at for e in stage.happened() if e.verb is Verb.REMIND]

    assert reminded == [local("2026-11-30 09:00"), local("2026-12-07 09:00"), local("2026-12-14 09:00")]
    told = stage.told()
    assert told.count(("xiaowang", "app", "slip_remind")) == 3
    assert told.count(("xiaochen", "app", "slip_missing")) == 3
    stage.duties.receive(1, stage.person("xiaochen"), "photo")
    assert stage.of().reminders == ()


def test_service_may_be_withheld_with_a_reason_while_the_slip_is_missing_and_is_lifted_with_it(
    stage: Stage,
) -> None:
    delivered(stage)
    chen = stage.person("xiaochen")
    with pytest.raises(BadField):
        stage.duties.withhold(1, chen, " ")
    stage.duties.withhold(1, chen, "逾期未回签收单")
    assert slip(stage.of()).withheld == "逾期未回签收单"
    assert {r for r, _, k in stage.told() if k == "slip_withheld"} == {"xiaowang", "zhoujie"}
    with pytest.raises(NotPossible):
        stage.duties.withhold(1, chen, "再次")

    stage.duties.lift(1, chen)
    assert slip(stage.of()).withheld is None
    with pytest.raises(NotPossible):
        stage.duties.lift(1, chen)

    stage.duties.withhold(1, chen, "仍未回")
    assert slip(stage.duties.receive(1, chen, "photo")).withheld is None
    with pytest.raises(NotPossible):
        stage.duties.withhold(1, chen, "晚了")


def test_another_partner_neither_sees_nor_touches_it_and_the_desks_verbs_are_the_desks(stage: Stage) -> None:
    delivered(stage)

    with pytest.raises(NoSuchObligation):
        stage.duties.object_to(1, stage.person("xiaosun"), "屏幕碎裂")
    with pytest.raises(NoSuchObligation):
        stage.duties.look(1, stage.person("nobody"))
    with pytest.raises(NotTheirs):
        stage.duties.receive(1, stage.person("xiaowang"), "photo")
    with pytest.raises(NotTheirs):
        stage.duties.file_slip(
            stage.person("xiaowang"), stage.partner(), delivered_at=stage.now, goods="hardware", fen=1
        )
    assert stage.duties.live_of(stage.person("xiaosun")) == []
    assert [o.number for o in stage.duties.live_of(stage.person("xiaozhao"))] == [1]


@pytest.mark.parametrize(
    ("at", "fen", "field"),
    [
        ("2026-11-23 10:01", 100, "delivered"),
        ("2025-11-20 10:00", 100, "delivered"),
        ("2026-11-23 09:00", -1, "amount"),
        ("2026-11-23 09:00", 10**12, "amount"),
    ],
)
def test_an_impossible_field_is_named_and_nothing_is_filed(
    stage: Stage, at: str, fen: int, field: str
) -> None:
    with pytest.raises(BadField) as refused:
        stage.duties.file_slip(
            stage.person("xiaochen"), stage.partner(), delivered_at=local(at), goods="hardware", fen=fen
        )

    assert refused.value.field == field
    assert stage.obligations.live() == []


def test_filed_by_mistake_it_is_void_with_a_reason(stage: Stage) -> None:
    delivered(stage)
    with pytest.raises(BadField):
        stage.duties.cancel(1, stage.person("xiaochen"), "")

    stage.duties.cancel(1, stage.person("xiaochen"), "重复登记")

    assert stage.of().state is State.CANCELLED
    with pytest.raises(NotPossible):
        stage.duties.object_to(1, stage.person("xiaowang"), "屏幕碎裂")
