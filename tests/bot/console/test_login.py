"""Logging in by WeCom, and what a session is good for."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.wecom.errcodes import NotNow
from knowledge.library import Library
from tests.bot.console.stage import Desk, words
from workorders.directory.file import DirectoryFile

hour = timedelta(hours=1)


def test_a_log_in_leads_back_to_the_page_that_was_asked_for(desk_on_both: Desk) -> None:
    number = desk_on_both.opens()
    browser = desk_on_both.browser()

    back = browser.logs_in("laoli", to=f"/console/orders/{number}")

    assert back.headers["Location"] == f"/console/orders/{number}"
    assert "老李" in browser.reads(f"/console/orders/{number}")


def test_in_wecom_it_is_silent_and_on_a_desktop_a_code_is_scanned(desk: Desk) -> None:
    inside = urlsplit(desk.browser(**{"User-Agent": "Mozilla/5.0 wxwork/4.1 MicroMessenger"}).sets_out())
    outside = urlsplit(desk.browser().sets_out())

    assert inside.path == "/connect/oauth2/authorize"
    assert parse_qs(inside.query)["scope"] == ["snsapi_base"]
    assert inside.fragment == "wechat_redirect"
    assert outside.path == "/wwlogin/sso/login"
    assert parse_qs(outside.query)["redirect_uri"] == ["http://localhost/console/login/done"]


def test_in_production_both_are_wecoms_own_pages(
    tmp_path: Path, empty_database: Path, library: Library
) -> None:
    path = tmp_path / "desk.db"
    path.write_bytes(empty_database.read_bytes())
    desk = Desk.opened(f"sqlite:///{path}", library, WECOM_API_BASE="https://qyapi.weixin.qq.com")

    assert desk.browser().sets_out().startswith("https://login.work.weixin.qq.com/wwlogin/sso/login?")
    inside = desk.browser(**{"User-Agent": "wxwork"}).sets_out()
    assert inside.startswith("https://open.weixin.qq.com/connect/oauth2/authorize?")
    desk.program.close()


def test_nothing_in_the_desk_lets_one_pick_who_one_is(desk: Desk) -> None:
    desk.browser()
    for query in ("as=laoli", "userid=laoli", "choose=1"):
        assert desk.browser().get(f"/console/?{query}").status_code == 302
    browser = desk.browser()
    browser.client.set_cookie("simulator_as", "laoli")
    assert browser.get("/console/").status_code == 302


def test_a_state_works_once_and_only_in_the_browser_it_left(desk: Desk) -> None:
    browser, other = desk.browser(), desk.browser()
    left = browser.sets_out()

    assert other.comes_back(left, "laoli").status_code == 400
    assert browser.comes_back(left, "laoli").status_code == 302
    browser.post("/console/login/out")
    assert browser.comes_back(left, "laoli").status_code == 400
    assert browser.get("/console/").status_code == 302


def test_a_state_is_good_for_ten_minutes(desk: Desk) -> None:
    browser = desk.browser()
    left = browser.sets_out()
    desk.clock.moment += timedelta(minutes=11)

    refused = browser.comes_back(left, "laoli")

    assert refused.status_code == 400
    assert "失效" in words(refused)


def test_two_tabs_may_log_in_at_once(desk: Desk) -> None:
    browser = desk.browser()
    one, two = browser.sets_out("/console/orders/1001"), browser.sets_out()

    assert browser.comes_back(one, "laoli").headers["Location"] == "/console/orders/1001"
    assert browser.comes_back(two, "laoli").headers["Location"] == "/console/"


@pytest.mark.parametrize(
    "to", ["https://elsewhere.example/", "//elsewhere.example", "/console/\\@x", "/wecom/app"]
)
def test_a_log_in_leads_nowhere_but_to_our_pages(desk: Desk, to: str) -> None:
    browser = desk.browser()
    left = browser.client.get("/console/login/start", query_string={"to": to}).headers["Location"]

    assert browser.comes_back(left, "laoli").headers["Location"] == "/console/"


def test_who_is_in_no_directory_is_told_whom_to_ask(desk: Desk) -> None:
    browser = desk.browser()

    refused = browser.logs_in("stranger")

    assert refused.status_code == 403
    assert "请联系管理员" in words(refused)
    assert browser.get("/console/").status_code == 302


def test_wecom_not_answering_is_said_and_may_be_tried_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_code: str) -> str:
        raise NotNow("no answer")

    of = desk.program.web.extensions["console"]
    object.__setattr__(of, "who_came", away)

    refused = desk.browser().logs_in("laoli")

    assert refused.status_code == 502
    assert "企业微信暂时没有确认您的身份" in words(refused)


def test_a_session_ends_after_half_an_hour_without_its_person(desk: Desk) -> None:
    browser = desk.logged_in("laoli")
    for _ in range(3):
        desk.clock.moment += timedelta(minutes=25)
        assert browser.get("/console/").status_code == 200

    desk.clock.moment += timedelta(minutes=31)

    assert browser.get("/console/").status_code == 302


def test_a_board_that_refreshes_itself_keeps_no_session_alive(desk: Desk) -> None:
    browser = desk.logged_in("laoli")
    for _ in range(7):
        desk.clock.moment += timedelta(minutes=5)
        answer = browser.get("/console/", **{"Desk-Live": "1", "Desk-Asleep": "1"})

    assert answer.status_code == 401


def test_a_session_ends_after_twelve_hours_whatever_happens(desk: Desk) -> None:
    browser = desk.logged_in("laoli")
    for _ in range(29):
        desk.clock.moment += timedelta(minutes=24)
        assert browser.get("/console/").status_code == 200

    desk.clock.moment += timedelta(minutes=30)

    assert browser.get("/console/").status_code == 302


def test_logging_out_ends_the_session_itself(desk: Desk) -> None:
    browser = desk.logged_in("laoli")
    cookie = browser.client.get_cookie("desk_session")
    assert cookie is not None

    browser.post("/console/login/out")
    browser.client.set_cookie("desk_session", cookie.value)

    assert browser.get("/console/").status_code == 302


def test_somebody_who_left_is_out_at_once(desk: Desk) -> None:
    browser = desk.logged_in("laozhou")
    with desk.program.units.begin() as unit:
        file = unit.directory.export()
        staff = tuple(row for row in file.staff if row.userid != "laozhou")
        unit.directory.replace_with(DirectoryFile(file.partners, staff, file.groups))

    assert browser.get("/console/").status_code == 302


def test_the_cookies_are_out_of_reach_of_scripts_and_other_sites(
    tmp_path: Path, empty_database: Path, library: Library
) -> None:
    path = tmp_path / "desk.db"
    path.write_bytes(empty_database.read_bytes())
    desk = Desk.opened(f"sqlite:///{path}", library, PUBLIC_URL="https://desk.example")
    browser = desk.browser()

    set_ = [browser.get("/console/login/start").headers["Set-Cookie"]]
    assert all(c.startswith("__Host-desk_") for c in set_)
    for cookie in set_:
        assert "Secure" in cookie
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
    desk.program.close()


def test_a_form_without_this_sessions_token_changes_nothing(desk: Desk) -> None:
    number = desk.opens()
    browser, other = desk.logged_in("laoli"), desk.logged_in("laozhou")

    for token in ("", "guessed", other.token()):
        refused = browser.client.post(f"/console/orders/{number}/accept", data={"csrf_token": token})
        assert refused.status_code == 400
    assert desk.order(number).owner is None


def test_a_session_lost_in_mid_form_gives_back_what_was_written(desk: Desk) -> None:
    number = desk.opens()
    browser = desk.logged_in("laoli")
    token = browser.token()
    desk.clock.moment += hour

    lost = browser.client.post(
        f"/console/orders/{number}/solve", data={"csrf_token": token, "note": "已重启收银台服务"}
    )

    assert lost.status_code == 401
    assert "已重启收银台服务" in words(lost)
    assert desk.order(number).live


def test_writes_are_limited_with_redis_gone(desk: Desk) -> None:
    browser = desk.logged_in("laoli")
    token = browser.token()

    codes = [
        browser.client.post("/console/orders/1001/accept", data={"csrf_token": token}).status_code
        for _ in range(61)
    ]

    assert set(codes[:60]) == {404}
    assert codes[60] == 429


def test_log_ins_are_limited_by_address_behind_a_proxy_too(desk: Desk) -> None:
    def codes(address: str) -> set[int]:
        asked = [
            desk.browser(**{"X-Forwarded-For": f"1.2.3.4, {address}"}).get("/console/login/start")
            for _ in range(61)
        ]
        return {answer.status_code for answer in asked}

    assert codes("10.0.0.1") == {302, 429}
    assert desk.browser(**{"X-Forwarded-For": "10.0.0.2"}).get("/console/login/start").status_code == 302


def test_what_wecom_sends_is_never_limited(desk: Desk) -> None:
    codes = {desk.browser().client.post("/wecom/app", data=b"x").status_code for _ in range(70)}
    assert 429 not in codes


def test_every_page_of_the_console_is_closed_to_other_hosts(desk: Desk) -> None:
    answer = desk.logged_in("laoli").get("/console/")

    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    page = answer.get_data(as_text=True)
    for inline in ("<style", " style=", "onclick", "javascript:", "http://", "https://"):
        assert inline not in page, inline
    assert answer.headers["X-Frame-Options"] == "DENY"


def test_the_public_address_leads_to_the_console(desk: Desk) -> None:
    assert desk.browser().get("/").headers["Location"] == "/console/"
