"""Tables of figures as a page shows them: cells, the bars beside them, and what a chart is drawn from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.report_files import headings, shown, worded
from handlers.phrases import report as phrases
from workorders.agreement.worktime import Calendar
from workorders.orders.kinds import Kind, Part
from workorders.orders.ledger import Cause
from workorders.report.table import TOTAL, Cell, Table

#: What a page lists of a long table; all of it is in the files.
LISTED = 200
_FIGURES = ("count", "number", "share", "stretch")
_KINDS, _PARTS = list(Kind), list(Part)
_HEATS = 5


@dataclass(frozen=True)
class Shown:
    """A table in a page.

    Attributes:
        heads: each column's heading, whether figures stand in it, and its key.
        left_out: rows that are only in the files.
        total: whether the last row sums the others.
    """

    report: str
    title: str
    heads: tuple[tuple[str, bool, str], ...]
    rows: tuple[tuple[str, ...], ...]
    left_out: int = 0
    total: bool = False


def page_table(table: Table, calendar: Calendar, most: int = LISTED) -> Shown:
    """The table, its first rows where there are many."""
    rows = worded(table)
    cut = len(rows) > most
    return Shown(
        table.name,
        phrases.title(table.name),
        tuple(
            (heading, column.holds in _FIGURES and column.key != "order", column.key)
            for heading, column in zip(headings(table), table.columns, strict=True)
        ),
        tuple(
            tuple(shown(column, cell, calendar) for column, cell in zip(table.columns, row, strict=True))
            for row in rows[:most]
        ),
        len(rows) - most if cut else 0,
        table.total and not cut,
    )


@dataclass(frozen=True)
class Course:
    """Attainment in time: a line for each clause, a row for each day or week.

    Attributes:
        cells: by row and clause, the share and the counts it is made of, empty where nothing was promised.
        chart: what ``reports.js`` draws.
    """

    clauses: tuple[str, ...]
    cells: tuple[tuple[str, tuple[str, ...]], ...]
    chart: dict[str, Any]


def course(table: Table, steps: Sequence[str]) -> Course:
    """Attainment counted by clause and day or week, laid out in time.

    Args:
        table: of ``attainment``, its first two columns the day or week and the clause.
        steps: every day (ISO) or week of the period that has begun, in order.
    """
    found: dict[tuple[str, str], tuple[float, int, int]] = {}
    for row in table.records():
        if row[table.columns[0].key] != TOTAL and row["attained"] is not None:
            met, missed = _count(row["met"]), _count(row["missed"])
            step, clause = str(row[table.columns[0].key]), str(row["clause"])
            found[step, clause] = (met / (met + missed), met, met + missed)
    clauses = sorted({clause for _, clause in found}, key=_place)
    shares = {clause: [found.get((step, clause), (None,))[0] for step in steps] for clause in clauses}
    return Course(
        tuple(phrases.clause(clause) for clause in clauses),
        tuple((phrases.step(s), tuple(_kept(found.get((s, clause))) for clause in clauses)) for s in steps),
        {
            "draws": "lines",
            "unit": phrases.heading("attainment", table.columns[0].key),
            "labels": [phrases.tick(step) for step in steps],
            "series": [
                {
                    "name": phrases.clause(clause),
                    "values": values,
                    "colour": _colour(clause),
                    "dash": _dashed(clause),
                }
                for clause, values in shares.items()
            ],
        },
    )


def _kept(found: tuple[float, int, int] | None) -> str:
    return f"{found[0]:.1%}（{found[1]}/{found[2]}）" if found else ""


def _place(clause: str) -> tuple[int, int, str]:
    kind, _, part = clause.partition(".")
    return (
        _KINDS.index(Kind(kind)) if kind in _KINDS else len(_KINDS),
        _PARTS.index(Part(part)) if part in _PARTS else len(_PARTS),
        clause,
    )


def _colour(clause: str) -> int:
    """One for each kind of order, so that its clauses are seen to belong together; 7 for the rest."""
    return 1 + _place(clause)[0]


def _dashed(clause: str) -> bool:
    return clause.endswith(f".{Part.RESPONSE}")


def distributions(table: Table) -> list[dict[str, Any]]:
    """A chart of bars for each kind of promise that ``spread`` counts, those without any left out."""
    rows = table.records()
    charts = []
    for colour, part in ((1, Part.RESPONSE), (2, Part.SOLUTION)):
        counts = [_count(row[part]) for row in rows]
        if any(counts):
            last = max(place for place, count in enumerate(counts) if count)
            ticks = [phrases.until(_count(row["over"]), row["upto"]) for row in rows[: last + 1]]
            bars = {"name": phrases.heading("spread", part), "values": counts[: last + 1], "colour": colour}
            charts.append({"draws": "bars", "labels": ticks, "series": [bars]})
    return charts


@dataclass(frozen=True)
class Bar:
    """One line with a bar.

    Attributes:
        parts: where each part of the bar begins and how wide it is, in percent.
        note: a second figure.
    """

    name: str
    count: int
    parts: tuple[tuple[float, float], ...]
    note: str = ""


def causes(table: Table) -> list[Bar]:
    """Why promises were missed, the most frequent first."""
    if not table.rows:
        return []
    rows = table.records()
    whole = rows[-1:] if table.total else rows
    counts = {cause: sum(_count(row[cause]) for row in whole) for cause in Cause}
    most = max(counts.values())
    return [
        Bar(phrases.heading("causes", cause), count, ((0.0, 100 * count / most),))
        for cause, count in sorted(counts.items(), key=lambda c: -c[1])
        if count
    ]


#: How an answer may end, those that spared an order first.
ENDS = ("solved", "silent", "unsolved", "human")


def answers(table: Table, most: int = 10) -> list[Bar]:
    """What became of the articles most often answered with."""
    rows = [row for row in table.records() if row["article"] != TOTAL][:most]
    longest = max((_count(row["answered"]) for row in rows), default=0)
    made = []
    for row in rows:
        at, parts = 0.0, []
        for end in ENDS:
            wide = 100 * _count(row[end]) / longest
            parts.append((at, wide))
            at += wide
        name = str(row["question"] or row["article"])
        made.append(Bar(name, _count(row["answered"]), tuple(parts), _percent(row["without_order"])))
    return made


def _percent(share: Cell) -> str:
    return f"{share:.0%}" if isinstance(share, float) else ""


def heats(table: Table) -> list[tuple[str, list[tuple[int, int]]]]:
    """The load by hour: each weekday's count, and how warm it is from 0 (none) to 5 (the most)."""
    hours = [(str(row[0]), [_count(cell) for cell in row[1:8]]) for row in table.rows[:-1]]
    most = max(count for _, week in hours for count in week)
    return [(hour, [(count, _heat(count, most)) for count in week]) for hour, week in hours]


def _heat(count: int, most: int) -> int:
    return -(-_HEATS * count // most) if most else 0


def counted(rows: Iterable[dict[str, Cell]], key: str) -> int:
    """The sum of a column."""
    return sum(_count(row[key]) for row in rows)


def _count(cell: Cell) -> int:
    return cell if isinstance(cell, int) else 0
