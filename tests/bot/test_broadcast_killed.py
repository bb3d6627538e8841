"""A broadcast whose processes are killed again and again: nobody is forgotten, nobody told twice unmarked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from bot.lanes import LEASE
from bot.payloads import MARK
from tests.bot.office import Killed, Office, second, words_of
from tests.workorders.notices.stage import FILE, UPGRADE
from workorders.notices.notice import Notice, State
from workorders.notices.receipt import Receipt


def sending(office: Office) -> int:
    """A notice whose sending was asked for; its number."""
    with office.units.begin() as unit:
        unit.directory.replace_with(FILE)
        desk, person = office.uses.notices(unit), unit.directory.person
        number = desk.compose(UPGRADE, person("xiaoqian")).number
        desk.approve(number, person("wang"))
        desk.send(number, person("xiaoqian"))
    return number


def goes_on(office: Office) -> None:
    """The clock and a worker, until nothing of the broadcast is left to do."""
    for _ in range(6):
        office.rounds().notices()
        with office.units.reading() as unit:
            lanes = [name for name, _ in unit.letters.due_lanes(office.now, 50)]
        for name in lanes:
            office.lanes.drain(name)
        office.later(second)


@contextmanager
def killed_at(office: Office, n: int) -> Iterator[None]:
    """The process dies at its n-th statement, and says nothing more."""
    left = n

    def count(*_: object) -> None:
        nonlocal left
        left -= 1
        if left <= 0:
            raise Killed

    event.listen(office.engine, "before_cursor_execute", count)
    try:
        yield
    finally:
        event.remove(office.engine, "before_cursor_execute", count)


def survives(office: Office, n: int) -> bool:
    try:
        with killed_at(office, n):
            goes_on(office)
    except Killed:
        office.later(LEASE)
        return False
    return True


def found(office: Office, number: int) -> tuple[Notice, list[Receipt]]:
    with office.units.reading() as unit:
        notice = unit.notices.read(number)
        assert notice is not None
        return notice, unit.notices.in_state(number, None, 100)


@pytest.mark.parametrize("office", ["sqlite"], indirect=True)
@pytest.mark.parametrize("first", [3, 4, 5, 6, 7])
def test_killed_wherever_it_goes_on_and_everybody_is_told(office: Office, first: int) -> None:
    number = sending(office)
    n = first
    while not survives(office, n):
        n += 5
    assert n > 60

    notice, receipts = found(office, number)
    assert (notice.state, len(receipts)) == (State.SENT, 3)
    for receipt in receipts:
        assert all(way.state == "delivered" or "lost twice" in way.reason for way in receipt.ways)
        assert (receipt.starts_at is not None) == (receipt.told_at is not None)
    posts = Counter((who, MARK in words_of(payload)) for _, who, payload in office.wecom.arrived)
    assert {who for who, _ in posts} >= {"k1", "k2", "k3", "xiaowang", "xiaolin", "xiaoqian"}
    assert all(posts[key, marked] <= 1 for key in ("k1", "k2", "k3") for marked in (False, True))
    mails = Counter(str(payload["message_id"]) for payload in office.mails.sent)
    assert len(mails) == 3


@pytest.mark.parametrize("office", ["sqlite"], indirect=True)
@pytest.mark.parametrize("kills", [1, 3, 5])
def test_recalled_between_two_kills_only_who_was_told_hears_of_it(office: Office, kills: int) -> None:
    number = sending(office)
    for n in range(kills):
        survives(office, 60 + 37 * n)
    with office.units.begin() as unit:
        office.uses.notices(unit).recall(number, unit.directory.person("xiaoqian"), "升级改期")
    n = 11
    while not survives(office, n):
        n += 13

    said: dict[str, list[str]] = {}
    for _, who, payload in office.wecom.arrived:
        said.setdefault(who, []).append(words_of(payload))
    for key in ("k1", "k2", "k3"):
        told = [words for words in said.get(key, []) if "已撤回" not in words]
        recalled = [words for words in said.get(key, []) if "已撤回" in words]
        assert bool(told) == bool(recalled)
    notice, receipts = found(office, number)
    assert (notice.state, notice.wave) == (State.RECALLED, "")
    assert {receipt.state.value for receipt in receipts} <= {"waiting", "unreachable"}
