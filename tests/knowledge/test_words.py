"""What is compared of a text: its normal form, units and sounds."""

from __future__ import annotations

import tomllib
from collections import Counter
from importlib.resources import files

import pytest
from pypinyin import lazy_pinyin

from knowledge.words import LONGEST, content, grams, normal, sound, units


@pytest.mark.parametrize(
    ("typed", "compared"),
    [
        ("ＰＯＳ　机 报 ５１！！", "pos报51"),
        ("您好，请问退款多久到账？谢谢", "退款多久到账"),
        ("不能退款", "不能退款"),
        ("你好", "你好"),
        ("😀🎉……", ""),
        ("", ""),
    ],
)
def test_width_case_punctuation_and_courtesy_make_no_difference(typed: str, compared: str) -> None:
    assert normal(typed) == compared


def test_a_code_is_one_unit_and_a_chinese_character_another() -> None:
    assert units(normal("报错USERPAYING怎么办 51")) == ["报", "错", "userpaying", "怎", "么", "办", "51"]


@pytest.mark.parametrize(
    ("one", "other"), [("件", "建"), ("商", "伤"), ("承", "层"), ("收", "搜"), ("銀", "银")]
)
def test_characters_that_are_mistyped_for_each_other_sound_the_same(one: str, other: str) -> None:
    assert sound(one) == sound(other)


def test_the_table_of_sounds_is_pypinyins() -> None:
    """The table is a copy, so that a question needs neither 240 ms nor 56 MB of pypinyin."""
    rows = [
        row.split(" ") for row in files("knowledge").joinpath("pinyin.txt").read_text("utf-8").splitlines()
    ]

    assert sum(len(characters) for _, characters in rows) > 8_000
    for spoken, characters in rows[::10]:
        assert {lazy_pinyin(character)[0] for character in characters} == {spoken}


def test_a_character_nobody_knows_sounds_like_itself() -> None:
    assert sound("㐀") == "㐀"


def test_more_than_anybody_asks_is_not_read() -> None:
    assert len(normal("退" * 20_000)) == LONGEST
    assert len(normal("㍿" * 20_000)) <= LONGEST


def test_a_code_counts_more_than_a_latin_word_that_more_than_a_character_a_function_word_least() -> None:
    bag = grams("51 pos USERPAYING 退的")

    assert bag["51"] == bag["userpaying"] > bag["pos"] > bag["退"] > bag["的"]


def test_what_a_question_is_about_is_left_when_its_way_of_asking_is_taken_off() -> None:
    assert content(normal("POS机怎么办")) == ["pos"]
    assert content(normal("能不能部分退款呢")) == ["部", "分", "退", "款"]


def test_a_synonym_stands_in_one_group_only() -> None:
    tables = tomllib.loads(files("knowledge").joinpath("synonyms.toml").read_text("utf-8"))
    counted = Counter(word for groups in tables.values() for group in groups for word in group)

    assert [word for word, count in counted.items() if count > 1] == []
