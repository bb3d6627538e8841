"""The clock: what wakes by itself, one bad row, many clocks, and lanes nobody attends to (design §4)."""

from __future__ import annotations

import socket
import threading
import time
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import update
from structlog.testing import capture_logs

from bot.clock import UNATTENDED
from bot.queue import Wake
from tests.bot.office import Office, fails, minute, second
from tests.workorders.orders.stage import XINGHE_GROUP
from workorders.orders.order import Kind, State
from workorders.orders.promise import Part
from workorders.sql.tables import letter, work_order


def order(office: Office, number: int) -> Any:
    with office.units.reading() as unit:
        return unit.orders.read(number)


def breached(office: Office, number: int, part: Part = Part.RESPONSE) -> bool:
    promise = order(office, number).promise(part)
    return promise.breached_at is not None


def spoil(office: Office, number: int) -> None:
    """Make the order one that cannot be read."""
    with office.units.begin() as unit:
        unit.conn.execute(update(work_order).where(work_order.c.number == number).values(snapshot={"no": 1}))


def times_set_aside(office: Office, number: int) -> int:
    with office.units.reading() as unit:
        return unit.orders.waking.stumbled(number)


# Orders


def test_a_round_settles_what_is_due_and_leaves_the_rest(office: Office) -> None:
    due = office.open()
    office.later(3 * minute)
    not_yet = office.open()
    office.later(2 * minute + second)
    assert office.rounds().round() is True
    assert (breached(office, due), breached(office, not_yet)) == (True, False)
    assert office.rounds().orders() is False


def test_more_than_a_batch_is_settled_batch_by_batch(office: Office) -> None:
    numbers = [office.open() for _ in range(130)]
    office.later(6 * minute)
    rounds = office.rounds()
    while rounds.orders():
        pass
    assert all(breached(office, n) for n in numbers)


def test_a_row_that_raises_is_set_aside_and_the_others_go_on(office: Office) -> None:  # D7
    numbers = [office.open() for _ in range(5)]
    spoil(office, numbers[2])
    office.later(6 * minute)
    rounds = office.rounds()
    while rounds.orders():
        pass
    good = [n for n in numbers if n != numbers[2]]
    assert all(breached(office, n) for n in good)
    assert times_set_aside(office, numbers[2]) == 1
    assert [e["id"] for e in office.log if e["event"] == "order set aside"] == [numbers[2]]


def test_a_row_that_keeps_raising_is_looked_at_ever_less_often_but_at_least_every_ten_minutes(
    office: Office,
) -> None:
    number = office.open()
    spoil(office, number)
    office.later(6 * minute)
    rounds, looks, began = office.rounds(), [], office.now
    for _ in range(60 * 60 // 10):
        before = times_set_aside(office, number)
        rounds.orders()
        if times_set_aside(office, number) > before:
            looks.append((office.now - began).total_seconds())
        office.later(timedelta(seconds=10))
    gaps = [b - a for a, b in pairwise(looks)]
    assert gaps[:6] == [30, 60, 120, 240, 480, 600]
    assert set(gaps[6:]) <= {600}


def test_a_row_mended_is_settled_and_forgets_that_it_raised(office: Office) -> None:
    number = office.open()
    with office.units.reading() as unit:
        good = unit.conn.execute(work_order.select().where(work_order.c.number == number)).one().snapshot
    spoil(office, number)
    office.later(6 * minute)
    office.rounds().orders()
    with office.units.begin() as unit:
        unit.conn.execute(update(work_order).where(work_order.c.number == number).values(snapshot=good))
    office.later(30 * second)
    office.rounds().orders()
    assert breached(office, number)
    assert times_set_aside(office, number) == 0


def test_what_a_row_wrote_before_it_raised_is_undone(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    number = office.open()
    before = len(office.states())
    office.later(6 * minute)
    from workorders.sql.orders import SqlOrders

    with monkeypatch.context() as broken:
        broken.setattr(SqlOrders, "record", lambda *a: 1 / 0)
        office.rounds().orders()
    assert not breached(office, number)
    assert len(office.states()) == before


def test_two_clocks_over_one_row_record_one_breach_and_tell_once(office: Office) -> None:  # D6
    number = office.open()
    office.later(6 * minute)
    start = threading.Barrier(2)

    def sweep() -> None:
        rounds = office.rounds()
        start.wait()
        for _ in range(3):
            rounds.orders()

    clocks = [threading.Thread(target=sweep) for _ in range(2)]
    for clock in clocks:
        clock.start()
    for clock in clocks:
        clock.join()
    with office.units.reading() as unit:
        verbs = [e.verb for e in unit.orders.events(number)]
    assert verbs == ["open", "escalate", "breach", "escalate"]
    assert len(office.states()) == 2


def test_a_parked_order_opens_by_itself(office: Office) -> None:
    office.later(timedelta(hours=10))
    number = office.open()
    assert order(office, number).state is State.PARKED
    office.later(timedelta(hours=13))
    office.rounds().orders()
    assert order(office, number).state is State.OPEN


# Lanes


def test_a_lane_just_written_to_is_woken_and_not_drained_by_the_clock(office: Office) -> None:
    office.note(1)
    office.woken.clear()
    office.rounds().letters()
    assert (office.woken, office.states()) == (["app:laoli"], ["waiting"])


def test_a_lane_nobody_attends_to_for_fifteen_seconds_is_drained_by_the_clock(office: Office) -> None:
    office.note(1)
    office.later(UNATTENDED)
    office.rounds().letters()
    assert office.states() == ["waiting"]
    office.later(second)
    office.rounds().letters()
    assert office.states() == ["sent"]


def test_the_clock_drains_what_is_urgent_first(office: Office) -> None:
    office.note(1, "laozhang")
    office.later(second)
    office.note(2, "laoli", urgent=True)
    office.later(20 * second)
    office.rounds().letters()
    assert [who for _, who, _ in office.wecom.arrived] == ["laoli", "laozhang"]


def test_a_dead_senders_lane_is_found_and_drained(office: Office) -> None:
    office.note(1, XINGHE_GROUP, "group")
    with office.units.begin() as unit:
        name = f"group:{XINGHE_GROUP}"
        assert unit.letters.lease(name, "dead", office.now, office.now + 45 * second)
        (due,) = unit.letters.claimable(name, office.now, 1)
        unit.letters.fix(name, {"msgtype": "markdown", "markdown": {"content": "x"}}, [due], office.now)
    office.later(44 * second)
    office.rounds().letters()
    assert office.wecom.calls == 0
    office.later(second)
    office.rounds().letters()
    assert office.states() == ["sent"]


def test_a_lane_that_raises_keeps_no_other_from_being_drained(office: Office) -> None:
    office.note(1, "laoli", urgent=True)
    office.note(2, "laozhang")
    office.later(20 * second)
    office.wecom.faults.append(fails(ZeroDivisionError()))
    office.rounds().letters()
    assert office.states() == ["claimed", "sent"]


def test_a_round_goes_on_after_a_slow_far_side(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    for n, who in enumerate(["laoli", "laozhang", "laowu"]):
        office.note(n + 1, who)
    office.later(20 * second)
    ticking = iter(range(0, 1000, 4))
    monkeypatch.setattr("bot.clock.time.monotonic", lambda: float(next(ticking)))
    rounds = office.rounds()
    assert rounds.letters() is True  # and comes back at once for the rest
    assert office.states().count("sent") == 1
    while rounds.letters():
        pass
    assert office.states() == ["sent"] * 3


def test_a_round_leaves_word_that_the_clock_is_alive(office: Office) -> None:
    office.rounds().round()
    with office.units.reading() as unit:
        assert unit.inbox.last_sweep("clock") == office.now


def test_a_round_that_fails_is_followed_by_the_next(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    rounds, stop = office.rounds(), threading.Event()
    seen: list[int] = []

    def step(_: Any) -> bool:
        seen.append(len(seen))
        if len(seen) == 1:
            raise OSError("the database is away")
        stop.set()
        return True

    monkeypatch.setattr("bot.clock.SWEEPS", (step,))
    monkeypatch.setattr(stop, "wait", lambda timeout: None)
    rounds.run(stop)
    assert seen == [0, 1]


# Redis


@pytest.mark.parametrize("how", ["refuses", "is silent"])
def test_a_redis_that_is_gone_costs_a_unit_a_second_at_most_and_raises_nothing(
    how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.queue.PATIENCE_S", 0.5)
    with socket.socket() as port, capture_logs() as log:
        port.bind(("127.0.0.1", 0))
        if how == "is silent":
            port.listen(0)
        wake = Wake(f"redis://127.0.0.1:{port.getsockname()[1]}/0")
        began = time.monotonic()
        wake({f"app:p{n}" for n in range(50)})
        took = time.monotonic() - began
        wake.redis.close()
    assert [told["event"] for told in log] == ["lanes not woken; the clock will find them"], "tried once"
    assert took < 20, "nor was each of fifty lanes waited for"


def test_without_any_wake_up_an_urgent_order_is_still_said(office: Office) -> None:
    office.open(Kind.URGENT)
    rounds = office.rounds()
    for _ in range(20):
        rounds.round()
        office.later(second)
    assert [who for _, who, _ in office.wecom.arrived] == ["laoli"]


def test_letters_are_due_by_machine_time_and_never_before_they_are_written(office: Office) -> None:
    office.note(1)
    with office.units.reading() as unit:
        row = unit.conn.execute(letter.select()).one()
    assert row.due_at == row.written_at == office.now
