"""帮助: what may be typed, out of the table of contents itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from handlers.here import Here
from handlers.intent import Handle, Intent
from handlers.message import Incoming, Reply
from handlers.phrases import common
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


def of(contents: Callable[[], Iterable[Intent]]) -> Handle:
    """The help intent for a table of contents.

    Args:
        contents: gives the table, of which the help intent is itself a row.
    """

    def handle(incoming: Incoming, here: Here) -> Reply | None:
        if bare(incoming.text).rstrip("?？") not in _WORDS:
            return None
        staff = here.sender.works_orders
        lines = [line for intent in contents() for line in (intent.desk_help if staff else intent.help)]
        return Reply(common.help_text(lines, here.hotline))

    return handle
