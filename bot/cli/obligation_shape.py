"""What the commands of ``desk obligation`` share: who acts, which partner, how one is printed."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.acts import Act
from bot.cli.exits import REFUSED, WRONG, stop
from bot.cli.unit import open_uses
from workorders.errors import Refused

if TYPE_CHECKING:
    from bot.sql.unit import Unit
    from bot.uses import Uses
    from workorders.agreement.worktime import Calendar
    from workorders.directory.people import Person
    from workorders.obligations.desk import ObligationDesk
    from workorders.obligations.obligation import Obligation

By = Annotated[str, typer.Option("--by", metavar="USERID", help="on whose behalf: one of our people")]
Number = Annotated[int, typer.Argument(metavar="NUMBER", min=1, help="3 for Y3")]
AsJson = Annotated[bool, typer.Option("--json", help="one JSON object")]

#: Does something as that person; the obligation as it then is.
Deed = Callable[["ObligationDesk", "Person", "Uses", "Unit"], "Obligation"]


def act(by: str, as_json: bool, do: Deed) -> None:
    """Do it in one unit of work and print the obligation; a refusal is one line, exit 1, nothing changed."""
    with open_uses() as (uses, unit):
        person = unit.directory.person(by)
        if person.side == "unknown":
            stop(f"--by {by}: nobody of that userid is in the directory", REFUSED)
        try:
            o = do(uses.obligations(unit), person, uses, unit)
        except Refused as refused:
            # The unit is left by this exit, and so rolled back.
            stop(str(refused), REFUSED)
        unit.audit.record(Act.OBLIGATION_ACT, who=person.userid, door="cli", subject=f"obligation:{o.number}")
        told = shape(o, unit)
        calendar = uses.agreement.calendar
    print_one(told, as_json, calendar)


def day(text: str, name: str) -> date:
    """The day an option gives; a wrong one stops the command."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        stop(f"{name}: {text!r} is no day (accepted: 2026-12-07)", WRONG)


def shape(o: Obligation, unit: Unit) -> dict[str, Any]:
    """The obligation as JSON values: partners by name, moments in UTC."""
    from workorders.sql.histories import OBLIGATIONS

    told: dict[str, Any] = OBLIGATIONS.codec.dump(o)
    names = {str(p): (found.name if (found := unit.directory.partner(p)) else None) for p in o.partners}
    matter = told.pop("matter")
    matter.pop("kind")
    if "fen" in matter:
        matter["amount"] = f"{matter.pop('fen') / 100:.2f}"
    if "receipts" in matter:
        matter["receipts"] = {
            names[p]: {**r, "clause": r["clause"]["name"]} for p, r in matter["receipts"].items()
        }
    return {
        "number": f"Y{o.number}",
        "kind": o.kind.value,
        "partner": names.get(str(o.partner)),
        "state": told["state"],
        "clause": o.clause["name"],
        **{key: told[key] for key in ("starts", "due", "breached_at", "filed_by", "state_at", "state_by")},
        "reminders": told["reminders"],
        "matter": matter,
    }


def print_one(told: Mapping[str, Any], as_json: bool, calendar: Calendar) -> None:
    """As JSON, or a line for people and one for every fact of the matter."""
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False))
        return
    typer.echo(said(told, calendar))
    for name, value in told["matter"].items():
        typer.echo(f"  {name}: {_plain(value, calendar)}")


def said(told: Mapping[str, Any], calendar: Calendar) -> str:
    """One line: number, kind, partner, state and due moment, in the calendar's zone."""
    missed = "  missed" if told["breached_at"] else ""
    due = _plain(told["due"], calendar)
    partner = told["partner"] or "-"
    return f"{told['number']:5} {told['kind']:12} {partner:12} {told['state']:9} due {due}{missed}"


def _plain(value: Any, calendar: Calendar) -> str:
    if isinstance(value, str) and len(value) > 10 and value[4:5] == "-":
        try:
            return calendar.local(datetime.fromisoformat(value)).strftime("%Y-%m-%d %H:%M")
        except ValueError:
            return value
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return "-" if value is None or value == "" else str(value)
