"""What the agreement cannot answer."""

from __future__ import annotations

from workorders.errors import DeskError


class SpanUnset(DeskError):
    """The clause promises a span the operator has not supplied (annex 1 of the agreement)."""


class UnknownClause(DeskError):
    """No clause of that name in the agreement."""
