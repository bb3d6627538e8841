"""The log of phone calls: who took each, and what it came to; moments are desk time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from bot.sql.tables import call
from handlers.here import Became, Sent
from workorders.sql.upsert import put_new


class AlreadySent(Exception):
    """The same form was sent at the same time, and is taken; this unit of work has to be undone."""


@dataclass(frozen=True)
class Call:
    """A call that was taken.

    Attributes:
        about: the number of the order it became or joined, or of the answer it was given.
        digest: what the form said that logged it, None where it was logged in chat.
    """

    taken_by: str
    partner: int
    called_at: datetime
    became: Became
    about: int
    digest: str | None


@dataclass(frozen=True)
class SqlCalls:
    """The :class:`handlers.here.CallLog` of whoever takes calls in one unit of work; ``now`` is desk time."""

    conn: Connection
    taker: str
    now: datetime

    def took(
        self, partner: int, called_at: datetime, became: Became, about: int, sent: Sent | None = None
    ) -> None:
        """Log one.

        Raises:
            AlreadySent: the form it comes from was taken meanwhile.
        """
        row = {
            "taken_by": self.taker,
            "logged_at": self.now,
            "called_at": called_at,
            "partner_id": partner,
            "became": became,
            "about": about,
            "once": sent.once if sent else None,
            "digest": sent.digest if sent else None,
        }
        if put_new(self.conn, call, row) is None:
            raise AlreadySent

    def of_form(self, once: str) -> Call | None:
        """The call that this person logged with that form, if it was sent before."""
        mine = (call.c.once == once, call.c.taken_by == self.taker)
        row = self.conn.execute(select(*_CALL).where(*mine)).one_or_none()
        return Call(*row) if row else None

    def latest(self, most: int) -> Sequence[Call]:
        """What this person took last, newest first."""
        mine = select(*_CALL).where(call.c.taken_by == self.taker)
        return [Call(*row) for row in self.conn.execute(mine.order_by(call.c.id.desc()).limit(most))]


_CALL = (call.c.taken_by, call.c.partner_id, call.c.called_at, call.c.became, call.c.about, call.c.digest)


def tally(
    conn: Connection, start: datetime, end: datetime, partner: int | None = None
) -> dict[tuple[int, str], int]:
    """How many calls of each partner came to what, of those that came in ``[start, end)`` (aware UTC)."""
    within = [call.c.called_at >= start, call.c.called_at < end]
    if partner is not None:
        within.append(call.c.partner_id == partner)
    asked = select(call.c.partner_id, call.c.became, func.count()).where(*within)
    rows = conn.execute(asked.group_by(call.c.partner_id, call.c.became))
    return {(partner_id, became): count for partner_id, became, count in rows}
