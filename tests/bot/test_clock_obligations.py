"""The clock over obligations: killed, repeated, and many at once, each moment is recorded once."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import update

from tests.bot.office import Killed, Office
from tests.workorders.orders.stage import local
from workorders.letters import Letter
from workorders.obligations.matters import Slip
from workorders.obligations.obligation import Kind, Verb
from workorders.sql.letters import SqlLetters
from workorders.sql.obligation_tables import obligation


def filed(office: Office) -> int:
    with office.units.begin() as unit:
        desk = office.uses.obligations(unit)
        partner = unit.directory.partners_named("星河支付")[0]
        chen = unit.directory.person("xiaochen")
        return desk.file_slip(chen, partner, delivered_at=office.now, goods="hardware", fen=1).number


def verbs(office: Office, number: int) -> list[Verb]:
    with office.units.reading() as unit:
        return [event.verb for event in unit.obligations.events(number)]


def test_a_clock_killed_while_it_says_a_deeming_leaves_nothing_and_the_next_says_it_once(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = filed(office)
    office.now = local("2026-11-26 18:00:01")

    def killed(self: SqlLetters, letter: Letter) -> bool:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(SqlLetters, "post", killed)
        with pytest.raises(Killed):
            office.rounds().obligations()
    assert verbs(office, number) == [Verb.FILE]

    office.rounds().obligations()
    office.rounds().obligations()
    assert verbs(office, number) == [Verb.FILE, Verb.DEEM]


def test_two_clocks_at_once_create_one_survey_a_partner_and_one_deeming(office: Office) -> None:
    number = filed(office)
    office.rounds().surveys()
    office.now = local("2026-12-01 09:00")

    def round_of() -> None:
        office.rounds().obligations()
        office.rounds().surveys()

    clocks = [threading.Thread(target=round_of) for _ in range(2)]
    for clock in clocks:
        clock.start()
    for clock in clocks:
        clock.join()

    round_of()
    assert verbs(office, number).count(Verb.DEEM) == 1
    with office.units.reading() as unit:
        surveys = [o for o in unit.obligations.live() if o.kind is Kind.SURVEY]
    assert len({o.partner for o in surveys}) == len(surveys) == 2


def test_one_obligation_that_cannot_be_read_is_set_aside_and_the_others_are_settled(office: Office) -> None:
    spoilt, sound = filed(office), filed(office)
    with office.units.begin() as unit:
        unit.conn.execute(update(obligation).where(obligation.c.number == spoilt).values(snapshot={"no": 1}))
    office.now = local("2026-11-26 18:00:01")

    office.rounds().obligations()

    assert verbs(office, sound) == [Verb.FILE, Verb.DEEM]
    assert [line for line in office.log if line.get("id") == spoilt]
    office.later(timedelta(seconds=1))
    assert office.rounds().obligations() is False


def test_a_reminder_whose_slip_came_meanwhile_is_not_sent(office: Office) -> None:
    number = filed(office)
    office.lanes.drain("app:xiaowang")
    office.now = local("2026-11-30 09:00:01")
    office.rounds().obligations()
    with office.units.begin() as unit:
        o = office.uses.obligations(unit).receive(number, unit.directory.person("xiaochen"), "photo")
    assert isinstance(o.matter, Slip)

    office.lanes.drain("group:wrXINGHE")

    assert not any("签收单未收到" in text for text in office.wecom.texts("key-of-xinghe"))
    assert any("签收单已收到" in text for text in office.wecom.texts("key-of-xinghe"))
