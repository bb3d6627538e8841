"""Reads what a request of the control API holds; everything here raises ``BadRequest`` with one sentence."""

from __future__ import annotations

import dataclasses
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotYet
from datetime import datetime
from typing import Any

from flask import request

from bot.simulator.clock import ZONE
from bot.simulator.delivery import Outcome
from bot.simulator.world import Door

Body = dict[str, Any]


class BadRequest(ValueError):
    """A request that lacks something or has it in another shape."""


def body() -> Body:
    """The request's JSON object."""
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise BadRequest("a JSON object is needed")
    return body


def text(body: Body, name: str, *, needed: bool = True) -> str:
    """A text; empty where it may be left out and is."""
    value = body.get(name)
    if value is None and not needed:
        return ""
    if not isinstance(value, str) or (needed and not value):
        raise BadRequest(f"{name}: a text is needed")
    # A lone surrogate is no character; it becomes ? as everywhere on the wire.
    return value.encode("utf-8", "replace").decode("utf-8")


def number(body: Body, name: str) -> int | None:
    """A whole number, None where it is left out."""
    value = body.get(name)
    if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
        raise BadRequest(f"{name}: a whole number is needed")
    return value


def door(body: Body) -> Door | None:
    """``app`` or ``aibot``, None where it is left out."""
    value = body.get("door")
    if value in (None, "app", "aibot"):
        return value
    raise BadRequest("door: app or aibot")


def moment(text: str) -> datetime:
    """An ISO 8601 moment; without an offset it is Asia/Shanghai."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise BadRequest("to: an ISO 8601 moment is needed") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=ZONE)


def selected(body: Body) -> dict[str, list[str]]:
    """Chosen option ids by question_key."""
    value = body.get("selected") or {}
    if not isinstance(value, dict) or not all(isinstance(ids, list) for ids in value.values()):
        raise BadRequest("selected: {question_key: [option ids]}")
    return {str(q): [str(i) for i in ids] for q, ids in value.items()}


def wait(body: Body) -> float:
    """Seconds to wait for the desk; to be read before anything is done."""
    value = body.get("wait", 0)
    if not isinstance(value, int | float) or not 0 <= value <= 60:
        raise BadRequest("wait: 0 to 60 seconds")
    return float(value)


def outcome(future: Future[Outcome] | None, seconds: float) -> Body:
    """What became of a callback, waiting for it so long."""
    if future is None:
        return {"outcome": None, "attempts": 0, "replies": [], "error": ""}
    try:
        return dataclasses.asdict(future.result(timeout=seconds))
    except NotYet:
        return {"outcome": "pending", "attempts": 0, "replies": [], "error": ""}
