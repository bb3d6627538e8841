"""The audit: who did what, to what, when, from where, and with what result; append-only and chained.

Each row's hash covers the previous row's hash and the row's own canonical content, so that a row changed,
added or taken out afterwards breaks the chain at its place. ``who``, ``subject`` and ``reason``, which may
name people, are covered by way of a salted digest: when a person is forgotten their name is replaced and
the salt thrown away, and the chain still holds. Retention removes a prefix and leaves an anchor, the number
and hash of the last row removed, which a row of the chain confirms.

All moments are machine time.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, func, insert, or_, select, text, update

from bot.acts import READS, READS_OF_ALL, Act
from bot.sql.tables import audit, audit_anchor
from handlers.masking import mask
from handlers.phrases.text import phones_masked

Door = Literal["app", "aibot", "mail", "console", "cli", "clock"]
Result = Literal["done", "refused"]

#: What stands where a forgotten person was named, before a hash that only ``SECRET_KEY`` can make.
FORGOTTEN = "forgotten:"
#: What the first row follows.
_GENESIS = "0" * 64
_SEALED = ("who", "subject", "reason")
#: PostgreSQL advisory lock of the chain's head. SQLite has one writer.
_HEAD = 0x7765636F6E
_PAGE = 500
_DIGEST = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True)
class Entry:
    """One row of the audit.

    Attributes:
        number: its place in the chain, from 1.
        who: a userid, ``operator:NAME`` for the command line, ``clock``.
        subject: what it was done to: ``order:1001``, ``person:xiaowang``, ``file:directory.toml``.
        details: counts and the like.
    """

    number: int
    at: datetime
    act: Act
    who: str
    door: str
    subject: str
    result: str
    reason: str
    details: Mapping[str, Any]
    hash: str

    def as_json(self) -> dict[str, Any]:
        """The row as JSON values."""
        return {**vars(self), "at": self.at.isoformat(), "details": dict(self.details)}


@dataclass(frozen=True)
class Verified:
    """What a walk along the chain found.

    Attributes:
        rows: how many rows hold, up to the first that does not.
        head: number and hash of the last that holds, ``"12:9f…"``; keep it elsewhere, and later ask
            whether the chain still has it.
        broken: number of the first row that does not hold, None where all do; ``why`` in one line.
    """

    rows: int
    head: str
    broken: int | None = None
    why: str = ""


@dataclass
class SqlAudit:
    """The audit of one unit of work, begun at ``now``.

    What is recorded joins the chain when the unit is about to commit, so that the chain's head, which every
    writer must wait for, is held for no longer than that.
    """

    conn: Connection
    now: datetime
    _pending: list[dict[str, Any]] = field(default_factory=list)

    def record(
        self,
        act: Act,
        *,
        who: str,
        door: Door,
        subject: str,
        result: Result = "done",
        reason: str = "",
        **details: int | str | bool | Sequence[str] | None,
    ) -> None:
        """Record what is about to be committed; a unit that is rolled back records nothing.

        Args:
            who: a userid, ``operator:NAME`` or ``clock``.
            subject: a kind and a name: ``order:1001``.
            reason: why, as somebody gave it; masked here.
            details: counts and the like; nothing secret or personal; texts are masked here too.
        """
        self._pending.append(
            {
                "act": act,
                "who": who[:128],
                "door": door,
                "subject": subject[:160],
                "result": result,
                "reason": _plain(reason),
                "details": {k: _plain(v) for k, v in details.items()},
            }
        )

    def write(self) -> None:
        """Add what was recorded to the chain: the last thing a unit does before it commits."""
        if not self._pending:
            return
        if self.conn.dialect.name == "postgresql":
            self.conn.execute(text("SELECT pg_advisory_xact_lock(:head)"), {"head": _HEAD})
        number, last = self._head()
        rows = []
        for entry in self._pending:
            number += 1
            seals = {}
            for name in _SEALED:
                salt = secrets.token_hex(16)
                seals[name] = [salt, _sealed(salt, entry[name])]
            row = {**entry, "number": number, "at": self.now, "seals": seals}
            last = _hash(last, row)
            rows.append({**row, "hash": last})
        self.conn.execute(insert(audit), rows)
        self._pending.clear()

    # Looking

    def entries(
        self,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        who: str | None = None,
        what: str | None = None,
        subject: str | None = None,
        below: int | None = None,
        most: int = 1000,
    ) -> list[Entry]:
        """The newest rows first.

        Args:
            since, until: machine time, from the first up to but not including the second.
            what: an act, or the beginning of one: ``data:``.
            below: only rows before the one of that number.
        """
        wanted: list[ColumnElement[bool]] = []
        if who is not None:
            wanted.append(audit.c.who == who)
        if what is not None:
            wanted.append(audit.c.act.startswith(what, autoescape=True))
        if subject is not None:
            wanted.append(audit.c.subject == subject)
        if below is not None:
            wanted.append(audit.c.number < below)
        return self._entries([*wanted, *_between(since, until)], most)

    def seen(
        self, subjects: Sequence[str], *, since: datetime | None = None, until: datetime | None = None
    ) -> list[Entry]:
        """Who saw one of these unmasked, newest first; whoever saw everybody at once saw them too."""
        these = audit.c.act.in_(READS) & audit.c.subject.in_(subjects)
        return self._entries([or_(these, audit.c.act.in_(READS_OF_ALL)), *_between(since, until)], 1000)

    def verify(self, known: str | None = None) -> Verified:
        """Walk the chain from its beginning, or from where retention cut it off.

        Args:
            known: a head noted earlier (``"12:9f…"``), which the chain must still have.
        """
        anchor = self._anchor()
        start, last = (anchor.number, anchor.hash) if anchor else (0, _GENESIS)
        number, rows = start, 0
        forgotten: dict[str, int] = {}
        confirmed: set[str] = set()
        at_known, _, wanted = (known or "").partition(":")
        for row in self._walk():
            number += 1
            why = _fault(row, number, last)
            if known and str(row.number) == at_known and row.hash != wanted:
                why = "it is not the row whose hash was noted"
            if why:
                return Verified(rows, f"{number - 1}:{last}", number, why)
            last, rows = row.hash, rows + 1
            for name in ("who", "subject", "reason"):
                if row.seals[name][0] is None:
                    forgotten.setdefault(getattr(row, name), number)
            if row.act == Act.DATA_FORGET:
                confirmed.add(row.subject)
            if row.act == Act.AUDIT_PRUNE:
                confirmed.add(f"{row.details['through']}:{row.details['hash']}")
        head = f"{number}:{last}"
        if anchor and f"{anchor.number}:{anchor.hash}" not in confirmed:
            return Verified(
                rows, head, anchor.number, "rows up to it are gone, and no row says who removed them"
            )
        for name, place in forgotten.items():
            if name not in confirmed:
                return Verified(
                    rows, head, place, "a name was taken out, and no row says who had it forgotten"
                )
        if known and at_known.isdigit() and int(at_known) > number:
            return Verified(rows, head, number + 1, f"rows up to {at_known} were noted and are gone")
        return Verified(rows, head)

    # Removing

    def older_than(self, before: datetime) -> int:
        """How many rows :meth:`prune` would remove."""
        return int(self.conn.execute(select(func.count()).where(audit.c.at < before)).scalar_one())

    def prune(self, before: datetime, most: int = 100_000) -> int:
        """Remove rows older than that moment, from the chain's beginning on; how many went.

        The caller records it in the same unit, with what :meth:`anchored` says.
        """
        first = self.conn.execute(select(func.min(audit.c.number)).where(audit.c.at < before)).scalar_one()
        if first is None:
            return 0
        young = select(func.min(audit.c.number)).where(audit.c.at >= before).scalar_subquery()
        old = and_(audit.c.number < first + most, audit.c.number < func.coalesce(young, first + most))
        through = self.conn.execute(
            select(audit.c.number, audit.c.hash).where(old).order_by(audit.c.number.desc()).limit(1)
        ).one_or_none()
        if through is None:
            return 0
        # The anchor first: the table's trigger lets go only of what lies at or before it.
        self.conn.execute(insert(audit_anchor).values(number=through.number, hash=through.hash, at=self.now))
        removed = self.conn.execute(delete(audit).where(audit.c.number <= through.number))
        self.conn.execute(delete(audit_anchor).where(audit_anchor.c.number < through.number))
        return removed.rowcount

    def anchored(self) -> dict[str, Any]:
        """What the row that records a pruning must say of it."""
        anchor = self._anchor()
        return {"through": anchor.number, "hash": anchor.hash} if anchor else {}

    def forget(self, words: Sequence[str], instead: str) -> int:
        """Replace whatever names a person in ``who``, ``subject`` and ``reason``; how many rows changed.

        Args:
            words: their userid, name, phone and the like.
            instead: :data:`FORGOTTEN` and a keyed hash; a row with that subject must record the forgetting.
        """
        changed = 0
        for row in self._walk():
            values: dict[str, Any] = {}
            for name in _SEALED:
                said = getattr(row, name)
                if (
                    said.partition(":")[2] in words
                    or said in words
                    or (name == "reason" and any(word in said for word in words))
                ):
                    values[name] = instead
            if values:
                digests = {name: [None, row.seals[name][1]] for name in values}
                changed += 1
                self.conn.execute(
                    update(audit)
                    .where(audit.c.number == row.number)
                    .values(**values, seals={**row.seals, **digests})
                )
        return changed

    def _head(self) -> tuple[int, str]:
        last = select(audit.c.number, audit.c.hash).order_by(audit.c.number.desc()).limit(1)
        row = self.conn.execute(last).one_or_none() or self._anchor()
        return (row.number, row.hash) if row else (0, _GENESIS)

    def _anchor(self) -> Row[Any] | None:
        newest = select(audit_anchor).order_by(audit_anchor.c.number.desc()).limit(1)
        return self.conn.execute(newest).one_or_none()

    def _walk(self) -> Iterator[Row[Any]]:
        """Every row in order, a page at a time: the chain may be longer than memory."""
        after = -1
        while rows := self.conn.execute(
            select(audit).where(audit.c.number > after).order_by(audit.c.number).limit(_PAGE)
        ).all():
            yield from rows
            after = rows[-1].number

    def _entries(self, where: Sequence[ColumnElement[bool]], most: int) -> list[Entry]:
        rows = self.conn.execute(select(audit).where(*where).order_by(audit.c.number.desc()).limit(most))
        return [
            Entry(r.number, r.at, Act(r.act), r.who, r.door, r.subject, r.result, r.reason, r.details, r.hash)
            for r in rows
        ]


def _between(since: datetime | None, until: datetime | None) -> list[ColumnElement[bool]]:
    return [*([audit.c.at >= since] if since else []), *([audit.c.at < until] if until else [])]


def _fault(row: Row[Any], number: int, last: str) -> str:
    """Why the row does not hold at that place of the chain; empty where it does."""
    if row.number != number:
        return f"row {number} is missing"
    if not hmac.compare_digest(_hash(last, row._asdict()), row.hash):
        return "its content, or the row before it, was changed"
    for name in _SEALED:
        salt, digest = row.seals[name]
        said = getattr(row, name)
        held = said.startswith(FORGOTTEN) if salt is None else _sealed(salt, said) == digest
        if not held:
            return f"its {name} was changed"
    return ""


def _hash(last: str, row: Mapping[str, Any]) -> str:
    content = {
        "number": row["number"],
        "at": row["at"].astimezone(UTC).isoformat(timespec="microseconds"),
        "act": row["act"],
        "door": row["door"],
        "result": row["result"],
        "details": row["details"],
        "seals": {name: row["seals"][name][1] for name in _SEALED},
    }
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{last}{canonical}".encode()).hexdigest()


def _sealed(salt: str, said: str) -> str:
    return hashlib.sha256(f"{salt}{said}".encode()).hexdigest()


def _plain(value: Any) -> Any:
    """What nobody may keep is not kept here either; the digits of a hash are nobody's number."""
    if isinstance(value, str):
        return value if _DIGEST.fullmatch(value) else phones_masked(mask(value).text)
    return [_plain(v) for v in value] if isinstance(value, list | tuple) else value
