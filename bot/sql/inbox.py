"""The inbox: every message once, with the reply it got, and what its conversation remembers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.sql.tables import conversation, inbox, sweep
from handlers.message import Incoming

#: After this long what a conversation remembered is no longer meant.
MEMORY = timedelta(minutes=30)


@dataclass(frozen=True)
class Stored:
    """The finished plaintext reply a message got; None is silence."""

    reply: str | None


@dataclass(frozen=True)
class SqlInbox:
    """The inbox of one unit of work, at ``now`` (machine time)."""

    conn: Connection
    now: datetime

    def take_in(self, incoming: Incoming, text: str) -> bool:
        """Write the message down; False for a repeat.

        A repeat that arrives while the first is still being answered waits here for its commit.

        Args:
            text: its words, masked.
        """
        values = {
            "door": incoming.door,
            "key": incoming.key,
            "sender": incoming.sender,
            "chat": incoming.chat,
            "kind": incoming.kind,
            "text": text,
            "at": self.now,
            "sent_at": incoming.sent_at,
            "state": "answered",
        }
        # RETURNING says whether the row is new; an INSERT's row count is not kept by every driver.
        taken = self._insert(inbox).values(values).on_conflict_do_nothing().returning(inbox.c.key)
        return self.conn.execute(taken).first() is not None

    def stored(self, door: str, key: str) -> Stored | None:
        """What that message was answered before, None where it never came."""
        row = self.conn.execute(
            select(inbox.c.reply).where(inbox.c.door == door, inbox.c.key == key)
        ).one_or_none()
        return Stored(row.reply) if row else None

    def answered(self, incoming: Incoming, reply: str | None, *, state: str = "answered") -> None:
        """Keep the finished plaintext reply; a repeat gets it again."""
        self.conn.execute(
            update(inbox)
            .where(inbox.c.door == incoming.door, inbox.c.key == incoming.key)
            .values(reply=reply, state=state)
        )

    def remembered(self, incoming: Incoming) -> Mapping[str, Any]:
        """What this person's last reply in this place asked to be remembered."""
        row = self.conn.execute(
            select(conversation).where(
                conversation.c.place == _place(incoming), conversation.c.sender == incoming.sender
            )
        ).one_or_none()
        return row.state if row and row.at > self.now - MEMORY else {}

    def remember(self, incoming: Incoming, state: Mapping[str, Any]) -> None:
        """Remember this until their next message here; nothing forgets."""
        whose = (conversation.c.place == _place(incoming), conversation.c.sender == incoming.sender)
        if not state:
            self.conn.execute(delete(conversation).where(*whose))
            return
        values = {
            "place": _place(incoming),
            "sender": incoming.sender,
            "state": dict(state),
            "at": self.now,
        }
        self.conn.execute(
            self._insert(conversation)
            .values(values)
            .on_conflict_do_update(
                index_elements=["place", "sender"], set_={"state": values["state"], "at": self.now}
            )
        )

    def swept(self, name: str) -> None:
        """Leave word that a clock has just finished a round."""
        self.conn.execute(
            self._insert(sweep)
            .values(name=name, at=self.now)
            .on_conflict_do_update(index_elements=["name"], set_={"at": self.now})
        )

    def last_sweep(self, name: str) -> datetime | None:
        """When a clock last finished a round; None before the first."""
        row = self.conn.execute(select(sweep.c.at).where(sweep.c.name == name)).one_or_none()
        return row.at if row else None

    def _insert(self, table: Any) -> Any:
        return (postgresql if self.conn.dialect.name == "postgresql" else sqlite).insert(table)


def _place(incoming: Incoming) -> str:
    return f"{incoming.door}:{incoming.chat or ''}"
