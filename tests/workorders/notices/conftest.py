from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.workorders.notices.stage import Stage
from tests.workorders.notices.stage import stage as a_stage


@pytest.fixture
def stage() -> Iterator[Stage]:
    with a_stage() as made:
        yield made
