"""What an agreement file may say, as checked values: clauses, the urgent ladder, routes.

The TOML table of a clause and its frozen form (stored with a work order) are the same thing, so one parser
reads the shipped agreement, an operator's file, a partner's overrides and a promise made last year.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from itertools import pairwise
from typing import Any, Literal, get_args

from workorders.agreement.calendar_file import flag, known, time_text
from workorders.agreement.span import SPAN_FORM, Span
from workorders.errors import FileError

Role = Literal["cs_lead", "middle_office", "review", "aftersales", "tech", "business", "operations", "hr"]
Kind = Literal["daily", "urgent", "integration", "onboarding", "aftersales", "complaint"]
Side = Literal["us", "partner"]
Counted = Literal["working", "wall", "days", "cutoff", "calendar", "policy"]
Deemed = Literal["received", "confirmed", "accepted", "agreed"]
Policy = Literal["closed_hours", "rest_days"]

ROLES: tuple[str, ...] = get_args(Role)
KINDS: tuple[str, ...] = get_args(Kind)

_CLOCK = re.compile(r"(\d{2}):(\d{2})", re.ASCII)


@dataclass(frozen=True)
class Cutoff:
    """One row of a cut-off table, in minutes from local midnight.

    Attributes:
        before: it holds for what is received before this time of day (1440 is the day's end).
        due: the time of the next working day by which the answer is owed.
    """

    before: int
    due: int


@dataclass(frozen=True)
class Clause:
    """One promise of the agreement.

    Attributes:
        name: ``daily.response`` and so on (design: the agreement, clause by clause).
        text: what is promised, one Chinese line.
        source: the section of the customer service notice it comes from.
        counted: how its time runs; ``agreement.toml`` explains each way.
        owes: which side must act.
        span: within how long; None where the clause has none, or annex 1 has not supplied it.
        lead: how many working days ahead of taking effect it must be announced.
        suspension_lead: the same where payment service is suspended; a shorter one is a warning.
        level: how far up the ladder a miss is told (1 to 3), None where it is told to nobody.
        silence: what silence brings about, one Chinese phrase, empty for nothing.
        deemed: what silence counts as; None never deems anything.
        consequence: which side bears what follows from silence.
        pausable: whether the span stands still while waiting on the partner.
        cutoffs: the cut-off table of ``counted == "cutoff"``.
        day: day of the month for ``counted == "calendar"``; a rest day moves it to the next working day.
        months: months later, for ``counted == "calendar"``: the same day, else that month's last.
        every_months: the shortest and the longest interval, in months.
        policy: what happens outside hours, for ``counted == "policy"``.
        photo_up_to: yuan, inclusive, up to which a delivery slip may be sent as a photo.
        retraining_fee: yuan a session.
    """

    name: str
    text: str
    source: str
    counted: Counted
    owes: Side
    span: Span | None = None
    lead: Span | None = None
    suspension_lead: Span | None = None
    level: int | None = None
    silence: str = ""
    deemed: Deemed | None = None
    consequence: Side | None = None
    pausable: bool = False
    cutoffs: tuple[Cutoff, ...] = ()
    day: int | None = None
    months: int | None = None
    every_months: tuple[int, int] | None = None
    policy: Policy | None = None
    photo_up_to: int | None = None
    retraining_fee: int | None = None

    @classmethod
    def parse(cls, name: str, table: Mapping[str, Any], where: str) -> Clause:
        """Check one clause's table.

        Raises:
            FileError: an unknown or missing key, a bad value, or values that do not fit how it is counted.
        """
        known(table, tuple(_PARSERS), where)
        for key in ("text", "source", "counted", "owes"):
            if key not in table:
                raise FileError(f"{where}: {key}", "is missing")
        clause = cls(name=name, **{key: _PARSERS[key](raw, f"{where}: {key}") for key, raw in table.items()})
        clause._check(where)
        return clause

    @property
    def timed(self) -> bool:
        """Whether anything can be due by it: it has a span, or needs none."""
        return self.counted in ("cutoff", "calendar") or (self.counted != "policy" and self.span is not None)

    def frozen(self) -> dict[str, Any]:
        """The clause as JSON-able values, to be stored with what was promised; :meth:`thaw` reads it back."""
        told: dict[str, Any] = {}
        for field in fields(self):
            value = getattr(self, field.name)
            if value == field.default:
                continue
            if field.name == "cutoffs":
                value = [{"before": time_text(row.before), "due": time_text(row.due)} for row in value]
            told[field.name] = list(value) if isinstance(value, tuple) else _plain(value)
        return told

    @classmethod
    def thaw(cls, frozen: Mapping[str, Any]) -> Clause:
        """The clause :meth:`frozen` stored.

        Raises:
            FileError: it is not what :meth:`frozen` writes.
        """
        table = dict(frozen)
        name = str(table.pop("name", ""))
        return cls.parse(name, table, f"frozen clause {name}")

    def _check(self, where: str) -> None:
        """Refuse values that do not fit together."""
        for key, ways in (
            ("span", ("working", "wall", "days")),
            ("cutoffs", ("cutoff",)),
            ("day", ("calendar",)),
            ("months", ("calendar",)),
            ("policy", ("policy",)),
        ):
            if getattr(self, key) and self.counted not in ways:
                raise FileError(
                    f"{where}: {key}", f"does not go with counted = {self.counted!r}", " or ".join(ways)
                )
        if self.span and (self.span.days is not None) != (self.counted == "days"):
            form = '"3d"' if self.counted == "days" else '"20m" (working days need counted = "days")'
            raise FileError(
                f"{where}: span", f"{self.span} does not go with counted = {self.counted!r}", form
            )
        for key in ("lead", "suspension_lead"):
            lead: Span | None = getattr(self, key)
            if lead and lead.days is None:
                raise FileError(f"{where}: {key}", f"{lead} is not a number of working days", '"5d"')
        if self.counted == "cutoff" and not self.cutoffs:
            raise FileError(f"{where}: cutoffs", "is missing", '[{ before = "24:00", due = "18:00" }]')
        if self.counted == "calendar" and (self.day is None) == (self.months is None):
            raise FileError(
                where, "counted by the calendar needs one of day and months", "day = 20 or months = 1"
            )
        if self.counted == "policy" and self.policy is None:
            raise FileError(f"{where}: policy", "is missing", ", ".join(get_args(Policy)))


@dataclass(frozen=True)
class Ladder:
    """How an urgent order that nobody accepts is told, all by the wall clock from the promise's start.

    Attributes:
        level2: until level 2 is told; ``level3``: until level 3 is.
        page_every: a page this often, for ``page_for``; then one every ``page_then``.
        warn: until the accepter is warned that the solution is due.
    """

    level2: Span
    level3: Span
    page_every: Span
    page_for: Span
    page_then: Span
    warn: Span

    @classmethod
    def parse(cls, raw: Mapping[str, Any], where: str) -> Ladder:
        """Check the ``[ladder]`` table.

        Raises:
            FileError: an unknown or missing key, a span that is none, or level 3 told before level 2.
        """
        names = tuple(field.name for field in fields(cls))
        known(raw, names, where)
        spans = {}
        for name in names:
            spans[name] = _span(raw.get(name), f"{where}: {name}")
            if spans[name].days is not None:
                raise FileError(f"{where}: {name}", "urgent work knows no working days", '"20m"')
        ladder = cls(**spans)
        if ladder.level3.timedelta < ladder.level2.timedelta:
            raise FileError(f"{where}: level3", "comes before level2", "the longer of the two")
        return ladder


@dataclass(frozen=True)
class Routes:
    """Which role gets what.

    Attributes:
        default: the role of whatever has no route of its own.
        kinds: by kind of work order; it comes first, a complaint about 对账 is a complaint.
        topics: by topic.
    """

    default: str
    kinds: Mapping[str, str]
    topics: Mapping[str, str]

    @classmethod
    def parse(cls, raw: Mapping[str, Any], where: str) -> Routes:
        """Check the ``[routes]`` table.

        Raises:
            FileError: an unknown key, kind or role.
        """
        known(raw, ("default", "kinds", "topics"), where)
        kinds = known(raw.get("kinds", {}), KINDS, f"{where}.kinds")
        topics = raw.get("topics", {})
        if not isinstance(topics, Mapping):
            raise FileError(f"{where}.topics", f"must be a table, not {topics!r}")
        return cls(
            default=_role(raw.get("default"), f"{where}: default"),
            kinds={kind: _role(role, f"{where}.kinds: {kind}") for kind, role in kinds.items()},
            topics={topic: _role(role, f"{where}.topics: {topic}") for topic, role in topics.items()},
        )


def _span(raw: object, where: str) -> Span:
    if not isinstance(raw, str):
        raise FileError(where, f"{raw!r} is not a span", SPAN_FORM)
    try:
        return Span.parse(raw)
    except ValueError:
        raise FileError(where, f"{raw!r} is not a span", SPAN_FORM) from None


def _role(raw: object, where: str) -> str:
    return str(_one_of(ROLES)(raw, where))


def _text(raw: object, where: str) -> str:
    if not isinstance(raw, str) or not raw.strip() or "\n" in raw:
        raise FileError(where, f"{raw!r} is not a line of text")
    return raw


def _one_of(accepted: tuple[str, ...]) -> Callable[[object, str], str]:
    def parse(raw: object, where: str) -> str:
        if not isinstance(raw, str) or raw not in accepted:
            raise FileError(where, f"unknown value {raw!r}", ", ".join(accepted))
        return raw

    return parse


def _number(least: int, most: int) -> Callable[[object, str], int]:
    def parse(raw: object, where: str) -> int:
        if not isinstance(raw, int) or isinstance(raw, bool) or not least <= raw <= most:
            raise FileError(where, f"{raw!r} is out of range", f"{least} to {most}")
        return raw

    return parse


def _interval(raw: object, where: str) -> tuple[int, int]:
    if not isinstance(raw, list) or len(raw) != 2:
        raise FileError(where, f"{raw!r} is not a pair", "[1, 3]")
    low, high = (_number(1, 120)(months, where) for months in raw)
    if low > high:
        raise FileError(where, f"{raw!r} ends before it begins", "[1, 3]")
    return low, high


def _cutoffs(raw: object, where: str) -> tuple[Cutoff, ...]:
    form = '[{ before = "12:00", due = "12:00" }, { before = "24:00", due = "18:00" }]'
    if not isinstance(raw, list) or not raw:
        raise FileError(where, f"{raw!r} is not a list of rows", form)
    rows = []
    for row in raw:
        table = known(row, ("before", "due"), where)
        rows.append(Cutoff(_clock(table.get("before"), where), _clock(table.get("due"), where)))
    if any(a.before >= b.before for a, b in pairwise(rows)) or rows[-1].before != 1440:
        raise FileError(where, "rows must be in order and the last one reach 24:00", form)
    return tuple(rows)


def _clock(raw: object, where: str) -> int:
    match = _CLOCK.fullmatch(raw) if isinstance(raw, str) else None
    minutes = int(match[1]) * 60 + int(match[2]) if match and int(match[2]) < 60 else 0
    if not 0 < minutes <= 1440:
        raise FileError(where, f"{raw!r} is not a time of day", '"HH:MM" after 00:00, up to "24:00"')
    return minutes


def _plain(value: object) -> object:
    return str(value) if isinstance(value, Span) else value


_PARSERS: Mapping[str, Callable[[object, str], Any]] = {
    "text": _text,
    "source": _text,
    "counted": _one_of(get_args(Counted)),
    "owes": _one_of(get_args(Side)),
    "span": _span,
    "lead": _span,
    "suspension_lead": _span,
    "level": _number(1, 3),
    "silence": _text,
    "deemed": _one_of(get_args(Deemed)),
    "consequence": _one_of(get_args(Side)),
    "pausable": flag,
    "cutoffs": _cutoffs,
    "day": _number(1, 28),
    "months": _number(1, 120),
    "every_months": _interval,
    "policy": _one_of(get_args(Policy)),
    "photo_up_to": _number(0, 10**9),
    "retraining_fee": _number(0, 10**9),
}
