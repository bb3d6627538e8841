"""Taking a message in: one unit of work holds its id, what it made happen, and the reply it got.

A repeat, even a concurrent one, waits on the message's key and gets the stored reply. Nothing inside
the unit waits on a network or a queue.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace

import structlog

from bot.payloads import card_letter
from bot.sql.engine import is_away
from bot.sql.unit import Unit, Units
from bot.uses import Uses
from bot.wecom.media import MEDIA_ID_LASTS, URL_LASTS
from handlers.here import Here
from handlers.masking import mask
from handlers.message import Incoming, Reply
from handlers.phrases.apology import apology
from handlers.router import answer
from handlers.webhook import apart
from knowledge.library import Library
from workorders.attachments.desk import Arriving

#: Makes the finished plaintext of a reply, as the door's channel has it; None is silence.
Finish = Callable[[Reply, Incoming], str | None]

log = structlog.get_logger()


class Unavailable(Exception):
    """The database cannot be asked; the platform should send the message again."""


@dataclass(frozen=True)
class Door:
    """The way in, whichever channel a message came through.

    Args:
        uses: the use cases, in desk time.
        hotline: the number people may call. ``home``: the desk's own address, with ``/`` at its end.
    """

    units: Units
    uses: Uses
    library: Library
    hotline: str
    home: str

    def take(self, incoming: Incoming, finish: Finish) -> str | None:
        """Answer one message, once, however often it comes.

        Returns:
            The finished plaintext reply, None for silence.

        Raises:
            Unavailable: the database cannot be asked; nothing was stored.
        """
        incoming = _masked(incoming)
        try:
            return self._answered(incoming, finish)
        except Exception as error:
            if is_away(error):
                log.error("a message could not be taken in", error=type(error).__name__)
                raise Unavailable from error
            # Whatever was half done is rolled back; the person is answered and the operator told.
            log.exception("an intent raised", kind=incoming.kind, door=incoming.door)
            return self._apologised(incoming, finish)

    def said(self, incoming_key: str) -> str | None:
        """The stored reply of an aibot message, for WeCom's poll of its stream; None where there is none."""
        with self.units.reading() as unit:
            stored = unit.inbox.stored("aibot", incoming_key)
        return stored.reply if stored else None

    def _answered(self, incoming: Incoming, finish: Finish) -> str | None:
        with self.units.begin() as unit:
            if not unit.inbox.take_in(incoming, incoming.text):
                stored = unit.inbox.stored(incoming.door, incoming.key)
                return stored.reply if stored else None
            told = replace(incoming, state=unit.inbox.remembered(incoming))
            reply = answer(told, self._here(unit, incoming))
            if reply.state or told.state:
                unit.inbox.remember(incoming, reply.state)
            if reply.card and incoming.door == "app":
                subject = "message:" + hashlib.sha256(incoming.key.encode()).hexdigest()[:32]
                unit.letters.post(card_letter(reply.card, incoming.sender, subject))
            plaintext = finish(reply, incoming)
            unit.inbox.answered(incoming, plaintext)
        log.info(
            "message answered",
            door=incoming.door,
            kind=incoming.kind,
            place="group" if incoming.chat else "1:1",
            silently=plaintext is None,
        )
        return plaintext

    def _apologised(self, incoming: Incoming, finish: Finish) -> str | None:
        try:
            with self.units.begin() as unit:
                unit.inbox.take_in(incoming, incoming.text)
                plaintext = finish(apology(incoming, self.hotline), incoming)
                unit.inbox.answered(incoming, plaintext, state="failed")
                return plaintext
        except Exception as error:
            if is_away(error):
                raise Unavailable from error
            raise

    def _here(self, unit: Unit, incoming: Incoming) -> Here:
        now = self.uses.desk_clock()
        lasts = MEDIA_ID_LASTS if incoming.door == "app" else URL_LASTS
        arriving = tuple(
            Arriving(media.sort, media.ref, mask(media.name).text, unit.machine_now + lasts)
            for media in incoming.media
        )
        brought = self.uses.attachments(unit).brought(incoming.door, incoming.sender, incoming.chat, arriving)
        return Here(
            sender=unit.directory.person(incoming.sender),
            group=unit.directory.group(incoming.chat) if incoming.chat else None,
            orders=self.uses.orders(unit, heard_in=incoming.chat, brought=brought),
            notices=self.uses.notices(unit, heard_in=incoming.chat),
            obligations=self.uses.obligations(unit, heard_in=incoming.chat),
            surveys=self.uses.surveys(unit),
            changes=self.uses.directory(unit, incoming.sender, incoming.door),
            handovers=self.uses.handovers(unit, heard_in=incoming.chat),
            library=self.library,
            answers=unit.answers(incoming.sender, incoming.chat, now),
            calls=unit.calls(incoming.sender, now),
            directory=unit.directory,
            agreement=self.uses.agreement,
            now=now,
            hotline=self.hotline,
            home=self.home,
        )


def _masked(incoming: Incoming) -> Incoming:
    """The message without what may never be kept: card numbers, ID numbers, codes and passwords."""
    quote = mask(apart(incoming.quote)[0]).text if incoming.quote else incoming.quote
    text, key = apart(incoming.text)
    words = mask(text)
    return replace(incoming, text=words.text, secret=key, masked=bool(words.found), quote=quote)
