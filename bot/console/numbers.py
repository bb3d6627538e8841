"""Numbers in addresses: what no row can have is no page's, and no database is asked for it."""

from __future__ import annotations

from typing import Any

from werkzeug.routing import IntegerConverter, Map

_MOST = 2**31 - 1


class Numbers(IntegerConverter):
    """``<int:…>`` of a path."""

    def __init__(self, map: Map, **given: Any) -> None:
        super().__init__(map, **({"max": _MOST} | given))


def number(text: str) -> int:
    """The number of a query's field, for ``request.args.get(…, type=number)``.

    Raises:
        ValueError: it is none, or no row can have it.
    """
    found = int(text)
    if not 0 <= found <= _MOST:
        raise ValueError(text)
    return found
