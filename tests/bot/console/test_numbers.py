"""Numbers no order, notice, letter or partner can have: they name nothing, and break nothing."""

from __future__ import annotations

import re

import pytest

from bot.console.numbers import number
from tests.bot.console.stage import Desk

#: Beyond what either database holds in a column; beyond what Python makes a number of.
TOO_LONG = ["9" * 25, "9" * 5000]


def test_an_address_with_a_number_nothing_has_is_no_page(desk: Desk) -> None:
    browser = desk.logged_in("wangzhuguan")
    rules = [r for r in desk.program.web.url_map.iter_rules() if "<int:" in r.rule]
    assert len(rules) > 10

    for rule in rules:
        path = re.sub(r"<int:\w+>", TOO_LONG[0], rule.rule).replace("<slug>", "accept")
        ask = browser.get if "GET" in (rule.methods or ()) else browser.post
        assert ask(path).status_code in (404, 405), rule.rule


@pytest.mark.parametrize("given", [*TOO_LONG, "-1", "٣", "1001; DROP"])
def test_a_form_with_a_number_nothing_has_is_refused_in_words(desk: Desk, given: str) -> None:
    order, browser = desk.opens(), desk.logged_in("wangzhuguan")
    incident = desk.marks([order])

    answers = [
        browser.post(f"/console/orders/{order}/accept", seen=given),
        browser.post(f"/console/orders/{order}/merge", into=given),
        browser.post(f"/console/orders/{order}/assign", partner=given),
        browser.post("/console/incidents/", order=given, title="断网", minutes=given),
        browser.post("/console/incidents/", order=str(order), joins=given),
        browser.post(f"/console/incidents/{incident}/word", seen=given, words="在查", minutes=given),
        browser.post("/console/notices/new", partner=given, kind="upgrade"),
        browser.post("/console/admin/letters/", letter=given),
        browser.post("/console/hotline", joins=given),
        browser.get(f"/console/?partner={given[:30]}&show={given[:30]}"),
        browser.get(f"/console/hotline?order={given[:30]}"),
        browser.get(f"/console/reports/?partner={given[:30]}&period={given[:30]}"),
        browser.get(f"/console/reports/partner?partner={given[:30]}&period={given[:30]}"),
        browser.get(f"/console/admin/audit/?before={given[:30]}"),
    ]

    assert [answer.status_code for answer in answers if answer.status_code >= 500] == []


def test_a_number_is_ascii_digits_and_no_longer_than_ours() -> None:
    said = ("1001", "0", "", None, "1e3", " 7", "٣", "2147483648")

    assert [number(each) for each in said] == [1001, 0, *[None] * 6]
