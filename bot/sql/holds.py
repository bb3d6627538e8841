"""Legal holds: an order, a notice, or everything of a partner, that is kept however old it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from bot.sql.tables import hold
from workorders.sql.directory_tables import chat_group, person
from workorders.sql.notice_tables import receipt
from workorders.sql.obligation_tables import obligation
from workorders.sql.tables import order_event, work_order


@dataclass(frozen=True)
class Held:
    """What every hold in force keeps together.

    Attributes:
        subjects: orders, obligations and notices, as letters name them: ``order:1001``.
        people: userids of who had to do with them, and a held partner's contacts. ``chats``: their groups.
        why: subject of the hold to its reason.
    """

    subjects: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()
    chats: frozenset[str] = frozenset()
    why: tuple[str, ...] = ()

    def numbers(self, kind: str) -> list[int]:
        """The numbers of the held records of a kind."""
        return [int(s.partition(":")[2]) for s in self.subjects if s.startswith(f"{kind}:")]


@dataclass(frozen=True)
class SqlHolds:
    """The holds of one unit of work, at ``now`` (machine time)."""

    conn: Connection
    now: datetime

    def place(self, subject: str, by: str, reason: str) -> bool:
        """Hold it; False where it is held already."""
        if self._in_force(subject):
            return False
        self.conn.execute(
            insert(hold).values(subject=subject, reason=reason, placed_at=self.now, placed_by=by)
        )
        return True

    def release(self, subject: str, by: str) -> bool:
        """Hold it no longer; False where it is not held."""
        in_force = self._in_force(subject)
        for row in in_force:
            self.conn.execute(
                update(hold).where(hold.c.id == row.id).values(released_at=self.now, released_by=by)
            )
        return bool(in_force)

    def all(self) -> list[Row[Any]]:
        """Every hold there ever was, the newest first."""
        return list(self.conn.execute(select(hold).order_by(hold.c.id.desc())).all())

    def held(self) -> Held:
        """What the holds in force keep."""
        subjects: set[str] = set()
        people: set[str] = set()
        chats: set[str] = set()
        in_force = [row.subject for row in self._in_force()]
        for subject in in_force:
            kind, _, id = subject.partition(":")
            if kind == "notice":
                subjects.add(subject)
                continue
            if kind == "partner":
                mine = work_order.c.partner_id == int(id)
                theirs = select(obligation.c.number).where(obligation.c.partner_id == int(id))
                subjects |= {f"obligation:{n}" for n in self.conn.execute(theirs).scalars()}
                told = select(receipt.c.notice_number).where(receipt.c.partner_id == int(id)).distinct()
                subjects |= {f"notice:{n}" for n in self.conn.execute(told).scalars()}
                contacts = select(person.c.userid).where(person.c.partner_id == int(id))
                people |= {u for u in self.conn.execute(contacts).scalars() if u}
                groups = select(chat_group.c.chatid).where(chat_group.c.partner_id == int(id))
                chats |= set(self.conn.execute(groups).scalars())
            else:
                mine = work_order.c.number == int(id)
            for row in self.conn.execute(
                select(work_order.c.number, work_order.c.reporter, work_order.c.chat).where(mine)
            ):
                subjects.add(f"order:{row.number}")
                people.add(row.reporter)
                chats |= {row.chat} if row.chat else set()
                did = select(order_event.c.by).where(order_event.c.order_number == row.number).distinct()
                people |= {by for by in self.conn.execute(did).scalars() if by}
        return Held(frozenset(subjects), frozenset(people), frozenset(chats), tuple(in_force))

    def _in_force(self, subject: str | None = None) -> list[Row[Any]]:
        rows = select(hold).where(hold.c.released_at.is_(None)).order_by(hold.c.id)
        return list(self.conn.execute(rows if subject is None else rows.where(hold.c.subject == subject)))
