"""Forgetting a person: nothing names them any more, figures stay, and what is held stays whole."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import event, insert, select, update
from typer.testing import CliRunner

from bot.acts import Act
from bot.cli.data import data_app
from bot.sql.forgetting import MustStay, forget, held_about, may_go
from bot.sql.somebody import pseudonym, somebody
from tests.bot.dump import dump, rows
from tests.bot.office import Killed, Office, minute
from tests.bot.sql.test_retention import PLAN, WORDS, closed, told
from workorders.erasure import ERASED
from workorders.orders.order import Kind, WorkOrder
from workorders.sql.directory_tables import person
from workorders.sql.tables import promise

SECRET = "s" * 32
PHONE = "13700004921"


def story(office: Office) -> int:
    """小王 asked, reported, was written to; a colleague's order speaks of him; his name is in the audit."""
    told(office, office.now)
    number = closed(office)
    with office.desk() as (desk, unit):
        unit.conn.execute(update(person).where(person.c.userid == "xiaowang").values(phone=PHONE))
        said = f"小王（{PHONE[:3]} {PHONE[3:7]} {PHONE[7:]}）说打印机没纸"
        other = desk.open(Kind.DAILY, said, unit.directory.person("xiaozhao")).number
        unit.audit.record(
            Act.PERSON_READ, who="laoli", door="console", subject="person:xiaowang", reason="小王来电"
        )
    office.do("accept", other, "laoli")
    office.do("solve", other, "laoli", "请小王换纸")
    office.do("close", other, "xiaozhao")
    for name in sorted(set(office.woken)):
        office.lanes.drain(name)
    return number


def them(office: Office, userid: str = "xiaowang") -> Any:
    with office.units.reading() as unit:
        return somebody(unit, userid, SECRET)


def forgotten(office: Office, userid: str = "xiaowang") -> dict[str, int]:
    return forget(office.units, them(office, userid), who="operator:li", reason="本人要求")


def figures(office: Office) -> list[Any]:
    with office.units.reading() as unit:
        kept = [c for c in promise.c if c.name not in ("person", "reason")]
        found = select(*kept).order_by(promise.c.order_number, promise.c.position)
        return list(unit.conn.execute(found).all())


def test_a_forgotten_person_is_in_no_text_of_the_database(office: Office) -> None:
    number = story(office)
    before = figures(office)

    forgotten(office)

    said = dump(office.engine)
    for gone in ("xiaowang", "小王", PHONE, PHONE[7:], WORDS, WORDS[:12]):
        assert gone not in said, gone
    assert "打印机没纸" in said
    assert figures(office) == before
    with office.units.reading() as unit:
        for n in (number, number + 1):
            order = unit.orders.read(n)
            assert order is not None
            assert WorkOrder.replay(n, unit.orders.events(n)) == order
        assert unit.orders.read(number).reporter == pseudonym("xiaowang", SECRET)  # type: ignore[union-attr]
        assert unit.directory.person(pseudonym("xiaowang", SECRET)).name == ERASED
        assert unit.audit.verify().broken is None
        (entry,) = unit.audit.entries(what=Act.DATA_FORGET)
    assert entry.subject == pseudonym("xiaowang", SECRET)
    assert entry.reason == "本人要求"


def test_one_of_our_own_people_is_forgotten_and_the_orders_they_did_are_not(office: Office) -> None:
    number = story(office)

    forgotten(office, "laoli")

    said = dump(office.engine)
    for gone in ("laoli", "老李", PLAN):
        assert gone not in said, gone
    with office.units.reading() as unit:
        order = unit.orders.read(number)
        assert order is not None
        assert order.text == WORDS
        assert order.owner == pseudonym("laoli", SECRET)


def test_a_name_another_has_too_stays_theirs(office: Office) -> None:
    story(office)
    with office.units.begin() as unit:
        row = {"name_key": "小王", "name": "小王", "side": "us", "userid": "wang2", "userid_key": "wang2"}
        unit.conn.execute(insert(person).values(**row, roles=[], position=99, has_left=False))

    forgotten(office)

    with office.units.reading() as unit:
        assert unit.directory.person("wang2").name == "小王"
        other = unit.orders.read(1002)
        assert other is not None
        assert other.text == f"小王（{ERASED}）说打印机没纸"


def test_nobody_is_forgotten_whose_order_is_not_closed(office: Office) -> None:
    number = office.open()
    with office.units.reading() as unit, pytest.raises(MustStay, match=f"still has work orders: {number}"):
        may_go(unit, somebody(unit, "xiaowang", SECRET))


def test_nobody_is_forgotten_whom_a_hold_keeps(office: Office) -> None:
    number = story(office)
    with office.units.begin() as unit:
        unit.holds.place(f"order:{number}", "operator:li", "诉讼")
    before = rows(office.engine)

    with pytest.raises(MustStay, match=f"is kept by a hold on order:{number}"):
        forgotten(office)

    assert rows(office.engine) == before


def test_what_was_still_to_be_said_to_them_is_not(office: Office) -> None:
    office.note(1, "xiaowang")

    forgotten(office)

    assert office.states() == ["moot"]
    office.later(minute)
    office.lanes.drain("app:xiaowang")
    assert office.wecom.texts("xiaowang") == []


def test_a_pseudonym_needs_the_key() -> None:
    assert pseudonym("XiaoWang", SECRET) == pseudonym("xiaowang", SECRET)
    assert pseudonym("xiaowang", "t" * 32) != pseudonym("xiaowang", SECRET)


@pytest.mark.parametrize("office", ["sqlite"], indirect=True)
def test_killed_at_any_line_and_run_again_it_forgets_all_the_same(office: Office) -> None:
    story(office)
    at = 5
    while _killed(office, at):
        at += 23
    assert at > 100
    said = dump(office.engine)
    for gone in ("xiaowang", "小王", WORDS, WORDS[:12]):
        assert gone not in said, gone
    with office.units.reading() as unit:
        for n in (1001, 1002):
            order = unit.orders.read(n)
            assert order is not None
            assert WorkOrder.replay(n, unit.orders.events(n)) == order
        assert unit.audit.verify().broken is None


def _killed(office: Office, n: int) -> bool:
    """Whether the process was killed, at its n-th statement, before they were forgotten."""
    left = n

    def count(*_: object) -> None:
        nonlocal left
        left -= 1
        if not left:
            raise Killed

    event.listen(office.engine, "before_cursor_execute", count)
    try:
        forgotten(office)
    except Killed:
        return True
    finally:
        event.remove(office.engine, "before_cursor_execute", count)
    return False


def test_what_is_kept_about_a_person_can_be_shown_to_them(office: Office) -> None:
    number = story(office)
    with office.units.reading() as unit:
        found = held_about(unit, somebody(unit, "xiaowang", SECRET))
    assert found.orders == [number]
    assert {"inbox", "letter", "work_order", "person"} <= found.rows.keys()
    assert {"table": "inbox", "text": WORDS} in found.texts


@pytest.mark.parametrize("office", ["sqlite"], indirect=True)
def test_the_commands_show_count_and_forget(office: Office) -> None:
    story(office)
    url = office.engine.url.render_as_string(hide_password=False)
    desk = CliRunner(env={"DATABASE_URL": url, "SECRET_KEY": SECRET})

    def run(*words: str) -> tuple[int, str]:
        result = desk.invoke(data_app, list(words))
        return result.exit_code, result.stdout + result.stderr

    code, said = run("of", "xiaowang", "--json")
    assert (code, json.loads(said)["orders"]) == (0, [1001])
    assert run("of", "nobody") == (1, "desk: nobody: nothing is kept about them\n")
    assert run("forget", "xiaowang", "--reason", " ")[0] == 2
    before = dump(office.engine)
    code, said = run("forget", "xiaowang", "--reason", "本人要求", "--dry-run", "--json")
    assert (code, json.loads(said)["dry_run"]) == (0, True)
    assert dump(office.engine) == before
    code, said = run("forget", "xiaowang", "--reason", "本人要求")
    assert code == 0
    assert said.endswith(f"is {pseudonym('xiaowang', SECRET)} now; take them out of the directory file too\n")
    assert "小王" not in dump(office.engine)
