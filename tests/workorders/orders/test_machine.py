"""Anybody does anything at any moment, sweeps come late or not at all: what must hold all the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import func, select

from bot.sql.engine import open_engine
from bot.wecom.errcodes import AnswerLost, Never, NotNow
from tests.bot.office import Office, WeCom, arrives_but, fails
from tests.workorders.orders.oracle import Oracle
from tests.workorders.orders.stage import AGREEMENT, MONDAY, SATURDAY, XINGHE_GROUP, local, tick
from workorders.directory.people import Role
from workorders.errors import Refused
from workorders.orders import ledger
from workorders.orders.errors import UnknownReporter
from workorders.orders.ladder import decide
from workorders.orders.order import Event, Kind, State, Verb, WorkOrder
from workorders.orders.settle import settle
from workorders.orders.telling import moot
from workorders.sql.base import metadata
from workorders.sql.tables import letter, work_order

PEOPLE = ["xiaowang", "xiaozhao", "xiaosun", "nobody", "laoli", "laozhang", "xiaochen", "qian", "xiaohe"]
WORKERS = ["laoli", "laozhang", "qian"]

#: What each verb is given besides the order and the person; drawn anew each time.
ARGUMENTS: dict[str, st.SearchStrategy[tuple[Any, ...]]] = {
    "accept": st.just(()),
    "propose": st.sampled_from([1, 20, 90, 60 * 24 * 3]).map(lambda m: ("更换机具", timedelta(minutes=m))),
    "solve": st.just(()),
    "pause": st.just(("商户号",)),
    "resume": st.just(()),
    "hand_over": st.sampled_from(PEOPLE).map(lambda to: (to,)),
    "reroute": st.sampled_from([Role.TECH, Role.MIDDLE_OFFICE]).map(lambda role: (role,)),
    "upgrade": st.just(()),
    "downgrade": st.just(("不影响收款",)),
    "decline": st.just(("不属于服务范围",)),
    "cancel": st.just(()),
    "urge": st.just(()),
    "reopen": st.just(()),
    "close": st.just(("已确认",)),
    "said": st.just(("还是不行",)),
}

#: From which state a verb leads where; what is not here does not happen.
P, O, A, H, S, C, D, X, M = State  # noqa: E741
STEPS: dict[Verb, set[tuple[State, State]]] = {
    Verb.OPEN: {(P, O)},
    Verb.ACCEPT: {(O, A)},
    Verb.PROPOSE: {(O, A), (A, A), (H, H)},
    Verb.SOLVE: {(O, S), (A, S), (H, S)},
    Verb.PAUSE: {(A, H)},
    Verb.RESUME: {(H, A)},
    Verb.HAND_OVER: {(O, O), (A, A), (H, H)},
    Verb.REROUTE: {(O, O), (A, O), (H, O)},
    Verb.UPGRADE: {(P, O), (O, O), (A, A), (H, A)},
    Verb.DOWNGRADE: {(O, O), (A, A)},
    Verb.DECLINE: {(P, D), (O, D), (A, D), (H, D)},
    Verb.CANCEL: {(P, X), (O, X), (A, X), (H, X)},
    Verb.URGE: {(O, O), (A, A), (H, H)},
    Verb.REOPEN: {(S, A), (C, A), (D, A), (D, O)},
    Verb.CLOSE: {(S, C)},
    Verb.SAY: {(s, s) for s in State if s is not H},
    Verb.BREACH: {(O, O), (A, A), (H, H)},
    Verb.ESCALATE: {(O, O), (A, A), (H, H)},
    Verb.REMIND: {(H, H)},
}

FAULTS: list[Callable[[], Any] | None] = [
    None,
    None,
    lambda: arrives_but(AnswerLost("lost")),
    lambda: fails(AnswerLost("lost")),
    lambda: fails(NotNow("busy")),
    lambda: fails(Never("no such userid", errcode=60111)),
]


class Watching(WeCom):
    """A WeCom that looks, at every call, whether what it is handed should have been said at all."""

    office: Office

    def _call(self, deliver: Callable[[], None]) -> None:
        with self.office.units.reading() as unit:
            for name in {row[0] for row in unit.conn.execute(select(letter.c.lane).distinct())}:
                going = unit.letters.unfinished(name)
                if going is None:
                    continue
                assert going.attempts <= 2
                for carried in going.letters if going.attempts == 1 else ():
                    subject, _, number = carried.letter.subject.partition(":")
                    order = unit.orders.read(int(number)) if subject == "order" else None
                    if name == self.lane and order:
                        assert moot(carried.letter, order) is None, f"moot, and said: {carried.letter}"
        super()._call(deliver)

    lane = ""


class Desk(RuleBasedStateMachine):
    """One desk, its clock, its lanes and its people."""

    def __init__(self) -> None:
        super().__init__()
        self.engine = open_engine("sqlite://")
        with self.engine.begin() as conn:
            metadata.create_all(conn)
        self.office = Office(self.engine)
        wecom = Watching(lambda: self.office.now)
        wecom.office = self.office
        self.office.wecom, self.wecom = wecom, wecom
        self.lanes = self.office.worker("one")
        self.rounds = self.office.rounds()
        self.numbers: list[int] = []

    def teardown(self) -> None:
        self.engine.dispose()

    # What happens

    @initialize(now=st.sampled_from([MONDAY, SATURDAY, local("2026-11-23 17:50"), local("2026-11-27 08:00")]))
    def begin(self, now: datetime) -> None:
        self.office.now = now

    @precondition(lambda self: len(self.numbers) < 4)
    @rule(
        kind=st.sampled_from([Kind.DAILY, Kind.URGENT]),
        by=st.sampled_from(["xiaowang", "xiaowang", "nobody", "laoli"]),
        chat=st.sampled_from([None, XINGHE_GROUP]),
    )
    def open(self, kind: Kind, by: str, chat: str | None) -> None:
        try:
            self.numbers.append(self.office.open(kind, by, chat))
        except UnknownReporter:
            assert kind is Kind.DAILY

    @precondition(lambda self: self.numbers)
    @rule(data=st.data())
    def who_may_does_what_can_be_done(self, data: st.DataObject) -> None:
        number = data.draw(st.sampled_from(self.numbers))
        order = self.order(number)
        able = [v for v in sorted(ARGUMENTS) if any(order.state is frm for frm, _ in STEPS[_verb(v)])]
        if able:
            verb = data.draw(st.sampled_from(able))
            theirs = verb in ("cancel", "urge", "said")
            self.does(data, number, verb, order.reporter if theirs else order.owner or "laozhang")

    @precondition(lambda self: self.numbers)
    @rule(
        data=st.data(),
        verb=st.sampled_from(sorted(ARGUMENTS)),
        by=st.sampled_from(PEOPLE) | st.sampled_from(WORKERS) | st.just("xiaowang"),
    )
    def somebody_tries(self, data: st.DataObject, verb: str, by: str) -> None:
        self.does(data, data.draw(st.sampled_from(self.numbers)), verb, by)

    def does(self, data: st.DataObject, number: int, verb: str, by: str) -> None:
        more = list(data.draw(ARGUMENTS[verb]))
        if verb == "propose":
            more[1] = self.office.now + more[1]
        before = self.events(number)
        with self.office.desk() as (desk, unit):
            if verb == "hand_over":
                more = [unit.directory.person(more[0])]
            try:
                done = getattr(desk, verb)(number, unit.directory.person(by), *more)
            except Refused:
                done = None
        if done is None:
            # Refused: nothing but what the clock had to record anyway.
            assert all(event.by is None for event in self.events(number)[len(before) :])
        elif done.number != number:
            self.numbers.append(done.number)
        self.settling_again_does_nothing(number, acted=done is not None)

    @rule(
        by=st.sampled_from(
            [
                timedelta(0),
                tick,
                timedelta(seconds=1),
                timedelta(seconds=59),
                timedelta(minutes=1),
                timedelta(minutes=4),
                timedelta(minutes=15),
                timedelta(hours=1),
                timedelta(hours=10),
                timedelta(days=1),
                timedelta(days=8),
            ]
        )
    )
    def time_passes(self, by: timedelta) -> None:
        self.office.later(by)

    @precondition(lambda self: self.numbers)
    @rule(data=st.data(), off=st.sampled_from([-tick, timedelta(0), tick]))
    def time_passes_to_just_about_a_due_moment(self, data: st.DataObject, off: timedelta) -> None:
        order = self.order(data.draw(st.sampled_from(self.numbers)))
        coming = [m for m in moments_of(order) if m + off >= self.office.now]
        if coming:
            self.office.now = data.draw(st.sampled_from(coming)) + off

    @rule()
    def the_clock_sweeps(self) -> None:
        while self.rounds.orders():
            pass
        for number in self.numbers:
            assert decide(self.order(number), self.office.now).empty

    @rule(fault=st.sampled_from(FAULTS))
    def the_lanes_are_drained(self, fault: Callable[[], Any] | None) -> None:
        with self.office.units.reading() as unit:
            due = unit.letters.due_lanes(self.office.now, 50)
        if fault:
            self.wecom.faults.append(fault())
        for name, _ in dict(due).items():
            self.wecom.lane = name
            self.lanes.drain(name)
        self.wecom.faults.clear()

    # What must hold

    def settling_again_does_nothing(self, number: int, *, acted: bool) -> None:
        if not acted:
            return
        before, events, written = self.order(number), self.events(number), self.letters()
        with self.office.desk() as (desk, _):
            desk.settle(number)
        assert (self.order(number), self.events(number), self.letters()) == (before, events, written)

    @invariant()
    def events_replay_to_what_is_stored(self) -> None:
        for number in self.numbers:
            assert WorkOrder.replay(number, self.events(number)) == self.order(number)

    @invariant()
    def the_ledger_is_what_the_events_say(self) -> None:
        for number in self.numbers:
            with self.office.units.reading() as unit:
                kept = unit.orders.ledger(number)
            assert kept == ledger.of(number, self.events(number), AGREEMENT.calendar)
            missed = [p.breached_at for p in self.order(number).promises]
            assert [line.breached_at for line in kept] == missed

    @invariant()
    def no_breach_is_lost_and_none_invented(self) -> None:
        for number in self.numbers:
            order = self.order(number)
            now = max(self.office.now, order.last_at)
            for event in settle(order, now, AGREEMENT.calendar):
                order = order.after(event)
            ours = sorted((p.clause, p.generation, p.breached_at) for p in order.promises if p.breached_at)
            assert ours == Oracle.of(self.events(number), now).missed

    @invariant()
    def states_change_as_the_life_table_says(self) -> None:
        for number in self.numbers:
            first, *rest = self.events(number)
            order = WorkOrder.replay(number, [first])
            assert order.state in (P, O)
            for event in rest:
                before, order = order, order.after(event)
                assert (before.state, order.state) in STEPS[event.verb], f"{event.verb} of {number}"
                assert event.at >= before.last_at

    @invariant()
    def nothing_new_could_be_said_before_the_next_look(self) -> None:
        for number in self.numbers:
            order, look_at = self.order(number), self.look_at(number)
            for moment in probes(order):
                if moment >= order.last_at and (look_at is None or moment < look_at):
                    verdict = decide(order, moment)
                    assert verdict.empty, f"{number} says {verdict} at {moment}, looked at {look_at}"

    @invariant()
    def what_the_ladder_says_is_written_to_somebody_once(self) -> None:
        with self.office.units.reading() as unit:
            keys = unit.conn.execute(
                select(letter.c.subject, letter.c.generation, letter.c.occasion, func.count()).group_by(
                    letter.c.subject, letter.c.generation, letter.c.occasion
                )
            )
            written = {(r[0], r[1], r[2]) for r in keys}
            unique = unit.conn.execute(
                select(
                    letter.c.subject,
                    letter.c.generation,
                    letter.c.occasion,
                    letter.c.recipient,
                    letter.c.channel,
                )
            )
            assert all(n == 1 for n in Counter(tuple(r) for r in unique).values())
        for number in self.numbers:
            events = self.events(number)
            for i, event in enumerate(events):
                if event.verb is Verb.ESCALATE:
                    generation = WorkOrder.replay(number, events[: i + 1]).generation
                    for tell in event.facts["tells"]:
                        assert (f"order:{number}", generation, tell["occasion"]) in written

    @invariant()
    def each_occasion_is_told_once_a_generation(self) -> None:
        for number in self.numbers:
            events = self.events(number)
            said: Counter[tuple[int, str]] = Counter()
            order: WorkOrder | None = None
            for event in events:
                order = order.after(event) if order else WorkOrder.replay(number, [event])
                for tell in event.facts.get("tells", ()):
                    said[order.generation, tell["occasion"]] += 1
            assert all(n == 1 for n in said.values()), said

    # Reading

    def order(self, number: int) -> WorkOrder:
        with self.office.units.reading() as unit:
            order = unit.orders.read(number)
        assert order is not None
        return order

    def events(self, number: int) -> list[Event]:
        with self.office.units.reading() as unit:
            return unit.orders.events(number)

    def look_at(self, number: int) -> datetime | None:
        with self.office.units.reading() as unit:
            found: datetime | None = unit.conn.execute(
                select(work_order.c.look_at).where(work_order.c.number == number)
            ).scalar_one()
        return found

    def letters(self) -> int:
        with self.office.units.reading() as unit:
            return int(unit.conn.execute(select(func.count()).select_from(letter)).scalar_one())


def _verb(name: str) -> Verb:
    return Verb.SAY if name == "said" else Verb(name)


def moments_of(order: WorkOrder) -> list[datetime]:
    """The moments an order's clocks speak of."""
    found = [p.due for p in order.promises]
    found += [m for m in (order.parked_until, order.remind_at, order.close_at) if m]
    if order.paged_from:
        found += [order.paged_from + timedelta(minutes=n) for n in (1, 2, 15, 20, 25)]
    return found


def probes(order: WorkOrder) -> list[datetime]:
    """Moments at which something could be new: a little before, at and after all the above, and far on."""
    exact = [*moments_of(order), order.last_at, order.last_at + timedelta(minutes=15)]
    return [m + off for m in exact for off in (-tick, timedelta(0), tick, timedelta(seconds=30))]


TestDesk = pytest.mark.timeout(1200)(Desk.TestCase)
#: An example is a whole desk's day, and costs as much as a hundred of other tests'.
TestDesk.settings = settings(
    max_examples=max(settings().max_examples // 20, 15), stateful_step_count=30, deadline=None
)
