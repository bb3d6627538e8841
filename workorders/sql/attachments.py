"""Pictures and files on SQLAlchemy Core."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, delete, insert, select, update
from sqlalchemy.engine import Row

from workorders.attachments.attachment import Attached, Attachment, AttachmentState, Sort, Unfit
from workorders.attachments.content import Content
from workorders.sql.attachment_tables import attachment, blob
from workorders.sql.upsert import put

_SETTLED: dict[str, Any] = {"ref": None, "look_at": None}


@cache  # Every message asks, and building a statement costs as much as running it.
def _loose(in_group: bool) -> Select[Any]:
    return (
        select(attachment.c.id, attachment.c.sort, attachment.c.state)
        .where(
            attachment.c.order_number.is_(None),
            attachment.c.by == bindparam("by"),
            attachment.c.at >= bindparam("since"),
            attachment.c.chat == bindparam("chat") if in_group else attachment.c.chat.is_(None),
            attachment.c.source.in_(["aibot", "app"]),
        )
        .order_by(attachment.c.id)
        .with_for_update()
    )


@dataclass
class SqlAttachments:
    """The :class:`workorders.ports.AttachmentStore` of one unit of work, and what fetching needs of it.

    Args:
        machine_now: when this unit began; what is added in it may be fetched at once.
    """

    conn: Connection
    machine_now: datetime
    #: Attachments added in this unit, to be fetched after the commit.
    added: list[int] = field(default_factory=list)

    def add(
        self,
        *,
        sort: Sort,
        source: str,
        ref: str | None,
        by: str,
        chat: str | None,
        name: str,
        at: datetime,
        expires_at: datetime | None,
    ) -> int:
        values = {
            "sort": sort,
            "state": AttachmentState.WAITING,
            "source": source,
            "ref": ref,
            "by": by,
            "chat": chat,
            "name": name,
            "at": at,
            "expires_at": expires_at,
            "look_at": self.machine_now if ref else None,
        }
        id = self.conn.execute(insert(attachment).values(values).returning(attachment.c.id)).scalar_one()
        if ref:
            self.added.append(id)
        return int(id)

    def read(self, id: int) -> Attachment | None:
        row = self.conn.execute(select(attachment).where(attachment.c.id == id)).one_or_none()
        return _attachment(row) if row else None

    def lock(self, id: int) -> Attachment | None:
        row = self.conn.execute(
            select(attachment).where(attachment.c.id == id).with_for_update()
        ).one_or_none()
        return _attachment(row) if row else None

    def loose(self, by: str, chat: str | None, since: datetime) -> Attached:
        given = {"by": by, "since": since} | ({} if chat is None else {"chat": chat})
        rows = self.conn.execute(_loose(chat is not None), given).all()
        there = [row.sort for row in rows if row.state in (AttachmentState.WAITING, AttachmentState.KEPT)]
        pictures = there.count("picture")
        return Attached(tuple(row.id for row in rows), pictures, len(there) - pictures)

    def forget(self, dropped: Attached) -> None:
        mine = attachment.c.id.in_(dropped.ids), attachment.c.order_number.is_(None)
        self.conn.execute(delete(attachment).where(*mine))

    def of_order(self, number: int) -> list[Attachment]:
        rows = self.conn.execute(
            select(attachment).where(attachment.c.order_number == number).order_by(attachment.c.id)
        )
        return [_attachment(row) for row in rows]

    def became_kept(self, id: int, content: Content, name: str) -> None:
        # Touching what is there keeps a deletion at the same moment from taking it away.
        row = {"sha256": content.sha256, "content": content.data}
        put(self.conn, blob, row, changing=("sha256",))
        self._became(
            id,
            AttachmentState.KEPT,
            sha256=content.sha256,
            size=len(content.data),
            type=content.type,
            name=name,
        )

    def became_refused(self, id: int, unfit: Unfit, name: str) -> None:
        self._became(id, AttachmentState.REFUSED, unfit=unfit, name=name)

    def became_lost(self, id: int) -> None:
        self._became(id, AttachmentState.LOST)

    def original(self, sha256: str) -> bytes | None:
        content: bytes | None = self.conn.execute(
            select(blob.c.content).where(blob.c.sha256 == sha256)
        ).scalar_one_or_none()
        return content

    # Fetching

    def due(self, now: datetime, limit: int) -> list[tuple[int, datetime]]:
        """What may be fetched now that nobody is fetching, with how long it has waited, oldest first."""
        rows = self.conn.execute(
            select(attachment.c.id, attachment.c.look_at)
            .where(attachment.c.look_at <= now)
            .order_by(attachment.c.look_at, attachment.c.id)
            .limit(limit)
        )
        return [(row.id, row.look_at) for row in rows]

    def claim(self, id: int, until: datetime) -> Attachment | None:
        """Have it to oneself until that moment (machine time); None where another has, or it is settled.

        A fetcher that is killed leaves it to be fetched again after that.
        """
        claimed = self.conn.execute(
            update(attachment)
            .where(attachment.c.id == id, attachment.c.look_at <= self.machine_now)
            .values(look_at=until, tries=attachment.c.tries + 1)
        )
        return self.read(id) if claimed.rowcount == 1 else None

    def try_again(self, id: int, at: datetime) -> None:
        """It could not be fetched just now."""
        self.conn.execute(
            update(attachment)
            .where(attachment.c.id == id, attachment.c.state == AttachmentState.WAITING)
            .values(look_at=at)
        )

    def _became(self, id: int, state: AttachmentState, **values: Any) -> None:
        self.conn.execute(
            update(attachment).where(attachment.c.id == id).values(state=state, **_SETTLED, **values)
        )


def belongs(conn: Connection, ids: Sequence[int], number: int) -> None:
    """Make drafts an order's; what an order has already stays its own."""
    conn.execute(
        update(attachment)
        .where(attachment.c.id.in_(ids), attachment.c.order_number.is_(None))
        .values(order_number=number)
    )


def _attachment(row: Row[Any]) -> Attachment:
    return Attachment(
        id=row.id,
        sort=row.sort,
        state=AttachmentState(row.state),
        source=row.source,
        ref=row.ref,
        order=row.order_number,
        by=row.by,
        chat=row.chat,
        name=row.name,
        at=row.at,
        expires_at=row.expires_at,
        tries=row.tries,
        sha256=row.sha256,
        size=row.size,
        type=row.type,
        unfit=Unfit(row.unfit) if row.unfit else None,
    )
