"""Card and identity numbers, however their digits are grouped."""

from __future__ import annotations

import re
from collections.abc import Iterator

CARD, IDENTITY, TRACK = "银行卡号", "身份证号", "磁道"

Span = tuple[int, int, str, str]
"""From, to, what stands there, and what it becomes."""

_GAP = r"[ \u00a0\n\-‐‑‒–—―－_·]{1,5}"
_RUN = re.compile(rf"(?<!\d)\d+(?:{_GAP}\d+)*(?:(?:{_GAP})?[Xx](?![A-Za-z0-9]))?")
#: Between marks that also stand between amounts and between numbers of a list, only a card's own groups.
_MARK = r"[ ]?[.,，、/:：;；|+*~()（）\-][ ]?"
_EMBOSSED = re.compile(
    rf"(?<!\d)(?:\d{{4}}(?:{_MARK}\d{{4}}){{2,3}}(?:{_MARK}\d{{1,3}})?|\d(?:{_MARK}\d){{12,18}})(?!\d)"
)
_GROUP = re.compile(r"\d+")
#: Digits of a card number; an identity number without its X lies between.
_LEAST, _MOST = 13, 19
_PHONE = re.compile(r"1[3-9]\d{9}|(?:400|800)\d{7}|0[1-9]\d{8,10}")
_PHONE_GROUPS = ([3, 4, 4], [3, 3, 4], [3, 8], [4, 8], [4, 7])
_MOBILE = re.compile(r"1[3-9]\d{9}")
#: Addresses hold many numbers that are not cards'; what is named a card's there is one.
_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s一-鿿，。；！？]+")
_CALLED_CARD = re.compile(r"(?:card|pan|bank|acc(?:oun)?t)[A-Za-z_]*=$", re.IGNORECASE)


def numbers(text: str) -> Iterator[Span]:
    """Card and ID numbers and track data in a folded text."""
    yield from _tracks(text)
    yield from _said_to_be_cards(text)
    yield from _checked(text)


def _checked(text: str) -> Iterator[Span]:
    """Numbers whose check digit is right: stretches of whole groups of digits, the longest first."""
    addresses = [found.span() for found in _ADDRESS.finditer(text)]
    for run in _RUN.finditer(text):
        inside = any(start <= run.start() < end for start, end in addresses)
        if inside and not _CALLED_CARD.search(text, max(0, run.start() - 24), run.start()):
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
    for run in _EMBOSSED.finditer(text):
        groups = [(run.start() + g.start(), run.start() + g.end()) for g in _GROUP.finditer(run[0])]
        if found := _found(text, groups, 0, len(groups) - 1, run):
            yield found


def _found(
    text: str, groups: list[tuple[int, int]], first: int, last: int, run: re.Match[str]
) -> Span | None:
    """What the groups from ``first`` to ``last`` are together, None for no number that must be hidden."""
    start, end = groups[first][0], groups[last][1]
    parts = [text[a:b] for a, b in groups[first : last + 1]]
    digits = "".join(parts)
    ends_run = last == len(groups) - 1
    if ends_run and len(digits) == 17 and run[0][-1] in "Xx" and _is_identity(digits + "X"):
        return start, run.end(), IDENTITY, f"{digits[:4]}{'*' * 10}{digits[-3:]}X"
    if _is_identity(digits):
        return start, end, IDENTITY, f"{digits[:4]}{'*' * 10}{digits[-4:]}"
    if last > first and re.match(r"\.\d{1,2}(?!\d)", text[end : end + 4]):
        return None  # the last group is an amount's
    if _is_card(digits) and not _is_several(
        parts, column=len(groups) > len(parts) and "\n" in text[start:end]
    ):
        return start, end, CARD, f"{digits[:6]}{'*' * (len(digits) - 10)}{digits[-4:]}"
    return None


def _is_card(digits: str) -> bool:
    """13 to 19 digits of an issuer's range that pass the Luhn check (ISO/IEC 7812)."""
    if not _LEAST <= len(digits) <= _MOST or not (digits[0] in "345689" or "2200" <= digits[:4] <= "2720"):
        return False
    if len(digits) == 15 and digits[0] == "8":
        return False  # a merchant's number: no card of 15 digits begins so
    doubled = (int(d) * 2 for d in digits[-2::-2])
    return (sum(map(int, digits[-1::-2])) + sum(n - 9 if n > 9 else n for n in doubled)) % 10 == 0


def _is_several(parts: list[str], *, column: bool) -> bool:
    """Whether the groups are other things side by side: a phone or a date among them, or a list.

    Args:
        column: whether a line ends among them, and they are not all there is.
    """
    lengths = [len(part) for part in parts]
    if set(lengths) == {4} and len(set(parts)) == len(parts) and int(max(parts)) - int(min(parts)) < 100:
        return True  # order numbers, one after the other
    if set(lengths[:-1]) <= {4}:
        return False  # written as it is embossed
    if column and len(set(lengths)) == 1 and lengths[0] > 4:
        return True
    return (
        any(_MOBILE.fullmatch(part) for part in parts)
        or any(
            _PHONE.fullmatch("".join(parts[i:j])) and lengths[i:j] in _PHONE_GROUPS
            for i in range(len(parts))
            for j in range(i + 1, min(i + 3, len(parts)) + 1)
        )
        or any(lengths[i : i + 3] == [4, 2, 2] and parts[i][:2] == "20" for i in range(len(parts)))
    )


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


_SAID_TO_BE_CARD = re.compile(
    rf"(?:银行卡|信用卡|储蓄卡|借记卡|卡号)[^\d\n]{{0,8}}(?P<number>\d(?:(?:{_GAP})?\d){{15,18}})(?!\d)"
    rf"|(?<!\d)(?P<before>\d(?:(?:{_GAP})?\d){{15,18}})(?!\d)[^\d\n]{{0,4}}(?:银行卡|信用卡|储蓄卡|借记卡|卡号)"
)


def _said_to_be_cards(text: str) -> Iterator[Span]:
    """16 to 19 digits next to the word for a card: one, even where a digit is wrong."""
    for found in _SAID_TO_BE_CARD.finditer(text):
        name = "number" if found["number"] else "before"
        digits = re.sub(r"\D", "", found[name])
        if not _is_identity(digits):
            kept = f"{digits[:6]}{'*' * (len(digits) - 10)}{digits[-4:]}"
            yield found.start(name), found.end(name), CARD, kept


_TRACK = re.compile(r"%B\d{13,19}\^[^\s?]{2,60}\??|;?(?<!\d)\d{13,19}=\d{7,30}\??")


def _tracks(text: str) -> Iterator[Span]:
    for found in _TRACK.finditer(text):
        yield found.start(), found.end(), TRACK, f"[已屏蔽:{TRACK}]"
