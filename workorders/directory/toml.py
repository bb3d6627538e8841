"""Plain tables written as TOML; the standard library only reads it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")


def document(tables: Mapping[str, Iterable[Mapping[str, object]]]) -> str:
    """Lists of tables as ``[[key]]`` blocks.

    A list of tables inside a block is written one table a line, a table inside it as ``[key.inner]``.
    Values are texts, numbers, booleans, lists and tables; anything else is a ``TypeError``.
    """
    return "\n".join(_block(key, table) for key, rows in tables.items() for table in rows)


def _block(name: str, table: Mapping[str, object]) -> str:
    lines = [f"[[{name}]]"]
    lines += [
        f"{_key(key)} = {_spread(value)}" for key, value in table.items() if not isinstance(value, dict)
    ]
    for key, value in table.items():
        if isinstance(value, dict):
            lines += ["", f"[{name}.{_key(key)}]"]
            # Sorted, because a database does not keep the order of a table's keys.
            lines += [f"{_key(inner)} = {value_text(value[inner])}" for inner in sorted(value)]
    return "\n".join(lines) + "\n"


def _spread(value: object) -> str:
    """A value of a block; tables in a list get a line each."""
    if isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
        return "[\n" + "".join(f"  {value_text(item)},\n" for item in value) + "]"
    return value_text(value)


def value_text(value: object) -> str:
    """One value as TOML writes it on one line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, list):
        return f"[{', '.join(map(value_text, value))}]"
    if isinstance(value, dict):
        return (
            "{ " + ", ".join(f"{_key(key)} = {value_text(value[key])}" for key in value) + " }"
            if value
            else "{}"
        )
    raise TypeError(f"no TOML for {type(value).__name__}")


def _key(key: str) -> str:
    return key if _BARE_KEY.fullmatch(key) else _text(key)


def _text(text: str) -> str:
    # JSON's escapes are TOML's too; only DEL goes unescaped in JSON and not in TOML.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
