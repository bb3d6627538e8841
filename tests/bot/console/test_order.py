"""One order's page: what it tells, what may be done on it, and what becomes of a form that comes too late."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from bot.console.actions import ACTIONS
from tests.bot.console.stage import Browser, Desk, words
from workorders.orders.order import LIFE, State, Verb


def page(number: int) -> str:
    return f"/console/orders/{number}"


def offered(browser: Browser, number: int) -> set[str]:
    """What a page lets one do."""
    return set(re.findall(rf'action="/console/orders/{number}/(\w+)"', browser.reads(page(number))))


def acts(browser: Browser, number: int, slug: str, **form: str) -> str:
    """Do it on the page; what the page then says."""
    sent = browser.post(f"{page(number)}/{slug}", page(number), **form)
    return words(browser.reads(sent.headers["Location"]) if sent.status_code == 303 else sent)


def test_every_verb_of_the_life_table_is_on_the_console() -> None:
    assert {action.verb for action in ACTIONS.values()} >= set(LIFE)


def test_what_may_be_done_is_offered_and_nothing_else(desk: Desk) -> None:
    number = desk.opens()
    laoli, xiaowang, xiaohe = (desk.logged_in(who) for who in ("laoli", "xiaowang", "xiaohe"))

    assert {"accept", "propose", "solve", "reroute", "upgrade", "decline"} <= offered(laoli, number)
    assert {"urge", "cancel", "upgrade", "say"} <= offered(xiaowang, number)
    assert "accept" not in offered(xiaowang, number)
    assert offered(xiaohe, number) == {"phones"}
    assert "hand_over" not in offered(laoli, number)


def test_an_order_is_accepted_and_its_reporter_told(desk_on_both: Desk) -> None:
    desk = desk_on_both
    number = desk.opens()

    told = acts(desk.logged_in("laoli"), number, "accept", seen="1")

    assert "您已接单" in told
    assert desk.order(number).owner == "laoli"
    assert "小王 待发送" in told


@pytest.mark.parametrize(
    ("after", "late"), [(timedelta(minutes=8), "3 分钟"), (timedelta(seconds=314), "14 秒")]
)
def test_how_late_a_promise_was_met_is_told(desk: Desk, after: timedelta, late: str) -> None:
    number = desk.opens()
    desk.passes(after)
    desk.does("accept", number, "laoli")

    assert f"迟到 {late}" in words(desk.logged_in("laoli").reads(f"/console/orders/{number}"))


def test_a_plan_has_its_moment_from_a_field_of_its_own(desk: Desk) -> None:
    number = desk.opens()
    browser = desk.logged_in("laoli")

    told = acts(
        browser, number, "propose", plan="更换机具，现在 9:00 的批次不受影响", moment="2026-11-23T18:00"
    )

    assert "承诺 今天 18:00 前完成" in told.replace("承诺今天", "承诺 今天")
    assert desk.order(number).state is State.ACCEPTED


@pytest.mark.parametrize("moment", ["", "2026-11-23T09:00", "2036-11-23T09:00", "nonsense"])
def test_a_plan_without_a_usable_moment_comes_back_as_written(desk: Desk, moment: str) -> None:
    number = desk.opens()
    browser = desk.logged_in("laoli")

    sent = browser.post(f"{page(number)}/propose", page(number), plan="更换机具", moment=moment)

    assert sent.status_code == 409
    assert "请选择一个晚于现在" in words(sent)
    assert "更换机具" in words(sent)


def test_a_form_sent_twice_is_done_once(desk: Desk) -> None:
    number = desk.opens()
    browser = desk.logged_in("xiaowang")
    form = {"seen": str(desk.order(number).events), "text": "换了一台也不行"}

    acts(browser, number, "say", **form)
    told = acts(browser, number, "say", **form)

    assert "没有重复办理" in told
    assert [e.verb for e in desk.events(number)].count(Verb.SAY) == 1


def test_the_reporter_is_written_to_from_the_page_with_a_quick_reply(desk: Desk) -> None:
    number = desk.opens()
    browser = desk.logged_in("laoli")
    quick = re.findall(r'data-for="text" data-words="([^"]+)"', browser.reads(page(number)))

    acts(browser, number, "message", text=quick[0])

    assert desk.letters(f"order:{number}")[-1] == ("xiaowang", "messaged")
    assert f"老李留言：{quick[0]}" in words(desk.logged_in("xiaowang").reads(page(number)))
    assert "data-for" not in desk.logged_in("xiaowang").reads(page(number))


def test_what_somebody_else_closed_meanwhile_is_told_and_nothing_written_is_lost(desk: Desk) -> None:
    number = desk.opens()
    browser = desk.logged_in("laoli")
    seen = str(desk.order(number).events)
    desk.does("solve", number, "laozhou")
    desk.does("close", number, "xiaowang")

    sent = browser.post(f"{page(number)}/solve", page(number), seen=seen, note="重启了收银台服务，已恢复")

    assert sent.status_code == 409
    assert "小王已于今天 10:00 关闭" in words(sent)
    assert "重启了收银台服务，已恢复" in words(sent)


def test_a_card_number_written_into_a_form_is_never_kept(desk: Desk) -> None:
    number = desk.opens()

    acts(desk.logged_in("laoli"), number, "solve", note="卡号 6222021234567890128 已退款")

    assert "6222021234567890128" not in str([e.facts for e in desk.events(number)])


def test_the_page_explains_its_promises_and_tells_what_happened(desk: Desk) -> None:
    number = desk.opens()
    desk.passes(timedelta(minutes=6))
    desk.does("accept", number, "laoli")

    told = words(desk.logged_in("wangzhuguan").reads(page(number)))

    assert "+5 分钟 周一 10:00" in told
    assert "记录超时：接单" in told
    assert "老李 接单" in told
    assert "迟到" in told


def test_another_partners_order_is_no_order_at_all(desk: Desk) -> None:
    number = desk.opens("云帆的问题", "xiaolin")
    browser = desk.logged_in("xiaowang")

    assert browser.get(page(number)).status_code == 404
    assert browser.post(f"{page(number)}/cancel").status_code == 404
    assert desk.order(number).live


def test_a_partners_staff_read_only_what_was_told_to_them(desk: Desk) -> None:
    number = desk.opens()
    desk.passes(timedelta(minutes=6))

    told = words(desk.logged_in("xiaowang").reads(page(number)))

    assert "老李 待发送" not in told
    assert "超时上报" not in told


def test_a_number_to_call_is_masked_until_it_is_asked_for_and_that_is_audited(desk: Desk) -> None:
    number = desk.opens()
    browser = desk.logged_in("laoli")

    before = browser.reads(page(number))
    asked = browser.post(f"{page(number)}/phones", page(number)).get_data(as_text=True)

    assert "小王 138****0001" in words(before)
    assert "tel:" not in before
    assert 'href="tel:13800000001"' in asked
    assert "phones" not in offered(desk.logged_in("xiaowang"), number)
    with desk.program.units.reading() as unit:
        (entry,) = unit.audit.seen([f"order:{number}"])
    assert entry.who == "laoli"


def test_a_file_is_opened_from_the_order_it_came_with_and_no_other(desk: Desk) -> None:
    number, other = desk.opens(), desk.opens("云帆的问题", "xiaolin")
    file = desk.attaches(number)
    browser = desk.logged_in("xiaowang")

    assert "报错截图" in words(browser.reads(page(number)))
    opened = browser.get(f"{page(number)}/files/{file}")

    assert opened.mimetype == "image/jpeg"
    assert opened.headers["X-Content-Type-Options"] == "nosniff"
    assert browser.get(f"{page(other)}/files/{file}").status_code == 404
    assert desk.logged_in("xiaolin").get(f"{page(other)}/files/{file}").status_code == 404


def test_what_is_done_on_the_console_is_audited(desk: Desk) -> None:
    number = desk.opens()
    browser = desk.logged_in("laoli")

    acts(browser, number, "accept")
    acts(browser, number, "accept")

    with desk.program.units.reading() as unit:
        found = unit.audit.entries(subject=f"order:{number}")
    assert [(e.who, e.result) for e in found] == [("laoli", "refused"), ("laoli", "done")]
