"""The stage as a fixture: Monday 2026-11-23, 10:00 in Shanghai."""

from collections.abc import Iterator

import pytest

from tests.workorders.orders.stage import Stage
from tests.workorders.orders.stage import stage as a_stage


@pytest.fixture
def stage() -> Iterator[Stage]:
    with a_stage() as made:
        yield made
