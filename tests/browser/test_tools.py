"""The clock, the log and the faults beside the chats."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.scene import Scene
from tests.browser.visitor import Visitor
from tests.support.stage import local

pytestmark = pytest.mark.browser

GROUP, DESK = "星河支付-服务群", "客服工作台"


def test_the_clocks_buttons_turn_it_and_only_forward(scene: Scene, anyone: Visitor) -> None:
    anyone.tool("时钟")
    time, date = anyone.page.locator(".clock-time"), anyone.page.locator(".clock-date")
    expect(time).to_contain_text("10:00")

    for button, shown in [("+1 分钟", "10:01"), ("+5 分钟", "10:06"), ("+20 分钟", "10:26")]:
        anyone.page.get_by_role("button", name=button).click()
        expect(time).to_contain_text(shown)
    anyone.page.get_by_role("button", name="周六 22:00").click()
    expect(date).to_have_text("2026年11月28日 周六")
    anyone.page.get_by_role("button", name="下一个工作日 09:00").click()
    expect(date).to_have_text("2026年11月30日 周一")
    expect(time).to_contain_text("09:00")

    answer = anyone.page.request.post(f"{scene.url}sim/clock", data={"to": "2026-11-23T10:00:00+08:00"})
    assert (answer.status, answer.json()["error"]) == (400, "时钟只能向前拨。")
    assert scene.stage.clock.moment >= local("2026-11-30 09:00")


def test_turning_the_clock_past_a_promise_tells_the_second_and_then_the_lead(
    scene: Scene, visitor: Visitor
) -> None:
    scene.stage.opens()
    visitor.tool("时钟")

    visitor.page.get_by_role("button", name="+5 分钟").click()
    visitor.become("老周", DESK)
    expect(visitor.card("1001")).to_contain_text("超时")
    visitor.page.get_by_role("button", name="+20 分钟").click()
    visitor.become("王主管", DESK)

    expect(visitor.card("1001")).to_contain_text("超时")


def test_the_log_shows_what_was_said_decrypted_and_no_secret(scene: Scene, visitor: Visitor) -> None:
    visitor.become("小王", GROUP)
    visitor.says("@服务台 紧急 全部门店无法收款")
    visitor.reads("紧急工单 1001 已开")
    expect(visitor.page.locator(".row.own .delivery")).to_have_count(0)

    visitor.tool("日志")
    entries = visitor.page.locator(".entry > button")
    expect(entries.filter(has_text="message/send")).to_have_count(1)
    for i in range(entries.count()):
        entries.nth(i).click()

    bodies = visitor.page.locator(".entries")
    expect(bodies).to_contain_text("全部门店无法收款")
    expect(bodies).to_contain_text("template_card")
    settings = scene.stage.settings
    shown = bodies.inner_text()
    for secret in (settings.wecom_secret, settings.wecom_aes_key, settings.aibot_aes_key, "demo-xinghe"):
        assert secret not in shown


def test_the_log_is_narrowed_by_words_way_and_failure(scene: Scene, visitor: Visitor) -> None:
    visitor.become("小王", GROUP)
    visitor.says("@服务台 退款多久到账")
    visitor.reads("1 至 3 个工作日")
    visitor.tool("日志")
    expect(visitor.page.locator(".entry")).not_to_have_count(0)

    visitor.page.get_by_label("只看失败").check()
    expect(visitor.page.get_by_text("没有符合的记录。")).to_be_visible()
    visitor.page.get_by_label("只看失败").uncheck()
    visitor.page.get_by_label("筛选日志").fill("退款多久到账")

    expect(visitor.page.locator(".entry .endpoint").first).to_have_text("aibot")


def test_a_fault_set_in_the_page_happens_is_logged_and_the_letter_still_arrives(
    scene: Scene, visitor: Visitor
) -> None:
    visitor.tool("故障")
    visitor.page.get_by_label("接口").select_option("message/send")
    visitor.page.get_by_label("故障", exact=True).select_option(label="HTTP 错误")
    visitor.page.get_by_role("button", name="设置").click()
    expect(visitor.page.locator(".fault")).to_contain_text("message/send · 还有 1 次")

    visitor.become("小王", GROUP)
    visitor.says("@服务台 紧急 全部门店无法收款")
    visitor.reads("紧急工单 1001 已开")
    visitor.tool("日志")
    expect(visitor.page.locator(".entry.bad", has_text="message/send")).to_contain_text("HTTP 502")
    visitor.tool("时钟")
    visitor.page.get_by_role("button", name="+1 分钟").click()

    visitor.become("老李", DESK)
    expect(visitor.card("紧急工单 1001")).to_be_visible()


def test_a_number_of_times_that_is_none_is_refused_in_a_sentence(visitor: Visitor) -> None:
    visitor.tool("故障")
    visitor.page.get_by_label("次数").fill("1.5")

    visitor.page.get_by_role("button", name="设置").click()

    expect(visitor.toast).to_have_text("请填写整数。")


def test_a_fault_may_be_taken_away_again(visitor: Visitor) -> None:
    visitor.tool("故障")
    visitor.page.get_by_label("次数").fill("")
    visitor.page.get_by_role("button", name="设置").click()
    expect(visitor.page.locator(".fault")).to_contain_text("直到清除")

    visitor.page.get_by_role("button", name="清除").click()

    expect(visitor.page.get_by_text("一切正常。")).to_be_visible()


def test_a_conversation_grows_live_and_older_messages_stay_in_reach(scene: Scene, visitor: Visitor) -> None:
    visitor.become("小王", GROUP)
    for n in range(90):
        scene.stage.wecom.say("xiaozhao", f"第 {n} 句", chat="wrXINGHE")

    visitor.reads("第 89 句")
    visitor.page.reload()
    visitor.reads("第 89 句")
    expect(visitor.messages).not_to_contain_text("第 5 句")
    visitor.page.get_by_role("button", name="更早的消息").click()

    visitor.reads("第 5 句")
