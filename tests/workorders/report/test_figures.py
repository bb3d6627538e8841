"""Figures of stories whose answers are known, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from bot.reports import REPORTS, Asked, Source
from bot.sql.engine import open_engine
from bot.sql.schema import upgrade
from bot.sql.unit import Unit, Units
from knowledge.sql import store
from tests.workorders.orders.stage import AGREEMENT, FILE, MONDAY, Stage, local, minute
from workorders.directory.people import Role
from workorders.orders.order import Kind
from workorders.orders.rating import Reason
from workorders.report.figures import Group, spread
from workorders.report.period import Period
from workorders.report.rows import Took
from workorders.report.table import Cell, Table

NOVEMBER = Period.parse("2026-11")


class Told(Stage):
    """A stage whose figures can be asked for."""

    unit: Unit

    def table(
        self, report: str, *groups: Group, period: Period = NOVEMBER, partner: int | None = None
    ) -> Table:
        source = Source(self.unit, AGREEMENT.calendar, lambda article: f"《{article}》")
        return source.table(report, Asked(period, groups, partner))

    def records(self, report: str, *groups: Group, **more: Any) -> list[dict[str, Cell]]:
        return self.table(report, *groups, **more).records()

    def through(
        self, minutes: int, kind: Kind = Kind.DAILY, by: str = "xiaowang", to: str = "laoli", accept: int = 1
    ) -> int:
        """An order accepted after so many minutes and solved so many after it was opened."""
        number = self.open(kind, by)
        self.pass_by(accept * minute, every=minute)
        self.desk().accept(number, self.person(to))
        self.pass_by((minutes - accept) * minute, every=minute)
        self.desk().solve(number, self.person(to))
        return number


@pytest.fixture
def told(database_url: str) -> Iterator[Told]:
    engine = open_engine(database_url)
    upgrade(engine)
    with Units(engine, lambda: MONDAY, lambda lanes: None).begin() as unit:
        made = Told(unit.conn)
        made.unit = unit
        made.directory.replace_with(FILE)
        yield made
    engine.dispose()


def only(records: list[dict[str, Cell]], **where: Cell) -> dict[str, Cell]:
    (found,) = [r for r in records if all(r[k] == v for k, v in where.items())]
    return found


def test_attainment_counts_what_was_kept_of_what_was_kept_or_missed(told: Told) -> None:
    for _ in range(3):
        told.through(10)
    told.through(30)
    told.through(10, accept=7)
    sent_back = told.open()
    told.desk().decline(sent_back, told.person("laoli"), "不属于服务范围")
    told.open()

    solution = only(told.records("attainment"), clause="daily.solution")
    response = only(told.records("attainment"), clause="daily.response")
    whole = told.records("attainment")[-1]

    assert solution == {
        "clause": "daily.solution",
        "promises": 7,
        "met": 4,
        "missed": 1,
        "declined": 1,
        "void": 0,
        "pending": 1,
        "filed": 0,
        "attained": 4 / 5,
    }
    assert (response["met"], response["missed"], response["pending"]) == (5, 1, 1)
    assert (whole["clause"], whole["promises"], whole["attained"]) == ("total", 14, 9 / 11)


def test_attainment_by_partner_role_and_person_names_them(told: Told) -> None:
    told.through(10)
    told.through(25, by="xiaosun", to="laozhang")
    moved = told.open()
    told.desk().reroute(moved, told.person("laoli"), Role.MIDDLE_OFFICE)
    told.desk().solve(moved, told.person("xiaochen"))

    by_partner = told.records("attainment", "partner")
    assert [(r["partner"], r["met"], r["missed"]) for r in by_partner] == [
        ("大地支付", 1, 1),
        ("星河支付", 4, 0),
        ("total", 5, 1),
    ]
    by_person = told.records("attainment", "person")
    assert [(r["person"], r["met"], r["missed"]) for r in by_person[:-1]] == [
        ("小陈", 2, 0),
        ("老张", 1, 1),
        ("老李", 2, 0),
    ]
    by_role = told.records("attainment", "role", "clause")
    assert only(by_role, role="middle_office", clause="daily.solution")["met"] == 1


def test_weeks_are_iso_weeks_and_begin_at_local_midnight(told: Told) -> None:
    told.now = local("2026-11-22 23:59")
    told.through(2, Kind.URGENT)
    told.now = local("2026-11-23 00:00")
    told.through(2, Kind.URGENT)
    weeks = [(r["week"], r["promises"]) for r in told.records("attainment", "week")]
    assert weeks == [("2026-W47", 2), ("2026-W48", 2), ("total", 4)]
    assert [r["promises"] for r in told.records("attainment", period=Period.parse("2026-W48"))] == [1, 1, 2]
    assert told.records("attainment", "quarter")[0]["quarter"] == "2026-Q4"


def test_a_span_over_a_holiday_is_counted_on_the_day_its_clock_began(told: Told) -> None:
    told.now = local("2026-09-30 17:58")
    number = told.open()
    told.now = local("2026-10-08 09:02")
    told.desk().accept(number, told.person("laoli"))
    told.desk().solve(number, told.person("laoli"))
    september, october = Period.parse("2026-09"), Period.parse("2026-10")
    assert told.records("attainment", period=september)[-1]["met"] == 2
    assert told.records("attainment", period=october) == []
    response = only(told.records("times", period=september), part="response")
    assert (response["median"], response["p90"]) == (4 * minute, 4 * minute)


def test_times_are_medians_and_ninetieths_of_working_time(told: Told) -> None:
    for minutes in (2, 4, 6, 8, 18):
        told.through(minutes)
    solution = only(told.records("times"), clause="daily.solution")
    assert (solution["met"], solution["median"]) == (5, 6 * minute)
    assert solution["p90"] == 14 * minute
    assert only(told.records("times", "partner"), part="response")["median"] == minute


def test_responses_and_solutions_are_spread_over_minutes_up_to_the_longest(told: Told) -> None:
    told.through(9)
    told.through(8, accept=2)

    rows = told.table("spread").rows

    assert rows == (
        (0, 1, 1, 0),
        (1, 2, 1, 0),
        (2, 3, 0, 0),
        (3, 4, 0, 0),
        (4, 5, 0, 0),
        (5, 6, 0, 0),
        (6, 8, 0, 1),
        (8, 10, 0, 1),
    )


def test_what_took_longer_than_a_day_stands_in_a_row_without_an_end() -> None:
    rows = [Took((), "solution", seconds, 1) for seconds in (0, 60, 61, 86_400, 86_401, 900_000)]

    made = spread([*rows, Took((), "decision", 30, 9)]).rows

    assert made[:2] == ((0, 1, 0, 2), (1, 2, 0, 1))
    assert made[-2:] == ((480, 1440, 0, 1), (1440, None, 0, 2))
    assert spread([]).rows == ()


def test_orders_are_counted_by_what_they_were_opened_as(told: Told) -> None:
    told.open(Kind.DAILY, "xiaowang")
    told.open(Kind.DAILY, "xiaowang")
    told.open(Kind.URGENT, "xiaowang")

    assert told.table("orders").rows == (("daily", 2), ("urgent", 1), ("total", 3))
    assert told.table("orders", period=Period.parse("2026-10")).rows == ()


def test_every_breach_is_listed_with_its_cause_and_counted_once(told: Told) -> None:
    late = told.through(30)
    told.through(10, accept=7)
    told.through(25, accept=22)
    listed = told.records("breaches")
    assert [(r["clause"], r["cause"], r["person"]) for r in listed] == [
        ("daily.solution", "unsolved", "老李"),
        ("daily.response", "accepted_late", ""),
        ("daily.response", "accepted_late", ""),
        ("daily.solution", "unaccepted", ""),
    ]
    assert (listed[0]["order"], listed[0]["late_by"]) == (late, 10 * minute)
    assert listed[0]["due"] == MONDAY + 20 * minute
    causes = told.records("causes")
    assert causes[-1]["missed"] == len(listed)
    assert only(causes, clause="daily.response")["accepted_late"] == 2


def test_reroutes_downgrades_and_reopenings_are_counted_when_they_happen(told: Told) -> None:
    laoli = told.person("laoli")
    first, second = told.open(Kind.URGENT), told.open()
    told.desk().downgrade(first, laoli, "不影响收款")
    told.desk().reroute(first, laoli, Role.MIDDLE_OFFICE)
    told.desk().reroute(second, laoli, Role.MIDDLE_OFFICE)
    told.desk().reroute(second, laoli, Role.TECH)
    told.desk().upgrade(second, laoli)
    told.desk().downgrade(second, laoli, "已恢复")
    told.desk().solve(second, laoli)
    told.desk().reopen(second, told.person("xiaowang"), "又出现了，打 13812345678")
    assert [tuple(r.values()) for r in told.records("reroutes")] == [
        ("tech", "middle_office", 2, 2),
        ("middle_office", "tech", 1, 1),
    ]
    # The second was not opened urgent.
    assert [(r["order"], r["words"]) for r in told.records("downgrades")] == [(first, "不影响收款")]
    assert [(r["order"], r["words"], r["by"]) for r in told.records("reopened")] == [
        (second, "又出现了，打 138****5678", "*王")
    ]
    assert told.records("reroutes", period=Period.parse("2026-10")) == []


def test_stars_are_averaged_by_partner_and_person_and_few_say_why(told: Told) -> None:
    for stars, by, to in ((5, "xiaowang", "laoli"), (4, "xiaowang", "laozhang"), (1, "xiaosun", "laoli")):
        number = told.through(5, by=by, to=to)
        told.desk().rate(number, told.person(by), stars)
    told.desk().explain_rating(number, told.person("xiaosun"), Reason.SLOW)
    by_partner = told.records("stars")
    xinghe = only(by_partner, partner="星河支付")
    assert [xinghe[k] for k in ("ratings", "average", "stars_5", "stars_4")] == [2, 4.5, 1, 1]
    assert [only(by_partner, partner="大地支付")[k] for k in ("ratings", "average", "slow")] == [1, 1.0, 1]
    assert by_partner[-1]["average"] == 10 / 3
    assert only(told.records("stars", "person", "week"), person="老李")["average"] == 3.0
    assert told.records("stars", "week")[0]["week"] == "2026-W48"


def test_load_says_at_which_local_hour_of_which_weekday_orders_come(told: Told) -> None:
    told.open()
    told.open()
    told.now = local("2026-11-29 23:50")
    told.open(Kind.URGENT)
    load = {r["hour"]: r for r in told.records("load")}
    assert (load["10:00"]["mon"], load["23:00"]["sun"], load["total"]["orders"]) == (2, 1, 3)


def test_answers_say_how_many_needed_no_order_and_gaps_the_most_asked(told: Told) -> None:
    for outcome in ("solved", "solved", None, "human"):
        number = store.record_answer(told.conn, "a1", "怎么对账", told.now, "xiaowang", None)
        if outcome:
            store.mark(told.conn, number, outcome)
    for text in ("怎么退款？", "怎么 退款", "发票抬头"):
        store.record_gap(told.conn, text, told.now, "xiaowang", None, "a1", "none")
    (answer,) = told.records("answers")
    assert (answer["question"], answer["answered"], answer["without_order"]) == ("《a1》", 4, 0.75)
    assert [(r["question"], r["times"]) for r in told.records("gaps")] == [("怎么 退款", 2), ("发票抬头", 1)]


def test_the_years_complaints_are_published_by_kind_with_the_share_handled_and_how_fast(told: Told) -> None:
    def complain(days: int, role: str, by: str = "xiaowang") -> int:
        number = told.desk().open(Kind.COMPLAINT, "态度不好", told.person(by), form={"role": role}).number
        told.now = AGREEMENT.calendar.opening(told.now + timedelta(days=days))
        told.sweep()
        return number

    zhoujie = told.person("zhoujie")
    for days in (0, 1, 7):
        number = complain(days, "tech")
        told.desk().accept(number, zhoujie)
        told.desk().solve(number, zhoujie, "已道歉", improvement="加强培训")
    told.desk().cancel(complain(0, "aftersales"), told.person("xiaowang"))
    complain(0, "aftersales", by="xiaosun")
    of_order = told.through(5)
    told.desk().open(Kind.COMPLAINT, "太慢", told.person("xiaowang"), form={"order": str(of_order)})

    table = told.records("complaints", period=Period.parse("2026"))

    tech, aftersales, whole = only(table, about="tech"), only(table, about="aftersales"), table[-1]
    assert [tech[k] for k in ("complaints", "withdrawn", "handled", "in_time")] == [4, 0, 3, 2]
    assert tech["median"] == timedelta(hours=9)
    assert [aftersales[k] for k in ("complaints", "withdrawn", "handled", "handled_share")] == [2, 1, 0, 0.0]
    assert [whole[k] for k in ("complaints", "handled_share", "in_time_share")] == [6, 3 / 5, 2 / 5]
    assert told.records("complaints", period=Period.parse("2025"))[-1]["complaints"] == 0


def test_a_logged_calls_response_is_nobodys_attainment_and_an_overdue_one_is_marked(told: Told) -> None:
    received = told.now - 30 * minute
    told.desk().open(Kind.DAILY, "机具没电", told.person("xiaowang"), received_at=received, taken_by="xiaohe")
    told.sweep()
    (solution,) = told.records("attainment")
    assert (solution["clause"], solution["missed"], solution["filed"]) == ("daily.solution", 1, 1)
    assert [r["cause"] for r in told.records("breaches")] == ["filed"]


def test_one_partners_figures_hold_nothing_of_anothers(told: Told) -> None:
    told.through(10)
    told.through(30, by="xiaosun")
    partners = [told.person(who).partner for who in ("xiaowang", "xiaosun")]
    for report in (name for name, report in REPORTS.items() if report.of_partner):
        told.table(report, partner=partners[0].id)  # type: ignore[union-attr]
    assert told.records("breaches", partner=partners[0].id) == []  # type: ignore[union-attr]
    assert len(told.records("breaches", partner=partners[1].id)) == 1  # type: ignore[union-attr]
    assert told.records("load", partner=partners[1].id)[-1]["orders"] == 1  # type: ignore[union-attr]


def test_however_it_is_grouped_every_promise_is_counted_once(told: Told) -> None:
    for i in range(12):
        told.through(5 + 3 * i, Kind.URGENT if i % 3 == 0 else Kind.DAILY, by=("xiaowang", "xiaosun")[i % 2])
        told.now += timedelta(days=1, hours=i % 5)
        told.now = AGREEMENT.calendar.opening(told.now)
    period = Period(date(2026, 11, 1), date(2027, 1, 31))
    whole = told.records("attainment", period=period)[-1]
    for groups in (
        ("partner",),
        ("role",),
        ("person",),
        ("day",),
        ("week",),
        ("month",),
        ("kind", "person", "week"),
    ):
        rows = told.records("attainment", *groups, period=period)
        parts = [r for r in rows if r[groups[0]] != "total"]
        for column in ("promises", "met", "missed", "declined", "void", "pending", "filed"):
            assert sum(r[column] for r in parts) == whole[column], (groups, column)  # type: ignore[misc]
        for row in rows:
            ends = [row[c] for c in ("met", "missed", "declined", "void", "pending")]
            assert sum(ends) == row["promises"]  # type: ignore[arg-type]
    by_weeks = [told.records("attainment", period=Period.parse(f"2026-W{n}")) for n in range(45, 54)]
    assert sum(rows[-1]["promises"] for rows in by_weeks if rows) == whole["promises"]  # type: ignore[misc]


def test_tables_asked_together_say_what_they_say_apart(told: Told) -> None:
    told.through(4)
    told.through(9, by="xiaosun")
    late = told.open()
    told.pass_by(30 * minute, every=minute)
    told.desk().accept(late, told.person("laoli"))
    together = Source(told.unit, AGREEMENT.calendar)
    asks: list[tuple[str, tuple[Group, ...], int | None]] = [
        ("attainment", ("week", "clause", "partner"), None),
        ("attainment", (), None),
        ("attainment", ("partner",), None),
        ("attainment", ("role",), None),
        ("causes", (), None),
        ("causes", (), 1),
        ("times", ("clause", "day"), None),
        ("times", (), None),
        ("spread", (), None),
        ("spread", (), 1),
    ]
    for report, groups, partner in asks:
        asked = Asked(NOVEMBER, groups, partner)
        apart = Source(told.unit, AGREEMENT.calendar).table(report, asked)
        assert together.table(report, asked) == apart
        assert apart.rows
