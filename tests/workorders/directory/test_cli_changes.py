"""``desk directory show``, ``absent``, ``back``, ``rota``, ``bind``, ``unbind`` and ``webhook``."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from typer.testing import CliRunner, Result

from bot.cli.directory import directory_app
from bot.sql.engine import open_engine
from bot.sql.schema import upgrade
from bot.sql.tables import audit
from workorders.sql.directory import SqlDirectory

FILE = """
[[partner]]
name = "星河支付"
groups = [{ chatid = "wrX1", name = "星河服务群" }]

[[staff]]
name = "老李"
userid = "laoli"
phone = "13900000001"
duties = [{ role = "tech", rank = 1 }]

[[staff]]
name = "老周"
userid = "laozhou"
duties = [{ role = "tech", rank = 2 }]

[[staff]]
name = "小何"
userid = "xiaohe"
console = "hotline"
"""
KEY = "693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa"
SATURDAY = "2099-11-28T22:00:00+08:00"  # absences must lie ahead of the real clock


class Cli:
    def __init__(self, url: str, tmp_path: Path) -> None:
        self.url = url
        self.runner = CliRunner(env={"DATABASE_URL": url})
        engine = open_engine(url)
        upgrade(engine)
        engine.dispose()
        path = tmp_path / "directory.toml"
        path.write_text(FILE, "utf-8")
        assert self("import", str(path)).exit_code == 0

    def __call__(self, *args: str, said: str = "") -> Result:
        return self.runner.invoke(directory_app, args, input=said)

    def shown(self, at: str = SATURDAY) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self("show", "--at", at, "--json").stdout)
        return found

    def refused(self, *args: str, said: str = "") -> str:
        """The one line a command is refused with, after its exit code."""
        result = self(*args, said=said)
        assert result.exit_code in (1, 2)
        [line] = result.stderr.splitlines()
        return f"{result.exit_code} {line}"


@pytest.fixture
def cli(sqlite_url: str, tmp_path: Path) -> Cli:
    return Cli(sqlite_url, tmp_path)


def test_an_absence_is_registered_shown_and_ended(cli: Cli) -> None:
    done = cli("absent", "laoli", "--from", "2099-11-28", "--to", "2099-11-30", "--stand-in", "laozhou")
    assert done.stdout == "laoli: absent from 2099-11-28 to 2099-11-30, laozhou stands in\n"

    shown = cli.shown()
    assert shown["absences"] == [
        {"userid": "laoli", "from": "2099-11-28", "to": "2099-11-30", "stand_in": "laozhou"}
    ]
    assert {"role": "tech", "rank": 1, "urgent": False, "appointed": ["laoli"], "told": ["laozhou"]} in shown[
        "duties"
    ]
    assert "tech 1: laozhou (laoli away)" in cli("show", "--at", SATURDAY).stdout
    assert "13900000001" not in cli("show").stdout

    assert "no longer absent" in cli("back", "laoli").stdout
    assert cli.shown()["absences"] == []


def test_the_rota_is_added_to_listed_and_taken_from(cli: Cli) -> None:
    assert cli("rota", "list").stdout == "no rota: urgent work goes to whoever holds the duty\n"
    assert cli("rota", "add", "tech", "laozhou", "sat,sun", "18:00-24:00").exit_code == 0

    assert cli("rota", "list").stdout == "1. tech laozhou sat,sun 18:00-24:00\n"
    assert {"role": "tech", "rank": 1, "urgent": True, "appointed": ["laozhou"], "told": ["laozhou"]} in (
        cli.shown()["duties"]
    )
    assert cli.refused("rota", "remove", "2") == "1 desk: the rota has no row 2 (it has 1)"
    assert cli("rota", "remove", "1").exit_code == 0
    assert cli.shown()["rota"] == []


def test_a_group_is_bound_given_its_key_and_unbound_and_the_audit_knows(cli: Cli) -> None:
    assert cli("bind", "wrNEW", "星河支付").stdout == "wrNEW: bound to 星河支付\n"
    done = cli("webhook", "wrNEW", said=f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={KEY}\n")
    assert done.exit_code == 0
    assert KEY not in done.stdout + done.stderr

    engine = open_engine(cli.url)
    with engine.begin() as conn:
        assert SqlDirectory(conn).webhook_key("wrNEW") == KEY
        rows = conn.execute(select(audit.c.act, audit.c.subject, audit.c.details)).all()
    engine.dispose()
    changed = [(row.subject, row.details["what"]) for row in rows if row.act == "directory:row:change"]
    assert changed == [("group:wrNEW", "bind"), ("group:wrNEW", "key")]
    assert KEY not in str(rows)

    assert cli("unbind", "wrNEW").stdout == "wrNEW: no longer 星河支付's\n"
    assert [group["chatid"] for group in cli.shown()["partners"][0]["groups"]] == ["wrX1"]


@pytest.mark.parametrize(
    ("args", "line"),
    [
        (
            ("back", "nobody"),
            "1 desk: 'nobody' is nobody of ours",
        ),
        (
            ("absent", "laoli", "--from", "11-28", "--to", "2099-11-30"),
            "2 desk: absent: from '11-28' is no day and no moment (accepted: 2026-12-01 or 2026-12-01 14:00)",
        ),
        (
            ("absent", "laoli", "--from", "2020-01-01", "--to", "2020-01-01"),
            "1 desk: the absence is over already",
        ),
        (
            ("absent", "laoli", "--from", "2099-11-28", "--to", "2099-11-30", "--stand-in", "xiaohe"),
            "1 desk: the stand-in 小何 works no orders",
        ),
        (("back", "laoli"), "1 desk: there is no absence to end"),
        (("rota", "add", "tech", "xiaohe", "sat", "18:00-24:00"), "1 desk: userid 'xiaohe' works no orders"),
        (
            ("rota", "add", "tech", "laoli", "someday", "18:00-24:00"),
            "2 desk: rota: day 'someday' is unknown (accepted: mon, tue, wed, thu, fri, sat, sun)",
        ),
        (("bind", "wrX1", "星河支付"), "1 desk: the group is bound to 星河支付 already"),
        (("bind", "wrX1", "无名"), "1 desk: no one partner is called '无名'"),
        (("unbind", "wrNONE"), "1 desk: the group is bound to no partner"),
    ],
)
def test_what_cannot_be_is_one_line(cli: Cli, args: tuple[str, ...], line: str) -> None:
    assert cli.refused(*args) == line


def test_what_is_no_key_is_refused_unseen(cli: Cli) -> None:
    assert cli.refused("webhook", "wrX1", said="short\n").startswith("2 desk: that is no webhook key")
