"""Rows that may be there already: INSERT … ON CONFLICT.

Both databases spell it alike, but in SQLAlchemy only each one's own insert knows it. The statements are built
once for each table, since building one costs as much as running it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Row, Table
from sqlalchemy.dialects import postgresql, sqlite

_Values = Mapping[str, Any]


def insert(dialect: str, table: Table) -> Any:
    """The insert of that dialect (``conn.dialect.name``), which knows ON CONFLICT."""
    return (postgresql if dialect == "postgresql" else sqlite).insert(table)


def put_new(conn: Connection, table: Table, row: _Values) -> Row[Any] | None:
    """Insert a row; its primary key, or None where a unique key of it is taken and nothing was done."""
    return conn.execute(_put_new(conn.dialect.name, table), row).first()


def put_missing(conn: Connection, table: Table, rows: Sequence[_Values]) -> None:
    """Insert those rows whose unique keys are free, at least one row given."""
    conn.execute(_put_missing(conn.dialect.name, table), rows)


def put(conn: Connection, table: Table, *rows: _Values, changing: tuple[str, ...] | None = None) -> None:
    """Insert rows, all of the same columns; one whose primary key is there is changed instead.

    Args:
        changing: the columns that are changed then; all that are given and not of the key.
    """
    if not rows:
        return
    keys = {column.name for column in table.primary_key}
    changed = changing or tuple(name for name in rows[0] if name not in keys)
    conn.execute(_put(conn.dialect.name, table, changed), rows)


@cache
def _put_new(dialect: str, table: Table) -> Any:
    # RETURNING says whether the row is new; an INSERT's row count is not kept by every driver.
    return _put_missing(dialect, table).returning(*table.primary_key)


@cache
def _put_missing(dialect: str, table: Table) -> Any:
    return insert(dialect, table).on_conflict_do_nothing()


@cache
def _put(dialect: str, table: Table, changed: tuple[str, ...]) -> Any:
    row = insert(dialect, table)
    values = {name: row.excluded[name] for name in changed}
    return row.on_conflict_do_update(index_elements=list(table.primary_key), set_=values)
