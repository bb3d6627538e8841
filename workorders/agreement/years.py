"""One local year of opening hours as sorted moments, so that working time is looked up and not walked.

A place is open while its wall clock reads inside its hours. Around a clock change that is said hour by real
hour: an hour the clock skips is nobody's, an hour it repeats counts twice.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from workorders.agreement.calendar_file import Hours

_DAY = timedelta(days=1)
_ZERO = timedelta(0)


@dataclass(frozen=True, slots=True)
class Year:
    """The open intervals of one local year.

    Attributes:
        number: which year.
        first: the moment the local year begins; ``last``: the moment the next one does (both UTC).
        starts: openings in order; ``ends``: the closings that belong to them (UTC).
        before: working time of the year before each opening; ``until``: up to and with each closing.
        total: working time of the whole year.
        days: working days in order; ``closings``: the last closing of each (UTC).
    """

    number: int
    first: datetime
    last: datetime
    starts: tuple[datetime, ...]
    ends: tuple[datetime, ...]
    before: tuple[timedelta, ...]
    until: tuple[timedelta, ...]
    total: timedelta
    days: tuple[date, ...]
    closings: tuple[datetime, ...]

    def worked(self, at: datetime) -> timedelta:
        """Working time of this year before ``at``."""
        i = bisect_right(self.starts, at) - 1
        if i < 0:
            return _ZERO
        end = self.ends[i]
        return self.until[i] if at >= end else self.before[i] + (at - self.starts[i])

    def reached(self, worked: timedelta) -> datetime:
        """The first moment by which this much (more than nothing, at most ``total``) was worked."""
        i = bisect_left(self.until, worked)
        return self.starts[i] + (worked - self.before[i])


def build_year(year: int, zone: ZoneInfo, hours_of: Callable[[date], Hours]) -> Year:
    """Lay out one local year.

    Args:
        year: 2 to 9998.
        zone: where the wall clock hangs.
        hours_of: the hours of one local day, breaks taken out.
    """
    segments = _segments(zone, year)
    opened: list[tuple[datetime, datetime]] = []
    closings: dict[date, datetime] = {}
    day = date(year, 1, 1)
    while day.year == year:
        midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
        for start, end in hours_of(day):
            wall_start, wall_end = midnight + timedelta(minutes=start), midnight + timedelta(minutes=end)
            for since, until, offset in segments:
                opens, closes = max(since, wall_start - offset), min(until, wall_end - offset)
                if opens < closes:
                    # A clock change inside an interval is no closing.
                    if since == opens and opened and opened[-1][1] == opens:
                        opens = opened.pop()[0]
                    opened.append((opens, closes))
                    closings[day] = max(closes, closings.get(day, closes))
        day += _DAY
    opened.sort()
    before, until_, worked = [], [], _ZERO
    for opens, closes in opened:
        before.append(worked)
        worked += closes - opens
        until_.append(worked)
    return Year(
        number=year,
        first=_new_year(segments, year),
        last=_new_year(segments, year + 1),
        starts=tuple(opens for opens, _ in opened),
        ends=tuple(closes for _, closes in opened),
        before=tuple(before),
        until=tuple(until_),
        total=worked,
        days=tuple(closings),
        closings=tuple(closings.values()),
    )


_Segment = tuple[datetime, datetime, timedelta]


def _segments(zone: ZoneInfo, year: int) -> list[_Segment]:
    """The stretches of constant UTC offset that cover the local year, as (from, until, offset)."""
    low, high = datetime(year, 1, 1, tzinfo=UTC) - 2 * _DAY, datetime(year + 1, 1, 1, tzinfo=UTC) + 2 * _DAY
    segments: list[_Segment] = []
    since, at, offset = low, low, _offset(zone, low)
    while at < high:
        probe = at + _DAY
        if _offset(zone, probe) != offset:
            change = _change(zone, at, probe)
            segments.append((since, change, offset))
            since, at, offset = change, change, _offset(zone, change)
        else:
            at = probe
    segments.append((since, at, offset))
    return segments


def _change(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The second at which the offset that held at ``before`` ends."""
    offset = _offset(zone, before)
    low, high = 0, int((after - before).total_seconds())
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(zone, before + timedelta(seconds=middle)) == offset:
            low = middle
        else:
            high = middle
    return before + timedelta(seconds=high)


def _offset(zone: ZoneInfo, at: datetime) -> timedelta:
    return at.astimezone(zone).utcoffset() or _ZERO


def _new_year(segments: list[_Segment], year: int) -> datetime:
    midnight = datetime(year, 1, 1, tzinfo=UTC)
    return min(
        max(since, midnight - offset) for since, until, offset in segments if midnight - offset < until
    )
