"""What a published figure is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Figure:
    """One measured figure, beside the same measure of something comparable.

    Args:
        ours: what this project measured.
        theirs: what the peer named in ``what`` measured on the same machine, None where nothing compares.
        unit: of both, e.g. ``ms``, ``messages/s``, ``of 1``.
        better: whether a lower or a higher number is the better one.
        what: in one sentence, what was measured and against what.
    """

    ours: float
    theirs: float | None
    unit: str
    better: Literal["lower", "higher"]
    what: str

    @property
    def ratio(self) -> float | None:
        """How many times as good ours is: above 1 is better whatever the unit; None without a peer."""
        if self.theirs is None:
            return None
        good, bad = (self.ours, self.theirs) if self.better == "higher" else (self.theirs, self.ours)
        return good / bad if bad else None


Benchmark = Callable[[], Figure]
"""What a module of this folder lists in its ``FIGURES``, by the figure's published name."""
