"""A calendar as an operator writes it: TOML in, checked values out.

The same format stands in the agreement (``[calendar]``), in a file given to
``desk worktime --calendar``, and in the file of corrections and new years (``HOLIDAYS_PATH``)::

    zone = "Asia/Shanghai"            # the default
    china = true                      # default false: China's public holidays and make-up days
    makeup = ["09:00-18:00"]          # hours of make-up days; default Monday's
    closed = ["2026-12-31"]           # whole days off
    [hours]                           # half-open intervals per weekday; a missing day is closed
    mon = ["09:00-12:00", "13:30-18:00"]
    [replaced]                        # a date's own hours
    "2027-02-05" = ["09:00-12:00"]
    [breaks]                          # taken out of a date's hours
    "2026-11-23" = ["13:30-15:30"]
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from workorders.errors import FileError

Hours = tuple[tuple[int, int], ...]
"""Half-open intervals of one day, in minutes from local midnight (1440 is 24:00), ordered, none touching."""

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_KEYS = ("zone", "china", "makeup", "closed", "hours", "replaced", "breaks")
_INTERVAL = re.compile(r"(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


@dataclass(frozen=True)
class CalendarFile:
    """What a calendar file says, checked but not yet interpreted.

    Attributes:
        zone: time zone, None where the file leaves the default.
        china: whether China's public holidays and make-up days apply; None where the file does not say.
        makeup: hours of a make-up day, None for Monday's.
        closed: whole days off.
        hours: seven entries, Monday first; None where the file has no ``[hours]``.
        replaced: a date's own hours.
        breaks: intervals taken out of a date's hours.
    """

    zone: ZoneInfo | None = None
    china: bool | None = None
    makeup: Hours | None = None
    closed: frozenset[date] = frozenset()
    hours: tuple[Hours, ...] | None = None
    replaced: Mapping[date, Hours] = field(default_factory=dict)
    breaks: Mapping[date, Hours] = field(default_factory=dict)

    def under(self, corrections: CalendarFile, where: str) -> CalendarFile:
        """This calendar with a file of corrections and new years laid over it.

        Days off add up; a date's own hours or breaks in the corrections take the place of this calendar's.
        A correction speaks of dates: zone, weekly hours and ``china`` may stand in it only as they are here.

        Raises:
            FileError: the corrections contradict this calendar's zone, weekly hours or ``china``.
        """
        for key in ("zone", "china", "hours"):
            theirs = getattr(corrections, key)
            if theirs is not None and theirs != getattr(self, key):
                raise FileError(
                    f"{where}: {key}",
                    "differs from the agreement's calendar, and corrections change dates only",
                    "makeup, closed, replaced, breaks",
                )
        return replace(
            self,
            makeup=self.makeup if corrections.makeup is None else corrections.makeup,
            closed=self.closed | corrections.closed,
            replaced={**self.replaced, **corrections.replaced},
            breaks={**self.breaks, **corrections.breaks},
        )


def read_toml(path: Path) -> dict[str, Any]:
    """The tables of a TOML file in UTF-8 (a byte order mark is allowed).

    Raises:
        FileError: unreadable, or as :func:`toml_tables`.
    """
    try:
        return toml_tables(path.read_bytes(), str(path))
    except OSError as error:
        raise FileError(str(path), f"cannot be read: {error.strerror or error}") from error


def toml_tables(data: bytes, where: str) -> dict[str, Any]:
    """The tables of a TOML file's bytes.

    Args:
        where: what to call the file in an error.

    Raises:
        FileError: not UTF-8 or not TOML; the message names the line.
    """
    try:
        return tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise FileError(where, f"is not UTF-8 at byte {error.start}", "TOML in UTF-8") from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise FileError(where, f"is not TOML: {error}", "TOML in UTF-8") from error


def parse_calendar(raw: Mapping[str, Any], where: str) -> CalendarFile:
    """Check the tables of one calendar.

    Args:
        raw: the tables as TOML gives them.
        where: the file, and the table in it, for the message of an error.

    Raises:
        FileError: an unknown key, a bad date, zone or interval, overlapping or reversed hours.
    """
    known(raw, _KEYS, where)
    return CalendarFile(
        zone=_zone(raw["zone"], f"{where}: zone") if "zone" in raw else None,
        china=flag(raw["china"], f"{where}: china") if "china" in raw else None,
        makeup=_hours(raw["makeup"], f"{where}: makeup") if "makeup" in raw else None,
        closed=frozenset(
            _date(d, f"{where}: closed") for d in _list(raw.get("closed", []), f"{where}: closed")
        ),
        hours=_week(raw["hours"], f"{where}: hours") if "hours" in raw else None,
        replaced=_by_date(raw.get("replaced", {}), f"{where}: replaced"),
        breaks=_by_date(raw.get("breaks", {}), f"{where}: breaks"),
    )


def known(raw: object, accepted: tuple[str, ...], where: str) -> Mapping[str, Any]:
    """``raw`` as a table, once every key in it is an accepted one.

    Raises:
        FileError: it is no table, or has a key that is not accepted.
    """
    if not isinstance(raw, Mapping):
        raise FileError(where, f"must be a table, not {raw!r}", ", ".join(accepted))
    for key in raw:
        if key not in accepted:
            raise FileError(where, f"unknown key {key!r}", ", ".join(accepted))
    return raw


def _zone(raw: object, where: str) -> ZoneInfo:
    # A well-formed name nobody knows is a KeyError; one that is a path or a folder is one of the others.
    with suppress(KeyError, ValueError, OSError):
        if isinstance(raw, str):
            return ZoneInfo(raw)
    raise FileError(where, f"unknown time zone {raw!r}", "an IANA name such as Europe/Berlin")


def flag(raw: object, where: str) -> bool:
    """``raw``, once it is true or false.

    Raises:
        FileError: it is neither.
    """
    if not isinstance(raw, bool):
        raise FileError(where, f"{raw!r} is neither true nor false", "true, false")
    return raw


def _list(raw: object, where: str) -> list[Any]:
    if not isinstance(raw, list):
        raise FileError(where, f"must be a list, not {raw!r}", "[…]")
    return raw


def _date(raw: object, where: str) -> date:
    if isinstance(raw, date) and not isinstance(raw, datetime):
        return raw
    if isinstance(raw, str) and _DATE.fullmatch(raw):
        try:
            return date.fromisoformat(raw)
        except ValueError:
            raise FileError(where, f"there is no day {raw!r}", "YYYY-MM-DD") from None
    raise FileError(where, f"{raw!r} is not a date", "YYYY-MM-DD")


def _by_date(raw: object, where: str) -> dict[date, Hours]:
    if not isinstance(raw, Mapping):
        raise FileError(where, f"must be a table, not {raw!r}", '"YYYY-MM-DD" = ["HH:MM-HH:MM"]')
    return {_date(day, where): _hours(hours, f"{where}.{day}") for day, hours in raw.items()}


def _week(raw: object, where: str) -> tuple[Hours, ...]:
    table = known(raw, WEEKDAYS, where)
    return tuple(_hours(table.get(day, []), f"{where}.{day}") for day in WEEKDAYS)


def _hours(raw: object, where: str) -> Hours:
    hours: list[tuple[int, int]] = []
    for start, end in sorted(interval(text, where) for text in _list(raw, where)):
        if hours and start < hours[-1][1]:
            raise FileError(where, f"hours overlap at {time_text(start)}", "disjoint intervals")
        if hours and start == hours[-1][1]:
            hours[-1] = (hours[-1][0], end)
        else:
            hours.append((start, end))
    return tuple(hours)


def interval(raw: object, where: str) -> tuple[int, int]:
    """``18:00-24:00`` in minutes from midnight.

    Raises:
        FileError: it is no interval, no time of day, or ends before it begins.
    """
    match = _INTERVAL.fullmatch(raw) if isinstance(raw, str) else None
    if match is None:
        raise FileError(where, f"{raw!r} is not an interval", '"HH:MM-HH:MM"')
    h1, m1, h2, m2 = (int(group) for group in match.groups())
    start, end = h1 * 60 + m1, h2 * 60 + m2
    if m1 > 59 or m2 > 59 or end > 24 * 60:
        raise FileError(where, f"{raw!r} is not a time of day", "00:00 to 24:00")
    if start >= end:
        raise FileError(where, f"{raw!r} ends before it begins", "a night is two intervals, parted at 24:00")
    return start, end


def interval_text(interval: tuple[int, int]) -> str:
    """``09:00-18:00``, as a calendar file has it."""
    start, end = interval
    return f"{time_text(start)}-{time_text(end)}"


def time_text(minutes: int) -> str:
    """``09:00``, of minutes from midnight; a day ends at ``24:00``."""
    return f"{minutes // 60:02}:{minutes % 60:02}"
