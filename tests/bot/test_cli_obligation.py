"""``desk obligation`` as an operator meets it: what is printed, what is refused by name, exit codes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from typer.testing import CliRunner

from bot.cli.obligation import obligation_app

SLIP = ("file", "slip", "--partner", "星河", "--goods", "hardware", "--by", "xiaochen")
AT = ("--delivered", "2026-11-23T09:00:00+08:00")
CHANGE = ("--role", "tech", "--effective", "2026-12-07", "--stamped", "--by", "laoli")


class Desk:
    """The command over a database of its own, on Monday 2026-11-23 14:00."""

    def __call__(self, *words: str) -> tuple[int, str]:
        done = CliRunner().invoke(obligation_app, list(words))
        return done.exit_code, done.output

    def json(self, *words: str) -> Any:
        code, said = self(*words, "--json")
        assert code == 0, said
        return json.loads(said)


@pytest.fixture
def desk(seeded: str) -> Desk:
    return Desk()


def test_everything_filed_is_listed_next_due_first_and_shown_with_its_reasons(desk: Desk) -> None:
    slip = desk.json(*SLIP, *AT, "--amount", "5000.00")
    coaching = desk.json(
        *("file", "coaching", "--partner", "星河支付", "--trainee", "小王", "--by", "laoli"),
        *("--exam", "2026-11-20", "--practical", "2026-11-23"),
    )
    theirs = desk.json(
        "file", "their-change", "--partner", "星河", "--leaves", "小王", "--comes", "小新", *CHANGE
    )
    ours = desk.json("file", "our-change", "--leaves", "老李", "--comes", "laozhou", *CHANGE)

    assert (slip["number"], slip["matter"]["amount"], slip["matter"]["form"]) == ("Y1", "5000.00", "photo")
    assert coaching["due"] == "2026-12-23T10:00:00Z"
    assert theirs["clause"] == "personnel.confirm"
    assert set(ours["matter"]["receipts"]) == {"星河支付", "云帆支付"}
    assert [o["number"] for o in desk.json("list")] == ["Y3", "Y4", "Y1", "Y2"]
    assert [o["number"] for o in desk.json("list", "--partner", "云帆")] == ["Y4"]
    shown = desk.json("show", "1")
    assert shown["why"][-1] == "第 3 个工作日 11-26（周四）18:00 截止"
    assert [e["verb"] for e in shown["events"]] == ["file"]
    assert "due 2026-11-26 18:00" in desk("show", "1")[1]
    assert desk("list")[1].count("\n") == 4


def test_every_verb_is_there(desk: Desk) -> None:
    desk.json(*SLIP, *AT, "--amount", "12000")
    desk.json(
        *("file", "coaching", "--partner", "星河支付", "--trainee", "小王", "--by", "laoli"),
        *("--exam", "2026-11-20", "--practical", "2026-11-23"),
    )
    desk.json("file", "their-change", "--partner", "星河", "--leaves", "小王", "--comes", "小新", *CHANGE)
    by = ("--by", "xiaochen")

    assert desk.json("withhold", "1", "--reason", "未回", *by)["matter"]["withheld"] == "未回"
    assert desk.json("lift", "1", *by)["matter"]["withheld"] is None
    received = ("--received", "2026-11-23T09:30:00+08:00")
    assert desk.json("object", "1", "屏幕碎裂", *received, *by)["matter"]["order"] == 1001
    assert desk.json("receive", "1", "--form", "original", *by)["state"] == "done"
    session = desk.json("retrain", "2", "--day", "2026-12-01", "--on-site", *by)["matter"]["sessions"][0]
    assert (session["fee"], session["on_site"]) == (2000, True)
    assert desk.json("confirm", "3", *by)["state"] == "confirmed"
    assert desk.json("cancel", "2", "--reason", "重复", *by)["state"] == "cancelled"
    assert desk.json("cadence", "星河", "2", *by)["months"] == 2
    assert desk.json("averages") == []
    assert desk("averages")[1] == "no survey was answered yet\n"


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        ((*SLIP, *AT, "--amount", "-5"), 1, "amount"),
        ((*SLIP, *AT, "--amount", "0.001"), 2, "--amount"),
        ((*SLIP, *AT, "--amount", "nan"), 2, "--amount"),
        ((*SLIP, "--delivered", "2026-02-30T09:00:00+08:00", "--amount", "5"), 2, "--delivered"),
        ((*SLIP, "--delivered", "2027-01-01T09:00:00+08:00", "--amount", "5"), 1, "delivered"),
        ((*SLIP[:3], "天河", *SLIP[4:], *AT, "--amount", "5"), 1, "--partner 天河"),
        ((*SLIP[:-1], "nobody", *AT, "--amount", "5"), 1, "--by nobody"),
        (("file", "our-change", "--leaves", "老李", "--comes", "小新", *CHANGE), 1, "--comes 小新"),
        (("show", "9"), 1, "9"),
        (("receive", "9", "--form", "photo", "--by", "laoli"), 1, "Y9"),
        (("answer", "1", "--scores", "5,4", "--by", "laoli"), 2, "--scores"),
        (("retrain", "1", "--day", "2026-13-01", "--by", "laoli"), 2, "--day"),
        (("cadence", "星河", "9", "--by", "laoli"), 1, "months"),
        (("cadence", "星河", "1", "--by", "xiaowang"), 1, "not this person's"),
    ],
)
def test_bad_input_is_one_line_that_names_the_field_and_nothing_is_done(
    desk: Desk, words: tuple[str, ...], code: int, says: str
) -> None:
    done, said = desk(*words)

    assert (done, said.count("\n")) == (code, 1)
    assert says in said
    assert desk.json("list") == []


def test_a_second_objection_and_a_verb_in_the_wrong_state_are_refused(desk: Desk) -> None:
    desk.json(*SLIP, *AT, "--amount", "5")
    desk.json("object", "1", "屏幕碎裂", "--by", "xiaochen")

    for words in (
        ("object", "1", "又一台", "--by", "xiaochen"),
        ("confirm", "1", "--by", "xiaochen"),
        ("lift", "1", "--by", "xiaochen"),
    ):
        code, said = desk(*words)
        assert code == 1
        assert "Y1 is not possible" in said
