"""Incidents on SQLAlchemy Core: rows to frozen values, changes under the row's lock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from workorders.incidents.incident import Event, Incident, State, Verb
from workorders.sql.histories import INCIDENTS
from workorders.sql.incident_tables import incident, incident_order
from workorders.sql.waking import WakingRows


@dataclass(frozen=True)
class SqlIncidents:
    """The :class:`workorders.incidents.desk.IncidentStore` of one unit of work."""

    conn: Connection

    def begin(self, event: Event) -> Incident:
        return INCIDENTS.begin(self.conn, event)

    def lock(self, number: int) -> Incident | None:
        return INCIDENTS.lock(self.conn, number)

    def read(self, number: int) -> Incident | None:
        """The incident as it was last recorded; None where there is none."""
        return INCIDENTS.read(self.conn, number)

    def record(self, held: Incident, events: Sequence[Event]) -> None:
        INCIDENTS.record(self.conn, held, events, held.look_at)
        for event in events:
            if event.verb in (Verb.OPEN, Verb.ADD):
                rows = [{"incident_number": held.number, "order_number": n} for n in event.facts["orders"]]
                self.conn.execute(insert(incident_order), rows)

    def events(self, number: int) -> list[Event]:
        """Everything that happened to it, in order."""
        return INCIDENTS.events_of(self.conn, number)

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
        labelled = (
            select(incident.c.snapshot)
            .join(incident_order, incident_order.c.incident_number == incident.c.number)
            .where(incident_order.c.order_number == number)
            .order_by(incident.c.number.desc())
        )
        return INCIDENTS.loaded(self.conn, labelled)

    def open(self) -> list[Incident]:
        """Those not over, the next word first."""
        found = INCIDENTS.found(self.conn, incident.c.state == State.OPEN)
        return sorted(found, key=lambda i: i.next_word_at or datetime.max.replace(tzinfo=i.last_at.tzinfo))

    def over(self, most: int = 30) -> list[Incident]:
        """Those that are over, the newest first."""
        return INCIDENTS.found(self.conn, incident.c.state == State.OVER, incident.c.number.desc(), most=most)

    @property
    def waking(self) -> WakingRows:
        """Incidents whose next word may be owed."""
        return WakingRows(self.conn, incident, incident.c.number)
