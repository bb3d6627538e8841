"""What commands that answer a line for a line have in common: JSON objects in, JSON objects out."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.cli.exits import REFUSED
from workorders.agreement.worktime import Calendar
from workorders.errors import DeskError

_ISO = "ISO 8601, e.g. 2026-11-23T10:00:00+08:00"


def batch(file: Path, answer: Callable[[Mapping[str, Any]], dict[str, Any]]) -> int:
    """Answer a file line by line, empty lines among them; the exit code.

    Raises:
        ValueError: the file cannot be read.
    """
    try:
        raw = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as error:
        raise ValueError(
            f"{file}: cannot be read: {error.strerror} (accepted: a JSON object a line)"
        ) from None
    code = 0
    for asked in raw.removeprefix(b"\xef\xbb\xbf").splitlines():
        try:
            told = answer(_object(asked))
        except (DeskError, ValueError) as error:
            code, told = REFUSED, {"error": str(error)}
        sys.stdout.write(line(told) + "\n")
    return code


def _object(asked: bytes) -> Mapping[str, Any]:
    try:
        told = json.loads(asked.decode("utf-8"))
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        raise ValueError("the line is not a JSON object in UTF-8")
    return told


def moment(calendar: Calendar, value: object, name: str) -> datetime:
    """A moment as it was given, local time of the calendar's zone where it has no offset.

    Raises:
        ValueError: it is missing or none.
    """
    text = given(value, name)
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(f"{name}: {text!r} is not a moment (accepted: {_ISO})") from None
    return at if at.tzinfo is not None else at.replace(tzinfo=calendar.zone)


def given(value: object, name: str) -> str:
    """A text that must be there.

    Raises:
        ValueError: it is missing or no text.
    """
    if value is None:
        raise ValueError(f"{name} is missing")
    if not isinstance(value, str):
        raise ValueError(f"{name}: {value!r} is not text")
    return value


def line(shape: Mapping[str, Any]) -> str:
    """One JSON object on a line."""
    return json.dumps(shape, ensure_ascii=False)
