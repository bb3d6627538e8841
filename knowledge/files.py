"""Reading article files: TOML as shipped, or JSON lines; every fault named with its place."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from knowledge.errors import ArticleError

UNFILLED = "（由运营填写）"
"""Shown in an answer where the operator has not filled a setting."""

_FIELDS = ("id", "question", "also", "answer", "category", "source", "unverified")
_SETTING = re.compile(r"\{\{\s*([^{}]+?)\s*\}\}")
_ID = re.compile(r"[^\s{}<>]{1,64}")


def read_files(paths: Iterable[Path] | None, settings: Mapping[str, str]) -> list[dict[str, Any]]:
    """The articles of all files, in order, as keyword arguments of ``Article``.

    Args:
        paths: None for the shipped articles.
        settings: values over those of the files' ``[settings]``.

    Raises:
        ArticleError: a file that cannot be read or used, or one id given twice.
    """
    sources: list[Traversable] = (
        sorted(
            (
                file
                for file in files("knowledge").joinpath("articles").iterdir()
                if file.name.endswith(".toml")
            ),
            key=lambda file: file.name,
        )
        if paths is None
        else [Path(path) for path in paths]
    )
    values: dict[str, str] = {}
    rows: list[tuple[str, dict[str, Any]]] = []
    for source in sources:
        text = _read(source)
        # No TOML begins with a brace, so a JSONL file is known under any name (a pipe has none).
        jsonl = source.name.endswith(".jsonl") or text.lstrip().startswith("{")
        rows.extend(_jsonl(source.name, text) if jsonl else _toml(source.name, text, values))
    if not rows:
        names = ", ".join(source.name for source in sources)
        raise ArticleError(
            names, "holds no article", "[[article]] tables, or JSON lines, with id, question and answer"
        )
    values |= settings
    seen: dict[str, str] = {}
    for where, row in rows:
        if row["id"] in seen:
            raise ArticleError(
                where, f"id {row['id']!r} is already used at {seen[row['id']]}", "one id an article"
            )
        seen[row["id"]] = where
        row["answer"], row["settings"] = _fill(row["answer"], values)
    return [row for _, row in rows]


def _read(source: Traversable) -> str:
    try:
        return source.read_text("utf-8-sig")
    except FileNotFoundError:
        raise ArticleError(str(source), "there is no such file", "a TOML or JSONL file of articles") from None
    except UnicodeDecodeError as error:
        raise ArticleError(str(source), f"not UTF-8 at byte {error.start}", "UTF-8 text") from None
    except OSError as error:
        raise ArticleError(str(source), f"cannot be read: {error.strerror}", "a readable file") from None


def _toml(name: str, text: str, values: dict[str, str]) -> Iterator[tuple[str, dict[str, Any]]]:
    try:
        document = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ArticleError(
            name, f"not TOML: {error}", "[[article]] tables with id, question and answer"
        ) from None
    unknown = sorted(document.keys() - {"article", "settings", "category"})
    if unknown:
        raise ArticleError(f"{name}: {unknown[0]}", "unknown key", "category, [settings], [[article]]")
    settings = document.get("settings", {})
    if not isinstance(settings, dict) or not all(isinstance(value, str) for value in settings.values()):
        raise ArticleError(f"{name}: settings", "not a table of strings", 'name = "value"')
    values |= settings
    articles = document.get("article", [])
    if not isinstance(articles, list):
        raise ArticleError(f"{name}: article", "not a list of tables", "[[article]]")
    category = document.get("category", "")
    for number, given in enumerate(articles, 1):
        yield _row(f"{name}: article {number}", given, category)


def _jsonl(name: str, text: str) -> Iterator[tuple[str, dict[str, Any]]]:
    # Not splitlines: JSON strings may hold U+2028 and its like.
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        where = f"{name}: line {number}"
        try:
            given = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise ArticleError(where, f"not JSON: {error}", '{"id","question","also","answer"}') from None
        yield _row(where, given, "")


def _row(where: str, given: Any, category: Any) -> tuple[str, dict[str, Any]]:
    if not isinstance(given, dict):
        raise ArticleError(where, "not an object", '{"id","question","also","answer"}')
    unknown = sorted(given.keys() - set(_FIELDS))
    if unknown:
        raise ArticleError(f"{where}: {unknown[0]}", "unknown field", ", ".join(_FIELDS))
    row = {"also": [], "category": category, "source": None, "unverified": False} | given
    if type(row.get("id")) is int:
        row["id"] = str(row["id"])  # as exports from a database have it
    for field in ("id", "question", "answer"):
        value = row.get(field)
        if not isinstance(value, str) or not value.strip():
            raise ArticleError(f"{where}: {field}", "missing or not text", "a non-empty string")
    if not _ID.fullmatch(row["id"]):
        raise ArticleError(
            f"{where}: id", f"{row['id']!r} cannot be an id", "1 to 64 characters without spaces"
        )
    if not isinstance(row["also"], list) or not all(isinstance(way, str) for way in row["also"]):
        raise ArticleError(f"{where}: also", "not a list of strings", '["…", "…"]')
    if not isinstance(row["category"], str):
        raise ArticleError(f"{where}: category", "not text", "a string")
    if row["source"] is not None and not isinstance(row["source"], str):
        raise ArticleError(f"{where}: source", "not text", "the address of a public page")
    if not isinstance(row["unverified"], bool):
        raise ArticleError(f"{where}: unverified", "not true or false", "true or false")
    return where, row | {"also": tuple(row["also"])}


def _fill(answer: str, values: Mapping[str, str]) -> tuple[str, tuple[str, ...]]:
    """The answer with its settings filled, and the names of those nobody filled."""
    named = dict.fromkeys(_SETTING.findall(answer))
    filled = _SETTING.sub(lambda found: values.get(found[1]) or UNFILLED, answer)
    return filled, tuple(name for name in named if not values.get(name))
