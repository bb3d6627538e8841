"""Letters that stand before a person: sent again once, marked where they may have arrived, or let be."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import update
from typer.testing import CliRunner

from bot.cli.desk import app
from bot.payloads import MARK
from bot.sql.engine import open_engine
from bot.sql.unit import Units
from bot.wecom.errcodes import AnswerLost, Never
from tests.bot.office import Office, arrives_but, fails, minute, words_of
from tests.workorders.orders.stage import MONDAY
from workorders.letters import Letter
from workorders.sql.tables import letter

APP = "app:laoli"
LOST = AnswerLost("sent, but no answer within the time allowed")
NOBODY = Never("no such userid (errcode 60111)", errcode=60111)


def given_up(office: Office) -> int:
    office.note(1)
    office.wecom.faults.append(fails(NOBODY))
    office.lanes.drain(APP)
    return stuck(office)[0]


def in_doubt(office: Office) -> int:
    office.note(1)
    office.wecom.faults.extend([arrives_but(LOST), arrives_but(LOST)])
    for _ in range(5):
        office.lanes.drain(APP)
        office.later(minute)
    return stuck(office)[0]


def stuck(office: Office) -> list[int]:
    with office.units.reading() as unit:
        return [written.id for written in office.uses.stuck(unit, "laogao", "console").listed()]


def resend(office: Office, *ids: int) -> int:
    with office.units.begin() as unit:
        return len(office.uses.stuck(unit, "laogao", "console").resend(ids))


def test_a_letter_given_up_goes_out_again_when_somebody_says_so(office: Office) -> None:
    id = given_up(office)
    office.woken.clear()

    assert resend(office, id) == 1

    assert office.woken == [APP]
    office.lanes.drain(APP)
    assert office.states()[0] == "sent"
    assert MARK not in words_of(office.wecom.arrived[-1][2])
    assert stuck(office) == []


def test_one_that_may_have_arrived_says_that_it_may_be_a_repeat(office: Office) -> None:
    id = in_doubt(office)
    resend(office, id)
    office.later(timedelta(hours=1))
    office.lanes.drain(APP)

    assert words_of(office.wecom.arrived[-1][2]).startswith(MARK)


def test_pressed_twice_it_goes_out_once(office: Office) -> None:
    id = given_up(office)
    assert (resend(office, id, id), resend(office, id)) == (1, 0)
    office.lanes.drain(APP)
    assert resend(office, id) == 0
    assert len(office.wecom.arrived) == 1


def test_given_up_again_it_stands_there_again(office: Office) -> None:
    id = given_up(office)
    resend(office, id)
    office.wecom.faults.append(fails(NOBODY))
    office.lanes.drain(APP)

    assert stuck(office) == [id]


def test_one_nobody_need_hear_any_more_is_let_be(office: Office) -> None:
    id = given_up(office)
    with office.units.begin() as unit:
        assert office.uses.stuck(unit, "laogao", "console").let_be([id, id, 999]) == 1

    assert stuck(office) == []
    assert (office.states()[0], office.reasons()[0]) == ("moot", "let be by laogao")


def test_each_is_in_the_audit(office: Office) -> None:
    id = given_up(office)
    resend(office, id)
    with office.units.reading() as unit:
        [entry] = unit.audit.entries(what="letter:")
    assert (entry.who, entry.subject, entry.details["what"]) == ("laogao", f"letter:{id}", "resend")


@pytest.mark.parametrize("kind", ["notice", "card_done"])
def test_a_notice_is_sent_again_by_its_receipts_and_a_spent_card_not_at_all(
    office: Office, kind: str
) -> None:
    id = given_up(office)
    with office.units.begin() as unit:
        unit.conn.execute(update(letter).where(letter.c.id == id).values(kind=kind))
    assert resend(office, id) == 0


def test_the_command_lists_resends_and_drops(
    migrated_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", migrated_database_url)
    run = CliRunner().invoke
    assert run(app, ["letters", "list"]).stdout == "every message arrived, or is on its way\n"
    engine = open_engine(migrated_database_url)
    with Units(engine, lambda: MONDAY, lambda lanes: None).begin() as unit:
        for n in (1, 2):
            facts = {"recipient": "小王", "channel": "app", "at": MONDAY.isoformat()}
            unit.letters.post(Letter(f"note:{n}", 1, "note", "laoli", "app", "given_up", facts))
        unit.conn.execute(update(letter).values(state="given_up", reason="no such userid"))
    engine.dispose()

    [two, one] = json.loads(run(app, ["letters", "list", "--json"]).stdout)
    assert (one["to"], one["about"], one["reason"]) == ("app:laoli", "note:1", "no such userid")
    assert run(app, ["letters", "resend", str(one["id"])]).stdout == "1 sent again\n"
    again = run(app, ["letters", "resend", str(one["id"])])
    assert (again.exit_code, again.stderr.count("\n")) == (1, 1)
    assert run(app, ["letters", "drop", str(two["id"])]).stdout == "1 dropped\n"
    assert run(app, ["letters", "drop", str(two["id"])]).exit_code == 1
