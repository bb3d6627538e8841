"""What a conversation remembers of the questions asked in it: the last few, each with its moment.

It travels in the conversation's small state and survives every reply, so that a button under an older
answer, or 转人工 two messages later, still knows what had been asked.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

#: Enough for a button two or three messages up; no history.
_KEPT = 3
_KEY = "asked"


@dataclass(frozen=True)
class Asked:
    """A question asked here: ``id`` stands for it on buttons, ``at`` is when (aware UTC)."""

    id: str
    text: str
    at: datetime


def question_id(text: str) -> str:
    """What stands for a question on a button: never the question itself."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:12]


def asked(state: Mapping[str, Any]) -> tuple[Asked, ...]:
    """The questions a state remembers, newest last; what is not one of ours is passed over."""
    rows = state.get(_KEY)
    found = []
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, list) and len(row) == 3 and all(isinstance(value, str) for value in row):
            try:
                at = datetime.fromisoformat(row[2])
            except ValueError:
                continue
            found.append(Asked(row[0], row[1], at if at.tzinfo else at.replace(tzinfo=UTC)))
    return tuple(found)


def find(state: Mapping[str, Any], id: str) -> Asked | None:
    """The question of that id."""
    return next((question for question in asked(state) if question.id == id), None)


def with_question(state: Mapping[str, Any], text: str, now: datetime) -> dict[str, Any]:
    """The memory of ``state`` with one more question, as part of the next state."""
    kept = [q for q in asked(state) if q.text != text]
    kept = [*kept, Asked(question_id(text), text, now)][-_KEPT:]
    return {_KEY: [[q.id, q.text, q.at.isoformat()] for q in kept]}


def carried(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """The next state, with what was asked before where the reply says nothing newer."""
    if _KEY in after or not asked(before):
        return dict(after)
    return {**after, _KEY: before[_KEY]}
