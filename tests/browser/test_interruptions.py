"""What ends under an open page, and comes back."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.scene import Scene
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

GROUP = "星河支付-服务群"
GONE = "ERR_(CONNECTION_REFUSED|SOCKET_NOT_CONNECTED|INCOMPLETE_CHUNKED|EMPTY_RESPONSE|CONNECTION_RESET)"


def test_a_desk_that_ends_and_starts_again_answers_the_page_that_stayed_open(
    scene: Scene, visitor: Visitor
) -> None:
    visitor.become("小王", GROUP)
    scene.stop_desk()
    visitor.says("@服务台 退款多久到账")
    expect(visitor.page.locator(".delivery.bad")).to_contain_text("机器人没有响应")

    scene.start_desk()
    visitor.page.get_by_role("button", name="重新发送").click()

    visitor.reads("1 至 3 个工作日")


def test_a_press_while_the_desk_is_away_is_said_on_the_card_and_may_be_repeated(
    scene: Scene, visitor: Visitor
) -> None:
    scene.stage.opens()
    visitor.become("老李", "客服工作台")
    expect(visitor.button("1001", "接单")).to_be_visible()
    scene.stop_desk()
    visitor.presses("1001", "接单")
    expect(visitor.card("1001")).to_contain_text("机器人没有响应，请稍后再按")

    scene.start_desk()
    visitor.presses("1001", "接单")

    visitor.reads("您已接单：工单 1001")


def test_a_page_whose_server_ends_says_so_and_catches_up_by_itself(scene: Scene, anyone: Visitor) -> None:
    anyone.expected.append(GONE)
    anyone.become("小王", GROUP)
    anyone.says("@服务台 退款多久到账")
    anyone.reads("1 至 3 个工作日")

    scene.stop_wecom()
    expect(anyone.page.locator("#banner")).to_have_text("已断开，正在重连…")
    anyone.field.fill("还没发出去的话")
    anyone.send()
    expect(anyone.toast).to_contain_text("未发送")
    expect(anyone.field).to_have_value("还没发出去的话")

    scene.start_wecom()
    scene.stage.wecom.say("xiaozhao", "我在您断开时说的", chat="wrXINGHE")
    expect(anyone.page.locator("#banner")).to_be_hidden()
    anyone.reads("1 至 3 个工作日", "我在您断开时说的")
    anyone.send()
    anyone.reads("还没发出去的话")


def test_what_is_due_while_nobody_works_arrives_once_somebody_does(scene: Scene, visitor: Visitor) -> None:
    visitor.become("小王", GROUP)
    with scene.nobody_working():
        visitor.says("@服务台 紧急 全部门店无法收款")
        visitor.reads("紧急工单 1001 已开")

    visitor.become("老李", "客服工作台")

    expect(visitor.card("紧急工单 1001")).to_be_visible()


def test_the_desks_port_opened_instead_of_the_pages_is_a_page_in_words(
    browser: Browser, scene: Scene
) -> None:
    page = browser.new_page()

    answer = page.goto(f"{scene.stage.webs[0].url}/")

    assert answer is not None
    assert answer.status < 500
    assert page.locator("body").inner_text().strip()
    page.close()
