"""Whom to forget: what they are known by, and how they are recognised in what was kept."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import or_, select

from bot.sql.audit import FORGOTTEN
from bot.sql.unit import Unit
from workorders.directory.names import userid_key
from workorders.erasure import ERASED, Eraser
from workorders.sql.directory_tables import person
from workorders.sql.erasing import RECORDS
from workorders.sql.tables import work_order

#: A shorter sentence of theirs is anybody's, and is not looked for in what others wrote.
_LONG = 8


def pseudonym(userid: str, secret: str) -> str:
    """What stands for that person once they are forgotten: nobody without ``SECRET_KEY`` can tell whose."""
    key = hmac.new(secret.encode(), f"forget:{userid_key(userid)}".encode(), hashlib.sha256)
    return FORGOTTEN + key.hexdigest()[:24]


@dataclass(frozen=True)
class Somebody:
    """Whom to look for.

    Attributes:
        words: their name, phone, mail address, and whatever else the operator knows them by.
        shared: those of them that another person has too; they go only from rows that are about this one.
        subjects: their orders and obligations, as letters name them.
        written: longer sentences of theirs.
    """

    userid: str
    instead: str
    words: tuple[str, ...] = ()
    shared: frozenset[str] = frozenset()
    subjects: frozenset[str] = frozenset()
    written: tuple[str, ...] = ()

    def is_meant(self, userid: object) -> bool:
        """Whether that is their userid, in any case."""
        return isinstance(userid, str) and userid_key(userid) == userid_key(self.userid)

    @cached_property
    def numbers(self) -> set[int]:
        """The numbers of their orders."""
        return {int(s.partition(":")[2]) for s in self.subjects if s.startswith("order:")}

    def out(self, text: str, *, theirs: bool = True) -> str:
        """The text without them.

        Args:
            theirs: the row is about them anyway, so that a name others share is theirs here.
        """
        if self.is_meant(text):
            return self.instead
        text = self._userid.sub(self.instead, text)
        for word, pattern in self._patterns.items():
            if theirs or word not in self.shared:
                text = pattern.sub(ERASED, text)
        for sentence in self.written:
            text = text.replace(sentence, ERASED)
        return text

    def eraser(self, *, everything: bool = False, theirs: bool = True) -> Eraser:
        """Takes them out of facts and fields; ``everything`` takes all words along.

        Args:
            theirs: as for :meth:`out`.
        """
        if everything:
            return Eraser(self.out, lambda words: ERASED)
        return Eraser(self.out, lambda words: self.out(words, theirs=theirs))

    @cached_property
    def _userid(self) -> re.Pattern[str]:
        return re.compile(rf"(?<![\w.@-]){re.escape(self.userid)}(?![\w.@-])", re.IGNORECASE | re.ASCII)

    @cached_property
    def _patterns(self) -> dict[str, re.Pattern[str]]:
        return {word: _spelled(word) for word in self.words}


def _spelled(word: str) -> re.Pattern[str]:
    """A word however it is written; a phone with spaces or dashes between its digits."""
    if re.fullmatch(r"[\d -]{7,}", word):
        digits = re.sub(r"\D", "", word)
        return re.compile(rf"(?<!\d)(?:\+?86[ -]?)?{'[ -]?'.join(digits)}(?!\d)")
    return re.compile(re.escape(word), re.IGNORECASE)


def somebody(unit: Unit, userid: str, secret: str, also: Sequence[str] = ()) -> Somebody:
    """Whom a userid means, with everything they are known by."""
    conn = unit.conn
    known = conn.execute(select(person).where(person.c.userid_key == userid_key(userid))).one_or_none()
    words = [w for w in (known.name, known.phone, known.email) if w and len(w) > 1] if known else []
    words += [w for w in also if len(w) > 1]
    shared = {
        w
        for w in words
        if conn.execute(
            select(person.c.id).where(
                or_(person.c.name == w, person.c.phone == w, person.c.email == w),
                or_(person.c.userid_key.is_(None), person.c.userid_key != userid_key(userid)),
            )
        ).first()
    }
    them = Somebody(
        known.userid if known else userid, pseudonym(userid, secret), tuple(words), frozenset(shared)
    )
    subjects: set[str] = set()
    written: set[str] = set()
    for record in RECORDS:
        # Events that were gone about in a run that was killed are signed by the pseudonym.
        mine = record.events.c.by.in_([them.userid, them.instead])
        rows = conn.execute(select(record.number, record.events).where(mine)).all()
        for row in rows:
            subjects.add(f"{record.name}:{row[0]}")
            written |= {s for s in sentences([row.facts, row.change]) if len(s) >= _LONG and s != ERASED}
    reported = select(work_order.c.number).where(work_order.c.reporter.in_([them.userid, them.instead]))
    ours = {f"order:{n}" for n in conn.execute(reported).scalars()}
    # What a colleague of ours did in somebody else's order is that order's history, not theirs to take along.
    mine_only = ours if known is not None and known.side == "us" else ours | subjects
    longest_first = tuple(sorted(written, key=len, reverse=True))
    return Somebody(them.userid, them.instead, them.words, them.shared, frozenset(mine_only), longest_first)


def sentences(value: Any) -> Iterator[str]:
    """What somebody wrote, out of the facts of events and letters."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, inner in value.items():
            if name in ("text", "said", "awaited", "reason", "note", "plan", "remark", "form"):
                yield from sentences(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from sentences(inner)
