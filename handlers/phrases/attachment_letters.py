"""What is written to whoever sent a picture or file that was not kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from handlers.phrases.attachments import UNFIT
from handlers.phrases.facts import Facts, Said


def _sent(f: Facts) -> str:
    """您发的图片, 您发给工单 1001 的文件「对账.xlsx」."""
    to = f"发给工单 {f.number} 的" if f.facts.get("number") else "发的"
    what = "图片" if f.facts["sort"] == "picture" else "文件"
    return f"您{to}{what}{f'「{name}」' if (name := f.words('name', 40)) else ''}"


def _attachment_refused(f: Facts) -> Said:
    return Said(f"{_sent(f)}没有收下（{f.stamp}）：{UNFIT[f.facts['unfit']]}。", short="图片或文件未收下")


def _attachment_lost(f: Facts) -> Said:
    return Said(f"{_sent(f)}没有取到（{f.stamp}），请重新发送。", short="图片或文件未取到")


#: What each kind says.
PHRASES: Mapping[str, Callable[[Facts], Said]] = {
    "attachment_refused": _attachment_refused,
    "attachment_lost": _attachment_lost,
}
