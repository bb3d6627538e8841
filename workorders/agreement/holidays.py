"""China's days off and make-up days (调休), and what is assumed of a year nobody has published.

Published years come from ``chinese_calendar``, which raises outside its years and is asked only inside them.
For any other year the ``holidays`` package has the statutory days: those are days off, there are no make-up
days, and the year is *provisional* until an operator's file of corrections closes each of its statutory days.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from datetime import date, timedelta
from functools import cache, lru_cache
from importlib.metadata import version

_OBSERVED = "（补假）"


@cache
def _published_years() -> range:
    from chinese_calendar.constants import holidays  # 20 ms to import: only who needs holidays pays

    return range(min(holidays).year, max(holidays).year + 1)


@lru_cache(maxsize=256)
def _published(year: int) -> tuple[Mapping[date, str], Set[date]]:
    """Days off with their names, and make-up days, of a published year."""
    from chinese_calendar import Holiday, get_holiday_detail

    chinese = {holiday.value: str(holiday.chinese) for holiday in Holiday}
    off: dict[date, str] = {}
    makeup: set[date] = set()
    day = date(year, 1, 1)
    while day.year == year:
        resting, name = get_holiday_detail(day)
        if name is not None and resting:
            off[day] = short(chinese.get(name, name))
        elif name is not None:
            makeup.add(day)
        day += timedelta(days=1)
    return off, makeup


@lru_cache(maxsize=256)
def _statutory(year: int) -> Mapping[date, str]:
    """Statutory days off of any year, with their names; in-lieu days keep the mark ``（补假）``."""
    from holidays import country_holidays  # 250 ms to import

    return dict(country_holidays("CN", years=[year], language="zh_CN"))


def short(name: str) -> str:
    """A holiday's name as people say it: 国庆节 is 国庆, 农历除夕 is 春节, marks in brackets are left out."""
    name = name.partition("（")[0]
    return {"国庆节": "国庆", "农历除夕": "春节", "清明节": "清明", "端午节": "端午", "中秋节": "中秋"}.get(
        name, name
    )


class ChineseHolidays:
    """Which days China rests and which weekend days it works.

    Args:
        closed: days off in the operator's own files. A year whose every statutory weekday is among them
            counts as published there: its days off are those, and nothing is assumed of it.
    """

    def __init__(self, closed: Set[date] = frozenset()) -> None:
        self._closed = closed
        self._by_file: dict[int, bool] = {}

    def is_off(self, day: date) -> bool:
        """Whether the day is a public holiday or swapped for one; ordinary weekends are not."""
        if day.year in _published_years():
            return day in _published(day.year)[0]
        return not self._published_by_file(day.year) and day in _statutory(day.year)

    def is_makeup(self, day: date) -> bool:
        """Whether the day is a weekend day that is worked (调休上班)."""
        return day.year in _published_years() and day in _published(day.year)[1]

    def name(self, day: date) -> str | None:
        """The holiday's Chinese name, None for a day that has none."""
        if day.year in _published_years():
            return _published(day.year)[0].get(day)
        names = _statutory(day.year)
        return "、".join(dict.fromkeys(short(n) for n in names[day].split("; "))) if day in names else None

    def provisional(self, year: int) -> bool:
        """Whether nobody has published the year, so that statutory days stand in for its arrangement."""
        return year not in _published_years() and not self._published_by_file(year)

    @property
    def edition(self) -> str:
        """What a fingerprint must change with: the releases the days come from."""
        return f"{version('chinese-calendar')}/{version('holidays')}"

    def _published_by_file(self, year: int) -> bool:
        if year not in self._by_file:
            # The State Council's announcement rests on every statutory day, so a file without one of them
            # is a correction, not the year's arrangement.
            days = [d for d, n in _statutory(year).items() if d.weekday() < 5 and not n.endswith(_OBSERVED)]
            self._by_file[year] = bool(days) and all(day in self._closed for day in days)
        return self._by_file[year]
