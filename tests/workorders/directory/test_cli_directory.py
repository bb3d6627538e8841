"""``desk directory import`` and ``export``."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from typer.testing import CliRunner

from bot.cli.directory import directory_app
from bot.directory_files import import_file, read_file
from bot.sql.engine import open_engine
from bot.sql.schema import upgrade
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
) -> None:
    path.write_text(LI + XINGHE, "utf-8")

    changes = import_file(directory, read_file(path, AGREEMENT), str(path))

    assert str(changes) == (
        "partners: 1 added, 0 changed, 0 left; people: 1 added, 0 changed, 0 left;"
        " groups: 0 added, 0 changed, 0 left; rota: 0 added, 0 changed, 0 left"
    )
    assert DirectoryFile.parse(directory.export().render(), "d.toml") == DirectoryFile.read(path)


def test_nothing_is_imported_when_one_row_is_wrong(directory: SqlDirectory, path: Path) -> None:
    path.write_text(LI + XINGHE + '[partner.clauses]\n"daily.respond" = "3m"\n', "utf-8")

    with pytest.raises(FileError, match=r"directory.toml: partner 1 '星河支付': clauses: unknown clause"):
        import_file(directory, read_file(path, AGREEMENT), str(path))

    assert directory.export() == DirectoryFile()


def test_an_empty_file_does_not_empty_the_directory(directory: SqlDirectory, path: Path) -> None:
    path.write_text(LI, "utf-8")
    import_file(directory, read_file(path, AGREEMENT), str(path))
    path.write_text("# nothing yet", "utf-8")

    with pytest.raises(FileError, match="is empty"):
        import_file(directory, read_file(path, AGREEMENT), str(path))

    assert directory.person("laoli").side == "us"


@pytest.fixture
def desk(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    engine = open_engine(sqlite_url)
    upgrade(engine)
    engine.dispose()
    return CliRunner()


def test_the_commands_import_and_export(desk: CliRunner, path: Path) -> None:
    path.write_text(LI + XINGHE, "utf-8")

    imported = desk.invoke(directory_app, ["import", str(path)])

    assert (imported.exit_code, imported.stdout) == (
        0,
        f"{path}: imported; partners: 1 added, 0 changed, 0 left; people: 1 added, 0 changed, 0 left;"
        " groups: 0 added, 0 changed, 0 left; rota: 0 added, 0 changed, 0 left\n",
    )
    exported = desk.invoke(directory_app, ["export"])
    assert DirectoryFile.parse(exported.stdout, "d.toml") == DirectoryFile.read(path)
    assert json.loads(desk.invoke(directory_app, ["export", "--json"]).stdout) == {
        "partner": [{"name": "星河支付"}],
        "staff": [{"name": "老李", "userid": "laoli"}],
        "group": [],
        "rota": [],
    }


def test_a_wrong_file_ends_the_command_with_two_and_every_wrong_row_on_a_line(
    desk: CliRunner, path: Path
) -> None:
    path.write_text('[[partner]]\n[[staff]]\nname = "老李"', "utf-8")

    refused = desk.invoke(directory_app, ["import", str(path)])

    assert (refused.exit_code, refused.stdout) == (2, "")
    assert refused.stderr.splitlines() == [
        f"{path}: partner 1: has no name",
        f"{path}: staff 1 '老李': has no userid",
    ]
    assert desk.invoke(directory_app, ["export"]).stdout == ""


def test_a_database_without_tables_ends_the_command_with_one(path: Path, sqlite_url: str) -> None:
    path.write_text(LI, "utf-8")

    refused = CliRunner(env={"DATABASE_URL": sqlite_url}).invoke(directory_app, ["import", str(path)])

    assert refused.exit_code == 1
    assert "desk db upgrade" in refused.stderr


def test_a_missing_setting_ends_the_command_with_two() -> None:
    refused = CliRunner(env={"DATABASE_URL": ""}).invoke(directory_app, ["export"])

    assert refused.exit_code == 2
    assert refused.stderr.startswith("desk: DATABASE_URL: is not set")
