"""The answer log of one message: knowledge's tables, for one asker in one place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import Connection

from handlers.here import Given
from knowledge.sql import store
from knowledge.sql.store import Answered

#: How long a bare 没解决 still means the last answer.
_RECENT = timedelta(minutes=30)


@dataclass(frozen=True)
class SqlAnswers:
    """The :class:`handlers.here.AnswerLog` of one unit of work; ``now`` is desk time."""

    conn: Connection
    asker: str
    chat: str | None
    now: datetime

    def gave(self, article: str, question: str) -> int:
        return store.record_answer(self.conn, article, question, self.now, self.asker, self.chat)

    def given(self, number: int) -> Given | None:
        return _given(store.answer_by_id(self.conn, number))

    def last(self) -> Given | None:
        return _given(store.last_answer(self.conn, self.asker, self.chat, self.now - _RECENT))

    def became(self, number: int, outcome: Literal["solved", "unsolved", "human"]) -> None:
        store.mark(self.conn, number, outcome)

    def gap(self, question: str, nearest: str | None, why: Literal["none", "choose", "unsolved"]) -> None:
        store.record_gap(self.conn, question, self.now, self.asker, self.chat, nearest, why)


def _given(row: Answered | None) -> Given | None:
    return Given(row.id, row.article, row.question, row.asked_by) if row else None
