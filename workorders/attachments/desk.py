"""The use cases of pictures and files. Everything joins the caller's unit of work and nothing commits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from workorders.attachments.attachment import (
    HELD,
    Attached,
    Attachment,
    AttachmentState,
    Brought,
    Sort,
    Unfit,
)
from workorders.attachments.content import ENDINGS, Content, safe_name
from workorders.attachments.errors import NoSuchAttachment, Unacceptable
from workorders.directory.people import Directory, Person
from workorders.letters import Channel, Letter
from workorders.orders.desk import OrderDesk
from workorders.orders.errors import NoSuchOrder
from workorders.ports import AttachmentStore, LetterBox, Now


@dataclass(frozen=True)
class Arriving:
    """A picture or file a message names, still on the far side.

    Attributes:
        ref: what names it there; a bearer right.
        name: as its sender calls it, masked.
        expires_at: machine time until which it can be fetched.
    """

    sort: Sort
    ref: str
    name: str
    expires_at: datetime


@dataclass(frozen=True)
class Original:
    """What somebody sent, for somebody who may see it.

    Attributes:
        name: what it is downloaded as; its ending is its type's, whatever its sender called it.
    """

    data: bytes
    type: str
    name: str


@dataclass(frozen=True)
class AttachmentDesk:
    """Pictures and files, as a door sees them.

    Args:
        store, letters, directory: stores joined to the caller's unit of work.
        orders: the work orders they belong to.
        now: reads desk time (aware UTC).
    """

    store: AttachmentStore
    orders: OrderDesk
    letters: LetterBox
    directory: Directory
    now: Now

    def brought(self, source: str, by: str, chat: str | None, arriving: tuple[Arriving, ...]) -> Brought:
        """Take in what a message names, with what its sender sent there before it that no order has.

        Args:
            source: the door. ``by``: userid. ``chat``: the group, None in a 1:1.
        """
        at = self.now()
        own = [
            self.store.add(
                sort=one.sort,
                source=source,
                ref=one.ref,
                by=by,
                chat=chat,
                name=safe_name(one.name),
                at=at,
                expires_at=one.expires_at,
            )
            for one in arriving
        ]
        pictures = sum(one.sort == "picture" for one in arriving)
        loose = self.store.loose(by, chat, at - HELD)
        return Brought(loose, Attached(tuple(own), pictures, len(own) - pictures), self.store.forget)

    def keep(
        self, content: Content, name: str, by: str, at: datetime, *, source: str, order: int | None = None
    ) -> Attachment:
        """Keep something that is here already (a mail's attachment, an upload).

        Args:
            content: made by :func:`workorders.attachments.content.accept`, outside any unit of work.
            name: masked. ``by``: userid or address. ``at``: desk time (aware UTC).
            order: the work order it belongs to.

        Raises:
            NoSuchOrder: there is no such order.
        """
        id = self.store.add(
            sort=content.sort,
            source=source,
            ref=None,
            by=by,
            chat=None,
            name=safe_name(name),
            at=at,
            expires_at=None,
        )
        self.store.became_kept(id, content, safe_name(name))
        if order is not None:
            self.orders.bring(order, by, _one(id, content.sort))
        kept = self.store.read(id)
        assert kept is not None
        return kept

    # What became of one that was fetched; each may be repeated, and the first word stands

    def was_fetched(self, id: int, content: Content, name: str) -> None:
        """It is here. ``name``: as the far side calls it, masked; empty where it does not."""
        if waiting := self._waiting(id):
            self.store.became_kept(id, content, safe_name(name) or waiting.name)

    def was_refused(self, id: int, unfit: Unacceptable, name: str) -> None:
        """It is not taken; whoever sent it is told."""
        if waiting := self._waiting(id):
            self.store.became_refused(id, Unfit(unfit.reason), safe_name(name) or waiting.name)
            self._missed(waiting, "attachment_refused", unfit.reason)

    def was_lost(self, id: int) -> None:
        """It cannot be had any more; whoever sent it is asked to send it again."""
        if waiting := self._waiting(id):
            self.store.became_lost(id)
            self._missed(waiting, "attachment_lost", AttachmentState.LOST)

    def _waiting(self, id: int) -> Attachment | None:
        """The attachment while nobody knows what became of it, locked after its order as everybody does."""
        seen = self.store.read(id)
        if seen and seen.order is not None:
            self.orders.orders.lock(seen.order)
        held = self.store.lock(id)
        return held if held and held.state is AttachmentState.WAITING else None

    def _missed(self, missed: Attachment, kind: str, why: str) -> None:
        if missed.order is not None:
            self.orders.detach(missed.order, missed.id, missed.sort, why)
        group = self.directory.group(missed.chat) if missed.chat else None
        channel: Channel = "group" if group and group.has_webhook else "app"
        recipient = group.chatid if group and group.has_webhook else missed.by
        facts: dict[str, Any] = {
            "number": missed.order,
            "sort": missed.sort,
            "name": missed.name,
            "unfit": why,
            "reporter_id": missed.by,
            "at": missed.at.isoformat(),
        }
        self.letters.post(Letter(f"attachment:{missed.id}", 1, kind, recipient, channel, kind, facts))

    # Looking

    def of_order(self, number: int, by: Person) -> list[Attachment]:
        """The attachments of an order, as they came, for somebody who may see it.

        Raises:
            NoSuchOrder: there is none, or it is not theirs to see.
        """
        self.orders.look(number, by)
        return self.store.of_order(number)

    def original(self, id: int, by: Person) -> Original:
        """The bytes of one, for us and for the reporter's side; each reading is for the audit.

        Raises:
            NoSuchAttachment: there is none, it was deleted, or it is not theirs to see.
        """
        held = self.store.read(id)
        if held is None or held.sha256 is None or not self._may_see(held, by):
            raise NoSuchAttachment(id)
        data = self.store.original(held.sha256)
        if data is None:
            raise NoSuchAttachment(id)
        type = held.type or "application/octet-stream"
        stem = held.name.rpartition(".")[0] or held.name or f"{held.sort}-{held.id}"
        return Original(data, type, f"{stem}.{ENDINGS.get(type, 'bin')}")

    def _may_see(self, held: Attachment, by: Person) -> bool:
        if by.side == "us" or held.by == by.userid:
            return True
        if held.order is None:
            return False
        try:
            self.orders.look(held.order, by)
        except NoSuchOrder:
            return False
        return True


def _one(id: int, sort: Sort) -> Attached:
    return Attached((id,), int(sort == "picture"), int(sort == "file"))
