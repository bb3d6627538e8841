"""A desk of its own for every test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.sql.engine import open_engine
from bot.sql.schema import upgrade
from knowledge.library import Library
from tests.bot.console.stage import Desk


@pytest.fixture(scope="session")
def library() -> Library:
    return Library.load(engine="lexical", unverified_answers=True)


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with this version's tables and nothing in them, to copy."""
    path = tmp_path_factory.mktemp("console") / "desk.db"
    engine = open_engine(f"sqlite:///{path}")
    upgrade(engine)
    engine.dispose()
    return path


@pytest.fixture
def desk(tmp_path: Path, empty_database: Path, library: Library) -> Iterator[Desk]:
    """On SQLite, Redis away."""
    shutil.copy(empty_database, tmp_path / "desk.db")
    desk = Desk.opened(f"sqlite:///{tmp_path / 'desk.db'}", library)
    yield desk
    desk.program.close()


@pytest.fixture
def desk_on_both(migrated_database_url: str, library: Library) -> Iterator[Desk]:
    """On SQLite, then on PostgreSQL."""
    desk = Desk.opened(migrated_database_url, library)
    yield desk
    desk.program.close()
