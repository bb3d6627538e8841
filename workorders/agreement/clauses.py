"""The agreement: every clause, when it is due and why, who gets what, and what may be opened now."""

from __future__ import annotations

import tomllib
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from importlib import resources
from pathlib import Path
from typing import Any

from workorders.agreement import explain
from workorders.agreement.agreement_file import clause_tables, laid_over, merged
from workorders.agreement.calendar_file import known, read_toml
from workorders.agreement.errors import SpanUnset, UnknownClause
from workorders.agreement.retention import Retention
from workorders.agreement.summary import SummaryHours
from workorders.agreement.terms import KINDS, ROLES, Clause, Cutoff, Kind, Ladder, Routes
from workorders.agreement.worktime import Calendar, Pauses

__all__ = [
    "KINDS",
    "ROLES",
    "Agreement",
    "AnnounceBy",
    "Clause",
    "Cutoff",
    "Due",
    "Kind",
    "Ladder",
    "Opening",
    "due_of",
]

_TABLES = ("calendar", "ladder", "routes", "retention", "summary", "clause")


@dataclass(frozen=True)
class Due:
    """When a clause is due.

    Attributes:
        clause: its name.
        starts: when its span begins to run (UTC).
        due: the last moment at which it is still met (UTC).
        why: how one follows from the other, Chinese lines.
    """

    clause: str
    starts: datetime
    due: datetime
    why: tuple[str, ...]


@dataclass(frozen=True)
class AnnounceBy:
    """By when something must be announced.

    Attributes:
        clause: the name of the clause that asks for the lead.
        effective: when the announced thing takes effect (UTC).
        announce_by: the last moment to announce it (UTC).
        why: how one follows from the other, Chinese lines.
    """

    clause: str
    effective: datetime
    announce_by: datetime
    why: tuple[str, ...]


@dataclass(frozen=True)
class Opening:
    """Whether a work order may be opened now; true where it may.

    Attributes:
        now: whether it opens now. One that does not may be parked, to open by itself at ``at``.
        at: when service is open: this moment, or the next opening (UTC).
        sentence: what the reporter is told about the hours, empty in working time and for urgent work.
    """

    now: bool
    at: datetime
    sentence: str

    def __bool__(self) -> bool:
        return self.now


@dataclass(frozen=True, eq=False)
class Agreement:
    """The service agreement in force.

    Attributes:
        calendar: what its time is counted in.
        clauses: every clause, in the agreement's order.
        ladder: how an unaccepted urgent order is told.
        routes: which role gets what.
        retention: how long what is kept about people is kept.
        summary: when the leaders' group is told how it went.
    """

    calendar: Calendar
    clauses: tuple[Clause, ...]
    ladder: Ladder
    routes: Routes
    retention: Retention
    summary: SummaryHours
    _tables: Mapping[str, Mapping[str, Any]] = field(repr=False)

    @classmethod
    def load(cls, path: Path | None = None, holidays_path: Path | None = None) -> Agreement:
        """Read the shipped agreement, under the operator's own file and corrections where given.

        Args:
            path: the operator's file (``AGREEMENT_PATH``); it need only say what differs.
            holidays_path: corrections and new years (``HOLIDAYS_PATH``).

        Raises:
            FileError: unreadable, an unknown clause, key or role, a bad value, no working time.
        """
        shipped = resources.files("workorders.agreement") / "agreement.toml"
        raw = tomllib.loads(shipped.read_text(encoding="utf-8"))
        where = "agreement.toml"
        tables = clause_tables(raw["clause"], where)
        if path is not None:
            where = str(path)
            own = known(read_toml(path), _TABLES, where)
            tables = laid_over(tables, clause_tables(own.get("clause", {}), where), where)
            raw["calendar"] = own.get("calendar", raw["calendar"])
            for key in ("ladder", "routes", "retention", "summary"):
                raw[key] = merged(raw[key], own.get(key, {}), f"{where}: {key}")
        return cls(
            calendar=Calendar.load(raw["calendar"], holidays_path, where=f"{where}: calendar"),
            clauses=tuple(Clause.parse(n, table, f"{where}: clause.{n}") for n, table in tables.items()),
            ladder=Ladder.parse(raw["ladder"], f"{where}: ladder"),
            routes=Routes.parse(raw["routes"], f"{where}: routes"),
            retention=Retention.parse(raw["retention"], f"{where}: retention"),
            summary=SummaryHours.parse(raw["summary"], f"{where}: summary"),
            _tables=tables,
        )

    def clause(self, name: str, overrides: Mapping[str, Any] | None = None) -> Clause:
        """One clause, as it stands for everyone or for one partner.

        Args:
            name: ``daily.response`` and so on.
            overrides: the partner's own values: clause name to a table of keys as in ``agreement.toml``,
                or to a bare span; names may be nested as TOML nests ``daily.response``.

        Raises:
            UnknownClause: no clause of that name.
            FileError: the overrides name an unknown clause or key, or hold a bad value.
        """
        if overrides:
            where = "partner.clauses"
            tables = laid_over(self._tables, clause_tables(overrides, where), where)
            if name in tables:
                return Clause.parse(name, tables[name], f"{where}: {name}")
        for clause in self.clauses:
            if clause.name == name:
                return clause
        raise UnknownClause(f"no clause {name!r}; there are {', '.join(c.name for c in self.clauses)}")

    @property
    def unset(self) -> tuple[str, ...]:
        """Names of the clauses that promise a span nobody has supplied yet (annex 1)."""
        return tuple(c.name for c in self.clauses if c.counted != "policy" and not c.timed)

    @property
    def closed_hours(self) -> str:
        """What happens outside hours: ``closed_hours`` or ``rest_days`` (clause off_hours)."""
        return self.clause("off_hours").policy or "closed_hours"

    def route(self, kind: str, topic: str | None = None) -> str:
        """The role that gets a work order of this kind and topic."""
        routes = self.routes
        return routes.kinds.get(kind) or routes.topics.get(topic or "") or routes.default

    def due(self, name: str, at: datetime, overrides: Mapping[str, Any] | None = None) -> Due:
        """When a clause is due that begins at a moment; see :meth:`due_of`.

        Raises:
            UnknownClause, SpanUnset, FileError: as :meth:`clause` and :meth:`due_of`.
        """
        return self.due_of(self.clause(name, overrides), at)

    def due_of(self, clause: Clause, at: datetime, pauses: Pauses = ()) -> Due:
        """When this clause, frozen perhaps long ago, is due by today's calendar; as :func:`due_of`.

        Raises:
            SpanUnset: the clause has no span, or none yet.
        """
        return due_of(clause, at, self.calendar, pauses)

    def announce_by(
        self,
        name: str,
        effective: datetime,
        overrides: Mapping[str, Any] | None = None,
        *,
        suspension: bool = False,
    ) -> AnnounceBy:
        """By when a thing must be announced that takes effect at a moment.

        Args:
            name: a clause with a lead: ``notice.upgrade``, ``notice.personnel``.
            effective: when it takes effect (aware); only its local day counts.
            overrides: a partner's own values, as for :meth:`clause`.
            suspension: whether payment service is suspended, which asks for the longer lead.

        Raises:
            SpanUnset: the clause asks for no lead.
            UnknownClause, FileError: as :meth:`clause`.
        """
        clause = self.clause(name, overrides)
        lead = clause.suspension_lead if suspension else clause.lead
        if lead is None or lead.days is None:
            raise SpanUnset(f"{name} asks for no lead")
        calendar = self.calendar
        day = calendar.working_days_before(calendar.local_day(effective), lead.days)
        why = explain.lead(calendar, effective, lead.days)
        return AnnounceBy(name, _utc(calendar, effective), calendar.closing(day), why)

    def accepts_now(self, kind: str, at: datetime, overrides: Mapping[str, Any] | None = None) -> Opening:
        """Whether a work order of this kind may be opened at a moment (clause off_hours).

        Args:
            kind: the work order's kind.
            at: the moment (aware).
            overrides: a partner's own values, as for :meth:`clause`.
        """
        if kind == "urgent" or self.calendar.is_open(at):
            return Opening(True, _utc(self.calendar, at), "")
        opening = self.calendar.opening(at)
        evening = self.calendar.is_working_day(self.calendar.local_day(at))
        now = evening and self.clause("off_hours", overrides).policy == "rest_days"
        return Opening(now, opening, explain.closed(self.calendar, at, opening))


def due_of(clause: Clause, at: datetime, calendar: Calendar, pauses: Pauses = ()) -> Due:
    """When a clause is due by a calendar.

    Args:
        clause: what was promised.
        at: what it counts from (aware): the order's opening, the notice's delivery, the exam passed;
            for ``survey`` any moment of the month.
        pauses: stretches that do not count, for a clause in working time.

    Raises:
        SpanUnset: the clause has no span, or none yet.
    """
    if clause.counted == "cutoff":
        return _cutoff(calendar, clause, at)
    if clause.counted == "calendar":
        return _by_calendar(calendar, clause, at)
    if clause.span is None:
        reason = "has no span" if clause.counted == "policy" else "has no span yet: annex 1 was not supplied"
        raise SpanUnset(f"{clause.name} {reason}")
    if clause.counted == "wall":
        starts = _utc(calendar, at)
        return Due(clause.name, starts, starts + clause.span.timedelta, explain.wall(clause.span))
    starts = calendar.opening(at) if clause.counted == "working" else _utc(calendar, at)
    due = calendar.add(at, clause.span, pauses)
    return Due(clause.name, starts, due, calendar.why(at, clause.span, pauses))


def _cutoff(calendar: Calendar, clause: Clause, at: datetime) -> Due:
    """By the cut-off table; what comes on a rest day counts as received at the next opening."""
    rest_day = not calendar.is_working_day(calendar.local_day(at))
    starts = calendar.opening(at) if rest_day else _utc(calendar, at)
    wall = calendar.local(starts)
    received = wall.hour * 60 + wall.minute
    row = next(row for row in clause.cutoffs if received < row.before)
    since = max((earlier.before for earlier in clause.cutoffs if earlier.before <= received), default=0)
    day = calendar.working_days_after(wall.date(), 1)
    why = explain.cutoff(calendar, at, starts, (since, row.before, row.due))
    return Due(clause.name, starts, calendar.moment(day, row.due), why)


def _by_calendar(calendar: Calendar, clause: Clause, at: datetime) -> Due:
    """On a day of this month, a rest day moved on; or some months later, on that very day."""
    today = calendar.local_day(at)
    if clause.day is not None:
        named = today.replace(day=clause.day)
        day = named if calendar.is_working_day(named) else calendar.working_days_after(named, 1)
        why = explain.day_of_month(calendar, named, day)
    else:
        years, month = divmod(today.month - 1 + (clause.months or 0), 12)
        last = monthrange(today.year + years, month + 1)[1]
        day = date(today.year + years, month + 1, min(today.day, last))
        why = explain.months_later(calendar, today, clause.months or 0, calendar.closing(day))
    return Due(clause.name, _utc(calendar, at), calendar.closing(day), why)


def _utc(calendar: Calendar, at: datetime) -> datetime:
    return calendar.local(at).astimezone(UTC)
