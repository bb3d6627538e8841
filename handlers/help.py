"""帮助: what may be typed."""

from __future__ import annotations

from handlers.here import Here
from handlers.message import Incoming, Reply
from handlers.phrases import help as phrases
from handlers.reading import bare

_WORDS = frozenset(
    {
        "帮助",
        "help",
        "菜单",
        "功能",
        "怎么用",
        "使用说明",
        "指令",
        "命令",
        "你能做什么",
        "你会什么",
        "能做什么",
    }
)


def handle(incoming: Incoming, here: Here) -> Reply | None:
    """Our own people are told what they may do, partners what they may."""
    if bare(incoming.text).rstrip("?？") not in _WORDS:
        return None
    sections = phrases.DESK if here.sender.side == "us" else phrases.PARTNERS
    return Reply(phrases.text(sections, here.hotline))
