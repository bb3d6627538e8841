"""A fresh stage for each journey, on both databases."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.sql.engine import open_engine
from bot.sql.schema import upgrade
from knowledge.library import Library
from tests.support.postgres import Postgres
from tests.support.stage import Stage


@pytest.fixture(scope="session")
def library() -> Library:
    return Library.load(engine="lexical", unverified_answers=True)


@pytest.fixture(scope="session")
def sqlite_tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite database with all tables and no rows, to be copied."""
    path = tmp_path_factory.mktemp("tables") / "desk.db"
    engine = open_engine(f"sqlite:///{path}")
    upgrade(engine)
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgres_tables(postgres_server: Postgres) -> str:
    """The name of a PostgreSQL database with all tables and no rows, to be copied."""
    name = postgres_server.create()
    engine = open_engine(postgres_server.url(name))
    upgrade(engine)
    engine.dispose()
    return name


@pytest.fixture(params=["sqlite", "postgresql"])
def tables_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database with all tables and no rows, of either kind."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_tables"), tmp_path / "desk.db")
        yield f"sqlite:///{tmp_path / 'desk.db'}"
        return
    server: Postgres = request.getfixturevalue("postgres_server")
    name = server.create(request.getfixturevalue("postgres_tables"))
    yield server.url(name)
    server.drop(name)


@pytest.fixture
def stage(tables_url: str, redis_url: str, library: Library) -> Iterator[Stage]:
    """Monday 2026-11-23 10:00 in Shanghai; everybody of the demo is there."""
    stage = Stage.set(tables_url, redis_url, library)
    yield stage
    stage.close()
