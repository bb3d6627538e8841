"""Several processes at once over one database: who wins, who waits, and that nobody waits for ever."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from tests.bot.office import Office, minute
from workorders.errors import Refused
from workorders.orders.errors import WrongState
from workorders.orders.order import Kind, State, Verb, WorkOrder
from workorders.orders.promise import Part
from workorders.watch import MOST_ROWS


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """What each returned or raised, all begun together."""
    start, results = threading.Barrier(len(works)), [None] * len(works)

    def run(i: int, work: Callable[[], Any]) -> None:
        start.wait()
        try:
            results[i] = work()
        except Exception as error:  # noqa: BLE001  (what was raised is the result)
            results[i] = error  # type: ignore[call-overload]

    threads = [threading.Thread(target=run, args=(i, work)) for i, work in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


#: SQLite has one writer at a time; rows are locked one by one on PostgreSQL only.
row_by_row = pytest.mark.parametrize("office", ["postgresql"], indirect=True)


def test_of_two_who_accept_at_once_one_does_and_the_other_learns_who(office: Office) -> None:
    for _ in range(5):
        number = office.open(Kind.URGENT)
        results = at_once(
            partial(office.do, "accept", number, "laoli"),
            partial(office.do, "accept", number, "laozhang"),
        )
        (won,) = [r for r in results if not isinstance(r, Exception)]
        (lost,) = [r for r in results if isinstance(r, Exception)]
        assert isinstance(lost, WrongState)
        assert (won.state, lost.state, lost.by) == (State.ACCEPTED, State.ACCEPTED, won.owner)


def test_orders_opened_at_once_get_numbers_of_their_own(office: Office) -> None:
    numbers = at_once(*[office.open] * 6)
    assert sorted(numbers) == list(range(1001, 1007))


def test_a_solution_and_a_sweep_at_once_agree_on_the_breach(office: Office) -> None:
    number = office.open()
    office.do("accept", number, "laoli")
    office.later(21 * minute)
    rounds = office.rounds()
    solved, _ = at_once(lambda: office.do("solve", number, "laoli"), rounds.orders)
    assert solved.promise(Part.SOLUTION).breached_at is not None
    with office.units.reading() as unit:
        events = unit.orders.events(number)
        assert [e.verb for e in events].count(Verb.BREACH) == 1
        assert WorkOrder.replay(number, events) == unit.orders.read(number)


@row_by_row
def test_what_one_sweep_holds_another_passes_over(office: Office) -> None:
    numbers = [office.open() for _ in range(3)]
    office.later(6 * minute)
    with office.desk() as (desk, unit):
        assert office.due(unit, desk).due(2) == numbers[:2]
        with office.desk() as (other_desk, other):
            assert office.due(other, other_desk).due(MOST_ROWS) == numbers[2:]


@row_by_row
def test_a_verb_waits_for_the_sweep_and_not_the_other_way_round(office: Office) -> None:
    number = office.open()
    office.later(6 * minute)
    swept = threading.Event()
    done: list[Any] = []

    def accept() -> None:
        done.append(office.do("accept", number, "laoli"))

    waiting = threading.Thread(target=accept)
    with office.desk() as (desk, unit):
        due = office.due(unit, desk)
        assert due.due(10) == [number]
        waiting.start()
        due.settle(number)
        swept.set()
    waiting.join()
    assert done[0].promise(Part.RESPONSE).breached_at is not None
    with office.units.reading() as unit:
        assert [e.verb for e in unit.orders.events(number)].count(Verb.BREACH) == 1


def test_a_letter_about_to_be_claimed_waits_for_the_verb_that_makes_it_moot(office: Office) -> None:
    number = office.open()

    def accept_slowly() -> None:
        with office.desk() as (desk, unit):
            desk.accept(number, unit.directory.person("laozhang"))
            accepted.set()
            # The claim begins here and cannot end before this unit does.
            claiming.wait(0.3)

    accepted, claiming = threading.Event(), threading.Event()
    verb = threading.Thread(target=accept_slowly)
    verb.start()
    accepted.wait()
    assert office.lanes.drain("app:laoli") == 0
    verb.join()
    assert office.states()[0] == "moot"


def test_verbs_sweeps_and_lanes_at_once_never_wait_for_each_other_in_a_circle(office: Office) -> None:
    numbers = [office.open(Kind.URGENT if n % 2 else Kind.DAILY) for n in range(6)]
    office.later(2 * minute)

    def people(seed: int) -> None:
        chance = random.Random(seed)
        for _ in range(12):
            verb, more = chance.choice(
                [
                    ("accept", ()),
                    ("urge", ()),
                    ("upgrade", ()),
                    ("said", ("还是不行",)),
                    ("solve", ()),
                    ("reopen", ()),
                ]
            )
            try:
                office.do(
                    verb, chance.choice(numbers), chance.choice(["laoli", "laozhang", "xiaowang"]), *more
                )
            except Refused:
                continue

    def clock() -> None:
        rounds = office.rounds()
        for _ in range(12):
            rounds.orders()

    def lanes(holder: str, names: list[str]) -> None:
        worker = office.worker(holder)
        for _ in range(6):
            for name in names:
                worker.drain(name)

    names = ["app:laoli", "app:laozhang", "app:zhoujie", "app:xiaowang"]
    results = at_once(
        lambda: people(1),
        lambda: people(2),
        clock,
        clock,
        lambda: lanes("one", names),
        lambda: lanes("two", names[::-1]),
    )
    assert results == [None] * 6
    with office.units.reading() as unit:
        for number in numbers:
            assert WorkOrder.replay(number, unit.orders.events(number)) == unit.orders.read(number)


def test_a_reader_never_waits_for_a_writer(office: Office) -> None:
    number = office.open()
    with office.units.begin() as writing:
        writing.orders.lock(number)
        (seen,) = at_once(lambda: _state(office, number))
    assert seen is State.OPEN


def _state(office: Office, number: int) -> State:
    with office.units.reading() as unit:
        order = unit.orders.read(number)
    assert order is not None
    return order.state
