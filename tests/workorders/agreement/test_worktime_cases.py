"""Working-time cases collected from the suites of other service desks, and China's own (2026)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from workorders.agreement.worktime import Calendar, Span
from workorders.errors import FileError

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def calendar(hours: dict[str, list[str]], **rest: Any) -> Calendar:
    return Calendar.load({"zone": "UTC", "hours": hours, **rest})


def weekdays(hours: str, **rest: Any) -> Calendar:
    return calendar({day: [hours] for day in DAYS[:5]}, **rest)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


TEN_TO_SIX = weekdays("10:00-18:00")
NINE_TO_FIVE = weekdays("09:00-17:00")
THU_FRI_CLOSED = weekdays("10:00-18:00", closed=["2026-11-26", "2026-11-27"])
LONG_TUESDAY = calendar({"mon": ["09:00-17:00"], "tue": ["09:00-20:00"]})
ALL_SATURDAY = calendar({"sat": ["00:00-24:00"]})

ADDED = {
    "A1 inside hours, 1 h": (TEN_TO_SIX, "2026-11-23T11:00", "1h", "2026-11-23T12:00"),
    "A1 inside hours, 4 h": (TEN_TO_SIX, "2026-11-23T11:00", "4h", "2026-11-23T15:00"),
    "A2 before opening, 1 h": (TEN_TO_SIX, "2026-11-23T08:00", "1h", "2026-11-23T11:00"),
    "A2 before opening, 4 h": (TEN_TO_SIX, "2026-11-23T08:00", "4h", "2026-11-23T14:00"),
    "A3 after closing, 30 min": (TEN_TO_SIX, "2026-11-23T20:00", "30m", "2026-11-24T10:30"),
    "A3 after closing, 2 h": (TEN_TO_SIX, "2026-11-23T20:00", "2h", "2026-11-24T12:00"),
    "A4 from a Saturday, ending exactly at closing": (
        TEN_TO_SIX,
        "2026-11-28T15:00",
        "24h",
        "2026-12-02T18:00",
    ),
    "A4 from a Saturday, over a weekend": (TEN_TO_SIX, "2026-11-28T15:00", "72h", "2026-12-10T18:00"),
    "A4 a second more begins the next day": (TEN_TO_SIX, "2026-11-28T15:00", "24h1s", "2026-12-03T10:00:01"),
    "A5 Friday, done before closing": (TEN_TO_SIX, "2026-11-27T17:00", "30m", "2026-11-27T17:30"),
    "A5 Friday, over the weekend": (TEN_TO_SIX, "2026-11-27T17:00", "2h", "2026-11-30T11:00"),
    "A6 Friday evening, 1 h": (TEN_TO_SIX, "2026-11-27T19:00", "1h", "2026-11-30T11:00"),
    "A6 Friday evening, 4 h": (TEN_TO_SIX, "2026-11-27T19:00", "4h", "2026-11-30T14:00"),
    "A7 on a closed day, 30 min": (THU_FRI_CLOSED, "2026-11-26T15:00", "30m", "2026-11-30T10:30"),
    "A7 on a closed day, 2 h": (THU_FRI_CLOSED, "2026-11-26T15:00", "2h", "2026-11-30T12:00"),
    "A10 over a weekend": (NINE_TO_FIVE, "2024-01-19T16:00", "2h", "2024-01-22T10:00"),
    "A11 before opening": (NINE_TO_FIVE, "2024-01-17T07:00", "2h", "2024-01-17T11:00"),
    "A11 after closing": (NINE_TO_FIVE, "2024-01-17T18:00", "2h", "2024-01-18T11:00"),
    "A11 on a Saturday": (NINE_TO_FIVE, "2024-01-20T10:00", "2h", "2024-01-22T11:00"),
    "A12 days of different length": (LONG_TUESDAY, "2026-11-23T18:00", "10h", "2026-11-24T19:00"),
    "A13 a whole day has 24 hours": (ALL_SATURDAY, "2026-11-28T00:00", "24h", "2026-11-29T00:00"),
}


@pytest.mark.parametrize(("times", "start", "span", "end"), ADDED.values(), ids=ADDED)
def test_a_span_of_working_time_ends(times: Calendar, start: str, span: str, end: str) -> None:
    assert times.add(at(start), Span.parse(span)) == at(end)


@pytest.mark.parametrize(("times", "start", "span", "end"), ADDED.values(), ids=ADDED)
def test_measuring_what_was_added_gives_the_span_back(
    times: Calendar, start: str, span: str, end: str
) -> None:
    assert times.between(at(start), at(end)) == Span.parse(span).timedelta


@pytest.mark.parametrize(
    ("paused_for", "due"),
    [(timedelta(hours=1), "2026-11-26T18:00"), (timedelta(hours=1, seconds=1), "2026-11-27T10:00:01")],
    ids=["A8 an hour in all", "A8 an hour and a second in all"],
)
def test_pauses_move_the_due_moment_by_exactly_their_working_time(paused_for: timedelta, due: str) -> None:
    first, second = at("2026-11-26T15:30"), at("2026-11-26T16:30")
    pauses = [(first, first + timedelta(minutes=20)), (second, second + paused_for - timedelta(minutes=20))]

    assert TEN_TO_SIX.add(at("2026-11-26T15:00"), Span.parse("2h"), pauses) == at(due)


def test_an_answer_after_closing_is_in_time_when_the_span_reaches_into_tomorrow() -> None:  # A9
    due = TEN_TO_SIX.add(at("2026-11-23T17:55"), Span.parse("20m"))

    assert at("2026-11-23T18:05") <= due == at("2026-11-24T10:15")


@pytest.mark.parametrize("hours", [{}, {"mon": []}, {day: [] for day in DAYS}])
def test_a_calendar_with_no_working_time_is_refused_at_once(hours: dict[str, list[str]]) -> None:  # A14
    with pytest.raises(FileError, match="no working time at all"):
        calendar(hours)


def test_a_calendar_without_hours_is_refused_at_once() -> None:  # A14
    with pytest.raises(FileError, match="no working time at all"):
        Calendar.load({})


def test_measuring_backwards_gives_nothing() -> None:  # A15
    assert TEN_TO_SIX.between(at("2026-11-23T15:00"), at("2026-11-23T11:00")) == timedelta(0)


def test_closed_wins_over_hours_of_its_own() -> None:  # A16
    times = weekdays("09:00-17:00", closed=["2026-11-23"], replaced={"2026-11-23": ["10:00-12:00"]})

    assert not times.is_open(at("2026-11-23T11:00"))
    assert not times.is_working_day(date(2026, 11, 23))


def test_a_reopened_order_goes_on_with_what_was_left() -> None:  # B1
    stood_still = [
        (at("2026-11-23T09:30"), at("2026-11-23T09:45")),
        (at("2026-11-23T10:00"), at("2026-11-23T10:30")),
    ]

    due = NINE_TO_FIVE.add(at("2026-11-23T09:00"), Span.parse("120m"), stood_still)

    assert due == at("2026-11-23T11:45")


def test_a_pause_counts_against_neither_response_nor_solution() -> None:  # B2
    start, pauses = at("2026-11-23T09:00"), [(at("2026-11-23T10:00"), at("2026-11-23T10:30"))]

    assert NINE_TO_FIVE.between(start, at("2026-11-23T10:45"), pauses) == timedelta(minutes=75)
    assert NINE_TO_FIVE.between(start, at("2026-11-23T12:00"), pauses) == timedelta(minutes=150)


def test_what_was_paused_from_the_start_used_no_time() -> None:  # B3
    start, solved = at("2026-11-23T09:00"), at("2026-11-23T12:00")

    assert NINE_TO_FIVE.between(start, solved, [(start, solved)]) == timedelta(0)


def test_a_pause_after_the_due_moment_does_not_move_it() -> None:  # B4
    start, span = at("2026-11-23T09:00"), Span.parse("20m")
    late_pause = [(at("2026-11-23T09:30"), at("2026-11-23T11:00"))]

    assert NINE_TO_FIVE.add(start, span, late_pause) == at("2026-11-23T09:20")


def test_response_and_solution_are_judged_apart() -> None:  # B5
    start = at("2026-11-23T09:00")
    accepted, solved = at("2026-11-23T09:04"), at("2026-11-23T09:21")

    assert accepted <= NINE_TO_FIVE.add(start, Span.parse("5m"))
    assert solved > NINE_TO_FIVE.add(start, Span.parse("20m"))


CHINA = Calendar.load({"china": True, "hours": {day: ["09:00-18:00"] for day in DAYS[:5]}})


def china(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA.zone)


@pytest.mark.parametrize("day", ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"])  # C1
def test_a_weekend_day_worked_in_exchange_is_a_working_day(day: str) -> None:
    assert CHINA.is_working_day(date.fromisoformat(f"2026-{day}"))


@pytest.mark.parametrize(
    ("start", "span", "end"),
    [
        ("2026-09-30T17:58", "5m", "2026-10-08T09:03"),  # C2
        ("2026-09-30T17:58", "20m", "2026-10-08T09:18"),  # C2
        ("2026-09-19T10:00", "5m", "2026-09-20T09:05"),  # C3
        ("2026-11-20T17:59:01", "59s", "2026-11-20T18:00"),
        ("2026-11-20T17:59:01", "60s", "2026-11-23T09:00:01"),
    ],
)
def test_a_span_over_chinese_holidays_ends(start: str, span: str, end: str) -> None:
    assert CHINA.add(china(start), Span.parse(span)) == china(end)


@pytest.mark.parametrize("moment", ["00:00", "09:00", "12:30", "18:00", "23:59:59"])
def test_three_working_days_from_any_moment_of_the_eve_of_national_day_end_on_the_worked_saturday(
    moment: str,
) -> None:
    assert CHINA.add(china(f"2026-09-30T{moment}"), Span.parse("3d")) == china("2026-10-10T18:00")


def test_the_due_moment_explains_itself_as_people_would() -> None:  # C2
    why = CHINA.why(china("2026-09-30T17:58"), Span.parse("5m"))

    assert "；".join(why) == "+2 分钟 周三 17:58–18:00；国庆 10-01 至 10-07 休息；+3 分钟 10-08 09:00"


@pytest.mark.parametrize(
    ("start", "span", "why"),
    [
        ("2026-11-23T10:00", "20m", "+20 分钟 周一 10:00–10:20"),
        ("2026-11-23T20:00", "20m", "周一 20:00 不在工作时间；+20 分钟 11-24 09:00"),
        ("2026-09-19T10:00", "5m", "周末 09-19 休息；09-20（周日）调休上班；+5 分钟 09-20 09:00"),
        (
            "2026-11-27T17:59:30",
            "1m",
            "+30 秒 周五 17:59:30–18:00；周末 11-28 至 11-29 休息；+30 秒 11-30 09:00",
        ),
        (
            "2026-11-23T17:00",
            "12h30m",
            "+1 小时 周一 17:00–18:00；+9 小时 11-24 09:00–18:00；+2 小时 30 分钟 11-25 09:00",
        ),
        (
            "2026-10-08T10:00",
            "2d",
            "当日 10-08（周四）不计；第 1 个工作日 10-09（周五）；"
            "第 2 个工作日 10-10（周六，调休上班）18:00 截止",
        ),
        (
            "2026-12-31T17:59",
            "2m",
            "+1 分钟 周四 17:59–18:00；元旦 2027-01-01 至 2027-01-03 休息；+1 分钟 2027-01-04 09:00；"
            "2027 年放假安排尚未公布，暂按法定节假日推算",
        ),
    ],
)
def test_every_rest_and_every_stretch_has_its_line(start: str, span: str, why: str) -> None:
    assert "；".join(CHINA.why(china(start), Span.parse(span))) == why


def test_an_explanation_says_what_was_paused() -> None:
    pauses = [(china("2026-11-23T10:10"), china("2026-11-23T11:00"))]

    why = CHINA.why(china("2026-11-23T10:00"), Span.parse("20m"), pauses)

    assert why == ("+10 分钟 周一 10:00–10:10", "+10 分钟 11-23 11:00", "11-23 10:10 至 11-23 11:00 挂起不计")


def test_an_explanation_of_months_stays_readable() -> None:
    assert len(CHINA.why(china("2026-01-05T09:00"), Span.parse("900h"))) <= 12


def test_a_lead_is_counted_back_over_rest_days() -> None:
    assert CHINA.working_days_before(date(2026, 10, 12), 2) == date(2026, 10, 9)
    assert CHINA.working_days_before(date(2026, 10, 8), 1) == date(2026, 9, 30)
    assert CHINA.working_days_before(date(2026, 1, 5), 3) == date(2025, 12, 30)


def test_a_day_that_ends_at_midnight_is_told_as_twenty_four_hours() -> None:
    assert ALL_SATURDAY.why(at("2026-11-28T23:00"), Span.parse("1h")) == ("+1 小时 周六 23:00–24:00",)


def test_an_hour_the_clock_repeats_is_told_by_what_really_passes() -> None:
    times = Calendar.load({"zone": "Europe/Berlin", "hours": {"sun": ["00:00-24:00"]}})
    second_time_round = datetime(2026, 10, 25, 2, 30, tzinfo=times.zone, fold=1)

    assert times.why(second_time_round, Span.parse("1h")) == ("+1 小时 周日 02:30–03:30",)
    assert times.why(datetime(2026, 10, 25, tzinfo=times.zone), Span.parse("25h")) == (
        "+25 小时 周日 00:00–24:00",
    )


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        TEN_TO_SIX.add(datetime(2026, 11, 23, 10), Span.parse("1h"))  # noqa: DTZ001


def test_an_end_beyond_any_calendar_is_an_error_and_not_an_endless_walk() -> None:
    once = calendar({}, replaced={"2026-11-23": ["09:00-10:00"]})

    assert once.add(at("2026-11-20T12:00"), Span.parse("1h")) == at("2026-11-23T10:00")
    with pytest.raises(ValueError, match="not enough working time"):
        once.add(at("2026-11-23T09:30"), Span.parse("31m"))
    with pytest.raises(ValueError, match="not enough working time"):
        once.opening(at("2026-11-23T10:00"))
    with pytest.raises(ValueError, match="beyond any calendar"):
        TEN_TO_SIX.opening(datetime.max.replace(tzinfo=UTC))


@pytest.mark.parametrize(
    ("text", "seconds", "days", "told"),
    [
        ("20m", 1200, None, "20m"),
        ("1h30m", 5400, None, "1h30m"),
        ("90m", 5400, None, "1h30m"),
        ("59s", 59, None, "59s"),
        ("1h1s", 3601, None, "1h1s"),
        ("3d", None, 3, "3d"),
        (" 2h ", 7200, None, "2h"),
    ],
)
def test_a_span_is_read_and_told(text: str, seconds: int | None, days: int | None, told: str) -> None:
    span = Span.parse(text)

    assert (span.seconds, span.days, str(span)) == (seconds, days, told)
    assert Span.parse(str(span)) == span


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0m",
        "0d",
        "-5m",
        "5",
        "m",
        "1.5h",
        "5 minutes",
        "30m1h",
        "1d2h",
        "2h1d",
        "５m",
        "1e3s",
        "9" * 20 + "s",
    ],
)
def test_what_is_no_span_is_refused_with_what_is_accepted(text: str) -> None:
    with pytest.raises(ValueError, match="working days"):
        Span.parse(text)


def test_a_stretch_of_nothing_is_no_span() -> None:
    with pytest.raises(ValueError, match="stretch of nothing"):
        TEN_TO_SIX.add(at("2026-11-23T11:00"), timedelta(0))
    with pytest.raises(ValueError, match="working days"):
        Span(seconds=0)
