"""When a call came in, as people write it afterwards: 5分钟前, 九点半, 昨天下午三点, 刚才, 11-24 15:30."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from handlers.reading import SPELLED, spelled
from workorders.agreement.worktime import Calendar

_AGO = re.compile(
    rf"(?:大概|大约|约|差不多)?(?:(?P<half>半)个?(?P<half_unit>小时|钟头|天)|"
    rf"(?P<n>\d{{1,3}}(?:\.\d)?|{SPELLED})(?:来|多)?\s*个?多?(?P<and_half>半)?(?P<unit>小时|钟头|分钟|刻钟|分|天|日|秒钟?)"
    rf"(?:(?P<rest>半)|零?(?P<minutes>{SPELLED})分钟?)?)(?:之前|以前|前|(?P<later>之后|以后|后))"
)
_JUST = re.compile(r"刚刚才?|刚才|方才|才刚|刚(?=来电|打来|打过来|打电话|接到|打进)|现在|此刻|目前|当前")
_DAY = (
    r"(?:(?P<year>20\d\d)[-/.年])?(?P<month>\d{1,2})(?:[-/]|月)(?P<dom>\d{1,2})(?:日|号|(?![\d:：点-]))|"
    r"(?<![\d-])(?P<only_dom>\d{1,2})(?:日|号)(?![\d机柜台楼店线库门窗位])|"
    r"(?P<word>今天|今日|今儿|昨天|昨日|昨儿|前天|前日|大前天|明天|明日|后天|当天)|"
    r"(?P<week>上个?周|上个?星期|上个?礼拜|下个?周|下个?星期|下个?礼拜|本周|这周|周|星期|礼拜)(?P<weekday>[一二三四五六日天])"
)
_PARTS = "凌晨|清晨|大清早|一大早|一早|早上|早晨|上午|中午|正午|下午|午后|傍晚|晚上|晚间|夜里|半夜|深夜"
_DAY_PARTS = {
    "今早": (0, "早上"),
    "今晨": (0, "早上"),
    "今晚": (0, "晚上"),
    "昨晚": (1, "晚上"),
    "昨夜": (1, "晚上"),
    "明早": (-1, "早上"),
    "明晚": (-1, "晚上"),
}
_TIME = (
    rf"(?:(?<!\d)(?P<h>\d{{1,2}})[:：](?P<m>\d{{1,2}})(?:[:：]\d{{1,2}})?(?!\d)|"
    rf"(?:差(?P<short>{SPELLED})分钟?)?(?P<hour>(?<!\d)\d{{1,2}}|[零〇一二两三四五六七八九十]{{1,3}})(?:点|时(?!间))钟?"
    rf"(?:(?P<quarter>半|一刻|三刻)|过?(?P<minute>{SPELLED})分?|整|左右)?)"
)
_MOMENT = re.compile(
    rf"(?:大概|大约|差不多|约)?(?:是|在|于)?(?:(?P<date>{_DAY})\s*的?\s*)?(?:(?P<daypart>{'|'.join(_DAY_PARTS)})|(?P<part>{_PARTS}))?\s*的?\s*(?P<time>{_TIME})?(?:左右|许|前后|多)?"
)
#: Days ago.
_DAYS = {
    **dict.fromkeys(("今天", "今日", "今儿", "当天"), 0),
    **dict.fromkeys(("昨天", "昨日", "昨儿"), 1),
    **dict.fromkeys(("前天", "前日"), 2),
    **{"大前天": 3, "明天": -1, "明日": -1, "后天": -2},
}
#: The hour somebody means who names a part of the day and no time in it.
_USUAL = {
    **dict.fromkeys(("凌晨",), 2),
    **dict.fromkeys(("清晨", "大清早"), 6),
    **dict.fromkeys(("一大早", "一早", "早上", "早晨"), 8),
    **dict.fromkeys(("上午",), 10),
    **dict.fromkeys(("中午", "正午"), 12),
    **dict.fromkeys(("下午", "午后"), 15),
    **dict.fromkeys(("傍晚",), 18),
    **dict.fromkeys(("晚上", "晚间"), 20),
    **dict.fromkeys(("夜里", "深夜"), 22),
    **dict.fromkeys(("半夜",), 0),
}
_SECONDS = {"秒": 1, "分": 60, "刻": 900, "小": 3600, "钟": 3600, "天": 86400, "日": 86400}
#: Minutes from midnight before which an hour without a part of the day is the afternoon's.
_MORNING = 7 * 60
_AFTERNOON = ("下午", "午后", "傍晚", "晚上", "晚间", "夜里", "深夜")


Doubt = Literal["", "future", "impossible", "hour"]


@dataclass(frozen=True)
class When:
    """A moment in a text, on its way to be taken for the call's.

    Attributes:
        at: the moment (aware); None where the words name none there is.
        start, end: where the words stand.
        said: the words.
        doubt: why it cannot be when the call came: ``future``, ``impossible``; ``hour`` where a day was said
            and no hour of it, and ``at`` is a guess; or empty.
    """

    at: datetime | None
    start: int
    end: int
    said: str
    doubt: Doubt = ""


def moments(text: str, at: datetime, calendar: Calendar) -> list[When]:
    """Every moment a text names, in the order they stand in.

    Args:
        text: with widths folded (:func:`handlers.reading.fold`).
        at: when the call was logged (aware), which they are relative to.
        calendar: whose zone the wall clock shows.

    A bare hour up to twelve is the last time the clock showed it; a part of the day without an hour is its
    usual hour, or ``at`` where that is still to come.
    """
    found = [*_spans(text, at), *_named(text, at, calendar)]
    found.sort(key=lambda when: (when.start, -when.end))
    kept: list[When] = []
    for when in found:
        if not kept or when.start >= kept[-1].end:
            kept.append(when)
    return kept


def _spans(text: str, at: datetime) -> list[When]:
    found = [When(at, *match.span(), match[0]) for match in _JUST.finditer(text)]
    for match in _AGO.finditer(text):
        ahead = bool(match["later"])
        moment = at + _stretch(match) if ahead else at - _stretch(match)
        found.append(When(moment, *match.span(), match[0], "future" if ahead else ""))
    return found


def _stretch(match: re.Match[str]) -> timedelta:
    if match["half"]:
        return timedelta(hours=12) if match["half_unit"] == "天" else timedelta(minutes=30)
    seconds = {"小": 3600, "钟": 3600, "分": 60, "刻": 900, "天": 86400, "日": 86400, "秒": 1}[
        match["unit"][0]
    ]
    stretch = spelled(match["n"]) * seconds
    if match["and_half"] or match["rest"]:
        stretch += seconds / 2
    if match["minutes"]:
        stretch += spelled(match["minutes"]) * 60
    return timedelta(seconds=stretch)


def _named(text: str, at: datetime, calendar: Calendar) -> list[When]:
    found = []
    place = 0
    while place < len(text):
        match = _MOMENT.match(text, place)
        if match is None or not (match["date"] or match["daypart"] or match["part"] or match["time"]):
            place += 1
            continue
        start, end = match.end() - len(match[0].lstrip()), match.start() + len(match[0].rstrip())
        if when := _read(match, at, calendar):
            found.append(When(when[0], start, end, text[start:end], when[1]))
        place = max(end, place + 1)
    return found


def _read(match: re.Match[str], at: datetime, calendar: Calendar) -> tuple[datetime | None, Doubt] | None:
    local = calendar.local(at)
    part = match["part"] or ""
    day: date | None = None
    if match["daypart"]:
        ago, part = _DAY_PARTS[match["daypart"]]
        day = local.date() - timedelta(days=ago)
    if match["date"]:
        day = _day(match, local.date())
        if day is None:
            return None, "impossible"
    if not match["time"] and not part:
        # Today is now; of another day somebody has to say at what hour.
        if day == local.date():
            return at, ""
        moment, doubt = _placed(day, local.hour * 60 + local.minute, at, calendar)
        return moment, doubt or "hour"
    if not match["time"]:
        minutes = _USUAL[part] * 60
        moment = calendar.moment(day or local.date(), minutes)
        return (
            (at, "")
            if moment > at and (day is None or day == local.date())
            else _placed(day or local.date(), minutes, at, calendar)
        )
    if match["h"]:
        hour, minute = int(match["h"]), int(match["m"])
    else:
        hour = int(spelled(match["hour"]))
        quarter = {"半": 30, "一刻": 15, "三刻": 45}.get(match["quarter"] or "", 0)
        minute = int(spelled(match["minute"])) if match["minute"] else quarter
    if hour > 24 or minute > 59 or (hour == 24 and minute):
        return None, "impossible"
    if (part in _AFTERNOON and hour < 12) or (part in ("中午", "正午") and hour < 4):
        hour += 12
    elif part in ("半夜", "深夜", "夜里", "凌晨") and hour == 12:
        hour = 0
    minute -= int(spelled(match["short"])) if match["short"] else 0
    return _placed(
        day, hour * 60 + minute, at, calendar, twelve=not part and hour <= 12 and not _on_the_clock(match)
    )


def _on_the_clock(match: re.Match[str]) -> bool:
    """09:30 is the morning's; 9:30 may be either."""
    return bool(match["h"]) and len(match["h"]) == 2


def _placed(
    day: date | None, minutes: int, at: datetime, calendar: Calendar, *, twelve: bool = False
) -> tuple[datetime | None, Doubt]:
    """The moment on that day; without one, the last time the clock showed it.

    Args:
        minutes: from midnight. ``twelve``: either half of the day may be meant.
    """
    local = calendar.local(at)
    halves = (minutes, minutes + 720) if twelve and minutes < 780 else (minutes,)
    if day is None:
        today = [calendar.moment(local.date(), m) for m in halves if m <= 1440]
        past = [moment for moment in today if moment <= at]
        # 三点, logged at ten in the morning: nobody means the night who does not say 凌晨.
        if past and (len(today) == 1 or past[-1] is today[-1] or minutes >= _MORNING):
            return max(past), ""
        if twelve and minutes < _MORNING:
            return today[-1], "future"
        # Nobody logs at nine what rang at half past ten: it is still to come, or was another day's.
        return today[0], "future"
    # Of another day only the half in which people ring is meant: 昨天三点 is in the afternoon.
    on = [
        calendar.moment(day, m)
        for m in (halves if day == local.date() else halves[-1:] if minutes < _MORNING else halves[:1])
    ]
    past = [moment for moment in on if moment <= at]
    return (max(past), "") if past else (on[0], "future")


def _day(match: re.Match[str], today: date) -> date | None:
    if match["word"]:
        return today - timedelta(days=_DAYS[match["word"]])
    if match["week"]:
        index = 6 if match["weekday"] in "天日" else "一二三四五六".index(match["weekday"])
        monday = today - timedelta(days=today.weekday())
        if match["week"][0] == "上":
            return monday - timedelta(days=7 - index)
        if match["week"][0] == "下":
            return monday + timedelta(days=7 + index)
        day = monday + timedelta(days=index)
        return day if day <= today or match["week"][0] in "本这" else day - timedelta(days=7)
    try:
        if match["only_dom"]:
            day = today.replace(day=int(match["only_dom"]))
            return day if day <= today else _month_before(day)
        year = int(match["year"] or today.year)
        day = date(year, int(match["month"]), int(match["dom"]))
    except ValueError:
        return None
    if not match["year"] and day > today and (day - today).days > 183:
        day = day.replace(year=year - 1) if (day.month, day.day) != (2, 29) else day
    return day


def _month_before(day: date) -> date | None:
    year, month = divmod(day.year * 12 + day.month - 2, 12)
    try:
        return day.replace(year=year, month=month + 1)
    except ValueError:
        return None
