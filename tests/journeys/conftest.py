"""A fresh stage for each journey, on both databases."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from knowledge.library import Library
from tests.support.stage import Stage


@pytest.fixture(scope="session")
def library() -> Library:
    return Library.load(engine="lexical", unverified_answers=True)


@pytest.fixture
def stage(migrated_database_url: str, redis_url: str, library: Library) -> Iterator[Stage]:
    """Monday 2026-11-23 10:00 in Shanghai; everybody of the demo is there."""
    stage = Stage.set(migrated_database_url, redis_url, library)
    yield stage
    stage.close()
