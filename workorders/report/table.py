"""A table of figures: what its columns hold, so that every reader of it can say it in their own way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

Holds = Literal["text", "word", "count", "share", "stretch", "moment", "day", "number"]
"""What a column's cells are: somebody's words; a code of ours (clause, role, cause …); a whole number; a part
of one from 0 to 1; a stretch of time; an aware moment (UTC); a local day; a decimal number."""

Cell = str | int | float | timedelta | datetime | date | None
"""None where there is nothing to say, such as the share of no orders."""


@dataclass(frozen=True)
class Column:
    """A column, by its key in English."""

    key: str
    holds: Holds


@dataclass(frozen=True)
class Table:
    """Rows in the order they should be read.

    Attributes:
        name: of the report.
        columns: what the cells of each row are.
        total: whether the last row sums the others.
    """

    name: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: bool = False

    def records(self) -> list[dict[str, Cell]]:
        """Every row with the keys of its columns."""
        keys = [column.key for column in self.columns]
        return [dict(zip(keys, row, strict=True)) for row in self.rows]


#: What the first cell of a row says that sums the others.
TOTAL = "total"


def columns(*specs: str) -> tuple[Column, ...]:
    """Columns written as ``key:holds``."""
    return tuple(Column(*spec.split(":")) for spec in specs)  # type: ignore[arg-type]


def share(part: int, whole: int) -> float | None:
    """A part of a whole, None of nothing."""
    return part / whole if whole else None


def percentile(counts: Sequence[tuple[int, int]], of: float) -> float | None:
    """The value below which that share of all values lies, between two of them in proportion.

    Args:
        counts: values in rising order, each with how often it occurs.
        of: from 0 to 1; 0.5 is the median.
    """
    total = sum(times for _, times in counts)
    if not total:
        return None
    place = of * (total - 1)
    below = int(place)
    low, high = _at(counts, below), _at(counts, min(below + 1, total - 1))
    return low + (high - low) * (place - below)


def _at(counts: Sequence[tuple[int, int]], place: int) -> int:
    for value, times in counts:
        if place < times:
            return value
        place -= times
    return counts[-1][0]
