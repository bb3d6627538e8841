"""What wakes by itself: rows with the moment they must be looked at next, and how they are looked at."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Protocol, TypeVar

Id = TypeVar("Id", bound=Hashable)

#: Rows, and time, a sweep may take in one transaction.
MOST_ROWS = 100
MOST_TIME = timedelta(milliseconds=100)

#: How long a row that raised is left alone: doubling from the first to the last.
FIRST_REST = timedelta(seconds=30)
LAST_REST = timedelta(minutes=10)


class Watched(Protocol[Id]):
    """One kind of row that wakes by itself, within one unit of work."""

    def due(self, limit: int) -> list[Id]:
        """What must be looked at now, most urgent first, locked against other sweeps."""

    @property
    def settle(self) -> Callable[[Id], object]:
        """Looks at one row and does what is due; it will not be due again until something changes."""

    def set_aside(self, id: Id) -> None:
        """Leave a row alone for a while after :meth:`settle` raised."""


def rest_after(stumbles: int) -> timedelta:
    """How long to leave a row alone that has raised that often in a row (from 1)."""
    doublings = max(0, min(stumbles - 1, 10))
    return min(FIRST_REST * (1 << doublings), LAST_REST)


def sweep(
    watched: Watched[Id],
    savepoint: Callable[[], AbstractContextManager[object]],
    elapsed: Callable[[], timedelta],
    report: Callable[[Id, Exception], None],
) -> int:
    """Look at what is due, one batch; the caller's unit commits it.

    Args:
        savepoint: makes a savepoint, so that a row that raises takes nothing else along.
        elapsed: machine time since the batch began.
        report: is told of a row that raised, and of what it raised.

    Returns:
        How many rows were looked at.
    """
    looked = 0
    for id in watched.due(MOST_ROWS):
        try:
            with savepoint():
                watched.settle(id)
        except Exception as error:  # noqa: BLE001  (whatever a row raises must not stop the others)
            watched.set_aside(id)
            report(id, error)
        looked += 1
        if elapsed() > MOST_TIME:
            break
    return looked
