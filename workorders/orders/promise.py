"""A promise: a clause frozen onto one work order, with its due moment and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Literal

from workorders.agreement.clauses import Agreement, Clause, Ladder
from workorders.agreement.worktime import Calendar, Span
from workorders.directory.people import Role
from workorders.errors import SpanUnset


class Part(StrEnum):
    """Which part of an order's life a promise is about."""

    RESPONSE = "response"
    SOLUTION = "solution"
    COMPLETION = "completion"  # the moment a given plan said the work would be finished


#: Why a promise ended without being met or missed.
Void = Literal["declined", "cancelled", "superseded", "replaced"]


@dataclass(frozen=True)
class Term:
    """A clause's values as they were when the order opened.

    Attributes:
        span: how long, ``20m`` or ``2d`` (:class:`Span` form).
        counted: ``working`` time, working days among it, or ``wall`` clock 24×7.
    """

    span: str
    counted: Literal["working", "wall"]

    @classmethod
    def of(cls, clause: Clause) -> Term:
        """The clause's values now."""
        if clause.counted not in ("working", "wall", "days") or clause.span is None:
            raise SpanUnset(f"{clause.name} has no span an order could be timed by")
        return cls(str(clause.span), "wall" if clause.counted == "wall" else "working")

    def due(self, starts: datetime, calendar: Calendar) -> datetime:
        """The due moment of a clock started at ``starts`` (aware; result aware UTC)."""
        span = Span.parse(self.span)
        if self.counted == "wall":
            return starts + span.timedelta
        return calendar.add(starts, span)


@dataclass(frozen=True)
class Terms:
    """Everything frozen onto an order when it is opened or parked.

    Attributes:
        clauses: by name, those a daily order may come under, an upgrade included.
        ladder: the delays of urgent work.
        second: role told at level 2 where the order's own role names no 二责 (notice §七: 业务).
        lead: role told at level 3.
    """

    clauses: Mapping[str, Term]
    ladder: Ladder
    second: Role = Role.BUSINESS
    lead: Role = Role.CS_LEAD

    @classmethod
    def freeze(cls, agreement: Agreement, overrides: Mapping[str, Any]) -> Terms:
        """The terms in force now, with a partner's own values laid over them."""
        names = [f"{kind}.{part}" for kind in ("daily", "urgent") for part in (Part.RESPONSE, Part.SOLUTION)]
        clauses = {name: Term.of(agreement.clause(name, overrides)) for name in names}
        return cls(clauses, agreement.ladder)


@dataclass(frozen=True)
class Promise:
    """One promise of one generation.

    ``met_at`` after ``breached_at`` is a promise kept late; both stand. ``left`` is what remained of
    its working time when its clock stopped: while paused, and after it was met, in case it is reopened.
    """

    clause: str
    part: Part
    generation: int
    starts: datetime
    due: datetime
    counted: Literal["working", "wall"]
    stopped_at: datetime | None = None
    left: timedelta | None = None
    met_at: datetime | None = None
    breached_at: datetime | None = None
    void_at: datetime | None = None
    void: Void | None = None

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
        left = self.left if self.stopped_at else self._remaining(at, calendar)
        return replace(self, met_at=at, left=left, stopped_at=None)

    def stop(self, at: datetime, calendar: Calendar) -> Promise:
        """Stop its clock; a missed or finished one has none to stop."""
        if not self.running:
            return self
        return replace(self, stopped_at=at, left=self._remaining(at, calendar))

    def go_on(self, at: datetime, calendar: Calendar) -> Promise:
        """Let a stopped, met or void clock go on with what was left of it; a breach keeps its moment."""
        going = replace(self, met_at=None, stopped_at=None, void_at=None, void=None)
        if self.breached_at or self.left is None:
            return going
        return replace(going, left=None, due=self._after(at, self.left, calendar))

    def end(self, at: datetime, why: Void, calendar: Calendar) -> Promise:
        """Void: nobody waits for it any more. Breaches stand, and what was met stays met."""
        if not self.pending:
            return self
        return replace(self.stop(at, calendar), void_at=at, void=why, stopped_at=None)

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
