"""A picture or file somebody sent: where it came from, what became of it, and what order it belongs to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal

#: What it was sent as.
Sort = Literal["picture", "file"]

#: How long a picture nobody has said a word to waits for one.
HELD = timedelta(minutes=30)
#: What follows an order's opening within this long belongs to it (people.md, habit 20).
FOLLOWS = timedelta(minutes=2)


class AttachmentState(StrEnum):
    """What became of an attachment."""

    WAITING = "waiting"  # to be fetched
    KEPT = "kept"
    REFUSED = "refused"  # too large, of a kind that is not accepted, or broken
    LOST = "lost"  # it could not be fetched before WeCom let go of it


class Unfit(StrEnum):
    """Why an attachment was refused."""

    TOO_LARGE = "too_large"
    FORBIDDEN = "forbidden"
    ARCHIVE = "archive"
    BROKEN = "broken"


@dataclass(frozen=True)
class Attachment:
    """One picture or file.

    Attributes:
        sort: what it was sent as.
        source: the door it came through (``aibot``, ``app``, ``mail``, ``console``).
        ref: what names it there (a URL or a MediaId) while it must still be fetched; a bearer right.
        order: the work order it belongs to, None for a draft.
        by: userid of who sent it; ``chat`` the group it was sent in, None for a 1:1.
        name: its file name, masked; empty where none was given.
        at: desk time at which it came (aware UTC). ``expires_at``: machine time until which it may be had.
        tries: how often it was fetched in vain.
        sha256: of what is kept, ``size`` in bytes and ``type`` its media type; None until it is.
        unfit: why it was refused.
    """

    id: int
    sort: Sort
    state: AttachmentState
    source: str
    ref: str | None = field(repr=False)
    order: int | None
    by: str
    chat: str | None
    name: str
    at: datetime
    expires_at: datetime | None = None
    tries: int = 0
    sha256: str | None = None
    size: int | None = None
    type: str | None = None
    unfit: Unfit | None = None


@dataclass(frozen=True)
class Attached:
    """Attachments on their way to an order: their ids, and how many pictures and files they are.

    One that was refused or lost meanwhile is among the ids and is not counted: the words that its sender
    was asked for are still meant for an order.
    """

    ids: tuple[int, ...] = ()
    pictures: int = 0
    files: int = 0

    def __bool__(self) -> bool:
        return bool(self.ids)

    @property
    def counted(self) -> bool:
        """Whether any of them may still be had."""
        return self.pictures + self.files > 0


#: No attachments.
NOTHING = Attached()


@dataclass
class Brought:
    """What a message brings along: its attachments, and those its sender sent here before it.

    The first order the message concerns takes them all; what nobody took waits for the next message.

    Args:
        attached: all of them. ``own``: those of the message itself.
        forget: lets go of drafts.
    """

    attached: Attached = NOTHING
    own: Attached = NOTHING
    forget: Callable[[Attached], None] | None = field(default=None, repr=False)

    def __bool__(self) -> bool:
        return bool(self.attached)

    def take(self) -> Attached:
        """All of them, once."""
        taken, self.attached = self.attached, NOTHING
        return taken

    def drop(self) -> None:
        """Whoever sent them wants no order of them."""
        if (dropped := self.take()) and self.forget:
            self.forget(dropped)
