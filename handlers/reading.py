"""Reading what people type: widths folded, order numbers found, particles set aside."""

from __future__ import annotations

import re
import unicodedata

NUMBER = r"(?<![\d.])([1-9]\d{3,6})(?![\d.]\d|\d)"
"""A work order's number (from 1001); never part of a longer number or of an amount with decimals."""

SPELLED = r"(?:\d{1,3}|[零〇一二两三四五六七八九十]{1,3})"
"""A number in digits or spelled out; :func:`spelled` reads it."""

_NAMED = re.compile(rf"(?:工单|单号|订单号|[#№])\s*[#№]?\s*[:：]?\s*{NUMBER}")
_FIRST = re.compile(rf"^{NUMBER}(?!\s*(?:元|块|笔|万|年|[-/:：.]\d))")
_ASKS = re.compile(r"[?？]|怎么|如何|为什么|为啥|什么|哪|吗|多久|多少|能否|能不能|是否|可不可以|可以")

_CIRCLED = {chr(0x2460 + i): str(i + 1) for i in range(9)}
_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_ORDINALS = {"第一个": 1, "第二个": 2, "第三个": 3, "第四个": 4, "第五个": 5}


def fold(text: str) -> str:
    """Full-width letters, digits, spaces, # @ + - and / as half-width ones; as long as ``text``.

    Chinese punctuation stays, so that what is kept of a message reads as it was written.
    """
    return text.translate(_HALF)


class _Half(dict[int, str]):
    """What each character folds to, worked out when first met; one plane is kept, so that it stays small."""

    def __missing__(self, code: int) -> str:
        half = _folded(chr(code))
        if code <= 0xFFFF:
            self[code] = half
        return half


_HALF = _Half()


def _folded(char: str) -> str:
    if "０" <= char <= "９" or "Ａ" <= char <= "Ｚ" or "ａ" <= char <= "ｚ" or char in "＃＠＋－／":
        return chr(ord(char) - 0xFEE0)
    if char.isspace() and char != "\n":
        return " "
    if unicodedata.category(char) == "Nd":
        return str(unicodedata.digit(char))
    return char


def bare(text: str) -> str:
    """The words without what surrounds them: case, width, space, closing marks, polite particles."""
    word = fold(text).casefold().strip()
    while word != (less := _trimmed(word)):
        word = less
    return word


def _trimmed(word: str) -> str:
    word = word.strip(" \n。.!！~～,，、;；：:…\"'“”「」")
    for ending in ("谢谢", "谢了", "一下", "吧", "啦", "哈", "呀", "啊", "哦", "呢", "了"):
        if word.endswith(ending) and len(word) > len(ending):
            return word.removesuffix(ending)
    for opening in ("请", "麻烦", "帮我", "我要", "帮忙"):
        if word.startswith(opening) and len(word) > len(opening):
            return word.removeprefix(opening)
    return word


def asks(text: str) -> bool:
    """Whether the words are a question rather than an instruction."""
    return _ASKS.search(text) is not None


def named_numbers(text: str | None) -> tuple[int, ...]:
    """Order numbers named as such (工单 1001, #1001), each once, in order."""
    return tuple(dict.fromkeys(int(n) for n in _NAMED.findall(fold(text or ""))))


def leading_number(text: str) -> int | None:
    """The order number a message begins with ("1001 还是不行"); amounts and dates are none."""
    if found := _NAMED.match(fold(text).strip()):
        return int(found[1])
    found = _FIRST.match(fold(text).strip())
    return int(found[1]) if found else None


def only_number(text: str) -> int | None:
    """The order number that is all there is ("1001", "#１００１", "工单1001")."""
    found = re.fullmatch(rf"(?:工单|单号|[#№])?\s*[#№]?\s*{NUMBER}\s*号?(?:工单|单)?", bare(text))
    return int(found[1]) if found else None


def number_in(found: re.Match[str]) -> int:
    """The number of a pattern that may have it in one place or another."""
    return int(next(group for group in found.groups() if group and group.isdigit()))


def choice(text: str) -> int | None:
    """The place in a menu that is all the message says: 2, ２, ②, 第二个, 选2; 0 is none of them."""
    word = bare(text)
    if word in _ORDINALS:
        return _ORDINALS[word]
    word = _CIRCLED.get(word, word)
    found = re.fullmatch(r"(?:选|选择|第)?\s*([0-9])\s*(?:个|号|项)?", word)
    return int(found[1]) if found else None


def spelled(text: str) -> float:
    """A number in digits or spelled out, up to 99: 2.5, 十五, 二十."""
    if text.replace(".", "", 1).isdigit():
        return float(text)
    tens, ten, ones = text.partition("十")
    if not ten:
        return float("".join(str(_DIGITS[char]) for char in text))
    return float(_DIGITS.get(tens[-1:], 1) * 10 + _DIGITS.get(ones[:1], 0))
