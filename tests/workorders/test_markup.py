"""Where a text may be cut: never within what people see as one character."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.wecom.limits import fit, short
from handlers.phrases.notices import _fitting
from workorders.markup import unmarked, whole

FAMILY, WAVE, ACCENT = "👨\u200d👩\u200d👧", "👋🏽", "e\u0301"


@pytest.mark.parametrize("character", [FAMILY, WAVE, ACCENT])
def test_a_character_of_several_stays_whole_or_goes(character: str) -> None:
    text = f"升级{character}完成"
    for end in range(3, 2 + len(character)):
        assert text[: whole(text, end)] == "升级"
    assert whole(text, 2 + len(character)) == 2 + len(character)
    assert short(text, 4) in ("升级…", f"升级{character}…")


@given(st.text(), st.integers(3, 60))
def test_what_is_cut_fits_and_is_the_beginning(text: str, most: int) -> None:
    cut = fit(text, most)
    assert len(cut.encode("utf-8", "replace")) <= most or cut == text
    assert cut == text or text.startswith(cut[:-1])
    kept = text[: whole(text, min(most, len(text)))]
    assert kept == "" or kept == text or not unicodedata.combining(text[len(kept)])


@pytest.mark.parametrize("most", range(24, 60))
def test_a_body_is_never_cut_within_a_link(most: int) -> None:
    body = "全天停机，见[公告](https://desk.example/a)，请提前告知门店。"
    cut, _ = _fitting(body, most)
    assert len(cut.encode()) <= most
    assert cut.count("[") == cut.count("]") == cut.count("(") == cut.count(")")


def test_marks_and_links_become_words() -> None:
    assert unmarked("# 升级\n**停** [公告](https://a.example)") == "升级\n停 公告 https://a.example"
