"""A quarter's attainment over half a million closed orders, beside the same asked of the events themselves.

Both answer by clause, partner and week, on PostgreSQL, and must come to the same numbers. Ours is the whole
of ``desk report attainment``: the ledger of promises counted by the database, days folded into weeks, names
read, the table made. Theirs is one SQL statement over the JSON of the events, as a desk without a ledger
would ask; it is spared every event but the one that holds an order's last promises.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, text

from benchmarks.figure import Benchmark, Figure
from bot.reports import Asked, Source
from bot.sql.engine import open_engine
from bot.sql.schema import upgrade
from bot.sql.unit import Unit, Units
from tests.support.postgres import postgres
from workorders.agreement.clauses import Agreement
from workorders.directory.file import DirectoryFile
from workorders.directory.rows import PartnerRow
from workorders.report.figures import Group
from workorders.report.period import Period
from workorders.report.table import TOTAL

_ORDERS, _PARTNERS, _ROUNDS = 500_000, 20, 3
_GROUPS: tuple[Group, ...] = ("clause", "partner", "week")
_QUARTER = Period.parse("2026-Q4")
_CALENDAR = Agreement.load().calendar

#: Orders of a quarter: each opened at some second of a working day, accepted and solved some time later, one
#: in thirty sent back; everything follows from the order's number, so that every run counts the same.
_DRAWN = """
CREATE TEMPORARY TABLE drawn AS
SELECT n AS number, 1 + n % {partners} AS partner, role, person, opens,
       opens + response * interval '1 second' AS accepted, response,
       opens + solution * interval '1 second' AS solved, solution,
       n % 30 = 0 AS declined
FROM (
  SELECT n, (:days)[1 + n % :count] + make_interval(secs => (n * 7919::bigint % 27000)::int) AS opens,
         (n * 104729::bigint % 330)::int AS response,
         330 + (n * 15485863::bigint % 900)::int AS solution,
         (ARRAY['tech', 'middle_office', 'aftersales'])[1 + n % 3] AS role,
         'person' || n % 40 AS person
  FROM generate_series(1001, 1000 + :orders) AS n
) AS each
"""
_FILL = (
    """
    INSERT INTO work_order (number, state, kind, partner_id, reporter, owner, snapshot)
    OVERRIDING SYSTEM VALUE
    SELECT number, 'closed', 'daily', partner, 'reporter', person, '{}' FROM drawn
    """,
    """
    INSERT INTO order_event (order_number, number, verb, at, by, facts, change)
    SELECT number, 5, 'solve', solved, person, '{}',
      jsonb_build_object('owner', person, 'promises', jsonb_build_array(
      jsonb_build_object('clause', 'daily.response', 'part', 'response', 'generation', 1, 'starts', opens,
        'due', opens + interval '5 minutes', 'counted', 'working', 'met_at', accepted,
        'breached_at', CASE WHEN response > 300 THEN opens + interval '5 minutes' END, 'void', NULL),
      jsonb_build_object('clause', 'daily.solution', 'part', 'solution', 'generation', 1, 'starts', opens,
        'due', opens + interval '20 minutes', 'counted', 'working',
        'met_at', CASE WHEN NOT declined THEN solved END,
        'breached_at', CASE WHEN solution > 1200 THEN opens + interval '20 minutes' END,
        'void', CASE WHEN declined THEN 'declined' END)))
    FROM drawn
    """,
    """
    INSERT INTO promise (order_number, position, clause, part, generation, kind, role, partner_id, person,
                         day, starts, due, met_at, breached_at, outcome, took_us, idle_us, cause,
                         reason, filed)
    SELECT number, position, clause, part, 1, 'daily', role, partner, person,
           (opens AT TIME ZONE 'Asia/Shanghai')::date, opens, opens + span * interval '1 second',
           CASE WHEN NOT void THEN opens + took * interval '1 second' END,
           CASE WHEN took > span THEN opens + span * interval '1 second' END,
           CASE WHEN took > span THEN 'missed' WHEN void THEN 'declined' ELSE 'met' END,
           CASE WHEN NOT void THEN took * 1000000::bigint END, 0,
           CASE WHEN took > span THEN 'unsolved' END, '', false
    FROM drawn CROSS JOIN LATERAL (VALUES
      (0, 'daily.response', 'response', 300, response, false),
      (1, 'daily.solution', 'solution', 1200, solution, declined)
    ) AS p (position, clause, part, span, took, void)
    """,
    "ANALYZE",
)
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


def _attainment() -> Figure:
    with _desk() as unit:
        since, until = _QUARTER.moments(_CALENDAR)
        took: dict[str, list[float]] = {"ours": [], "theirs": []}
        for _ in range(_ROUNDS):
            began = time.perf_counter()
            table = Source(unit, _CALENDAR).table(
                "attainment", Asked(_QUARTER, ("clause", "partner", "week"))
            )
            took["ours"].append(time.perf_counter() - began)
            began = time.perf_counter()
            rows = unit.conn.execute(text(_THEIRS), {"since": since, "until": until}).all()
            took["theirs"].append(time.perf_counter() - began)
        ours = {
            (r["clause"], r["partner"], r["week"]): (r["met"], r["missed"])
            for r in table.records()
            if r["clause"] != TOTAL
        }
        if ours != {tuple(row[:3]): tuple(row[3:]) for row in rows}:
            raise RuntimeError("the two do not come to the same numbers")
    return Figure(
        ours=statistics.median(took["ours"]),
        theirs=statistics.median(took["theirs"]),
        unit="s/report",
        better="lower",
        what=f"a quarter's attainment by clause, partner and week over {_ORDERS:,} closed orders on "
        "PostgreSQL; theirs: one SQL statement over the events' JSON",
    )


@contextmanager
def _desk() -> Iterator[Unit]:
    with postgres(os.environ) as server:
        name = server.create()
        engine = open_engine(server.url(name))
        try:
            upgrade(engine)
            units = Units(engine, lambda: _QUARTER.moments(_CALENDAR)[1], lambda lanes: None)
            with units.begin() as unit:
                partners = tuple(PartnerRow(name=f"伙伴{i:02}") for i in range(_PARTNERS))
                unit.directory.replace_with(DirectoryFile(partners=partners))
                _fill(unit.conn)
            with units.reading() as unit:
                yield unit
        finally:
            engine.dispose()
            server.drop(name)


def _fill(conn: Connection) -> None:
    days = [_QUARTER.since + timedelta(days=i) for i in range((_QUARTER.until - _QUARTER.since).days + 1)]
    opens: list[Any] = [_CALENDAR.moment(day, 9 * 60) for day in days if _CALENDAR.is_working_day(day)]
    drawn = {"days": opens, "count": len(opens), "orders": _ORDERS}
    conn.execute(text(_DRAWN.format(partners=_PARTNERS)), drawn)
    for statement in _FILL:
        conn.execute(text(statement))


FIGURES: dict[str, Benchmark] = {"report": _attainment}
