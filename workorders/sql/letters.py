"""Letters, lanes and deliveries on SQLAlchemy Core. All moments here are machine time, aware UTC."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Connection, and_, bindparam, case, exists, func, insert, or_, select, update
from sqlalchemy.engine import Row

from workorders.letters import Channel, Letter, LetterState
from workorders.notices.telling import TOLD
from workorders.sql import upsert
from workorders.sql.tables import delivery, lane, letter
from workorders.sql.upsert import put, put_missing, put_new

_DUE = [LetterState.WAITING, LetterState.FAILED]


def _free(now: Any) -> Any:
    """The lane may be taken: no living lease, and not asked to be quiet."""
    return and_(
        or_(lane.c.leased_until.is_(None), lane.c.leased_until <= now),
        or_(lane.c.not_before.is_(None), lane.c.not_before <= now),
    )


def _loud(channel: Any, now: Any) -> Any:
    """The far side of a channel has not asked for quiet; its row among the lanes bears its bare name."""
    whole = lane.alias()
    return ~exists().where(whole.c.name == channel, whole.c.not_before > now)


# A broadcast sends each of these tens of thousands of times: they are built once.
_NAME: Any = bindparam("b_name")
_HOLDER: Any = bindparam("b_holder")
_NOW: Any = bindparam("b_now")
_UNTIL: Any = bindparam("b_until")
_CHANNEL: Any = bindparam("b_channel")
_MINE = and_(lane.c.holder == _HOLDER, lane.c.leased_until > _NOW)
_LEASE = (
    update(lane)
    .where(lane.c.name == _NAME, or_(_free(_NOW), _MINE), _loud(_CHANNEL, _NOW))
    .values(holder=_HOLDER, leased_until=_UNTIL)
)
_RELEASE = (
    update(lane).where(lane.c.name == _NAME, lane.c.holder == _HOLDER).values(holder=None, leased_until=None)
)
_UNFINISHED = select(delivery).where(delivery.c.lane == _NAME, delivery.c.state == "sending").limit(1)
_CLAIMABLE = (
    select(letter)
    .where(letter.c.lane == _NAME, letter.c.state.in_(_DUE), letter.c.due_at <= _NOW)
    .order_by(letter.c.urgent.desc(), letter.c.id)
    .limit(bindparam("b_limit"))
)
_FIX = insert(delivery).returning(delivery.c.id)
_CLAIM = (
    update(letter)
    .where(letter.c.id.in_(bindparam("b_ids", expanding=True)))
    .values(state=LetterState.CLAIMED, delivery_id=bindparam("b_delivery"), attempts=letter.c.attempts + 1)
)
_CARRIED = select(letter).where(letter.c.delivery_id == bindparam("b_delivery")).order_by(letter.c.id)
_DELIVERY_ENDS = update(delivery).where(delivery.c.id == bindparam("b_delivery"))
_LETTERS_END = update(letter).where(letter.c.delivery_id == bindparam("b_delivery"))


@cache
def _new_lane(dialect: str) -> Any:
    """The lane, leased, unless its channel must be quiet; nothing where there is one."""
    columns = {lane.c.name: "b_name", lane.c.holder: "b_holder", lane.c.leased_until: "b_until"}
    row = select(*(bindparam(name, type_=column.type) for column, name in columns.items()))
    new = upsert.insert(dialect, lane).from_select(list(columns), row.where(_loud(_CHANNEL, _NOW)))
    return new.on_conflict_do_nothing().returning(lane.c.name)


@cache
def _tries(nths: tuple[int, ...]) -> Any:
    """When the nth-latest deliveries of a lane were tried, for each of those numbers, in one row."""
    newest = select(delivery.c.at).where(delivery.c.lane == _NAME).order_by(delivery.c.at.desc())
    return select(*(newest.offset(nth - 1).limit(1).scalar_subquery() for nth in nths))


@dataclass(frozen=True)
class Waiting:
    """A letter with its place in the table.

    Attributes:
        doubted: somebody had it sent again though it may have arrived.
    """

    id: int
    letter: Letter
    attempts: int
    written_at: datetime
    doubted: bool = False


@dataclass(frozen=True)
class Delivery:
    """One message that goes out, or went out, and the letters it carries, with the attempts made of them."""

    id: int
    lane: str
    payload: Mapping[str, Any]
    attempts: int
    at: datetime
    letters: tuple[Waiting, ...]


@dataclass
class SqlLetters:
    """The :class:`workorders.ports.LetterBox` of one unit of work, and what a lane needs of it.

    Args:
        machine_now: when this unit began; letters written in it are due at once.
    """

    conn: Connection
    machine_now: datetime
    #: Lanes that got a letter in this unit, to be woken after the commit.
    woken: set[str] = field(default_factory=set)

    def post(self, written: Letter) -> bool:
        new = put_new(self.conn, letter, self._values(written)) is not None
        if new and not written.hold_until:
            self.woken.add(written.lane)
        return new

    def post_all(self, letters: Iterable[Letter]) -> None:
        rows = [self._values(each) for each in letters]
        if not rows:
            return
        put_missing(self.conn, letter, rows)
        self.woken.update(row["lane"] for row in rows if not row["hold_until"])

    def waiting_about(self, subject: str, limit: int) -> int:
        unsaid = (
            select(letter.c.id)
            .where(
                # By the index of what is unsaid, which is little: of one subject a broadcast has said much.
                letter.c.subject.concat("") == subject,
                letter.c.kind.in_(TOLD),
                letter.c.state.in_([*_DUE, LetterState.CLAIMED]),
            )
            .limit(limit)
        )
        return int(self.conn.execute(select(func.count()).select_from(unsaid.subquery())).scalar_one())

    def went_out(self, subject: str, kind: str, channel: Channel, recipient: str) -> bool:
        """Whether a letter of that kind about that subject went, or may have gone, to that recipient."""
        gone = [LetterState.SENT, LetterState.IN_DOUBT, LetterState.CLAIMED]
        found = select(letter.c.id).where(
            letter.c.subject == subject,
            letter.c.recipient == recipient,
            letter.c.channel == channel,
            letter.c.kind == kind,
            letter.c.state.in_(gone),
        )
        return self.conn.execute(found.limit(1)).first() is not None

    def holds(self, now: datetime) -> bool:
        """Whether a held letter may go at that moment of desk time."""
        return self.conn.execute(select(letter.c.id).where(*_over(now)).limit(1)).first() is not None

    def let_go(self, now: datetime) -> None:
        """Let the letters go that were held until that moment of desk time; their lanes are woken.

        The patience with which each is sent begins now.
        """
        values = {"state": LetterState.WAITING, "written_at": self.machine_now, "due_at": self.machine_now}
        lanes = self.conn.execute(update(letter).where(*_over(now)).values(values).returning(letter.c.lane))
        self.woken |= set(lanes.scalars())

    def cards_out(self, subject: str) -> dict[str, int]:
        # A bundle speaks of other orders too and keeps its buttons: it counts no card of this one alone.
        one = (
            select(letter.c.delivery_id)
            .where(letter.c.delivery_id.in_(select(letter.c.delivery_id).where(letter.c.subject == subject)))
            .group_by(letter.c.delivery_id)
            .having(func.count(letter.c.subject.distinct()) == 1)
        )
        rows = self.conn.execute(
            select(letter.c.recipient, func.max(delivery.c.id))
            .join(delivery, delivery.c.id == letter.c.delivery_id)
            .where(
                letter.c.subject == subject,
                letter.c.state == LetterState.SENT,
                letter.c.kind != "card_done",
                delivery.c.response_code.is_not(None),
                delivery.c.id.in_(one),
            )
            .group_by(letter.c.recipient)
        )
        return {row[0]: row[1] for row in rows}

    def spend_code(self, number: int) -> str | None:
        """The right to update the card of that delivery, which is single use: None the second time."""
        code: str | None = self.conn.execute(
            select(delivery.c.response_code).where(delivery.c.id == number).with_for_update()
        ).scalar_one_or_none()
        self.conn.execute(update(delivery).where(delivery.c.id == number).values(response_code=None))
        return code

    # Lanes

    def due_lanes(self, now: datetime, limit: int) -> list[tuple[str, datetime]]:
        """Lanes with something to do that nobody is doing, urgent first, with how long it has been due."""
        waiting = (
            select(
                letter.c.lane,
                func.min(letter.c.due_at).label("since"),
                func.max(case((letter.c.urgent, 1), else_=0)).label("urgent"),
                func.max(letter.c.channel).label("channel"),
            )
            .where(letter.c.state.in_(_DUE), letter.c.due_at <= now)
            .group_by(letter.c.lane)
            .subquery()
        )
        rows = self.conn.execute(
            select(waiting.c.lane, waiting.c.since)
            .outerjoin(lane, lane.c.name == waiting.c.lane)
            .where(_free(now), _loud(waiting.c.channel, now))
            .order_by(waiting.c.urgent.desc(), waiting.c.since)
            .limit(limit)
        ).all()
        dead = self.conn.execute(
            select(delivery.c.lane, func.min(delivery.c.at))
            .outerjoin(lane, lane.c.name == delivery.c.lane)
            .where(delivery.c.state == "sending", _free(now))
            .group_by(delivery.c.lane)
            .limit(limit)
        ).all()
        return [(r[0], r[1]) for r in dead] + [(r[0], r[1]) for r in rows]

    def lease(self, name: str, holder: str, now: datetime, until: datetime) -> bool:
        """Take the lane, or keep it; False while another holder's lease lives or the lane must be quiet."""
        channel = name.partition(":")[0]
        values = {"b_name": name, "b_holder": holder, "b_now": now, "b_until": until, "b_channel": channel}
        if self.conn.execute(_LEASE, values).rowcount == 1:
            return True
        # Made here and not with the letter: units inserting two lanes crosswise would wait for each other.
        return self.conn.execute(_new_lane(self.conn.dialect.name), values).first() is not None

    def release(self, name: str, holder: str) -> None:
        """Give the lane back."""
        self.conn.execute(_RELEASE, {"b_name": name, "b_holder": holder})

    def quiet(self, name: str, until: datetime) -> None:
        """Send nothing down that lane, or (``app``) down any of a channel, before that moment."""
        put(self.conn, lane, {"name": name, "not_before": until})

    def postpone(self, name: str, until: datetime) -> None:
        """Say what is due down that lane and not urgent no sooner than at that moment."""
        due = (letter.c.lane == name, letter.c.state.in_(_DUE), letter.c.urgent.is_(False))
        self.conn.execute(update(letter).where(*due, letter.c.due_at < until).values(due_at=until))

    def tried(self, name: str, nths: tuple[int, ...]) -> Sequence[datetime | None]:
        """When the nth-latest deliveries of the lane were tried; None where there are fewer."""
        return tuple(self.conn.execute(_tries(nths), {"b_name": name}).one())

    # What a lane does with its letters

    def unfinished(self, name: str) -> Delivery | None:
        """A delivery whose sender never said what became of it."""
        row = self.conn.execute(_UNFINISHED, {"b_name": name}).one_or_none()
        if row is None:
            return None
        letters = self.conn.execute(_CARRIED, {"b_delivery": row.id})
        return Delivery(row.id, row.lane, row.payload, row.attempts, row.at, tuple(map(_waiting, letters)))

    def claimable(self, name: str, now: datetime, limit: int) -> list[Waiting]:
        """The lane's due letters, urgent first, then as they were written."""
        rows = self.conn.execute(_CLAIMABLE, {"b_name": name, "b_now": now, "b_limit": limit})
        return [_waiting(row) for row in rows]

    def make_moot(self, id: int, reason: str) -> None:
        """What the letter says is no longer so."""
        self._change([id], state=LetterState.MOOT, reason=reason)

    def set_aside(self, id: int, reason: str, until: datetime) -> None:
        """Leave a letter alone that cannot be put into words; it is due again at that moment."""
        self._change(
            [id], state=LetterState.FAILED, reason=reason, due_at=until, attempts=letter.c.attempts + 1
        )

    def abandon(self, id: int, reason: str) -> None:
        """Never: it was never put into words."""
        self._change([id], state=LetterState.GIVEN_UP, reason=reason)

    def fix(
        self, name: str, payload: Mapping[str, Any], together: Sequence[Waiting], now: datetime
    ) -> Delivery:
        """Fix letters into one delivery that is about to be sent."""
        row = {"lane": name, "payload": dict(payload), "state": "sending", "attempts": 1, "at": now}
        number = self.conn.execute(_FIX, row).scalar_one()
        self.conn.execute(_CLAIM, {"b_ids": [w.id for w in together], "b_delivery": number})
        claimed = tuple(replace(w, attempts=w.attempts + 1) for w in together)
        return Delivery(number, name, dict(payload), 1, now, claimed)

    def try_again(self, sent: Delivery, payload: Mapping[str, Any], now: datetime) -> Delivery:
        """The same delivery, once more."""
        self.conn.execute(
            update(delivery)
            .where(delivery.c.id == sent.id)
            .values(payload=dict(payload), attempts=sent.attempts + 1, at=now)
        )
        return replace(sent, payload=dict(payload), attempts=sent.attempts + 1, at=now)

    def was_sent(self, sent: Delivery, message_id: str, response_code: str | None) -> None:
        """The far side took it."""
        self._end(sent, "sent", LetterState.SENT, message_id=message_id, response_code=response_code)

    def was_lost(self, sent: Delivery) -> None:
        """The answer was lost twice: nobody knows."""
        self._end(sent, "in_doubt", LetterState.IN_DOUBT, reason="the answer was lost twice")

    def gave_up(self, sent: Delivery, reason: str) -> None:
        """Never: trying again would change nothing."""
        self._end(sent, "given_up", LetterState.GIVEN_UP, reason=reason)

    def failed(self, sent: Delivery, reason: str, again_at: datetime) -> None:
        """Not now: its letters are due again at that moment."""
        self._end(sent, "failed", LetterState.FAILED, reason=reason, due_at=again_at)

    # What people do about those that are stuck

    def again(self, id: int) -> Letter | None:
        """Make a letter due again that was given up or is in doubt; None for any other, such as one that is
        due again already.

        The patience with which it is sent begins anew. A notice's are sent again by its own receipts.
        """
        row = self.conn.execute(
            update(letter)
            .where(_stuck(id), letter.c.kind.not_in([*TOLD, "card_done"]))
            .values(
                state=LetterState.WAITING,
                written_at=self.machine_now,
                due_at=self.machine_now,
                delivery_id=None,
                reason=None,
                doubted=or_(letter.c.doubted, letter.c.state == LetterState.IN_DOUBT),
            )
            .returning(letter)
        ).one_or_none()
        if row is None:
            return None
        self.woken.add(row.lane)
        return _waiting(row).letter

    def let_be(self, id: int, reason: str) -> bool:
        """Nobody sends it any more; False for a letter that is not stuck."""
        ended = update(letter).where(_stuck(id)).values(state=LetterState.MOOT, reason=reason)
        return self.conn.execute(ended).rowcount == 1

    def oldest_due(self, now: datetime) -> timedelta | None:
        """How long the oldest due letter has been due; None where none is."""
        since = self.conn.execute(
            select(func.min(letter.c.due_at)).where(letter.c.state.in_(_DUE), letter.c.due_at <= now)
        ).scalar_one_or_none()
        return now - since if since else None

    def counts(self) -> dict[str, int]:
        """How many letters there are in each state."""
        rows = self.conn.execute(select(letter.c.state, func.count()).group_by(letter.c.state))
        return {row[0]: row[1] for row in rows}

    def _end(
        self,
        sent: Delivery,
        became: str,
        state: LetterState,
        *,
        reason: str | None = None,
        due_at: datetime | None = None,
        message_id: str | None = None,
        response_code: str | None = None,
    ) -> None:
        values: dict[str, Any] = {"b_delivery": sent.id, "reason": reason}
        ids = {"message_id": message_id, "response_code": response_code}
        self.conn.execute(_DELIVERY_ENDS, {**values, "state": became, **ids})
        due = {"due_at": due_at} if due_at else {}
        self.conn.execute(_LETTERS_END, {**values, "state": state, **due})

    def _values(self, written: Letter) -> dict[str, Any]:
        """A new letter's row, due at once unless it is held."""
        return {
            "subject": written.subject,
            "generation": written.generation,
            "occasion": written.occasion,
            "recipient": written.recipient,
            "channel": written.channel,
            "kind": written.kind,
            "facts": dict(written.facts),
            "urgent": written.urgent,
            "lane": written.lane,
            "state": LetterState.HELD if written.hold_until else LetterState.WAITING,
            "written_at": self.machine_now,
            "due_at": self.machine_now,
            "hold_until": written.hold_until,
        }

    def _change(self, ids: Sequence[int], **values: Any) -> None:
        self.conn.execute(update(letter).where(letter.c.id.in_(ids)).values(values))


def _over(now: datetime) -> tuple[Any, ...]:
    """The letter was held, and need be no longer."""
    return letter.c.state == LetterState.HELD, letter.c.hold_until <= now


def _stuck(id: int) -> Any:
    """It is that letter, and it stands before a person."""
    return and_(letter.c.id == id, letter.c.state.in_([LetterState.GIVEN_UP, LetterState.IN_DOUBT]))


def _waiting(row: Row[Any]) -> Waiting:
    channel: Channel = row.channel
    said = Letter(
        row.subject, row.generation, row.occasion, row.recipient, channel, row.kind, row.facts, row.urgent
    )
    return Waiting(row.id, said, row.attempts, row.written_at, row.doubted)
