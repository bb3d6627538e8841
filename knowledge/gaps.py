"""A gap: a question nobody's article answered, kept so that an article can be written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Outcome = Literal["none", "choose", "unsolved"]
"""Why it is a gap: nothing near, none of the choices was meant, or 没解决 after an answer."""


@dataclass(frozen=True)
class Gap:
    """One question the articles did not answer.

    Attributes:
        id: the row's number.
        text: the question as it was asked (masked by the door before it comes here).
        asked_at: when (aware UTC).
        asked_by: userid of the asker.
        chat: the group's chatid, None in a 1:1.
        nearest: id of the article that came nearest, None where nothing did.
        outcome: why it is a gap.
    """

    id: int
    text: str
    asked_at: datetime
    asked_by: str
    chat: str | None
    nearest: str | None
    outcome: Outcome
