"""Rows of the knowledge base to values and back, inside the caller's unit of work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from sqlalchemy import Connection, func, insert, select, update

from knowledge import gaps
from knowledge.sql.tables import answered, gap

# Built once, since building a statement costs as much as running it.
_ANSWERED = insert(answered).returning(answered.c.id)

Became = Literal["solved", "unsolved", "human"]
"""What became of an answer: 已解决, 没解决, or the asker went on to a person."""


@dataclass(frozen=True)
class Answered:
    """An article that answered somebody's question.

    Attributes:
        id: the row's number.
        article: id of the article.
        question: as it was asked.
        asked_at: when (aware UTC).
        asked_by: userid of the asker.
        chat: the group's chatid, None in a 1:1.
        outcome: what became of it, None while the asker has said nothing.
    """

    id: int
    article: str
    question: str
    asked_at: datetime
    asked_by: str
    chat: str | None
    outcome: Became | None


def record_gap(
    conn: Connection,
    text: str,
    asked_at: datetime,
    asked_by: str,
    chat: str | None,
    nearest: str | None,
    outcome: gaps.Outcome,
) -> gaps.Gap:
    """Keep a question nobody's article answered.

    Args:
        conn: the caller's unit of work; nothing is committed here.
        text: the question, already masked.
        asked_at: aware UTC.
        asked_by: userid.
        chat: chatid of the group, None in a 1:1.
        nearest: id of the nearest article, if any.
        outcome: why it is a gap.
    """
    values = {
        "text": text,
        "asked_at": asked_at,
        "asked_by": asked_by,
        "chat": chat,
        "nearest": nearest,
        "outcome": outcome,
    }
    row = conn.execute(insert(gap).values(values).returning(gap)).one()
    return gaps.Gap(**row._mapping)


def gaps_between(conn: Connection, start: datetime, end: datetime) -> list[gaps.Gap]:
    """The gaps asked in ``[start, end)`` (aware UTC), oldest first."""
    rows = conn.execute(
        select(gap).where(gap.c.asked_at >= start, gap.c.asked_at < end).order_by(gap.c.asked_at, gap.c.id)
    )
    return [gaps.Gap(**row._mapping) for row in rows]


def record_answer(
    conn: Connection, article: str, question: str, asked_at: datetime, asked_by: str, chat: str | None
) -> int:
    """Keep that an article answered a question; the number returned is what ``mark`` takes.

    Args:
        conn: the caller's unit of work; nothing is committed here.
        article: id of the article.
        question: as asked, already masked.
        asked_at: aware UTC.
        asked_by: userid.
        chat: chatid of the group, None in a 1:1.
    """
    values = {
        "article": article,
        "question": question,
        "asked_at": asked_at,
        "asked_by": asked_by,
        "chat": chat,
    }
    return int(conn.execute(_ANSWERED, values).scalar_one())


def answer_by_id(conn: Connection, answer_id: int) -> Answered | None:
    """The answer of that number, None where there is none."""
    row = conn.execute(select(answered).where(answered.c.id == answer_id)).one_or_none()
    return None if row is None else Answered(**row._mapping)


def mark(conn: Connection, answer_id: int, outcome: Became) -> bool:
    """Say what became of an answer; a later word replaces an earlier one.

    Returns:
        False where there is no answer of that number.

    Raises:
        ValueError: an outcome that is none of ``Became``.
    """
    if outcome not in get_args(Became):
        raise ValueError(f"outcome {outcome!r}: accepted are {', '.join(get_args(Became))}")
    result = conn.execute(update(answered).where(answered.c.id == answer_id).values(outcome=outcome))
    return result.rowcount == 1


def last_answer(conn: Connection, asker: str, chat: str | None, since: datetime) -> Answered | None:
    """The newest answer this person got in this chat at or after ``since`` (aware UTC)."""
    row = conn.execute(
        select(answered)
        .where(
            answered.c.asked_by == asker,
            answered.c.chat.is_(None) if chat is None else answered.c.chat == chat,
            answered.c.asked_at >= since,
        )
        .order_by(answered.c.asked_at.desc(), answered.c.id.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else Answered(**row._mapping)


def unsolved_between(conn: Connection, start: datetime, end: datetime) -> list[Answered]:
    """The answers given in ``[start, end)`` (aware UTC) that did not help, oldest first."""
    rows = conn.execute(
        select(answered)
        .where(
            answered.c.asked_at >= start,
            answered.c.asked_at < end,
            answered.c.outcome.in_(["unsolved", "human"]),
        )
        .order_by(answered.c.asked_at, answered.c.id)
    )
    return [Answered(**row._mapping) for row in rows]


def tally(conn: Connection, start: datetime, end: datetime) -> dict[tuple[str, str | None], int]:
    """How often each (article, outcome) came up in ``[start, end)`` (aware UTC), for reports."""
    rows = conn.execute(
        select(answered.c.article, answered.c.outcome, func.count())
        .where(answered.c.asked_at >= start, answered.c.asked_at < end)
        .group_by(answered.c.article, answered.c.outcome)
    )
    return {(article, outcome): count for article, outcome, count in rows}
