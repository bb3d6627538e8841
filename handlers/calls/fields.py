"""One field of a call by itself: what was answered to a question, or written into a form."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from handlers.calls.reading import Field, read
from handlers.calls.urgency import urgency
from handlers.reading import bare
from workorders.agreement.worktime import Calendar

#: Characters a caller's name may have.
LONGEST_NAME = 20
#: 不知道, 没说, 匿名: an answer, and nobody's name.
_NOBODY = re.compile(r"[不没未?？]|匿名|无名|保密|随便")
_WHOM_TO_ASK_FOR = "回电时总要找人，请写一个称呼，如「李女士」「前台」"
_LABELS: Mapping[Field, str] = {
    "partner": "伙伴",
    "caller": "联系人",
    "phone": "电话",
    "called_at": "来电时间",
    "kind": "级别",
    "problem": "问题",
}


@dataclass(frozen=True)
class Heard:
    """What one field was understood as.

    Attributes:
        value: as a draft keeps it, a moment in ISO format; None where it cannot be taken.
        doubt: why not, in words; empty where nothing better can be said than to ask again.
        offer: the value it may well be, which a yes would settle.
    """

    value: str | None
    doubt: str = ""
    offer: str = ""


def heard(
    field: Field,
    said: str,
    at: datetime,
    partners: Iterable[tuple[str, Sequence[str]]],
    calendar: Calendar,
) -> Heard:
    """Read what was said for one field; the arguments are those of :func:`handlers.calls.reading.read`."""
    if field == "caller":
        name = " ".join(said.split())
        if _NOBODY.search(name):
            return Heard(None, _WHOM_TO_ASK_FOR)
        return Heard(name if 0 < len(name) <= LONGEST_NAME else None)
    if field == "problem":
        return Heard(said or None)
    if field == "kind":
        return Heard(urgency(bare(said)))
    call = read(f"{_LABELS[field]}：{said}", at, partners, calendar)
    if doubt := next((doubt for doubt in call.doubts if doubt.field == field), None):
        return Heard(None, doubt.said, doubt.offer)
    if field == "called_at":
        return Heard(call.called_at.isoformat() if call.timed else None)
    return Heard(call.partner if field == "partner" else call.phone)
