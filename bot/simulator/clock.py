"""The desk's clock as the page shows it, and the only ways to turn it: forward."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

import chinese_calendar

ZONE = ZoneInfo("Asia/Shanghai")
"""What the page shows; the desk's promises are counted in the same zone."""


class TurnableClock(Protocol):
    """Desk time, which the demo may turn forward. The entry point passes one in; without it none is shown."""

    def now(self) -> datetime:
        """The desk's moment, aware UTC."""
        ...

    def forward_to(self, moment: datetime) -> None:
        """Turn to a later moment (aware); what has passed stays passed."""
        ...


class NotForward(ValueError):
    """The moment asked for is not after the present one."""


def _minutes(n: int) -> Callable[[datetime], datetime]:
    return lambda now: now + timedelta(minutes=n)


def _saturday_evening(now: datetime) -> datetime:
    day = now.astimezone(ZONE).date()
    day += timedelta(days=(5 - day.weekday()) % 7)
    moment = datetime.combine(day, time(22), ZONE)
    return moment if moment > now else moment + timedelta(days=7)


def _next_working_morning(now: datetime) -> datetime:
    moment = datetime.combine(now.astimezone(ZONE).date(), time(9), ZONE)
    while moment <= now or not _is_working_day(moment):
        moment += timedelta(days=1)
    return moment


def _is_working_day(moment: datetime) -> bool:
    try:
        return bool(chinese_calendar.is_workday(moment.date()))
    except NotImplementedError:  # a year nobody has published yet
        return moment.weekday() < 5


STEPS: dict[str, tuple[str, Callable[[datetime], datetime]]] = {
    "1m": ("+1 分钟", _minutes(1)),
    "5m": ("+5 分钟", _minutes(5)),
    "20m": ("+20 分钟", _minutes(20)),
    "saturday": ("周六 22:00", _saturday_evening),
    "workday": ("下一个工作日 09:00", _next_working_morning),
}
"""The page's buttons, by name: what each says, and where it leads from a moment."""


def turn(clock: TurnableClock, *, step: str | None = None, to: datetime | None = None) -> datetime:
    """Turn the clock by one of ``STEPS`` or to a moment, and return where it stands.

    Raises:
        NotForward: the moment is not ahead.
        KeyError: there is no such step.
    """
    now = clock.now()
    moment = STEPS[step][1](now) if step is not None else to
    if moment is None or moment <= now:
        raise NotForward("时钟只能向前拨。")
    clock.forward_to(moment)
    return clock.now()
