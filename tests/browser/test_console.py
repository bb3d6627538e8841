"""The console in a real browser: coming in from a chat, the board that counts down, an order, an outage."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import ViewportSize, expect

from tests.browser.conftest import SIZES, Arrive, Sit
from tests.browser.scene import Scene
from tests.browser.visitor import PHONE
from workorders.directory.people import Person
from workorders.orders.desk import OrderDesk

pytestmark = pytest.mark.browser


def elsewhere(scene: Scene, does: Callable[[OrderDesk, Callable[[str], Person]], object]) -> None:
    """Somebody does something in chat meanwhile."""
    with scene.stage.program.units.begin() as unit:
        does(scene.stage.program.uses.orders(unit), unit.directory.person)


def test_a_link_in_a_chat_opens_the_desk_as_whoever_speaks_there(scene: Scene, arrive: Arrive) -> None:
    visitor = arrive()
    scene.stage.opens()
    visitor.become("老李", "客服工作台")

    with visitor.page.expect_popup() as opened:
        visitor.card("1001").get_by_text("查看详情").click()
    expect(opened.value.get_by_role("heading", name="工单 1001")).to_be_visible()
    expect(opened.value.locator(".who-name")).to_have_text("老李")

    visitor.become("老周", "客服工作台")
    opened.value.close()
    address = f"{scene.url}connect/open?as=laozhou&url={scene.stage.webs[0].url}/console/"
    again = visitor.page.context.new_page()
    again.goto(address)
    expect(again.locator(".who-name")).to_have_text("老周")


@SIZES
def test_the_board_counts_down_and_keeps_itself_current(scene: Scene, sit: Sit, size: ViewportSize) -> None:
    desk = sit("laoli", size).opens()
    expect(desk.page.get_by_text("现在没有进行中的工单")).to_be_visible()

    scene.stage.opens("全部门店无法收款，请回电 13812345678", urgent=True)
    desk.wakes()
    expect(desk.row(1001)).to_contain_text("138****5678")
    left = desk.row(1001).locator("time.left")
    first = left.inner_text()
    expect(left).not_to_have_text(first)
    desk.accessible()

    elsewhere(scene, lambda orders, person: orders.accept(1001, person("laozhou")))
    expect(desk.row(1001)).to_contain_text("老周")
    expect(desk.row(1001)).to_contain_text("处理中")

    scene.stage.clock.moment += timedelta(minutes=25)
    desk.wakes()
    expect(desk.row(1001).locator("time.left")).to_contain_text("超时")
    assert "over" in (desk.row(1001).get_attribute("class") or "")


def test_every_entry_is_within_reach_of_a_thumb(scene: Scene, sit: Sit) -> None:
    page = sit("wangzhuguan", PHONE).opens().page
    entries = page.get_by_role("navigation", name="主导航").get_by_role("link")

    expect(entries).to_have_count(6)
    for entry in entries.all():
        expect(entry).to_be_in_viewport(ratio=1)


def test_it_is_worked_by_keyboard(scene: Scene, sit: Sit) -> None:
    scene.stage.opens()
    scene.stage.opens("刷卡失败")
    desk = sit("laoli").opens()

    desk.page.keyboard.press("j")
    desk.page.keyboard.press("j")
    expect(desk.row(1002)).to_have_class("order hot chosen")
    desk.page.keyboard.press("a")
    expect(desk.page.get_by_text("您已接单：工单 1002")).to_be_visible()
    desk.page.keyboard.press("/")
    desk.page.keyboard.type("刷卡")
    expect(desk.row(1001)).to_have_count(0)
    expect(desk.row(1002)).to_be_visible()
    desk.page.keyboard.press("Escape")
    desk.page.keyboard.press("?")
    expect(desk.page.get_by_role("heading", name="键盘操作")).to_be_visible()


def test_a_new_urgent_order_calls_whoever_asked_for_it(scene: Scene, sit: Sit) -> None:
    desk = sit("laoli")
    desk.page.add_init_script(_CALLED)
    desk.opens()
    bell = desk.page.get_by_role("button", name="新的紧急工单到来时提醒我")
    bell.click()
    expect(bell).to_have_attribute("aria-pressed", "true")

    scene.stage.opens("打印机卡纸")
    scene.stage.opens("全部门店无法收款", urgent=True)
    desk.wakes()
    expect(desk.row(1002)).to_be_visible()

    assert desk.page.evaluate("window.called") == ["紧急工单 1002 待接单"]


#: A desktop that allows notifications and keeps what they said; a browser without a screen shows none.
_CALLED = """
window.called = [];
window.Notification = class {
  static permission = "granted";
  static async requestPermission() { return "granted"; }
  constructor(title) { window.called.push(title); }
};
"""


def test_a_connection_that_is_lost_is_said_and_comes_back(scene: Scene, sit: Sit) -> None:
    desk = sit("laoli").opens()
    desk.expected = ["ERR_CONNECTION_", "ERR_EMPTY_RESPONSE"]
    expect(desk.page.locator("#live-state")).to_contain_text("实时")

    scene.stop_desk()
    expect(desk.page.locator("#live-state")).to_contain_text("连接中断")
    scene.start_desk()
    desk.wakes()
    expect(desk.page.locator("#live-state")).to_contain_text("实时")


@SIZES
def test_what_comes_too_late_is_told_and_nothing_written_is_lost(
    scene: Scene, sit: Sit, size: ViewportSize
) -> None:
    scene.stage.opens()
    desk = sit("laoli", size).opens("/console/orders/1001")
    desk.page.get_by_role("button", name="接单").click()
    expect(desk.page.get_by_text("您已接单：工单 1001")).to_be_visible()

    desk.page.locator("summary", has_text="给方案").click()
    desk.page.get_by_label("方案", exact=True).fill("更换收银台主机")
    desk.page.get_by_label("承诺完成时间").fill("2026-11-23T18:00")
    desk.accessible()
    elsewhere(scene, lambda orders, person: orders.cancel(1001, person("xiaowang")))
    desk.wakes()
    expect(desk.page.get_by_text("这张工单刚有变化")).to_be_visible()
    desk.expected = ["409"]
    desk.page.locator("form.act-form button[type=submit]:visible").click()

    expect(desk.page.get_by_role("alert")).to_contain_text("小王已于今天 10:00 撤回")
    expect(desk.page.get_by_role("textbox", name="方案")).to_have_value("更换收银台主机")
    desk.accessible()


def test_an_outage_is_marked_once_for_all_its_orders(scene: Scene, sit: Sit) -> None:
    scene.stage.opens()
    scene.stage.opens("云帆刷卡失败", "xiaozhao")
    desk = sit("laoli", colours="dark").opens()
    for number in (1001, 1002):
        desk.page.get_by_label(f"选中工单 {number}").check()
    desk.page.get_by_label("故障是什么，各合作伙伴都会看到").fill("收银台无法收款")
    desk.accessible()
    desk.page.get_by_role("button", name="标记并通知").click()

    expect(desk.page.get_by_text("已标记 2 张工单为故障 1")).to_be_visible()
    expect(desk.page.locator(".head time.left")).to_contain_text("剩 29:")
    desk.accessible()
