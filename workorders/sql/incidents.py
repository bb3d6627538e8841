"""Incidents on SQLAlchemy Core: rows to frozen values, changes under the row's lock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from workorders.incidents.incident import Event, Incident, State, Verb
from workorders.sql.codec import Codec
from workorders.sql.incident_tables import incident, incident_event, incident_order
from workorders.sql.waking import WakingRows, looked

_CODEC = Codec(Incident)


@dataclass(frozen=True)
class SqlIncidents:
    """The :class:`workorders.incidents.desk.IncidentStore` of one unit of work."""

    conn: Connection

    def begin(self, event: Event) -> Incident:
        # The number is the database's to give, and the snapshot holds it: recording fills it in.
        row = {"state": State.OPEN, "snapshot": {}}
        number = self.conn.execute(insert(incident).values(row).returning(incident.c.number)).scalar_one()
        return Incident.begun(number, event)

    def lock(self, number: int) -> Incident | None:
        return self._one(select(incident.c.snapshot).where(incident.c.number == number).with_for_update())

    def read(self, number: int) -> Incident | None:
        """The incident as it was last recorded; None where there is none."""
        return self._one(select(incident.c.snapshot).where(incident.c.number == number))

    def record(self, held: Incident, events: Sequence[Event]) -> None:
        values: dict[str, Any] = {"state": held.state, "snapshot": _CODEC.dump(held), **looked(held.look_at)}
        self.conn.execute(update(incident).where(incident.c.number == held.number).values(values))
        for event in events:
            self.conn.execute(
                insert(incident_event).values(
                    incident_number=held.number,
                    number=event.number,
                    verb=event.verb,
                    at=event.at,
                    by=event.by,
                    facts=dict(event.facts),
                    change=_CODEC.dump_change(event.change),
                )
            )
            if event.verb in (Verb.OPEN, Verb.ADD):
                rows = [{"incident_number": held.number, "order_number": n} for n in event.facts["orders"]]
                self.conn.execute(insert(incident_order), rows)

    def events(self, number: int) -> list[Event]:
        """Everything that happened to it, in order."""
        rows = self.conn.execute(
            select(incident_event)
            .where(incident_event.c.incident_number == number)
            .order_by(incident_event.c.number)
        )
        return [
            Event(r.number, Verb(r.verb), r.at, r.by, r.facts, _CODEC.load_change(r.change)) for r in rows
        ]

    def labelled(self, orders: Sequence[int]) -> dict[int, int]:
        if not orders:
            return {}
        rows = self.conn.execute(
            select(incident_order.c.order_number, incident_order.c.incident_number)
            .join(incident, incident.c.number == incident_order.c.incident_number)
            .where(incident_order.c.order_number.in_(orders), incident.c.state == State.OPEN)
        )
        return {row[0]: row[1] for row in rows}

    def of_order(self, number: int) -> list[Incident]:
        """The incidents that order was ever labelled with, the newest first."""
        rows = self.conn.execute(
            select(incident.c.snapshot)
            .join(incident_order, incident_order.c.incident_number == incident.c.number)
            .where(incident_order.c.order_number == number)
            .order_by(incident.c.number.desc())
        )
        return [_CODEC.load(snapshot) for snapshot in rows.scalars()]

    def open(self) -> list[Incident]:
        """Those not over, the next word first."""
        rows = self.conn.execute(select(incident.c.snapshot).where(incident.c.state == State.OPEN))
        found = [_CODEC.load(snapshot) for snapshot in rows.scalars()]
        return sorted(found, key=lambda i: i.next_word_at or datetime.max.replace(tzinfo=i.last_at.tzinfo))

    def over(self, most: int = 30) -> list[Incident]:
        """Those that are over, the newest first."""
        rows = self.conn.execute(
            select(incident.c.snapshot)
            .where(incident.c.state == State.OVER)
            .order_by(incident.c.number.desc())
            .limit(most)
        )
        return [_CODEC.load(snapshot) for snapshot in rows.scalars()]

    @property
    def waking(self) -> WakingRows:
        """Incidents whose next word may be owed."""
        return WakingRows(self.conn, incident, incident.c.number)

    def _one(self, statement: Any) -> Incident | None:
        snapshot = self.conn.execute(statement).scalar_one_or_none()
        return _CODEC.load(snapshot) if snapshot else None
