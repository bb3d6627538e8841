"""The console's board with 5,000 open orders among half a million closed ones, on PostgreSQL.

Ours is the whole page: who looks, counts, the first 50 orders with names and next steps, HTML. Theirs is no
more than the two statements for the same rows and counts, on a table without the board's index; what the
same two cost with it stands in ``what``. The three take turns, so that a drifting machine drifts for all.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

from flask.testing import FlaskClient
from sqlalchemy import Connection, text

from benchmarks.figure import Benchmark, Figure
from benchmarks.population import CLOSED, LIVE, NOW, logged_in, populated

_ROUNDS, _WARM_UP = 30, 8

_WINDOW = """
SELECT snapshot FROM work_order WHERE state IN ('parked', 'open', 'accepted', 'paused')
ORDER BY due NULLS LAST, number LIMIT 50
"""
_COUNTS = """
SELECT count(*), count(*) FILTER (WHERE due < :now), count(*) FILTER (WHERE owner IS NULL)
FROM work_order WHERE state IN ('parked', 'open', 'accepted', 'paused')
"""


def _board() -> Figure:
    with populated() as program:
        client = logged_in(program, "laoli")
        apart = program.engine.execution_options(isolation_level="AUTOCOMMIT")
        with apart.connect() as bare, apart.connect() as indexed:
            bare.execute(text("SET enable_indexscan = off"))
            bare.execute(text("SET enable_indexonlyscan = off"))
            bare.execute(text("SET enable_bitmapscan = off"))
            took = _in_turns(
                {
                    "page": lambda: _page(client),
                    "bare": lambda: _statements(bare),
                    "indexed": lambda: _statements(indexed),
                }
            )
    return Figure(
        ours=took["page"],
        theirs=took["bare"],
        unit="ms/page",
        better="lower",
        what=f"the board at {LIVE:,} open and {CLOSED:,} closed orders, median of {_ROUNDS}; theirs: "
        f"only its two statements, on a table without the board's index; with it {took['indexed']:.1f} ms",
    )


def _page(client: FlaskClient) -> None:
    answer = client.get("/console/")
    if answer.status_code != 200 or answer.data.count(b'role="rowheader"') != 50:
        raise RuntimeError(f"the board was answered {answer.status_code}")


def _statements(conn: Connection) -> None:
    conn.execute(text(_WINDOW)).all()
    conn.execute(text(_COUNTS), {"now": NOW}).all()


def _in_turns(measured: dict[str, Callable[[], None]]) -> dict[str, float]:
    """The median milliseconds of each."""
    took: dict[str, list[float]] = {name: [] for name in measured}
    for round_ in range(_WARM_UP + _ROUNDS):
        for name, act in measured.items():
            began = time.perf_counter()
            act()
            if round_ >= _WARM_UP:
                took[name].append((time.perf_counter() - began) * 1000)
    return {name: statistics.median(times) for name, times in took.items()}


FIGURES: dict[str, Benchmark] = {"board": _board}
