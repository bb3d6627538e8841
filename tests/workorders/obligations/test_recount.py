"""A corrected calendar: open moments are counted anew before silence may speak; misses stand."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from handlers.phrases.letters import render
from tests.workorders.obligations.stage import Stage, local
from workorders.agreement.clauses import Agreement
from workorders.directory.people import Role
from workorders.obligations.matters import OurChange, Slip
from workorders.obligations.obligation import State, Verb


@pytest.fixture
def corrected(tmp_path: Path) -> Agreement:
    """25 and 26 November, and 7 December, turn out to be closed."""
    path = tmp_path / "holidays.toml"
    path.write_text('closed = ["2026-11-25", "2026-11-26", "2026-12-07", "2026-12-21"]\n', "utf-8")
    return Agreement.load(holidays_path=path)


def test_an_objection_has_its_three_working_days_by_the_calendar_as_corrected(
    stage: Stage, corrected: Agreement
) -> None:
    chen = stage.person("xiaochen")
    stage.duties.file_slip(chen, stage.partner(), delivered_at=stage.now, goods="hardware", fen=1)
    stage.letters()
    stage.agreement = corrected

    stage.at("2026-11-26 18:00:01")
    o = stage.of()
    assert isinstance(o.matter, Slip)
    assert (o.matter.judged, o.due) == ("waiting", local("2026-11-30 18:00"))
    said = [render(x.kind, x.facts, shared=False).text for x in stage.letters() if "recounted" in x.kind]
    assert any("现以 11月30日（周一）18:00 为期限（原为 18:00）" in text for text in said)
    stage.at("2026-11-30 18:00:01")

    assert stage.verbs() == [Verb.FILE, Verb.RECOUNT, Verb.DEEM]


def test_our_change_waits_for_its_partners_and_its_day_as_corrected(
    stage: Stage, corrected: Agreement
) -> None:
    laoli, zhong = stage.person("laoli"), stage.person("xiaozhong")
    stage.now = local("2026-11-24 10:00")
    stage.duties.file_our_change(
        stage.person("zhoujie"),
        role=Role.TECH,
        rank=1,
        frm=laoli,
        to=zhong,
        effective=date(2026, 12, 7),
        stamped=True,
    )
    stage.agreement = corrected

    stage.at("2026-11-27 10:00")
    matter = stage.of().matter
    assert isinstance(matter, OurChange)
    assert {r.judged for r in matter.receipts.values()} == {"waiting"}
    stage.at("2026-12-07 10:00")
    assert stage.of().state is State.OPEN
    stage.at("2026-12-08 09:00")
    assert (stage.of().state, stage.of().state_at) == (State.DONE, local("2026-12-08 09:00"))


def test_a_survey_moves_with_its_reminders_and_one_already_missed_stands(
    stage: Stage, corrected: Agreement
) -> None:
    stage.at("2026-12-01 09:00")
    number = next(o.number for o in stage.obligations.live(stage.partner().id))
    stage.agreement = corrected
    stage.at("2026-12-16 09:00")

    assert stage.of(number).due == local("2026-12-22 18:00")
    assert stage.of(number).reminders[-1] == local("2026-12-22 09:00")
    stage.at("2026-12-23 09:00")
    assert stage.of(number).breached_at == local("2026-12-22 18:00")
    stage.agreement = Agreement.load()
    stage.duties.settle(number)
    assert (stage.of(number).breached_at, stage.of(number).due) == (
        local("2026-12-22 18:00"),
        local("2026-12-22 18:00"),
    )
