"""``desk directory import`` and ``export``, up to the database."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from bot.cli_directory import export_directory, import_directory
from workorders.agreement.clauses import Agreement
from workorders.directory.file import DirectoryFile
from workorders.errors import FileError
from workorders.sql.base import metadata
from workorders.sql.directory import SqlDirectory

LI = '[[staff]]\nname = "老李"\nuserid = "laoli"\n'
XINGHE = '[[partner]]\nname = "星河支付"\n'


@pytest.fixture
def directory() -> Iterator[SqlDirectory]:
    engine = create_engine("sqlite://")
    with engine.begin() as conn:
        metadata.create_all(conn)
        yield SqlDirectory(conn)
    engine.dispose()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "directory.toml"


AGREEMENT = Agreement.load()


def test_an_import_says_what_it_changed_and_an_export_gives_the_file_back(
    directory: SqlDirectory, path: Path
):
    path.write_text(LI + XINGHE, "utf-8")

    changes = import_directory(directory, path, AGREEMENT)

    assert str(changes) == (
        "partners: 1 added, 0 changed, 0 left; people: 1 added, 0 changed, 0 left;"
        " groups: 0 added, 0 changed, 0 left"
    )
    assert DirectoryFile.parse(export_directory(directory), "d.toml") == DirectoryFile.read(path)


def test_nothing_is_imported_when_one_row_is_wrong(directory: SqlDirectory, path: Path):
    path.write_text(LI + XINGHE + '[partner.clauses]\n"daily.respond" = "3m"\n', "utf-8")

    with pytest.raises(FileError, match=r"directory.toml: partner 1 '星河支付': clauses: unknown clause"):
        import_directory(directory, path, AGREEMENT)

    assert directory.export() == DirectoryFile()


def test_an_empty_file_does_not_empty_the_directory(directory: SqlDirectory, path: Path):
    path.write_text(LI, "utf-8")
    import_directory(directory, path, AGREEMENT)
    path.write_text("# nothing yet", "utf-8")

    with pytest.raises(FileError, match="is empty"):
        import_directory(directory, path, AGREEMENT)

    assert directory.person("laoli").side == "us"
