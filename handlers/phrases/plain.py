"""Other people's words, so that they stay words: no mention, link, heading, tag or table out of them.

Markdown, webhook text and app text all give some characters a meaning, and WeCom documents no escape.
So those characters are exchanged for their full-width twins, which look the same to a reader and mean
nothing to a renderer; nothing is deleted but invisible control characters. A bare address stays as it
is: it leads where it says it leads. Card fields are not rendered, so they need none of this.
"""

from __future__ import annotations

import re

# Invisible: zero-width ones could hide a mention ("@\u200ball"), direction marks could turn a line around;
# control characters and lone surrogates are what no database, XML parser or UTF-8 encoder takes.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff\ufffe\uffff]"
)

_BREAKS = re.compile("\r\n?|[\x0b\x0c\x1c-\x1f\x85\u2028\u2029]")

_ALWAYS = str.maketrans("<>[]`*~|", "＜＞［］｀＊～｜")

_WHERE_IT_MEANS_SOMETHING = (
    # An entity: a renderer might make the tag that we have just taken apart.
    (re.compile(r"&(?=#?\w+;)"), "＆"),
    # Emphasis: only at the edge of a word, so that order_no_12 keeps its underscores.
    (re.compile(r"(?<![^\W_])_|_(?![^\W_])"), "＿"),
    # A mention: not the @ inside a mail address, except of everybody.
    (re.compile(r"(?<![A-Za-z0-9._%+-])@|@(?=all\b|所有人|全体)", re.IGNORECASE), "＠"),
    # A heading, which may stand behind a list mark; 订单#12 keeps its sign.
    (re.compile(r"(?<!\S)#+"), lambda m: "＃" * len(m[0])),
    # An image's mark, a list's marks.
    (re.compile(r"!(?=［)"), "！"),
    (re.compile(r"(?m)^([-+])(?=\s|$)"), lambda m: {"-": "－", "+": "＋"}[m[1]]),
    (re.compile(r"(?m)^(\d{1,9})([.)])(?=\s|$)"), lambda m: m[1] + {".": "．", ")": "）"}[m[2]]),
    # A rule, an underlined heading or a table's second line.
    (
        re.compile(r"(?m)^[-=+: \t]+$"),
        lambda m: m[0].translate(str.maketrans("-=+:", "－＝＋：")),
    ),
)

_INDENT = re.compile(r"(?m)^[ \t\u00a0]+")


def plain(text: str) -> str:
    """The text with everything that could be markup or a mention made harmless; still several lines.

    For what a partner wrote, wherever it is put into markdown or a text message. Applying it twice
    changes nothing more.
    """
    text = _INVISIBLE.sub("", _BREAKS.sub("\n", text))
    # An indented line would be a block of code: one wide space shows the indent and is none.
    text = _INDENT.sub("\u3000", text).translate(_ALWAYS)
    for pattern, instead in _WHERE_IT_MEANS_SOMETHING:
        text = pattern.sub(instead, text)
    return text


def plain_line(text: str) -> str:
    """The same on one line, for use inside a sentence."""
    return plain(" ".join(text.split())).strip()
