"""Directory files, TOML or Excel by their name: read, written, and taken into the directory."""

from __future__ import annotations

import tempfile
from pathlib import Path

from bot.acts import Act
from bot.sql.audit import Door
from bot.sql.unit import Unit
from workorders.agreement.clauses import Agreement
from workorders.directory.changes import Changes
from workorders.directory.file import DirectoryFile
from workorders.errors import FileError
from workorders.sql.directory import SqlDirectory


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


def read_bytes(data: bytes, name: str, agreement: Agreement) -> DirectoryFile:
    """A directory file as it was uploaded.

    Raises:
        FileError: as :func:`read_file`; its lines do not name the file.
    """
    suffix = Path(name).suffix.lower()
    if suffix not in (".toml", ".xlsx"):
        raise FileError(name, "is no name for a directory file", "a name that ends in .toml or .xlsx")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"directory{suffix}")
        path.write_bytes(data)
        try:
            return read_file(path, agreement)
        except FileError as error:
            raise FileError(name, error.what.replace(f"{path}: ", ""), error.accepted) from None


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


def write_bytes(file: DirectoryFile, suffix: str) -> bytes:
    """The same as bytes to send; ``suffix`` is ``.toml`` or ``.xlsx``."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"directory{suffix}")
        write_file(file, path)
        return path.read_bytes()


def import_file(directory: SqlDirectory, file: DirectoryFile, name: str) -> Changes:
    """Make the directory say what a file says; the caller commits.

    Raises:
        FileError: it has no row at all. Nothing was changed.
    """
    if file == DirectoryFile():
        raise FileError(name, "is empty, and would empty the directory", "[[partner]], [[staff]], [[group]]")
    return directory.replace_with(file)


def take(unit: Unit, file: DirectoryFile, name: str, *, who: str, door: Door) -> Changes:
    """The same, audited as ``who``'s at that door.

    Raises:
        FileError: as :func:`import_file`.
    """
    changes = import_file(unit.directory, file, name)
    unit.audit.record(
        Act.DIRECTORY_IMPORT, who=who, door=door, subject=f"file:{Path(name).name}", changes=str(changes)
    )
    return changes


def give(unit: Unit, *, who: str, door: Door) -> tuple[DirectoryFile, int]:
    """The directory as a file, and how many people are in it; the audit says who has it now."""
    file = unit.directory.export()
    people = len(file.staff) + sum(len(partner.contacts) for partner in file.partners)
    unit.audit.record(Act.DIRECTORY_EXPORT, who=who, door=door, subject="directory", people=people)
    return file, people
