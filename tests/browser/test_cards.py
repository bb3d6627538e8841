"""Every button of every card, pressed in the page, at both widths."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Arrive
from tests.browser.scene import Scene
from tests.browser.visitor import Visitor
from tests.support.stage import local
from workorders.orders.order import Kind, State

pytestmark = pytest.mark.browser

GROUP, DESK, BOT = "星河支付-服务群", "客服工作台", "服务台"
KNOWN = "@服务台 发票查验网址是什么"
UNKNOWN = "@服务台 珠穆朗玛峰有多高"
UNCLEAR = "@服务台 扫码失败"


def test_已解决_thanks_and_takes_the_buttons_away(anyone: Visitor) -> None:
    anyone.become("小王", GROUP)
    anyone.says(KNOWN)

    anyone.presses("这个回答解决了吗", "已解决")

    anyone.answered("问题已解决")
    expect(anyone.page.locator(".card-actions")).to_have_count(0)


@pytest.mark.parametrize("button", ["没解决", "转人工"])
def test_没解决_and_转人工_open_an_order_and_the_card_says_its_number(
    scene: Scene, anyone: Visitor, button: str
) -> None:
    anyone.become("小王", GROUP)
    anyone.says(KNOWN)

    anyone.presses("这个回答解决了吗", button)

    anyone.answered("工单 1001", "10:05")
    expect(anyone.page.locator(".card-actions")).to_have_count(0)
    assert "发票查验网址" in scene.stage.order().text


@pytest.mark.parametrize(("button", "kind"), [("提交工单", Kind.DAILY), ("紧急报障", Kind.URGENT)])
def test_a_question_nobody_can_answer_becomes_an_order_in_one_tap(
    scene: Scene, visitor: Visitor, button: str, kind: Kind
) -> None:
    visitor.become("小王", GROUP)
    visitor.says(UNKNOWN)

    visitor.presses("没有找到答案", button)

    visitor.answered("工单 1001 已开")
    assert scene.stage.order().kind is kind


def test_a_menu_is_answered_by_a_tap_and_its_steps_by_a_bare_digit(anyone: Visitor) -> None:
    anyone.become("小王", BOT)
    anyone.says("扫码失败")

    anyone.page.locator(".card-actions").get_by_role("button", name="①").click()
    anyone.answered("回复 1 查看完整步骤", "已解决", "没解决", "转人工")
    anyone.says("1")

    expect(anyone.card("这个回答解决了吗")).to_be_visible()


def test_none_of_a_menu_leads_to_an_order(scene: Scene, visitor: Visitor) -> None:
    visitor.become("小王", GROUP)
    visitor.says(UNCLEAR)

    visitor.presses("您是想问", "都不是")
    visitor.presses("没有找到答案", "提交工单")

    visitor.answered("工单 1001 已开")
    assert scene.stage.order().text == "扫码失败"


def test_a_menu_about_a_fault_opens_an_order_directly(scene: Scene, visitor: Visitor) -> None:
    visitor.become("小王", GROUP)
    visitor.says(UNCLEAR)

    visitor.presses("您是想问", "提交工单")

    visitor.answered("工单 1001 已开")
    assert scene.stage.order().state is State.OPEN


def test_a_technician_accepts_gives_a_plan_in_one_sentence_and_solves(scene: Scene, anyone: Visitor) -> None:
    scene.stage.opens()
    anyone.become("老李", DESK)

    anyone.presses("工单 1001 待接单", "接单")
    anyone.reads("您已接单：工单 1001")
    anyone.presses("工单 1001 处理中", "给方案")
    anyone.reads("请用一句话写明方案和完成时间")
    anyone.says("更换机具，今天18:00")
    anyone.answered("方案已发给报障人", "18:00")
    anyone.says("解决 1001 已更换")
    anyone.answered("已标记解决")

    anyone.become("小王", GROUP)
    anyone.reads("已由老李接单", "更换机具", "已由老李解决")
    assert scene.stage.order().state is State.SOLVED


def test_解决_on_the_card_closes_it_at_once_whoever_had_not_accepted(scene: Scene, visitor: Visitor) -> None:
    scene.stage.opens()
    visitor.become("老李", DESK)

    visitor.presses("工单 1001 待接单", "解决")

    visitor.reads("工单 1001 已解决，待确认")
    expect(visitor.page.locator(".card-actions")).to_have_count(0)


def test_the_reporter_says_没解决_and_then_已解决_on_their_own_cards(scene: Scene, anyone: Visitor) -> None:
    scene.stage.says("xiaowang", "开单 收银台打不开", door="app")
    scene.stage.says("laoli", "解决 1001")
    anyone.become("小王", DESK)
    anyone.reads("您好，我是服务台机器人")

    anyone.presses("已由老李解决", "没解决")
    anyone.reads("已重开，由老李继续处理")
    scene.stage.says("laoli", "解决 1001")
    anyone.presses("已由老李解决", "已解决")

    anyone.reads("工单 1001 已关闭")
    assert scene.stage.order().state is State.CLOSED


def test_a_declined_order_is_opened_again_by_its_reporter(scene: Scene, visitor: Visitor) -> None:
    scene.stage.says("xiaowang", "开单 电脑打不开", door="app")
    scene.stage.says("laoli", "退回 1001 不属服务范围")
    visitor.become("小王", DESK)
    visitor.reads("您好，我是服务台机器人")

    visitor.presses("已退回，原因：不属服务范围", "重开")

    visitor.reads("工单 1001 已重开")
    assert scene.stage.order().state is State.OPEN


def test_恢复_on_the_daily_reminder_starts_the_clock_again(scene: Scene, visitor: Visitor) -> None:
    scene.stage.opens()
    scene.stage.says("laoli", "接单 1001")
    scene.stage.says("laoli", "挂起 1001 请提供终端编号")
    visitor.tool("时钟")
    visitor.page.get_by_role("button", name="下一个工作日 09:00").click()
    visitor.become("老李", DESK)

    visitor.presses("工单 1001 仍在挂起", "恢复")

    visitor.reads("工单 1001 已恢复计时")
    assert scene.stage.order().state is State.ACCEPTED


def test_a_press_that_comes_too_late_says_who_was_first_and_when(scene: Scene, arrive: Arrive) -> None:
    visitor = arrive()
    scene.stage.opens(urgent=True)
    visitor.tool("时钟")
    visitor.page.get_by_role("button", name="+1 分钟").click()
    visitor.become("老周", DESK)
    expect(visitor.button("紧急工单 1001", "接单")).to_be_visible()

    with scene.nobody_working():
        scene.stage.wecom.say("laoli", "接单 1001")
        visitor.presses("紧急工单 1001", "接单")
        expect(visitor.card("1001")).to_contain_text("老李")

    expect(visitor.button("1001", "接单")).to_have_count(0)
    assert scene.stage.order().owner == "laoli"


def test_one_press_accepts_everything_a_bundle_holds(scene: Scene, anyone: Visitor) -> None:
    with scene.nobody_working():
        for words in ("收银台打不开", "打印机卡纸"):
            scene.stage.wecom.say("xiaowang", f"@服务台 开单 {words}", chat="wrXINGHE")
    anyone.become("老李", DESK)

    anyone.presses("2 张工单待接单", "全部接单")

    anyone.reads("您已接单：工单 1001、1002")
    assert [scene.stage.order(n).owner for n in (1001, 1002)] == ["laoli", "laoli"]


def test_one_order_of_a_bundle_is_accepted_alone(scene: Scene, visitor: Visitor) -> None:
    with scene.nobody_working():
        for words in ("收银台打不开", "打印机卡纸"):
            scene.stage.wecom.say("xiaowang", f"@服务台 开单 {words}", chat="wrXINGHE")
    visitor.become("老李", DESK)

    visitor.presses("2 张工单待接单", "接单 1002")

    visitor.reads("您已接单：工单 1002")
    assert [scene.stage.order(n).owner for n in (1001, 1002)] == [None, "laoli"]


def test_on_a_saturday_night_an_urgent_order_pages_and_a_press_ends_it(
    scene: Scene, visitor: Visitor
) -> None:
    visitor.tool("时钟")
    visitor.page.get_by_role("button", name="周六 22:00").click()
    expect(visitor.page.locator(".clock-time")).to_contain_text("22:00")
    assert scene.stage.clock.moment >= local("2026-11-28 22:00")
    visitor.become("小王", GROUP)
    visitor.says("@服务台 紧急 全部门店无法收款")
    visitor.answered("紧急工单 1001", "22:01")

    visitor.become("老李", DESK)
    visitor.presses("紧急工单 1001", "接单")

    visitor.reads("您已接单：紧急工单 1001")
    visitor.become("小王", GROUP)
    visitor.reads("紧急工单 1001 已由老李接单")
