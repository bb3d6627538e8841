"""Which promises an order missed, worked out from its events alone and from nothing the desk computes with.

A second reading of the life table's column "clocks": it knows the shipped spans, the calendar's two
questions (how long between, when after) and what people did when. It sees no promise the desk issued.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.workorders.orders.stage import AGREEMENT
from workorders.orders.order import Event, Verb

_SPANS = {
    ("daily", "response"): timedelta(minutes=5),
    ("daily", "solution"): timedelta(minutes=20),
    ("urgent", "response"): timedelta(minutes=1),
    ("urgent", "solution"): timedelta(minutes=20),
}
Missed = tuple[str, int, datetime]


@dataclass
class _Clock:
    kind: str
    part: str
    generation: int
    due: datetime
    status: str = "running"  # running, stopped, met, void
    left: timedelta = timedelta(0)
    met_at: datetime | None = None
    missed: bool = False

    @property
    def name(self) -> str:
        return self.part if self.part == "completion" else f"{self.kind}.{self.part}"

    @property
    def waited_for(self) -> bool:
        return self.status in ("running", "stopped")

    def hold(self, at: datetime, status: str) -> None:
        """The clock stands still from now on, whatever for."""
        if self.status == "running" and not self.missed:
            self.left = _between(self.kind, at, self.due)
        self.status = status

    def go_on(self, at: datetime) -> None:
        self.status = "running"
        if not self.missed:
            self.due = _after(self.kind, at, self.left)


@dataclass
class Oracle:
    """One order's clocks, as its events drive them."""

    clocks: list[_Clock] = field(default_factory=list)
    kind: str = "daily"
    generation: int = 1
    opened_at: datetime | None = None
    parked_until: datetime | None = None
    taken: bool = False  # accepted or paused

    @classmethod
    def of(cls, events: Iterable[Event], now: datetime) -> Oracle:
        oracle = cls()
        for event in events:
            oracle.hear(event)
        oracle.pass_to(now)
        return oracle

    @property
    def missed(self) -> list[Missed]:
        """Clause, generation and due moment of everything missed."""
        return sorted((c.name, c.generation, c.due) for c in self.clocks if c.missed)

    def pass_to(self, now: datetime) -> None:
        """Nobody did anything until then; a parked order opens at its opening all the same."""
        if self.parked_until and now >= self.parked_until:
            self._start(self.parked_until)
        for clock in self.clocks:
            if clock.status == "running" and now > clock.due:
                clock.missed = True

    def hear(self, event: Event) -> None:
        if event.verb in (Verb.BREACH, Verb.ESCALATE, Verb.REMIND):
            return  # what the desk itself concluded is no evidence
        at = event.at
        self.pass_to(at)
        match event.verb:
            case Verb.PARK:
                self.parked_until = event.change["parked_until"]
            case Verb.OPEN if event.by is not None:
                self.kind = str(event.change["kind"])
                self._start(at)
            case Verb.ACCEPT:
                self._meet(at, "response")
                self.taken = True
            case Verb.PROPOSE:
                self._meet(at, "response", "solution")
                for clock in self._of("completion"):
                    if clock.waited_for and not clock.missed:
                        clock.hold(at, "void")
                promised = datetime.fromisoformat(str(event.facts["completion"]))
                self.clocks.append(_Clock("urgent", "completion", self.generation, promised))
                self.taken = True
            case Verb.SOLVE:
                self._meet(at, "response", "solution", "completion")
            case Verb.PAUSE:
                for clock in self._of("solution"):
                    if clock.status == "running" and not clock.missed:
                        clock.hold(at, "stopped")
            case Verb.RESUME | Verb.REROUTE:
                for clock in self.clocks:
                    if clock.status == "stopped":
                        clock.go_on(at)
                self.taken = event.verb is Verb.RESUME
            case Verb.UPGRADE:
                self._upgrade(at)
            case Verb.DOWNGRADE:
                self._downgrade(at)
            case Verb.DECLINE:
                self._meet(at, "response")
                self._void(at, "solution", "completion")
                self.parked_until = None
            case Verb.CANCEL:
                self._void(at, "response", "solution", "completion")
                self.parked_until = None
            case Verb.REOPEN:
                if not self.clocks:
                    self.clocks = [self._issued("solution", at)]
                    self.opened_at = at
                else:
                    for clock in self._of("solution"):
                        if clock.generation == self.generation:
                            clock.go_on(at)
                self.taken = "owner" in event.change or event.change["state"] == "accepted"

    def _start(self, at: datetime) -> None:
        self.parked_until, self.opened_at = None, at
        self.clocks += [self._issued("response", at), self._issued("solution", at)]

    def _upgrade(self, at: datetime) -> None:
        before = next((c for c in self._of("solution") if c.generation == self.generation), None)
        latest = None
        if before and before.waited_for and not before.missed:
            latest = before.due if before.status == "running" else _after(before.kind, at, before.left)
        self._void(at, "response", "solution")
        self.kind, self.generation = "urgent", self.generation + 1
        self.opened_at, self.parked_until = self.opened_at or at, None
        for part in ("response", "solution"):
            if not any(c.missed and c.name == f"urgent.{part}" for c in self.clocks):
                clock = self._issued(part, at)
                if part == "response" and self.taken:
                    clock.hold(at, "met")
                    clock.met_at = at
                if part == "solution" and latest:
                    clock.due = min(clock.due, latest)
                self.clocks.append(clock)

    def _downgrade(self, at: datetime) -> None:
        assert self.opened_at is not None
        before = {c.part: c for c in self.clocks if c.generation == self.generation}
        self._void(at, "response", "solution")
        self.kind, self.generation = "daily", self.generation + 1
        for part in ("response", "solution"):
            if not any(c.missed and c.name == f"daily.{part}" for c in self.clocks):
                clock = self._issued(part, self.opened_at)
                if part in before and (met := before[part].met_at):
                    clock.missed = met > clock.due
                    clock.hold(met, "met")
                    clock.met_at = met
                self.clocks.append(clock)

    def _issued(self, part: str, at: datetime) -> _Clock:
        return _Clock(self.kind, part, self.generation, _after(self.kind, at, _SPANS[self.kind, part]))

    def _of(self, *parts: str) -> list[_Clock]:
        return [c for c in self.clocks if c.part in parts]

    def _meet(self, at: datetime, *parts: str) -> None:
        for clock in self._of(*parts):
            if clock.waited_for:
                clock.hold(at, "met")
                clock.met_at = at

    def _void(self, at: datetime, *parts: str) -> None:
        for clock in self._of(*parts):
            if clock.waited_for:
                clock.hold(at, "void")


def _between(kind: str, a: datetime, b: datetime) -> timedelta:
    return max(b - a, timedelta(0)) if kind == "urgent" else AGREEMENT.calendar.between(a, b)


def _after(kind: str, at: datetime, span: timedelta) -> datetime:
    if kind == "urgent":
        return at + span
    return AGREEMENT.calendar.add(at, span) if span else AGREEMENT.calendar.opening(at)
