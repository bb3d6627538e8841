"""``desk directory``: partners, people and groups into the database, and out of it again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from bot.acts import Act
from bot.cli_directory_changes import changes_app
from bot.cli_unit import WRONG, open_unit, operator
from workorders.agreement.clauses import Agreement
from workorders.directory.changes import Changes
from workorders.directory.file import DirectoryFile
from workorders.errors import FileError
from workorders.sql.directory import SqlDirectory

directory_app = typer.Typer(
    name="directory",
    help="Partners, groups, contacts and our own people.",
    no_args_is_help=True,
)
directory_app.add_typer(changes_app)


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
    file = read_file(path, agreement)
    if file == DirectoryFile():
        raise FileError(
            str(path), "is empty, and would empty the directory", "[[partner]], [[staff]], [[group]]"
        )
    return directory.replace_with(file)


def read_file(path: Path, agreement: Agreement | None = None) -> DirectoryFile:
    """A directory file: a workbook where it ends in ``.xlsx``, else TOML.

    Raises:
        FileError: as :meth:`DirectoryFile.read`.
    """
    if path.suffix.lower() != ".xlsx":
        return DirectoryFile.read(path, agreement)
    # openpyxl takes a moment to load, which no other command should wait for.
    from bot import directory_workbook

    return directory_workbook.read(path, agreement)


def write_file(file: DirectoryFile, path: Path) -> None:
    """Write a directory file, readable by its owner alone: it holds the webhook keys.

    Raises:
        FileError: it cannot be written, or the name ends in neither ``.toml`` nor ``.xlsx``.
    """
    if path.suffix.lower() not in (".toml", ".xlsx"):
        raise FileError(str(path), "is no name for a directory file", "a name that ends in .toml or .xlsx")
    try:
        path.touch(mode=0o600)
        if path.suffix.lower() == ".toml":
            path.write_text(file.render(), encoding="utf-8")
            return
    except OSError as error:
        raise FileError(str(path), f"cannot be written: {error.strerror or error}") from None
    from bot import directory_workbook

    directory_workbook.write(file, path)


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
            changes = import_directory(unit.directory, file, terms)
            unit.audit.record(
                Act.DIRECTORY_IMPORT,
                who=operator(),
                door="cli",
                subject=f"file:{file.name}",
                changes=str(changes),
            )
    except FileError as error:
        _stop(str(error), WRONG)
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
        file = unit.directory.export()
        people = len(file.staff) + sum(len(partner.contacts) for partner in file.partners)
        unit.audit.record(
            Act.DIRECTORY_EXPORT, who=operator(), door="cli", subject="directory", people=people
        )
        if path:
            try:
                write_file(file, path)
            except FileError as error:
                _stop(str(error), WRONG)
    if path:
        typer.echo(f"{path}: written; {len(file.partners)} partners, {people} people")
    else:
        typer.echo(json.dumps(file.tables(), ensure_ascii=False) if as_json else file.render(), nl=as_json)


def _stop(line: str, code: int) -> NoReturn:
    typer.echo(line, err=True)
    raise typer.Exit(code)
