"""How long WeCom lets things be, and how we cut what is longer: in one place, on a character boundary.

Byte limits are UTF-8 bytes, in which a Chinese character takes three.
"""

from __future__ import annotations

from workorders.markup import clean, whole

APP_TEXT = 2048
"""Bytes of a text or markdown message of the app, passive or sent (90236, 90241)."""

AIBOT_TEXT = 20480
"""Bytes of a finished stream, and of markdown posted to a reply URL (101031, 101138)."""

WELCOME_TEXT = 2048
"""Bytes of the aibot's welcome text; the page names no limit, so the common one of text messages."""

WEBHOOK_TEXT = 2048
"""Bytes of a webhook's text (91770)."""

WEBHOOK_MARKDOWN = 4096
"""Bytes of a webhook's markdown (91770)."""

ELLIPSIS = "…"


def fit(text: str, most: int) -> str:
    """The text, cut to at most ``most`` bytes of UTF-8, with ``…`` at the end if it was cut."""
    data = text.encode("utf-8", "replace")
    if len(data) <= most:
        return text
    room = most - len(ELLIPSIS.encode())
    end = whole(text, len(data[: max(room, 0)].decode("utf-8", "ignore")))
    return text[:end].rstrip() + ELLIPSIS


def short(text: str, most: int) -> str:
    """One line of at most ``most`` characters, with ``…`` at the end if it was cut."""
    line = " ".join(clean(text).split())
    return line if len(line) <= most else line[: whole(line, most - 1)].rstrip() + ELLIPSIS
