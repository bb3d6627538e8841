"""Obligations and survey plans on SQLAlchemy Core: rows to frozen values, changes under the row's lock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, or_, select, update

from workorders.obligations.obligation import Event, Kind, Obligation, State
from workorders.obligations.plans import Plan
from workorders.sql.directory_tables import partner
from workorders.sql.histories import OBLIGATIONS
from workorders.sql.obligation_tables import obligation, survey_plan
from workorders.sql.upsert import put
from workorders.sql.waking import WakingRows, looked

_LIVE = [State.OPEN, State.CONFIRMED]
_MOST = 200


@dataclass(frozen=True)
class SqlObligations:
    """The :class:`workorders.ports.ObligationStore` of one unit of work."""

    conn: Connection

    def begin(self, event: Event) -> Obligation:
        return OBLIGATIONS.begin(self.conn, event)

    def lock(self, number: int) -> Obligation | None:
        return OBLIGATIONS.lock(self.conn, number)

    def read(self, number: int) -> Obligation | None:
        """The obligation as it was last committed or changed in this unit."""
        return OBLIGATIONS.read(self.conn, number)

    def record(self, o: Obligation, events: Sequence[Event], look_at: datetime | None) -> None:
        OBLIGATIONS.record(self.conn, o, events, look_at)

    def look_again(self, now: datetime) -> None:
        """Let every live obligation be looked at by ``now`` (desk time): the calendar was corrected."""
        later = or_(obligation.c.look_at.is_(None), obligation.c.look_at > now)
        self.conn.execute(update(obligation).where(obligation.c.state.in_(_LIVE), later).values(look_at=now))

    def events(self, number: int) -> list[Event]:
        return OBLIGATIONS.events_of(self.conn, number)

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
        return OBLIGATIONS.found(self.conn, where, *by, most=most)


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
        row = {"partner_id": plan.partner, "months": plan.months, "last": plan.last}
        put(self.conn, survey_plan, {**row, **looked(plan.next_at)})

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
