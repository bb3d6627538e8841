"""How templates write moments, states and people's words. Autoescaping does the rest."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from handlers.phrases import text
from handlers.phrases.names import KINDS, ROLES, STATES
from workorders.directory.people import Role
from workorders.orders.order import Kind, State

#: Below this much time left a due moment is hot; below an hour it is near.
HOT, NEAR = timedelta(minutes=10), timedelta(hours=1)


def left(due: datetime | None, now: datetime) -> str:
    """剩 12 分钟, 超时 3 分钟: what ``live.js`` then counts on by the second."""
    if due is None:
        return "计时停止"
    return f"剩 {text.lasting(due - now)}" if due >= now else f"超时 {text.lasting(now - due)}"


def heat(due: datetime | None, now: datetime) -> str:
    """How pressing a due moment is, as a CSS class; ``live.js`` judges alike."""
    if due is None:
        return "calm still"
    if due < now:
        return "over"
    return "hot" if due - now < HOT else "near" if due - now < NEAR else "calm"


def late(by: timedelta) -> str:
    """By how much: 12 秒, 3 分钟."""
    return text.lasting(by) if by >= timedelta(minutes=1) else f"{max(int(by.total_seconds()), 1)} 秒"


def iso(at: datetime | None) -> str:
    """For scripts and <time>."""
    return at.isoformat() if at else ""


FILTERS: Mapping[str, Callable[..., Any]] = {
    "left": left,
    "heat": heat,
    "iso": iso,
    "when": text.when,
    "late": late,
    "dated": text.dated,
    "clock": text.clock,
    "day": text.day,
    "masked": text.phones_masked,
    "quoted": lambda words, most=80: text.quoted(words, shared=True, most=most),
    "state": lambda state: STATES[State(state)],
    "kind": lambda kind: KINDS[Kind(kind)],
    "role": lambda role: ROLES[Role(role)],
}
