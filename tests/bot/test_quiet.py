"""Nights and rest days: what can wait for the morning waits, and comes in one message; urgent work never."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.bot.office import Office, minute
from tests.workorders.orders.stage import AGREEMENT, XINGHE_GROUP, local, tick
from workorders.agreement.worktime import Calendar
from workorders.orders.order import Kind
from workorders.quiet import held_until


def drained(office: Office, name: str) -> list[str]:
    """What somebody read on their phone since the desk began."""
    office.rounds().held()
    office.lanes.drain(f"app:{name}")
    return office.wecom.texts(name)


@pytest.fixture
def evening(office: Office) -> Office:
    """Three orders of 老李's, and it is ten at night."""
    for _ in range(3):
        number = office.open(chat=XINGHE_GROUP)
        office.do("accept", number, "laoli")
        office.do("propose", number, "laoli", "更换机具", office.now + timedelta(days=3))
    for name in ("app:laoli", "app:xiaowang", "group:wrXINGHE"):
        office.lanes.drain(name)
    office.wecom.arrived.clear()
    office.now = local("2026-11-23 22:00")
    return office


def test_what_a_partner_adds_at_night_reaches_its_owner_at_the_opening_in_one_message(
    evening: Office,
) -> None:
    for number in (1001, 1002, 1003):
        evening.do("said", number, "xiaowang", f"补充 {number}")
        evening.later(minute)
    assert drained(evening, "laoli") == []
    evening.now = local("2026-11-24 08:59")
    assert drained(evening, "laoli") == []
    evening.now = local("2026-11-24 09:00")
    (digest,) = drained(evening, "laoli")
    for number in (1001, 1002, 1003):
        assert str(number) in digest
        assert f"补充 {number}" in digest
    assert "11-23 22:00" in digest  # when it was said, not when it is read


def test_friday_nights_words_wait_until_monday_and_are_not_given_up_for_their_age(evening: Office) -> None:
    evening.now = local("2026-11-27 23:00")
    evening.do("said", 1001, "xiaowang", "周末了")
    evening.now = local("2026-11-30 09:00") - tick
    assert drained(evening, "laoli") == []
    evening.later(tick)
    assert len(drained(evening, "laoli")) == 1


def test_a_holiday_is_as_quiet_as_a_night(evening: Office) -> None:
    evening.now = local("2027-01-01 11:00")
    evening.do("said", 1001, "xiaowang", "元旦快乐")
    assert drained(evening, "laoli") == []


def test_urgent_work_breaks_through(evening: Office) -> None:
    number = evening.open(Kind.URGENT)
    evening.rounds().orders()
    assert str(number) in drained(evening, "laoli")[0]
    evening.do("upgrade", 1001, "xiaowang")
    assert "1001" in drained(evening, "laoli")[-1]


def test_a_partner_is_answered_at_night(evening: Office) -> None:
    number = evening.open(by="xiaowang")
    evening.do("decline", number, "laoli", "请在白天再报")
    assert "请在白天再报" in drained(evening, "xiaowang")[0]
    evening.do("solve", 1001, "laoli")
    evening.lanes.drain("group:wrXINGHE")
    assert "1001" in evening.wecom.texts("key-of-xinghe")[0]


def test_what_went_stale_overnight_is_not_said_in_the_morning(evening: Office) -> None:
    evening.do("urge", 1001, "xiaowang")
    evening.do("cancel", 1001, "xiaowang")
    evening.now = local("2026-11-24 09:00")
    (digest,) = drained(evening, "laoli")
    assert "催" not in digest
    assert "已由小王撤回" in digest


def test_what_falls_due_at_closing_is_told_that_evening(office: Office) -> None:
    office.now = local("2026-11-23 17:40")
    number = office.open()
    office.do("accept", number, "laoli")
    office.now = local("2026-11-23 18:00") + tick
    office.rounds().orders()
    assert "解决已超时" in drained(office, "zhoujie")[0]


def test_two_clocks_let_a_letter_go_once(evening: Office) -> None:
    evening.do("said", 1001, "xiaowang", "一次就好")
    evening.now = local("2026-11-24 09:00")
    rounds = evening.rounds()
    assert [rounds.held(), rounds.held()] == [True, False]
    assert evening.woken[-1] == "app:laoli"
    evening.lanes.drain("app:laoli")
    evening.worker("two").drain("app:laoli")
    assert len(evening.wecom.texts("laoli")) == 1


@pytest.mark.parametrize(
    ("moment", "until"),
    [
        ("2026-11-23 09:00", None),
        ("2026-11-23 18:29", None),
        ("2026-11-23 18:30", "2026-11-24 09:00"),
        ("2026-11-24 08:59", "2026-11-24 09:00"),
        ("2026-11-27 19:00", "2026-11-30 09:00"),
        ("2026-09-30 19:00", "2026-10-08 09:00"),
        ("2026-10-10 10:00", None),  # a worked Saturday
        ("2026-11-28 12:00", "2026-11-30 09:00"),
    ],
)
def test_quiet_is_outside_the_days_service_as_the_calendar_has_it(moment: str, until: str | None) -> None:
    assert held_until(local(moment), AGREEMENT.calendar) == (local(until) if until else None)


def test_a_break_at_noon_is_no_quiet() -> None:
    week = {day: ["09:00-12:00", "13:30-18:00"] for day in ("mon", "tue", "wed", "thu", "fri")}
    assert held_until(local("2026-11-23 12:30"), Calendar.load({"hours": week})) is None


def test_a_flood_of_breaches_at_one_moment_is_a_handful_of_messages_with_every_number(office: Office) -> None:
    numbers = [office.open() for _ in range(50)]
    office.later(5 * minute + tick)
    while office.rounds().orders():
        pass
    read = drained(office, "laozhang")
    assert len(read) <= 7
    cards = [payload["template_card"] for _, who, payload in office.wecom.arrived if who == "laozhang"]
    shown = [row["keyname"] for card in cards for row in card["horizontal_content_list"]]
    more = sum(int(text.partition("另有 ")[2].partition(" 张")[0] or 0) for text in read)
    assert len(shown) + more == len(set(shown)) + more == len(numbers)
    assert all(str(number) in "".join(read) for number in numbers)
