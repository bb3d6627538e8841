"""An office for a test: on SQLite and on PostgreSQL, migrated once and emptied each time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine, inspect
from structlog.testing import capture_logs

from bot.sql.engine import open_engine
from bot.sql.schema import upgrade
from tests.bot.office import Office
from tests.support.postgres import Postgres


@pytest.fixture(scope="session")
def _sqlite_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with _desk(f"sqlite:///{tmp_path_factory.mktemp('office') / 'desk.db'}") as engine:
        yield engine


@pytest.fixture(scope="session")
def _postgresql_desk(postgres_server: Postgres) -> Iterator[Engine]:
    with _desk(postgres_server.url(postgres_server.create())) as engine:
        yield engine


@contextmanager
def _desk(url: str) -> Iterator[Engine]:
    engine = open_engine(url)
    upgrade(engine)
    yield engine
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def office(request: pytest.FixtureRequest) -> Iterator[Office]:
    """An office with a directory and no order yet; its numbers begin at 1001."""
    engine: Engine = request.getfixturevalue(f"_{request.param}_desk")
    _empty(engine)
    with capture_logs() as log:
        office = Office(engine)
        office.log = log
        yield office


def _empty(engine: Engine) -> None:
    tables = [t for t in inspect(engine).get_table_names() if t != "alembic_version"]
    with engine.begin() as conn:
        if engine.dialect.name == "postgresql":
            conn.exec_driver_sql("SET LOCAL session_replication_role = replica")  # the audit's triggers rest
            conn.exec_driver_sql(f"TRUNCATE {', '.join(tables)} RESTART IDENTITY CASCADE")
            return
        conn.exec_driver_sql("INSERT OR REPLACE INTO audit_anchor VALUES (1000000, '', '')")
        conn.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        for table in tables:
            conn.exec_driver_sql(f"DELETE FROM {table}")
        conn.exec_driver_sql("UPDATE sqlite_sequence SET seq = 1000 WHERE name = 'work_order'")
