"""The audit: what was done stays, in order, and whoever changes it is found."""

from __future__ import annotations

import json
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import SQLAlchemyError
from typer.testing import CliRunner

from bot.acts import Act
from bot.cli.audit import audit_app
from bot.sql.audit import FORGOTTEN, Verified
from bot.sql.tables import audit, audit_anchor
from bot.sql.unit import Unit
from tests.bot.office import Office
from tests.bot.sql.test_at_once import at_once

day = timedelta(days=1)


def record(office: Office, n: int = 1, **how: Any) -> None:
    with office.units.begin() as unit:
        note(unit, n, **how)


def note(unit: Unit, n: int = 1, act: Act = Act.ORDER_READ, who: str = "laoli", **how: Any) -> None:
    given = {"door": "console", "subject": f"order:{1000 + n}", **how}
    unit.audit.record(act, who=who, **given)


def verified(office: Office, head: str | None = None) -> Verified:
    with office.units.reading() as unit:
        return unit.audit.verify(head)


def behind_its_back(office: Office, *statements: Any) -> None:
    """Change the tables as somebody may who owns the database, triggers and all."""
    with office.engine.begin() as conn:
        if conn.dialect.name == "postgresql":
            conn.exec_driver_sql("SET LOCAL session_replication_role = replica")
        else:
            triggers = conn.exec_driver_sql(
                "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
            ).all()
            for name, _ in triggers:
                conn.exec_driver_sql(f"DROP TRIGGER {name}")
        for statement in statements:
            conn.execute(statement)
        if conn.dialect.name == "sqlite":
            for _, sql in triggers:
                conn.exec_driver_sql(sql)


def test_what_was_recorded_is_found_by_when_who_what_and_on_what(office: Office) -> None:
    record(office, 1)
    office.later(day)
    record(
        office,
        2,
        who="laozhang",
        act=Act.PERSON_READ,
        subject="person:xiaowang",
        reason="查重复来电",
        times=2,
    )
    with office.units.reading() as unit:
        newest, oldest = unit.audit.entries()
        assert unit.audit.entries(since=office.now) == [newest]
        assert unit.audit.entries(until=office.now) == [oldest]
        assert unit.audit.entries(who="laozhang") == [newest]
        assert unit.audit.entries(what="order:") == [oldest]
        assert unit.audit.entries(subject="order:1001") == [oldest]
    assert (newest.number, newest.act, newest.door, newest.result) == (2, Act.PERSON_READ, "console", "done")
    assert (newest.reason, newest.details) == ("查重复来电", {"times": 2})


def test_a_unit_that_is_rolled_back_records_nothing(office: Office) -> None:
    def half_done() -> None:
        with office.units.begin() as unit:
            note(unit)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half_done()
    record(office, 2)
    assert verified(office).rows == 1


def test_what_nobody_may_keep_is_not_kept_in_it(office: Office) -> None:
    record(office, reason="客户报 6222021234567890128，回电 13800005678", note="密码888888")
    with office.units.reading() as unit:
        (entry,) = unit.audit.entries()
    assert (entry.reason, entry.details["note"]) == (
        "客户报 622202*********0128，回电 138****5678",
        "密码[已屏蔽:密码]",
    )


@pytest.mark.parametrize(
    "statement",
    {
        "a row changed": update(audit).values(result="refused"),
        "a name changed": update(audit).values(who="laozhang"),
        "a row removed": delete(audit).where(audit.c.number == 2),
        "all removed": delete(audit),
    }.items(),
    ids=lambda case: case[0],
)
def test_the_database_itself_refuses(office: Office, statement: tuple[str, Any]) -> None:
    for n in (1, 2, 3):
        record(office, n)
    with pytest.raises(SQLAlchemyError, match="append-only"), office.engine.begin() as conn:
        conn.execute(statement[1])
    assert verified(office).rows == 3


def test_writers_at_once_make_one_chain(office: Office) -> None:
    assert at_once(*[partial(record, office, n) for n in range(1, 9)]) == [None] * 8
    found = verified(office)
    assert (found.rows, found.broken) == (8, None)


_CHANGES: dict[str, tuple[Any, int]] = {
    "who": (update(audit).where(audit.c.number == 2).values(who="laozhang"), 2),
    "when": (update(audit).where(audit.c.number == 2).values(at=audit.c.at), 0),
    "what": (update(audit).where(audit.c.number == 2).values(act=Act.DATA_READ), 2),
    "result": (update(audit).where(audit.c.number == 3).values(result="refused"), 3),
    "reason": (update(audit).where(audit.c.number == 1).values(reason="别的"), 1),
    "details": (update(audit).where(audit.c.number == 4).values(details={"rows": 5}), 4),
    "a row taken out": (delete(audit).where(audit.c.number == 3), 3),
    "the first taken out": (delete(audit).where(audit.c.number == 1), 1),
    "a prefix taken out, with an anchor": (delete(audit).where(audit.c.number <= 2), 2),
    "a name taken out by nobody": (
        update(audit).where(audit.c.number == 2).values(subject=f"{FORGOTTEN}abc"),
        2,
    ),
}


@pytest.mark.parametrize("case", _CHANGES)
def test_a_change_behind_its_back_is_found_at_its_place(office: Office, case: str) -> None:
    for n in range(1, 6):
        record(office, n, rows=n)
    statements = [_CHANGES[case][0]]
    with office.units.reading() as unit:
        rows = {row.number: row for row in unit.conn.execute(select(audit))}
    if case.endswith("with an anchor"):
        statements.append(insert(audit_anchor).values(number=2, hash=rows[2].hash, at=office.now))
    if case.endswith("by nobody"):
        seals = {**rows[2].seals, "subject": [None, rows[2].seals["subject"][1]]}
        statements.append(update(audit).where(audit.c.number == 2).values(seals=seals))

    behind_its_back(office, *statements)

    assert verified(office).broken == (_CHANGES[case][1] or None)


def test_a_tail_taken_out_is_found_by_whoever_noted_the_head(office: Office) -> None:
    for n in range(1, 6):
        record(office, n)
    head = verified(office).head
    record(office, 6)
    assert verified(office, head).broken is None

    behind_its_back(office, delete(audit).where(audit.c.number >= 4))

    assert verified(office).broken is None
    assert verified(office, head).broken == 4


def test_retention_takes_a_prefix_and_the_rest_still_holds(office: Office) -> None:
    record(office, 1)
    office.later(day)
    record(office, 2)
    office.later(day)
    record(office, 3)
    with office.units.begin() as unit:
        assert unit.audit.prune(office.now) == 2
        anchored = unit.audit.anchored()
        unit.audit.record(Act.AUDIT_PRUNE, who="clock", door="clock", subject="audit", removed=2, **anchored)
    found = verified(office)
    assert (found.rows, found.broken) == (2, None)
    with office.units.begin() as unit:
        assert unit.audit.prune(office.now) == 0


def test_retention_may_take_every_row_and_the_chain_goes_on(office: Office) -> None:
    record(office, 1)
    office.later(day)
    with office.units.begin() as unit:
        unit.audit.prune(office.now)
        unit.audit.record(
            Act.AUDIT_PRUNE, who="clock", door="clock", subject="audit", **unit.audit.anchored()
        )
    record(office, 2)
    with office.units.reading() as unit:
        assert [entry.number for entry in unit.audit.entries()] == [3, 2]
    assert verified(office).broken is None


def test_a_forgotten_name_is_gone_and_the_chain_still_holds(office: Office) -> None:
    record(office, 1, subject="person:xiaowang")
    record(office, 2, who="xiaowang")
    record(office, 3, reason="小王来电要求")
    record(office, 4)
    with office.units.begin() as unit:
        assert unit.audit.forget(["xiaowang", "小王"], f"{FORGOTTEN}abc") == 3
        unit.audit.record(Act.DATA_FORGET, who="operator:li", door="cli", subject=f"{FORGOTTEN}abc")
    with office.units.reading() as unit:
        said = json.dumps([entry.as_json() for entry in unit.audit.entries()], ensure_ascii=False)
    assert "xiaowang" not in said
    assert "小王" not in said
    assert verified(office).broken is None


def test_who_saw_an_order_includes_whoever_saw_everything(office: Office) -> None:
    record(office, 1)
    record(office, 2)
    record(office, 3, act=Act.DIRECTORY_EXPORT, subject="directory")
    record(office, 4, act=Act.DATA_HOLD, subject="order:1001")
    with office.units.reading() as unit:
        assert [entry.number for entry in unit.audit.seen(["order:1001"])] == [3, 1]


def test_a_hash_whose_digits_look_like_a_phone_or_a_card_is_kept_as_it_is(office: Office) -> None:
    lookalike = ("a13800000000b" + "c4111111111111111d").ljust(64, "e")
    record(office, 1, proof=lookalike, note=f"见 {lookalike[1:12]}")
    with office.units.reading() as unit:
        (entry,) = unit.audit.entries()
    assert entry.details["proof"] == lookalike
    assert "13800000000" not in entry.details["note"]


@given(st.data())
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.parametrize("office", ["sqlite"], indirect=True)
def test_whatever_is_recorded_and_pruned_the_chain_holds(office: Office, data: st.DataObject) -> None:
    words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
    for _ in range(data.draw(st.integers(1, 12))):
        if data.draw(st.integers(0, 4)):
            record(office, 1, who=data.draw(words), reason=data.draw(words), text=data.draw(words))
            office.later(data.draw(st.sampled_from([timedelta(), day])))
            continue
        with office.units.begin() as unit:
            if unit.audit.prune(
                office.now - data.draw(st.integers(0, 3)) * day, data.draw(st.integers(1, 5))
            ):
                anchored = unit.audit.anchored()
                unit.audit.record(Act.AUDIT_PRUNE, who="clock", door="clock", subject="audit", **anchored)
    assert verified(office).broken is None


@pytest.mark.parametrize("office", ["sqlite"], indirect=True)
def test_the_command_lists_verifies_and_says_who_saw_what(office: Office) -> None:
    number = office.open()
    record(office, number - 1000)
    record(office, 7, who="laozhang")
    desk = CliRunner(env={"DATABASE_URL": office.engine.url.render_as_string(hide_password=False)})

    listed = json.loads(desk.invoke(audit_app, ["list", "--who", "laozhang", "--json"]).stdout)
    seen = json.loads(desk.invoke(audit_app, ["seen", "--person", "xiaowang", "--json"]).stdout)
    holds = desk.invoke(audit_app, ["verify"])
    behind_its_back(office, update(audit).where(audit.c.number == 1).values(who="nobody"))
    broken = desk.invoke(audit_app, ["verify"])
    naive = desk.invoke(audit_app, ["list", "--from", "2026-11-23"])

    assert [row["subject"] for row in listed] == ["order:1007"]
    assert [row["subject"] for row in seen] == [f"order:{number}"]
    assert (holds.exit_code, holds.stdout.split(";")[0]) == (0, "2 rows hold")
    assert (broken.exit_code, broken.stderr) == (1, "row 1: its who was changed\n")
    assert (naive.exit_code, naive.stderr.startswith("desk: --from: '2026-11-23' is no moment")) == (2, True)
