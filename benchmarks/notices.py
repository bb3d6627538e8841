"""A broadcast to 500 groups and 5,000 people, beside what the channels' quotas alone would allow.

Every letter is written, claimed, fixed, sent and recorded as in production, over SQLite in WAL, by one
clock and one worker in this process; only the far sides answer at once. The clock is turned, so that
nothing waits for a second to pass.
"""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.figure import Benchmark, Figure
from bot.clock import Rounds
from bot.lanes import Lanes
from bot.mail.smtp import Remembered
from bot.notices import Links, Posts
from bot.sql.engine import open_engine
from bot.sql.schema import upgrade
from bot.sql.unit import Units
from bot.terms import Terms
from bot.uses import Uses
from bot.wecom.client import SendResult
from workorders.agreement.clauses import Agreement
from workorders.directory.file import DirectoryFile
from workorders.directory.people import Duty, Role
from workorders.directory.rows import ContactRow, GroupRow, PartnerRow, StaffRow
from workorders.notices.desk import Draft
from workorders.notices.notice import Audience, Kind, State

#: A quarter of what issue 6 asks for; the cost of a receipt is the same at 2,000 groups and 20,000 receipts.
_GROUPS, _EACH = 500, 10
_NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
#: App messages the corp may send in a minute, and so receipts that may be told in one (wecom.md §5.3).
_BOUND = 10_000.0


@dataclass
class _FarSide:
    """WeCom, answering at once: how often it was asked."""

    calls: int = 0

    def send(self, *_: Any) -> SendResult:
        self.calls += 1
        return SendResult(f"m{self.calls}", None, ())

    def update_card(self, *_: Any) -> tuple[str, ...]:
        return ()


@dataclass
class _Posts:
    """The groups' webhooks, likewise."""

    calls: int = 0

    def send(self, key: str, payload: dict[str, Any]) -> None:
        self.calls += 1

    def answer(self, reply_url: str, payload: dict[str, Any]) -> None:
        self.calls += 1


@dataclass
class _Clock:
    moment: datetime = _NOW
    woken: set[str] = field(default_factory=set)

    def __call__(self) -> datetime:
        self.moment += timedelta(microseconds=1)
        return self.moment

    def wake(self, lanes: Any) -> None:
        self.woken |= set(lanes)


def _directory() -> DirectoryFile:
    partners = tuple(
        PartnerRow(
            name=f"伙伴{n}",
            groups=(GroupRow(f"wr{n}", f"群{n}", webhook_key=f"k{n}"),),
            contacts=tuple(
                ContactRow(f"小{n}-{i}", userid=f"u{n}-{i}", email=f"u{i}@p{n}.example", roles=(Role.TECH,))
                for i in range(_EACH)
            ),
        )
        for n in range(_GROUPS)
    )
    staff = (
        StaffRow("小钱", "xiaoqian", duties=(Duty(Role.OPERATIONS, 1),), console="operations"),
        StaffRow("王主管", "wang", console="supervisor"),
    )
    return DirectoryFile(partners=partners, staff=staff)


def _broadcast() -> Figure:
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(f"sqlite:///{Path(folder) / 'desk.db'}")
        upgrade(engine)
        clock = _Clock()
        units = Units(engine, clock, clock.wake)
        uses = Uses(Terms(Agreement.load()), clock)
        mails = Remembered()
        posts = Posts(Links("k" * 40, "http://desk.example"), "desk@desk.example", "服务台")
        app, groups = _FarSide(), _Posts()
        lanes = Lanes(units, app, groups, mails, uses, posts, clock, "bench", "http://desk.example/")
        with units.begin() as unit:
            unit.directory.replace_with(_directory())
        draft = Draft(
            Kind.UPGRADE,
            "收银台升级",
            "升级期间收银台不可用。",
            effective=_NOW + timedelta(days=10),
            audience=Audience(roles=(Role.TECH,)),
        )
        with units.begin() as unit:
            number = uses.notices(unit).compose(draft, unit.directory.person("xiaoqian")).number
        with units.begin() as unit:
            uses.notices(unit).approve(number, unit.directory.person("wang"))
        began, busy = time.perf_counter(), time.process_time()
        with units.begin() as unit:
            uses.notices(unit).send(number, unit.directory.person("xiaoqian"))
        _run(Rounds(units, uses, clock, lanes, None, clock.wake), lanes, clock, units, number)  # type: ignore[arg-type]
        took, worked = time.perf_counter() - began, time.process_time() - busy
        told = _GROUPS * _EACH
        assert (groups.calls, app.calls - 2, len(mails.sent)) == (_GROUPS, told, told)
        with units.reading() as unit:
            started = [r for r in unit.notices.in_state(number, None, told) if r.starts_at is not None]
        assert len(started) == told
        engine.dispose()
    return Figure(
        ours=told / took * 60,
        theirs=_BOUND,
        unit="receipts/min",
        better="higher",
        what=f"{_GROUPS:,} groups and {told:,} receipts told by group, mail and card and recorded, by one"
        f" worker over SQLite in {took:.0f} s, {worked / told * 1000:.1f} ms of CPU each; the corp's quota of"
        " 10,000 app messages a minute is the bound (20 posts a group and 30 cards a member bind less)",
    )


def _run(rounds: Rounds, lanes: Lanes, clock: _Clock, units: Units, number: int) -> None:
    """Rounds of the clock, and the worker after each, until all of it is out."""
    while True:
        clock.moment += timedelta(seconds=1)
        rounds.notices()
        while clock.woken:
            lanes.drain(clock.woken.pop())
        with units.reading() as unit:
            notice = unit.notices.read(number)
        assert notice is not None
        if notice.state is State.SENT and not clock.woken:
            return


FIGURES: dict[str, Benchmark] = {"notices": _broadcast}
