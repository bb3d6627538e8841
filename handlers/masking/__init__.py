"""What nobody may keep: card and ID numbers, passwords and codes, masked before storage, letters and logs.

The door masks every message with :func:`mask` before anything else reads it. Card numbers keep their
first six and last four digits, ID numbers their first and last four; of what authenticates somebody
(CVV, expiry, passwords, codes, track data) only its name is left: ``[已屏蔽:验证码]``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from handlers.masking.numbers import Span, numbers
from handlers.masking.secrets import secrets
from handlers.reading import fold


@dataclass(frozen=True)
class Masked:
    """A text without what nobody may keep.

    Attributes:
        text: the text, everything found replaced.
        found: what it held, each kind once, in order; empty where nothing was replaced.
    """

    text: str
    found: tuple[str, ...] = ()


def mask(text: str) -> Masked:
    """The text with card numbers, ID numbers, passwords and codes masked.

    Half and full width are one; spaces, dashes, line breaks and what nobody sees inside a number do not
    hide it, nor that its digits are written 六二二二 or ⑥②②②. Masking what is masked changes nothing.
    """
    seen = [i for i, char in enumerate(text) if char not in _HIDDEN]
    # What is masked already is no part of another number.
    folded = _MASKED.sub(lambda m: "\0" * len(m[0]), fold("".join(text[i] for i in seen)))
    spelled = "".join(map(_as_digit, folded))
    found = [span for form in dict.fromkeys((folded, spelled)) for span in (*secrets(form), *numbers(form))]
    spans: list[Span] = []
    for start, end, what, instead in sorted(found, key=lambda s: (s[0], -s[1])):
        span = (seen[start], seen[end - 1] + 1, what, instead)
        if not spans or span[0] >= spans[-1][1]:
            spans.append(span)
    kept, at = [], 0
    for start, end, _, instead in spans:
        kept += [text[at:start], instead]
        at = end
    kept.append(text[at:])
    return Masked("".join(kept), tuple(dict.fromkeys(what for _, _, what, _ in spans)))


def mask_all(value: Any) -> Any:
    """A value of JSON with every text in it masked; its keys, which are ours, stay."""
    if isinstance(value, str):
        return mask(value).text
    if isinstance(value, Mapping):
        return {key: mask_all(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(mask_all(inner) for inner in value)
    return value


#: Characters nobody sees, variation selectors and keycaps among them.
_HIDDEN = frozenset(
    map(
        chr,
        [
            *(0xAD, 0x34F, 0x61C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180E, 0x20E3, 0x3164, 0xFEFF, 0xFFA0),
            *range(0x200B, 0x2010),
            *range(0x202A, 0x202F),
            *range(0x2060, 0x2070),
            *range(0xFE00, 0xFE10),
        ],
    )
)
_MASKED = re.compile(r"\d{4,6}\*{3,10}\d{3,4}X?|\[已屏蔽:\w+\]")
_WORDS = {
    word: str(digit)
    for digit, words in enumerate(
        ("零〇○洞", "一壹幺", "二贰", "三叁", "四肆", "五伍", "六陆", "七柒拐", "八捌", "九玖")
    )
    for word in words
}


def _as_digit(char: str) -> str:
    """A digit however it is written: ⑥, ⁶, 六, 陆; anything else as it is."""
    if char in _WORDS:
        return _WORDS[char]
    return char if char.isascii() else str(unicodedata.digit(char, char))
