"""A call written down while the caller is on the line, in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Route, ViewportSize, expect

from tests.browser.conftest import SIZES, Sit
from tests.browser.desk_page import DeskPage
from tests.browser.scene import Scene

pytestmark = pytest.mark.browser

FORM = "/console/hotline"


def writes(desk: DeskPage, **fields: str) -> None:
    for name, words in fields.items():
        desk.page.locator(f"#{name}").fill(words)


@SIZES
def test_a_call_is_written_by_keyboard_corrected_where_it_is_wrong_and_filed(
    scene: Scene, sit: Sit, size: ViewportSize
) -> None:
    desk = sit("xiaohe", size).opens(FORM)
    partner = desk.page.get_by_role("combobox", name="合作伙伴")
    partner.press_sequentially("星")
    expect(desk.page.get_by_role("option", name="星河支付")).to_have_attribute("aria-selected", "true")
    desk.accessible()
    partner.press("Enter")
    expect(partner).to_have_value("星河支付")
    expect(partner).to_have_attribute("aria-expanded", "false")

    writes(desk, caller="张三", phone="1380000", called_at="半小时前", problem="POS机刷卡报错")
    expect(desk.page.locator("#called_at-said")).to_have_text("即 今天 09:30")
    expect(desk.page.get_by_text("没有进行中的工单")).to_be_visible()
    desk.page.get_by_text("紧急", exact=True).click()
    desk.expected = ["422"]
    desk.page.get_by_role("button", name="登记开单").click()
    expect(desk.page.locator("#phone-wrong")).to_contain_text("不完整")
    expect(desk.page.get_by_label("紧急")).to_be_checked()
    expect(desk.page.locator("#phone")).to_be_focused()
    desk.accessible()

    writes(desk, phone="138 0000 0000")
    desk.page.get_by_role("button", name="登记开单").dblclick()
    expect(desk.page.get_by_role("link", name="打开工单 1001")).to_be_visible()
    expect(desk.page.locator("#problem")).to_have_value("")
    with scene.stage.program.units.reading() as unit:
        assert unit.orders.read(1002) is None
    desk.accessible()


@SIZES
def test_the_caller_is_answered_on_the_line_or_joins_what_is_open(
    scene: Scene, sit: Sit, size: ViewportSize
) -> None:
    scene.stage.opens("POS机刷卡一直报错")
    desk = sit("xiaohe", size, colours="dark").opens(FORM)
    writes(desk, partner="星河", caller="张三", phone="010-62345678转802", problem="怎么退款")
    answer = desk.page.locator(".article").first
    expect(answer).to_contain_text("退款")
    desk.accessible()
    if answer.get_attribute("open") is None:
        answer.locator("summary").click()
    answer.get_by_role("button", name="已按此答复，不开单").click()
    expect(desk.page.get_by_text("当场答复，未开单")).to_be_visible()

    writes(desk, partner="星河", caller="李四", phone="13800000000", problem="POS机刷卡报错")
    expect(desk.page.get_by_text("可能是同一问题")).to_be_visible()
    desk.page.get_by_role("button", name="是同一问题，补充到 1001").click()
    expect(desk.page.get_by_text("已补充到工单 1001")).to_be_visible()
    expect(desk.page.get_by_role("listitem").filter(has_text="当场答复")).to_be_visible()


def test_a_session_that_ends_while_the_caller_speaks_loses_nothing(scene: Scene, sit: Sit) -> None:
    desk = sit("xiaohe").opens(FORM)
    writes(desk, partner="星河支付", caller="张三", phone="13800000000", problem="POS机刷卡报错")
    desk.page.get_by_text("紧急", exact=True).click()
    expect(desk.page.locator(".article").first).to_be_visible()  # What was written has been looked up.
    desk.page.context.clear_cookies(name="desk_session")

    desk.expected = ["401"]
    desk.page.get_by_role("button", name="登记开单").click()
    expect(desk.page.get_by_text("没有丢失")).to_be_visible()
    desk.page.get_by_role("link", name="回到刚才的页面").click()

    expect(desk.page.locator("#problem")).to_have_value("POS机刷卡报错")
    expect(desk.page.get_by_label("紧急")).to_be_checked()
    desk.page.get_by_role("button", name="登记开单").click()
    expect(desk.page.get_by_role("link", name="打开工单 1001")).to_be_visible()


def test_a_form_on_its_way_is_not_overtaken_by_what_was_still_being_looked_up(sit: Sit) -> None:
    desk = sit("xiaohe").opens(FORM)
    looking: list[Route] = []
    sending: list[Route] = []
    desk.page.route("**/console/hotline/beside", lambda asked: looking.append(asked))
    desk.page.route("**/console/hotline", lambda asked: sending.append(asked))
    with desk.page.expect_request("**/console/hotline/beside"):
        writes(desk, partner="星河支付", caller="张三", phone="13800000000", problem="POS机刷卡报错")
    with desk.page.expect_request("**/console/hotline"):
        desk.page.get_by_role("button", name="登记开单").click(no_wait_after=True)

    desk.expected = ["401"]
    with desk.page.expect_response("**/console/hotline/beside"):
        looking[0].fulfill(status=401, headers={"HX-Redirect": "/console/login"})
    sending[0].continue_()

    expect(desk.page.get_by_role("link", name="打开工单 1001")).to_be_visible()
