"""The first minutes: what the page says to type, and the guided tour from its first step to its last."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.scene import Scene
from tests.browser.visitor import Visitor
from workorders.orders.order import Kind, State

pytestmark = pytest.mark.browser


def test_the_guided_tour_leads_from_a_question_to_a_solved_order(scene: Scene, anyone: Visitor) -> None:
    anyone.step("提问")
    anyone.sees_chat("小王", "星河支付-服务群")
    expect(anyone.field).to_have_value("@服务台 退款多久到账")
    anyone.send()
    expect(anyone.card("这个回答解决了吗")).to_be_visible()
    anyone.reads("1 至 3 个工作日")

    anyone.step("没解决，开工单")
    anyone.send()
    anyone.reads("工单 1001 已开", "10:05", "10:20")

    anyone.step("紧急")
    anyone.send()
    anyone.reads("紧急工单 1002 已开", "10:01")

    anyone.step("拨快时钟")
    expect(anyone.toast).to_contain_text("10:05")

    anyone.step("负责人收到提醒")
    anyone.sees_chat("王主管", "客服工作台")
    expect(anyone.card("紧急工单 1002")).to_contain_text("至今无人接单")

    anyone.step("接单，解决")
    anyone.sees_chat("老李", "客服工作台")
    anyone.presses("1002", "接单")
    expect(anyone.button("1002", "接单")).to_have_count(0)
    anyone.presses("1002", "解决")
    expect(anyone.button("1002", "解决")).to_have_count(0)
    anyone.become("小王", "星河支付-服务群")
    anyone.reads("老李", "1002")

    order = scene.stage.order(1002)
    assert (order.kind, order.state, order.owner) == (Kind.URGENT, State.SOLVED, "laoli")
    anyone.tool("导览")
    expect(anyone.page.locator(".steps li.done")).to_have_count(6)


def test_a_first_visit_says_what_to_type_and_one_tap_fills_it_in(visitor: Visitor) -> None:
    expect(visitor.page.get_by_text("跟着做一遍约三分钟")).to_be_visible()

    visitor.page.locator(".chips").get_by_role("button", name="@服务台 退款多久到账").click()
    visitor.send()

    expect(visitor.card("这个回答解决了吗")).to_be_visible()


def test_a_step_of_the_tour_stays_done_after_a_reload_until_one_starts_anew(visitor: Visitor) -> None:
    visitor.step("提问")
    visitor.page.reload()
    expect(visitor.guide_step("提问")).to_have_class("done")

    visitor.page.get_by_role("button", name="重新开始").click()

    expect(visitor.page.locator(".steps li.done")).to_have_count(0)


def test_the_page_fits_a_phone_whatever_is_open(scene: Scene, anyone: Visitor) -> None:
    for tool in ("时钟", "导览", "日志", "故障"):
        anyone.tool(tool)
        _fits(anyone)
    anyone.become("小王", "星河支付-服务群")
    anyone.says("@服务台 退款多久到账")
    expect(anyone.card("这个回答解决了吗")).to_be_visible()
    _fits(anyone)


def _fits(visitor: Visitor) -> None:
    page = "document.documentElement"
    grown = f"{page}.scrollWidth > innerWidth || {page}.scrollHeight > innerHeight"
    assert visitor.page.evaluate(grown) is False


def test_the_console_is_entered_as_whoever_one_is(scene: Scene, visitor: Visitor) -> None:
    for name in ("王主管", "小何"):
        visitor.become(name, "星河支付-服务群")
        visitor.tool("导览")
        with visitor.page.context.expect_page() as opened:
            visitor.page.get_by_role("link", name="管理后台").click()
        expect(opened.value.locator("header")).to_contain_text(name)
