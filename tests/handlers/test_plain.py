"""Other people's words stay words, whatever they hold."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.phrases.plain import plain, plain_line

markdown_it = pytest.importorskip("markdown_it", reason="no markdown parser to hold plain() against")

TRAPS = [
    "<@laoli>",
    "<@all>",
    "@all",
    "@所有人",
    "[点这里](https://evil.example)",
    "![图](https://evil.example/x.png)",
    "[a]: https://evil.example\n[a]",
    "# 大标题",
    "标题\n---",
    "标题\n===",
    "- # 标题",
    "1. # 标题",
    '<font color="warning">停机</font>',
    "<a href='https://evil.example'>点</a>",
    "<script>alert(1)</script>",
    "&lt;@all&gt; &#60;b&#62;",
    "**粗** __粗__ *斜* _斜_ ~~删~~",
    "`code` ```\nblock\n```",
    "    indented",
    "\tindented",
    "> quote",
    "***",
    "- - -",
    "a|b\n-|-\n1|2",
    "<https://evil.example>",
    "@\u200ball",
    "\u202e<@all>",
    "line\u2028# heading",
]

# Fragments that only together mean something, among ordinary words.
pieces = st.lists(
    st.one_of(
        st.sampled_from([*TRAPS, "\n", " ", "  \n", "\n\n", "#", "@", "\\", "1)", "+ ", "-"]), st.text()
    )
).map("".join)


def rendered(text: str) -> set[str]:
    """The kinds of token a renderer with tables and strike-through finds, beyond plain paragraphs."""
    found: set[str] = set()
    for token in markdown_it.MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text):
        found |= {child.type for child in token.children or ()} | {token.type}
    return found - {"paragraph_open", "paragraph_close", "inline", "text", "softbreak", "hardbreak"}


@given(pieces)
def test_nothing_a_partner_writes_is_rendered_as_anything_but_words(text: str) -> None:
    assert rendered(plain(text)) == set()


@given(pieces)
def test_nothing_a_partner_writes_is_a_mention_or_a_tag(text: str) -> None:
    safe = plain(text)

    assert not re.search(r"[<>]|(?i:@all\b)|@所有人|@全体", safe)
    assert not re.search(r"&#?\w+;", safe)


@given(pieces)
def test_doing_it_twice_changes_nothing_more(text: str) -> None:
    assert plain(plain(text)) == plain(text)


@given(pieces)
def test_a_plain_line_is_one_line(text: str) -> None:
    assert "\n" not in plain_line(text)


@pytest.mark.parametrize("trap", TRAPS)
def test_every_trap_keeps_its_letters(trap: str) -> None:
    def letters(text: str) -> list[str]:
        return re.findall(r"[^\W_]", text)

    assert letters(plain(trap)) == letters(trap)


@pytest.mark.parametrize(
    "ordinary",
    [
        "收银台打不开，报错 E_1024_X，订单#8812，联系 wang@xinghe.example",
        "金额 3,500.00 元（含税 6%）；时间 9:00-18:00。",
        "https://pay.example/order?id=1_2&from=app#top",
        "1、先登录；2、再点“提交”",
        "a + b - c = d!",
    ],
)
def test_ordinary_words_are_left_alone(ordinary: str) -> None:
    assert plain(ordinary) == ordinary


def test_what_is_exchanged_still_reads_the_same() -> None:
    assert plain("<@all> [点我](x) **急**") == "＜＠all＞ ［点我］(x) ＊＊急＊＊"
    assert plain("# 停机通知\n  详情") == "＃ 停机通知\n\u3000详情"
