"""Incidents: many orders of one outage marked at once, the words said about it, and its end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, abort, flash, redirect, request, url_for

from bot.acts import Act
from bot.console.house import house, viewer
from bot.console.numbers import number, numbers
from bot.console.render import page, said
from bot.console.viewer import As
from bot.sql.audit import Result
from bot.sql.unit import Unit
from handlers.masking import mask
from handlers.phrases import console as phrases
from workorders.errors import Refused
from workorders.incidents.desk import IncidentDesk
from workorders.incidents.errors import NoSuchIncident
from workorders.incidents.incident import Incident

routes = Blueprint("incident", __name__, url_prefix="/console/incidents")

#: Minutes until the next word, as a form offers them; people expect one every 20 to 30.
MINUTES = (15, 20, 30, 60, 120)
USUAL = 30


@routes.get("/")
def listing() -> Any:
    """Incidents going on, the next word first, and the last that are over."""
    with house().units.reading() as unit:
        return page(
            "incident/list.html", open=unit.incidents.open(), over=unit.incidents.over(), name=_namer(unit)
        )


@routes.get("/<int:incident>")
def show(incident: int) -> Any:
    """One incident."""
    with house().units.reading() as unit:
        return _page(unit, _seen(unit, incident))


@routes.post("/")
def mark() -> Any:
    """我们已知道: label the orders picked on the board, under a new incident or one that goes on."""
    orders = numbers(request.form.getlist("order"))
    joins, me = number(request.form.get("joins")), viewer().person
    with house().units.begin() as unit:
        desk = house().uses.incidents(unit)
        try:
            if joins is not None:
                incident = desk.add(joins, orders, me)
            else:
                incident = desk.open(_words("title"), orders, _next_word(), me)
        except NoSuchIncident:
            abort(404)
        except Refused as refusal:
            said(phrases.refused(refusal, house().scene(unit, me)), bad=True)
            return redirect(url_for("board.show"), 303)
        marked = len(set(orders) & set(incident.orders))
        _record(unit, incident.number, "mark", orders=marked)
        left = len(set(orders)) - marked
        said(phrases.marked(incident.number, marked, left))
    flash(url_for("incident.mark"), "taken")
    return redirect(url_for("incident.show", incident=incident.number), 303)


@routes.post("/<int:incident>/<slug>")
def act(incident: int, slug: str) -> Any:
    """Say the next word, or that it is over."""
    does: dict[str, Callable[[IncidentDesk], Incident]] = {
        "word": lambda desk: desk.word(incident, _words("words"), _next_word(), viewer().person),
        "end": lambda desk: desk.end(incident, _words("words"), viewer().person),
    }
    if slug not in does:
        abort(404)
    with house().units.begin() as unit:
        before = _seen(unit, incident)
        seen = number(request.form.get("seen"))
        if seen is not None and seen < before.events and _repeated(unit, before, seen, slug):
            said(phrases.again({"word": "发布进展", "end": "恢复"}[slug]))
            return redirect(url_for("incident.show", incident=incident), 303)
        try:
            does[slug](house().uses.incidents(unit))
        except Refused as refusal:
            _record(unit, incident, slug, result="refused")
            why = phrases.refused_of_incident(refusal, house().scene(unit, viewer().person))
            return _page(unit, _seen(unit, incident), status=409, why=why, tried=slug)
        _record(unit, incident, slug)
        said(phrases.said_to_all(slug))
    flash(url_for("incident.act", incident=incident, slug=slug), "taken")
    return redirect(url_for("incident.show", incident=incident), 303)


def _repeated(unit: Unit, incident: Incident, seen: int, slug: str) -> bool:
    """Whether this very form was taken before."""
    return any(
        event.number > seen
        and event.verb == slug
        and event.by == viewer().person.userid
        and event.facts.get("words") == _words("words")
        for event in unit.incidents.events(incident.number)
    )


def _page(unit: Unit, incident: Incident, *, status: int = 200, why: str = "", tried: str = "") -> Any:
    found = [unit.orders.read(number) for number in incident.orders]
    events = unit.incidents.events(incident.number)
    return page(
        "incident/incident.html",
        status,
        incident=incident,
        orders=[order for order in found if order],
        events=events[::-1],
        name=_namer(unit),
        partner=lambda id: (p.name if (p := unit.directory.partner(id)) else "") if id else "未归属单位",
        may=viewer().may(As.DESK, As.SUPERVISOR),
        why=why,
        tried=tried,
        wrote=_words("words") if tried else "",
        minutes=MINUTES,
        usual=USUAL,
    )


def _namer(unit: Unit) -> Callable[[str | None], str]:
    return lambda userid: unit.directory.person(userid).name if userid else "系统"


def _seen(unit: Unit, number: int) -> Incident:
    found = unit.incidents.read(number)
    if found is None:
        abort(404)
    return found


def _words(name: str) -> str:
    return mask(request.form.get(name, "")[:500].strip()).text


def _next_word() -> datetime:
    minutes = number(request.form.get("minutes")) or 0
    return house().now() + timedelta(minutes=min(minutes, 24 * 60))


def _record(
    unit: Unit, number: int, what: str, *, result: Result = "done", orders: int | None = None
) -> None:
    unit.audit.record(
        Act.INCIDENT_ACT,
        who=viewer().person.userid,
        door="console",
        subject=f"incident:{number}",
        result=result,
        verb=what,
        orders=orders,
    )
