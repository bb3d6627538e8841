"""The inbox: every message once, with the reply it got, and what its conversation remembers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select, update

from bot.sql.tables import conversation, inbox, sweep
from handlers.message import Incoming
from workorders.sql.upsert import put, put_new

#: After this long what a conversation remembered is no longer meant.
MEMORY = timedelta(minutes=30)

# Every message needs these, and building a statement costs as much as running it.
_ANSWERED = (
    update(inbox)
    .where(inbox.c.door == bindparam("b_door"), inbox.c.key == bindparam("b_key"))
    .values(reply=bindparam("reply"), state=bindparam("state"))
)
_THEIRS = conversation.c.place == bindparam("b_place"), conversation.c.sender == bindparam("b_sender")
_REMEMBERED = select(conversation.c.state, conversation.c.at).where(*_THEIRS)
_FORGET = delete(conversation).where(*_THEIRS)


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
        return put_new(self.conn, inbox, values) is not None

    def stored(self, door: str, key: str) -> Stored | None:
        """What that message was answered before, None where it never came."""
        row = self.conn.execute(
            select(inbox.c.reply).where(inbox.c.door == door, inbox.c.key == key)
        ).one_or_none()
        return Stored(row.reply) if row else None

    def answered(self, incoming: Incoming, reply: str | None, *, state: str = "answered") -> None:
        """Keep the finished plaintext reply; a repeat gets it again."""
        mine = {"b_door": incoming.door, "b_key": incoming.key}
        self.conn.execute(_ANSWERED, {**mine, "reply": reply, "state": state})

    def remembered(self, incoming: Incoming) -> Mapping[str, Any]:
        """What this person's last reply in this place asked to be remembered."""
        row = self.conn.execute(_REMEMBERED, _whose(incoming)).one_or_none()
        return row.state if row and row.at > self.now - MEMORY else {}

    def remember(self, incoming: Incoming, state: Mapping[str, Any]) -> None:
        """Remember this until their next message here; nothing forgets."""
        if not state:
            self.conn.execute(_FORGET, _whose(incoming))
            return
        place, sender = _whose(incoming).values()
        row = {"place": place, "sender": sender, "state": dict(state), "at": self.now}
        put(self.conn, conversation, row)

    def swept(self, name: str) -> None:
        """Leave word that a clock has just finished a round."""
        put(self.conn, sweep, {"name": name, "at": self.now})

    def last_sweep(self, name: str) -> datetime | None:
        """When a clock last finished a round; None before the first."""
        row = self.conn.execute(select(sweep.c.at).where(sweep.c.name == name)).one_or_none()
        return row.at if row else None


def _whose(incoming: Incoming) -> dict[str, str]:
    """Whose memory of which place: 1:1s of both doors and groups are places of their own."""
    return {"b_place": f"{incoming.door}:{incoming.chat or ''}", "b_sender": incoming.sender}
