"""Forgetting a person: what names them, and what they wrote, leaves every table; figures stay.

It walks the inventory (``bot.sql.inventory``), so a new table is reached without a word here. Their userid
becomes a pseudonym only ``SECRET_KEY`` can make again, so that their orders are still one person's; their
name, phone and address, and their words, become :data:`~workorders.erasure.ERASED`. Everything is done in
small units; killed anywhere, the next run goes on, since what identifies them in the directory goes last.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Table,
    and_,
    delete,
    exists,
    insert,
    or_,
    select,
    update,
)

from bot.acts import Act
from bot.sql.inventory import INVENTORY, Holds, tables
from bot.sql.somebody import Somebody, sentences
from bot.sql.unit import Unit, Units
from workorders.directory.names import userid_key
from workorders.erasure import ERASED, Eraser
from workorders.errors import DeskError
from workorders.letters import LetterState
from workorders.orders.order import State
from workorders.sql.attachment_tables import attachment, blob
from workorders.sql.directory_tables import absence, duty, person, rota
from workorders.sql.erasing import RECORDS, erase
from workorders.sql.histories import History
from workorders.sql.notice_tables import receipt
from workorders.sql.tables import delivery, letter, work_order

#: Rows looked at in one unit.
_PAGE = 200
_LIVE = [State.PARKED, State.OPEN, State.ACCEPTED, State.PAUSED, State.SOLVED]
#: Tables whose rows are gone about by name below.
_OWN_WAY = frozenset(
    {"person", "audit", "audit_anchor", "blob", *(t.name for r in RECORDS for t in (r.head, r.events))}
)


class MustStay(DeskError):
    """They cannot be forgotten now; the text says why, and what to do first."""


@dataclass(frozen=True)
class Found:
    """What is kept about a person.

    Attributes:
        rows: by table, how many rows name them or hold their words.
        orders: the orders they reported; ``texts`` what they wrote, by table.
    """

    rows: dict[str, int]
    orders: list[int]
    texts: list[dict[str, str]]


def may_go(unit: Unit, them: Somebody) -> None:
    """Whether they can be forgotten now.

    Raises:
        MustStay: a hold, an order still under way, or a message on its way keeps them.
    """
    held = unit.holds.held()
    if them.userid in held.people or them.subjects & held.subjects:
        raise MustStay(f"is kept by a hold on {', '.join(held.why)} (desk data release ends it)")
    told = receipt.c.key == userid_key(them.userid)
    mine = select(receipt.c.notice_number).where(told).order_by(receipt.c.notice_number)
    kept = set(held.numbers("notice"))
    if numbers := [f"N{n}" for n in unit.conn.execute(mine).scalars() if n in kept]:
        raise MustStay(f"was told {', '.join(numbers)}, which a hold keeps (desk data release ends it)")
    live = unit.conn.execute(
        select(work_order.c.number).where(
            work_order.c.state.in_(_LIVE),
            or_(work_order.c.reporter == them.userid, work_order.c.owner == them.userid),
        )
    ).scalars()
    if orders := sorted(live):
        raise MustStay(
            f"still has work orders: {', '.join(map(str, orders))} (close or hand them over first)"
        )
    going = unit.conn.execute(
        select(delivery.c.id).where(delivery.c.state == "sending", delivery.c.lane == f"app:{them.userid}")
    )
    if going.first():
        raise MustStay("is being written to at this moment (run this again in a minute)")


def forget(units: Units, them: Somebody, *, who: str, reason: str) -> dict[str, int]:
    """Forget them.

    Returns:
        How many rows changed, by table.
    """
    with units.begin() as unit:
        may_go(unit, them)
        unsent = letter.c.state.in_([LetterState.WAITING, LetterState.FAILED])
        unit.conn.execute(
            update(letter)
            .where(unsent, letter.c.recipient.in_([them.userid, *set(them.words) - them.shared]))
            .values(state=LetterState.MOOT, reason="the recipient was forgotten")
        )
    counts: dict[str, int] = {}
    for table in tables():
        if table.name not in _OWN_WAY:
            counts[table.name] = sum(_page(units, table, them))
    with units.begin() as unit:
        counts["blob"] = _forget_originals(unit.conn, them)
    for record in RECORDS:
        counts[record.name] = _forget_records(units, record, them)
    with units.begin() as unit:
        _forget_person(unit.conn, them)
        counts["audit"] = unit.audit.forget([them.userid, *them.words], them.instead)
        changed = {table: n for table, n in counts.items() if n}
        unit.audit.record(
            Act.DATA_FORGET,
            who=who if not them.is_meant(who) else them.instead,
            door="cli",
            subject=them.instead,
            reason=them.out(reason),
            rows=[f"{table}:{n}" for table, n in changed.items()],
        )
    return changed


def held_about(unit: Unit, them: Somebody) -> Found:
    """What is kept about them, for their own asking."""
    rows, texts = {}, []
    for table in tables():
        if table.name in ("audit_anchor", "blob"):
            continue
        n = 0
        for row in _walk(unit.conn, table):
            if _about(table, row, them) or _changes(table, row, them):
                n += 1
                texts += _their_words(table, row, them)
        if n:
            rows[table.name] = n
    return Found(rows, sorted(them.numbers), texts)


def _their_words(table: Table, row: Row[Any], them: Somebody) -> list[dict[str, str]]:
    kept = INVENTORY[table.name]
    if kept.by is None or not them.is_meant(getattr(row, kept.by)):
        return []
    said = [
        getattr(row, name) for name in kept.columns(Holds.WORDS) if name not in ("reply", "snapshot", "state")
    ]
    return [{"table": table.name, "text": text} for value in said for text in _plain_sentences(value)]


def _plain_sentences(value: Any) -> Iterator[str]:
    return iter([value] if isinstance(value, str) and value else sentences(value))


# Row by row


def _walk(conn: Connection, table: Table) -> Iterator[Row[Any]]:
    """Every row, a page at a time by its key."""
    key = list(table.primary_key.columns)
    after: tuple[Any, ...] | None = None
    while True:
        rows = select(table).order_by(*key).limit(_PAGE)
        page = conn.execute(rows if after is None else rows.where(_beyond(key, after))).all()
        yield from page
        if len(page) < _PAGE:
            return
        after = tuple(getattr(page[-1], column.name) for column in key)


def _beyond(key: Sequence[Any], after: Sequence[Any]) -> ColumnElement[bool]:
    return or_(
        *(
            and_(*(c == v for c, v in zip(key[:i], after[:i], strict=True)), key[i] > after[i])
            for i in range(len(key))
        )
    )


def _page(units: Units, table: Table, them: Somebody) -> Iterator[int]:
    """Take them out of a table, a page in a unit; how many rows of each page changed."""
    key = list(table.primary_key.columns)
    after: tuple[Any, ...] | None = None
    while True:
        with units.begin() as unit:
            rows = select(table).order_by(*key).limit(_PAGE).with_for_update()
            page = unit.conn.execute(rows if after is None else rows.where(_beyond(key, after))).all()
            changed = sum(_forget_row(unit.conn, table, row, them) for row in page)
        yield changed
        if len(page) < _PAGE:
            return
        after = tuple(getattr(page[-1], column.name) for column in key)


def _forget_row(conn: Connection, table: Table, row: Row[Any], them: Somebody) -> bool:
    mine = and_(*(column == getattr(row, column.name) for column in table.primary_key.columns))
    kept = INVENTORY[table.name]
    named = any(them.is_meant(getattr(row, name)) for name in kept.columns(Holds.WHO))
    if named and (kept.kind == "machine" or table.name == "conversation"):
        # A log-in and what a conversation remembers are of no use to anybody else.
        conn.execute(delete(table).where(mine))
        return True
    values = _changes(table, row, them)
    if values:
        conn.execute(update(table).where(mine).values(values))
    return bool(values)


def _about(table: Table, row: Row[Any], them: Somebody) -> bool:
    """Whether the row is about them: names their userid, or one of their orders."""
    kept = INVENTORY[table.name]
    if any(them.is_meant(getattr(row, name)) for name in kept.columns(Holds.WHO)):
        return True
    if getattr(row, "subject", None) in them.subjects or getattr(row, "lane", None) == f"app:{them.userid}":
        return True
    return getattr(row, "order_number", None) in them.numbers if them.numbers else False


def _changes(table: Table, row: Row[Any], them: Somebody) -> dict[str, Any]:
    """The columns of the row that change, without them."""
    kept = INVENTORY[table.name]
    about = _about(table, row, them)
    author = kept.by is not None and them.is_meant(getattr(row, kept.by))
    values: dict[str, Any] = {}
    for name in kept.columns(Holds.WHO, Holds.NAMES, Holds.WORDS):
        value = getattr(row, name)
        if value is None:
            continue
        words = name in kept.columns(Holds.WORDS)
        if table is delivery and name == "payload":
            new = _payload(row, them)
        elif table.name == "inbox" and name == "reply":
            new = ERASED if author or _speaks_of(value, them) else value
        elif isinstance(value, str):
            new = ERASED if author and words and value else them.out(value, theirs=about)
        else:
            whole = words and name not in ("change", "snapshot") and (author or (table is letter and about))
            new = them.eraser(everything=whole).value(value, name)
        if new != value:
            values[name] = new
    if table is delivery and values:
        values["response_code"] = None
    return values


def _speaks_of(text: str, them: Somebody) -> bool:
    named = {int(n) for n in re.findall(r"(?<!\d)\d{4,7}(?!\d)", text)}
    return bool(named & them.numbers) or them.out(text) != text


def _payload(row: Row[Any], them: Somebody) -> Any:
    """What went out cannot be taken back; that it did is all that is kept of it."""
    if row.state == "sending":
        return row.payload
    spoken = str(row.payload)
    return {} if row.lane == f"app:{them.userid}" or _speaks_of(spoken, them) else row.payload


# What is gone about in its own way


def _forget_records(units: Units, record: History[Any, Any], them: Somebody) -> int:
    """Their part in what happened: each record in a unit of its own, its snapshot from its events again."""
    with units.reading() as unit:
        did = select(record.number).where(record.events.c.by.in_([them.userid, them.instead])).distinct()
        numbers = set(unit.conn.execute(did).scalars())
        heads = select(record.head.c.number, record.head.c.snapshot)
        events = select(record.number, record.events.c.facts, record.events.c.change)
        for rows in (heads, events):
            for number, *said in unit.conn.execute(rows):
                about = f"{record.name}:{number}" in them.subjects
                if about or any(them.out(text, theirs=False) != text for text in map(str, said)):
                    numbers.add(number)
    for number in sorted(numbers):
        about = f"{record.name}:{number}" in them.subjects
        with units.begin() as unit:
            erase(unit.conn, record, number, partial(_eraser, them, about))
    return len(numbers)


def _eraser(them: Somebody, about: bool, by: str | None) -> Eraser:
    """For an event done by that userid: all words of their own go, of others' what names them."""
    return them.eraser(everything=by in (them.userid, them.instead), theirs=about)


def _forget_originals(conn: Connection, them: Somebody) -> int:
    """Pictures and files only they sent; their rows name the pseudonym by now."""
    theirs = exists().where(attachment.c.sha256 == blob.c.sha256, attachment.c.by == them.instead)
    others = exists().where(attachment.c.sha256 == blob.c.sha256, attachment.c.by != them.instead)
    return conn.execute(delete(blob).where(theirs, ~others)).rowcount


def _forget_person(conn: Connection, them: Somebody) -> None:
    """In the directory stays that there was somebody, so that what names the pseudonym has a name."""
    gone: dict[str, Any] = {
        "userid_key": userid_key(them.instead),
        "userid": them.instead,
        "name_key": ERASED,
        "name": ERASED,
        "phone": None,
        "email": None,
        "roles": [],
        "console": None,
        "has_left": True,
    }
    mine = person.c.userid_key == userid_key(them.userid)
    known = conn.execute(select(person.c.id).where(mine)).scalar_one_or_none()
    there = conn.execute(select(person.c.id).where(person.c.userid_key == userid_key(them.instead))).first()
    if known is not None:
        for table in (duty, absence, rota):
            conn.execute(delete(table).where(table.c.person_id == known))
        if there:
            conn.execute(delete(person).where(mine))
        else:
            conn.execute(update(person).where(mine).values(gone))
    elif not there:
        conn.execute(insert(person).values(**gone, side="partner", partner_id=None, position=0))
