"""What the library answers, what it offers, and when it honestly says none."""

from __future__ import annotations

import time
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge import semantic
from knowledge.forbidden import forbidden
from knowledge.library import SURE, UNSURE, Article, Engine, Library

LIBRARY = Library.load(unverified_answers=True, engine="lexical")
SEMANTIC = pytest.mark.skipif(not semantic.installed(), reason="the semantic extra is not installed")
QUESTIONS = tomllib.loads(Path(__file__).with_name("questions.toml").read_text("utf-8"))


def test_every_question_of_an_article_and_every_other_way_of_asking_it_is_answered_by_it() -> None:
    for article in LIBRARY.articles:
        for way in (article.question, *article.also):
            answer = LIBRARY.ask(way)

            assert answer.outcome == "answer", way
            assert answer.article == article, way


def test_nine_of_ten_paraphrases_find_their_article_first_and_nearly_all_among_three() -> None:
    found = {
        asked: [choice.article.id for choice in LIBRARY.ask(asked).choices] for asked in QUESTIONS["asked"]
    }
    first = sum(ids[:1] == [QUESTIONS["asked"][asked]] for asked, ids in found.items())
    among_three = sum(QUESTIONS["asked"][asked] in ids[:3] for asked, ids in found.items())

    assert first / len(found) >= 0.92
    assert among_three / len(found) >= 0.98


def test_few_questions_no_article_answers_are_answered() -> None:
    strangers = [asked for kind in QUESTIONS["none"] for asked in kind["questions"]]
    answered = [asked for asked in strangers if LIBRARY.ask(asked).outcome == "answer"]

    assert len(answered) / len(strangers) <= 0.06, answered


@pytest.mark.parametrize(
    "kind",
    [kind["questions"] for kind in QUESTIONS["none"]],
    ids=[kind["kind"] for kind in QUESTIONS["none"]],
)
def test_most_questions_no_article_answers_get_an_honest_none(kind: list[str]) -> None:
    honest = [asked for asked in kind if LIBRARY.ask(asked).outcome == "none"]

    assert len(honest) / len(kind) >= 0.6


@pytest.mark.parametrize(
    "asked", next(kind["questions"] for kind in QUESTIONS["none"] if kind["kind"] == "forbidden")
)
def test_what_the_desk_refuses_is_never_answered(asked: str) -> None:
    assert LIBRARY.ask(asked).outcome != "answer"


@pytest.mark.parametrize("asked", ["怎么套现", "收购商户号", "伪造营业执照照片有什么要求", "卖一个收款码"])
def test_a_forbidden_word_turns_a_near_article_into_none(asked: str) -> None:
    assert LIBRARY.ask(asked).outcome == "none"


@pytest.mark.parametrize("asked", ["卖家的商户号怎么注销", "买单时付款码过期了", "租用的终端怎么退"])
def test_words_that_only_look_forbidden_are_not(asked: str) -> None:
    assert forbidden(asked) is None


def test_an_article_about_the_forbidden_thing_itself_may_answer() -> None:
    library = Library([Article("cash-out", "发现商户套现怎么举报", answer="请报告风控。")])

    assert library.ask("发现商户套现怎么举报").outcome == "answer"


@pytest.mark.parametrize(
    ("asked", "article"),
    [
        ("进建要什么资料", "onb-materials"),
        ("对涨单什么时候能下载", "bill-when-ready"),
        ("退款多九到张", "refund-when-arrives"),
        ("小飘打不出来", "pos-receipt-not-printing"),
        ("ＰＯＳ报５５", "pay-code-55"),
    ],
)
def test_typing_by_sound_and_full_width_digits_still_find(asked: str, article: str) -> None:
    assert LIBRARY.ask(asked).choices[0].article.id == article


def test_codes_one_digit_apart_are_told_apart() -> None:
    for code in ("51", "55", "57", "58", "61", "62", "65", "91", "96"):
        assert LIBRARY.ask(f"刷卡报{code}").choices[0].article.id == f"pay-code-{code}"


def test_an_unverified_article_is_offered_and_does_not_answer_outside_the_demo() -> None:
    articles = [
        Article("sure", "发票查验网址", answer="a", source="https://example.com/"),
        Article("unsure", "退款多久到账", answer="b", unverified=True),
    ]

    careful, demo = Library(articles), Library(articles, unverified_answers=True)

    assert careful.ask("发票查验网址").outcome == "answer"
    assert careful.ask("退款多久到账").outcome == "choose"
    assert careful.ask("退款多久到账").choices[0].article.unverified
    assert demo.ask("退款多久到账").outcome == "answer"


def test_choices_are_the_nearest_best_first_whatever_the_outcome() -> None:
    for asked in ("退款多久到账", "查询", "珠穆朗玛峰有多高"):
        answer = LIBRARY.ask(asked)
        confidences = [choice.confidence for choice in answer.choices]

        assert len(confidences) == 10
        assert confidences == sorted(confidences, reverse=True)
        assert answer.confidence == confidences[0]
        assert len(LIBRARY.ask(asked, limit=3).choices) == 3


def test_the_outcome_follows_the_confidence() -> None:
    for asked in [*QUESTIONS["asked"], *(q for kind in QUESTIONS["none"] for q in kind["questions"])]:
        answer = LIBRARY.ask(asked)

        assert (answer.outcome == "none") == (answer.confidence < UNSURE)
        assert answer.outcome != "answer" or answer.confidence >= SURE
        assert (answer.article is not None) == (answer.outcome == "answer")


@pytest.mark.parametrize("word", ["查询", "退款", "网址", "POS", "发票", "密码", "pos机怎么办"])
def test_a_single_word_that_names_a_subject_gets_a_menu(word: str) -> None:
    assert LIBRARY.ask(word).outcome == "choose"


@pytest.mark.parametrize("engine", ["lexical", pytest.param("semantic", marks=SEMANTIC)])
@pytest.mark.parametrize("told", ["收银台打不开", "机具坏了", "收银软件用不了", "门店电脑黑屏", "APP打不开"])
def test_a_fault_that_is_stated_and_nobody_explains_gets_no_menu_of_guesses(
    told: str, engine: Engine
) -> None:
    library = Library.load(unverified_answers=True, engine=engine)

    assert library.ask(told).outcome == "none"


@pytest.mark.parametrize("told", ["打印机不出纸", "POS机通讯失败", "机器死机了", "提示96系统故障"])
def test_a_fault_an_article_is_surely_about_is_still_answered(told: str) -> None:
    assert LIBRARY.ask(told).outcome == "answer"


@pytest.mark.parametrize("engine", ["lexical", pytest.param("semantic", marks=SEMANTIC)])
def test_a_short_question_only_one_article_is_near_is_answered_by_it(engine: Engine) -> None:
    library = Library(
        [
            Article("refund", "怎么退款？", ("退款流程", "退钱怎么操作"), "在后台退款。"),
            Article("invoice", "怎么开发票？", ("发票怎么申请",), "在后台申请。"),
        ],
        engine=engine,
    )

    answer = library.ask("退钱咋弄")

    assert answer.outcome == "answer"
    assert answer.article is not None
    assert answer.article.id == "refund"


@pytest.mark.parametrize(("word", "article"), [("冲正", "pay-reversal"), ("掉单", "pay-paid-not-received")])
def test_a_single_word_that_is_an_articles_own_is_answered(word: str, article: str) -> None:
    assert LIBRARY.ask(word).article == LIBRARY.article(article)


@pytest.mark.parametrize("nothing", ["", " \n\t", "？？？", "。。。!!!", "😀😀", "\x00", "\ud800"])
def test_nothing_that_can_be_read_is_none_without_choices(nothing: str) -> None:
    answer = LIBRARY.ask(nothing)

    assert (answer.outcome, answer.confidence, answer.choices) == ("none", 0.0, ())


@pytest.mark.parametrize(
    "long", ["退款多久到账" * 3_500, "<p>退款</p>" * 2_000, "a" * 20_000, "a1退 " * 5_000]
)
def test_twenty_thousand_characters_cost_no_more_than_a_long_question(long: str) -> None:
    LIBRARY.ask(long)
    start = time.thread_time()

    LIBRARY.ask(long)

    assert time.thread_time() - start < 0.5


@given(st.text(max_size=300))
@settings(max_examples=150, deadline=None)
def test_asking_never_raises_and_confidence_is_a_share(text: str) -> None:
    answer = LIBRARY.ask(text)

    assert answer.question == text
    assert 0 <= answer.confidence <= 1
    assert all(0 <= choice.confidence <= 1 for choice in answer.choices)


def test_many_questions_are_answered_as_each_alone_and_in_order() -> None:
    asked = list(QUESTIONS["asked"])[:70]

    assert list(LIBRARY.ask_all(iter(asked))) == [LIBRARY.ask(text) for text in asked]


def test_an_empty_library_answers_none() -> None:
    assert Library([]).ask("退款多久到账").outcome == "none"


def test_in_a_library_of_thousands_the_right_article_is_still_found() -> None:
    others = [
        Article(
            f"other-{number}", f"怎么办理第{number}号事项要多久", ("怎么办理", f"{number}号要什么资料"), "x"
        )
        for number in range(3_000)
    ]
    library = Library([*others, *LIBRARY.articles])

    assert library.ask("退款多久到账").choices[0].article.id == "refund-when-arrives"
    assert library.ask("怎么办理第1234号事项要多久").choices[0].article.id == "other-1234"
