"""What was said about one thing, to whom, and what became of it: for people to look at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, select

from workorders.letters import Channel, Letter, LetterState
from workorders.sql.tables import delivery, letter


@dataclass(frozen=True)
class Written:
    """A letter and what became of it. Moments are machine time.

    Attributes:
        sent_at: when its last delivery was tried, None before the first.
        reason: why it is moot, failed or given up.
    """

    id: int
    letter: Letter
    state: LetterState
    written_at: datetime
    sent_at: datetime | None
    reason: str | None


def letters_about(conn: Connection, subject: str) -> list[Written]:
    """The letters about ``order:1001`` and the like, the newest first."""
    return _written(conn, letter.c.subject == subject, 200)


def stuck_letters(conn: Connection) -> list[Written]:
    """The letters given up or in doubt, which stand before a person, the newest first."""
    return _written(conn, letter.c.state.in_([LetterState.GIVEN_UP, LetterState.IN_DOUBT]), 500)


def _written(conn: Connection, which: ColumnElement[bool], most: int) -> list[Written]:
    rows = conn.execute(
        select(letter, delivery.c.at)
        .outerjoin(delivery, delivery.c.id == letter.c.delivery_id)
        .where(which)
        .order_by(letter.c.id.desc())
        .limit(most)
    )
    made = []
    for r in rows:
        channel: Channel = r.channel
        said = Letter(r.subject, r.generation, r.occasion, r.recipient, channel, r.kind, r.facts, r.urgent)
        made.append(Written(r.id, said, LetterState(r.state), r.written_at, r.at, r.reason))
    return made
