"""The inventory of what is kept about people has every column of the schema, and no other."""

from __future__ import annotations

from bot.sql.inventory import INVENTORY, Holds, holds, tables
from workorders.agreement.retention import Retention


def test_every_column_says_what_it_holds() -> None:
    missing = [str(column) for table in tables() for column in table.columns if holds(column) is None]

    assert missing == [], "say in bot/sql/inventory.py what these hold"


def test_it_names_no_table_or_column_there_is_not() -> None:
    there = {table.name: {column.name for column in table.columns} for table in tables()}

    assert set(INVENTORY) == set(there), "one entry a table in bot/sql/inventory.py"
    for name, kept in INVENTORY.items():
        assert {*kept.columns(*Holds), *([kept.by] if kept.by else [])} <= there[name], name


def test_no_column_is_named_twice() -> None:
    for kept in INVENTORY.values():
        named = kept.columns(*Holds)
        assert len(named) == len(set(named))


def test_every_table_is_kept_as_a_kind_there_is() -> None:
    kinds = {*Retention.KINDS, "directory", "machine"}

    assert {name: kept.kind for name, kept in INVENTORY.items() if kept.kind not in kinds} == {}
