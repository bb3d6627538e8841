"""``desk directory``: partners, people and groups into the database, and out of it again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from bot.cli.directory_changes import changes_app
from bot.cli.exits import WRONG
from bot.cli.unit import open_unit, operator
from bot.directory_files import give, read_file, take, write_file
from workorders.agreement.clauses import Agreement
from workorders.errors import FileError

directory_app = typer.Typer(
    name="directory",
    help="Partners, groups, contacts and our own people.",
    no_args_is_help=True,
)
directory_app.add_typer(changes_app)


@directory_app.command("import")
def import_command(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="a directory file: TOML, or an Excel workbook (.xlsx)")
    ],
    agreement: Annotated[
        Path | None,
        typer.Option("--agreement", envvar="AGREEMENT_PATH", help="whose terms partners' clauses must fit"),
    ] = None,
) -> None:
    """Replace the directory with what FILE says.

    Partners keep their numbers; partners and people FILE no longer names are marked as having left.
    Exits 2, with every wrong row on a line of its own and nothing changed, for a wrong file.
    """
    try:
        terms = Agreement.load(agreement)
        with open_unit() as unit:
            changes = take(unit, read_file(file, terms), str(file), who=operator(), door="cli")
    except FileError as error:
        _wrong(error)
    typer.echo(f"{file}: imported; {changes}")


@directory_app.command("export")
def export_command(
    path: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="a .toml or .xlsx file to write; else printed")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="the same tables as one JSON object")] = False,
) -> None:
    """Write or print the directory as `desk directory import` reads it.

    It holds the webhook keys of the groups: keep it like a password.
    """
    with open_unit() as unit:
        file, people = give(unit, who=operator(), door="cli")
        if path:
            try:
                write_file(file, path)
            except FileError as error:
                _wrong(error)
    if path:
        typer.echo(f"{path}: written; {len(file.partners)} partners, {people} people")
    else:
        typer.echo(json.dumps(file.tables(), ensure_ascii=False) if as_json else file.render(), nl=as_json)


def _wrong(error: FileError) -> NoReturn:
    """End the command with every wrong row on a line of its own, as the file's reader says them."""
    typer.echo(error, err=True)
    raise typer.Exit(WRONG)
