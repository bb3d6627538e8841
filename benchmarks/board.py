"""The console's board with 5,000 open orders among half a million closed ones, on PostgreSQL.

Ours is the whole page: who looks, counts, the first 50 orders with names and next steps, HTML. Theirs is no
more than the two statements for the same rows and counts, on a table without the board's index; what the
same two cost with it stands in ``what``. The three take turns, so that a drifting machine drifts for all.
"""

from __future__ import annotations

import json
import os
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from flask.testing import FlaskClient
from sqlalchemy import Connection, text

from benchmarks.callback import _SEED
from benchmarks.figure import Benchmark, Figure
from bot import wiring
from bot.settings import load
from bot.sql.engine import open_engine
from bot.sql.schema import upgrade
from bot.sql.unit import Units
from knowledge.library import Library
from tests.support.postgres import postgres
from workorders.directory.file import DirectoryFile
from workorders.orders.order import Kind

_OPEN, _CLOSED, _ROUNDS, _WARM_UP = 5_000, 500_000, 30, 8
#: A Monday in working hours.
_NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)

_FILL = """
INSERT INTO work_order
  (number, state, kind, role, text, partner_id, reporter, owner, due, snapshot)
OVERRIDING SYSTEM VALUE
SELECT n, CAST(:state AS text), 'daily', 'tech', '收银台打不开 ' || n, 1 + n % 2, 'xiaowang',
       CASE WHEN n % 3 = 0 THEN 'laoli' END,
       CASE WHEN CAST(:state AS text) = 'open' THEN CAST(:now AS timestamptz)
         + (n * 7919 % 86400) * interval '1 second' END,
       CAST(:snapshot AS jsonb) || jsonb_build_object('number', n)
FROM generate_series(CAST(:first AS int), CAST(:last AS int)) AS n
"""
_WINDOW = """
SELECT snapshot FROM work_order WHERE state IN ('parked', 'open', 'accepted', 'paused')
ORDER BY due NULLS LAST, number LIMIT 50
"""
_COUNTS = """
SELECT count(*), count(*) FILTER (WHERE due < :now), count(*) FILTER (WHERE owner IS NULL)
FROM work_order WHERE state IN ('parked', 'open', 'accepted', 'paused')
"""


def _board() -> Figure:
    with postgres(os.environ) as server:
        settings = _settings(server.url(server.create()))
        engine = open_engine(settings.database_url)
        upgrade(engine)
        program = wiring.build(
            settings,
            machine=lambda: _NOW,
            who_came=lambda code: code,
            library=Library.load(engine="lexical", unverified_answers=True),
        )
        _fill(program)
        client = _logged_in(program.web.test_client())
        apart = engine.execution_options(isolation_level="AUTOCOMMIT")
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
        program.close()
        engine.dispose()
    return Figure(
        ours=took["page"],
        theirs=took["bare"],
        unit="ms/page",
        better="lower",
        what=f"the board at {_OPEN:,} open and {_CLOSED:,} closed orders, median of {_ROUNDS}; theirs: "
        f"only its two statements, on a table without the board's index; with it {took['indexed']:.1f} ms",
    )


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


def _fill(program: wiring.Program) -> None:
    with Units(program.engine, lambda: _NOW, lambda lanes: None).begin() as unit:
        unit.directory.replace_with(DirectoryFile.parse(_SEED.read_text(encoding="utf-8"), "seed"))
        reporter = unit.directory.person("xiaowang")
        made = program.uses.orders(unit).open(Kind.DAILY, "收银台打不开", reporter)
        find = text("SELECT snapshot FROM work_order WHERE number = :number")
        snapshot = unit.conn.execute(find, {"number": made.number}).scalar_one()
        first = made.number + 1
        for state, count, held in (("open", _OPEN - 1, snapshot), ("closed", _CLOSED, {})):
            told = {"state": state, "now": _NOW, "first": first, "last": first + count - 1}
            unit.conn.execute(text(_FILL), {**told, "snapshot": json.dumps(held)})
            first += count
    with program.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        conn.execute(text("VACUUM ANALYZE work_order"))


def _logged_in(client: FlaskClient) -> FlaskClient:
    to = client.get("/console/login/start").headers["Location"]
    state = parse_qs(urlsplit(to).query)["state"][0]
    client.get(f"/console/login/done?code=laoli&state={state}")
    return client


def _page(client: FlaskClient) -> None:
    answer = client.get("/console/")
    if answer.status_code != 200 or answer.data.count(b'role="rowheader"') != 50:
        raise RuntimeError(f"the board was answered {answer.status_code}")


def _statements(conn: Connection) -> None:
    conn.execute(text(_WINDOW)).all()
    conn.execute(text(_COUNTS), {"now": _NOW}).all()


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
