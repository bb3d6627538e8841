"""The coaching month, and retraining after it."""

from __future__ import annotations

from datetime import date

import pytest

from tests.workorders.obligations.stage import Stage, local
from workorders.obligations.errors import BadField, NotTheirs
from workorders.obligations.matters import Coaching
from workorders.obligations.obligation import State, Verb


def trained(stage: Stage, exam: str, practical: str) -> None:
    stage.duties.file_coaching(
        stage.person("laoli"),
        stage.partner(),
        trainee="小王",
        exam=date.fromisoformat(exam),
        practical=date.fromisoformat(practical),
    )


@pytest.mark.parametrize(
    ("now", "exam", "practical", "ends"),
    [
        ("2026-11-23 10:00", "2026-11-20", "2026-11-23", "2026-12-23 18:00"),
        ("2026-11-23 10:00", "2026-11-23", "2026-11-20", "2026-12-23 18:00"),
        ("2027-01-31 10:00", "2027-01-30", "2027-01-31", "2027-02-28 18:00"),
        ("2026-09-01 10:00", "2026-08-31", "2026-08-31", "2026-09-30 18:00"),
    ],
)
def test_it_ends_on_the_same_day_next_month_else_on_its_last(
    stage: Stage, now: str, exam: str, practical: str, ends: str
) -> None:
    stage.now = local(now)

    trained(stage, exam, practical)

    assert stage.of().due == local(ends)


def test_its_end_is_told_to_both_at_its_moment_however_late(stage: Stage) -> None:
    trained(stage, "2026-11-20", "2026-11-23")
    assert ("xiaowang", "app", "coaching_filed") in stage.told()
    stage.at("2026-12-23 18:00")
    assert stage.of().state is State.OPEN

    stage.at("2027-01-10 03:00")

    assert (stage.of().state, stage.of().state_at) == (State.DONE, local("2026-12-23 18:00"))
    assert {r for r, _, k in stage.told() if k == "coaching_ended"} == {"xiaowang", "laoli"}
    assert stage.verbs() == [Verb.FILE, Verb.END]


def test_retraining_costs_the_clauses_fee_a_session_during_the_month_and_after(stage: Stage) -> None:
    trained(stage, "2026-11-20", "2026-11-23")
    laoli = stage.person("laoli")
    stage.duties.retrain(1, laoli, date(2026, 12, 1), on_site=False)
    stage.at("2027-01-10 10:00")

    o = stage.duties.retrain(1, laoli, date(2027, 1, 15), on_site=True, note="新员工")

    assert isinstance(o.matter, Coaching)
    assert [(s.day, s.fee, s.on_site) for s in o.matter.sessions] == [
        (date(2026, 12, 1), 2000, False),
        (date(2027, 1, 15), 2000, True),
    ]
    assert ("xiaowang", "app", "coaching_retrained") in stage.told()


@pytest.mark.parametrize(
    ("exam", "practical", "field"),
    [
        ("2026-11-24", "2026-11-20", "exam"),
        ("2026-11-20", "2026-11-24", "practical"),
        ("2024-11-20", "2026-11-20", "exam"),
    ],
)
def test_a_day_to_come_or_long_past_is_refused_by_name(
    stage: Stage, exam: str, practical: str, field: str
) -> None:
    with pytest.raises(BadField) as refused:
        trained(stage, exam, practical)

    assert refused.value.field == field


def test_nobody_is_not_trained_and_a_partner_does_not_file_it(stage: Stage) -> None:
    day = date(2026, 11, 20)
    with pytest.raises(BadField):
        stage.duties.file_coaching(
            stage.person("laoli"), stage.partner(), trainee=" ", exam=day, practical=day
        )
    with pytest.raises(NotTheirs):
        stage.duties.file_coaching(
            stage.person("xiaowang"), stage.partner(), trainee="小王", exam=day, practical=day
        )
    trained(stage, "2026-11-20", "2026-11-20")
    with pytest.raises(BadField):
        stage.duties.retrain(1, stage.person("laoli"), date(2030, 1, 1), on_site=False)
