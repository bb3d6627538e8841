"""What one person said in one place, for an order's page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from bot.sql.tables import inbox


@dataclass(frozen=True)
class Spoken:
    """One message, masked; ``at`` is machine time."""

    at: datetime
    text: str


def spoken(
    conn: Connection, sender: str, chat: str | None, since: datetime, until: datetime, most: int = 60
) -> list[Spoken]:
    """What that person wrote in that group, or 1:1 where ``chat`` is None, between two moments."""
    here = inbox.c.chat.is_(None) if chat is None else inbox.c.chat == chat
    rows = conn.execute(
        select(inbox.c.at, inbox.c.text)
        .where(inbox.c.sender == sender, here, inbox.c.at >= since, inbox.c.at <= until, inbox.c.text != "")
        .order_by(inbox.c.at.desc())
        .limit(most)
    )
    return [Spoken(row.at, row.text) for row in rows]
