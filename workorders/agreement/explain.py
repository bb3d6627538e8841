"""Why a due moment is what it is, in Chinese: ``+2 分钟 周三 17:58–18:00；国庆 10-01 至 10-07 休息；…``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from workorders.agreement.calendar_file import Hours, time_text
from workorders.agreement.span import Span

if TYPE_CHECKING:
    from workorders.agreement.worktime import Calendar, Pauses

_WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
_DAY = timedelta(days=1)
_MOST = 14
"""Lines a person still reads; beyond that the middle is left out."""


def weekday(day: date) -> str:
    """周一 to 周日."""
    return _WEEKDAYS[day.weekday()]


def duration(stretch: timedelta) -> str:
    """A stretch of time in words, nothing rounded: ``1 小时 30 分钟``, ``59.5 秒``."""
    hours, rest = divmod(stretch, timedelta(hours=1))
    minutes, rest = divmod(rest, timedelta(minutes=1))
    seconds = rest.total_seconds()
    parts = [f"{n:g} {unit}" for n, unit in ((minutes, "分钟"), (seconds, "秒")) if n]
    return " ".join(([f"{hours} 小时"] if hours else []) + parts) or "0 秒"


def hours(week: Sequence[Hours]) -> str:
    """Weekly hours in words: ``工作日 09:00–18:00``, or the weekdays named where they differ."""
    groups = [
        (key, [i for i, _ in days]) for key, days in groupby(enumerate(week), key=lambda day: day[1]) if key
    ]
    if len(groups) == 1 and groups[0][1] == [0, 1, 2, 3, 4]:
        return f"工作日 {_intervals(groups[0][0])}"
    named = []
    for intervals, days in groups:
        name = _WEEKDAYS[days[0]] + (f"至{_WEEKDAYS[days[-1]]}" if len(days) > 1 else "")
        named.append(f"{name} {_intervals(intervals)}")
    return "，".join(named)


def lines(calendar: Calendar, at: datetime, span: Span | timedelta, pauses: Pauses = ()) -> tuple[str, ...]:
    """The steps from a moment to the end of a span that begins there."""
    due = calendar.add(at, span, pauses)
    days = None if isinstance(span, timedelta) else span.days
    tell = _Teller(calendar, calendar.local(at))
    if days is not None:
        told = list(tell.working_days(days))
        last = calendar.local_day(due - timedelta.resolution)
        told[-1] += f"{tell.clock(calendar.local(due), of=last)} 截止"
    else:
        told = list(tell.stretch(due, pauses))
    return (*told, *_provisional(calendar, calendar.local_day(at), calendar.local_day(due)))


def wall(span: Span) -> tuple[str, ...]:
    """For a span by the wall clock."""
    return (f"+{duration(span.timedelta)} 自然时间，全天候计时",)


def cutoff(calendar: Calendar, at: datetime, starts: datetime, row: tuple[int, int, int]) -> tuple[str, ...]:
    """For an answer owed by a time of the next working day.

    Args:
        at: when it came; ``starts``: when it counts as received (aware).
        row: of the cut-off table: from when, before when, and when it is due; minutes from midnight.
    """
    since, before, due = row
    tell = _Teller(calendar, calendar.local(at))
    came, received = tell.at, calendar.local(starts)
    told = [] if came == received else tell.rest(came.date(), received.date())
    edge = f"早于 {time_text(before)}" if before < 1440 else f"属 {time_text(since)} 起收到"
    told.append(f"{tell.day(received.date())}（{weekday(received)}）{tell.clock(received)} 收到，{edge}")
    day = calendar.working_days_after(received.date(), 1)
    told += tell.rest(received.date() + _DAY, day)
    told.append(f"次工作日 {tell.named(day)}{time_text(due)} 截止")
    return (*told, *_provisional(calendar, came.date(), day))


def day_of_month(calendar: Calendar, named: date, day: date) -> tuple[str, ...]:
    """For a day of the month that a rest day moves on."""
    tell = _Teller(calendar, calendar.local(calendar.moment(named, 0)))
    told = [*tell.rest(named, day), "顺延至下一个工作日"] if day != named else []
    return (*told, f"{tell.named(day)}下班前截止", *_provisional(calendar, named, day))


def months_later(calendar: Calendar, today: date, months: int, due: datetime) -> tuple[str, ...]:
    """For the same day some months later, or that month's last; ``due`` is when it ends."""
    day = calendar.local_day(due - timedelta.resolution)
    tell = _Teller(calendar, calendar.local(calendar.moment(today, 0)))
    told = [f"自 {tell.named(today)}起 {months} 个月"]
    if day.day != today.day:
        told.append(f"当月没有 {today.day} 日，取最后一天")
    return (*told, f"至 {tell.named(day)}{tell.clock(calendar.local(due), of=day)} 止")


def lead(calendar: Calendar, effective: datetime, days: int) -> tuple[str, ...]:
    """For something to be announced so many working days before it takes effect."""
    tell = _Teller(calendar, calendar.local(effective))
    day = tell.at.date()
    told = [f"生效日 {tell.named(day)}不计"]
    for i in range(1, days + 1):
        earlier = calendar.working_days_before(day, 1)
        told += tell.rest(earlier + _DAY, day)
        told.append(f"前 {i} 个工作日 {tell.named(earlier)}")
        day = earlier
    told[-1] += f"{tell.clock(calendar.local(calendar.closing(day)), of=day)} 前通知"
    return (*_shortened(told), *_provisional(calendar, day, tell.at.date()))


def closed(calendar: Calendar, at: datetime, opening: datetime) -> str:
    """What to tell someone who asks for work outside hours: what the hours are, and when the next begin."""
    now, opens = calendar.local(at), calendar.local(opening)
    tell = _Teller(calendar, now)
    rest = None if calendar.is_working_day(now.date()) else calendar.rest_name(now.date())
    state = f"今天是{rest}假期" if rest else "现在是非工作时间"
    day = "今天 " if opens.date() == now.date() else tell.named(opens.date())
    usual = calendar.hours_text
    return f"{state}" + (f"（{usual}）" if usual else "") + f"，{day}{tell.clock(opens)} 开始服务。"


def _provisional(calendar: Calendar, first: date, last: date) -> list[str]:
    years = range(first.year, last.year + 1)
    return [f"{y} 年放假安排尚未公布，暂按法定节假日推算" for y in years if calendar.provisional(y)]


@dataclass(frozen=True)
class _Piece:
    """An open interval that was used, in local time; ``at_once`` if it begins at the moment asked about."""

    start: datetime
    end: datetime
    length: timedelta
    at_once: bool

    @property
    def day(self) -> date:
        return self.start.date()


class _Teller:
    """Tells the days and stretches after one moment; dates of another year are written with the year."""

    def __init__(self, calendar: Calendar, at: datetime) -> None:
        self.calendar, self.at = calendar, at

    def working_days(self, n: int) -> Iterator[str]:
        """The days of a span of n working days."""
        yield f"当日 {self.named(self.at.date())}不计"
        seen = self.at.date()
        steps: list[str] = []
        for i in range(1, n + 1):
            day = self.calendar.working_days_after(seen, 1)
            steps += self.rest(seen + _DAY, day)
            steps.append(f"第 {i} 个工作日 {self.named(day)}")
            seen = day
        yield from _shortened(steps)

    def stretch(self, due: datetime, pauses: Pauses) -> Iterator[str]:
        """The open intervals up to the due moment, and the rests between them."""
        pieces = self._pieces(due, pauses)
        first, last = pieces[0], pieces[-1]
        steps: list[str] = []
        seen = self.at.date()
        if not self.calendar.is_working_day(seen):
            seen -= _DAY
        elif not first.at_once:
            steps.append(f"{weekday(seen)} {self.clock(self.at)} 不在工作时间")
        whole: list[_Piece] = []  # intervals taken from end to end, told together
        for piece in pieces:
            rests = self.rest(seen + _DAY, piece.day)
            if piece.day > seen and self.calendar.is_makeup_day(piece.day):
                rests.append(f"{self.day(piece.day)}（{weekday(piece.day)}）调休上班")
            if rests or piece is last:
                steps += [*self._whole(whole), *rests]
                whole = []
            if piece.at_once:
                hours = f"{self.clock(piece.start)}–{self.clock(piece.end, of=piece.day)}"
                steps.append(f"+{duration(piece.length)} {weekday(piece.day)} {hours}")
            elif piece is last:
                steps.append(f"+{duration(piece.length)} {self.day(piece.day)} {self.clock(piece.start)}")
            else:
                whole.append(piece)
            seen = piece.day
        yield from _shortened(steps)
        for since, until in pauses:
            if since < due:
                yield f"{self._moment(since)} 至 {self._moment(until)} 挂起不计"

    def rest(self, first: date, until: date) -> list[str]:
        """The runs of days off from ``first`` up to, not with, ``until``."""
        told: list[str] = []
        run: list[date] = []
        day = first
        while day <= until:
            if day < until and not self.calendar.is_working_day(day):
                run.append(day)
            elif run:
                told.append(self._rest(run))
                run = []
            day += _DAY
        return told

    def day(self, day: date) -> str:
        """MM-DD, with the year where it is another one."""
        return f"{day:%m-%d}" if day.year == self.at.year else f"{day:%Y-%m-%d}"

    def named(self, day: date) -> str:
        """MM-DD with the weekday, and whether it is one of those worked in exchange."""
        makeup = "，调休上班" if self.calendar.is_makeup_day(day) else ""
        return f"{self.day(day)}（{weekday(day)}{makeup}）"

    def clock(self, at: datetime, of: date | None = None) -> str:
        """HH:MM, seconds only where there are some; the midnight that ends the day ``of`` is 24:00."""
        if of is not None and at.date() > of:
            return "24:00"
        return f"{at:%H:%M:%S}" if at.second or at.microsecond else f"{at:%H:%M}"

    def _rest(self, run: list[date]) -> str:
        names = dict.fromkeys(name for day in run if (name := self.calendar.rest_name(day)))
        weekend = "周末" if all(day.weekday() >= 5 for day in run) else ""
        name = "、".join(names) or weekend
        days = self.day(run[0]) + (f" 至 {self.day(run[-1])}" if len(run) > 1 else "")
        return f"{name} {days} 休息".strip()

    def _pieces(self, due: datetime, pauses: Pauses) -> list[_Piece]:
        # All in UTC until it is told: wall clocks are set back and forward, and repeat themselves.
        local, asked = self.calendar.local, self.at.astimezone(UTC)
        pieces: list[_Piece] = []
        since = asked
        for until, resumed in (*pauses, (due, due)):
            for start, end in self.calendar.intervals(since, min(until, due)):
                pieces.append(_Piece(local(start), local(end), end - start, at_once=start == asked))
            since = max(since, resumed)
        return pieces

    def _whole(self, pieces: Sequence[_Piece]) -> list[str]:
        if not pieces:
            return []
        first, last = pieces[0], pieces[-1]
        begins = f"{self.day(first.day)} {self.clock(first.start)}"
        ends = self.clock(last.end, of=last.day)
        length = duration(sum((piece.length for piece in pieces), timedelta(0)))
        return [
            f"+{length} {begins}" + (f"–{ends}" if len(pieces) == 1 else f" 至 {self.day(last.day)} {ends}")
        ]

    def _moment(self, at: datetime) -> str:
        wall = self.calendar.local(at)
        return f"{self.day(wall.date())} {self.clock(wall)}"


def _shortened(steps: list[str]) -> list[str]:
    return steps if len(steps) <= _MOST else [*steps[:4], "……（中间从略）", *steps[-4:]]


def _intervals(hours: Hours) -> str:
    return "、".join(f"{time_text(a)}–{time_text(b)}" for a, b in hours)
