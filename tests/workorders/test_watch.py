"""What wakes by itself: one batch, one bad row, and how long it rests (design §4, A due moment)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest

from workorders.watch import MOST_ROWS, MOST_TIME, rest_after, sweep


class Rows:
    """Watched rows that remember what was done; ``bad`` ones raise."""

    def __init__(self, ids: range, bad: frozenset[int] = frozenset()) -> None:
        self.ids, self.bad = ids, bad
        self.settled: list[int] = []
        self.aside: list[int] = []
        self.kept: list[int] = []

    def due(self, limit: int) -> list[int]:
        return list(self.ids)[:limit]

    def settle(self, id: int) -> None:
        self.settled.append(id)
        if id in self.bad:
            raise ValueError(f"row {id}")

    def set_aside(self, id: int) -> None:
        self.aside.append(id)

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        before = len(self.settled)
        yield
        self.kept += self.settled[before:]


def quick() -> timedelta:
    return timedelta(0)


def test_a_batch_is_a_hundred_rows_at_most() -> None:
    rows = Rows(range(250))
    assert sweep(rows, rows.savepoint, quick, lambda *_: None) == MOST_ROWS == 100
    assert rows.kept == list(range(100))


def test_a_batch_ends_when_its_time_is_used_up_but_never_before_its_first_row() -> None:
    rows = Rows(range(10))
    spent = iter([MOST_TIME / 2, MOST_TIME, MOST_TIME * 2])
    assert sweep(rows, rows.savepoint, lambda: next(spent), lambda *_: None) == 3
    rows = Rows(range(10))
    assert sweep(rows, rows.savepoint, lambda: MOST_TIME * 2, lambda *_: None) == 1


def test_a_row_that_raises_is_set_aside_reported_and_taken_back_and_the_others_go_on() -> None:
    rows, reported = Rows(range(5), frozenset({1, 3})), []
    sweep(rows, rows.savepoint, quick, lambda id, error: reported.append((id, str(error))))
    assert rows.kept == [0, 2, 4]
    assert rows.aside == [1, 3]
    assert reported == [(1, "row 1"), (3, "row 3")]


def test_nothing_due_is_nothing_done() -> None:
    rows = Rows(range(0))
    assert sweep(rows, rows.savepoint, quick, lambda *_: None) == 0


@pytest.mark.parametrize(
    ("stumbles", "seconds"),
    [(1, 30), (2, 60), (3, 120), (4, 240), (5, 480), (6, 600), (10**6, 600)],
)
def test_a_row_rests_thirty_seconds_then_twice_as_long_up_to_ten_minutes(stumbles: int, seconds: int) -> None:
    assert rest_after(stumbles) == timedelta(seconds=seconds)
