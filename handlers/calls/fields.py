"""One field of a call by itself: what was answered to a question, or written into a form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from handlers.calls.reading import Field, read
from handlers.reading import bare
from workorders.agreement.worktime import Calendar

URGENCY: Mapping[str, str] = {
    "紧急": "urgent",
    "加急": "urgent",
    "日常": "daily",
    "不紧急": "daily",
    "普通": "daily",
}
#: Characters a caller's name may have.
LONGEST_NAME = 20
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
    """

    value: str | None
    doubt: str = ""


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
        return Heard(name if 0 < len(name) <= LONGEST_NAME else None)
    if field == "problem":
        return Heard(said or None)
    if field == "kind":
        return Heard(URGENCY.get(bare(said)))
    call = read(f"{_LABELS[field]}：{said}", at, partners, calendar)
    doubt = next((doubt.said for doubt in call.doubts if doubt.field == field), "")
    if doubt:
        return Heard(None, doubt)
    if field == "called_at":
        return Heard(call.called_at.isoformat() if call.timed else None)
    return Heard(call.partner if field == "partner" else call.phone)
