"""The leaders' group is told of the day and the week: at its hour, with its numbers, and once."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import pytest

from bot.terms import Terms
from bot.uses import Uses
from knowledge.sql import store
from tests.bot.office import Killed, Office, minute
from tests.workorders.orders.stage import AGREEMENT, FILE, local
from workorders.agreement.clauses import Agreement
from workorders.agreement.worktime import Calendar
from workorders.directory.rows import GroupRow
from workorders.errors import FileError
from workorders.orders.order import Kind

LEADERS = GroupRow("wrLEADERS", "负责人群", purpose="leaders", webhook_key="leaders")


@pytest.fixture
def desk(office: Office) -> Office:
    """An office with a leaders' group, whose clocks first looked on a Monday morning."""
    with office.units.begin() as unit:
        unit.directory.replace_with(replace(FILE, groups=(*FILE.groups, LEADERS)))
    office.uses = Uses(
        Terms(AGREEMENT), lambda: office.now, lambda id: {"a1": "怎么对账", "a2": "怎么退款"}.get(id, "")
    )
    office.now = local("2026-11-23 09:00")
    goes(office)
    return office


def goes(office: Office) -> None:
    """What clocks and workers would do now."""
    rounds = office.rounds()
    while any([rounds.orders(), rounds.summaries()]):
        pass
    office.lanes.drain("group:wrLEADERS")


def at(office: Office, text: str) -> None:
    office.now = local(text)
    goes(office)


def said(office: Office) -> list[str]:
    return office.wecom.texts("leaders")


def work(office: Office, count: int, kind: Kind = Kind.DAILY) -> None:
    """So many orders, each accepted and solved within minutes."""
    for _ in range(count):
        number = office.open(kind)
        office.do("accept", number, "laoli")
        office.do("solve", number, "laoli")
        office.later(minute)


def test_a_new_desk_says_nothing_of_the_days_before_it(desk: Office) -> None:
    assert said(desk) == []
    at(desk, "2026-11-23 18:09:59")
    assert said(desk) == []


def test_at_ten_past_six_the_group_reads_the_numbers_of_the_day(desk: Office) -> None:
    work(desk, 3)
    work(desk, 1, Kind.URGENT)
    desk.open()
    desk.later(6 * minute)
    with desk.units.begin() as unit:
        given = [
            store.record_answer(unit.conn, article, "?", desk.now, "xiaowang", None)
            for article in ("a1", "a1", "a2")
        ]
        store.mark(unit.conn, given[0], "solved")
        store.mark(unit.conn, given[2], "human")
        store.record_gap(unit.conn, "发票抬头", desk.now, "xiaowang", None, None, "none")
    at(desk, "2026-11-23 18:10")
    (card,) = said(desk)
    assert card.splitlines() == [
        "服务日报 11月23日（周一）截至 18:10",
        "工单：新增 5（紧急 1），解决 4，超时 2",
        "在办 1",
        "知识库：解答 3，未转人工 2，未解答 1",
        "常见问题：①怎么对账 2 次，②怎么退款 1 次",
        "[查看报表](http://desk.example/console/reports)",
    ]


def test_stars_stand_in_the_card_as_their_average_and_nobodys_name(desk: Office) -> None:
    work(desk, 2)
    for number, stars in ((1001, 5), (1002, 2)):
        desk.do("rate", number, "xiaowang", stars)
    at(desk, "2026-11-23 18:10")
    assert "满意度 3.5 星（2 份评价）" in said(desk)[0]
    assert "老李" not in said(desk)[0]


def test_a_card_counts_its_own_moment_however_late_the_clock_is_and_only_once(desk: Office) -> None:
    work(desk, 2)
    desk.now = local("2026-11-23 18:30")
    desk.open(Kind.URGENT)
    at(desk, "2026-11-23 23:00")
    assert "新增 2，解决 2" in said(desk)[0]
    at(desk, "2026-11-24 09:00")
    goes(desk)
    assert len(said(desk)) == 1


def test_what_came_after_a_card_stands_apart_in_the_next(desk: Office) -> None:
    at(desk, "2026-11-23 18:10")
    desk.now = local("2026-11-23 22:00")
    work(desk, 1, Kind.URGENT)
    at(desk, "2026-11-24 18:10")
    assert "新增 0，解决 0，超时 0" in said(desk)[1]
    assert "11月23日（周一）18:10 至今日零点：新增 1（紧急 1），解决 1，超时 0" in said(desk)[1]


def test_after_days_of_silence_only_the_latest_is_said(desk: Office) -> None:
    at(desk, "2026-11-27 11:00")
    assert [text.splitlines()[0] for text in said(desk)] == ["服务日报 11月26日（周四）截至 18:10"]


def test_a_day_of_rest_has_no_card_and_a_worked_saturday_has_one(desk: Office) -> None:
    at(desk, "2026-11-27 18:10")
    for text in ("2026-11-28 20:00", "2026-11-29 20:00"):
        at(desk, text)
    heads = [text.splitlines()[0] for text in said(desk) if "日报" in text]
    assert heads == ["服务日报 11月27日（周五）截至 18:10"]
    october = AGREEMENT.summary.next("daily", local("2026-10-09 18:10"), AGREEMENT.calendar)
    assert october == local("2026-10-10 18:10")


def test_the_week_is_told_on_its_first_working_morning(desk: Office) -> None:
    work(desk, 2)
    late = desk.open()
    desk.later(25 * minute)
    goes(desk)
    desk.do("accept", late, "laoli")
    at(desk, "2026-11-29 12:00")
    before = len(said(desk))
    at(desk, "2026-11-30 09:29")
    assert len(said(desk)) == before
    at(desk, "2026-11-30 09:30")
    assert said(desk)[before].splitlines()[:3] == [
        "服务周报 11月23日至11月29日",
        "工单：新增 3，解决 2，超时 2",
        "承诺达成率 66.7%",
    ]


def test_a_week_that_begins_with_a_holiday_is_told_when_work_begins(desk: Office) -> None:
    at(desk, "2026-12-31 18:10")
    for text in ("2027-01-01 10:00", "2027-01-04 09:29"):
        at(desk, text)
    before = len(said(desk))
    at(desk, "2027-01-04 09:30")
    assert "服务周报 12月28日至1月3日" in said(desk)[before]


@pytest.mark.parametrize("of", ["daily", "weekly"])
def test_weeks_nobody_worked_in_are_told_with_the_last(of: str) -> None:
    hours, calendar = AGREEMENT.summary, AGREEMENT.calendar
    moments = []
    now = local("2026-09-20 00:00")
    while now < local("2026-10-20 00:00"):
        found = hours.next(of, now, calendar)  # type: ignore[arg-type]
        assert found is not None
        assert hours.last(of, found, calendar) == found  # type: ignore[arg-type]
        assert calendar.is_working_day(calendar.local_day(found))
        moments.append(found)
        now = found
    assert moments == sorted(set(moments))


def test_two_clocks_at_once_say_it_once(desk: Office) -> None:
    work(desk, 1)
    desk.now = local("2026-11-23 18:10")
    ready = threading.Barrier(2)

    def clock() -> None:
        rounds = desk.rounds()
        ready.wait()
        for _ in range(3):
            rounds.summaries()

    clocks = [threading.Thread(target=clock) for _ in range(2)]
    for thread in clocks:
        thread.start()
    for thread in clocks:
        thread.join()
    desk.lanes.drain("group:wrLEADERS")
    assert len(said(desk)) == 1


def test_a_clock_killed_before_it_committed_says_it_once_afterwards(
    desk: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.now = local("2026-11-23 18:10")

    def killed(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr("workorders.sql.summaries.SqlSummaries.record", killed)
        with pytest.raises(Killed):
            desk.rounds().summaries()
    goes(desk)
    assert len(said(desk)) == 1


def test_without_a_leaders_group_nothing_is_said_and_nothing_is_caught_up_later(desk: Office) -> None:
    with desk.units.begin() as unit:
        unit.directory.replace_with(FILE)
    at(desk, "2026-11-23 18:10")
    with desk.units.begin() as unit:
        unit.directory.replace_with(replace(FILE, groups=(*FILE.groups, LEADERS)))
    at(desk, "2026-11-23 18:20")
    assert said(desk) == []


def test_a_calendar_corrected_after_the_card_was_planned_is_obeyed(desk: Office) -> None:
    at(desk, "2026-11-23 18:10")
    rest = Agreement.load()
    object.__setattr__(rest, "calendar", _closed("2026-11-24"))
    desk.uses = Uses(Terms(rest), lambda: desk.now)
    at(desk, "2026-11-24 18:10")
    assert len(said(desk)) == 1


def _closed(day: str) -> Calendar:
    hours = {d: ["09:00-18:00"] for d in ("mon", "tue", "wed", "thu", "fri")}
    return Calendar.load({"china": True, "hours": hours, "closed": [day]})


def test_an_operator_moves_the_hour_or_wants_none(tmp_path: Path) -> None:
    file = tmp_path / "agreement.toml"
    file.write_text('[summary]\ndaily = "17:45"\nweekly = "off"\n')
    hours = Agreement.load(file).summary
    monday = local("2026-11-23 09:00")
    assert hours.next("daily", monday, AGREEMENT.calendar) == local("2026-11-23 17:45")
    assert hours.next("weekly", monday, AGREEMENT.calendar) is None
    file.write_text('[summary]\ndaily = "24:10"\n')
    with pytest.raises(FileError, match=r"summary: daily.*18:10"):
        Agreement.load(file)
