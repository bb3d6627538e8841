"""``desk audit``: what was done, who saw what, and whether the record of it still holds."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.exits import REFUSED, WRONG, stop
from bot.cli.unit import moment, open_unit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.sql.audit import Entry

audit_app = typer.Typer(name="audit", help="What was done, and who saw what.", no_args_is_help=True)

_From = Annotated[str | None, typer.Option("--from", metavar="ISO", help="from that moment on")]
_To = Annotated[str | None, typer.Option("--to", metavar="ISO", help="up to, but not including, that moment")]
_Json = Annotated[bool, typer.Option("--json", help="one JSON array, newest first")]


@audit_app.command("list")
def list_command(
    since: _From = None,
    until: _To = None,
    who: Annotated[
        str | None, typer.Option("--who", metavar="WHO", help="a userid, operator:NAME or clock")
    ] = None,
    what: Annotated[
        str | None, typer.Option("--what", metavar="ACT", help="an act, or its beginning: data:")
    ] = None,
    on: Annotated[
        str | None, typer.Option("--on", metavar="SUBJECT", help="order:1001, person:xiaowang")
    ] = None,
    most: Annotated[int, typer.Option("--most", min=1, max=100_000, help="how many rows")] = 1000,
    as_json: _Json = False,
) -> None:
    """Print what was recorded, newest first."""
    first, last = moment(since, "--from"), moment(until, "--to")
    with open_unit(reading=True) as unit:
        entries = unit.audit.entries(since=first, until=last, who=who, what=what, subject=on, most=most)
    _print(entries, as_json)


@audit_app.command("seen")
def seen_command(
    order: Annotated[int | None, typer.Option("--order", min=1, help="what order")] = None,
    person: Annotated[str | None, typer.Option("--person", metavar="USERID", help="whose data")] = None,
    since: _From = None,
    until: _To = None,
    as_json: _Json = False,
) -> None:
    """Print who saw, unmasked, what is kept about an order or a person: exports of everybody included."""
    if (order is None) == (person is None):
        stop("audit seen: --order NUMBER or --person USERID, one of them", WRONG)
    between = {"since": moment(since, "--from"), "until": moment(until, "--to")}
    with open_unit(reading=True) as unit:
        numbers = unit.orders.numbers_of(person) if person is not None else [order or 0]
        subjects = [f"order:{n}" for n in numbers]
        subjects += [f"attachment:{a.id}" for n in numbers for a in unit.attachments.of_order(n)]
        subjects += [f"person:{person}"] if person is not None else []
        entries = unit.audit.seen(subjects, **between)
    _print(entries, as_json)


@audit_app.command("verify")
def verify_command(
    head: Annotated[
        str | None,
        typer.Option("--head", metavar="NUMBER:HASH", help="a head noted earlier, which must still be there"),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object")] = False,
) -> None:
    """Walk the chain. Exits 1 at the first row that does not hold, or where a noted head is gone.

    Note the head it prints somewhere else: nobody who may rewrite the database can then do so unseen.
    """
    if head is not None and not re.fullmatch(r"\d+:[0-9a-f]{64}", head):
        stop("--head: accepted is NUMBER:HASH as `desk audit verify` prints it", WRONG)
    with open_unit(reading=True) as unit:
        found = unit.audit.verify(head)
    if as_json:
        typer.echo(json.dumps(vars(found)))
    elif found.broken is None:
        typer.echo(f"{found.rows} rows hold; head {found.head}")
    else:
        typer.echo(f"row {found.broken}: {found.why}", err=True)
    raise typer.Exit(0 if found.broken is None else REFUSED)


def _print(entries: Sequence[Entry], as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps([entry.as_json() for entry in entries], ensure_ascii=False))
        return
    for e in entries:
        details = " ".join(f"{k}={v}" for k, v in e.details.items())
        words = (e.number, e.at.isoformat(timespec="seconds"), e.who, e.door, e.act, e.subject, e.result)
        typer.echo("  ".join(str(w) for w in (*words, details, e.reason) if w != ""))
