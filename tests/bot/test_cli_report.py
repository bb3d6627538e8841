"""``desk report``: for a terminal, for other programs, as CSV and as a workbook, each read back."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import select
from typer.testing import CliRunner

from bot.cli.desk import app
from bot.report_files import as_csv, as_xlsx
from bot.reports import REPORTS
from bot.sql.engine import open_engine
from bot.sql.schema import upgrade
from bot.sql.tables import audit
from handlers.phrases import report as phrases
from knowledge.sql import store
from tests.bot.test_settings import RIGHT
from tests.workorders.orders.stage import AGREEMENT, FILE, Stage, minute
from workorders.report.table import Table, columns
from workorders.sql.tables import promise


@pytest.fixture
def url(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    for name in ("AGREEMENT_PATH", "HOLIDAYS_PATH"):
        monkeypatch.delenv(name, raising=False)
    engine = open_engine(sqlite_url)
    upgrade(engine)
    with engine.begin() as conn:
        stage = Stage(conn)
        stage.directory.replace_with(FILE)
        number = stage.open(text="=1+1")
        stage.later(2 * minute)
        stage.desk().accept(number, stage.person("laoli"))
        stage.desk().reroute(number, stage.person("laoli"), stage.person("xiaochen").duties[0].role)
        stage.desk().solve(number, stage.person("xiaochen"))
        stage.desk().reopen(number, stage.person("xiaowang"), "=HYPERLINK(1)")
        for text in ("+86 怎么填", "@所有人", "-1", "=1+1"):
            store.record_gap(conn, text, stage.now, "xiaowang", None, None, "none")
    engine.dispose()
    return sqlite_url


def run(*words: str) -> Any:
    return CliRunner().invoke(app, ["report", *words, "--period", "2026-11"])


def said(*words: str) -> str:
    done = run(*words)
    assert done.exit_code == 0, done.output
    return str(done.stdout)


def test_without_a_name_every_report_is_listed(url: str) -> None:
    done = CliRunner().invoke(app, ["report"])
    assert done.exit_code == 0
    assert [line.split()[0] for line in done.stdout.splitlines()] == list(REPORTS)


@pytest.mark.parametrize("report", REPORTS)
def test_every_report_can_be_read_by_people_and_programs_and_has_a_chinese_heading_for_each_column(
    url: str, report: str
) -> None:
    assert said(report)
    shape = json.loads(said(report, "--json"))
    assert (shape["report"], shape["from"], shape["to"]) == (report, "2026-11-01", "2026-11-30")
    for column in shape["columns"]:
        assert not phrases.heading(report, column["key"]).isascii()


def test_attainment_at_a_terminal_is_a_table(url: str) -> None:
    lines = said("attainment").splitlines()
    assert lines[0].split() == [
        "clause", "promises", "met", "missed", "declined", "void", "pending", "filed", "attained",
    ]  # fmt: skip
    assert lines[2].split() == ["daily.response", "1", "1", "0", "0", "0", "0", "0", "100.0%"]
    assert lines[-1].split()[0] == "total"


def test_json_has_stretches_in_seconds_and_moments_in_the_calendars_zone(url: str) -> None:
    (row,) = json.loads(said("times", "--json"))["rows"]
    assert (row["median"], row["p90"]) == (120.0, 120.0)
    (again,) = json.loads(said("reopened", "--json"))["rows"]
    assert again["at"] == "2026-11-23T10:02:00+08:00"


def test_csv_opens_in_excel_and_calculates_nothing_somebody_typed(url: str, tmp_path: Path) -> None:
    file = tmp_path / "gaps.csv"
    said("gaps", "--csv", str(file))
    raw = file.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))
    assert rows[0] == ["问题", "次数", "最近条目", "最近一次"]
    assert sorted(row[0] for row in rows[1:]) == ["'+86 怎么填", "'-1", "'=1+1", "'@所有人"]
    assert rows[1][3] == "2026-11-23 10:02:00"


def test_a_workbook_has_a_sheet_a_report_typed_cells_and_a_header_that_stays(
    url: str, tmp_path: Path
) -> None:
    file = tmp_path / "all.xlsx"
    said("all", "--xlsx", str(file))
    book = load_workbook(file)
    assert book.sheetnames == [phrases.title(name) for name in REPORTS]
    kept = book["达成率"]
    assert (kept.freeze_panes, kept["A2"].value, kept["B2"].value) == ("A2", "日常响应", 1)
    assert (kept["I2"].value, kept["I2"].number_format) == (1, "0.0%")
    assert kept.cell(kept.max_row, 1).value == "合计"
    again = book["重开"]
    assert (again["E2"].value, again["E2"].data_type, again["E2"].quotePrefix) == ("=HYPERLINK(1)", "s", True)
    assert (str(again["C2"].value), again["D2"].value) == ("2026-11-23 10:02:00", "*王")
    times = book["响应与解决时长"]
    assert (times["D2"].value, times["D2"].number_format) == (timedelta(minutes=2), "[h]:mm:ss")
    assert times.column_dimensions["A"].width > 5


def test_who_carried_figures_away_is_in_the_audit(url: str, tmp_path: Path) -> None:
    said("attainment")
    said("attainment", "--csv", str(tmp_path / "a.csv"))
    engine = open_engine(url)
    with engine.begin() as conn:
        rows = conn.execute(select(audit.c.act, audit.c.subject, audit.c.details)).all()
    engine.dispose()
    assert [(r.act, r.subject, r.details["rows"]) for r in rows] == [
        ("report:figures:export", "report:attainment", 2 + 1)
    ]


@pytest.mark.parametrize(
    ("words", "code", "names"),
    [
        (["nonsense"], 2, "nonsense"),
        (["attainment", "--by", "colour"], 2, "colour"),
        (["load", "--by", "person"], 2, "--by"),
        (["all"], 2, "--xlsx"),
        (["attainment", "--json", "--csv", "x.csv"], 2, "--json"),
        (["attainment", "--partner", "无名支付"], 1, "无名支付"),
        (["gaps", "--partner", "星河支付"], 2, "--partner"),
        (["attainment", "--csv", "/nowhere/at/all.csv"], 2, "/nowhere/at/all.csv"),
    ],
)
def test_what_cannot_be_asked_is_one_line(url: str, words: list[str], code: int, names: str) -> None:
    done = run(*words)
    assert (done.exit_code, done.stdout) == (code, "")
    assert names in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "words",
    [
        ["--period", "2026-W60"],
        ["--period", "yesterday"],
        ["--from", "2026-11-31"],
        ["--from", "2026-11-20", "--to", "2026-11-19"],
        ["--year", "2026", "--from", "2026-01-01"],
    ],
)
def test_a_stretch_of_days_there_is_not_is_one_line(url: str, words: list[str]) -> None:
    done = CliRunner().invoke(app, ["report", "attainment", *words])
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1


def test_a_year_is_asked_for_as_such(url: str) -> None:
    done = CliRunner().invoke(app, ["report", "complaints", "--year", "2026", "--json"])
    shape = json.loads(done.stdout)
    assert (shape["from"], shape["to"]) == ("2026-01-01", "2026-12-31")
    assert shape["rows"] == [
        {
            "about": "total",
            "complaints": 0,
            "withdrawn": 0,
            "handled": 0,
            "handled_share": None,
            "in_time": 0,
            "in_time_share": None,
            "median": None,
            "p90": None,
        }
    ]


def test_the_ledger_is_filled_by_an_upgrade_and_written_anew_when_asked(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (RIGHT | {"DATABASE_URL": url}).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("bot.logs.configure", lambda: None)  # it is for the whole process
    before = said("attainment", "--json")
    for words, says in ((["db", "upgrade"], ""), (["db", "ledger"], "2 promises written anew\n")):
        engine = open_engine(url)
        with engine.begin() as conn:
            conn.execute(promise.delete())
        engine.dispose()
        assert said("attainment", "--json") != before
        done = CliRunner().invoke(app, words)
        assert (done.exit_code, done.stdout) == (0, says)
        assert said("attainment", "--json") == before


def test_what_no_cell_can_hold_is_left_out_and_long_words_do_not_make_a_column_endless() -> None:
    table = Table("gaps", columns("question:text", "last:day"), (("a\x07b" * 100, date(2026, 11, 25)),))
    book = load_workbook(io.BytesIO(as_xlsx([table], AGREEMENT.calendar)))
    (sheet,) = book.worksheets
    assert sheet["A2"].value == "ab" * 100
    assert sheet.column_dimensions["A"].width < 60
    assert str(sheet["B2"].value) == "2026-11-25 00:00:00"
    assert as_csv(table, AGREEMENT.calendar).splitlines()[1].endswith(",2026-11-25")
