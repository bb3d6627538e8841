"""A quarter's figures over half a million closed orders, beside the same asked of the events themselves.

Both answer by clause, partner and week, on PostgreSQL, and must come to the same numbers. Ours is the whole
of ``desk report attainment``: the ledger of promises counted by the database, days folded into weeks, names
read, the table made. Theirs is one SQL statement over the JSON of the events, as a desk without a ledger
would ask; it is spared every event but the one that holds an order's last promises. The console's page of
that quarter, seven such reports and their charts, takes its turn between them and stands in ``what``.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import Connection, text

from benchmarks.figure import Benchmark, Figure
from benchmarks.population import CLOSED, LIVE, QUARTER, logged_in, populated
from bot.reports import Asked, Source
from workorders.report.table import TOTAL, Table

_ROUNDS = 5
_THEIRS = """
SELECT p ->> 'clause', partner.name,
       to_char((p ->> 'starts')::timestamptz AT TIME ZONE 'Asia/Shanghai', 'IYYY-"W"IW'),
       count(*) FILTER (WHERE p ->> 'breached_at' IS NULL AND p ->> 'void' IS NULL),
       count(*) FILTER (WHERE p ->> 'breached_at' IS NOT NULL)
FROM (
  SELECT DISTINCT ON (order_number) order_number, change -> 'promises' AS promises
  FROM order_event WHERE change ? 'promises' ORDER BY order_number, number DESC
) AS last
JOIN work_order ON work_order.number = last.order_number
JOIN partner ON partner.id = work_order.partner_id
CROSS JOIN LATERAL jsonb_array_elements(promises) AS p
WHERE (p ->> 'starts')::timestamptz >= :since AND (p ->> 'starts')::timestamptz < :until
GROUP BY 1, 2, 3
"""


def _report() -> Figure:
    with populated() as program:
        client = logged_in(program, "wangzhuguan")
        calendar = program.uses.agreement.calendar
        since, until = QUARTER.moments(calendar)
        took: dict[str, list[float]] = {"ours": [], "theirs": [], "page": []}
        for _ in range(_ROUNDS):
            with program.units.reading() as unit:
                asked = Asked(QUARTER, ("clause", "partner", "week"))
                ours = partial(Source(unit, calendar).table, "attainment", asked)
                table: Table = _timed(took["ours"], ours)
                rows = _timed(took["theirs"], partial(_theirs, unit.conn, since, until))
            _timed(took["page"], lambda: _page(client))
    kept = {
        (r["clause"], r["partner"], r["week"]): (r["met"], r["missed"])
        for r in table.records()
        if r["clause"] != TOTAL
    }
    if kept != {tuple(row[:3]): tuple(row[3:]) for row in rows}:
        raise RuntimeError("the two do not come to the same numbers")
    page = statistics.median(took["page"])
    return Figure(
        ours=statistics.median(took["ours"]),
        theirs=statistics.median(took["theirs"]),
        unit="s/report",
        better="lower",
        what=f"a quarter's attainment by clause, partner and week at {LIVE:,} open and {CLOSED:,} closed "
        "orders on PostgreSQL; theirs: one SQL statement over the events' JSON; "
        f"the console's page of that quarter, seven such tables: {page:.2f} s",
    )


def _theirs(conn: Connection, since: datetime, until: datetime) -> Sequence[Any]:
    return conn.execute(text(_THEIRS), {"since": since, "until": until}).all()


def _timed(took: list[float], act: Callable[[], Any]) -> Any:
    began = time.perf_counter()
    done = act()
    took.append(time.perf_counter() - began)
    return done


def _page(client: FlaskClient) -> None:
    answer = client.get(f"/console/reports/?period={QUARTER.name}")
    if answer.status_code != 200 or answer.data.count(b"data-chart") != 3:
        raise RuntimeError(f"the page of figures was answered {answer.status_code}")


FIGURES: dict[str, Benchmark] = {"report": _report}
