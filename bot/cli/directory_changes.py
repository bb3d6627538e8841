"""``desk directory show``, and changes of one thing at a time: absences, the rota, groups and their keys."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.exits import REFUSED, WRONG, stop
from bot.cli.unit import moment, open_uses, operator
from bot.duties import held
from handlers.webhook import apart
from workorders.directory import file_times
from workorders.directory.errors import CannotChange
from workorders.directory.table import Problems, Table

if TYPE_CHECKING:
    from datetime import datetime

    from bot.sql.unit import Unit
    from workorders.directory.desk import DirectoryDesk
    from workorders.directory.people import Person

changes_app = typer.Typer()
rota_app = typer.Typer(name="rota", help="Who is first told of urgent work when.", no_args_is_help=True)
changes_app.add_typer(rota_app)

_AsJson = Annotated[bool, typer.Option("--json", help="one JSON object")]
_Userid = Annotated[str, typer.Argument(metavar="USERID", help="one of our people")]
_Chatid = Annotated[str, typer.Argument(metavar="CHATID", help="the group")]
_From = Annotated[str | None, typer.Option("--from", metavar="DAY", help="the first day")]
_To = Annotated[str | None, typer.Option("--to", metavar="DAY", help="the last day")]


@changes_app.command("show")
def show_command(
    at: Annotated[str | None, typer.Option("--at", metavar="ISO", help="a moment; now")] = None,
    as_json: _AsJson = False,
) -> None:
    """Print who is told of what at a moment, absences, the rota and the groups; no phones, no keys."""
    when = moment(at, "--at")
    with open_uses(reading=True) as (uses, unit):
        told = _shown(unit, when or uses.desk_clock())
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False))
        return
    for line in _lines(told):
        typer.echo(line)


@changes_app.command("absent")
def absent_command(
    userid: _Userid,
    begins: Annotated[str, typer.Option("--from", metavar="DAY", help="2026-12-01 or 2026-12-01 14:00")],
    ends: Annotated[str, typer.Option("--to", metavar="DAY", help="the last day, or a moment")],
    stand_in: Annotated[str | None, typer.Option("--stand-in", metavar="USERID", help="who is told")] = None,
) -> None:
    """Register an absence; the stand-in and whoever is away are told."""
    row = _read(file_times.absence, "absent", {"from": begins, "to": ends, "stand_in": stand_in})
    assert row is not None
    with _changing() as (desk, unit):
        desk.away(None, _ours(unit, userid), row)
    typer.echo(f"{userid}: absent from {begins} to {ends}" + (f", {stand_in} stands in" if stand_in else ""))


@changes_app.command("back")
def back_command(userid: _Userid) -> None:
    """End the absence somebody is in, or call off the next."""
    with _changing() as (desk, unit):
        row = file_times.absence_table(desk.back(None, _ours(unit, userid)))
    typer.echo(f"{userid}: no longer absent from {row['from']} to {row['to']}")


@changes_app.command("bind")
def bind_command(
    chatid: _Chatid, partner: Annotated[str, typer.Argument(metavar="PARTNER", help="its name or alias")]
) -> None:
    """Make a group a partner's. One that was another's loses its webhook key."""
    with _changing() as (desk, _):
        bound = desk.bind(None, chatid, partner)
    typer.echo(f"{chatid}: bound to {bound.name}")


@changes_app.command("unbind")
def unbind_command(chatid: _Chatid) -> None:
    """Forget that a group is a partner's, and its webhook key."""
    with _changing() as (desk, _):
        was = desk.unbind(None, chatid)
    typer.echo(f"{chatid}: no longer {was.name}'s")


@changes_app.command("webhook")
def webhook_command(
    group: Annotated[str, typer.Argument(metavar="GROUP", help="its chatid or name, or its partner's")],
) -> None:
    """Register the webhook key of a group, asked for without showing it, or read from standard input."""
    asked = typer.prompt("key or address", hide_input=True) if sys.stdin.isatty() else sys.stdin.readline()
    key = apart(f"webhook {asked.strip()}")[1]
    if key is None:
        stop("that is no webhook key (accepted: the robot's address, or what follows key= in it)", WRONG)
    with _changing() as (desk, _):
        kept = desk.set_key(None, group, key)
    typer.echo(f"{kept.chatid}: the key of {kept.name} is registered")


@rota_app.command("list")
def rota_list_command(as_json: _AsJson = False) -> None:
    """Print the rota, a row each, numbered."""
    with open_uses(reading=True) as (_, unit):
        rows = [file_times.rota_table(row) for row in unit.directory.rota()]
    if as_json:
        typer.echo(json.dumps({"rota": rows}, ensure_ascii=False))
        return
    for number, row in enumerate(rows, start=1):
        typer.echo(f"{number}. {_turn(row)}")
    if not rows:
        typer.echo("no rota: urgent work goes to whoever holds the duty")


@rota_app.command("add")
def rota_add_command(
    role: Annotated[str, typer.Argument(metavar="ROLE", help="e.g. tech")],
    userid: _Userid,
    days: Annotated[str, typer.Argument(metavar="DAYS", help="sat,sun")],
    hours: Annotated[str, typer.Argument(metavar="HOURS", help="18:00-24:00, local")],
    begins: _From = None,
    ends: _To = None,
    every: Annotated[int, typer.Option("--every", help="weeks, counted from --from")] = 1,
) -> None:
    """Add a row to the rota; a night is two rows, parted at 24:00."""
    named = {"role": role, "userid": userid, "days": [day.strip() for day in days.split(",")], "hours": hours}
    row = _read(file_times.rota, "rota", {**named, "from": begins, "to": ends, "every": every})
    assert row is not None
    with _changing() as (desk, _):
        desk.add_turn(None, row)
    typer.echo(f"added: {_turn(file_times.rota_table(row))}")


@rota_app.command("remove")
def rota_remove_command(
    number: Annotated[int, typer.Argument(metavar="NUMBER", help="as `rota list` counts")],
) -> None:
    """Take a row off the rota."""
    with _changing() as (desk, unit):
        rows = list(unit.directory.rota())
        if not 1 <= number <= len(rows):
            stop(f"the rota has no row {number} (it has {len(rows)})", REFUSED)
        gone = rows[number - 1]
        desk.drop_turn(None, gone)
    typer.echo(f"removed: {_turn(file_times.rota_table(gone))}")


@contextmanager
def _changing() -> Iterator[tuple[DirectoryDesk, Unit]]:
    """The use cases as the operator's; a refusal stops the command with one line and nothing changed."""
    try:
        with open_uses() as (uses, unit):
            yield uses.directory(unit, operator(), "cli"), unit
    except CannotChange as refused:
        stop(_WHY[refused.why].format(refused.name), REFUSED)


_WHY = {
    "no_partner": "no one partner is called '{0}'",
    "ours": "{0} is a group of ours",
    "bound": "the group is bound to {0} already",
    "unbound": "the group is bound to no partner",
    "no_group": "no one group is called '{0}'",
    "key": "another group has that key",
    "nobody": "'{0}' is nobody of ours",
    "reversed": "the absence ends before it begins",
    "past": "the absence is over already",
    "overlap": "it overlaps another absence",
    "self": "the stand-in is the same person",
    "unknown": "the stand-in is nobody of ours",
    "idle": "the stand-in {0} works no orders",
    "circle": "the stand-in {0} leads back to the person while both are away",
    "no_absence": "there is no absence to end",
    "turn_nobody": "userid '{0}' is nobody of ours",
    "turn_idle": "userid '{0}' works no orders",
    "turn_twice": "the rota has that row already",
    "no_turn": "the rota has no such row",
}


def _read(reader: Any, label: str, values: dict[str, Any]) -> Any:
    """A row of a directory file out of options, judged as in a file."""
    problems = Problems(None)
    row = reader(Table({k: v for k, v in values.items() if v is not None}, label, problems))
    if problems.lines:
        stop("; ".join(problems.lines), WRONG)
    return row


def _ours(unit: Unit, userid: str) -> Person:
    who = unit.directory.person(userid)
    if who.side != "us":
        raise CannotChange("nobody", name=userid)
    return who


def _turn(row: dict[str, Any]) -> str:
    span = " ".join(f"{key} {row[key]}" for key in ("from", "to") if key in row)
    every = f" every {row['every']} weeks" if row.get("every", 1) > 1 else ""
    return f"{row['role']} {row['userid']} {','.join(row['days'])} {row['hours']} {span}{every}".rstrip()


def _shown(unit: Unit, at: datetime) -> dict[str, Any]:
    file = unit.directory.export()
    duties = [
        {
            "role": duty.role.value,
            "rank": duty.rank,
            "urgent": duty.urgent,
            "appointed": [p.userid for p in duty.appointed],
            "told": [p.userid for p in duty.told],
        }
        for duty in held(unit.directory, at)
    ]
    return {
        "at": at.isoformat(),
        "duties": duties,
        "absences": [
            {"userid": row.userid, **file_times.absence_table(absence)}
            for row in file.staff
            for absence in row.absent
            if absence.ends > at
        ],
        "rota": [file_times.rota_table(row) for row in file.rota],
        "partners": [
            {
                "name": row.name,
                "contacts": len(row.contacts),
                "groups": [
                    {"chatid": g.chatid, "name": g.name, "webhook": g.webhook_key is not None}
                    for g in row.groups
                ],
            }
            for row in file.partners
        ],
        "groups": [
            {"chatid": g.chatid, "name": g.name, "purpose": g.purpose, "webhook": g.webhook_key is not None}
            for g in file.groups
        ],
    }


def _lines(told: dict[str, Any]) -> Iterator[str]:
    for duty in told["duties"]:
        name = f"{duty['role']} {'urgent' if duty['urgent'] else duty['rank']}"
        away = [userid for userid in duty["appointed"] if userid not in duty["told"]]
        note = f" ({', '.join(away)} away)" if away else ""
        yield f"{name}: {', '.join(duty['told']) or 'nobody, the next level is told'}{note}"
    for row in told["absences"]:
        yield f"absent: {row['userid']} {row['from']} to {row['to']}, stand-in {row.get('stand_in', 'none')}"
    for number, row in enumerate(told["rota"], start=1):
        yield f"rota {number}: {_turn(row)}"
    for partner in told["partners"]:
        yield f"partner: {partner['name']}, {partner['contacts']} contacts"
        yield from (f"  group: {_group(group)}" for group in partner["groups"])
    yield from (f"group: {_group(group)}, {group['purpose']}" for group in told["groups"])


def _group(group: dict[str, Any]) -> str:
    return f"{group['chatid']} {group['name']}" + ("" if group["webhook"] else " (no webhook key)")
