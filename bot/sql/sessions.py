"""Who is logged in to the console, and log-ins on their way through WeCom. All moments are machine time."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, or_, select, update

from bot.sql.tables import login, session

#: A session ends this long after its person was last at work in it, and so long after it began at the latest.
IDLE, LONGEST = timedelta(minutes=30), timedelta(hours=12)
#: How long a log-in may take, scanning a code with a phone included.
LOGIN_LASTS = timedelta(minutes=10)
#: A session is written to when its last mark is older than this, not with every request.
_MARK_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class Session:
    """A living session: whose it is, and whether it should be marked as seen."""

    userid: str
    stale: bool


@dataclass(frozen=True)
class SqlSessions:
    """The sessions of one unit of work, at ``now``."""

    conn: Connection
    now: datetime

    def expect(self, browser: str, to: str) -> str:
        """A log-in begins in that browser; returns the state it comes back with.

        Args:
            browser: what its cookie says. ``to``: the page asked for.
        """
        self.conn.execute(delete(login).where(login.c.began_at < self.now - LOGIN_LASTS))
        state = secrets.token_hex(24)
        self.conn.execute(
            insert(login).values(
                state_hash=_hashed(state), browser_hash=_hashed(browser), to=to, began_at=self.now
            )
        )
        return state

    def came_back(self, browser: str, state: str) -> str | None:
        """The page asked for by the log-in of that state; None where it is spent or left another browser."""
        return self.conn.execute(
            delete(login)
            .where(
                login.c.state_hash == _hashed(state),
                login.c.browser_hash == _hashed(browser),
                login.c.began_at >= self.now - LOGIN_LASTS,
            )
            .returning(login.c.to)
        ).scalar_one_or_none()

    def begin(self, userid: str) -> str:
        """Log somebody in; returns the session's id, which only the browser keeps."""
        self.conn.execute(
            delete(session).where(
                or_(session.c.seen_at < self.now - IDLE, session.c.began_at < self.now - LONGEST)
            )
        )
        id = secrets.token_urlsafe(32)
        self.conn.execute(
            insert(session).values(id_hash=_hashed(id), userid=userid, began_at=self.now, seen_at=self.now)
        )
        return id

    def of(self, id: str) -> Session | None:
        """The session of that id, None once it has ended."""
        row = self.conn.execute(
            select(session.c.userid, session.c.seen_at).where(
                session.c.id_hash == _hashed(id),
                session.c.seen_at >= self.now - IDLE,
                session.c.began_at >= self.now - LONGEST,
            )
        ).one_or_none()
        return Session(row.userid, row.seen_at < self.now - _MARK_EVERY) if row else None

    def mark(self, id: str) -> None:
        """Its person is at work in it."""
        self.conn.execute(update(session).where(session.c.id_hash == _hashed(id)).values(seen_at=self.now))

    def end(self, id: str) -> None:
        """Log out."""
        self.conn.execute(delete(session).where(session.c.id_hash == _hashed(id)))


def _hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
