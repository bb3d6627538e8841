"""Cutting by bytes and by characters."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.wecom.limits import fit, short
from workorders.markup import clean


@given(st.text(), st.integers(3, 60))
def test_a_fitted_text_is_never_longer_than_its_bytes_and_never_broken(text: str, most: int) -> None:
    fitted = fit(text, most)

    data = fitted.encode("utf-8", "replace")
    assert len(data) <= most
    if len(text.encode("utf-8", "replace")) <= most:
        assert fitted == text
    else:
        assert fitted.endswith("…")


def test_a_chinese_text_is_cut_between_characters() -> None:
    assert fit("一二三四", 11) == "一二…"
    assert fit("一二三四", 12) == "一二三四"


def test_a_short_line_keeps_its_length_and_loses_its_line_ends() -> None:
    assert short("收银台\n打不开", 10) == "收银台 打不开"
    assert short("收银台打不开了", 5) == "收银台打…"


@given(st.text(st.characters()))
def test_a_clean_text_can_be_stored_anywhere(text: str) -> None:
    cleaned = clean(text)

    cleaned.encode("utf-8")
    assert "\0" not in cleaned
    assert "\r" not in cleaned
    assert clean(cleaned) == cleaned
