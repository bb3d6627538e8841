"""What was kept long enough goes, batch by batch, with its proof; figures stay, and events still replay."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, insert, select
from typer.testing import CliRunner

from bot.acts import Act
from bot.cli.data import data_app
from bot.sql.calls import tally
from bot.sql.forgetting import MustStay, may_go
from bot.sql.retention import prune, waiting
from bot.sql.somebody import somebody
from bot.sql.tables import conversation, inbox
from handlers.here import Sent
from knowledge.sql.tables import answered, gap
from tests.bot.dump import dump, rows
from tests.bot.office import Killed, Office, minute
from tests.workorders.notices.stage import FILE as ANNOUNCING
from tests.workorders.notices.stage import UPGRADE
from tests.workorders.orders.stage import AGREEMENT
from workorders.erasure import ERASED
from workorders.orders.order import Kind, State, WorkOrder
from workorders.sql.tables import promise

day, year = timedelta(days=1), timedelta(days=366)
RETENTION = AGREEMENT.retention
WORDS = "小店的收银台打不开，联系 13812345678"
PLAN = "已换了一台机器给店长"


def told(office: Office, at: datetime, n: int = 1) -> None:
    """A message came, was answered, and became a question nobody's article answers."""
    with office.units.begin() as unit:
        unit.conn.execute(
            insert(inbox).values(
                door="app",
                key=f"m{n}",
                sender="xiaowang",
                kind="text",
                text=WORDS,
                at=at,
                state="answered",
                reply=WORDS,
            )
        )
        unit.conn.execute(
            insert(conversation).values(place=f"app:{n}", sender="xiaowang", state={"offered": WORDS}, at=at)
        )
        unit.conn.execute(insert(gap).values(text=WORDS, asked_at=at, asked_by="xiaowang", outcome="none"))
        unit.conn.execute(
            insert(answered).values(article="pay-51", question=WORDS, asked_at=at, asked_by="xiaowang")
        )


def closed(office: Office) -> int:
    """An order reported, late, planned, solved, closed; everything about it has been said."""
    with office.desk() as (desk, unit):
        number = desk.open(Kind.DAILY, WORDS, unit.directory.person("xiaowang")).number
    office.later(6 * minute)
    with office.desk() as (desk, unit):
        desk.settle(number)
    office.do("accept", number, "laoli")
    office.do("solve", number, "laoli", PLAN)
    office.do("close", number, "xiaowang")
    for name in list(office.woken):
        office.lanes.drain(name)
    return number


def pruned(office: Office) -> list[Any]:
    """Every batch there is."""
    gone = []
    while batch := office_batch(office):
        gone.append(batch)
    return gone


def office_batch(office: Office) -> Any:
    with office.units.begin() as unit:
        return prune(unit, RETENTION, office.now, "clock", "clock")


def test_nothing_goes_before_its_time(office: Office) -> None:
    told(office, office.now)
    closed(office)
    office.later(89 * day)
    assert pruned(office) == []


def test_an_offer_of_a_shift_goes_once_it_is_over(office: Office) -> None:
    number = office.open()
    office.do("accept", number, "laoli")
    with office.units.begin() as unit:
        li, zhang = unit.directory.person("laoli"), unit.directory.person("laozhang")
        office.uses.handovers(unit).offer(li, zhang, note=WORDS)
    office.later(181 * day)
    assert "handover" not in {g.what for g in pruned(office)}

    with office.units.begin() as unit:
        office.uses.handovers(unit).accept(zhang)

    assert "handover" in {g.what for g in pruned(office)}


def test_who_took_a_call_goes_after_half_a_year_and_the_count_stays(office: Office) -> None:
    with office.units.begin() as unit:
        partner = unit.directory.partners()[0]
        sent = Sent("form-of-the-call-1", "digest")
        unit.calls("xiaohe", office.now).took(partner.id, office.now, "answered", 1, sent)
    office.later(181 * day)

    assert {(g.kind, g.what) for g in pruned(office)} == {("chat", "call")}

    assert "xiaohe" not in dump(office.engine, without=("person", "audit"))
    with office.units.reading() as unit:
        assert tally(unit.conn, office.now - 365 * day, office.now) == {(partner.id, "answered"): 1}


def test_what_was_said_goes_after_half_a_year_and_the_order_stays(office: Office) -> None:
    told(office, office.now)
    number = closed(office)
    office.later(181 * day)
    gone = pruned(office)
    assert {(g.kind, g.what) for g in gone} == {
        ("chat", what) for what in ("inbox", "conversation", "gap", "answered", "letter", "delivery")
    }
    said = dump(office.engine, without=("work_order", "order_event", "audit"))
    assert WORDS not in said
    assert PLAN not in said
    with office.units.reading() as unit:
        order = unit.orders.read(number)
        assert order is not None
        assert order.text == WORDS
        assert unit.letters.counts() == {"moot": 2, "sent": 3}  # that they were told, and when, stays
        assert unit.conn.execute(select(answered.c.article, answered.c.question)).all() == [
            ("pay-51", ERASED)
        ]


def test_an_order_loses_its_words_and_its_people_and_keeps_its_figures(office: Office) -> None:
    number = closed(office)
    figures = _figures(office)
    office.later(4 * year)
    assert ("order", "work_order") in {(g.kind, g.what) for g in pruned(office)}

    said = dump(
        office.engine, without=("person", "partner", "partner_name", "duty", "chat_group", "lane", "audit")
    )
    for gone in (WORDS, PLAN, "xiaowang", "laoli", "13812345678"):
        assert gone not in said
    with office.units.reading() as unit:
        order = unit.orders.read(number)
        assert order is not None
        assert WorkOrder.replay(number, unit.orders.events(number)) == order
        assert (order.state, order.text, order.reporter, order.owner) == (
            State.CLOSED,
            ERASED,
            ERASED,
            ERASED,
        )
        assert order.partner is not None
        assert order.promises
    assert _figures(office) == figures
    assert pruned(office) == []


def _figures(office: Office) -> list[Any]:
    with office.units.reading() as unit:
        kept = [c for c in promise.c if c.name not in ("person", "reason")]
        return list(
            unit.conn.execute(select(*kept).order_by(promise.c.order_number, promise.c.position)).all()
        )


def test_a_live_order_is_never_too_old(office: Office) -> None:
    number = office.open()
    office.later(10 * year)
    pruned(office)
    with office.units.reading() as unit:
        order = unit.orders.read(number)
        assert order is not None
        assert order.reporter == "xiaowang"


def announced(office: Office) -> int:
    """A notice told to a tech contact, who acknowledged it; everything about it has been said."""
    with office.units.begin() as unit:
        unit.directory.replace_with(ANNOUNCING)
        desk, person = office.uses.notices(unit), unit.directory.person
        number = desk.compose(UPGRADE, person("xiaoqian")).number
        desk.approve(number, person("wang"))
        desk.send(number, person("xiaoqian"))
    for _ in range(4):
        office.rounds().notices()
        office.later(timedelta(seconds=1))
        for name in list(office.woken):
            office.lanes.drain(name)
    with office.units.begin() as unit:
        office.uses.notices(unit).acknowledge(number, unit.directory.person("xiaowang"), "chat")
    return number


def test_a_notice_goes_whole_five_years_after_it_took_effect(office: Office) -> None:
    number = announced(office)
    kept = evidence(office)
    office.later(5 * 365 * day)
    pruned(office)
    assert evidence(office) == kept

    office.later(7 * day)
    gone = {(g.kind, g.what) for g in pruned(office)}
    assert {("notice", what) for what in ("receipt_event", "receipt", "letter", "notice")} <= gone
    left = rows(office.engine)
    for table in ("notice", "notice_event", "receipt", "receipt_event", "letter", "delivery"):
        assert left[table] == []
    with office.units.reading() as unit:
        assert unit.notices.read(number) is None
        assert unit.audit.verify().broken is None


def evidence(office: Office) -> Any:
    """The evidence of notices."""
    left = rows(office.engine)
    return {t: left[t] for t in ("notice", "notice_event", "receipt", "receipt_event", "letter", "delivery")}


@pytest.mark.parametrize("what", ["notice", "partner"])
def test_a_notice_on_hold_stays_and_so_do_the_names_of_who_was_told(office: Office, what: str) -> None:
    number = announced(office)
    with office.units.begin() as unit:
        wang = unit.directory.person("xiaowang").partner
        assert wang is not None
        held = f"notice:{number}" if what == "notice" else f"partner:{wang.id}"
        assert unit.holds.place(held, "operator:li", "诉讼")
    kept = evidence(office)
    office.later(7 * year)
    pruned(office)
    assert evidence(office) == kept
    with office.units.reading() as unit, pytest.raises(MustStay):
        may_go(unit, somebody(unit, "xiaowang", "k" * 40))


def test_every_batch_is_proved_in_the_audit_and_the_audit_itself_goes_last(office: Office) -> None:
    told(office, office.now)
    office.later(181 * day)
    (gone, *_) = pruned(office)
    with office.units.reading() as unit:
        (*_, proof) = unit.audit.entries(what=Act.DATA_PRUNE)
    assert proof.subject == "chat:inbox"
    assert proof.details == {
        "rows": 1,
        "first": gone.first.isoformat(),
        "last": gone.last.isoformat(),
        "proof": gone.proof,
    }
    office.later(4 * year)
    assert [g.kind for g in pruned(office)] == ["audit"]
    with office.units.reading() as unit:
        assert [e.act for e in unit.audit.entries()] == [Act.AUDIT_PRUNE]
        assert unit.audit.verify().broken is None


@pytest.mark.parametrize("subject", ["order", "partner"])
def test_what_is_on_hold_stays_with_everything_about_it(office: Office, subject: str) -> None:
    told(office, office.now)
    number = closed(office)
    with office.units.begin() as unit:
        order = unit.orders.read(number)
        assert order is not None
        held = f"order:{number}" if subject == "order" else f"partner:{order.partner}"
        assert unit.holds.place(held, "operator:li", "诉讼")
        assert not unit.holds.place(held, "operator:li", "诉讼")
    before = rows(office.engine, without=("audit", "conversation"))
    office.later(2.9 * year)
    pruned(office)
    assert rows(office.engine, without=("audit", "conversation")) == before

    with office.units.begin() as unit:
        assert unit.holds.release(held, "operator:li")
    assert pruned(office)


def test_counting_changes_nothing(office: Office) -> None:
    told(office, office.now)
    closed(office)
    office.later(4 * year)
    before = rows(office.engine)
    with office.units.reading() as unit:
        counts = waiting(unit, RETENTION, office.now)
    assert rows(office.engine) == before
    assert counts["chat", "inbox"] == counts["order", "work_order"] == 1


@pytest.mark.parametrize("office", ["sqlite"], indirect=True)
def test_killed_at_any_line_and_run_again_it_ends_the_same(office: Office) -> None:
    told(office, office.now)
    closed(office)
    office.later(4 * year)
    at = 1
    while _killed(office, at):
        at += 7
    assert at > 30
    said = dump(
        office.engine, without=("person", "partner", "partner_name", "duty", "chat_group", "lane", "audit")
    )
    for gone in (WORDS, PLAN, "xiaowang", "laoli"):
        assert gone not in said
    with office.units.reading() as unit:
        order = unit.orders.read(1001)
        assert order is not None
        assert WorkOrder.replay(1001, unit.orders.events(1001)) == order
        assert unit.audit.verify().broken is None
        proofs = [e for e in unit.audit.entries(what=Act.DATA_PRUNE) if e.subject == "order:work_order"]
    assert len(proofs) == 1


def _killed(office: Office, n: int) -> bool:
    """Whether the process was killed, at its n-th statement, before everything had gone."""
    left = n

    def count(*_: object) -> None:
        nonlocal left
        left -= 1
        if not left:
            raise Killed

    event.listen(office.engine, "before_cursor_execute", count)
    try:
        pruned(office)
    except Killed:
        return True
    finally:
        event.remove(office.engine, "before_cursor_execute", count)
    return False


def test_the_clock_prunes_at_night_and_once(office: Office) -> None:
    told(office, office.now)
    office.later(182 * day)
    rounds = office.rounds()
    assert not rounds.retention()  # Monday, ten o'clock
    office.later(timedelta(hours=10))
    while rounds.retention():
        pass
    assert WORDS not in dump(office.engine)
    told(office, office.now - 181 * day, n=2)
    assert not rounds.retention()
    office.later(timedelta(hours=24))
    assert rounds.retention()


@pytest.fixture
def desk(office: Office) -> Iterator[CliRunner]:
    return CliRunner(env={"DATABASE_URL": office.engine.url.render_as_string(hide_password=False)})  # type: ignore[return-value]


@pytest.mark.parametrize("office", ["sqlite"], indirect=True)
def test_the_commands_count_hold_release_and_prune(office: Office, desk: CliRunner) -> None:
    told(office, office.now - 400 * day)
    number = office.open()

    def run(*words: str) -> tuple[int, str]:
        result = desk.invoke(data_app, list(words))
        return result.exit_code, result.stdout + result.stderr

    def counted(*words: str) -> dict[str, int]:
        code, said = run("prune", "--json", *words)
        assert code == 0
        return {row["what"]: row["rows"] for row in json.loads(said)["rows"] if row["rows"]}

    assert run("hold", f"order:{number}", "--reason", "诉讼") == (0, f"order:{number}: held\n")
    assert run("hold", f"order:{number}", "--reason", "诉讼") == (
        1,
        f"desk: order:{number}: is held already\n",
    )
    assert run("hold", "order:9999", "--reason", "诉讼") == (1, "desk: order:9999: there is no such order\n")
    assert run("hold", "partner:没有", "--reason", "诉讼") == (
        1,
        "desk: partner:没有: no partner is called so\n",
    )
    assert run("hold", "1001", "--reason", "诉讼")[0] == 2
    assert run("hold", f"order:{number}", "--reason", " ")[0] == 2
    assert counted("--dry-run") == {"conversation": 1}
    assert run("release", f"order:{number}", "--reason", "结案") == (0, f"order:{number}: released\n")
    assert [h["reason"] for h in json.loads(run("holds", "--json")[1])] == ["诉讼"]
    assert counted("--dry-run") == {"inbox": 1, "conversation": 1, "gap": 1, "answered": 1}
    assert counted() == {"inbox": 1, "conversation": 1, "gap": 1, "answered": 1}
    assert counted() == {}
    with office.units.reading() as unit:
        acts = [e.act for e in unit.audit.entries()]
    assert acts[-2:] == [Act.DATA_RELEASE, Act.DATA_HOLD]
