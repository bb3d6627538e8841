"""What has been kept long enough, and how it goes: small batches, each with its proof in the audit.

A step finds rows of one kind that are too old, oldest first, and removes them, or takes the words and the
people out of them where figures stay. A batch is one unit of work; killed anywhere, the next run goes on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Select, Text, and_, cast, delete, exists, func, null, or_, select, text, update
from sqlalchemy.engine import Row

from bot.acts import Act
from bot.sql import old_notices
from bot.sql.holds import Held
from bot.sql.tables import call, conversation, inbox
from bot.sql.unit import Unit
from knowledge.sql.tables import answered, gap
from workorders.agreement.retention import Retention
from workorders.erasure import ERASED, EVERYTHING
from workorders.letters import LetterState
from workorders.obligations import obligation as obligations
from workorders.orders.order import State
from workorders.sql.attachment_tables import attachment, blob
from workorders.sql.erasing import erase
from workorders.sql.handover_tables import handover
from workorders.sql.histories import OBLIGATIONS, ORDERS, History
from workorders.sql.tables import delivery, letter, work_order

#: Rows a batch takes: well under a tenth of a second of anybody's waiting.
BATCH = 200

_OVER = [
    state
    for state in State
    if state not in (State.PARKED, State.OPEN, State.ACCEPTED, State.PAUSED, State.SOLVED)
]
_ENDED = [LetterState.SENT, LetterState.IN_DOUBT, LetterState.GIVEN_UP, LetterState.MOOT]
#: PostgreSQL advisory lock of whoever prunes. SQLite has one writer.
_ONE = 0x7765636F6F
_EVIDENCE = "notice:%"
_EMPTY = "{}"


@dataclass(frozen=True)
class Gone:
    """One batch that went.

    Attributes:
        first, last: the moments of the oldest and the newest row.
        proof: SHA-256 over the rows' ids in order, one a line.
    """

    kind: str
    what: str
    rows: int
    first: datetime
    last: datetime
    proof: str


@dataclass(frozen=True)
class Step:
    """One kind of row.

    Attributes:
        kind: as in ``[retention]``. ``what``: its table.
        clock: whether its moments are machine time or desk time.
        find: the rows too old: their id or ids, and their moment as ``at``.
        remove: makes those rows go.
    """

    kind: str
    what: str
    clock: Literal["machine", "desk"]
    find: Callable[[datetime, Held], Select[Any]]
    remove: Callable[[Unit, Sequence[Row[Any]]], object]

    def waiting(self, unit: Unit, before: datetime, held: Held) -> int:
        """How many rows are too old."""
        found = self.find(before, held).subquery()
        return int(unit.conn.execute(select(func.count()).select_from(found)).scalar_one())

    def batch(self, unit: Unit, before: datetime, held: Held) -> Gone | None:
        """Make one batch go, and say what went; None where nothing was too old."""
        rows = unit.conn.execute(self.find(before, held).order_by("at").limit(BATCH)).all()
        if not rows:
            return None
        self.remove(unit, rows)
        ids = "\n".join(":".join(map(str, row[:-1])) for row in rows)
        proof = hashlib.sha256(ids.encode()).hexdigest()
        return Gone(self.kind, self.what, len(rows), _moment(rows[0].at), _moment(rows[-1].at), proof)


def prune(unit: Unit, retention: Retention, desk_now: datetime, who: str, door: Any) -> Gone | None:
    """The next batch of whatever is too old, recorded in the audit; None where nothing is.

    Args:
        desk_now: desk time, by which orders, obligations, notices and questions are old. The rest is by
            machine time.
        who, door: as the audit names them.
    """
    if unit.conn.dialect.name == "postgresql":
        # One at a time: two would find the same rows, and prove twice that they went.
        unit.conn.execute(text("SELECT pg_advisory_xact_lock(:one)"), {"one": _ONE})
    held = unit.holds.held()
    for step in STEPS:
        now = unit.machine_now if step.clock == "machine" else desk_now
        gone = step.batch(unit, retention.before(step.kind, now), held)
        if gone:
            unit.audit.record(
                Act.DATA_PRUNE,
                who=who,
                door=door,
                subject=f"{gone.kind}:{gone.what}",
                rows=gone.rows,
                first=gone.first.isoformat(),
                last=gone.last.isoformat(),
                proof=gone.proof,
            )
            return gone
    return _prune_audit(unit, retention, who, door)


def waiting(unit: Unit, retention: Retention, desk_now: datetime) -> dict[tuple[str, str], int]:
    """How many rows of each kind and table are too old; nothing is changed."""
    held = unit.holds.held()
    counts = {}
    for step in STEPS:
        now = unit.machine_now if step.clock == "machine" else desk_now
        counts[step.kind, step.what] = step.waiting(unit, retention.before(step.kind, now), held)
    counts["audit", "audit"] = unit.audit.older_than(retention.before("audit", unit.machine_now))
    return counts


def _prune_audit(unit: Unit, retention: Retention, who: str, door: Any) -> Gone | None:
    before = retention.before("audit", unit.machine_now)
    removed = unit.audit.prune(before)
    if not removed:
        return None
    anchored = unit.audit.anchored()
    unit.audit.record(Act.AUDIT_PRUNE, who=who, door=door, subject="audit", rows=removed, **anchored)
    return Gone("audit", "audit", removed, before, before, str(anchored["hash"]))


def _moment(at: datetime | str) -> datetime:
    return at if isinstance(at, datetime) else datetime.fromisoformat(at)


# What was said


def _messages(before: datetime, held: Held) -> Select[Any]:
    kept = or_(inbox.c.sender.in_(held.people), and_(inbox.c.chat.is_not(None), inbox.c.chat.in_(held.chats)))
    return select(inbox.c.door, inbox.c.key, inbox.c.at).where(inbox.c.at < before, ~kept)


def _remove_messages(unit: Unit, rows: Sequence[Row[Any]]) -> None:
    for row in rows:
        unit.conn.execute(delete(inbox).where(inbox.c.door == row.door, inbox.c.key == row.key))


def _conversations(before: datetime, held: Held) -> Select[Any]:
    return select(conversation.c.place, conversation.c.sender, conversation.c.at).where(
        conversation.c.at < before
    )


def _remove_conversations(unit: Unit, rows: Sequence[Row[Any]]) -> None:
    for row in rows:
        mine = (conversation.c.place == row.place, conversation.c.sender == row.sender)
        unit.conn.execute(delete(conversation).where(*mine))


def _gaps(before: datetime, held: Held) -> Select[Any]:
    kept = gap.c.asked_by.in_(held.people)
    return select(gap.c.id, gap.c.asked_at.label("at")).where(gap.c.asked_at < before, ~kept)


def _offers(before: datetime, held: Held) -> Select[Any]:
    kept = or_(handover.c.giver.in_(held.people), handover.c.receiver.in_(held.people))
    gone = and_(handover.c.over, handover.c.offered_at < before)
    return select(handover.c.id, handover.c.offered_at.label("at")).where(gone, ~kept)


def _answers(before: datetime, held: Held) -> Select[Any]:
    kept = answered.c.asked_by.in_([*held.people, ERASED])
    return select(answered.c.id, answered.c.asked_at.label("at")).where(answered.c.asked_at < before, ~kept)


def _empty_answers(unit: Unit, rows: Sequence[Row[Any]]) -> None:
    """How often an article answered stays; what was asked, and by whom, does not."""
    mine = answered.c.id.in_([row.id for row in rows])
    unit.conn.execute(update(answered).where(mine).values(question=ERASED, asked_by=ERASED, chat=null()))


def _calls(before: datetime, held: Held) -> Select[Any]:
    kept = call.c.taken_by.in_([*held.people, ERASED])
    return select(call.c.id, call.c.called_at.label("at")).where(call.c.called_at < before, ~kept)


def _letters(before: datetime, held: Held) -> Select[Any]:
    """Letters whose words are too old; notices are evidence, and kept as such."""
    return select(letter.c.id, letter.c.written_at.label("at")).where(
        letter.c.written_at < before,
        letter.c.state.in_(_ENDED),
        letter.c.subject.not_like(_EVIDENCE),
        letter.c.subject.not_in(held.subjects),
        cast(letter.c.facts, Text) != _EMPTY,
    )


def _deliveries(before: datetime, held: Held) -> Select[Any]:
    kept = exists().where(
        letter.c.delivery_id == delivery.c.id,
        or_(letter.c.subject.like(_EVIDENCE), letter.c.subject.in_(held.subjects)),
    )
    return select(delivery.c.id, delivery.c.at).where(
        delivery.c.at < before, delivery.c.state != "sending", cast(delivery.c.payload, Text) != _EMPTY, ~kept
    )


# What was done


def _records(record: History[Any, Any], over: Sequence[str]) -> Callable[[datetime, Held], Select[Any]]:
    """Records that ended before that moment and still say who and what."""

    def find(before: datetime, held: Held) -> Select[Any]:
        head = record.head
        ended = head.c.snapshot["state_at"].as_string()
        return select(head.c.number, ended.label("at")).where(
            head.c.state.in_(over),
            ended < before.isoformat(),
            # What is erased already names nobody as who brought it to its state, or is signed so.
            ~exists().where(record.number == head.c.number, record.events.c.by == ERASED),
            exists().where(record.number == head.c.number, record.events.c.by.is_not(None)),
            head.c.number.not_in(held.numbers(record.name)),
        )

    return find


def _erase(record: History[Any, Any]) -> Callable[[Unit, Sequence[Row[Any]]], None]:
    """Take people and words out of records; their letters, which told of them, go."""

    def remove(unit: Unit, rows: Sequence[Row[Any]]) -> None:
        for row in rows:
            erase(unit.conn, record, row.number, lambda by: EVERYTHING)
            if record is ORDERS:
                pictures = update(attachment).where(attachment.c.order_number == row.number)
                unit.conn.execute(pictures.values(by=ERASED, name=ERASED, chat=null()))
            subject = f"{record.name}:{row.number}"
            carried = select(letter.c.delivery_id).where(letter.c.subject == subject)
            ids = [id for id in unit.conn.execute(carried).scalars() if id is not None]
            unit.conn.execute(delete(letter).where(letter.c.subject == subject))
            others = exists().where(letter.c.delivery_id == delivery.c.id)
            unit.conn.execute(delete(delivery).where(delivery.c.id.in_(ids), ~others))

    return remove


def _originals(before: datetime, held: Held) -> Select[Any]:
    """Content nobody has sent again since, and that no live or held order has."""
    live = exists().where(work_order.c.number == attachment.c.order_number, work_order.c.state.not_in(_OVER))
    mine = attachment.c.sha256 == blob.c.sha256
    wanted = exists().where(
        mine,
        or_(
            attachment.c.at >= before,
            live,
            attachment.c.order_number.in_(held.numbers("order")),
            attachment.c.by.in_(held.people),
        ),
    )
    newest = select(func.max(attachment.c.at)).where(mine).scalar_subquery()
    return select(blob.c.sha256, newest.label("at")).where(exists().where(mine), ~wanted)


def _remove_originals(unit: Unit, rows: Sequence[Row[Any]]) -> None:
    unit.conn.execute(delete(blob).where(blob.c.sha256.in_([row.sha256 for row in rows])))


def _drafts(before: datetime, held: Held) -> Select[Any]:
    """Pictures and files that never became an order's."""
    return select(attachment.c.id, attachment.c.at).where(
        attachment.c.at < before, attachment.c.order_number.is_(None), attachment.c.by.not_in(held.people)
    )


def _emptied(table: Any, **values: Any) -> Callable[[Unit, Sequence[Row[Any]]], object]:
    return lambda unit, rows: unit.conn.execute(
        update(table).where(table.c.id.in_([row.id for row in rows])).values(**values)
    )


def _removed(table: Any) -> Callable[[Unit, Sequence[Row[Any]]], object]:
    return lambda unit, rows: unit.conn.execute(delete(table).where(table.c.id.in_([row.id for row in rows])))


#: All that goes, in the order it goes in. The audit is last: it must tell of all the others.
STEPS: tuple[Step, ...] = (
    Step("chat", "inbox", "machine", _messages, _remove_messages),
    Step("chat", "conversation", "machine", _conversations, _remove_conversations),
    Step("chat", "gap", "desk", _gaps, _removed(gap)),
    Step("chat", "handover", "desk", _offers, _removed(handover)),
    Step("chat", "answered", "desk", _answers, _empty_answers),
    Step("chat", "call", "desk", _calls, _emptied(call, taken_by=ERASED, once=null(), digest=null())),
    Step("chat", "letter", "machine", _letters, _emptied(letter, facts={})),
    Step("chat", "delivery", "machine", _deliveries, _emptied(delivery, payload={}, response_code=null())),
    Step("pictures", "blob", "desk", _originals, _remove_originals),
    Step("pictures", "attachment", "desk", _drafts, _removed(attachment)),
    Step("order", "work_order", "desk", _records(ORDERS, _OVER), _erase(ORDERS)),
    Step(
        "order",
        "obligation",
        "desk",
        _records(
            OBLIGATIONS,
            [s for s in obligations.State if s not in (obligations.State.OPEN, obligations.State.CONFIRMED)],
        ),
        _erase(OBLIGATIONS),
    ),
    Step("notice", "receipt_event", "desk", old_notices.events, old_notices.remove_events),
    Step("notice", "receipt", "desk", old_notices.receipts, old_notices.remove_receipts),
    Step("notice", "letter", "desk", old_notices.letters, old_notices.remove_letters),
    Step("notice", "notice", "desk", old_notices.notices, old_notices.remove_notices),
)
