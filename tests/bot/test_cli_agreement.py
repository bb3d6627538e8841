"""``desk due`` and ``desk worktime`` as design §6 promises them to operators."""

from __future__ import annotations

import json
import random
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from bot.cli.agreement import due_command, worktime_app

desk = typer.Typer()
desk.command("due")(due_command)
desk.add_typer(worktime_app, name="worktime")


def run(*args: str, stdin: bytes | None = None, **env: str) -> Result:
    return CliRunner().invoke(
        desk, list(args), input=stdin, env={"AGREEMENT_PATH": "", "HOLIDAYS_PATH": "", **env}
    )


def answer(*args: str, **env: str) -> Any:
    result = run(*args, stdin=None, **env)
    assert (result.exit_code, result.stderr) == (0, "")
    return json.loads(result.stdout)


def refused(*args: str, **env: str) -> tuple[int, str]:
    """The exit code and the one line on standard error; nothing may be said on standard output."""
    result = run(*args, stdin=None, **env)
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1
    return result.exit_code, result.stderr.strip()


def lines(result: Result) -> list[Any]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_due_answers_with_when_it_starts_when_it_is_due_and_why() -> None:
    assert answer("due", "daily.response", "--at", "2026-09-30T17:58:00+08:00", "--json") == {
        "clause": "daily.response",
        "starts": "2026-09-30T17:58:00+08:00",
        "due": "2026-10-08T09:03:00+08:00",
        "why": ["+2 分钟 周三 17:58–18:00", "国庆 10-01 至 10-07 休息", "+3 分钟 10-08 09:00"],
    }


def test_due_answers_in_the_calendars_zone_whatever_zone_it_was_asked_in() -> None:
    told = answer("due", "urgent.response", "--at", "2026-11-22T18:30:00Z", "--json")

    assert (told["starts"], told["due"]) == ("2026-11-23T02:30:00+08:00", "2026-11-23T02:31:00+08:00")


def test_a_moment_without_an_offset_is_local_time_of_the_calendar() -> None:
    assert answer("worktime", "add", "--at", "2026-11-23T10:00", "--for", "20m") == {
        "result": "2026-11-23T10:20:00+08:00"
    }


def test_a_clause_with_a_lead_says_by_when_to_announce() -> None:
    told = answer("due", "notice.upgrade", "--effective", "2026-10-12T02:00:00+08:00", "--json")

    assert list(told) == ["clause", "effective", "announce_by", "why"]
    assert (told["effective"], told["announce_by"]) == (
        "2026-10-12T02:00:00+08:00",
        "2026-10-09T18:00:00+08:00",
    )


def test_a_person_reads_the_same_in_chinese() -> None:
    due = run("due", "daily.response", "--at", "2026-09-30T17:58:30")
    lead = run("due", "notice.upgrade", "--effective", "2026-10-12")

    assert due.stdout == (
        "daily.response 日常工作 5 分钟内接单（微信+电话）\n"
        "起算：2026-09-30 17:58:30\n"
        "截止：2026-10-08 09:03:30\n"
        "依据：+1 分钟 30 秒 周三 17:58:30–18:00；国庆 10-01 至 10-07 休息；+3 分钟 30 秒 10-08 09:00\n"
    )
    assert "最晚通知：2026-10-09 18:00\n" in lead.stdout


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (("off_hours", "--at", "2026-11-23"), 2, "off_hours has no span"),
        (("aftersales.response", "--at", "2026-11-23"), 1, "annex 1"),
        (("no.clause", "--at", "2026-11-23"), 1, "no clause 'no.clause'"),
        (("daily.response",), 2, "at is missing"),
        ((), 2, "clause is missing"),
        (("daily.response", "--at", "tomorrow"), 2, "'tomorrow' is not a moment (accepted: ISO 8601"),
        (("daily.response", "--at", "2026-02-30T10:00"), 2, "is not a moment"),
        (
            ("daily.response", "--effective", "2026-11-23"),
            2,
            "asks for no lead (accepted with --effective: notice.up",
        ),
        (("daily.response", "--batch", "x.jsonl"), 2, "--batch FILE stands alone"),
        (("--batch", "/nowhere/x.jsonl"), 2, "/nowhere/x.jsonl: cannot be read: No such file"),
        (("daily.response", "--at", "9999-12-31T23:59:59-12:00"), 2, "beyond any calendar"),
        (
            ("daily.response", "--at", "2026-11-23", "--agreement", "/nowhere.toml"),
            2,
            "/nowhere.toml: cannot be read",
        ),
    ],
)
def test_due_refuses_with_one_clear_line(args: tuple[str, ...], code: int, said: str) -> None:
    told, line = refused("due", *args, "--json")

    assert told == code
    assert line.startswith("desk due: ")
    assert said in line


def test_due_answers_a_batch_line_for_line(tmp_path: Path) -> None:
    batch = tmp_path / "batch.jsonl"
    batch.write_bytes(
        b"\xef\xbb\xbf"
        b'{"clause": "survey", "at": "2026-12-01T10:00:00+08:00"}\r\n'
        b'{"clause": "off_hours", "at": "2026-12-01T10:00:00+08:00"}\n'
        b'{"clause": "notice.personnel", "effective": "2026-11-30"}\n'
        b'{"clause": "urgent.response", "at": "2026-11-23T10:00:00+08:00"}'
    )

    result = run("due", "--batch", str(batch))

    first, second, third, fourth = lines(result)
    assert result.exit_code == 1
    assert first["due"] == "2026-12-21T18:00:00+08:00"
    assert list(second) == ["error"]
    assert third["announce_by"] == "2026-11-23T18:00:00+08:00"
    assert fourth["due"] == "2026-11-23T10:01:00+08:00"


def test_the_desks_own_settings_name_the_agreement_and_the_corrections(tmp_path: Path) -> None:
    terms, corrections = tmp_path / "agreement.toml", tmp_path / "holidays.toml"
    terms.write_text('[clause.daily]\nresponse = "10m"\n', encoding="utf-8")
    corrections.write_text('closed = ["2026-11-24"]\n', encoding="utf-8")
    files = {"AGREEMENT_PATH": str(terms), "HOLIDAYS_PATH": str(corrections)}

    told = answer("due", "daily.response", "--at", "2026-11-23T17:58:00+08:00", "--json", **files)
    added = answer("worktime", "add", "--at", "2026-11-23T17:58:00+08:00", "--for", "10m", **files)

    assert told["due"] == added["result"] == "2026-11-25T09:08:00+08:00"


# desk worktime


@pytest.mark.parametrize(
    ("at", "span", "result"),
    [
        ("2026-09-30T17:58:00+08:00", "20m", "2026-10-08T09:18:00+08:00"),
        ("2026-09-30T09:58:00Z", "20m", "2026-10-08T09:18:00+08:00"),
        ("2026-09-30T00:00:00+08:00", "3d", "2026-10-10T18:00:00+08:00"),
        ("2026-11-23T10:00:00.250000+08:00", "59s", "2026-11-23T10:00:59.250000+08:00"),
        ("2026-11-23T17:00:00+08:00", "1h", "2026-11-23T18:00:00+08:00"),
        ("2026-11-23T17:00:00+08:00", "1h1s", "2026-11-24T09:00:01+08:00"),
    ],
)
def test_worktime_adds(at: str, span: str, result: str) -> None:
    assert answer("worktime", "add", "--at", at, "--for", span) == {"result": result}
    assert answer("worktime", "add", "--at", at, "--for", span, "--json") == {"result": result}


@pytest.mark.parametrize(
    ("a", "b", "seconds"),
    [
        ("2026-09-30T17:58:00+08:00", "2026-10-08T09:18:00+08:00", 1200),
        ("2026-10-08T09:18:00+08:00", "2026-09-30T17:58:00+08:00", 0),
        ("2026-11-23T10:00:00+08:00", "2026-11-23T10:00:00.5+08:00", 0.5),
        ("2026-11-28T00:00:00+08:00", "2026-11-29T00:00:00+08:00", 0),
    ],
)
def test_worktime_measures(a: str, b: str, seconds: float) -> None:
    assert answer("worktime", "between", a, b) == {"seconds": seconds}


def test_worktime_counts_by_a_calendar_file_in_its_own_zone(tmp_path: Path) -> None:
    path = tmp_path / "calendar.toml"
    path.write_text('zone = "Europe/Berlin"\n[hours]\nsun = ["00:00-24:00"]\n', encoding="utf-8")
    calendar = ("--calendar", str(path))

    added = answer("worktime", "add", "--at", "2026-10-25T00:00:00+02:00", "--for", "25h", *calendar)
    local = answer("worktime", "add", "--at", "2026-03-29T01:30", "--for", "1h", *calendar)

    assert added == {"result": "2026-10-26T00:00:00+01:00"}
    assert local == {"result": "2026-03-29T03:30:00+02:00"}


def test_a_calendar_file_is_complete_in_itself(tmp_path: Path) -> None:
    path = tmp_path / "calendar.toml"
    path.write_text('[hours]\nthu = ["09:00-18:00"]\n', encoding="utf-8")
    corrections = tmp_path / "holidays.toml"
    corrections.write_text('closed = ["2026-10-01"]\n', encoding="utf-8")

    told = answer(
        "worktime",
        "add",
        "--at",
        "2026-10-01T10:00",
        "--for",
        "5m",
        "--calendar",
        str(path),
        HOLIDAYS_PATH=str(corrections),
    )

    assert told == {"result": "2026-10-01T10:05:00+08:00"}


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("add", "--at", "2026-11-23", "--for", "0m"), "desk worktime add: '0m' is no time at all"),
        (("add", "--at", "2026-11-23", "--for", "-5m"), "'-5m' is not a span"),
        (("add", "--at", "2026-11-23", "--for", "soon"), "'soon' is not a span"),
        (("add", "--at", "2026-11-23"), "for is missing"),
        (("add", "--for", "5m"), "at is missing"),
        (("add", "--at", "2026-11-23", "--for", "999999999d"), "not enough working time within 400 years"),
        (("between", "2026-11-23"), "to is missing"),
        (("between", "2026-11-23", "late"), "desk worktime between: to: 'late' is not a moment"),
        (("between", "0100-01-01", "2026-11-23"), "within 400 years"),
        (("batch", "/nowhere/x.jsonl"), "desk worktime batch: /nowhere/x.jsonl: cannot be read"),
        (("batch", "/"), "/: cannot be read"),
    ],
)
def test_worktime_refuses_wrong_usage_with_one_clear_line(args: tuple[str, ...], said: str) -> None:
    code, line = refused("worktime", *args)

    assert code == 2
    assert said in line


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("[hours]\n", "hours: there is no working time at all"),
        ('[hours]\nmon = ["09:00-18:00", "17:00-19:00"]\n', "hours.mon: hours overlap at 17:00"),
        ('weekends = []\n[hours]\nmon = ["09:00-18:00"]\n', "unknown key 'weekends' (accepted: zone, china"),
        ("hours\n", "is not TOML"),
    ],
)
@pytest.mark.parametrize("question", [("add", "--at", "2026-11-23", "--for", "5m"), ("batch", "-")])
def test_a_calendar_that_cannot_be_used_is_named(
    tmp_path: Path, content: str, said: str, question: tuple[str, ...]
) -> None:
    path = tmp_path / "calendar.toml"
    path.write_text(content, encoding="utf-8")

    code, line = refused("worktime", *question, "--calendar", str(path))

    assert code == 2
    assert str(path) in line
    assert said in line


def test_worktime_answers_a_batch_line_for_line() -> None:
    result = run(
        "worktime",
        "batch",
        "-",
        stdin="\n".join(
            (
                '{"add": "2026-09-30T17:58:00+08:00", "for": "20m"}',
                "",
                '{"from": "2026-09-30T17:58:00+08:00", "to": "2026-10-08T09:18:00+08:00"}',
                "[" * 100_000,
                '{"add": "2026-09-30T17:58:00+08:00"}',
                '{"add": 20260930, "for": "20m"}',
                '{"add": "2026-09-30T17:58:00+08:00", "from": "x"}',
                '{"from": "2026-09-30T17:58:00+08:00", "to": null}',
                '"text"',
                '{"add": "\\ud800", "for": "20m"}',
                '{"add": "2026-09-30T17:58:00+08:00", "for": "1m"}',
            )
        ).encode(),
    )

    told = lines(result)
    assert result.exit_code == 1
    assert [next(iter(line)) for line in told] == ["result", "error", "seconds"] + ["error"] * 7 + ["result"]
    assert told[0] == {"result": "2026-10-08T09:18:00+08:00"}
    assert told[2] == {"seconds": 1200}


def test_a_batch_without_a_bad_line_is_done() -> None:
    result = run("worktime", "batch", "-", stdin=b'{"from": "2026-11-24", "to": "2026-11-23"}\n')

    assert (result.exit_code, lines(result)) == (0, [{"seconds": 0}])


def test_an_empty_batch_is_done() -> None:
    assert (
        run("worktime", "batch", "-", stdin=b"").exit_code,
        run("due", "--batch", "-", stdin=b"").exit_code,
    ) == (0, 0)


@given(
    st.lists(
        st.binary(max_size=60).map(lambda line: line.replace(b"\n", b"").replace(b"\r", b"")), max_size=5
    )
)
def test_no_bytes_whatever_break_a_batch_or_lose_a_line(given_lines: list[bytes]) -> None:
    result = run("worktime", "batch", "-", stdin=b"".join(line + b"\n" for line in given_lines))

    assert len(lines(result)) == len(given_lines)
    assert result.exit_code == (1 if given_lines else 0)


def test_what_a_batch_adds_it_also_measures() -> None:
    chance = random.Random(20261123)
    start = datetime(2026, 1, 1, tzinfo=ZoneInfo("Asia/Shanghai"))
    asked = [
        (start + timedelta(seconds=chance.randrange(360 * 86400)), chance.randrange(1, 10**5))
        for _ in range(200)
    ]
    added = lines(
        run(
            "worktime",
            "batch",
            "-",
            stdin="".join(
                json.dumps({"add": at.isoformat(), "for": f"{seconds}s"}) + "\n" for at, seconds in asked
            ).encode(),
        )
    )

    measured = lines(
        run(
            "worktime",
            "batch",
            "-",
            stdin="".join(
                json.dumps({"from": at.isoformat(), "to": told["result"]}) + "\n"
                for (at, _), told in zip(asked, added, strict=True)
            ).encode(),
        )
    )

    assert [told["seconds"] for told in measured] == [seconds for _, seconds in asked]


def test_every_reading_command_takes_json() -> None:
    assert answer("worktime", "between", "2026-11-24", "2026-11-23", "--json") == {"seconds": 0}
    assert run("worktime", "batch", "-", "--json", stdin=b"").exit_code == 0
    assert run("due", "--batch", "-", "--json", stdin=b"").exit_code == 0
