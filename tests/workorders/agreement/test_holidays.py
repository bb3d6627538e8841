"""China's days off: two sources agree, an unpublished year is provisional, an operator's file corrects."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import holidays
import pytest

from workorders.agreement.worktime import Calendar, Span
from workorders.errors import FileError

WEEK = {day: ["09:00-18:00"] for day in ("mon", "tue", "wed", "thu", "fri")}
TABLES = {"china": True, "hours": WEEK}
CHINA = Calendar.load(TABLES)


def days(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]


def china(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA.zone)


@pytest.mark.parametrize("year", range(2010, 2027))
def test_an_independent_source_has_the_same_working_days(year: int) -> None:
    other = holidays.country_holidays("CN", years=[year])

    assert [day for day in days(year) if CHINA.is_working_day(day) != other.is_working_day(day)] == []


@pytest.mark.parametrize("year", [1990, 2003, 2027, 2028, 2050])
def test_a_year_nobody_published_has_its_weekdays_less_the_statutory_days(year: int) -> None:
    statutory = holidays.country_holidays("CN", years=[year])

    assert CHINA.provisional(year)
    for day in days(year):
        assert CHINA.is_working_day(day) == (day.weekday() < 5 and day not in statutory)


@pytest.mark.parametrize("year", [3, 1900, 2101, 2500, 9000])
def test_a_year_nobody_even_names_the_holidays_of_never_stops_a_clock(year: int) -> None:
    at = datetime(year, 12, 31, 23, tzinfo=UTC)

    assert CHINA.provisional(year)
    assert CHINA.add(at, Span.parse("20m")) > at
    assert CHINA.why(at, Span.parse("3d"))


@pytest.mark.parametrize("year", [2004, 2025, 2026])
def test_a_published_year_is_not_provisional(year: int) -> None:
    assert not CHINA.provisional(year)


def test_without_china_nothing_is_provisional_and_national_day_is_worked() -> None:
    plain = Calendar.load({"hours": WEEK})

    assert not plain.provisional(2030)
    assert plain.is_working_day(date(2026, 10, 1))


def test_the_next_years_gap_is_said_from_november() -> None:
    assert CHINA.provisional_years(china("2026-10-31T23:59")) == ()
    assert CHINA.provisional_years(china("2026-11-01T00:00")) == (2027,)
    assert CHINA.provisional_years(china("2027-03-01T00:00")) == (2027,)


def test_a_holiday_closes_even_a_weekday_that_is_always_open() -> None:
    whole_week = Calendar.load({"china": True, "hours": {**WEEK, "sat": ["10:00-16:00"]}})

    assert not whole_week.is_working_day(date(2026, 10, 3))
    assert whole_week.is_working_day(date(2026, 11, 28))


def test_make_up_days_keep_mondays_hours_unless_they_have_their_own() -> None:
    early = Calendar.load({**TABLES, "makeup": ["10:00-16:00"]})

    assert CHINA.opening(china("2026-10-10T00:00")) == china("2026-10-10T09:00")
    assert early.opening(china("2026-10-10T00:00")) == china("2026-10-10T10:00")
    assert early.closing(date(2026, 10, 10)) == china("2026-10-10T16:00")


def test_precedence_is_closed_replaced_holiday_make_up_weekday_then_breaks() -> None:
    times = Calendar.load(
        {
            **TABLES,
            "closed": ["2026-10-10"],
            "replaced": {
                "2026-10-10": ["10:00-11:00"],
                "2026-10-01": ["09:00-12:00"],
                "2026-05-09": ["13:00-15:00"],
                "2026-11-23": [],
            },
            "breaks": {
                "2026-10-01": ["10:00-11:00"],
                "2026-11-24": ["00:00-24:00"],
                "2026-11-25": ["12:00-13:30"],
            },
        }
    )

    def worked(day: str) -> timedelta:
        return times.between(china(f"{day}T00:00"), china(f"{day}T23:59:59"))

    assert worked("2026-10-10") == timedelta(0)
    assert worked("2026-10-01") == timedelta(hours=2)
    assert worked("2026-05-09") == timedelta(hours=2)
    assert worked("2026-11-23") == timedelta(0)
    assert worked("2026-11-24") == timedelta(0)
    assert not times.is_working_day(date(2026, 11, 24))
    assert worked("2026-11-25") == timedelta(hours=7, minutes=30)


def corrected(**corrections: Any) -> Calendar:
    return Calendar.load(TABLES, corrections)


def test_a_correction_closes_a_working_day_and_opens_a_holiday() -> None:
    times = corrected(closed=["2026-11-23"], replaced={"2026-10-01": ["09:00-12:00"]})

    assert times.add(china("2026-11-23T10:00"), Span.parse("20m")) == china("2026-11-24T09:20")
    assert times.is_open(china("2026-10-01T11:00"))


def test_a_new_year_is_published_by_closing_each_of_its_statutory_days() -> None:
    arrangement = ["2027-01-01", "2027-02-05", "2027-02-08", "2027-02-09", "2027-02-10", "2027-02-11"]
    arrangement += ["2027-04-05", "2027-05-03", "2027-06-09", "2027-09-15", "2027-10-01", "2027-10-04"]

    published = corrected(closed=arrangement, replaced={"2027-02-20": ["09:00-18:00"]})
    one_missing = corrected(closed=[day for day in arrangement if day != "2027-06-09"])

    assert not published.provisional(2027)
    assert published.is_working_day(date(2027, 5, 4)), "an in-lieu day that was only assumed"
    assert published.is_makeup_day(date(2027, 2, 20))
    assert one_missing.provisional(2027)
    assert not one_missing.is_working_day(date(2027, 6, 9))


def test_days_off_of_a_published_file_keep_their_holidays_name() -> None:
    times = corrected(
        closed=["2027-02-05", "2027-02-08", "2027-02-09", "2027-02-10", "2027-02-11", "2027-02-12"]
    )

    why = times.why(china("2027-02-04T17:59"), Span.parse("2m"))

    assert "春节 02-05 至 02-14 休息" in why


def test_corrections_may_repeat_the_agreements_hours_but_not_change_them() -> None:
    assert corrected(hours=WEEK, zone="Asia/Shanghai", china=True, closed=["2026-11-23"])
    for key, value in {"hours": {"mon": ["08:00-12:00"]}, "zone": "Europe/Berlin", "china": False}.items():
        with pytest.raises(FileError, match="corrections change dates only"):
            Calendar.load({**TABLES, "zone": "Asia/Shanghai"}, {key: value})


def test_the_fingerprint_changes_with_every_correction_and_not_without() -> None:
    assert CHINA.fingerprint == Calendar.load(dict(TABLES)).fingerprint
    assert (
        len(
            {
                CHINA.fingerprint,
                corrected(closed=["2026-11-23"]).fingerprint,
                corrected(makeup=[]).fingerprint,
            }
        )
        == 3
    )


def test_corrections_are_read_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "holidays.toml"
    path.write_bytes('\ufeff# 更正\nclosed = ["2026-11-23", 2026-11-24]\n'.encode())

    times = Calendar.load(TABLES, path)

    assert times.opening(china("2026-11-23T10:00")) == china("2026-11-25T09:00")
