"""A fresh stage for each conversation."""

from __future__ import annotations

import pytest

from tests.handlers.stage import ARTICLES, Articles, Desk, local
from workorders.agreement.clauses import Agreement


@pytest.fixture(scope="session")
def agreement() -> Agreement:
    return Agreement.load()


@pytest.fixture(scope="session")
def library() -> Articles:
    return Articles(ARTICLES, unverified_answers=True)


@pytest.fixture
def desk(agreement: Agreement, library: Articles) -> Desk:
    """A Monday afternoon, 14:30."""
    return Desk(agreement, library, local("2026-11-23 14:30"))
