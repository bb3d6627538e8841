"""``desk hotline read``: how a logged call is understood, on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli.desk import app

SEED = Path(__file__).parents[2] / "bot" / "simulator" / "seed.toml"
AT = "2026-11-23T10:00:00+08:00"


def run(*words: str, stdin: str | None = None) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["hotline", "read", *words], input=stdin)
    return result.exit_code, result.stdout, result.stderr


def test_a_call_is_one_json_object() -> None:
    code, out, _ = run(
        "来电 星河 张三 +8613800000000转12 刷卡报错 紧急 5分钟前",
        "--at",
        AT,
        "--json",
        "--directory",
        str(SEED),
    )

    assert code == 0
    assert json.loads(out) == {
        "partner": "星河支付",
        "caller": "张三",
        "phone": "13800000000-12",
        "kind": "urgent",
        "called_at": "2026-11-23T09:55:00+08:00",
        "problem": "刷卡报错",
        "missing": [],
        "doubts": [],
    }


def test_without_a_directory_nobody_is_a_known_partner() -> None:
    code, out, _ = run("来电 星河支付 张三 13800000000 刷卡报错", "--at", AT, "--json")

    assert code == 0
    assert json.loads(out)["partner"] is None
    assert json.loads(out)["missing"] == ["partner"]


def test_a_moment_without_an_offset_is_local() -> None:
    assert json.loads(run("来电", "--at", "2026-11-23T10:00", "--json")[1])["called_at"] == AT


def test_a_batch_answers_every_line_in_its_order() -> None:
    lines = [
        json.dumps({"text": "来电 张三 13800000000", "at": AT}),
        "no json",
        json.dumps({"text": "来电", "at": "yesterday"}),
        json.dumps({"at": AT}),
        json.dumps({"text": "来电 李四 13900000000", "at": AT}),
    ]

    code, out, _ = run("--batch", "-", stdin="\n".join(lines))

    told = [json.loads(line) for line in out.splitlines()]
    assert code == 1
    assert [told[0]["caller"], told[4]["caller"]] == ["张三", "李四"]
    assert [list(line) for line in told[1:4]] == [["error"]] * 3
    assert "yesterday" in told[2]["error"]


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["来电"], "at is missing"),
        (["来电", "--at", "soon"], "'soon' is not a moment"),
        (["--at", AT], "text is missing"),
        (["来电", "--at", AT, "--batch", "-"], "stands alone"),
        (["--batch", "/nowhere.jsonl"], "cannot be read"),
        (["来电", "--at", AT, "--directory", "/nowhere.toml"], "/nowhere.toml: cannot be read"),
    ],
)
def test_wrong_usage_is_one_line_and_exit_2(words: list[str], named: str) -> None:
    code, out, err = run(*words)

    assert (code, out) == (2, "")
    assert named in err
    assert err.count("\n") == 1


def test_a_person_reads_what_is_missing_and_in_doubt() -> None:
    _, out, _ = run("来电 星河支付 张三 1380000 刷卡报错", "--at", AT, "--directory", str(SEED))

    assert "电话：（缺）" in out
    assert "待确认：电话「1380000」不完整" in out
