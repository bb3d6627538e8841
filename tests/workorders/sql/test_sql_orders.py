"""Orders in tables, on both databases: numbers, events, what is found, and what is due."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, select
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import IntegrityError, StatementError

from bot.sql.engine import open_engine
from tests.workorders.orders.stage import AGREEMENT, FILE, MONDAY, XINGHE_GROUP, Stage, local, minute, tick
from workorders.orders.order import Kind, WorkOrder
from workorders.orders.promise import Part
from workorders.sql import ledger
from workorders.sql.base import Moment, metadata
from workorders.sql.tables import order_event, promise, work_order


@pytest.fixture
def stage(database_url: str) -> Iterator[Stage]:
    engine = open_engine(database_url)
    with engine.begin() as conn:
        metadata.create_all(conn)
        made = Stage(conn)
        made.directory.replace_with(FILE)
        yield made
    engine.dispose()


def test_everything_an_order_lived_through_is_read_back_as_it_was(stage: Stage) -> None:
    stage.now = MONDAY + timedelta(microseconds=123457)
    number = stage.open(Kind.DAILY, chat=XINGHE_GROUP, text="刷卡机报错 😀 \\ ' \" %s", topic="对账")
    desk, laoli = stage.desk(), stage.person("xiaochen")
    desk.accept(number, laoli)
    stage.later(90 * timedelta(seconds=1) + 7 * tick)
    desk = stage.desk()
    desk.pause(number, laoli, "商户号")
    stage.later(timedelta(days=3))
    stage.sweep()
    stage.desk().resume(number, stage.person("xiaowang"), "商户号 8801")
    stage.desk().propose(number, laoli, "更换机具", stage.now + timedelta(hours=3))
    stage.desk().upgrade(number, stage.person("xiaowang"))
    stage.desk().urge(number, stage.person("xiaowang"))
    stage.desk().solve(number, laoli, "已更换")
    stored, events = stage.order(number), stage.events(number)
    assert WorkOrder.replay(number, events) == stored
    assert [e.number for e in events] == list(range(1, len(events) + 1))
    assert stored.text == "刷卡机报错 😀 \\ ' \" %s"
    assert all(p.due.utcoffset() == timedelta(0) for p in stored.promises)
    assert stored.promises[1].left is not None


def test_an_event_cannot_take_anothers_place(stage: Stage) -> None:
    number = stage.open()
    first = stage.events(number)[0]
    stage.later(minute)
    with pytest.raises(IntegrityError), stage.conn.begin_nested():
        stage.conn.execute(
            insert(order_event).values(
                order_number=number, number=1, verb=first.verb, at=stage.now, facts={}, change={}
            )
        )


def test_the_columns_say_what_the_snapshot_says(stage: Stage) -> None:
    number = stage.open()
    stage.desk().accept(number, stage.person("laoli"))
    row = stage.conn.execute(select(work_order).where(work_order.c.number == number)).one()
    order = stage.order(number)
    assert (row.state, row.kind, row.owner, row.reporter) == ("accepted", "daily", "laoli", "xiaowang")
    assert (row.due, row.partner_id, row.chat) == (order.due, order.partner, order.chat)
    assert row.look_at == stage.promise(number, Part.SOLUTION).warns[0][1]


def test_orders_are_due_by_the_moment_they_are_looked_at_and_not_a_tick_before(stage: Stage) -> None:
    first = stage.open()
    stage.later(minute)
    second = stage.open()
    look_at = MONDAY + 5 * minute + tick
    assert stage.orders.waking.due(look_at - tick, stage.now, 10) == []
    assert stage.orders.waking.due(look_at, stage.now, 10) == [first]
    assert stage.orders.waking.due(look_at + minute, stage.now, 10) == [first, second]
    assert stage.orders.waking.due(look_at + minute, stage.now, 1) == [first]
    assert stage.orders.waking.anything_due(look_at, stage.now)


def test_a_row_set_aside_is_due_again_by_machine_time(stage: Stage) -> None:
    number = stage.open()
    late = MONDAY + timedelta(hours=1)
    stage.orders.waking.set_aside(number, MONDAY + minute, 3)
    assert stage.orders.waking.stumbled(number) == 3
    assert stage.orders.waking.due(late, MONDAY + minute - tick, 10) == []
    assert not stage.orders.waking.anything_due(late, MONDAY)
    assert stage.orders.waking.due(late, MONDAY + minute, 10) == [number]
    stage.desk().accept(number, stage.person("laoli"))
    assert stage.orders.waking.stumbled(number) == 0


def test_what_has_ended_is_never_due(stage: Stage) -> None:
    number = stage.open()
    stage.desk().cancel(number, stage.person("xiaowang"))
    assert stage.orders.waking.due(MONDAY + timedelta(days=400), MONDAY, 10) == []


def test_a_partner_finds_its_own_live_orders_and_nobody_elses(stage: Stage) -> None:
    ours = [stage.open(), stage.open(by="xiaozhao")]
    theirs = stage.open(by="xiaosun")
    stage.desk().cancel(ours[0], stage.person("xiaowang"))
    assert [o.number for o in stage.desk().live_of(stage.person("xiaowang"))] == ours[1:]
    assert [o.number for o in stage.desk().live_of(stage.person("xiaosun"))] == [theirs]


def test_our_own_people_find_what_they_own_next_due_first(stage: Stage) -> None:
    numbers = [stage.open(), stage.open(Kind.URGENT), stage.open()]
    for number in numbers:
        stage.desk().accept(number, stage.person("laoli"))
    stage.desk().propose(numbers[0], stage.person("laoli"), "更换机具", MONDAY + timedelta(hours=9))
    owned = stage.desk().live_of(stage.person("laoli"))
    assert [o.number for o in owned] == [numbers[1], numbers[2], numbers[0]]
    assert [o.number for o in stage.desk().live()] == [numbers[1], numbers[2], numbers[0]]


def test_a_paused_order_has_no_due_moment_and_comes_last(stage: Stage) -> None:
    paused, running = stage.open(), stage.open()
    for number in (paused, running):
        stage.desk().accept(number, stage.person("laoli"))
    stage.desk().pause(paused, stage.person("laoli"), "商户号")
    assert [o.number for o in stage.desk().live()] == [running, paused]


def test_the_latest_order_is_the_latest_of_that_place(stage: Stage) -> None:
    alone, there = stage.open(), stage.open(chat=XINGHE_GROUP)
    found = [stage.desk(chat).latest_of(stage.person("xiaowang")) for chat in (None, XINGHE_GROUP, "wrBARE")]
    assert [o.number if o else None for o in found] == [alone, there, None]


def test_only_an_only_paused_order_is_the_one_meant(stage: Stage) -> None:
    first, second = stage.open(), stage.open()
    me = stage.person("xiaowang")
    for number, meant in ((first, first), (second, None)):
        stage.desk().accept(number, stage.person("laoli"))
        stage.desk().pause(number, stage.person("laoli"), "商户号")
        only = stage.desk().only_paused_of(me)
        assert (only.number if only else None) == meant


def test_there_is_no_order_of_a_number_nobody_gave(stage: Stage) -> None:
    assert (stage.orders.read(9), stage.orders.lock(9), stage.orders.events(9)) == (None, None, [])
    assert stage.desk().settle(9) is None


# Moments


def test_a_moment_keeps_its_microseconds_and_comes_back_in_utc(stage: Stage) -> None:
    at = datetime(2026, 11, 23, 10, 0, 0, 1, ZoneInfo("Asia/Shanghai"))
    number = stage.open()
    stage.orders.record(stage.order(number), [], at)
    found = stage.conn.execute(select(work_order.c.look_at).where(work_order.c.number == number)).scalar_one()
    assert (found, found.tzinfo, found.microsecond) == (at, UTC, 1)


def test_a_naive_moment_is_refused(stage: Stage) -> None:
    with pytest.raises((StatementError, ValueError), match="naive"), stage.conn.begin_nested():
        stage.orders.waking.due(datetime(2026, 11, 23), MONDAY, 1)  # noqa: DTZ001


def test_moments_sort_as_text_as_they_do_in_time() -> None:
    stored = Moment()
    moments = [local("2026-11-23 10:00"), local("2026-11-23 10:00") + tick, local("2026-12-01 09:00")]
    texts = [stored.process_bind_param(m, sqlite.dialect()) for m in moments]
    assert texts == sorted(texts)
    assert len({len(text) for text in texts}) == 1


def test_the_ledger_written_anew_from_the_events_is_the_ledger_that_was_kept(stage: Stage) -> None:
    laoli, kept = stage.person("laoli"), {}
    for story in range(6):
        number = stage.open(Kind.URGENT if story % 2 else Kind.DAILY)
        stage.pass_by(story * 5 * minute, every=minute)
        stage.desk().accept(number, laoli)
        if story == 2:
            stage.desk().upgrade(number, laoli)
        stage.pass_by(story * 5 * minute, every=minute)
        if story < 5:
            stage.desk().solve(number, laoli)
        kept[number] = stage.orders.ledger(number)
    assert not ledger.is_missing(stage.conn)
    stage.conn.execute(promise.update().values(clause="another"))
    assert ledger.rebuild(stage.conn, AGREEMENT.calendar) == sum(map(len, kept.values()))
    assert {number: stage.orders.ledger(number) for number in kept} == kept
    stage.conn.execute(promise.delete())
    assert ledger.is_missing(stage.conn)
