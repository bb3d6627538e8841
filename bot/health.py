"""How the program is: what /readyz, /metrics and `desk doctor` say."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import redis
from prometheus_client import CollectorRegistry, Gauge, generate_latest

from bot.queue import PATIENCE_S
from bot.sql.engine import UNUSABLE
from bot.sql.schema import is_current
from bot.sql.unit import Clock, Units
from bot.terms import Terms

#: A clock that has not finished a round for this long is missed; so is a letter due for this long.
_LATE_CLOCK, _LATE_LETTER = timedelta(seconds=30), timedelta(seconds=60)


@dataclass(frozen=True)
class State:
    """What was found: ``ready`` is False only without the database or its tables."""

    ready: bool
    degraded: list[str] = field(default_factory=list)
    letters: dict[str, int] = field(default_factory=dict)
    oldest_letter_s: float = 0.0
    clock_age_s: float | None = None

    def as_json(self) -> dict[str, Any]:
        return {"ready": self.ready, "degraded": self.degraded}


@dataclass(frozen=True)
class Health:
    """Looks at everything the program needs. ``desk_clock`` is for the calendar's years."""

    units: Units
    queue: redis.Redis
    terms: Terms
    desk_clock: Clock

    def look(self) -> State:
        """The state now; never raises, and answers within a second or two."""
        try:
            with self.units.reading() as unit:
                if not is_current(unit.conn):
                    return State(False, ["database: run `desk db upgrade`"])
                self.terms.look(unit.calendars)
                last, now = unit.inbox.last_sweep("clock"), unit.machine_now
                oldest = unit.letters.oldest_due(now) or timedelta(0)
                counts = unit.letters.counts()
        except UNUSABLE:
            return State(False, ["database: no answer"])
        degraded = []
        try:
            self.queue.ping()
        except redis.RedisError:
            degraded.append(f"redis: no answer within {PATIENCE_S} s; the clock sends instead")
        if last is None or now - last > _LATE_CLOCK:
            degraded.append(
                "clock: no round finished " + ("yet" if last is None else f"since {last:%H:%M:%S}Z")
            )
        if oldest > _LATE_LETTER:
            degraded.append(f"letters: the oldest has been due for {oldest.seconds} s")
        for state in ("given_up", "in_doubt"):
            if counts.get(state):
                degraded.append(f"letters: {counts[state]} {state.replace('_', ' ')}")
        if self.terms.problem:
            degraded.append(f"calendar: {self.terms.problem}")
        for year in self.terms.calendar.provisional_years(self.desk_clock()):
            degraded.append(f"calendar: {year} is not published yet, its days are provisional")
        age = (now - last).total_seconds() if last else None
        return State(True, degraded, counts, oldest.total_seconds(), age)

    def metrics(self) -> bytes:
        """The state for Prometheus."""
        state = self.look()
        registry = CollectorRegistry()
        ready = Gauge("desk_ready", "1 with a database and its tables", registry=registry)
        ready.set(state.ready)
        degraded = Gauge(
            "desk_degraded",
            "What /readyz lists under degraded, by its first word",
            ["what"],
            registry=registry,
        )
        for line in state.degraded:
            degraded.labels(line.partition(":")[0]).set(1)
        letters = Gauge("desk_letters", "Letters by state", ["state"], registry=registry)
        for name, count in state.letters.items():
            letters.labels(name).set(count)
        oldest = Gauge(
            "desk_oldest_letter_seconds", "How long the oldest due letter waits", registry=registry
        )
        oldest.set(state.oldest_letter_s)
        if state.clock_age_s is not None:
            age = Gauge("desk_clock_age_seconds", "Since a clock finished a round", registry=registry)
            age.set(state.clock_age_s)
        return generate_latest(registry)
