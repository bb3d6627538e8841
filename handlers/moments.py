"""Moments as people write them: 今天18:00, 明天中午12点, 半小时后, 周五下班前, 11-25 10:00."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from handlers.reading import SPELLED, fold, spelled
from workorders.agreement.worktime import Calendar

_PART = "凌晨|清晨|早上|早晨|早|上午|中午|下午|傍晚|晚上|晚间|今晚|夜里|晚"

_SPAN = re.compile(
    rf"(?P<half>半)个?(?P<half_unit>小时|钟头|天)|"
    rf"(?P<n>\d{{1,3}}(?:\.\d)?|{SPELLED})\s*个?(?P<and_half>(?<=个)半)?(?P<unit>小时|钟头|分钟|刻钟|工作日|天|日)(?P<rest>半|\s*{SPELLED}\s*分钟?)?"
    r"(?=\s*(?:之?后|以?内|之内|以后|左右|$|[,，。;；!！\s]|完成|解决|搞定|给|上门|到))"
)
_DAY = re.compile(
    r"(?<![\d-])(?:(?P<year>20\d\d)[-/.年])?(?P<month>1[0-2]|0?[1-9])(?:[-/]|月)(?P<dom>3[01]|[12]\d|0?[1-9])(?:日|号|(?![\d:：点日号]))|"
    r"(?<![\d-])(?P<only_dom>3[01]|[12]\d|[1-9])(?:日|号)(?![\d机柜台楼店线库门窗位])|"
    r"(?P<word>今天|今日|今晚|明天|明日|明早|明晚|大后天|后天|当天)|"
    r"(?P<week>下周|下星期|下礼拜|本周|这周|周|星期|礼拜)(?P<weekday>[一二三四五六日天])"
)
_TIME = re.compile(
    rf"(?P<part>{_PART})?的?\s*(?:(?<!\d)(?P<h>2[0-4]|[01]?\d)[:：](?P<m>[0-5]\d)(?:[:：][0-5]\d)?(?!\d)|"
    rf"(?P<hour>(?<!\d)[012]?\d|[零〇一二两三四五六七八九十]{{1,3}})(?:点|时(?!间))钟?(?:(?P<quarter>半|一刻|三刻)|(?P<minute>{SPELLED})分?|整)?)|"
    r"(?P<noon>中午|正午)|(?P<closing>下班)"
)
_DAYS = {
    "今天": 0,
    "今日": 0,
    "今晚": 0,
    "当天": 0,
    "明天": 1,
    "明日": 1,
    "明早": 1,
    "明晚": 1,
    "后天": 2,
    "大后天": 3,
}
_BEFORE = re.compile(r"(?:预计|预期|大概|大约|约|最晚|最迟|争取|计划|将|在|于|完成时间|时间|[:：是为])*\s*$")
_AFTER = re.compile(
    r"^\s*(?:之前|以前|前|之后|以后|后|之内|以内|内|左右)?\s*(?:可以|能够?|会)?(?:完成|解决|搞定|修复|处理好|弄好|修好)?"
)
_EDGES = " \n,，。.;；、:：!！~～"
_PAST = r"(?:大前天|前天|昨天|昨日|昨晚|昨|上个?(?:周|星期|礼拜)[一二三四五六日天]?|上个?月|去年|前年)"
#: What was meant to belong to the moment and could not be read: 13-45 before 10:00, a day of 上周.
_UNREAD_BEFORE = re.compile(
    rf"(?:(?:{_PAST}|明年|后年|下个?月|月底|年底|上个?|大)?[\d/.:：年月-]*\d+\s*[-/.:：年月日号点]?|{_PAST}|明年|后年|下个?月|月底|年底|上个?|大)"
    r"[的\s]*$"
)
_UNREAD_AFTER = re.compile(r"^(?:\s*\d{1,4}\s*[:：点]\s*\d*分?|\s*[:：]\s*\d+|\d+)")
_DATE_LIKE = re.compile(r"\d+(?:[-/:：年月日号点]\d*)+\s*$")
_WAS = re.compile(_PAST)
_CLOCK = re.compile(r"(?<![\d.:])\d{1,2}[:：]\d\d(?![\d:])")
_ATTEMPT = re.compile(
    rf"(?:{_PAST}|今天|明天|后天)?[的\s]*(?:\d+[-/.年月]\d+[-/.月]?\d*[日号]?\s*)?(?:\d+\s*[:：]\s*\d+|\d+\s*点\s*\d*分?)"
)


@dataclass(frozen=True)
class Found:
    """A moment in a text.

    Attributes:
        at: the moment (aware UTC); not necessarily in the future.
        said: the words it was said in. ``rest``: the text without them.
        doubt: something beside it belongs to it and could not be read, so that ``at`` is a guess;
            "past" where that says the moment is past (上周五18:00), "unread" else (13-45 10:00).
    """

    at: datetime
    said: str
    rest: str
    doubt: Literal["", "past", "unread"] = ""


#: A day as people name one: 明天, 周六, 12月1日.
DAY = _DAY.pattern


def day(text: str, now: datetime, calendar: Calendar) -> date | None:
    """The local day a text is, None where it is none; a weekday is the next of its name, today included."""
    found = _DAY.fullmatch(fold(text).strip())
    return _day_of(found, calendar.local_day(now)) if found else None


def find(text: str, now: datetime, calendar: Calendar) -> Found | None:
    """The first moment a text names, None where it names none.

    Args:
        text: as it was typed.
        now: what it is relative to (aware).
        calendar: whose zone the wall clock shows, and when business closes (下班).

    A day without a time of day means when business closes on it. An hour up to 12 without a part of
    the day means the next time the clock shows it today, unless it has two digits (09:30).
    """
    folded = fold(text)
    for read in (_spanned, _named):
        found = read(folded, now, calendar)
        if found is not None:
            at, start, end = found
            doubt, start, end = _doubted(folded, start, end)
            start = start - len(_BEFORE.search(folded[:start])[0])  # type: ignore[index]
            end = end + len(_AFTER.match(folded[end:])[0])  # type: ignore[index]
            before, after = text[:start].rstrip(_EDGES), text[end:].lstrip(_EDGES).rstrip()
            rest = f"{before}，{after}" if before and after else (before or after).strip(_EDGES)
            if not doubt and _CLOCK.search(fold(rest)):
                doubt = "unread"  # two moments, of which only one was read
            return Found(at.astimezone(UTC), text[start:end].strip(_EDGES), rest, doubt)
    return None


def without(text: str, now: datetime, calendar: Calendar) -> str:
    """The text without any moment, told or attempted: what a plan is, once its moment is asked for again."""
    for _ in range(3):
        if (found := find(text, now, calendar)) is None:
            break
        text = found.rest
    return _ATTEMPT.sub("", text).strip(_EDGES)


def _doubted(text: str, start: int, end: int) -> tuple[Literal["", "past", "unread"], int, int]:
    """Whether what stands right beside a moment belongs to it, unread; and where it then begins and ends."""
    doubt: Literal["", "past", "unread"] = ""
    start = end - len(text[start:end].lstrip())
    before = _UNREAD_BEFORE.search(text[:start])
    # 换终端 8821 今天18:00: digits are of the moment only where it begins with its time, or has none apart.
    if before and (_WAS.search(before[0]) or _belongs(before[0], text[start:end])):
        was = _WAS.search(before[0]) or before[0].startswith("上")
        doubt, start = ("past" if was else "unread"), before.start()
    if after := _UNREAD_AFTER.match(text[end:]):
        doubt, end = doubt or "unread", end + after.end()
    return doubt, start, end


def _belongs(before: str, said: str) -> bool:
    if not before[-1].isspace() or not re.search(r"\d", before):
        return True
    return said[:1].isdigit() or _DATE_LIKE.search(before) is not None


_Spot = tuple[datetime, int, int]


def _spanned(text: str, now: datetime, calendar: Calendar) -> _Spot | None:
    """半小时后, 20分钟内, 一个半小时, 3个工作日内."""
    found = _SPAN.search(text)
    if found is None or text[: found.start()].rstrip().endswith(("-", "－", "−", "负")):
        return None
    if found["half"]:
        stretch = timedelta(hours=12) if found["half_unit"] == "天" else timedelta(minutes=30)
        return now + stretch, *found.span()
    count = spelled(found["n"])
    unit = found["unit"]
    if unit == "工作日":
        return calendar.end_of_nth_working_day(now, max(int(count), 1)), *found.span()
    seconds = {"小时": 3600, "钟头": 3600, "分钟": 60, "刻钟": 900, "天": 86400, "日": 86400}[unit]
    if unit == "日" and not re.match(r"\s*(?:之?后|以?内|之内|以后)", text[found.end() :]):
        return None  # a day of the month
    if found["and_half"]:
        count += 0.5
    stretch = timedelta(seconds=count * seconds)
    if found["rest"]:
        stretch += timedelta(seconds=seconds / 2) if found["rest"] == "半" else _minutes(found["rest"])
    return now + stretch, *found.span()


def _minutes(text: str) -> timedelta:
    return timedelta(minutes=spelled(text.strip().removesuffix("钟").removesuffix("分").strip()))


def _named(text: str, now: datetime, calendar: Calendar) -> _Spot | None:
    """A day, a time of day, or a day and then a time of day."""
    local = calendar.local(now)
    day = _DAY.search(text)
    which = _day_of(day, local.date()) if day else None
    time = None
    if day and which:
        time = _TIME.match(text, day.end() + len(text[day.end() :]) - len(text[day.end() :].lstrip(" ,，的")))
    else:
        day, time = None, _TIME.search(text)
    if day is None and time is None:
        return None
    start = day.start() if day else time.start()  # type: ignore[union-attr]
    end = time.end() if time else day.end()  # type: ignore[union-attr]
    at = _at(
        which or local.date(), time, day["word"] if day else None, calendar, local, dated=day is not None
    )
    return None if at is None else (at, start, end)


def _day_of(found: re.Match[str], today: date) -> date | None:
    if found["word"]:
        return today + timedelta(days=_DAYS[found["word"]])
    if found["week"]:
        index = 6 if found["weekday"] == "天" else "一二三四五六日".index(found["weekday"])
        monday = today - timedelta(days=today.weekday())
        if found["week"].startswith("下"):
            return monday + timedelta(days=7 + index)
        day = monday + timedelta(days=index)
        return day if day >= today or found["week"][0] in "本这" else day + timedelta(days=7)
    try:
        if found["only_dom"]:
            day = today.replace(day=int(found["only_dom"]))
            return day if day >= today else _next_month(day)
        year = int(found["year"] or today.year)
        day = date(year, int(found["month"]), int(found["dom"]))
    except ValueError:
        return None
    if not found["year"] and (today - day).days > 183:
        day = day.replace(year=year + 1) if (day.month, day.day) != (2, 29) else day
    return day


def _next_month(day: date) -> date:
    year, month = divmod(day.year * 12 + day.month, 12)
    return day.replace(year=year, month=month + 1)


def _at(
    day: date,
    time: re.Match[str] | None,
    word: str | None,
    calendar: Calendar,
    local: datetime,
    *,
    dated: bool,
) -> datetime | None:
    if time is None or time["closing"]:
        return calendar.closing(day)
    if time["noon"]:
        return calendar.moment(day, 12 * 60)
    if time["h"]:
        hour, minute = int(time["h"]), int(time["m"])
    else:
        hour = int(spelled(time["hour"]))
        quarter = {"半": 30, "一刻": 15, "三刻": 45}.get(time["quarter"] or "", 0)
        minute = int(spelled(time["minute"])) if time["minute"] else quarter
    part = time["part"] or {"今晚": "晚", "明晚": "晚", "明早": "早"}.get(word or "")
    if hour > 24 or minute > 59:
        return None
    if (part and part[0] in "下傍晚今夜" and (hour < 12 or (hour == 12 and part[0] in "晚今夜"))) or (
        part == "中午" and hour < 4
    ):
        hour += 12
    minutes = hour * 60 + minute
    on_the_clock = bool(time["h"]) and len(time["h"]) == 2
    if (
        not part
        and not dated
        and not on_the_clock
        and hour <= 12
        and minutes <= local.hour * 60 + local.minute
    ):
        # Nobody promises a moment that is past: 3点, said at two in the afternoon, is 15:00.
        minutes += 12 * 60
    return calendar.moment(day, minutes)
