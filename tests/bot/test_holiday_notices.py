"""The calendar proposes the announcement of a holiday a week ahead (people.md, habit 19)."""

from __future__ import annotations

from datetime import date

from tests.bot.office import Office
from tests.workorders.notices.stage import AGREEMENT, FILE, local
from workorders.notices.holidays import upcoming
from workorders.notices.notice import State

CALENDAR = AGREEMENT.calendar


def test_a_holiday_is_announced_once_it_begins_within_a_week() -> None:
    assert upcoming(CALENDAR, local("2026-09-10 10:00")) == ()
    (found,) = upcoming(CALENDAR, local("2026-09-28 10:00"))

    assert (found.name, found.first, found.days) == ("国庆", date(2026, 10, 1), 7)
    assert (found.closes, found.opens) == (local("2026-09-30 18:00"), local("2026-10-08 09:00"))
    assert date(2026, 10, 10) in found.makeup


def test_in_the_middle_of_a_holiday_nothing_is_proposed() -> None:
    assert upcoming(CALENDAR, local("2026-10-03 10:00")) == ()


def test_it_is_proposed_once_and_operations_are_told(office: Office) -> None:
    office.now = local("2026-09-28 10:00")
    with office.units.begin() as unit:
        unit.directory.replace_with(FILE)
    for _ in range(3):
        office.rounds().holidays()

    with office.units.reading() as unit:
        (notice,) = unit.notices.latest(10)
    assert notice.state is State.DRAFT
    assert notice.composer is None
    assert "节后恢复服务：10月8日（周四）09:00" in notice.body
    assert office.states() == ["waiting"]


def test_of_two_holidays_close_to_each_other_neither_hides_the_other() -> None:
    names = [holiday.name for holiday in upcoming(CALENDAR, local("2026-09-24 10:00"))]

    assert names == ["中秋", "国庆"]
