"""A fresh stage for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.workorders.obligations.stage import Stage
from tests.workorders.obligations.stage import stage as on_stage


@pytest.fixture
def stage() -> Iterator[Stage]:
    """Monday 2026-11-23 10:00 in Shanghai; the clock has been running."""
    with on_stage() as made:
        made.sweep()
        yield made
