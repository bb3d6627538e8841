"""Pictures and files in: fetched from WeCom before it lets go of them, made safe, and kept.

The row is written with the message. Fetching happens outside any unit of work: a claim, which is a moment
until which nobody else looks, then the download, then one unit that stores what became of it. A fetcher may
be killed at any line; when its claim has run out, whoever looks next begins anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

import structlog

from bot.sql.unit import Units
from bot.uses import Uses
from bot.wecom.errcodes import SendError
from bot.wecom.media import Fetched, Gone, TooMuch
from handlers.masking import mask
from workorders.attachments.attachment import Attachment, Unfit
from workorders.attachments.content import MOST, Content, accept
from workorders.attachments.errors import Unacceptable

#: How long a claim lives without a word of its fetcher; longer than one download and its cleaning can take.
CLAIM = timedelta(seconds=60)
#: Tries, those that were killed among them, after which a link whose time is up is left alone.
_TRIES_WHEN_LATE = 20
_FIRST_WAIT, _LAST_WAIT = timedelta(seconds=2), timedelta(minutes=10)

log = structlog.get_logger()


class Source(Protocol):
    """Where one door's pictures and files are fetched from."""

    def fetch(self, ref: str, most: int) -> Fetched: ...


@dataclass(frozen=True)
class Fetching:
    """Fetches attachments.

    Args:
        sources: by the door the message came through.
    """

    units: Units
    uses: Uses
    sources: Mapping[str, Source]

    def fetch(self, id: int) -> None:
        """See to one attachment; nothing where it is settled or somebody else has it."""
        with self.units.begin() as unit:
            waiting = unit.attachments.claim(id, unit.machine_now + CLAIM)
            expired = bool(waiting and waiting.expires_at and waiting.expires_at <= unit.machine_now)
        if waiting is None:
            return
        # A link whose time is up by our clock may still be good by theirs: it is tried once more.
        try:
            fetched = self._fetched(waiting, expired)
        except Gone as gone:
            self._lost(waiting, str(gone))
        except TooMuch:
            self._refused(waiting, Unacceptable(Unfit.TOO_LARGE), "")
        except SendError as failure:
            if expired:
                self._lost(waiting, failure.reason)
            else:
                self._later(waiting, failure)
        else:
            self._taken(waiting, fetched)

    def _fetched(self, waiting: Attachment, expired: bool) -> Fetched:
        source = self.sources.get(waiting.source)
        if source is None or waiting.ref is None:
            raise Gone("nothing says where it is")
        if expired and waiting.tries > _TRIES_WHEN_LATE:
            raise Gone("every try came to nothing")
        return source.fetch(waiting.ref, MOST)

    def _taken(self, waiting: Attachment, fetched: Fetched) -> None:
        name = mask(fetched.name).text
        try:
            content: Content = accept(fetched.data, name or waiting.name)
        except Unacceptable as unfit:
            self._refused(waiting, unfit, name)
            return
        with self.units.begin() as unit:
            self.uses.attachments(unit).was_fetched(waiting.id, content, name)

    def _refused(self, waiting: Attachment, unfit: Unacceptable, name: str) -> None:
        log.info("attachment refused", attachment=waiting.id, reason=unfit.reason)
        with self.units.begin() as unit:
            self.uses.attachments(unit).was_refused(waiting.id, unfit, name)

    def _lost(self, waiting: Attachment, reason: str) -> None:
        log.warning("attachment lost", attachment=waiting.id, tries=waiting.tries, reason=reason)
        with self.units.begin() as unit:
            self.uses.attachments(unit).was_lost(waiting.id)

    def _later(self, waiting: Attachment, failure: SendError) -> None:
        log.warning("attachment not fetched yet", attachment=waiting.id, reason=failure.reason)
        wait = min(_FIRST_WAIT * 2 ** min(waiting.tries - 1, 12), _LAST_WAIT)
        if failure.retry_after:
            wait = max(wait, timedelta(seconds=failure.retry_after))
        with self.units.begin() as unit:
            again = unit.machine_now + wait
            if waiting.expires_at:
                # The last try is made while it may still succeed.
                again = max(min(again, waiting.expires_at), unit.machine_now + _FIRST_WAIT)
            unit.attachments.try_again(waiting.id, again)
