"""Article files from an operator: TOML and JSON lines, and every fault named with its place."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from knowledge.errors import ArticleError
from knowledge.library import Library

TOML = """
category = "测试"
[settings]
"门牌" = "三号"
[[article]]
id = "door"
question = "门在哪里"
also = ["怎么进去"]
answer = "在{{门牌}}，钥匙在{{抽屉}}"
"""


def written(folder: Path, name: str, text: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def refused(path: Path) -> ArticleError:
    with pytest.raises(ArticleError) as refusal:
        Library.load([path])
    return refusal.value


def test_a_toml_file_brings_category_and_settings(tmp_path: Path) -> None:
    library = Library.load([written(tmp_path, "a.toml", TOML)], engine="lexical")

    (article,) = library.articles
    assert article.category == "测试"
    assert article.answer == "在三号，钥匙在（由运营填写）"
    assert library.unfilled == ("抽屉",)


def test_a_jsonl_file_needs_no_more_than_id_question_and_answer(tmp_path: Path) -> None:
    rows = [
        {"id": 7, "question": "几点开门", "answer": "九点"},
        {"id": "shut", "question": "几点关门", "also": ["什么时候关"], "answer": "六点"},
    ]
    path = written(tmp_path, "a.jsonl", "\ufeff" + "\n\n".join(json.dumps(row) for row in rows) + "\n")

    library = Library.load([path], engine="lexical")

    assert [article.id for article in library.articles] == ["7", "shut"]
    assert library.ask("什么时候关").article == library.article("shut")


def test_json_lines_are_known_under_any_name(tmp_path: Path) -> None:
    path = written(tmp_path, "faq.txt", '\n{"id": "a", "question": "几点\u2028开门", "answer": "九点"}\n')

    assert [article.id for article in Library.load([path]).articles] == ["a"]


def test_articles_of_several_files_stand_together_and_share_settings(tmp_path: Path) -> None:
    one = written(tmp_path, "a.toml", TOML)
    two = written(tmp_path, "b.toml", '[settings]\n"抽屉" = "左边"\n')

    library = Library.load([one, two])

    assert library.articles[0].answer == "在三号，钥匙在左边"


@pytest.mark.parametrize(
    ("name", "text", "where"),
    [
        ("a.toml", "[[article]\n", "a.toml"),
        ("a.toml", "articles = 1\n", "a.toml: articles"),
        ("a.toml", "article = 1\n", "a.toml: article"),
        ("a.toml", "settings = 1\n", "a.toml: settings"),
        (
            "a.toml",
            "category = 1\n[[article]]\nid='a'\nquestion='q'\nanswer='a'\n",
            "a.toml: article 1: category",
        ),
        ("a.toml", "[[article]]\nquestion='q'\nanswer='a'\n", "a.toml: article 1: id"),
        ("a.toml", "[[article]]\nid='a'\nquestion=' '\nanswer='a'\n", "a.toml: article 1: question"),
        ("a.toml", "[[article]]\nid='a b'\nquestion='q'\nanswer='a'\n", "a.toml: article 1: id"),
        ("a.toml", "[[article]]\nid='a'\nquestion='q'\nanswer='a'\nalso='x'\n", "a.toml: article 1: also"),
        ("a.toml", "[[article]]\nid='a'\nquestion='q'\nanswer='a'\ntags=[]\n", "a.toml: article 1: tags"),
        (
            "a.toml",
            "[[article]]\nid='a'\nquestion='q'\nanswer='a'\nunverified=1\n",
            "a.toml: article 1: unverified",
        ),
        ("a.toml", "[[article]]\nid='a'\nquestion='q'\nanswer='a'\nsource=1\n", "a.toml: article 1: source"),
        ("a.jsonl", '{"id": "a", "question": "q", "answer": "a"}\n{"id"\n', "a.jsonl: line 2"),
        ("a.jsonl", "[1]\n", "a.jsonl: line 1"),
        ("a.jsonl", "[" * 100_000, "a.jsonl: line 1"),
        ("a.toml", "a = " + "[" * 100_000, "a.toml"),
        ("a.jsonl", '{"id": "a", "question": "q"}\n', "a.jsonl: line 1: answer"),
        ("a.jsonl", '{"id": true, "question": "q", "answer": "a"}\n', "a.jsonl: line 1: id"),
        ("a.jsonl", '{"id": "a", "question": "q", "answer": "a", "also": [1]}\n', "a.jsonl: line 1: also"),
        ("a.toml", b"\xff\xfe", "a.toml"),
        ("a.toml", "", "a.toml"),
        ("a.jsonl", "\n\n", "a.jsonl"),
    ],
)
def test_a_fault_is_named_with_its_place_and_what_is_accepted(
    tmp_path: Path, name: str, text: str | bytes, where: str
) -> None:
    fault = refused(written(tmp_path, name, text))

    assert fault.where.endswith(where)
    assert fault.accepted
    assert "\n" not in str(fault)


def test_an_id_used_twice_is_named_with_both_places(tmp_path: Path) -> None:
    row = json.dumps({"id": "a", "question": "q", "answer": "a"})

    fault = refused(written(tmp_path, "a.jsonl", f"{row}\n{row}\n"))

    assert "line 2" in fault.where
    assert "line 1" in fault.what


def test_a_file_that_is_not_there_is_said_plainly(tmp_path: Path) -> None:
    assert "no such file" in refused(tmp_path / "none.toml").what
    assert "cannot be read" in refused(tmp_path).what
