"""``desk directory``: partners, people and groups into the database, and out of it again."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from bot.settings import SettingsError, load_database
from workorders.agreement.clauses import Agreement
from workorders.directory.changes import Changes
from workorders.directory.file import DirectoryFile
from workorders.errors import FileError
from workorders.sql.directory import SqlDirectory

REFUSED, WRONG = 1, 2

directory_app = typer.Typer(
    name="directory",
    help="Partners, groups, contacts and our own people.",
    no_args_is_help=True,
)


def import_directory(directory: SqlDirectory, path: Path, agreement: Agreement) -> Changes:
    """Make the directory say what a file says; the caller commits.

    Args:
        directory: in the unit of work.
        path: the directory file.
        agreement: the one in force, whose terms the partners' own clauses must fit.

    Raises:
        FileError: the file cannot be read or has wrong rows, each named on a line of its own; or it has
            no row at all. Nothing was changed.
    """
    file = DirectoryFile.read(path, agreement)
    if file == DirectoryFile():
        raise FileError(
            str(path), "is empty, and would empty the directory", "[[partner]], [[staff]], [[group]]"
        )
    return directory.replace_with(file)


def export_directory(directory: SqlDirectory) -> str:
    """The directory as a file, webhook keys included."""
    return directory.export().render()


@directory_app.command("import")
def import_command(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="a directory file (TOML)")],
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
        with _open_directory() as directory:
            changes = import_directory(directory, file, terms)
    except FileError as error:
        _stop(str(error), WRONG)
    typer.echo(f"{file}: imported; {changes}")


@directory_app.command("export")
def export_command(
    as_json: Annotated[bool, typer.Option("--json", help="the same tables as one JSON object")] = False,
) -> None:
    """Print the directory as `desk directory import` reads it.

    It holds the webhook keys of the groups: keep it like a password.
    """
    with _open_directory() as directory:
        file = directory.export()
    typer.echo(json.dumps(file.tables(), ensure_ascii=False) if as_json else file.render(), nl=as_json)


@contextmanager
def _open_directory() -> Iterator[SqlDirectory]:
    """The directory in a unit of work that commits at the end."""
    from bot.sql.engine import open_engine
    from bot.sql.schema import is_current

    try:
        engine = open_engine(load_database(os.environ).database_url)
    except SettingsError as error:
        _stop(str(error), WRONG)
    try:
        with engine.begin() as conn:
            if not is_current(conn):
                _stop(
                    "the database does not have this version's tables: run `desk db upgrade` first", REFUSED
                )
            yield SqlDirectory(conn)
    finally:
        engine.dispose()


def _stop(line: str, code: int) -> NoReturn:
    typer.echo(line, err=True)
    raise typer.Exit(code)
