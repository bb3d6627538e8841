"""``desk data``: what is kept about people, for how long, and how it goes."""

from __future__ import annotations

import json
import os
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from bot.acts import Act
from bot.cli.exits import REFUSED, WRONG, stop
from bot.cli.unit import desk_clock, open_unit, open_units, operator
from bot.logs import masked
from bot.settings import SettingsError, load_people
from workorders.agreement.clauses import Agreement
from workorders.errors import FileError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.sql.unit import Unit, Units
    from workorders.agreement.retention import Retention

_T = TypeVar("_T")

data_app = typer.Typer(
    name="data", help="What is kept about people: for how long, and how it goes.", no_args_is_help=True
)

_Agreement = Annotated[
    Path | None,
    typer.Option("--agreement", envvar="AGREEMENT_PATH", help="whose [retention] says how long"),
]
_Json = Annotated[bool, typer.Option("--json", help="one JSON value")]


@data_app.command("inventory")
def inventory_command(agreement: _Agreement = None, as_json: _Json = False) -> None:
    """Print every column: what it holds, how long it is kept, where it is shown. Needs no database."""
    from bot.sql.inventory import INVENTORY, Holds, holds, tables

    retention = _terms(agreement).retention
    rows: list[Mapping[str, str]] = [
        {
            "column": str(column),
            "holds": holds(column) or Holds.PLAIN,
            "kept": kept.kind,
            "for": _how_long(kept.kind, retention),
            "shown": kept.shown,
        }
        for table in tables()
        for kept in [INVENTORY[table.name]]
        for column in table.columns
    ]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        typer.echo("  ".join((f"{row['column']:28}", f"{row['holds']:6}", f"{row['for']:14}", row["shown"])))


@data_app.command("prune")
def prune_command(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="only count what is too old")] = False,
    agreement: _Agreement = None,
    as_json: _Json = False,
) -> None:
    """Remove what was kept long enough, in small batches, each recorded in the audit.

    The clock does the same every night. Stopped anywhere, it goes on where it was when run again.
    """
    from bot.sql.retention import prune, waiting

    retention = _terms(agreement).retention
    counts: Counter[tuple[str, str]] = Counter()
    if dry_run:
        with open_unit(reading=True) as unit:
            counts.update(waiting(unit, retention, desk_clock(unit.conn.engine)()))
    else:
        with open_units() as units:
            now = desk_clock(units.engine)()
            while gone := _batch(units, lambda unit: prune(unit, retention, now, operator(), "cli")):
                counts[gone.kind, gone.what] += gone.rows
    rows = [{"kind": kind, "what": what, "rows": n} for (kind, what), n in counts.items()]
    if as_json:
        typer.echo(json.dumps({"dry_run": dry_run, "rows": rows}))
        return
    for row in rows:
        typer.echo(f"{row['kind']}: {row['rows']} of {row['what']}{' are too old' if dry_run else ' went'}")
    if not rows:
        typer.echo("nothing was kept too long")


@data_app.command("hold")
def hold_command(
    subject: Annotated[str, typer.Argument(metavar="SUBJECT", help="order:1001, notice:12, or partner:NAME")],
    reason: Annotated[str, typer.Option("--reason", help="why; it is kept with the hold")],
) -> None:
    """Keep an order, a notice, or everything of a partner, however old it is, until it is released."""
    if not reason.strip():
        stop("--reason: is empty (accepted: why it must be kept)", WRONG)
    with open_unit() as unit:
        held = _subject(unit, subject)
        if not unit.holds.place(held, operator(), masked(reason)):
            stop(f"{subject}: is held already", REFUSED)
        unit.audit.record(Act.DATA_HOLD, who=operator(), door="cli", subject=held, reason=reason)
    typer.echo(f"{subject}: held")


@data_app.command("release")
def release_command(
    subject: Annotated[str, typer.Argument(metavar="SUBJECT", help="order:1001, notice:12, or partner:NAME")],
    reason: Annotated[str, typer.Option("--reason", help="why it need be kept no longer")],
) -> None:
    """End a hold: what is too old goes with the next run."""
    if not reason.strip():
        stop("--reason: is empty (accepted: why it need be kept no longer)", WRONG)
    with open_unit() as unit:
        held = _subject(unit, subject)
        if not unit.holds.release(held, operator()):
            stop(f"{subject}: is not held", REFUSED)
        unit.audit.record(Act.DATA_RELEASE, who=operator(), door="cli", subject=held, reason=reason)
    typer.echo(f"{subject}: released")


@data_app.command("holds")
def holds_command(as_json: _Json = False) -> None:
    """Print every hold there ever was, the newest first."""
    with open_unit(reading=True) as unit:
        rows = [
            {
                name: value.isoformat() if isinstance(value, datetime) else value
                for name, value in row._asdict().items()
            }
            for row in unit.holds.all()
        ]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        until = f"released {row['released_at']} by {row['released_by']}" if row["released_at"] else "in force"
        typer.echo(f"{row['subject']}  {row['placed_at']}  {row['placed_by']}  {until}  {row['reason']}")


_Also = Annotated[
    list[str] | None,
    typer.Option("--also", metavar="TEXT", help="another name, phone or address of theirs; may be repeated"),
]


@data_app.command("of")
def of_command(
    userid: Annotated[str, typer.Argument(metavar="USERID", help="whose data")],
    also: _Also = None,
    agreement: _Agreement = None,
    as_json: _Json = False,
) -> None:
    """Print what is kept about a person, for their own asking; that it was read is recorded."""
    from bot.sql.forgetting import held_about
    from bot.sql.inventory import INVENTORY
    from bot.sql.somebody import somebody

    retention, secret = _terms(agreement).retention, _secret_key()
    with open_unit() as unit:
        them = somebody(unit, userid, secret, also or ())
        found = held_about(unit, them)
        if not found.rows:
            stop(f"{userid}: nothing is kept about them", REFUSED)
        unit.audit.record(Act.DATA_READ, who=operator(), door="cli", subject=f"person:{them.userid}")
    rows = [
        {"table": table, "rows": n, "for": _how_long(INVENTORY[table].kind, retention)}
        for table, n in found.rows.items()
    ]
    if as_json:
        about = {"userid": them.userid, "called": list(them.words), "rows": rows}
        typer.echo(json.dumps({**about, "orders": found.orders, "texts": found.texts}, ensure_ascii=False))
        return
    typer.echo(f"{them.userid}: {', '.join(them.words) or 'not in the directory'}")
    for row in rows:
        typer.echo(f"{row['rows']} of {row['table']}, kept for {row['for']}")
    if found.orders:
        typer.echo(f"orders: {', '.join(map(str, found.orders))}")
    for text in found.texts:
        typer.echo(f"{text['table']}: {text['text']}")


@data_app.command("forget")
def forget_command(
    userid: Annotated[str, typer.Argument(metavar="USERID", help="whom to forget")],
    reason: Annotated[str, typer.Option("--reason", help="why; it is recorded")],
    also: _Also = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="only count what would change")] = False,
    as_json: _Json = False,
) -> None:
    """Take a person out of everything that is kept; figures stay, under a pseudonym.

    Refused while a hold keeps them, or an order of theirs is not closed. Take them out of the directory file
    as well: the next import would bring them back. Stopped anywhere, it goes on when run again.
    """
    from bot.sql.forgetting import MustStay, forget, held_about, may_go
    from bot.sql.somebody import somebody

    if not reason.strip():
        stop("--reason: is empty (accepted: why they are forgotten)", WRONG)
    secret = _secret_key()
    try:
        with open_units() as units:
            with units.reading() as unit:
                them = somebody(unit, userid, secret, also or ())
                may_go(unit, them)
                found = held_about(unit, them)
            if not found.rows:
                stop(f"{userid}: nothing is kept about them", REFUSED)
            changed = found.rows if dry_run else forget(units, them, who=operator(), reason=reason)
    except MustStay as kept:
        stop(f"{userid}: {kept}", REFUSED)
    if as_json:
        typer.echo(json.dumps({"dry_run": dry_run, "pseudonym": them.instead, "rows": changed}))
        return
    for table, n in changed.items():
        typer.echo(f"{n} of {table} {'name them' if dry_run else 'changed'}")
    if not dry_run:
        typer.echo(f"{userid} is {them.instead} now; take them out of the directory file too")


def _secret_key() -> str:
    try:
        return load_people(os.environ).secret_key
    except SettingsError as error:
        stop(str(error), WRONG)


def _how_long(kind: str, retention: Retention) -> str:
    return str(retention.spans[kind]) if kind in retention.spans else _AS_LONG[kind]


def _batch(units: Units, work: Callable[[Unit], _T]) -> _T:
    with units.begin() as unit:
        return work(unit)


def _subject(unit: Unit, given: str) -> str:
    """As holds name it, a partner by number; what there is not stops the command."""
    kind, _, name = given.partition(":")
    if kind == "order" and name.isdigit():
        if unit.orders.read(int(name)) is None:
            stop(f"{given}: there is no such order", REFUSED)
        return given
    if kind == "notice" and name.removeprefix("N").isdigit():
        number = int(name.removeprefix("N"))
        if unit.notices.read(number) is None:
            stop(f"{given}: there is no such notice", REFUSED)
        return f"notice:{number}"
    if kind == "partner" and name:
        found = unit.directory.partners_named(name)
        if len(found) != 1:
            stop(f"{given}: {'no partner is' if not found else 'several partners are'} called so", REFUSED)
        return f"partner:{found[0].id}"
    accepted = "order:1001, notice:12, partner:NAME"
    return stop(f"{given}: is nothing that can be held (accepted: {accepted})", WRONG)


_AS_LONG = {"directory": "with directory", "machine": "while in use"}


def _terms(path: Path | None) -> Agreement:
    try:
        return Agreement.load(path)
    except FileError as error:
        stop(str(error), WRONG)
