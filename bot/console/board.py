"""The board: live orders by due moment, counting down, and how one looks for some of them.

A browser asks every few seconds with the tag of what it shows and is answered 304 while nothing changed,
so that no thread waits on a browser; one that slept asks as soon as it wakes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, get_args

from flask import Blueprint, Response, request

from bot.console.house import house, viewer
from bot.console.incident import MINUTES, USUAL
from bot.console.numbers import number
from bot.console.render import at_desk_time, page
from bot.console.viewer import As
from bot.sql.unit import Unit
from handlers.phrases.board import next_step
from handlers.phrases.names import KINDS, ROLES
from workorders.directory.people import Partner, Role
from workorders.orders.board import Look, Stretch, Tally
from workorders.orders.order import Kind, WorkOrder

routes = Blueprint("board", __name__, url_prefix="/console")

#: Rows of one window, and how far it may be opened.
WINDOW, MOST = 50, 500


@dataclass(frozen=True)
class Row:
    """One order as the board shows it; ``reporter`` is whoever rang, where it was a phone call."""

    order: WorkOrder
    partner: str
    reporter: str
    owner: str
    next: str
    incident: int | None


@routes.get("/")
def show() -> Any:
    """The board, or only its live part for a browser that shows it already."""
    look, asked = _look()
    shown = min(max(number(request.args.get("show")) or WINDOW, WINDOW), MOST)
    now = house().now()
    with house().units.reading() as unit:
        tally = unit.board.tally(look, now, _midnight(now))
        partners = unit.directory.partners() if viewer().ours else ()
        rows = _rows(unit, unit.board.rows(look, now, _midnight(now), shown), partners)
        incidents = unit.incidents.open() if viewer().may(As.DESK, As.SUPERVISOR) else []
    tag = _tag(rows, tally, now)
    live = "Desk-Live" in request.headers
    if live and request.if_none_match.contains_weak(tag):
        response = at_desk_time(Response(status=304))
    else:
        response = page(
            "board/live.html" if live or request.headers.get("HX-Target") == "board" else "board/board.html",
            rows=rows,
            tally=tally,
            asked=asked,
            look=look,
            shown=shown,
            more=min(shown + WINDOW * 2, MOST) if len(rows) == shown < MOST else None,
            window=MOST,
            incidents=incidents,
            minutes=MINUTES,
            usual=USUAL,
            partners=[(partner.id, partner.name) for partner in partners],
            kinds=KINDS,
            roles={role: name for role, name in ROLES.items() if role in _WORKING},
            may_accept=viewer().may(As.DESK, As.SUPERVISOR),
            tag=tag,
        )
    response.set_etag(tag, weak=True)
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Vary"] = "Desk-Live, HX-Target"
    return response


_WORKING = frozenset(Role) - {Role.CS_LEAD, Role.OPERATIONS, Role.HR}


def _look() -> tuple[Look, dict[str, str]]:
    """What the query asks for; what it asks for that is nothing is left out."""
    asked = {
        name: value
        for name, value in request.args.items()
        if value and name in _ASKABLE and (name, value) != ("stretch", "all")
    }
    me = viewer().person
    kind, role, stretch = asked.get("kind"), asked.get("role"), asked.get("stretch")
    return (
        Look(
            viewer=me,
            owner=me.userid if asked.get("whose") == "mine" else None,
            unowned=asked.get("whose") == "nobody",
            kind=Kind(kind) if kind in set(Kind) else None,
            role=Role(role) if role in set(Role) else None,
            partner=number(asked.get("partner")),
            words=asked.get("words", "")[:60],
            stretch=_stretch(stretch),
            over=asked.get("over") == "1",
        ),
        asked,
    )


_ASKABLE = ("whose", "kind", "role", "partner", "words", "stretch", "over")


def _stretch(given: str | None) -> Stretch:
    known: tuple[Stretch, ...] = get_args(Stretch)
    return next((stretch for stretch in known if stretch == given), "all")


def _midnight(now: datetime) -> datetime:
    calendar = house().uses.agreement.calendar
    return calendar.moment(calendar.local_day(now) + timedelta(days=1), 0)


def _rows(unit: Unit, orders: Sequence[WorkOrder], partners: Sequence[Partner]) -> list[Row]:
    """The orders with everybody's names, read in one statement for the page."""
    scene = house().scene(unit, viewer().person)
    labels = unit.incidents.labelled([order.number for order in orders]) if viewer().ours else {}
    names = {partner.id: partner.name for partner in partners}
    unit.directory.preload([u for order in orders for u in (order.reporter, order.owner) if u])
    return [
        Row(
            order,
            partner=names.get(order.partner or 0) or _partner_of(unit, order),
            reporter=str(order.form.get("caller") or unit.directory.person(order.reporter).name),
            owner=unit.directory.person(order.owner).name if order.owner else "",
            next=next_step(order, scene),
            incident=labels.get(order.number),
        )
        for order in orders
    ]


def _partner_of(unit: Unit, order: WorkOrder) -> str:
    found = unit.directory.partner(order.partner) if order.partner else None
    return found.name if found else "未归属单位"


def _tag(rows: Sequence[Row], tally: Tally, now: datetime) -> str:
    """What makes this board the same as the one a browser shows: its query apart, rows, counts and names."""
    said = [viewer().person.userid, str(tally), f"{_midnight(now)}"]
    said += [
        f"{row.order.number}.{row.order.events}.{row.owner}.{row.partner}.{row.incident}" for row in rows
    ]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:24]
