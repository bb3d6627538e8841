"""``desk order``: work orders that came by mail or by post, filed for one of our people, and looked at."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.acts import Act
from bot.cli.exits import REFUSED, WRONG, stop
from bot.cli.unit import clean, moment, open_uses, partner_named
from handlers.flows.unanswered import topic_of
from handlers.masking import mask
from workorders.errors import Incomplete, Refused
from workorders.orders.kinds import Kind

if TYPE_CHECKING:
    from bot.sql.unit import Unit
    from workorders.agreement.worktime import Calendar
    from workorders.directory.people import Person
    from workorders.orders.order import WorkOrder

order_app = typer.Typer(name="order", help="Work orders: filed, and looked at.", no_args_is_help=True)

_Json = Annotated[bool, typer.Option("--json", help="one JSON object")]


@order_app.command("open")
def open_command(
    kind: Annotated[Kind, typer.Argument(help="what kind of work")],
    by: Annotated[str, typer.Option("--by", metavar="USERID", help="who files it: one of our people")],
    text: Annotated[
        str, typer.Option("--text", help="the problem in the sender's words", callback=clean)
    ] = "",
    partner: Annotated[
        str | None, typer.Option("--partner", metavar="NAME", help="whose it is, by name or alias")
    ] = None,
    reporter: Annotated[
        str | None,
        typer.Option("--reporter", metavar="USERID", help="the contact who wrote"),
    ] = None,
    received_at: Annotated[
        str | None, typer.Option("--received-at", metavar="ISO", help="when it reached us; now otherwise")
    ] = None,
    field: Annotated[
        list[str] | None, typer.Option("--field", metavar="NAME=VALUE", help="a field of the kind's form")
    ] = None,
    as_json: _Json = False,
) -> None:
    """Open a work order; its clocks count from when it reached us.

    Exits 0 when opened; 1 when refused, every missing or impossible field named; 2 for wrong usage.
    """
    at = moment(received_at, "--received-at")
    form = dict(_pair(pair) for pair in field or ())
    with open_uses() as (uses, unit):
        filer = _known(by, "--by", unit)
        if filer.side != "us":
            stop(f"--by {by}: is not one of our people", REFUSED)
        desk = uses.orders(unit)
        try:
            order = desk.open(
                kind,
                text,
                _known(reporter, "--reporter", unit) if reporter else filer,
                topic=topic_of(desk, text),
                form=form,
                partner=partner_named(partner, unit) if partner else None,
                by=filer.userid,
                received_at=at.astimezone(UTC) if at else None,
            )
        except Refused as refused:
            # The unit is left by this exit, and so rolled back.
            early = isinstance(refused, Incomplete) and refused.field == "received_at"
            accepted = "is yet to come or over a year ago (accepted: a moment within the last year)"
            stop(f"--received-at {received_at}: {accepted}" if early else str(refused), REFUSED)
        unit.audit.record(Act.ORDER_FILE, who=filer.userid, door="cli", subject=f"order:{order.number}")
        told, calendar = _shape(order, unit), uses.agreement.calendar
    _print(told, as_json, calendar)


@order_app.command("show")
def show_command(
    number: Annotated[int, typer.Argument(metavar="NUMBER", min=1)], as_json: _Json = False
) -> None:
    """Print how an order stands: its state, its promises, and what happened to it. Nothing anybody wrote."""
    with open_uses(reading=True) as (uses, unit):
        order = unit.orders.read(number)
        if order is None:
            stop(f"order {number}: there is none", REFUSED)
        events = [
            {"verb": e.verb.value, "at": e.at.isoformat(), "by": e.by} for e in unit.orders.events(number)
        ]
        told, calendar = {**_shape(order, unit), "events": events}, uses.agreement.calendar
    _print(told, as_json, calendar)


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        stop(f"--field {text!r}: is no field (accepted: NAME=VALUE)", WRONG)
    return name.strip(), mask(value).text


def _known(userid: str, option: str, unit: Unit) -> Person:
    person: Person = unit.directory.person(userid)
    if person.side == "unknown":
        stop(f"{option} {userid}: nobody of that userid is in the directory", REFUSED)
    return person


def _shape(order: WorkOrder, unit: Unit) -> dict[str, Any]:
    partner = unit.directory.partner(order.partner) if order.partner else None
    return {
        "number": order.number,
        "kind": order.kind.value,
        "partner": partner.name if partner else None,
        "state": order.state.value,
        "owner": order.owner,
        "received_at": order.received_at.isoformat() if order.received_at else None,
        "due": order.due.isoformat() if order.due else None,
        "promises": [
            {
                "clause": p.clause,
                "starts": p.starts.isoformat(),
                "due": p.due.isoformat(),
                "met_at": p.met_at.isoformat() if p.met_at else None,
                "breached_at": p.breached_at.isoformat() if p.breached_at else None,
                "void": p.void,
            }
            for p in order.promises
        ],
    }


def _print(told: dict[str, Any], as_json: bool, calendar: Calendar) -> None:
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False))
        return

    def local(iso: str | None) -> str:
        return calendar.local(datetime.fromisoformat(iso)).strftime("%Y-%m-%d %H:%M") if iso else "-"

    owner = f"  owner {told['owner']}" if told["owner"] else ""
    due = f"due {local(told['due'])}"
    typer.echo(f"{told['number']}  {told['kind']}  {told['partner'] or '-'}  {told['state']}  {due}{owner}")
    for p in told["promises"]:
        ends = "void" if p["void"] else f"met {local(p['met_at'])}" if p["met_at"] else "open"
        missed = f", missed {local(p['breached_at'])}" if p["breached_at"] else ""
        typer.echo(f"  {p['clause']}: due {local(p['due'])}, {ends}{missed}")
    for event in told.get("events", ()):
        typer.echo(f"  {local(event['at'])} {event['verb']} by {event['by'] or 'clock'}")
