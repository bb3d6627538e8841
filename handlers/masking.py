"""What nobody may keep: card and ID numbers, passwords and codes, masked before storage, letters and logs.

The door masks every message with :func:`mask` before anything else reads it. Card numbers keep their
first six and last four digits, ID numbers their first and last four; of what authenticates somebody
(CVV, expiry, passwords, codes, track data) only its name is left: ``[已屏蔽:验证码]``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from handlers.reading import fold

CARD, IDENTITY = "银行卡号", "身份证号"


@dataclass(frozen=True)
class Masked:
    """A text without what nobody may keep.

    Attributes:
        text: the text, everything found replaced.
        found: what it held, each kind once, in order; empty where nothing was replaced.
    """

    text: str
    found: tuple[str, ...] = ()


_Span = tuple[int, int, str, str]
"""From, to, what stands there, and what it becomes."""


def mask(text: str) -> Masked:
    """The text with card numbers, ID numbers, passwords and codes masked.

    Half and full width are one, and spaces or dashes inside a number do not hide it. Masking what is
    masked changes nothing.
    """
    folded = fold(text)
    spans: list[_Span] = []
    for span in sorted(
        [*_tracks(folded), *_secrets(folded), *_numbers(folded), *_said_to_be_cards(folded)],
        key=lambda s: (s[0], -s[1]),
    ):
        if not spans or span[0] >= spans[-1][1]:
            spans.append(span)
    kept, at = [], 0
    for start, end, _, instead in spans:
        kept += [text[at:start], instead]
        at = end
    kept.append(text[at:])
    return Masked("".join(kept), tuple(dict.fromkeys(what for _, _, what, _ in spans)))


# Numbers

_HIDDEN = "\u200b\u200c\u200d\u2060\ufeff"
_GAP = rf"[ \u00a0\u3000\-‐‑‒–—―－_·{_HIDDEN}]{{1,3}}"
_RUN = re.compile(rf"(?<![\d*])\d+(?:{_GAP}\d+)*(?:(?:{_GAP})?[Xx](?![A-Za-z0-9]))?(?![\d*]|[.,]\d)")
_GROUP = re.compile(r"\d+")
#: Digits of a card number; an identity number without its X lies between.
_LEAST, _MOST = 13, 19
_PHONE = re.compile(r"1[3-9]\d{9}|(?:400|800)\d{7}|0\d{9,11}")
_PHONE_GROUPS = ([11], [3, 4, 4], [3, 3, 4], [3, 8], [4, 8], [4, 7])
_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s一-鿿，。；！？]+")


def _numbers(text: str) -> Iterator[_Span]:
    """Card and ID numbers: every stretch of whole groups of digits is looked at, the longest first."""
    addresses = [found.span() for found in _ADDRESS.finditer(text)]
    for run in _RUN.finditer(text):
        if any(start <= run.start() < end for start, end in addresses):
            continue
        groups = [(run.start() + g.start(), run.start() + g.end()) for g in _GROUP.finditer(run[0])]
        first = 0
        while first < len(groups):
            last, digits = first, 0
            ends = []
            while last < len(groups) and (digits := digits + groups[last][1] - groups[last][0]) <= _MOST:
                if digits >= _LEAST:
                    ends.append(last)
                last += 1
            for last in reversed(ends):
                if found := _found(text, groups, first, last, run):
                    yield found
                    first = last
                    break
            first += 1


def _found(
    text: str, groups: list[tuple[int, int]], first: int, last: int, run: re.Match[str]
) -> _Span | None:
    """What the groups from ``first`` to ``last`` are together, None for no number that must be hidden."""
    start, end = groups[first][0], groups[last][1]
    parts = [text[a:b] for a, b in groups[first : last + 1]]
    digits = "".join(parts)
    ends_run = last == len(groups) - 1
    if ends_run and len(digits) == 17 and run[0][-1] in "Xx" and _is_identity(digits + "X"):
        return start, run.end(), IDENTITY, f"{digits[:4]}{'*' * 10}{digits[-3:]}X"
    if _is_identity(digits):
        return start, end, IDENTITY, f"{digits[:4]}{'*' * 10}{digits[-4:]}"
    if _is_card(digits) and not _is_several(parts):
        return start, end, CARD, f"{digits[:6]}{'*' * (len(digits) - 10)}{digits[-4:]}"
    return None


def _is_card(digits: str) -> bool:
    """13 to 19 digits of an issuer's range that pass the Luhn check (ISO/IEC 7812)."""
    if not (digits[0] in "345689" or "2221" <= digits[:4] <= "2720"):
        return False
    doubled = (int(d) * 2 for d in digits[-2::-2])
    return (sum(map(int, digits[-1::-2])) + sum(n - 9 if n > 9 else n for n in doubled)) % 10 == 0


def _is_several(parts: list[str]) -> bool:
    """Whether the groups are other things side by side, a phone or a date among them."""
    lengths = [len(part) for part in parts]
    if set(lengths[:-1]) <= {4}:
        return False  # written as it is embossed
    return any(
        _PHONE.fullmatch("".join(parts[i:j])) and lengths[i:j] in _PHONE_GROUPS
        for i in range(len(parts))
        for j in range(i + 1, min(i + 3, len(parts)) + 1)
    ) or any(lengths[i : i + 3] == [4, 2, 2] and parts[i][:2] == "20" for i in range(len(parts)))


_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def _is_identity(number: str) -> bool:
    """A resident identity number: 18 places, a possible birthday, the check digit of GB 11643."""
    if len(number) != 18 or not number[:17].isdigit() or number[0] not in "12345678":
        return False
    year, month, day = int(number[6:10]), int(number[10:12]), int(number[12:14])
    if not (1850 <= year <= 2100 and 1 <= month <= 12 and 1 <= day <= 31):
        return False
    total = sum(int(d) * w for d, w in zip(number[:17], _WEIGHTS, strict=True))
    return "10X98765432"[total % 11] == number[17].upper()


# What authenticates somebody

_IS = r"(?:[ \u00a0]*(?:是|为|就是|[:：=＝])[ \u00a0:：]*)"
_UNIT = r"(?!\s*(?:位|次|秒|分|分钟|小时|天|个|元|条|年|月|号|%|％))"
_CODE = rf"\d(?:[ \-]?\d){{3,7}}(?![\d*A-Za-z]|[.]\d){_UNIT}"
_WORD = r"[A-Za-z0-9!#$%^&*_.+\-@]"
_NEXT = r"[ \u00a0,，]*"
_MIXED = r"(?=[A-Za-z!#$%^&*_.+\-@]*\d)"
_SECRET = tuple(
    (what, re.compile(word + value, re.IGNORECASE))
    for what, word, value in (
        (
            "CVV",
            rf"(?:cvv2?|cvn2?|cvc2?|安全码|(?:卡背面?|签名栏)的?后?三位(?:数字?)?)(?:{_IS}|{_NEXT})",
            rf"(?P<value>\d ?\d ?\d ?\d?(?!\d){_UNIT})",
        ),
        (
            "有效期",
            rf"(?:有效期(?:至|到|限)?|expiry|exp(?:ires?)?)(?:{_IS}|{_NEXT})",
            # As it stands on a card: 12/28, 1228, 12/2028, 28年12月; a whole date is of something else.
            r"(?P<value>(?:0[1-9]|1[0-2])\s?[/\-]?\s?(?:20)?\d\d(?![\d/]|-\d)|\d\d年(?:1[0-2]|0?[1-9])月?)"
            + _UNIT,
        ),
        (
            "验证码",
            rf"(?:验证码|校验码|短信码|手机码|verification code)(?:{_IS}|{_NEXT})",
            rf"(?P<value>{_CODE}|(?=[A-Za-z]*\d)[A-Za-z0-9]{{4,8}}(?![A-Za-z0-9]){_UNIT})",
        ),
        (
            "验证码",
            r"(?<!\d)(?P<value>\d{4,8})\s?(?:是|就是)",
            r"(?:我的|这次的?|收到的)?(?:短信)?验证码(?!问题|错|收|发|没|不|输)",
        ),
        (
            "动态口令",
            rf"(?:动态口令|动态密码|动态码|令牌码|otp)(?:{_IS}|{_NEXT})",
            rf"(?P<value>{_CODE})",
        ),
        (
            "密码",
            r"(?:密码|口令|password|passwd|pwd|pin码|pin)",
            rf"(?:{_IS}(?P<value>{_WORD}{{3,64}})|[ \u00a0]*(?P<value2>{_MIXED}{_WORD}{{6,64}})){_UNIT}",
        ),
    )
)


_SAID_TO_BE_CARD = re.compile(
    rf"(?:银行卡|信用卡|储蓄卡|借记卡|卡号)[^\d\n]{{0,8}}(?P<number>\d(?:(?:{_GAP})?\d){{15,18}})(?!\d)"
    rf"|(?<!\d)(?P<before>\d(?:(?:{_GAP})?\d){{15,18}})(?!\d)[^\d\n]{{0,4}}(?:银行卡|信用卡|储蓄卡|借记卡|卡号)"
)


def _said_to_be_cards(text: str) -> Iterator[_Span]:
    """16 to 19 digits next to the word for a card: one, even where a digit is wrong."""
    for found in _SAID_TO_BE_CARD.finditer(text):
        name = "number" if found["number"] else "before"
        digits = re.sub(r"\D", "", found[name])
        if not _is_identity(digits):
            kept = f"{digits[:6]}{'*' * (len(digits) - 10)}{digits[-4:]}"
            yield found.start(name), found.end(name), CARD, kept


def _secrets(text: str) -> Iterator[_Span]:
    """Values that stand next to the word for them."""
    for what, pattern in _SECRET:
        for found in pattern.finditer(text):
            for name, value in found.groupdict().items():
                if value:
                    yield found.start(name), found.end(name), what, f"[已屏蔽:{what}]"


_TRACK = re.compile(r"%B\d{13,19}\^[^\s?]{2,60}\??|;?(?<!\d)\d{13,19}=\d{7,30}\??")


def _tracks(text: str) -> Iterator[_Span]:
    for found in _TRACK.finditer(text):
        yield found.start(), found.end(), "磁道", "[已屏蔽:磁道]"
