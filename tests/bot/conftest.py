"""An office for a test: on SQLite and on PostgreSQL, migrated once and emptied each time."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, inspect
from structlog.testing import capture_logs

from bot.cli import unit as cli_unit
from bot.sql.engine import open_engine
from bot.sql.schema import upgrade
from tests.bot.office import Office
from tests.support.postgres import Postgres
from tests.support.stage import SEED, local
from workorders.directory.file import DirectoryFile
from workorders.sql.directory import SqlDirectory


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


@pytest.fixture
def seeded(_migrated_sqlite: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Commands are over the demo's directory, on Monday 2026-11-23 14:00: the database's address."""
    shutil.copy(_migrated_sqlite, tmp_path / "desk.db")
    url = f"sqlite:///{tmp_path / 'desk.db'}"
    engine = open_engine(url)
    with engine.begin() as conn:
        SqlDirectory(conn).replace_with(DirectoryFile.parse(SEED.read_text(encoding="utf-8"), "seed"))
    engine.dispose()
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setattr(cli_unit.desk_time, "of", lambda engine: lambda: local("2026-11-23 14:00"))
    return url
