"""What reports count, counted by the database: a few rows leave it, however many orders there are."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Select,
    cast,
    distinct,
    exists,
    func,
    literal_column,
    select,
)

from workorders.orders.ledger import Outcome
from workorders.orders.order import Kind, State, Verb
from workorders.orders.promise import Part
from workorders.report.period import Period
from workorders.report.rows import Begun, By, Complaint, Counted, Happened, Missed, Rated, Took
from workorders.sql.base import Moment
from workorders.sql.tables import order_event, promise, work_order

#: An order's first event writes it down; literal, as its index has it.
_BEGUN = order_event.c.number == literal_column("1")
_COUNTED = promise.c.outcome != Outcome.CARRIED
_OUTCOME = (promise.c.outcome, promise.c.cause, promise.c.filed)
_SECOND = 1_000_000
_LIVE = [State.PARKED, State.OPEN, State.ACCEPTED, State.PAUSED]


@dataclass(frozen=True)
class SqlFigures:
    """Counts of one moment, within one unit of work that only reads.

    Args:
        partner: count only that partner's orders; None counts everybody's.
    """

    conn: Connection
    partner: int | None = None

    def attainment(self, period: Period, by: Sequence[By]) -> list[Counted]:
        """Promises whose clock began in the period, each counted once, by outcome and cause."""
        keys = [promise.c[_COLUMNS[name]] for name in by]
        rows = self.conn.execute(
            select(*keys, *_OUTCOME, func.count())
            .where(*self._within(period), _COUNTED)
            .group_by(*keys, *_OUTCOME)
        )
        return [Counted(tuple(row[:-4]), *row[-4:]) for row in rows]

    def times(self, period: Period, by: Sequence[By]) -> list[Took]:
        """How long promises took that were met, to the second below."""
        keys = [promise.c[_COLUMNS[name]] for name in by]
        seconds = promise.c.took_us // _SECOND
        rows = self.conn.execute(
            select(*keys, promise.c.part, seconds, func.count())
            .where(*self._within(period), _COUNTED, promise.c.took_us.is_not(None))
            .group_by(*keys, promise.c.part, seconds)
        )
        return [Took(tuple(row[:-3]), row[-3], int(row[-2]), row[-1]) for row in rows]

    def missed(self, period: Period, most: int) -> list[Missed]:
        """Missed promises whose clock began in the period, oldest first."""
        rows = self.conn.execute(
            select(promise)
            .where(*self._within(period), promise.c.outcome == Outcome.MISSED)
            .order_by(promise.c.due, promise.c.order_number, promise.c.position)
            .limit(most)
        )
        return [
            Missed(
                order=row.order_number,
                clause=row.clause,
                partner=row.partner_id,
                role=row.role,
                person=row.person,
                due=row.due,
                met_at=row.met_at,
                cause=row.cause,
                reason=row.reason,
                filed=row.filed,
            )
            for row in rows
        ]

    def reroutes(self, since: datetime, until: datetime) -> list[tuple[str, str, int, int]]:
        """From which role to which, how often, and of how many orders."""
        frm, to = order_event.c.facts["from"].as_string(), order_event.c.facts["to"].as_string()
        rows = self.conn.execute(
            self._of_events(select(frm, to, func.count(), func.count(distinct(order_event.c.order_number))))
            .where(order_event.c.verb == Verb.REROUTE, *_between(order_event.c.at, since, until))
            .group_by(frm, to)
        )
        return [(row[0], row[1], row[2], row[3]) for row in rows]

    def downgraded(self, since: datetime, until: datetime) -> list[Happened]:
        """Orders that were opened urgent and made daily in that time, with the reason given."""
        first = order_event.alias()
        urgent = exists().where(
            first.c.order_number == order_event.c.order_number,
            first.c.number == 1,
            first.c.change["kind"].as_string() == Kind.URGENT,
        )
        return self._happened(Verb.DOWNGRADE, "reason", since, until, urgent)

    def reopened(self, since: datetime, until: datetime) -> list[Happened]:
        """Orders reopened in that time, each time anew, with what was said."""
        return self._happened(Verb.REOPEN, "said", since, until)

    def begun(self, since: datetime, until: datetime) -> list[Begun]:
        """Orders written down in that time, by the quarter of an hour, so that any zone can be told of it."""
        start = self._quarter_hour()
        rows = self.conn.execute(
            self._of_events(select(start, func.count()))
            .where(_BEGUN, *_between(order_event.c.at, since, until))
            .group_by(start)
        )
        return [Begun(_moment(row[0]), row[1]) for row in rows]

    def opened(self, since: datetime, until: datetime) -> dict[str, int]:
        """How many orders were written down in that time, by what they were opened as."""
        kind = order_event.c.change["kind"].as_string()
        rows = self.conn.execute(
            self._of_events(select(kind, func.count()))
            .where(_BEGUN, *_between(order_event.c.at, since, until))
            .group_by(kind)
        )
        return {row[0]: row[1] for row in rows}

    def ratings(self, since: datetime, until: datetime, by: Sequence[By]) -> list[Rated]:
        """Stars given in that time, of the order as it stands, and apart from them why there were few."""
        order = {
            "kind": work_order.c.kind,
            "partner": work_order.c.partner_id,
            "role": work_order.c.snapshot["role"].as_string(),
            "person": work_order.c.owner,
        }
        keys = [order[name] for name in by if name in order]
        start = self._quarter_hour()
        stars, why = order_event.c.facts["stars"].as_integer(), order_event.c.facts["why"].as_string()
        rows = self.conn.execute(
            self._of_events(select(*keys, start, stars, why, func.count()), joined=True)
            .where(order_event.c.verb == Verb.RATE, *_between(order_event.c.at, since, until))
            .group_by(*keys, start, stars, why)
        )
        return [Rated(tuple(r[:-4]), _moment(r[-4]), r[-3], r[-2], r[-1]) for r in rows]

    def solved(self, since: datetime, until: datetime) -> int:
        """How many orders were solved in that time, each once."""
        return self._count(
            self._of_events(select(func.count(distinct(order_event.c.order_number)))).where(
                order_event.c.verb == Verb.SOLVE, *_between(order_event.c.at, since, until)
            )
        )

    def missed_between(self, since: datetime, until: datetime) -> int:
        """How many promises were missed at a due moment in that time."""
        mine = [] if self.partner is None else [promise.c.partner_id == self.partner]
        return self._count(
            select(func.count()).where(*_between(promise.c.breached_at, since, until), _COUNTED, *mine)
        )

    def live(self, kind: Kind | None = None) -> int:
        """How many orders somebody still has to do something about, now."""
        of = [] if kind is None else [work_order.c.kind == kind]
        mine = [] if self.partner is None else [work_order.c.partner_id == self.partner]
        return self._count(select(func.count()).where(work_order.c.state.in_(_LIVE), *of, *mine))

    def complaints(self, since: datetime, until: datetime) -> list[Complaint]:
        """Complaints against us that were written down in that time, with what became of each."""
        reply = (
            select(
                promise.c.order_number.label("number"),
                func.max(promise.c.took_us).label("took_us"),
                func.max(promise.c.met_at).label("met_at"),
                func.max(cast(promise.c.outcome == Outcome.MISSED, Integer)).label("missed"),
            )
            .where(promise.c.part == Part.REPLY)
            .group_by(promise.c.order_number)
            .subquery()
        )
        snapshot = work_order.c.snapshot
        read = select(
            work_order.c.number,
            work_order.c.state,
            snapshot["topic"].as_string().label("topic"),
            snapshot["form"]["role"].as_string().label("role"),
            snapshot["form"]["order"].as_string().label("of_order"),
            snapshot["from_us"].as_boolean().label("from_us"),
            reply.c.took_us,
            reply.c.met_at,
            reply.c.missed,
        )
        rows = self.conn.execute(
            self._of_events(read, joined=True)
            .outerjoin(reply, reply.c.number == work_order.c.number)
            .where(_BEGUN, *_between(order_event.c.at, since, until), work_order.c.kind == Kind.COMPLAINT)
            .order_by(work_order.c.number)
        ).all()
        against_us = [row for row in rows if not row.from_us]
        roles = self._roles({int(row.of_order) for row in against_us if row.of_order})
        return [
            Complaint(
                order=row.number,
                about=row.topic or row.role or roles.get(int(row.of_order or 0), ""),
                withdrawn=row.state in (State.CANCELLED, State.MERGED),
                handled=row.met_at is not None or row.state == State.DECLINED,
                in_time=row.met_at is not None and not row.missed,
                took=None if row.took_us is None else timedelta(microseconds=int(row.took_us)),
            )
            for row in against_us
        ]

    def _roles(self, orders: Collection[int]) -> dict[int, str]:
        """The post each of those orders is with."""
        if not orders:
            return {}
        role = work_order.c.snapshot["role"].as_string()
        rows = self.conn.execute(select(work_order.c.number, role).where(work_order.c.number.in_(orders)))
        return {row[0]: row[1] for row in rows}

    def _happened(
        self, verb: Verb, words: str, since: datetime, until: datetime, *more: ColumnElement[bool]
    ) -> list[Happened]:
        said = order_event.c.facts[words].as_string()
        rows = self.conn.execute(
            self._of_events(
                select(
                    order_event.c.order_number,
                    order_event.c.at,
                    order_event.c.by,
                    work_order.c.partner_id,
                    said.label("words"),
                ),
                joined=True,
            )
            .where(order_event.c.verb == verb, *_between(order_event.c.at, since, until), *more)
            .order_by(order_event.c.at, order_event.c.order_number)
        )
        return [Happened(r.order_number, r.at, r.by, r.partner_id, r.words or "") for r in rows]

    def _quarter_hour(self) -> Any:
        """The quarter of an hour an event lies in; on SQLite, which has few, its minute."""
        if self.conn.dialect.name == "postgresql":
            return func.date_bin(
                literal_column("INTERVAL '15 minutes'"),
                order_event.c.at,
                literal_column("TIMESTAMPTZ '2000-01-01 00:00Z'"),
                type_=Moment(),
            )
        return func.substr(order_event.c.at, 1, 16)  # ISO text of fixed width

    def _of_events(self, rows: Select[Any], *, joined: bool = False) -> Select[Any]:
        """Rows of events, of the partner's orders alone where one is asked for."""
        if self.partner is None and not joined:
            return rows.select_from(order_event)
        both = rows.select_from(
            order_event.join(work_order, work_order.c.number == order_event.c.order_number)
        )
        return both if self.partner is None else both.where(work_order.c.partner_id == self.partner)

    def _within(self, period: Period) -> tuple[ColumnElement[bool], ...]:
        days = promise.c.day.between(period.since, period.until)
        return (days,) if self.partner is None else (days, promise.c.partner_id == self.partner)

    def _count(self, rows: Select[Any]) -> int:
        return int(self.conn.execute(rows).scalar_one())


_COLUMNS: dict[By, str] = {
    "clause": "clause",
    "kind": "kind",
    "partner": "partner_id",
    "role": "role",
    "person": "person",
    "day": "day",
}


def _between(column: Any, since: datetime, until: datetime) -> tuple[ColumnElement[bool], ...]:
    return column >= since, column < until


def _moment(read: Any) -> datetime:
    return read if isinstance(read, datetime) else datetime.fromisoformat(f"{read}:00+00:00")
