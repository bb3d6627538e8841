"""``desk notice``: one line for the operator, JSON for programs, and the exit codes of the house."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bot.cli.desk import app
from bot.cli.unit import open_uses
from bot.sql.engine import open_engine
from bot.sql.schema import upgrade
from tests.workorders.notices.stage import WITH_DADI
from workorders.sql.directory import SqlDirectory

#: Far enough ahead on any day these tests run.
EFFECTIVE = (datetime.now(UTC) + timedelta(days=40)).isoformat()


@pytest.fixture
def notice(sqlite_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """Runs ``desk notice …``; the exit code, and what it said."""
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    monkeypatch.chdir(tmp_path)
    engine = open_engine(sqlite_url)
    upgrade(engine)
    with engine.begin() as conn:
        SqlDirectory(conn).replace_with(WITH_DADI)
    engine.dispose()
    Path("body.md").write_text("升级期间不可用。", encoding="utf-8")

    def run(*words: str) -> tuple[int, str]:
        result = CliRunner().invoke(app, ["notice", *words])
        return result.exit_code, result.output

    return run


COMPOSE = (
    *("compose", "--by", "xiaoqian", "--kind", "upgrade", "--title", "收银台升级"),
    *("--body", "body.md", "--effective", EFFECTIVE),
)


def test_a_draft_is_composed_with_its_head_count_and_what_will_not_reach_people(notice: Any) -> None:
    code, said = notice(*COMPOSE, "--json")
    told = json.loads(said)

    assert code == 0
    assert (told["notice"], told["state"], told["headcount"]) == ("N1", "draft", 4)
    assert told["problems"] == ["大地支付 小孔: no group"]


def test_one_composes_another_approves_and_it_is_sent(notice: Any) -> None:
    notice(*COMPOSE)
    assert notice("approve", "N1", "--by", "xiaoqian") == (
        1,
        "desk: N1: whoever composed a notice does not approve it; ask a colleague\n",
    )
    assert notice("approve", "N1", "--by", "xiaoding")[0] == 0
    assert notice("send", "n1", "--by", "xiaoqian")[0] == 0

    assert json.loads(notice("status", "N1", "--json")[1])["state"] == "sending"
    assert json.loads(notice("list", "--json")[1])[0]["notice"] == "N1"


def test_a_file_says_the_same_as_options(notice: Any) -> None:
    Path("n.toml").write_text(
        f'kind = "annex"\ntitle = "附件"\nbody = "见附件"\nto = ["x@y.example"]\neffective = {EFFECTIVE}\n',
        encoding="utf-8",
    )
    code, said = notice("compose", "--by", "xiaoqian", "n.toml", "--json")

    assert (code, json.loads(said)["headcount"]) == (0, 1)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("approve", "N9", "--by", "xiaoding"), 1, "N9: there is no such notice"),
        (("approve", "twelve", "--by", "xiaoding"), 2, "is no notice's number (accepted: N12)"),
        (("approve", "N1", "--by", "xiaowang"), 1, "none of our people"),
        (("status", "N9"), 1, "there is no such notice"),
        ((*COMPOSE[:4], "nonsense", *COMPOSE[5:]), 2, "kind 'nonsense' is unknown (accepted: upgrade"),
        ((*COMPOSE, "--role", "king"), 2, "role king is unknown"),
        ((*COMPOSE, "--partner", "谁家"), 1, "there is no partner '谁家'"),
        ((*COMPOSE, "--to", "谁也不是"), 1, "neither a userid of the directory nor a mail address"),
        ((*COMPOSE[:-1], "2020-01-01T10:00:00+08:00"), 1, "(accepted: a later effective moment)"),
        ((*COMPOSE[:-1], "tomorrow"), 2, "is no moment with its zone"),
        (("evidence", "N1"), 2, "--html FILE, --csv FILE or both"),
    ],
)
def test_what_is_wrong_is_one_line(notice: Any, words: tuple[str, ...], code: int, said: str) -> None:
    got, line = notice(*words)

    assert (got, line.count("\n")) == (code, 1)
    assert said in line


def test_evidence_is_a_page_to_print_and_a_file_for_excel(notice: Any) -> None:
    notice(*COMPOSE)
    code, _ = notice("evidence", "N1", "--html", "n1.html", "--csv", "n1.csv")

    assert code == 0
    page = Path("n1.html").read_text(encoding="utf-8")
    assert "SHA-256" in page
    assert "<style>" in page
    assert Path("n1.csv").read_text(encoding="utf-8").startswith("\ufeff通知,")


@pytest.mark.parametrize(
    "line",
    [
        "effective = 2027-01-05",
        "effective = 2027-01-05T10:00:00",
        'roles = "tech"',
        'to = "x@y.example"',
        "title = 5",
        'body = ["b"]',
        'suspension = "yes"',
    ],
)
def test_a_file_whose_value_is_of_the_wrong_kind_is_one_line(notice: Any, line: str) -> None:
    Path("n.toml").write_text(f'kind = "annex"\n{line}\n', encoding="utf-8")
    code, said = notice("compose", "--by", "xiaoqian", "n.toml")

    assert (code, said.count("\n")) == (2, 1)
    assert f"n.toml: {line.split()[0]} is not " in said


def test_a_preview_shows_what_each_channel_would_show_and_keeps_nothing(notice: Any) -> None:
    code, said = notice(*COMPOSE, "--preview")

    assert code == 0
    assert said.startswith("N… would read: ")
    for part in ("  group:\n", "  app:\n", "  mail:\n", "[收到] [有疑问]", "视同收到并知悉"):
        assert part in said
    assert notice("list")[1] == ""


def test_whoever_approves_sees_what_was_composed(notice: Any) -> None:
    notice(*COMPOSE, "--suspension")
    said = notice("show", "N1")[1]
    facts = json.loads(notice("show", "N1", "--json")[1])

    assert "  suspension: True" in said
    assert "  mail:\n" in said
    assert (facts["intact"], facts["composer"]) == (True, "xiaoqian")
    assert set(facts["shown"]) == {"group", "app", "mail"}


def test_whoever_is_told_is_named_by_their_mail_address_too(notice: Any) -> None:
    notice(*COMPOSE, "--emergency", "不等服务时间")
    notice("approve", "N1", "--by", "wang")
    notice("send", "N1", "--by", "xiaoqian")
    with open_uses() as (uses, unit):
        uses.notices(unit).settle(1)
    named = ("acknowledge", "N1", "WANG@xinghe.example", "--by", "laoli", "--note", "电话告知")

    assert notice(*named) == (0, "N1: 小王 is acknowledged\n")
    assert notice(*named)[0] == 1
