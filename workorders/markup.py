"""Our markdown as plain words, where a text may be cut, and what of it can be kept at all."""

from __future__ import annotations

import re
import unicodedata

_MARKS = re.compile(r"\*\*|`|^#{1,6} |^> ", re.MULTILINE)
_LINK = re.compile(r"\[([^\]]*)\]\((\S+?)\)")
_GAP = re.compile(r"\n\s*\n")
_JOINER = "\u200d"
# What XML 1.0 and PostgreSQL refuse, and lone surrogates, which UTF-8 cannot carry.
_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def clean(text: str) -> str:
    """The text without what no database, XML parser or UTF-8 encoder takes; line ends become ``\\n``."""
    return _UNSTORABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def unmarked(markdown: str) -> str:
    """Our own markdown as plain text, for where none is rendered."""
    return _MARKS.sub("", _LINK.sub(r"\1 \2", markdown))


def words(markdown: str) -> str:
    """Its words alone, where neither marks nor addresses are of use: no link's address, no empty lines."""
    return _GAP.sub("\n", _MARKS.sub("", _LINK.sub(r"\1", markdown))).strip()


def whole(text: str, end: int) -> int:
    """The last place not after ``end`` where a cut leaves what people see as one character whole."""
    while 0 < end < len(text) and (_joins(text[end]) or text[end - 1] == _JOINER):
        end -= 1
    return end


def _joins(character: str) -> bool:
    """Whether it belongs to the character before it: an accent, a joiner, the colour of an emoji."""
    return (
        character == _JOINER
        or unicodedata.category(character).startswith("M")
        or "\U0001f3fb" <= character <= "\U0001f3ff"
    )
