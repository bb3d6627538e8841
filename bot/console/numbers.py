"""Numbers in addresses and forms: what no row can have names nothing, and no database is asked for it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from werkzeug.routing import IntegerConverter, Map

_MOST = 2**31 - 1
_DIGITS = len(str(_MOST))


class Numbers(IntegerConverter):
    """``<int:…>`` of a path."""

    def __init__(self, map: Map, **given: Any) -> None:
        super().__init__(map, **({"max": _MOST} | given))


def number(written: str | None) -> int | None:
    """The number that is all of a field, in ASCII digits; None for anything else."""
    if not written or len(written) > _DIGITS or not (written.isascii() and written.isdigit()):
        return None
    return found if (found := int(written)) <= _MOST else None


def numbers(written: Iterable[str]) -> list[int]:
    """Those of the fields that are numbers."""
    return [found for found in map(number, written) if found is not None]
