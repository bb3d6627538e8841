"""How moments, phones and other people's words are written for people."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from handlers.phrases.plain import plain_line
from workorders.agreement.worktime import DEFAULT_ZONE

ZONE = ZoneInfo(DEFAULT_ZONE)
"""Where the people are who read it."""

_WEEKDAYS = "一二三四五六日"
_NEAR = {-1: "昨天", 0: "今天", 1: "明天"}


def clock(at: datetime) -> str:
    """14:35."""
    return f"{at.astimezone(ZONE):%H:%M}"


def day(at: datetime, now: datetime | None = None) -> str:
    """11月30日（周一）; 2027年1月5日（周二） where ``now`` is of another year."""
    local = at.astimezone(ZONE)
    year = f"{local.year}年" if now is not None and now.astimezone(ZONE).year != local.year else ""
    return f"{year}{local.month}月{local.day}日（周{_WEEKDAYS[local.weekday()]}）"


def when(at: datetime, now: datetime) -> str:
    """今天 14:35, 明天 09:05, else 11月30日（周一）09:05; both moments aware."""
    local, today = at.astimezone(ZONE), now.astimezone(ZONE).date()
    near = _NEAR.get((local.date() - today).days)
    return f"{near} {local:%H:%M}" if near else f"{day(at, now)}{local:%H:%M}"


def dated(at: datetime, beside: datetime | None = None) -> str:
    """For what may be read on another day than it was written: 11月23日 14:35.

    ``beside`` is a moment the same text dates already; on that day the clock alone is enough.
    """
    local = at.astimezone(ZONE)
    if beside is not None and beside.astimezone(ZONE).date() == local.date():
        return f"{local:%H:%M}"
    return f"{day(at, beside)}{local:%H:%M}"


def on_leave(begins: datetime, ends: datetime, now: datetime) -> str:
    """12月1日（周二）至 12月3日（周四） for whole days, else with the times of day and a space behind."""
    first, last = begins.astimezone(ZONE), (ends - timedelta(microseconds=1)).astimezone(ZONE)
    end = ends.astimezone(ZONE)
    if (first.hour, first.minute, end.hour, end.minute) == (0, 0, 0, 0):
        return day(begins, now) if first.date() == last.date() else f"{day(begins, now)}至 {day(last, now)}"
    until = f"{end:%H:%M}" if end.date() == first.date() else dated(ends, now)
    return f"{day(begins, now)}{first:%H:%M} 至 {until} "


def joined(words: str, moment: str) -> str:
    """Words and a moment after them: a space before a figure, none before 今天."""
    return f"{words} {moment}" if moment[:1].isascii() else f"{words}{moment}"


def stamp(at: datetime) -> str:
    """11-23 14:30, the moment every letter bears."""
    return f"{at.astimezone(ZONE):%m-%d %H:%M}"


def lasting(stretch: timedelta) -> str:
    """A stretch in words, to the minute: 5 分钟, 2 小时 10 分钟."""
    minutes = max(int(stretch.total_seconds() // 60), 0)
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest} 分钟" if rest else "不到 1 分钟"
    return f"{hours} 小时" + (f" {rest} 分钟" if rest else "")


# Other people's words

_MOBILE = re.compile(r"(?<![\d*])(1[3-9]\d)[ -]?(\d{4})[ -]?(\d{4})(?!\d)")


def phones_masked(text: str) -> str:
    """Mobile numbers as 138****5678, for groups and shared screens.

    One to a line: between two of them markdown would take the stars for emphasis.
    """
    return _MOBILE.sub(r"\1****\3", text)


def phone_masked(number: str) -> str:
    """One number of any kind, as digits: 138****5678, 010****5678-802."""
    digits, hyphen, extension = number.partition("-")
    return f"{digits[:3]}****{digits[-4:]}{hyphen}{extension}"


def name_masked(name: str) -> str:
    """A merchant's person as 王伟 stands in exports and on shared screens: *伟."""
    return f"*{name[1:]}" if name else ""


def quoted(text: str, *, shared: bool, most: int = 60) -> str:
    """Somebody's words for use inside a sentence: plain, one line, cut with …, phones masked where shared."""
    line = plain_line(text)
    if shared:
        line = phones_masked(line)
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


_WAITING = re.compile(r"^(?:正在|还在)?(?:等待|等候|等)\s*")


def awaited(words: str) -> str:
    """What is awaited, without the 等待 people write before it."""
    return _WAITING.sub("", words) or words
