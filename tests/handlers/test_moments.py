"""Moments as people write them, in Shanghai, on Monday 2026-11-23 at 14:00."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers import moments
from workorders.agreement.clauses import Agreement

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
AGREEMENT = Agreement.load()
CALENDAR = AGREEMENT.calendar

MEANS = {
    "今天18:00": "11-23 18:00",
    "今天 18：00": "11-23 18:00",
    "明天中午12点": "11-24 12:00",
    "半小时后": "11-23 14:30",
    "20分钟内": "11-23 14:20",
    "２０分钟内": "11-23 14:20",
    "一个半小时后": "11-23 15:30",
    "1.5小时内": "11-23 15:30",
    "2小时30分钟内": "11-23 16:30",
    "两小时": "11-23 16:00",
    "3个工作日内": "11-26 18:00",
    "周五下班前": "11-27 18:00",
    "下班前": "11-23 18:00",
    "11-25 10:00": "11-25 10:00",
    "2026-11-25 10:00": "11-25 10:00",
    "11月25日上午10点": "11-25 10:00",
    "25号上午10点": "11-25 10:00",
    "九点半": "11-23 21:30",
    "下午3点": "11-23 15:00",
    "3点": "11-23 15:00",
    "十点一刻": "11-23 22:15",
    "今晚8点": "11-23 20:00",
    "明早9点": "11-24 09:00",
    "晚上12点": "11-24 00:00",
    "今天24:00": "11-24 00:00",
    "下周三15:30": "12-02 15:30",
    "大后天下午两点": "11-26 14:00",
    "后天": "11-25 18:00",
    "预计今天下午五点半解决": "11-23 17:30",
    "今天08:00": "11-23 08:00",  # past: the desk refuses it, the parser does not
    "01-05 10:00": "01-05 10:00",
}

NO_MOMENT = [
    "更换机具",
    "1001 号机器",
    "12月",
    "电话 010-62345678",
    "重启 3 次",
    "版本 2.5",
    "32号",
    "25:00",
    "",
]


@pytest.mark.parametrize("said", MEANS)
def test_it_means(said: str) -> None:
    found = moments.find(said, NOW, CALENDAR)

    assert found is not None
    assert f"{found.at.astimezone(CALENDAR.zone):%m-%d %H:%M}" == MEANS[said]


def test_a_day_long_past_is_one_of_next_year() -> None:
    found = moments.find("01-05 10:00", NOW, CALENDAR)

    assert found is not None
    assert found.at.year == 2027


#: What is typed beside a plan → whether that says the moment is past, or cannot be read
IN_DOUBT = {
    "昨天18:00": "past",
    "前天10:00": "past",
    "上周五18:00": "past",
    "上个月5号 10:00": "past",
    "今天25:00": "unread",
    "今天18:75": "unread",
    "2月29日 10:00": "unread",
    "13-45 10:00": "unread",
    "9999-12-31 10:00": "unread",
    "2027年13月1日 10:00": "unread",
    "99999小时后": "unread",
    "18:00 今天": "unread",
    "明年3月1日 10:00": "unread",
}


@pytest.mark.parametrize("said", IN_DOUBT)
@pytest.mark.parametrize("before", ["重启，", "重启 ", "重启"])
def test_what_could_not_be_read_is_no_promise_and_no_plan(said: str, before: str) -> None:
    found = moments.find(before + said, NOW, CALENDAR)

    assert found is not None
    assert found.doubt == IN_DOUBT[said]
    assert found.rest == "重启"
    assert moments.without(before + said, NOW, CALENDAR) == "重启"


@pytest.mark.parametrize("said", MEANS)
def test_what_was_read_is_not_in_doubt(said: str) -> None:
    found = moments.find(f"换终端 8821 {said}", NOW, CALENDAR)

    if not said[0].isdigit() and not said.startswith("２"):
        assert found is not None
        assert (found.doubt, found.rest) == ("", "换终端 8821")
    found = moments.find(f"重启3次，{said}", NOW, CALENDAR)
    assert found is not None
    assert (found.doubt, found.rest.removesuffix("，解决")) == ("", "重启3次")


@pytest.mark.parametrize(("said", "at"), [("09:30", "09:30"), ("10:00", "10:00"), ("9:30", "21:30")])
def test_a_24_hour_time_stays_where_it_is(said: str, at: str) -> None:
    found = moments.find(said, NOW, CALENDAR)

    assert found is not None
    assert f"{found.at.astimezone(CALENDAR.zone):%m-%d %H:%M}" == f"11-23 {at}"


@pytest.mark.parametrize("text", NO_MOMENT)
def test_no_moment_is_found_in(text: str) -> None:
    assert moments.find(text, NOW, CALENDAR) is None


@pytest.mark.parametrize(
    ("text", "plan"),
    [
        ("更换机具，今天18:00", "更换机具"),
        ("更换机具，预计明天中午12点前完成", "更换机具"),
        ("明天12点前更换机具", "更换机具"),
        ("重启3号机 18:00", "重启3号机"),
        ("升级到2.5 明天9:00", "升级到2.5"),
        ("更换SN 20261123 终端 明天10:00", "更换SN 20261123 终端"),
        ("重启（昨天换过），明天10点", "重启（昨天换过）"),
        ("今天 3台机器换完", "3台机器换完"),
        ("今天18:00", ""),
        ("先重启，20分钟内换新机具", "先重启，换新机具"),
    ],
)
def test_the_plan_is_what_is_left(text: str, plan: str) -> None:
    found = moments.find(text, NOW, CALENDAR)

    assert found is not None
    assert (found.rest, found.doubt) == (plan, "")


def test_two_moments_are_in_doubt() -> None:
    found = moments.find("今天18:00换机具，20:00复查", NOW, CALENDAR)

    assert found is not None
    assert found.doubt == "unread"


@given(
    st.text(
        st.sampled_from("0123456789十一二两半点分今明后天周下上午月日号时小钟:-/.前工作内") | st.characters(),
        max_size=40,
    )
)
def test_any_text_is_read_without_complaint(text: str) -> None:
    found = moments.find(text, NOW, CALENDAR)

    assert found is None or found.at.tzinfo is UTC


@pytest.mark.parametrize("text", ["-5分钟后", "－5分钟后", "负5分钟后"])
def test_a_span_below_nothing_is_no_moment(text: str) -> None:
    assert moments.find(text, NOW, CALENDAR) is None
