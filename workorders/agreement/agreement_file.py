"""The tables of an agreement file, and how an operator's or a partner's own values are laid over them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workorders.errors import FileError

ANNEX_1 = "aftersales."
"""The family of clauses whose names, too, the operator may supply with annex 1."""

_UNDOTTED = ("survey", "off_hours")


def clause_tables(raw: object, where: str) -> dict[str, dict[str, Any]]:
    """Clause name to its table, from the forms TOML allows.

    ``[clause.daily.response]`` nests, ``[clause."daily.response"]`` does not, and
    ``"daily.response" = "10m"`` is short for a table with that span.

    Args:
        raw: what stands under ``clause`` in an agreement, or under ``partner.clauses`` in a directory.
        where: the file, for errors.

    Raises:
        FileError: a clause that is neither a table nor a span.
    """
    tables: dict[str, dict[str, Any]] = {}
    for name, value in _table(raw, where).items():
        if "." in name or name in _UNDOTTED:
            tables[name] = _clause_table(value, f"{where}: {name}")
        else:
            for part, inner in _table(value, f"{where}: {name}").items():
                tables[f"{name}.{part}"] = _clause_table(inner, f"{where}: {name}.{part}")
    return tables


def _clause_table(raw: object, where: str) -> dict[str, Any]:
    return {"span": raw} if isinstance(raw, str) else dict(_table(raw, where))


def _table(raw: object, where: str) -> Mapping[str, Any]:
    if not isinstance(raw, Mapping):
        raise FileError(where, f"must be a table, not {raw!r}")
    return raw


def laid_over(
    base: Mapping[str, Mapping[str, Any]], own: Mapping[str, Mapping[str, Any]], where: str
) -> dict[str, dict[str, Any]]:
    """The clauses of ``base`` with an operator's or a partner's own values in place of theirs."""
    tables = {name: dict(table) for name, table in base.items()}
    for name, values in own.items():
        if name not in tables:
            if not name.startswith(ANNEX_1):
                raise FileError(where, f"unknown clause {name!r}", ", ".join(base))
            tables[name] = {"counted": "working", "owes": "us", "level": 2}
        tables[name] |= values
    return tables


def merged(base: Mapping[str, Any], own: object, where: str) -> dict[str, Any]:
    """``base`` with the keys of ``own`` in place of its own, tables inside merged the same way."""
    result = dict(base)
    for key, value in _table(own, where).items():
        inner = result.get(key)
        result[key] = merged(inner, value, f"{where}.{key}") if isinstance(inner, Mapping) else value
    return result
