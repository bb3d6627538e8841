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
#: How long a message's reply URL may be used (101138).
REPLY_URL_LASTS = timedelta(hours=1)

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
            "reply_url": incoming.reply_url,
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

    def spend_reply_url(self, chat: str | None, sender: str | None = None) -> str | None:
        """The right to post one more answer where a message came from, which is single use.

        Args:
            chat: the group; None for the 1:1 with ``sender``.

        Returns:
            The URL of the newest message there that has one left; None the second time, and after an hour.
        """
        there = inbox.c.chat.is_(None) if chat is None else inbox.c.chat == chat
        theirs = () if sender is None else (inbox.c.sender == sender,)
        left = self.conn.execute(
            select(inbox.c.door, inbox.c.key, inbox.c.reply_url)
            .where(inbox.c.at > self.now - REPLY_URL_LASTS, inbox.c.reply_url.is_not(None), there, *theirs)
            .order_by(inbox.c.at.desc())
            .limit(1)
            .with_for_update()
        ).one_or_none()
        if left is None:
            return None
        spent = update(inbox).where(inbox.c.door == left.door, inbox.c.key == left.key)
        self.conn.execute(spent.values(reply_url=None))
        url: str = left.reply_url
        return url

    def let_reply_urls_go(self) -> None:
        """Forget the reply URLs nobody may use any more."""
        over = update(inbox).where(inbox.c.at <= self.now - REPLY_URL_LASTS, inbox.c.reply_url.is_not(None))
        self.conn.execute(over.values(reply_url=None))

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
