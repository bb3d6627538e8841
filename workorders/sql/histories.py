"""What is kept as events: a table of the values with their snapshots, and one of what happened to them.

A change locks the row first; recording appends the events and writes the snapshot they make.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Any, Generic, TypeVar, get_type_hints

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Row,
    Select,
    Table,
    bindparam,
    insert,
    select,
    update,
)

from workorders.history import Event, Lived
from workorders.incidents import incident as incidents
from workorders.notices import notice as notices
from workorders.obligations import obligation as obligations
from workorders.obligations.matters import Survey
from workorders.orders import order as orders
from workorders.sql.codec import Codec
from workorders.sql.incident_tables import incident, incident_event
from workorders.sql.notice_tables import notice, notice_event
from workorders.sql.obligation_tables import obligation, obligation_event
from workorders.sql.tables import order_event, work_order
from workorders.sql.waking import looked

_V = TypeVar("_V", bound=Lived[Any])
_E = TypeVar("_E", bound=Event)


@dataclass(frozen=True)
class History(Generic[_V, _E]):
    """How one kind is kept.

    Attributes:
        name: as in a letter's subject: ``order``.
        of: the kind. ``event``: its event.
        head, events: its tables; the first column of the events' key names the head's row.
        columns: the head's columns that are searched, from the value.
    """

    name: str
    of: type[_V]
    event: type[_E]
    head: Table
    events: Table
    columns: Callable[[_V], dict[str, Any]]

    @cached_property
    def codec(self) -> Codec[_V]:
        """Values and their changed fields to JSON and back."""
        return Codec(self.of)

    @property
    def number(self) -> Column[int]:
        """The column of an event that names the head's row."""
        return next(iter(self.events.primary_key.columns))

    def begin(self, conn: Connection, event: _E) -> _V:
        """A new value of its first event, with the number the database gives; recording must follow."""
        # The snapshot holds the number: recording fills it in.
        row = {**self.columns(self.of.begun(0, event)), "snapshot": {}}
        number = conn.execute(self._begin, row).scalar_one()
        return self.of.begun(number, event)

    def read(self, conn: Connection, number: int) -> _V | None:
        """The value as it was last committed, or changed in this unit; None where there is none."""
        return self._one(conn, self._read, number)

    def lock(self, conn: Connection, number: int, *, shared: bool = False) -> _V | None:
        """The value, its row locked until the unit ends; ``shared``: others may hold it as well."""
        return self._one(conn, self._hold if shared else self._lock, number)

    def record(self, conn: Connection, value: _V, events: Sequence[_E], look_at: datetime | None) -> None:
        """Append the events, perhaps none, and keep ``value`` as the snapshot they make."""
        if events:
            conn.execute(self._append, [self._row(value.number, event) for event in events])
        self._kept(conn, value, looked(look_at))

    def rewrite(self, conn: Connection, number: int, event: _E) -> None:
        """Write an event anew in its place; the snapshot its events now make must follow (:meth:`keep`)."""
        mine = update(self.events).where(self.number == number, self.events.c.number == event.number)
        conn.execute(mine.values(self._row(number, event)))

    def keep(self, conn: Connection, value: _V) -> None:
        """Keep the value as its snapshot; when it is looked at next stays as it is."""
        self._kept(conn, value, {})

    def events_of(self, conn: Connection, number: int) -> list[_E]:
        """Everything that happened to it, in order."""
        mine = select(self.events).where(self.number == number).order_by(self.events.c.number)
        return [self.load(row) for row in conn.execute(mine)]

    def found(
        self, conn: Connection, where: ColumnElement[bool], *by: Any, most: int | None = None
    ) -> list[_V]:
        """The values of the rows where that holds, in that order."""
        return self.loaded(conn, self.snapshots(where, *by, most=most))

    def snapshots(self, where: ColumnElement[bool], *by: Any, most: int | None = None) -> Select[Any]:
        """The statement of :meth:`found`, for those who build theirs once."""
        return select(self.head.c.snapshot).where(where).order_by(*by).limit(most)

    def loaded(self, conn: Connection, snapshots: Select[Any], given: Mapping[str, Any] = {}) -> list[_V]:
        """The values of the snapshots a statement finds, its parameters given."""
        return [self.codec.load(snapshot) for snapshot in conn.execute(snapshots, given).scalars()]

    def load(self, row: Row[Any]) -> _E:
        """The event of a row of the events' table."""
        change = self.codec.load_change(row.change)
        return self.event(row.number, self._verb(row.verb), row.at, row.by, row.facts, change)

    def _row(self, number: int, event: _E) -> dict[str, Any]:
        return {
            self.number.name: number,
            "number": event.number,
            "verb": event.verb,
            "at": event.at,
            "by": event.by,
            "facts": dict(event.facts),
            "change": self.codec.dump_change(event.change),
        }

    def _columns(self, value: _V) -> dict[str, Any]:
        return {**self.columns(value), "snapshot": self.codec.dump(value)}

    # Every message and every letter of a broadcast needs these: they are built once.

    @cached_property
    def _begin(self) -> Any:
        return insert(self.head).returning(self.head.c.number)

    @cached_property
    def _append(self) -> Any:
        return insert(self.events)

    @cached_property
    def _keep(self) -> Any:
        return update(self.head).where(self.head.c.number == bindparam("b_number"))

    @cached_property
    def _read(self) -> Select[Any]:
        return select(self.head.c.snapshot).where(self.head.c.number == bindparam("b_number"))

    @cached_property
    def _lock(self) -> Select[Any]:
        # SQLite ignores FOR UPDATE: there the unit of work is the only writer from its first statement.
        return self._read.with_for_update()

    @cached_property
    def _hold(self) -> Select[Any]:
        return self._read.with_for_update(read=True)

    @cached_property
    def _verb(self) -> type[StrEnum]:
        verb: type[StrEnum] = get_type_hints(self.event)["verb"]
        return verb

    def _kept(self, conn: Connection, value: _V, more: Mapping[str, Any]) -> None:
        conn.execute(self._keep, {"b_number": value.number, **self._columns(value), **more})

    def _one(self, conn: Connection, statement: Select[Any], number: int) -> _V | None:
        row = conn.execute(statement, {"b_number": number}).one_or_none()
        return self.codec.load(row.snapshot) if row else None


def _of_order(order: orders.WorkOrder) -> dict[str, Any]:
    return {
        "state": order.state,
        "kind": order.kind,
        "role": order.role,
        "text": order.text,
        "partner_id": order.partner,
        "reporter": order.reporter,
        "chat": order.chat,
        "owner": order.owner,
        "due": order.due,
        "calendar": order.calendar,
    }


def _of_obligation(o: obligations.Obligation) -> dict[str, Any]:
    return {
        "kind": o.kind,
        "state": o.state,
        "partner_id": o.partner,
        "survey_month": o.matter.month if isinstance(o.matter, Survey) else None,
        "due": o.waits_until,
    }


def _of_notice(held: notices.Notice) -> dict[str, Any]:
    return {"state": held.state, "kind": held.kind, "proposal": held.proposal or None}


def _of_incident(held: incidents.Incident) -> dict[str, Any]:
    return {"state": held.state}


ORDERS = History("order", orders.WorkOrder, orders.Event, work_order, order_event, _of_order)
OBLIGATIONS = History(
    "obligation", obligations.Obligation, obligations.Event, obligation, obligation_event, _of_obligation
)
NOTICES = History("notice", notices.Notice, notices.Event, notice, notice_event, _of_notice)
INCIDENTS = History("incident", incidents.Incident, incidents.Event, incident, incident_event, _of_incident)
