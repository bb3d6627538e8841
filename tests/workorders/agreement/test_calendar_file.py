"""A calendar file that cannot be meant is refused with where, what and what is accepted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from workorders.agreement.worktime import Calendar
from workorders.errors import FileError

GOOD: dict[str, Any] = {"hours": {"mon": ["09:00-12:00", "13:30-18:00"]}}

BAD = {
    "an unknown key": ({"holidays": []}, "calendar: unknown key 'holidays'"),
    "an unknown weekday": ({"hours": {"monday": ["09:00-18:00"]}}, "calendar: hours: unknown key 'monday'"),
    "overlapping hours": (
        {"hours": {"mon": ["09:00-12:00", "11:59-18:00"]}},
        "hours.mon: hours overlap at 11:59",
    ),
    "the same hours twice": ({"hours": {"mon": ["09:00-12:00", "09:00-12:00"]}}, "hours overlap"),
    "reversed hours": ({"hours": {"mon": ["18:00-09:00"]}}, "ends before it begins"),
    "a night in one piece": ({"hours": {"mon": ["22:00-06:00"]}}, "parted at 24:00"),
    "empty hours": ({"hours": {"mon": ["09:00-09:00"]}}, "ends before it begins"),
    "a 25th hour": ({"hours": {"mon": ["09:00-25:00"]}}, "not a time of day"),
    "a minute past the end": ({"hours": {"mon": ["09:00-24:01"]}}, "not a time of day"),
    "a 60th minute": ({"hours": {"mon": ["09:60-10:00"]}}, "not a time of day"),
    "hours that are words": ({"hours": {"mon": ["nine to five"]}}, "is not an interval"),
    "hours that are a number": ({"hours": {"mon": [9]}}, "is not an interval"),
    "hours that are no list": ({"hours": {"mon": "09:00-18:00"}}, "must be a list"),
    "hours that are no table": ({"hours": ["09:00-18:00"]}, "must be a table"),
    "a day there is not": ({"closed": ["2026-02-30"]}, "there is no day '2026-02-30'"),
    "a date in other words": ({"closed": ["20260230"]}, "'20260230' is not a date"),
    "a week for a date": ({"closed": ["2026-W01"]}, "is not a date"),
    "closed that is no list": ({"closed": "2026-11-23"}, "must be a list"),
    "a bad date replaced": ({"replaced": {"23.11.2026": []}}, "is not a date"),
    "overlapping hours of a date": (
        {"replaced": {"2026-11-23": ["09:00-11:00", "10:00-12:00"]}},
        "overlap at 10:00",
    ),
    "overlapping breaks": ({"breaks": {"2026-11-23": ["09:00-11:00", "10:00-12:00"]}}, "breaks.2026-11-23"),
    "breaks that are no table": ({"breaks": ["12:00-13:00"]}, "must be a table"),
    "a zone nobody knows": ({"zone": "Mars/Olympus"}, "unknown time zone 'Mars/Olympus'"),
    "a zone that is a path": ({"zone": "../etc/passwd"}, "unknown time zone"),
    "a zone that is a folder": ({"zone": "Asia"}, "unknown time zone"),
    "no zone at all": ({"zone": ""}, "unknown time zone"),
    "a zone that is a number": ({"zone": 8}, "unknown time zone"),
    "china that is a word": ({"china": "yes"}, "neither true nor false"),
    "reversed make-up hours": ({"makeup": ["18:00-09:00"]}, "makeup"),
    "every date of its own closed": (
        {"hours": {}, "replaced": {"2026-11-23": ["09:00-10:00"]}, "closed": ["2026-11-23"]},
        "no working time at all",
    ),
}


@pytest.mark.parametrize(("tables", "said"), BAD.values(), ids=BAD)
def test_a_calendar_is_refused_for(tables: dict[str, Any], said: str) -> None:
    with pytest.raises(FileError) as caught:
        Calendar.load({**GOOD, **tables})

    assert said in str(caught.value)
    assert caught.value.where.startswith("calendar")


def test_hours_may_stand_in_any_order_and_touching_ones_are_one() -> None:
    shuffled = Calendar.load({"hours": {"mon": ["12:00-18:00", "09:00-12:00"]}})

    assert shuffled.hours_text == "周一 09:00–18:00"


def test_usual_hours_are_told_as_people_say_them() -> None:
    office = {day: ["09:00-12:00", "13:30-18:00"] for day in ("mon", "tue", "wed", "thu", "fri")}

    assert Calendar.load({"hours": office}).hours_text == "工作日 09:00–12:00、13:30–18:00"
    assert Calendar.load({"hours": {**office, "sat": ["10:00-24:00"]}}).hours_text == (
        "周一至周五 09:00–12:00、13:30–18:00，周六 10:00–24:00"
    )


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff\xfe", "is not UTF-8"),
        (b"hours = [", "is not TOML"),
        (b"[hours]\nmon = []\n", "no working time at all"),
        (b"", "no working time at all"),
    ],
)
def test_a_file_that_is_no_calendar_is_refused_by_name(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "calendar.toml"
    path.write_bytes(content)

    with pytest.raises(FileError, match=said) as caught:
        Calendar.load(path)

    assert str(path) in str(caught.value)


def test_a_file_that_is_not_there_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="cannot be read: No such file"):
        Calendar.load(tmp_path / "none.toml")
