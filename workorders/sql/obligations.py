"""Obligations and survey plans on SQLAlchemy Core: rows to frozen values, changes under the row's lock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from workorders.obligations.matters import Survey
from workorders.obligations.obligation import Event, Kind, Obligation, State, Verb
from workorders.obligations.plans import Plan
from workorders.sql.codec import Codec
from workorders.sql.directory_tables import partner
from workorders.sql.obligation_tables import obligation, obligation_event, survey_plan
from workorders.sql.waking import WakingRows, looked

CODEC = Codec(Obligation)
_LIVE = [State.OPEN, State.CONFIRMED]
_MOST = 200


@dataclass(frozen=True)
class SqlObligations:
    """The :class:`workorders.ports.ObligationStore` of one unit of work."""

    conn: Connection

    def begin(self, event: Event) -> Obligation:
        # The number is the database's to give, and the snapshot holds it: recording fills it in.
        row = {**columns(Obligation.begun(0, event)), "snapshot": {}}
        number = self.conn.execute(insert(obligation).values(row).returning(obligation.c.number)).scalar_one()
        return Obligation.begun(number, event)

    def lock(self, number: int) -> Obligation | None:
        row = self.conn.execute(
            select(obligation.c.snapshot).where(obligation.c.number == number).with_for_update()
        ).one_or_none()
        return CODEC.load(row.snapshot) if row else None

    def read(self, number: int) -> Obligation | None:
        """The obligation as it was last committed or changed in this unit."""
        row = self.conn.execute(
            select(obligation.c.snapshot).where(obligation.c.number == number)
        ).one_or_none()
        return CODEC.load(row.snapshot) if row else None

    def record(self, o: Obligation, events: Sequence[Event], look_at: datetime | None) -> None:
        mine = update(obligation).where(obligation.c.number == o.number)
        if not events:
            self.conn.execute(mine.values(looked(look_at)))
            return
        rows = [
            {
                "obligation_number": o.number,
                "number": event.number,
                "verb": event.verb,
                "at": event.at,
                "by": event.by,
                "facts": dict(event.facts),
                "change": CODEC.dump_change(event.change),
            }
            for event in events
        ]
        self.conn.execute(insert(obligation_event), rows)
        snapshot = CODEC.dump(o)
        self.conn.execute(mine.values(**columns(o), snapshot=snapshot, **looked(look_at)))

    def look_again(self, now: datetime) -> None:
        """Let every live obligation be looked at by ``now`` (desk time): the calendar was corrected."""
        later = or_(obligation.c.look_at.is_(None), obligation.c.look_at > now)
        self.conn.execute(update(obligation).where(obligation.c.state.in_(_LIVE), later).values(look_at=now))

    def events(self, number: int) -> list[Event]:
        rows = self.conn.execute(
            select(obligation_event)
            .where(obligation_event.c.obligation_number == number)
            .order_by(obligation_event.c.number)
        )
        return [Event(r.number, Verb(r.verb), r.at, r.by, r.facts, CODEC.load_change(r.change)) for r in rows]

    def live(self, partner: int | None = None) -> list[Obligation]:
        live: ColumnElement[bool] = obligation.c.state.in_(_LIVE)
        if partner is not None:
            # Our own change concerns several partners, each of whom it names.
            whose = or_(obligation.c.partner_id == partner, obligation.c.partner_id.is_(None))
            live = and_(live, whose)
        found = self._found(live, obligation.c.due.nulls_last(), obligation.c.number)
        return [o for o in found if partner is None or partner in o.partners]

    def surveys(self, partner: int | None = None) -> list[Obligation]:
        answered = and_(obligation.c.kind == Kind.SURVEY, obligation.c.state == State.DONE)
        if partner is not None:
            answered = and_(answered, obligation.c.partner_id == partner)
        return self._found(answered, obligation.c.survey_month, obligation.c.number, most=None)

    @property
    def waking(self) -> WakingRows:
        """Obligations that wake by themselves."""
        return WakingRows(self.conn, obligation, obligation.c.number)

    def _found(self, where: ColumnElement[bool], *by: Any, most: int | None = _MOST) -> list[Obligation]:
        rows = self.conn.execute(select(obligation.c.snapshot).where(where).order_by(*by).limit(most))
        return [CODEC.load(snapshot) for snapshot in rows.scalars()]


@dataclass(frozen=True)
class SqlSurveyPlans:
    """The :class:`workorders.ports.SurveyPlans` of one unit of work."""

    conn: Connection

    def lock(self, partner_id: int) -> Plan | None:
        row = self.conn.execute(
            select(survey_plan).where(survey_plan.c.partner_id == partner_id).with_for_update()
        ).one_or_none()
        return Plan(row.partner_id, row.months, row.last, row.look_at) if row else None

    def keep(self, plan: Plan) -> None:
        values = {"months": plan.months, "last": plan.last, **looked(plan.next_at)}
        # Both dialects spell ON CONFLICT alike, but only their own insert knows it.
        dialect = postgresql if self.conn.dialect.name == "postgresql" else sqlite
        row = dialect.insert(survey_plan).values(partner_id=plan.partner, **values)
        self.conn.execute(row.on_conflict_do_update(index_elements=["partner_id"], set_=values))

    def missing(self) -> list[int]:
        rows = self.conn.execute(
            select(partner.c.id)
            .outerjoin(survey_plan, survey_plan.c.partner_id == partner.c.id)
            .where(partner.c.has_left.is_(False), survey_plan.c.look_at.is_(None))
            .order_by(partner.c.id)
        )
        return list(rows.scalars())

    @property
    def waking(self) -> WakingRows:
        """Partners whose survey's month opens by itself."""
        return WakingRows(self.conn, survey_plan, survey_plan.c.partner_id)


def columns(o: Obligation) -> dict[str, Any]:
    """The columns of the obligation's row that are searched."""
    return {
        "kind": o.kind,
        "state": o.state,
        "partner_id": o.partner,
        "survey_month": o.matter.month if isinstance(o.matter, Survey) else None,
        "due": o.waits_until,
    }
