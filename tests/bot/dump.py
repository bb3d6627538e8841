"""Every text in the database, for tests that ask whether something is still in it anywhere."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

from sqlalchemy import Engine, inspect, text


def rows(engine: Engine, *, without: tuple[str, ...] = ()) -> dict[str, list[dict[str, Any]]]:
    """The rows of every table, as the database has them."""
    with engine.connect() as conn:
        return {
            table: [dict(row._mapping) for row in conn.execute(text(f'SELECT * FROM "{table}"'))]
            for table in sorted(inspect(engine).get_table_names())
            if table not in without
        }


def dump(engine: Engine, *, without: tuple[str, ...] = ()) -> str:
    """All of it as one text."""
    return "\n".join(
        f"{table}.{column}: {_said(value)}"
        for table, found in rows(engine, without=without).items()
        for row in found
        for column, value in row.items()
    )


def _said(value: Any) -> str:
    """JSON that SQLite keeps as text, with what it escapes written out."""
    if isinstance(value, str) and value.startswith(("{", "[")):
        with suppress(ValueError):  # words may begin so, too
            value = json.loads(value)
    return json.dumps(value, ensure_ascii=False, default=str)
