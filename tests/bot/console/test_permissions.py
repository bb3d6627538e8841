"""Every route of the web process, as everybody, about one's own partner's things and another's."""

from __future__ import annotations

import re

import pytest
from werkzeug.routing import Rule

from bot.console.permissions import ANYBODY, PERMISSIONS
from bot.console.viewer import As, standing
from tests.bot.console.stage import Browser, Desk

#: Somebody of the demo's directory for each standing; admin and supervisor are the desk's too.
PEOPLE = {
    "laoli": {As.DESK},
    "xiaohe": {As.HOTLINE},
    "wangzhuguan": {As.SUPERVISOR, As.DESK},
    "xiaoqian": {As.OPERATIONS},
    "laogao": {As.ADMIN, As.SUPERVISOR, As.DESK},
    "xiaowang": {As.PARTNER},
}
#: What else than an order's number a route's address may hold.
SAMPLES = {
    "slug": "word",
    "incident": "1",
    "notice": "1",
    "receipt": "1",
    "token": "x",
    "filename": "base.css",
    "report": "attainment",
    "path": "x",
    "year": "2027",
}
_LET_IN = {200, 303, 304, 400, 409, 422}


def _rules(desk: Desk) -> list[Rule]:
    return list(desk.program.web.url_map.iter_rules())


def _ask(browser: Browser, rule: Rule, number: int) -> int:
    if rule.endpoint == "order.act":
        return browser.post(f"/console/orders/{number}/say").status_code
    if rule.endpoint == "directory.act":
        return browser.post("/console/admin/directory/do/back").status_code
    samples = {**SAMPLES, "file": str(number - 1000)}
    path = re.sub(r"<(?:\w+:)?(\w+)>", lambda m: samples.get(m[1], str(number)), rule.rule)
    if "GET" in (rule.methods or ()):
        return browser.get(path).status_code
    return browser.post(path).status_code


def test_every_route_has_a_row_and_every_row_a_route(desk: Desk) -> None:
    assert {rule.endpoint for rule in _rules(desk)} == set(PERMISSIONS)


def test_the_people_are_what_the_table_calls_them(desk: Desk) -> None:
    with desk.program.units.reading() as unit:
        for userid, stands in PEOPLE.items():
            assert standing(unit.directory.person(userid)) == stands


@pytest.mark.parametrize("userid", PEOPLE)
def test_each_route_lets_in_whom_its_row_names_and_nobody_else(desk: Desk, userid: str) -> None:
    own = desk.opens("星河的问题", "xiaowang")
    other = desk.opens("云帆的问题", "xiaolin")
    desk.attaches(own)
    desk.attaches(other)
    desk.marks([own, other])
    desk.announces()
    for rule in _rules(desk):
        permit = PERMISSIONS[rule.endpoint]
        if permit is ANYBODY:
            continue
        for number in (own, other) if "number" in rule.arguments else (own,):
            # A browser of its own for each: one of the routes logs out.
            code = _ask(desk.logged_in(userid), rule, number)
            allowed = bool((permit.roles or frozenset()) & PEOPLE[userid])
            if allowed and permit.about == "order" and userid == "xiaowang" and number == other:
                assert code == 404, (rule.rule, number)
            elif allowed:
                assert code in _LET_IN | {302}, (rule.rule, code)
            else:
                assert code == 403, (rule.rule, code)


def test_nobody_comes_in_without_logging_in(desk: Desk) -> None:
    number = desk.opens()
    for rule in _rules(desk):
        if PERMISSIONS[rule.endpoint] is ANYBODY:
            continue
        assert _ask(desk.browser(), rule, number) in (302, 401), rule.rule


def test_writes_are_in_the_audit(desk: Desk) -> None:
    number = desk.opens("星河的问题", "xiaowang")
    desk.marks([number])
    desk.announces()
    done = set()
    for browser in (desk.logged_in("laogao"), desk.logged_in("xiaowang")):
        for rule in _rules(desk):
            if "POST" not in (rule.methods or ()) or rule.endpoint == "login.out":
                continue
            before = _audited(desk)
            if _ask(browser, rule, number) in (200, 303) and _audited(desk) > before:
                done.add(rule.endpoint)
    assert done >= {"order.phones", "ack.answer", "directory.export", "holidays.take_back"}


def _audited(desk: Desk) -> int:
    with desk.program.units.reading() as unit:
        newest = unit.audit.entries(most=1)
    return newest[0].number if newest else 0


def test_a_route_without_a_row_is_closed_to_everybody(desk: Desk) -> None:
    desk.program.web.add_url_rule("/console/secret", "secret", lambda: "secret")

    assert desk.logged_in("laogao").get("/console/secret").status_code == 403


def test_a_page_that_fails_says_it_was_not_opened_and_a_form_that_it_was_not_sent(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(**_: object) -> None:
        raise ArithmeticError

    number, browser = desk.opens(), desk.logged_in("laoli")
    token = browser.token()
    for endpoint in ("order.show", "order.act"):
        monkeypatch.setitem(desk.program.web.view_functions, endpoint, fails)

    assert "<h1>没有打开</h1>" in browser.reads(f"/console/orders/{number}")
    sent = browser.client.post(
        f"/console/orders/{number}/propose", data={"csrf_token": token, "plan": "换一台"}
    ).get_data(as_text=True)
    assert "<h1>没有提交</h1>" in sent
    assert "换一台</textarea>" in sent
