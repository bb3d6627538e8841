"""A promise: a clause frozen onto one work order, with its due moment and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from workorders.agreement.clauses import Agreement, Clause, Ladder, due_of
from workorders.agreement.worktime import Calendar
from workorders.directory.people import Role
from workorders.orders.kinds import PARTS, Part

__all__ = ["Part", "Promise", "Terms", "Void"]

#: Why a promise ended without being met or missed.
Void = Literal["declined", "cancelled", "superseded", "replaced", "merged"]

#: At how much of an answer's working time, in hundredths, whoever has accepted the order is warned.
WARN_AT = (50, 80)


@dataclass(frozen=True)
class Terms:
    """Everything frozen onto an order when it is opened or parked.

    Attributes:
        clauses: by name, as :meth:`Clause.frozen` writes them: those of every kind it may become.
        ladder: the delays of urgent work.
        second: role told at level 2 where the order's own role names no 二责 (notice §七: 业务).
        lead: role told at level 3.
    """

    clauses: Mapping[str, Mapping[str, Any]]
    ladder: Ladder
    second: Role = Role.BUSINESS
    lead: Role = Role.CS_LEAD

    @classmethod
    def freeze(cls, agreement: Agreement, overrides: Mapping[str, Any]) -> Terms:
        """The terms in force now, with a partner's own values laid over them."""
        names = [f"{kind}.{part}" for kind, parts in PARTS.items() for part in parts]
        return cls(
            {name: agreement.clause(name, overrides).frozen() for name in names},
            agreement.ladder,
        )

    def clause(self, name: str) -> Clause | None:
        """The clause as it was frozen; None where there was none (a completion moment has none)."""
        frozen = self.clauses.get(name)
        return Clause.thaw(frozen) if frozen else None


@dataclass(frozen=True)
class Promise:
    """One promise of one generation.

    ``met_at`` after ``breached_at`` is a promise kept late; both stand.

    Attributes:
        clause: its name; ``completion`` for the moment a plan gave.
        starts: when its clock begins to run. ``since``: the moment it is counted from, perhaps outside hours.
        counted: how what is left of it passes; every way that is not by the wall clock is working time.
        stopped_at: since when it is paused. ``still_at``: since when its clock stands still, for whatever
            reason; ``left`` is what remained of it then, in case it goes on.
        pauses: stretches it stood still for before it went on, as (from, to).
        whole: its working time from start to due as it was issued; None where nobody is warned of it.
        warns: hundredths of ``whole`` and the moments they pass, those still to come.
    """

    clause: str
    part: Part
    generation: int
    starts: datetime
    due: datetime
    counted: Literal["working", "wall"]
    since: datetime | None = None
    stopped_at: datetime | None = None
    still_at: datetime | None = None
    left: timedelta | None = None
    pauses: tuple[tuple[datetime, datetime], ...] = ()
    whole: timedelta | None = None
    warns: tuple[tuple[int, datetime], ...] = ()
    met_at: datetime | None = None
    breached_at: datetime | None = None
    void_at: datetime | None = None
    void: Void | None = None

    @classmethod
    def of(cls, clause: Clause, part: Part, generation: int, since: datetime, calendar: Calendar) -> Promise:
        """The promise that clause makes of what is counted from ``since`` (aware UTC).

        Raises:
            SpanUnset: the clause has no span yet.
        """
        due = due_of(clause, since, calendar).due
        if clause.counted == "wall":
            return cls(clause.name, part, generation, since, due, "wall", since)
        starts = calendar.opening(since)
        promise = cls(clause.name, part, generation, starts, due, "working", since)
        whole = calendar.between(starts, due)
        if part is Part.RESPONSE or not whole:
            return promise
        return replace(promise, whole=whole)._warned(starts, whole, calendar)

    @property
    def pending(self) -> bool:
        """Neither met nor void: somebody still waits for it, late or not."""
        return self.met_at is None and self.void_at is None

    @property
    def running(self) -> bool:
        """Pending, its clock not stopped, and not yet missed."""
        return self.pending and self.stopped_at is None and self.breached_at is None

    def missed(self, now: datetime) -> bool:
        """Whether its due moment has passed unmet. Exactly at the due moment is still in time."""
        return self.running and now > self.due

    def breach(self) -> Promise:
        """Missed: the breach is at its due moment, whoever notices it and whenever."""
        return replace(self, breached_at=self.due)

    def meet(self, at: datetime, calendar: Calendar) -> Promise:
        """Met at that moment; nothing changes for one already met or void."""
        if not self.pending:
            return self
        return replace(self._still(at, calendar), met_at=at, stopped_at=None)

    def stop(self, at: datetime, calendar: Calendar) -> Promise:
        """Stop its clock; a missed or finished one has none to stop."""
        if not self.running:
            return self
        return replace(self._still(at, calendar), stopped_at=at)

    def go_on(self, at: datetime, calendar: Calendar) -> Promise:
        """Let a stopped, met or void clock go on with what was left of it; a breach keeps its moment."""
        going = replace(self, met_at=None, stopped_at=None, still_at=None, void_at=None, void=None)
        if self.breached_at or self.left is None:
            return going
        pauses = (*self.pauses, (self.still_at, at)) if self.still_at else self.pauses
        going = replace(going, left=None, pauses=pauses, due=self._after(at, self.left, calendar))
        return going._warned(at, self.left, calendar)

    def end(self, at: datetime, why: Void, calendar: Calendar) -> Promise:
        """Void: nobody waits for it any more. Breaches stand, and what was met stays met."""
        if not self.pending:
            return self
        still = self if self.breached_at else self._still(at, calendar)
        return replace(still, void_at=at, void=why, stopped_at=None)

    def recounted(self, clause: Clause, generation: int, calendar: Calendar) -> Promise:
        """The same promise counted anew by another calendar, with every stretch it stood still."""
        again = Promise.of(clause, self.part, generation, self.since or self.starts, calendar)
        for stood, went_on in self.pauses:
            again = again.stop(stood, calendar).go_on(went_on, calendar)
        return again.stop(self.stopped_at, calendar) if self.stopped_at else again

    def _still(self, at: datetime, calendar: Calendar) -> Promise:
        """Its clock stands still; one that does already has stood since then."""
        if self.still_at or self.stopped_at:
            return self
        return replace(self, still_at=at, left=self._remaining(at, calendar))

    def _warned(self, at: datetime, left: timedelta, calendar: Calendar) -> Promise:
        """With the moments its warnings are due, of what is left at ``at``."""
        if self.whole is None:
            return self
        ahead = ((spent, left - self.whole * (100 - spent) / 100) for spent in WARN_AT)
        warns = tuple((spent, calendar.add(at, rest)) for spent, rest in ahead if rest > timedelta(0))
        return replace(self, warns=warns)

    def _remaining(self, at: datetime, calendar: Calendar) -> timedelta:
        if self.counted == "wall":
            return max(self.due - at, timedelta(0))
        return calendar.between(at, self.due)

    def _after(self, at: datetime, left: timedelta, calendar: Calendar) -> datetime:
        if self.counted == "wall":
            return at + left
        if not left:
            return calendar.opening(at)
        return calendar.add(at, left)
