"""A desk that has worked for long: half a million closed orders of a quarter and five thousand that are live.

Everything follows from an order's number, so that every run measures and counts the same.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from flask.testing import FlaskClient
from sqlalchemy import Connection, text

from benchmarks.callback import _SEED
from bot import wiring
from bot.settings import load
from bot.sql.engine import open_engine
from bot.sql.schema import upgrade
from knowledge.library import Library
from tests.support.postgres import postgres
from workorders.directory.file import DirectoryFile
from workorders.directory.rows import PartnerRow
from workorders.orders.order import Kind
from workorders.report.period import Period

LIVE, CLOSED = 5_000, 500_000
#: A Monday in working hours; the closed orders are of the quarter before.
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
QUARTER = Period.parse("2026-Q3")
#: Beside the demo's.
_PARTNERS = 18

#: Orders of a quarter: each opened at some second of a working day, accepted and solved some time later, one
#: in thirty sent back.
_DRAWN = """
CREATE TEMPORARY TABLE drawn AS
SELECT n AS number, 1 + n % :partners AS partner, role, person, opens,
       opens + response * interval '1 second' AS accepted, response,
       opens + solution * interval '1 second' AS solved, solution,
       n % 30 = 0 AS declined
FROM (
  SELECT n, (CAST(:days AS timestamptz[]))[1 + n % :count]
           + make_interval(secs => (n * 7919::bigint % 27000)::int) AS opens,
         (n * 104729::bigint % 330)::int AS response,
         330 + (n * 15485863::bigint % 900)::int AS solution,
         (ARRAY['tech', 'middle_office', 'aftersales'])[1 + n % 3] AS role,
         'person' || n % 40 AS person
  FROM generate_series(CAST(:first AS int), CAST(:last AS int)) AS n
) AS each
"""
_CLOSED = (
    """
    INSERT INTO work_order (number, state, kind, role, partner_id, reporter, owner, snapshot)
    OVERRIDING SYSTEM VALUE
    SELECT number, 'closed', 'daily', role, partner, 'reporter', person, '{}' FROM drawn
    """,
    """
    INSERT INTO order_event (order_number, number, verb, at, by, facts, change)
    SELECT number, 1, 'open', opens, 'reporter', '{}'::jsonb, '{"kind": "daily"}'::jsonb FROM drawn
    UNION ALL
    SELECT number, 5, 'solve', solved, person, '{}'::jsonb,
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
)
_LIVE = """
INSERT INTO work_order
  (number, state, kind, role, text, partner_id, reporter, owner, due, snapshot)
OVERRIDING SYSTEM VALUE
SELECT n, 'open', 'daily', 'tech', '收银台打不开 ' || n, 1 + n % 2, 'xiaowang',
       CASE WHEN n % 3 = 0 THEN 'laoli' END,
       CAST(:now AS timestamptz) + (n * 7919 % 86400) * interval '1 second',
       CAST(:snapshot AS jsonb) || jsonb_build_object('number', n)
FROM generate_series(CAST(:first AS int), CAST(:last AS int)) AS n
"""


@contextmanager
def populated() -> Iterator[wiring.Program]:
    """The whole program over such a desk on PostgreSQL, at :data:`NOW`."""
    with postgres(os.environ) as server:
        name = server.create()
        settings = _settings(server.url(name))
        engine = open_engine(settings.database_url)
        upgrade(engine)
        program = wiring.build(
            settings,
            machine=lambda: NOW,
            who_came=lambda code: code,
            library=Library.load(engine="lexical", unverified_answers=True),
        )
        try:
            _fill(program)
            yield program
        finally:
            program.close()
            engine.dispose()
            server.drop(name)


def logged_in(program: wiring.Program, userid: str) -> FlaskClient:
    """A browser in which that person of the demo's directory has logged in."""
    client = program.web.test_client()
    to = client.get("/console/login/start").headers["Location"]
    state = parse_qs(urlsplit(to).query)["state"][0]
    client.get(f"/console/login/done?code={userid}&state={state}")
    return client


def _fill(program: wiring.Program) -> None:
    with program.units.begin() as unit:
        file = DirectoryFile.parse(_SEED.read_text(encoding="utf-8"), "seed")
        more = tuple(PartnerRow(name=f"伙伴{i:02}") for i in range(_PARTNERS))
        unit.directory.replace_with(replace(file, partners=(*file.partners, *more)))
        reporter = unit.directory.person("xiaowang")
        made = program.uses.orders(unit).open(Kind.DAILY, "收银台打不开", reporter)
        find = text("SELECT snapshot FROM work_order WHERE number = :number")
        snapshot = json.dumps(unit.conn.execute(find, {"number": made.number}).scalar_one())
        first = made.number + 1
        last = made.number + LIVE - 1
        unit.conn.execute(text(_LIVE), {"now": NOW, "first": first, "last": last, "snapshot": snapshot})
        _close(unit.conn, program, last + 1)
    with program.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        conn.execute(text("VACUUM ANALYZE"))


def _close(conn: Connection, program: wiring.Program, first: int) -> None:
    calendar = program.uses.agreement.calendar
    opens: list[Any] = [calendar.moment(day, 9 * 60) for day in QUARTER.days if calendar.is_working_day(day)]
    drawn = {"days": opens, "count": len(opens), "first": first, "last": first + CLOSED - 1}
    conn.execute(text(_DRAWN), {**drawn, "partners": 2 + _PARTNERS})
    for statement in _CLOSED:
        conn.execute(text(statement))


def _settings(database_url: str) -> Any:
    key = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
    return load(
        {
            "DATABASE_URL": database_url,
            "REDIS_URL": "redis://127.0.0.1:1/0",
            "SECRET_KEY": "k" * 40,
            "PUBLIC_URL": "http://localhost",
            "WECOM_API_BASE": "http://127.0.0.1:1",
            "HOTLINE_PHONE": "400-000-0000",
            "WECOM_CORP_ID": "wx5823bf96d3bd56c7",
            "WECOM_AGENT_ID": "218",
            "WECOM_SECRET": "secret-of-the-benchmark",
            "WECOM_TOKEN": "hyphenless",
            "WECOM_AES_KEY": key,
            "AIBOT_NAME": "服务台",
            "AIBOT_TOKEN": "hyphenless",
            "AIBOT_AES_KEY": key,
        }
    )
