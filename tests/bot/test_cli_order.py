"""``desk order`` as an operator meets it: what came by mail counts from when it came, or is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest
from typer.testing import CliRunner

from bot.cli.order import order_app
from bot.sql.engine import open_engine
from bot.sql.tables import audit
from workorders.sql.tables import letter, work_order

MAILED = ("--received-at", "2026-11-23T09:10:00+08:00", "--by", "xiaosun")
DAILY = ("daily", "--text", "x", "--by", "laoli", "--partner", "星河")
MERCHANT = ("--field", "merchant=张家便利店", "--field", "category=餐饮")


def run(*words: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(order_app, list(words))
    return done.exit_code, done.stdout, done.stderr


def rows(url: str, table: Any) -> list[Any]:
    engine = open_engine(url)
    with engine.connect() as conn:
        found = list(conn.execute(table.select()))
    engine.dispose()
    return found


def test_what_came_by_mail_counts_from_when_it_came(seeded: str) -> None:
    code, said, _ = run("open", "onboarding", "--reporter", "xiaowang", *MERCHANT, *MAILED, "--json")

    assert code == 0
    told = json.loads(said)
    assert (told["number"], told["partner"], told["state"]) == (1001, "星河支付", "open")
    assert told["received_at"] == "2026-11-23T01:10:00+00:00"
    [promise] = told["promises"]
    assert promise["due"] == "2026-11-24T04:00:00+00:00", "before noon: noon of the next working day"
    assert {"xiaowang", "xiaosun"} <= {row.recipient for row in rows(seeded, letter)}
    assert [(row.act, row.who, row.subject) for row in rows(seeded, audit)] == [
        ("order:record:file", "xiaosun", "order:1001")
    ]

    _, shown, _ = run("show", "1001")
    assert shown.splitlines() == [
        "1001  onboarding  星河支付  open  due 2026-11-24 12:00",
        "  onboarding.result: due 2026-11-24 12:00, open",
        "  2026-11-23 14:00 open by xiaosun",
        "  2026-11-23 14:00 escalate by clock",
    ]


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("onboarding", *MAILED, "--partner", "星河"), 1, "merchant: is missing"),
        (("onboarding", *MAILED, *MERCHANT, "--partner", "无名"), 1, "no partner of that name"),
        (("onboarding", *MAILED, "--field", "merchant"), 2, "accepted: NAME=VALUE"),
        (("daily", "--text", "收银台打不开", "--by", "nobody"), 1, "--by nobody"),
        (("daily", "--text", "收银台打不开", "--by", "xiaowang"), 1, "is not one of our people"),
        (("daily", "--by", "laoli", "--partner", "星河"), 1, "text missing"),
        (
            ("daily", "--text", "x", "--by", "laoli", "--received-at", "2026-11-23"),
            2,
            "no moment with its zone",
        ),
        (
            (
                "daily",
                "--text",
                "x",
                "--by",
                "laoli",
                "--partner",
                "星河",
                "--received-at",
                "2099-01-01T00:00:00Z",
            ),
            1,
            "is yet to come or over a year ago",
        ),
    ],
)
def test_what_cannot_be_filed_is_refused_by_name_and_leaves_nothing(
    seeded: str, words: tuple[str, ...], code: int, says: str
) -> None:
    got, said, error = run("open", *words)

    assert (got, said) == (code, "")
    assert says in error
    assert error.count("\n") == 1
    assert rows(seeded, work_order) == rows(seeded, audit) == rows(seeded, letter) == []


def test_a_number_there_is_not_is_refused(seeded: str) -> None:
    assert run("show", "1001") == (1, "", "desk: order 1001: there is none\n")
