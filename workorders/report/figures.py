"""The tables of reports, made of what a store counted."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from workorders.agreement.worktime import Calendar
from workorders.orders.kinds import Kind, Part
from workorders.orders.ledger import Cause, Outcome
from workorders.orders.rating import Reason
from workorders.report import period
from workorders.report.rows import Begun, By, Complaint, Counted, Happened, Missed, Rated, Took
from workorders.report.table import TOTAL, Cell, Column, Table, columns, percentile, share

Group = Literal["clause", "kind", "partner", "role", "person", "day", "week", "month", "quarter"]
"""What figures may be grouped by."""

GROUPS: tuple[Group, ...] = (
    "clause",
    "kind",
    "partner",
    "role",
    "person",
    "day",
    "week",
    "month",
    "quarter",
)

_FOLDS: Mapping[str, Callable[[date], str]] = {
    "week": period.week,
    "month": period.month,
    "quarter": period.quarter,
}
#: Rows of what was asked in vain, those asked most first.
_MOST = 100
_HOLDS = {"clause": "word", "kind": "word", "role": "word", "day": "day"}


@dataclass(frozen=True)
class Names:
    """What partners, our own people and people of either side are called."""

    partner: Callable[[int], str]
    person: Callable[[str], str]
    anybody: Callable[[str], str]


def counted_by(groups: Sequence[Group]) -> list[By]:
    """What a store must count by, so that it can be grouped so."""
    return list(dict.fromkeys("day" if group in _FOLDS else group for group in groups))  # type: ignore[misc]


def attainment(rows: Iterable[Counted], groups: Sequence[Group], names: Names) -> Table:
    """How many promises were kept: met of those met or missed. 退回 and void are neither; each stands apart.

    Args:
        rows: counted by :func:`counted_by` of ``groups``.
    """
    tally: dict[tuple[Cell, ...], Counter[str]] = defaultdict(Counter)
    for row in rows:
        under = tally[_key(row.key, groups)]
        under[row.outcome] += row.count
        under["filed"] += row.count if row.filed else 0
    made: list[tuple[Cell, ...]] = []
    for key, kept in _read(tally, groups, names):
        made.append((*key, *_kept(kept)))
    total = len(made) > 1
    if total:
        made.append((*_total(groups), *_kept(sum(tally.values(), Counter()))))
    heads = columns(
        "promises:count",
        "met:count",
        "missed:count",
        "declined:count",
        "void:count",
        "pending:count",
        "filed:count",
        "attained:share",
    )
    return Table("attainment", (*_heads(groups), *heads), tuple(made), total)


def _kept(tally: Counter[str]) -> tuple[Cell, ...]:
    outcomes = [
        tally[o] for o in (Outcome.MET, Outcome.MISSED, Outcome.DECLINED, Outcome.VOID, Outcome.PENDING)
    ]
    return sum(outcomes), *outcomes, tally["filed"], share(outcomes[0], outcomes[0] + outcomes[1])


def times(rows: Iterable[Took], groups: Sequence[Group], names: Names) -> Table:
    """How long promises took that were met: the median and the ninetieth of a hundred."""
    tally: dict[tuple[Cell, ...], Counter[int]] = defaultdict(Counter)
    for row in rows:
        tally[*_key(row.key, groups), row.part][row.seconds] += row.count
    made = []
    for key, took in _read(tally, groups, names):
        counts = sorted(took.items())
        made.append((*key, took.total(), _stretch(counts, 0.5), _stretch(counts, 0.9)))
    heads = columns("part:word", "met:count", "median:stretch", "p90:stretch")
    return Table("times", (*_heads(groups), *heads), tuple(made))


#: Where the columns of a distribution end, in minutes: fine where clauses are short, coarse behind.
_ENDS = (1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 45, 60, 90, 120, 240, 480, 1440)
_SPREAD = (Part.RESPONSE, Part.SOLUTION)


def spread(rows: Iterable[Took]) -> Table:
    """How many responses and solutions took how many minutes: above ``over``, at most ``upto``.

    Only up to the longest there was, to the second below; the last row has no end where a day was not enough.
    """
    tally: Counter[tuple[int, str]] = Counter()
    for row in rows:
        if row.part in _SPREAD:
            tally[bisect_left(_ENDS, row.seconds / 60), row.part] += row.count
    last = max((place for place, _ in tally), default=-1)
    made = tuple(
        (
            _ENDS[place - 1] if place else 0,
            _ENDS[place] if place < len(_ENDS) else None,
            *(tally[place, part] for part in _SPREAD),
        )
        for place in range(last + 1)
    )
    return Table("spread", columns("over:count", "upto:count", "response:count", "solution:count"), made)


def _stretch(counts: Sequence[tuple[int, int]], of: float) -> timedelta | None:
    found = percentile(counts, of)
    return None if found is None else timedelta(seconds=round(found))


def breaches(rows: Iterable[Missed], names: Names) -> Table:
    """Every missed promise, with why."""
    made = tuple(
        (
            row.order,
            row.clause,
            names.partner(row.partner) if row.partner is not None else "",
            row.role,
            names.person(row.person) if row.person else "",
            row.due,
            row.met_at,
            row.met_at - row.due if row.met_at else None,
            row.cause,
            row.reason,
        )
        for row in rows
    )
    heads = columns(
        "order:count",
        "clause:word",
        "partner:text",
        "role:word",
        "person:text",
        "due:moment",
        "met_at:moment",
        "late_by:stretch",
        "cause:word",
        "reason:text",
    )
    return Table("breaches", heads, made)


def causes(rows: Iterable[Counted], groups: Sequence[Group], names: Names) -> Table:
    """Why promises were missed, how often."""
    tally: dict[tuple[Cell, ...], Counter[str]] = defaultdict(Counter)
    for row in rows:
        if row.outcome == Outcome.MISSED:
            tally[_key(row.key, groups)][row.cause or ""] += row.count
    made: list[tuple[Cell, ...]] = []
    for key, why in _read(tally, groups, names):
        made.append((*key, why.total(), *(why[cause] for cause in Cause)))
    total = len(made) > 1
    if total:
        whole = sum(tally.values(), Counter())
        made.append((*_total(groups), whole.total(), *(whole[cause] for cause in Cause)))
    heads = columns("missed:count", *(f"{cause}:count" for cause in Cause))
    return Table("causes", (*_heads(groups), *heads), tuple(made), total)


def stars(rows: Iterable[Rated], groups: Sequence[Group], names: Names, calendar: Calendar) -> Table:
    """How reporters rated closed orders: how many, the average, each number of stars, and why few.

    Args:
        rows: counted by :func:`counted_by` of ``groups``, save the day, which is that of the rating.
    """
    tally: dict[tuple[Any, ...], Counter[Any]] = defaultdict(Counter)
    by = counted_by(groups)
    for row in rows:
        read = iter(row.key)
        counted = [calendar.local_day(row.since) if name == "day" else next(read) for name in by]
        tally[_key(counted, groups)][row.why or row.stars] += row.count
    made: list[tuple[Cell, ...]] = []
    for key, given in _read(tally, groups, names):
        made.append((*key, *_rated(given)))
    total = len(made) > 1
    if total:
        made.append((*_total(groups), *_rated(sum(tally.values(), Counter()))))
    few = (f"{reason}:count" for reason in Reason)
    heads = columns("ratings:count", "average:number", *(f"stars_{n}:count" for n in _STARS), *few)
    return Table("stars", (*_heads(groups), *heads), tuple(made), total)


_STARS = (5, 4, 3, 2, 1)


def _rated(given: Counter[Any]) -> tuple[Cell, ...]:
    count, mean = average(given)
    return count, mean, *(given[n] for n in _STARS), *(given[reason] for reason in Reason)


def average(given: Mapping[Any, int]) -> tuple[int, float | None]:
    """How many ratings, and their average; what else is counted there is left out."""
    count = sum(given.get(n, 0) for n in _STARS)
    return count, share(sum(n * given.get(n, 0) for n in _STARS), count)


def reroutes(rows: Iterable[tuple[str, str, int, int]]) -> Table:
    """From which role to which orders were sent on."""
    made = sorted(rows, key=lambda row: (-row[2], row[:2]))
    return Table("reroutes", columns("from:word", "to:word", "times:count", "orders:count"), tuple(made))


def happened(name: str, rows: Iterable[Happened], names: Names) -> Table:
    """What was done to which orders: ``downgrades`` with the reasons, ``reopened`` with what was said."""
    made = tuple(
        (
            row.order,
            names.partner(row.partner) if row.partner is not None else "",
            row.at,
            names.anybody(row.by) if row.by else "",
            row.words,
        )
        for row in rows
    )
    return Table(name, columns("order:count", "partner:text", "at:moment", "by:text", "words:text"), made)


_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def load(rows: Iterable[Begun], calendar: Calendar) -> Table:
    """When orders come: by local hour and weekday, all kinds together."""
    tally: Counter[tuple[int, int]] = Counter()
    for row in rows:
        local = calendar.local(row.since)
        tally[local.hour, local.weekday()] += row.count
    made: list[tuple[Cell, ...]] = []
    for hour in range(24):
        week = [tally[hour, day] for day in range(7)]
        made.append((f"{hour:02}:00", *week, sum(week)))
    whole = [sum(tally[hour, day] for hour in range(24)) for day in range(7)]
    made.append((TOTAL, *whole, sum(whole)))
    heads = columns("hour:text", *(f"{day}:count" for day in _WEEKDAYS), "orders:count")
    return Table("load", heads, tuple(made), total=True)


def orders(counts: Mapping[str, int]) -> Table:
    """How many orders were written down, by what they were opened as."""
    made: list[tuple[Cell, ...]] = [(kind, counts[kind]) for kind in Kind if kind in counts]
    total = len(made) > 1
    if total:
        made.append((TOTAL, sum(counts.values())))
    return Table("orders", columns("kind:word", "orders:count"), tuple(made), total)


def complaints(rows: Iterable[Complaint]) -> Table:
    """The yearly publication: number, kinds, share handled, and how fast (43号文 第28条).

    What was taken back is in the number and in no share.
    """
    by_kind: dict[str, list[Complaint]] = defaultdict(list)
    for row in rows:
        by_kind[row.about].append(row)
    made: list[tuple[Cell, ...]] = [
        (about, *_handled(mine))
        for about, mine in sorted(by_kind.items(), key=lambda kind: (-len(kind[1]), kind[0]))
    ]
    made.append((TOTAL, *_handled([row for mine in by_kind.values() for row in mine])))
    heads = columns(
        "about:word",
        "complaints:count",
        "withdrawn:count",
        "handled:count",
        "handled_share:share",
        "in_time:count",
        "in_time_share:share",
        "median:stretch",
        "p90:stretch",
    )
    return Table("complaints", heads, tuple(made), total=True)


def _handled(mine: Sequence[Complaint]) -> tuple[Cell, ...]:
    kept = [c for c in mine if not c.withdrawn]
    handled, in_time = sum(c.handled for c in kept), sum(c.in_time for c in kept)
    counts = sorted(Counter(round(c.took.total_seconds()) for c in kept if c.took is not None).items())
    return (
        len(mine),
        len(mine) - len(kept),
        handled,
        share(handled, len(kept)),
        in_time,
        share(in_time, len(kept)),
        _stretch(counts, 0.5),
        _stretch(counts, 0.9),
    )


def answers(rows: Mapping[tuple[str, str | None], int], title: Callable[[str], str]) -> Table:
    """What the articles answered, and what the askers said of it; whoever said nothing was helped, or left.

    Args:
        rows: how often each article ended so; None where the asker said nothing.
        title: an article's question by its id.
    """
    tally: dict[str, Counter[str]] = defaultdict(Counter)
    for (article, outcome), count in rows.items():
        tally[article][outcome or "silent"] += count
    made: list[tuple[Cell, ...]] = [
        (article, title(article), *_answered(tally[article]))
        for article in sorted(tally, key=lambda a: (-tally[a].total(), a))
    ]
    total = len(made) > 1
    if total:
        made.append((TOTAL, "", *_answered(sum(tally.values(), Counter()))))
    heads = columns(
        "article:text",
        "question:text",
        "answered:count",
        "solved:count",
        "silent:count",
        "unsolved:count",
        "human:count",
        "without_order:share",
    )
    return Table("answers", heads, tuple(made), total)


def _answered(tally: Counter[str]) -> tuple[Cell, ...]:
    whole, went_on = tally.total(), tally["unsolved"] + tally["human"]
    ends = (tally["solved"], tally["silent"], tally["unsolved"], tally["human"])
    return whole, *ends, share(whole - went_on, whole)


def calls(rows: Mapping[tuple[int, str], int], names: Names) -> Table:
    """Phone calls by partner: how many became an order, joined one there was, or were answered on the line.

    Args:
        rows: how many calls of a partner came to what.
    """
    tally: dict[int, Counter[str]] = defaultdict(Counter)
    for (partner, became), count in rows.items():
        tally[partner][became] += count
    made: list[tuple[Cell, ...]] = [
        (names.partner(partner), *_became(tally[partner]))
        for partner in sorted(tally, key=lambda p: (-tally[p].total(), names.partner(p)))
    ]
    total = len(made) > 1
    if total:
        made.append((TOTAL, *_became(sum(tally.values(), Counter()))))
    heads = columns(
        "partner:text",
        "calls:count",
        "orders:count",
        "joined:count",
        "on_the_line:count",
        "without_order:share",
    )
    return Table("calls", heads, tuple(made), total)


def _became(tally: Counter[str]) -> tuple[Cell, ...]:
    whole = tally.total()
    ends = (tally["order"], tally["joined"], tally["answered"])
    return whole, *ends, share(whole - tally["order"], whole)


def gaps(rows: Iterable[tuple[str, str | None, Any]]) -> Table:
    """Questions no article answered, the most asked first.

    Args:
        rows: the question as asked (masked), the nearest article's id, and when.
    """
    asked: dict[str, list[tuple[str, str | None, Any]]] = defaultdict(list)
    for row in rows:
        asked["".join(row[0].split()).casefold().rstrip("?？。！!~")].append(row)
    found = sorted(asked.values(), key=lambda same: (-len(same), same[0][0]))[:_MOST]
    made = tuple((same[-1][0], len(same), same[-1][1] or "", same[-1][2]) for same in found)
    return Table("gaps", columns("question:text", "times:count", "nearest:text", "last:moment"), made)


def unsolved(rows: Iterable[tuple[str, str, Any]], title: Callable[[str], str]) -> Table:
    """Articles whose answer did not help, those that failed most first.

    Args:
        rows: the article's id, the question as asked (masked), and when, oldest first.
        title: the question of an article, by its id.
    """
    failed: dict[str, list[tuple[str, str, Any]]] = defaultdict(list)
    for row in rows:
        failed[row[0]].append(row)
    found = sorted(failed.items(), key=lambda one: (-len(one[1]), one[0]))[:_MOST]
    made = tuple((title(id), len(same), same[-1][1], same[-1][2]) for id, same in found)
    return Table("unsolved", columns("article:text", "times:count", "question:text", "last:moment"), made)


def _key(key: Sequence[Any], groups: Sequence[Group]) -> tuple[Any, ...]:
    """What a row is grouped under: weeks and such folded out of its day, the rest as it was counted."""
    read = dict(zip(counted_by(groups), key, strict=True))
    return tuple(_FOLDS[group](read["day"]) if group in _FOLDS else read[group] for group in groups)


def _shown(key: Sequence[Any], groups: Sequence[Group], names: Names) -> tuple[Cell, ...]:
    """The same as a reader knows it. Two people of one name stay two rows."""
    shown: list[Cell] = []
    for group, value in zip(groups, key, strict=True):
        if value is None:
            shown.append("")
        elif group == "partner":
            shown.append(names.partner(value))
        else:
            shown.append(names.person(value) if group == "person" else value)
    return tuple(shown)


def _heads(groups: Sequence[Group]) -> tuple[Column, ...]:
    return columns(*(f"{group}:{_HOLDS.get(group, 'text')}" for group in groups))


def _total(groups: Sequence[Group]) -> tuple[Cell, ...]:
    return (TOTAL, *("" for _ in groups[1:]))


def _read(
    tally: Mapping[tuple[Any, ...], Counter[Any]], groups: Sequence[Group], names: Names
) -> list[tuple[tuple[Cell, ...], Counter[Any]]]:
    """The groups of a tally as they are shown, in reading order; nobody's comes last."""
    shown = [
        (_shown(key[: len(groups)], groups, names) + key[len(groups) :], of) for key, of in tally.items()
    ]
    return sorted(shown, key=lambda row: tuple((str(cell) == "", str(cell)) for cell in row[0]))
