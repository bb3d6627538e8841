"""Holidays imported while the desk runs: judged, previewed, taken, and every open due moment counted anew."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bot.cli.desk import app
from bot.terms import Terms
from tests.bot.office import Office
from tests.workorders.notices.stage import FILE as ANNOUNCING
from tests.workorders.notices.stage import UPGRADE
from tests.workorders.orders.stage import AGREEMENT, local
from workorders.agreement.calendar_file import CalendarFile
from workorders.errors import FileError
from workorders.orders.order import WorkOrder
from workorders.orders.promise import Part
from workorders.sql.letter_log import letters_about

CLOSED = b'closed = ["2026-11-24"]\n'
YEAR = (
    b'closed = ["2027-01-01", "2027-02-05", "2027-02-06", "2027-02-07", "2027-02-08", "2027-02-09",'
    b' "2027-02-10", "2027-02-11", "2027-04-05", "2027-05-01", "2027-05-02", "2027-05-03", "2027-05-04",'
    b' "2027-06-09", "2027-09-15", "2027-10-01", "2027-10-02", "2027-10-03", "2027-10-04", "2027-10-05",'
    b' "2027-10-06", "2027-10-07"]\n[replaced]\n"2027-02-20" = ["09:00-18:00"]\n'
)


def imports(office: Office, data: bytes, name: str = "2027.toml") -> None:
    with office.units.begin() as unit:
        desk = office.uses.holidays(unit, "laogao", "console")
        desk.take(desk.read(data, name), name)
    office.uses.terms.forget()


def preview(office: Office, data: bytes) -> Any:
    with office.units.reading() as unit:
        desk = office.uses.holidays(unit, "laogao", "console")
        return desk.preview(desk.read(data, "2027.toml"))


def rounds(office: Office) -> None:
    sweeps = office.rounds()
    while any([sweeps.calendar(), sweeps.orders(), sweeps.obligations(), sweeps.notices()]):
        pass


def order(office: Office, number: int) -> WorkOrder:
    with office.units.reading() as unit:
        found = unit.orders.read(number)
    assert found is not None
    return found


def due(office: Office, number: int) -> Any:
    promise = order(office, number).promise(Part.SOLUTION)
    assert promise is not None
    return promise.due


@pytest.fixture
def evening(office: Office) -> Office:
    """Monday 17:50: the solution of an order that opens now is due on Tuesday at 09:10."""
    office.now = local("2026-11-23 17:50")
    rounds(office)
    return office


def test_an_import_counts_open_due_moments_anew(evening: Office) -> None:
    number = evening.open()
    assert due(evening, number) == local("2026-11-24 09:10")

    imports(evening, CLOSED)
    rounds(evening)

    assert due(evening, number) == local("2026-11-25 09:10")
    assert order(evening, number).generation == 2
    rounds(evening)
    assert order(evening, number).generation == 2


def test_whoever_waits_is_told_of_the_new_moment(evening: Office) -> None:
    number = evening.open()
    imports(evening, CLOSED)
    rounds(evening)

    with evening.units.reading() as unit:
        kinds = {written.letter.kind for written in letters_about(unit.conn, f"order:{number}")}
    assert "recounted" in kinds


def test_open_obligations_are_counted_anew_by_the_clock(evening: Office) -> None:
    with evening.units.begin() as unit:
        partner = unit.directory.partners_named("星河支付")[0]
        number = (
            evening.uses.obligations(unit)
            .file_slip(
                unit.directory.person("xiaochen"), partner, delivered_at=evening.now, goods="hardware", fen=1
            )
            .number
        )
    rounds(evening)
    imports(evening, CLOSED)
    rounds(evening)

    with evening.units.reading() as unit:
        found = unit.obligations.read(number)
    assert found is not None
    assert found.due == local("2026-11-27 18:00")


def test_receipts_that_wait_are_counted_anew_by_the_clock_and_answered_ones_are_not(evening: Office) -> None:
    later = replace(UPGRADE, effective=local("2026-12-04 22:00"))
    with evening.units.begin() as unit:
        unit.directory.replace_with(ANNOUNCING)
        notices, person = evening.uses.notices(unit), unit.directory.person
        number = notices.compose(later, person("xiaoqian")).number
        notices.approve(number, person("wang"))
        notices.send(number, person("xiaoqian"))
    evening.rounds().notices()
    for lane in ("group:wrXINGHE", "group:wrYUNFAN", "mail:xinghe.example", "mail:yunfan.example"):
        evening.lanes.drain(lane)
    with evening.units.begin() as unit:
        evening.uses.notices(unit).acknowledge(number, unit.directory.person("xiaolin"), "chat")
    imports(evening, CLOSED)
    rounds(evening)

    with evening.units.reading() as unit:
        silent, answered = (unit.notices.receipt_of(number, who) for who in ("xiaowang", "xiaolin"))
    assert silent is not None
    assert answered is not None
    assert (silent.due, answered.due) == (local("2026-11-25 09:50"), local("2026-11-24 09:50"))


def test_more_than_a_batch_is_counted_anew_and_each_order_once(evening: Office) -> None:
    numbers = [evening.open() for _ in range(120)]
    imports(evening, CLOSED)
    rounds(evening)

    assert {order(evening, number).generation for number in numbers} == {2}


def test_a_clock_that_was_stopped_counts_what_was_imported_meanwhile(evening: Office) -> None:
    number = evening.open()
    imports(evening, CLOSED)
    evening.uses = replace(evening.uses, terms=Terms(AGREEMENT))

    rounds(evening)

    assert due(evening, number) == local("2026-11-25 09:10")


def test_while_a_release_goes_round_orders_are_not_counted_to_and_fro(evening: Office) -> None:
    number = evening.open()
    older = evening.uses
    newer = replace(older, terms=Terms(replace(AGREEMENT, calendar=corrected())))
    evening.uses = newer
    rounds(evening)
    assert order(evening, number).generation == 2

    evening.uses = older
    rounds(evening)

    assert order(evening, number).generation == 2


def corrected() -> Any:
    return AGREEMENT.calendar.under(CalendarFile(closed=frozenset({date(2026, 11, 24)})), "a newer release")


def test_a_preview_says_what_would_change_and_changes_nothing(evening: Office) -> None:
    number = evening.open()

    seen = preview(evening, CLOSED)

    assert [(d.day, d.before, d.after) for d in seen.days] == [(date(2026, 11, 24), ((540, 1080),), ())]
    assert (seen.counted, seen.moved) == (1, 1)
    assert due(evening, number) == local("2026-11-24 09:10")


def test_a_year_that_was_provisional_no_longer_is(evening: Office) -> None:
    assert evening.uses.agreement.calendar.provisional_years(evening.now) == (2027,)
    assert preview(evening, YEAR).provisional == ()
    assert preview(evening, b'closed = ["2027-01-01"]').provisional == (2027,)

    imports(evening, YEAR)
    rounds(evening)

    assert evening.uses.agreement.calendar.provisional_years(evening.now) == ()
    assert evening.uses.agreement.calendar.is_working_day(date(2027, 2, 20))


def test_a_year_is_replaced_by_what_is_imported_of_it_next_and_others_stay(evening: Office) -> None:
    imports(evening, YEAR)
    imports(evening, CLOSED)
    imports(evening, b'closed = ["2027-03-01"]')
    rounds(evening)

    calendar = evening.uses.agreement.calendar
    assert not calendar.is_working_day(date(2026, 11, 24))
    assert not calendar.is_working_day(date(2027, 3, 1))
    assert not calendar.is_working_day(date(2027, 2, 20))


def test_what_was_imported_of_a_year_can_be_taken_back(evening: Office) -> None:
    imports(evening, CLOSED)
    rounds(evening)
    with evening.units.begin() as unit:
        evening.uses.holidays(unit, "laogao", "console").take_back(2026)
    rounds(evening)

    assert evening.uses.agreement.calendar.fingerprint == AGREEMENT.calendar.fingerprint


def test_imported_holidays_that_no_longer_fit_the_files_are_left_out_and_said(evening: Office) -> None:
    imports(evening, CLOSED)
    hours = CalendarFile(closed=frozenset(), replaced={}, breaks={})
    nowhere = replace(AGREEMENT.calendar.rules, hours=((),) * 7, replaced={date(2026, 11, 24): ((540, 600),)})
    calendar = replace(AGREEMENT.calendar, rules=nowhere.under(hours, "x"))
    terms = Terms(replace(AGREEMENT, calendar=calendar))

    with evening.units.reading() as unit:
        terms.take(unit.calendars)

    assert terms.calendar is calendar
    assert "the imported holidays are not in force" in terms.problem


def test_an_import_is_in_the_audit(evening: Office) -> None:
    imports(evening, CLOSED)
    with evening.units.reading() as unit:
        [entry] = unit.audit.entries(what="agreement:calendar:import")
    assert (entry.who, entry.details) == ("laogao", {"years": ["2026"], "dates": 1})


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"closed = [", "is not TOML"),
        (b"\xff\xfe", "is not UTF-8"),
        (b"", "speaks of no date"),
        (b'closed = ["2027-02-30"]', "there is no day '2027-02-30'"),
        (b'closed = ["1027-02-03"]', "speaks of 1027"),
        (b'closed = ["2026-02-03", "2036-02-03"]', "speaks of 2026 and of 2036"),
        (b'[hours]\nmon = ["08:00-12:00"]', "differs from the agreement's calendar"),
        (b'makeup = ["08:00-12:00"]\nclosed = ["2027-01-01"]', "differs from the agreement's calendar"),
        (b'[replaced]\n"2027-02-05" = ["09:00-25:00"]', "is not a time of day"),
        (b'closed = ["2027-01-01"]\n#' + b"x" * 64_000, "is too large"),
        (b"a = " + b"[" * 5000, "is not TOML"),
    ],
)
def test_a_wrong_file_is_refused_in_one_line(evening: Office, data: bytes, said: str) -> None:
    with pytest.raises(FileError) as refused:
        preview(evening, data)
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


def test_the_command_shows_previews_and_imports(
    tmp_path: Path, migrated_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", migrated_database_url)
    file = tmp_path / "2027.toml"
    file.write_bytes(YEAR)
    run = CliRunner().invoke

    shown = run(app, ["holidays", "import", str(file), "--dry-run", "--json"])
    assert json.loads(shown.stdout)["provisional"] == []
    assert run(app, ["holidays", "show", "2027"]).stdout.endswith(
        "2027 is provisional: nobody has published it, statutory days stand in for it\n"
    )
    assert run(app, ["holidays", "import", str(file)]).exit_code == 0
    told = json.loads(run(app, ["holidays", "show", "2027", "--json"]).stdout)
    assert told["provisional"] is False
    assert {"day": "2027-02-20", "hours": ["09:00-18:00"], "name": None} in told["days"]


def test_the_command_refuses_a_wrong_file_in_one_line(
    tmp_path: Path, migrated_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", migrated_database_url)
    for path in (tmp_path / "none.toml", tmp_path):
        refused = CliRunner().invoke(app, ["holidays", "import", str(path)])
        assert refused.exit_code == 2
        assert refused.stderr.count("\n") == 1
