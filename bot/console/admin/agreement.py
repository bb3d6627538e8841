"""服务约定: every clause, partners' own values, and when something would be due, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, request

from bot.console.house import house
from bot.console.render import page
from bot.sql.unit import Unit
from handlers.phrases import admin as phrases
from handlers.phrases.names import KINDS
from handlers.phrases.text import ZONE
from workorders.agreement.clauses import Agreement, AnnounceBy, Due
from workorders.agreement.errors import SpanUnset, UnknownClause
from workorders.agreement.terms import Clause
from workorders.directory.people import Partner

routes = Blueprint("agreement", __name__, url_prefix="/console/admin/agreement")


@dataclass(frozen=True)
class Own:
    """A clause as one partner has it."""

    partner: Partner
    clause: Clause


@routes.get("/")
def show() -> Any:
    """The agreement; with ``clause`` and ``at`` in the query, when that is due."""
    agreement = house().uses.agreement
    with house().units.reading() as unit:
        partners = unit.directory.partners()
        own = _own(unit, agreement, partners)
        answer, why = _asked(unit, agreement, partners)
    return page(
        "admin/agreement.html",
        200 if not why else 422,
        clauses=agreement.clauses,
        own=own,
        partners=partners,
        ladder=agreement.ladder,
        routes_=agreement.routes,
        kinds={kind.value: name for kind, name in KINDS.items()},
        hours=agreement.calendar.hours_text,
        phrases=phrases,
        asked=request.args,
        answer=answer,
        why=why,
        leads=[clause.name for clause in agreement.clauses if clause.lead],
    )


def _own(unit: Unit, agreement: Agreement, partners: tuple[Partner, ...]) -> dict[str, list[Own]]:
    """By clause, the partners that have values of their own for it."""
    found: dict[str, list[Own]] = {}
    for partner in partners:
        overrides = unit.directory.clauses_of(partner.id)
        for name in overrides:
            found.setdefault(name, []).append(Own(partner, agreement.clause(name, overrides)))
    return found


def _asked(
    unit: Unit, agreement: Agreement, partners: tuple[Partner, ...]
) -> tuple[Due | AnnounceBy | None, str]:
    """The answer to what the form asks, or why there is none; neither where nothing is asked."""
    name, at = request.args.get("clause", ""), request.args.get("at", "")
    if not name:
        return None, ""
    try:
        moment = datetime.fromisoformat(at).replace(tzinfo=ZONE)
    except ValueError:
        return None, "请选择日期和时间。"
    whose = next((p for p in partners if str(p.id) == request.args.get("partner")), None)
    overrides = unit.directory.clauses_of(whose.id) if whose else None
    try:
        if request.args.get("what") == "lead":
            return agreement.announce_by(name, moment, overrides), ""
        return agreement.due(name, moment, overrides), ""
    except SpanUnset:
        if request.args.get("what") == "lead":
            return None, "这一条款没有提前量。"
        return None, "这一条款没有时限，或时限尚未确定（附件 1）。"
    except UnknownClause:
        return None, "没有这一条款。"
    except ValueError:  # years beyond any calendar
        return None, "这个日期太远，请核对年份。"
