"""The shipped articles: a hundred and more, each of a form, none against another."""

from __future__ import annotations

import re
from collections import defaultdict

import pytest

from knowledge.files import UNFILLED
from knowledge.library import Article, Library
from knowledge.words import normal

LIBRARY = Library.load(unverified_answers=True)
CODE = re.compile(r"`([A-Za-z0-9_.-]+)`（([^）]*)）")
NAMED = re.compile(r"(?:应答码|返回|报)([A-Z0-9]\d)|^(\d\d)\D|([A-Z]{2,}(?:[._][A-Z]+)+|[A-Z]{6,})")


def all_ways(article: Article) -> tuple[str, ...]:
    return (article.question, *article.also)


def test_there_are_at_least_a_hundred_articles_in_the_three_classes_of_the_agreement() -> None:
    assert len(LIBRARY.articles) >= 100
    assert {article.category for article in LIBRARY.articles} == {"支付过程", "入网过程", "查询网址"}


def test_each_article_is_asked_in_four_to_ten_other_ways() -> None:
    assert [article.id for article in LIBRARY.articles if not 4 <= len(article.also) <= 10] == []


def test_no_two_articles_are_asked_in_the_same_words() -> None:
    asked = defaultdict(set)
    for article in LIBRARY.articles:
        for way in all_ways(article):
            asked[normal(way)].add(article.id)

    assert {way: ids for way, ids in asked.items() if len(ids) > 1} == {}


@pytest.mark.parametrize("article", LIBRARY.articles, ids=lambda article: article.id)
def test_an_answer_is_a_conclusion_and_steps_on_at_most_six_lines(article: Article) -> None:
    conclusion, *steps = article.answer.strip().splitlines()

    assert conclusion.startswith("**")
    assert conclusion.endswith("**")
    assert len(steps) <= 5
    assert [step[0] for step in steps] == list("①②③④⑤"[: len(steps)])
    assert "亲" not in article.answer


def test_each_article_names_a_public_page_or_a_clause_or_says_it_is_unverified() -> None:
    for article in LIBRARY.articles:
        if article.unverified:
            assert article.source is None, article.id
        else:
            assert article.source, article.id
            assert article.source.startswith(("https://", "http://", "服务协议 ", "本系统规则 ")), article.id


def test_one_code_has_one_explanation() -> None:
    explained = defaultdict(set)
    for article in LIBRARY.articles:
        for code, meaning in CODE.findall(article.answer):
            explained[code].add((article.id, meaning))

    assert len(explained) > 40
    assert {code: meanings for code, meanings in explained.items() if len(meanings) > 1} == {}


def test_a_code_people_ask_about_is_explained_in_the_answer() -> None:
    for article in LIBRARY.articles:
        explained = {code for code, _ in CODE.findall(article.answer)}
        if not explained:
            continue
        for way in all_ways(article):
            for found in NAMED.finditer(way):
                code = next(part for part in found.groups() if part)
                if code not in {"POS", "SIGN_ERROR", "SYSTEM_ERROR"}:
                    assert code in explained, (article.id, way, code)


def test_a_change_of_the_settlement_card_is_never_taken_in_chat() -> None:
    article = LIBRARY.article("onb-change-settle-card")

    assert article is not None
    assert not article.unverified
    assert "聊天里不受理" in article.answer


def test_what_only_the_operator_knows_is_shown_as_such_and_can_be_listed() -> None:
    article = LIBRARY.article("url-merchant-portal")

    assert article is not None
    assert UNFILLED in article.answer
    assert article.settings == ("商户后台地址",)
    assert "商户后台地址" in LIBRARY.unfilled
    assert not any("{{" in article.answer for article in LIBRARY.articles)


def test_a_setting_the_operator_fills_stands_in_the_answer() -> None:
    library = Library.load(settings={"商户后台地址": "https://portal.example/"})
    article = library.article("url-merchant-portal")

    assert article is not None
    assert "https://portal.example/" in article.answer
    assert "商户后台地址" not in library.unfilled
