"""Phone numbers in running text, the incomplete ones too; what is no phone number is left alone."""

from __future__ import annotations

import re
from dataclasses import dataclass

from workorders.directory.phones import phone_number

_SPOKEN = {**dict(zip("零一二三四五六七八九", "0123456789", strict=True)), "〇": "0", "幺": "1", "两": "2"}
_WORDS = "".join(_SPOKEN)
_CANDIDATE = re.compile(
    r"(?<![\w.])(?:\(?\+?\d[\d() -‐-―-]{4,22}\d)(?:\s*(?:转|分机号?|-|#|ext\.?)\s*\d{1,6})?(?![\w]|[ -]?\d)"
    r"|(?<!\d)(?:\+|00)?(?:86[- ]?)?(?<!\d)1[3-9]\d(?:[ -]?\d){8}(?!\d)"
    r"|(?<!\d)\(?0\d{2,3}\)?[ -]?\d{3,4}[ -]?\d{4}(?!\d)(?:\s*(?:转|分机号?|-|#|ext\.?)\s*\d{1,6})?"
    r"|(?<!\d)[48]00[- ]?\d{3,4}[- ]?\d{3,4}(?!\d)"
    r"|(?<!\d)\d{6,13}(?!\d)"
    rf"|[{_WORDS}](?:[ -]?[{_WORDS}]){{9,11}}",
    re.IGNORECASE,
)
#: What digits belong to that are not a phone's.
_NOT_PHONE = re.compile(
    r"(?:终端|机身|设备|商户|订单|流水|交易|参考|批次|凭证|卡|尾|工单|单|序列|编|账|户|合同|发票|税|票据|货|运单|快递|版本|批)(?:号码?|编号|ID|id)?(?:是|为)?[\s:：#]*$"
    r"|(?:SN|sn|ID|id|No|NO|POS|pos|金额|代码|应答码|报错码?|错误码?|￥|¥|#)\s*[:：]?\s*$"
)
#: 某商户 13800000000: the word only stands before it.
_APART = re.compile(r"(?<![号码D])\s+$")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_AMOUNT = re.compile(r"\s*(?:元|块|笔|万|台|个|次|分|号机|号终端)")
_DATE = re.compile(r"20\d\d[- ]?\d{1,2}[- ]?\d{1,2}(?:[ -]?\d{1,2})?")


@dataclass(frozen=True)
class Number:
    """Digits that are, or were meant to be, a phone number.

    Attributes:
        phone: in its one form; None where it is incomplete.
        said: as it was written, at ``start`` to ``end``.
    """

    phone: str | None
    said: str
    start: int
    end: int


def numbers(text: str) -> list[Number]:
    """Phone numbers of a text whose widths are folded, in order, incomplete ones among them."""
    found = []
    for match in _CANDIDATE.finditer(text):
        said = match[0].strip()
        start = match.start() + match[0].index(said[0])
        end = start + len(said)
        named = _NOT_PHONE.search(text[:start])
        if named and not (_APART.search(named[0]) and _MOBILE.fullmatch(said)):
            continue
        if (_AMOUNT.match(text[end:]) and not _MOBILE.fullmatch(said)) or _DATE.fullmatch(said):
            continue
        found += _split(said, start)
    return found


def _split(said: str, start: int) -> list[Number]:
    """One number, or two that only a space kept apart."""
    phone = _phone(said)
    if phone:
        return [Number(phone, said, start, start + len(said))]
    for gap in re.finditer(r"\s+", said):
        left, right = said[: gap.start()], said[gap.end() :]
        if _phone(left):
            rest = [n for n in _split(right, start + gap.end()) if n.phone]
            return [Number(_phone(left), left, start, start + len(left)), *rest]
    digits = re.sub(r"\D", "", said)
    if len(digits) < 6 or not re.fullmatch(r"[\d\s()+-]+", said):
        return []
    return [Number(None, said, start, start + len(said))]


def _phone(said: str) -> str | None:
    written = re.sub(r"分机号?", "转", said)
    if re.fullmatch(rf"[{_WORDS} -]+", written):
        written = "".join(_SPOKEN.get(char, "") for char in written)
    try:
        return phone_number(written)
    except ValueError:
        return None
