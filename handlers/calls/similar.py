"""Which of a partner's open orders a new call may be about again."""

from __future__ import annotations

from collections.abc import Iterable

from handlers.reading import bare
from workorders.orders.order import WorkOrder

#: From how much of the shorter text two share they are likely one problem.
LIKELY = 0.5


def similar(problem: str, orders: Iterable[WorkOrder]) -> list[tuple[WorkOrder, bool]]:
    """The orders, the likeliest first, then the newest; with each, whether it is likely the same problem."""
    ranked = [(alike(problem, order.text), order) for order in orders]
    ranked.sort(key=lambda pair: (-round(pair[0], 1), -pair[1].number))
    return [(order, likeness >= LIKELY) for likeness, order in ranked]


def alike(one: str, other: str) -> float:
    """How much of the shorter text the other says too, 0 to 1, by pairs of neighbouring characters."""
    pairs = [{word[i : i + 2] for i in range(len(word) - 1)} for word in map(bare, (one, other))]
    least = min(len(each) for each in pairs)
    return len(pairs[0] & pairs[1]) / least if least else 0.0
