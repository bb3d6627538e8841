"""The hotline's form: a call is filed, joins what is open, or is answered; once, and never half."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from html import unescape

import pytest
from werkzeug.test import TestResponse

from bot.reports import Asked, Source
from tests.bot.console.stage import Browser, Desk, words
from tests.support.stage import local
from workorders.orders.order import Kind, State, Verb
from workorders.orders.promise import Part
from workorders.report.period import Period

FORM = "/console/hotline"
CALL = {
    "partner": "星河",
    "caller": "张三",
    "phone": "０10-6234 5678 转 802",
    "called_at": "九点五十",
    "kind": "urgent",
    "problem": "POS机刷卡报错",
}


def once(browser: Browser) -> str:
    """The token of a form that has just been opened."""
    found = re.search(r'name="once" value="([^"]+)"', browser.reads(FORM))
    assert found
    return found[1]


def files(browser: Browser, **other: str) -> TestResponse:
    return browser.post(FORM, FORM, **{**CALL, "once": once(browser), **other})


def told(browser: Browser, sent: TestResponse) -> str:
    """What the page says after a form was sent."""
    return words(browser.reads(sent.headers["Location"]) if sent.status_code == 303 else sent)


def beside(browser: Browser, **written: str) -> str:
    return unescape(words(browser.post(f"{FORM}/beside", FORM, **written)))


def test_a_call_becomes_an_order_whose_response_is_met_and_whose_solution_counts_from_it(
    desk_on_both: Desk,
) -> None:
    desk = desk_on_both
    browser = desk.logged_in("xiaohe")

    said = told(browser, files(browser))

    order = desk.order(1001)
    assert "1001" in said
    assert (order.kind, order.text, order.taken_by) == (Kind.URGENT, "POS机刷卡报错", "xiaohe")
    assert order.form == {"caller": "张三", "phone": "01062345678-802"}
    assert order.received_at == local("2026-11-23 09:50")
    solution = order.promise(Part.SOLUTION)
    assert solution is not None
    assert solution.due == local("2026-11-23 10:10")
    assert ("laoli", "page") in desk.letters("order:1001")


def test_the_order_of_a_call_says_who_rang_and_hides_the_number_in_every_letter(desk: Desk) -> None:
    files(desk.logged_in("xiaohe"))
    for _ in range(6):
        desk.passes(timedelta(minutes=1))

    page = desk.logged_in("laoli").reads("/console/orders/1001")

    assert "热线来电 小何接听 来电人 张三" in words(page)
    assert "星河支付 · 张三" in words(desk.logged_in("laoli").reads("/console/"))
    assert "张三 010****5678-802" in words(page)
    assert "01062345678" not in page
    assert "呼叫一责、二责、客服负责人（" in words(page)  # a line, not one for every minute


def test_the_same_form_sent_again_is_led_to_what_it_came_to(desk_on_both: Desk) -> None:
    desk = desk_on_both
    browser = desk.logged_in("xiaohe")
    token = once(browser)

    files(browser, once=token)
    again = files(browser, once=token)

    assert "没有重复登记" in told(browser, again)
    assert again.headers["Location"].endswith("order=1001")
    with pytest.raises(AssertionError):
        desk.order(1002)


def test_the_same_form_sent_twice_at_once_is_one_order(desk_on_both: Desk) -> None:
    desk = desk_on_both
    first, second = desk.logged_in("xiaohe"), desk.logged_in("xiaohe")
    token = once(first)
    forms = [
        (browser, {**CALL, "once": token, "csrf_token": browser.token(FORM)}) for browser in (first, second)
    ]

    with ThreadPoolExecutor(2) as pool:
        sent = list(pool.map(lambda form: form[0].client.post(FORM, data=form[1]), forms))

    # A number may have gone to the one that was undone.
    assert len({answer.headers.get("Location", answer.status) for answer in sent}) == 1
    assert {answer.status_code for answer in sent} == {303}
    with desk.program.units.reading() as unit:
        assert len(unit.calls("xiaohe", desk.clock.moment).latest(5)) == 1


def test_a_used_form_with_other_words_is_asked_about_and_then_filed(desk: Desk) -> None:
    browser = desk.logged_in("xiaohe")
    token = once(browser)
    files(browser, once=token)

    asked = files(browser, once=token, problem="打印机卡纸")
    fresh = re.search(r'name="once" value="([^"]+)"', asked.get_data(as_text=True))

    assert asked.status_code == 409
    assert "另一通来电" in words(asked)
    assert "打印机卡纸" in words(asked)
    assert fresh
    files(browser, once=fresh[1], problem="打印机卡纸")
    assert desk.order(1002).text == "打印机卡纸"


WRONG = {
    "an hour to come": ({"called_at": "明天九点"}, "来电时间不能晚于现在"),
    "no such day": ({"called_at": "11月31日 15:00"}, "没有"),
    "no moment at all": ({"called_at": "老时间"}, "没看懂"),
    "a year ago": ({"called_at": "2024-11-20 15:00"}, "过去一年之内"),
    "seven digits": ({"phone": "1380000"}, "不完整"),
    "no number": ({"phone": ""}, "请填写回电号码"),
    "a partner nobody knows": ({"partner": "月亮支付"}, "名录里没有「月亮支付」"),
    "no caller": ({"caller": " "}, "怎么称呼"),
    "no problem": ({"problem": ""}, "写明问题"),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_is_said_at_its_field_and_the_form_comes_back_as_written(desk: Desk, what: str) -> None:
    changed, why = WRONG[what]
    browser = desk.logged_in("xiaohe")

    sent = files(browser, **changed)

    page = sent.get_data(as_text=True)
    (field,) = changed
    assert sent.status_code == 422
    assert why in re.search(rf'id="{field}-(?:wrong|said)"[^>]*>([^<]*)<', page)[1]  # type: ignore[index]
    for name, value in {**CALL, **changed}.items():
        assert name == "kind" or value.strip() in unescape(page), name
    assert 'value="urgent" checked' in page


def test_a_second_call_about_the_same_thing_joins_the_order_there_is(desk: Desk) -> None:
    number = desk.opens("POS机刷卡一直报错")
    desk.does("accept", number, "laoli")
    desk.does("pause", number, "laoli", "终端号")
    browser = desk.logged_in("xiaohe")

    seen = beside(browser, partner="星河", problem="POS机刷卡报错")
    said = told(browser, files(browser, joins=str(number)))

    assert "可能是同一问题" in seen
    assert f"补充到 {number}" in seen
    assert f"已补充到工单 {number}" in said
    assert desk.order(number).state is State.ACCEPTED  # what it waited for has come
    assert "再次来电：POS机刷卡报错" in str(desk.events(number)[-1].facts)
    assert ("laoli", "resumed") in desk.letters(f"order:{number}")


def test_a_call_cannot_join_what_is_over_or_another_partners(desk: Desk) -> None:
    over, other = desk.opens(), desk.opens("云帆的问题", "xiaolin")
    desk.does("solve", over, "laoli")
    browser = desk.logged_in("xiaohe")

    late, strange = files(browser, joins=str(over)), files(browser, joins=str(other))

    assert "老李已于今天 10:00 解决" in words(late)
    assert (late.status_code, strange.status_code) == (409, 409)
    assert "POS机刷卡报错" in words(late)
    assert Verb.SAY not in [e.verb for e in desk.events(other)]


def test_a_call_answered_on_the_line_is_logged_without_an_order(desk: Desk) -> None:
    browser = desk.logged_in("xiaohe")
    page = browser.post(f"{FORM}/beside", FORM, partner="", problem="怎么退款").get_data(as_text=True)
    offered = re.findall(r'name="answered" value="([\w-]+)"', page)

    said = told(browser, files(browser, problem="怎么退款", answered=offered[0]))

    assert "未开单" in said
    assert "当场答复" in words(browser.reads(FORM))
    with desk.program.units.reading() as unit:
        (call,) = unit.calls("xiaohe", desk.clock.moment).latest(5)
        assert call.became == "answered"
        assert unit.answers("xiaohe", None, desk.clock.moment).given(call.about).article == offered[0]  # type: ignore[union-attr]
    with pytest.raises(AssertionError):
        desk.order(1001)


def test_calls_are_counted_by_what_they_came_to(desk_on_both: Desk) -> None:
    desk = desk_on_both
    browser = desk.logged_in("xiaohe")
    files(browser)
    files(browser, joins="1001", problem="还是报错")
    article = desk.program.web.extensions["console"].library.articles[0].id
    files(browser, problem="怎么退款", answered=article)

    with desk.program.units.reading() as unit:
        source = Source(unit, desk.program.uses.agreement.calendar)
        (row,) = source.table("calls", Asked(Period.parse("2026-11"))).records()

    assert [row[key] for key in ("partner", "calls", "orders", "joined", "on_the_line")] == [
        "星河支付",
        3,
        1,
        1,
        1,
    ]
    assert row["without_order"] == pytest.approx(2 / 3)


def test_partners_are_completed_by_name_and_short_name_and_never_listed(desk: Desk) -> None:
    browser = desk.logged_in("xiaohe")

    def completed(typed: str) -> list[str]:
        page = browser.get(f"{FORM}/partners?q={typed}").get_data(as_text=True)
        return re.findall(r'data-name="([^"]+)"', page)

    assert completed("星") == ["星河支付"]
    assert completed("云帆") == ["云帆支付"]
    assert completed("") == completed("月亮") == []
    assert "云帆" not in browser.reads(FORM)


def test_the_moment_understood_is_shown_while_it_is_written(desk: Desk) -> None:
    browser = desk.logged_in("xiaohe")

    assert "即 今天 09:30" in beside(browser, called_at="半小时前")
    assert "没有进行中的工单" in beside(browser, partner="星河支付")


def test_a_card_number_said_on_the_phone_is_never_kept(desk: Desk) -> None:
    files(desk.logged_in("xiaohe"), problem="卡号 6222021234567890128 扣了两次")

    assert "6222021234567890128" not in desk.order(1001).text


def test_a_session_that_ended_meanwhile_shows_back_what_was_written(desk: Desk) -> None:
    browser = desk.logged_in("xiaohe")
    token = browser.token(FORM)
    desk.clock.moment += timedelta(hours=1)

    sent = browser.client.post(FORM, data={**CALL, "csrf_token": token, "once": "x" * 22})

    assert sent.status_code == 401
    assert "POS机刷卡报错" in words(sent)
    assert "x" * 22 not in words(sent)


def test_taking_a_call_is_audited(desk: Desk) -> None:
    files(desk.logged_in("xiaohe"))

    with desk.program.units.reading() as unit:
        (entry,) = unit.audit.entries(subject="order:1001")
    assert (entry.who, entry.act, entry.result) == ("xiaohe", "hotline:call:log", "done")


def test_a_name_that_is_almost_a_partners_is_offered_while_and_after_it_is_written(desk: Desk) -> None:
    browser = desk.logged_in("xiaohe")

    assert 'data-name="星河支付"' in browser.reads("/console/hotline/partners?q=星何支付")
    assert "名录里没有「星何支付」，是「星河支付」吗？" in words(files(browser, partner="星何支付"))
    assert "data-name" not in browser.reads("/console/hotline/partners?q=明日科技")
