"""The board: which orders it shows to whom, in what order, and how it stays current."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import event

from tests.bot.console.stage import Browser, Desk, words


def numbers(browser: Browser, query: str = "") -> list[int]:
    """The orders a board shows, from its top."""
    return [int(n) for n in re.findall(r'data-number="(\d+)"', browser.reads(f"/console/{query}"))]


def test_what_is_due_first_stands_first(desk_on_both: Desk) -> None:
    desk = desk_on_both
    daily = desk.opens()
    urgent = desk.opens("全部门店无法收款", urgent=True)
    paused = desk.opens("对账差异")
    desk.does("accept", paused, "laoli")
    desk.does("pause", paused, "laoli", "商户账单")

    assert numbers(desk.logged_in("laoli")) == [urgent, daily, paused]


def test_a_solved_order_leaves_the_board_and_can_be_looked_for(desk_on_both: Desk) -> None:
    desk = desk_on_both
    number = desk.opens()
    desk.does("solve", number, "laoli")
    browser = desk.logged_in("laoli")

    assert numbers(browser) == []
    assert "现在没有进行中的工单" in words(browser.reads("/console/"))
    assert numbers(browser, "?over=1") == [number]


def test_it_can_be_narrowed(desk_on_both: Desk) -> None:
    desk = desk_on_both
    mine, urgent, other = desk.opens(), desk.opens("无法收款", urgent=True), desk.opens("开票问题", "xiaolin")
    desk.does("accept", mine, "laoli")
    browser = desk.logged_in("laoli")
    with desk.program.units.reading() as unit:
        yunfan = unit.directory.person("xiaolin").partner
    assert yunfan is not None

    assert numbers(browser, "?whose=mine") == [mine]
    assert sorted(numbers(browser, "?whose=nobody")) == [urgent, other]
    assert numbers(browser, "?kind=urgent") == [urgent]
    assert numbers(browser, f"?partner={yunfan.id}") == [other]
    assert numbers(browser, "?words=开票") == [other]
    assert numbers(browser, "?words=云帆") == [other]
    assert numbers(browser, f"?words={urgent}") == [urgent]
    assert numbers(browser, "?words=002") == [1002]
    assert numbers(browser, "?words=%25") == []
    desk.passes(timedelta(minutes=6))
    assert set(numbers(browser, "?stretch=overdue")) == {urgent, other}


@pytest.mark.parametrize(
    "query", ["?kind=x", "?role=x", "?stretch=x", "?partner=x", "?show=x", "?show=99999999999"]
)
def test_a_query_that_asks_for_nothing_is_left_out(desk: Desk, query: str) -> None:
    number = desk.opens()

    assert numbers(desk.logged_in("laoli"), query) == [number]


def test_a_partners_staff_see_their_own_orders_and_no_others(desk_on_both: Desk) -> None:
    desk = desk_on_both
    own, other = desk.opens(), desk.opens("云帆的问题", "xiaolin")
    browser = desk.logged_in("xiaozhao")

    assert numbers(browser) == [own]
    assert numbers(browser, f"?words={other}") == []
    assert numbers(browser, "?partner=2") == [own] or numbers(browser, "?partner=2") == []
    assert "云帆" not in words(browser.reads("/console/"))


def test_a_phone_in_a_problem_is_masked(desk: Desk) -> None:
    desk.opens("请回电 13812345678")

    assert "138****5678" in desk.logged_in("laoli").reads("/console/")


def test_a_board_that_has_not_changed_is_not_sent_again(desk: Desk) -> None:
    number = desk.opens()
    browser = desk.logged_in("laoli")
    live = {"Desk-Live": "1"}
    first = browser.get("/console/", **live)

    again = browser.get("/console/", **live, **{"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert "Desk-Now" in again.headers

    desk.does("accept", number, "laozhou")
    changed = browser.get("/console/", **live, **{"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200
    assert "老周" in words(changed)
    assert "<html" not in changed.get_data(as_text=True)


def test_a_page_costs_a_handful_of_statements_however_many_orders(desk: Desk) -> None:
    for i in range(60):
        desk.opens(f"问题 {i}", "xiaowang" if i % 2 else "xiaolin")
    browser = desk.logged_in("laoli")
    said: list[str] = []
    event.listen(desk.program.engine, "before_cursor_execute", lambda *a: said.append(a[2]))

    assert len(numbers(browser)) == 50
    assert len([s for s in said if s.lstrip().upper().startswith("SELECT")]) <= 9


def test_more_can_be_had(desk: Desk) -> None:
    for i in range(60):
        desk.opens(f"问题 {i}")
    browser = desk.logged_in("laoli")

    assert "show=150" in browser.reads("/console/")
    assert len(numbers(browser, "?show=150")) == 60


def test_markup_in_a_problem_stays_words(desk: Desk) -> None:
    desk.opens('<img src=x onerror="alert(1)"> 打不开')

    assert "<img" not in desk.logged_in("laoli").reads("/console/")
