"""Two people at once: what one does the other sees, and a menu is only for whoever asked."""

from __future__ import annotations

import pytest
from playwright.sync_api import Route, ViewportSize, expect

from tests.browser.conftest import Arrive
from tests.browser.scene import Scene
from tests.browser.visitor import DESKTOP, PHONE, Visitor

pytestmark = pytest.mark.browser

GROUP, DESK = "星河支付-服务群", "客服工作台"


def test_what_one_browser_writes_the_other_reads_without_a_reload(arrive: Arrive) -> None:
    one, other = arrive(), arrive(PHONE)
    one.become("小王", GROUP)
    other.become("小赵", GROUP)

    one.says("@服务台 退款多久到账")
    other.reads("退款多久到账", "1 至 3 个工作日", "这个回答解决了吗")
    other.says("谢谢小王")

    one.reads("谢谢小王")


def test_a_card_pressed_in_one_browser_changes_in_the_other(scene: Scene, arrive: Arrive) -> None:
    one, other = arrive(), arrive()
    scene.stage.opens()
    one.become("老李", DESK)
    other.become("老李", DESK)
    expect(other.button("1001", "接单")).to_be_visible()

    one.presses("1001", "接单")

    other.reads("您已接单：工单 1001")
    expect(other.button("1001", "接单")).to_have_count(0)


def test_a_menu_digit_answers_only_its_asker(arrive: Arrive) -> None:
    asker, colleague = arrive(), arrive()
    asker.become("小王", GROUP)
    colleague.become("小赵", GROUP)
    asker.says("@服务台 查询")
    colleague.reads("您是想问")

    colleague.says("@服务台 2")
    expect(colleague.page.locator(".row:not(.own)").last).not_to_contain_text("您是想问")
    expect(colleague.card("这个回答解决了吗")).to_have_count(0)

    asker.says("@服务台 2")
    expect(asker.card("这个回答解决了吗")).to_contain_text("交易记录")


def test_a_tap_on_a_menu_changes_it_for_whoever_tapped_only_in_their_own_name(arrive: Arrive) -> None:
    asker, colleague = arrive(), arrive()
    asker.become("小王", GROUP)
    colleague.become("小赵", GROUP)
    asker.says("@服务台 发票查验网址是什么")
    colleague.reads("这个回答解决了吗")

    asker.presses("这个回答解决了吗", "没解决")

    asker.reads("工单 1001 已开")
    colleague.reads("工单 1001 已开")


def test_a_message_for_somebody_else_counts_on_their_face(scene: Scene, visitor: Visitor) -> None:
    visitor.become("小王", GROUP)
    visitor.says("@服务台 紧急 全部门店无法收款")

    face = visitor.page.locator("#rail button", has_text="老李")
    expect(face.locator(".badge")).to_have_text("1")
    visitor.become("老李", DESK)
    expect(face.get_by_text("1", exact=True)).to_have_count(0)


def test_what_arrives_while_a_finger_is_down_does_not_swallow_the_press(
    scene: Scene, visitor: Visitor
) -> None:
    visitor.become("小王", GROUP)
    face = visitor.page.locator("#rail button", has_text="老李")
    face.hover()
    visitor.page.mouse.down()

    scene.stage.opens()
    expect(visitor.messages).to_contain_text("1001")
    visitor.page.wait_for_timeout(400)  # longer than the page puts off asking what is unread
    visitor.page.mouse.up()

    expect(visitor.page.locator("#list .me")).to_contain_text("您是 老李")
    expect(face.locator(".badge")).to_be_visible()


def test_what_arrives_while_a_chat_is_on_its_way_stands_in_it(scene: Scene, visitor: Visitor) -> None:
    def late(asked: Route) -> None:
        answer = asked.fetch()
        scene.stage.opens()
        expect(visitor.button("1001", "接单")).to_be_visible()
        asked.fulfill(response=answer)

    visitor.page.route("**/sim/messages?chat=app%3Alaoli*", late)

    visitor.become("老李", DESK)

    visitor.presses("1001", "接单")
    visitor.reads("您已接单：工单 1001")


def test_two_chats_stand_side_by_side(scene: Scene, visitor: Visitor) -> None:
    visitor.become("小王", GROUP)
    visitor.page.get_by_role("button", name="并排").click()
    left, right = visitor.page.locator(".pane").first, visitor.page.locator(".pane").last
    expect(right.locator(".under")).to_contain_text("应用")

    left.get_by_label("输入消息").fill("@服务台 紧急 全部门店无法收款")
    left.get_by_role("button", name="发送", exact=True).click()
    right.get_by_role("button", name="接单", exact=True).click()

    expect(left.locator(".messages")).to_contain_text("已由老李接单")


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_what_one_takes_back_is_gone_for_everybody(arrive: Arrive, size: ViewportSize) -> None:
    one, other = arrive(size), arrive()
    one.become("小王", GROUP)
    other.become("小赵", GROUP)
    one.says("说错了")
    other.reads("说错了")

    one.page.locator(".row.own .bubble").last.click()
    one.page.locator(".row.own").last.get_by_role("button", name="撤回").click()

    one.reads("您撤回了一条消息")
    other.reads("小王撤回了一条消息")
    expect(other.messages).not_to_contain_text("说错了")
