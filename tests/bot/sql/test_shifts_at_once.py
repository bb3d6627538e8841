"""Hand-overs and changes of the directory by several at once, on both databases."""

from __future__ import annotations

from functools import partial
from typing import Any

from tests.bot.office import Office, minute
from tests.bot.sql.test_at_once import at_once
from workorders.directory.errors import CannotChange
from workorders.directory.people import Role
from workorders.errors import Refused
from workorders.handover.errors import NoHandover
from workorders.orders.order import State, Verb


def held(office: Office, count: int) -> list[int]:
    """Orders 老李 has accepted."""
    numbers = [office.open() for _ in range(count)]
    for number in numbers:
        office.do("accept", number, "laoli")
    return numbers


def shift(office: Office, what: str, by: str, *args: Any) -> Any:
    """A use case of 交接班 in a unit of its own; a userid among the arguments is that person."""
    with office.units.begin() as unit:
        desk = office.uses.handovers(unit)
        people = [unit.directory.person(a) if isinstance(a, str) else a for a in args]
        return getattr(desk, what)(unit.directory.person(by), *people)


def owners(office: Office, numbers: list[int]) -> set[str | None]:
    with office.units.reading() as unit:
        return {unit.orders.read(number).owner for number in numbers}  # type: ignore[union-attr]


def test_of_two_taps_at_once_one_takes_the_orders(office: Office) -> None:
    numbers = held(office, 3)
    shift(office, "offer", "laoli", "laozhang")

    results = at_once(*[partial(shift, office, "accept", "laozhang", 1)] * 2)

    (won,) = [r for r in results if not isinstance(r, Exception)]
    (lost,) = [r for r in results if isinstance(r, Exception)]
    assert won.done == tuple(numbers)
    assert isinstance(lost, NoHandover)
    with office.units.reading() as unit:
        for number in numbers:
            assert [e.verb for e in unit.orders.events(number)].count(Verb.HAND_OVER) == 1


def test_an_order_solved_or_taken_while_it_is_handed_over_has_one_outcome(office: Office) -> None:
    for _ in range(3):
        [number] = held(office, 1)
        offer = shift(office, "offer", "laoli", "laozhang")
        taken, solved = at_once(
            partial(shift, office, "accept", "laozhang", offer.id),
            partial(office.do, "solve", number, "laoli", "已重启"),
        )
        assert not isinstance(taken, Exception)
        with office.units.reading() as unit:
            order = unit.orders.read(number)
            assert order is not None
        if taken.done:
            assert (order.owner, order.state) == ("laozhang", State.ACCEPTED)
            assert isinstance(solved, Refused)
        else:
            assert (taken.gone, order.owner, order.state) == ((number,), "laoli", State.SOLVED)


def test_offered_to_two_at_once_an_order_is_one_persons_to_take(office: Office) -> None:
    numbers = held(office, 2)

    at_once(
        partial(shift, office, "offer", "laoli", "laozhang"),
        partial(shift, office, "offer", "laoli", "xiaochen"),
    )

    results = at_once(*[partial(shift, office, "accept", who) for who in ("laozhang", "xiaochen")])
    taken = [r for r in results if not isinstance(r, Exception)]
    assert sorted(n for each in taken for n in each.done) == numbers
    assert None not in owners(office, numbers)


def test_the_clock_tells_of_an_offer_once_however_many_clocks_there_are(office: Office) -> None:
    numbers = held(office, 2)
    shift(office, "offer", "laoli", "laozhang")
    office.later(10 * minute)

    at_once(office.rounds().handovers, office.rounds().handovers)

    with office.units.reading() as unit:
        offer = unit.handovers.lock(1)
        assert offer is not None
        assert (offer.told, offer.waiting) == (True, tuple(numbers))
        assert unit.handovers.waking.anything_due(office.now, office.now) is False
    office.later(20 * minute)
    office.rounds().handovers()
    assert sum("未接收" in said for said in _told(office, "zhoujie")) == 1


def _told(office: Office, userid: str) -> list[str]:
    office.lanes.drain(f"app:{userid}")
    return office.wecom.texts(userid)


def bind(office: Office, by: str, partner: str) -> str:
    with office.units.begin() as unit:
        desk = office.uses.directory(unit, by, "aibot")
        return desk.bind(unit.directory.person(by), "wrNEW", partner).name


def test_of_two_who_bind_a_group_at_once_the_second_needs_a_supervisor(office: Office) -> None:
    results = at_once(
        partial(bind, office, "laoli", "星河支付"), partial(bind, office, "laozhang", "大地支付")
    )

    (won,) = [r for r in results if not isinstance(r, Exception)]
    (lost,) = [r for r in results if isinstance(r, Exception)]
    assert isinstance(lost, CannotChange)
    assert (lost.why, lost.name) == ("bound_other", won)


def test_a_duty_moved_while_the_directory_is_imported_is_lost_to_neither(office: Office) -> None:
    def move() -> bool:
        with office.units.begin() as unit:
            return unit.directory_changes.move_duty(Role.TECH, 1, "laoli", "xiaozhong")

    def bring() -> None:
        with office.units.begin() as unit:
            unit.directory.replace_with(unit.directory_changes.export())

    moved, imported = at_once(move, bring)

    assert (moved, imported) == (True, None)
    with office.units.reading() as unit:
        assert [p.userid for p in unit.directory.holders(Role.TECH, 1, office.now)] == ["xiaozhong"]
