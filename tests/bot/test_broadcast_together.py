"""A broadcast by several workers at once, while people answer and it is recalled."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial

from bot.sql.unit import Unit
from tests.bot.office import Office, second
from tests.workorders.notices.stage import STAFF, UPGRADE
from workorders.directory.file import DirectoryFile
from workorders.directory.people import Role
from workorders.directory.rows import ContactRow, GroupRow, PartnerRow
from workorders.letters import LetterState
from workorders.notices.errors import NoticeRefused
from workorders.notices.notice import State

PARTNERS = tuple(
    PartnerRow(
        name=f"伙伴{n}",
        groups=(GroupRow(f"wr{n}", f"群{n}", webhook_key=f"k{n}"),),
        contacts=tuple(
            ContactRow(f"小{n}{i}", userid=f"u{n}{i}", email=f"u{i}@p{n}.example", roles=(Role.TECH,))
            for i in range(4)
        ),
    )
    for n in range(4)
)


def test_workers_answers_and_a_recall_at_once_lose_nothing_and_lock_nobody_out(office: Office) -> None:
    with office.units.begin() as unit:
        unit.directory.replace_with(DirectoryFile(partners=PARTNERS, staff=STAFF))
        desk, person = office.uses.notices(unit), unit.directory.person
        number = desk.compose(UPGRADE, person("xiaoqian")).number
        desk.approve(number, person("wang"))
        desk.send(number, person("xiaoqian"))
    office.rounds().notices()
    failures: list[BaseException] = []

    def runs(work: Callable[[], None]) -> threading.Thread:
        def guarded() -> None:
            try:
                work()
            except BaseException as error:  # noqa: BLE001
                failures.append(error)

        return threading.Thread(target=guarded)

    def in_unit(work: Callable[[Unit], object]) -> None:
        with office.units.begin() as unit, suppress(NoticeRefused):  # it was recalled a moment before
            work(unit)

    def drains(holder: str) -> None:
        lanes = office.worker(holder)
        for _ in range(3):
            with office.units.reading() as unit:
                due = unit.letters.due_lanes(office.now, 50)
            for name, _ in due:
                lanes.drain(name)

    def answers() -> None:
        for n in range(4):
            in_unit(partial(acknowledge, f"u{n}0"))
            in_unit(partial(ask, f"u{n}1"))

    def acknowledge(who: str, unit: Unit) -> None:
        office.uses.notices(unit).acknowledge(number, unit.directory.person(who), "chat")

    def ask(who: str, unit: Unit) -> None:
        office.uses.notices(unit).question(number, unit.directory.person(who), "要停多久？", "chat")

    def recall(unit: Unit) -> None:
        office.uses.notices(unit).recall(number, unit.directory.person("xiaoqian"), "改期")

    def recalls() -> None:
        in_unit(recall)
        for _ in range(3):
            office.rounds().notices()

    threads = [runs(lambda: drains("one")), runs(lambda: drains("two")), runs(answers), runs(recalls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []

    for _ in range(4):
        office.later(second)
        office.rounds().notices()
        drains("after")
    with office.units.reading() as unit:
        notice = unit.notices.read(number)
        counts = unit.letters.counts()
    assert notice is not None
    assert (notice.state, notice.wave) == (State.RECALLED, "")
    assert set(counts) <= {LetterState.SENT, LetterState.MOOT}
    for n in range(4):
        assert len(office.wecom.texts(f"k{n}")) in (0, 2)  # the notice and word of its recall, or neither
