"""A notice in a real browser: composed beside its preview, approved by another, acknowledged, watched."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, ViewportSize, expect

from tests.browser.desk_page import DeskPage
from tests.browser.scene import Scene
from tests.browser.visitor import DESKTOP, PHONE
from workorders.notices.desk import Draft
from workorders.notices.notice import Kind

pytestmark = pytest.mark.browser


@contextmanager
def sits(browser: Browser, scene: Scene, who: str, size: ViewportSize = DESKTOP) -> Iterator[DeskPage]:
    """Somebody sits down, and leaves at the end."""
    page = DeskPage.of(browser, scene, who, size)
    try:
        yield page
    finally:
        page.leave()


def test_from_composing_to_the_last_acknowledgement(browser: Browser, scene: Scene) -> None:
    with (
        sits(browser, scene, "xiaoqian") as ours,
        sits(browser, scene, "wangzhuguan") as lead,
        sits(browser, scene, "xiaozhao", PHONE) as partner,
    ):
        ours.expected.append("422")  # a body a card does not hold is asked about
        ours.opens("/console/notices/new")
        page = ours.page
        page.get_by_label("类别").select_option("business")
        page.get_by_label("标题").fill("年末费率政策")
        page.get_by_label("正文（Markdown）").fill("自下月起**费率**不变。" + "请告知各门店。" * 20)
        page.get_by_role("button", name="保存，提交批准").click()
        expect(page.get_by_role("alert")).to_contain_text("应用卡片放不下全文")
        page.get_by_label("正文过长的渠道显示开头").check()
        page.get_by_role("button", name="预览").click()
        expect(page.get_by_text("将显示开头并附全文链接")).to_be_visible()
        expect(page.get_by_role("heading", name="接收 2 人")).to_be_visible()
        expect(page.get_by_label("标题")).to_have_value("年末费率政策")
        ours.fits()
        page.get_by_role("button", name="保存，提交批准").click()
        expect(page.get_by_text("请另一位同事批准")).to_be_visible()
        expect(page.get_by_role("button", name="批准", exact=True)).to_have_count(0)

        lead.opens("/console/notices/1").page.get_by_role("button", name="批准", exact=True).click()
        lead.page.get_by_role("button", name="发送").click()
        expect(lead.page.get_by_text("已开始发送")).to_be_visible()
        for _ in range(5):
            scene.stage.clock.moment += timedelta(seconds=1)
            lead.page.wait_for_timeout(300)

        page.goto(page.url)
        expect(page.locator("#progress")).to_contain_text("未确认 2")
        partner.opens("/ack/1").page.get_by_role("button", name="确认收到").click()
        expect(partner.page.get_by_text("已记录您确认收到通知 N1").first).to_be_visible()
        partner.fits()
        expect(page.locator("#progress")).to_contain_text("已确认 1")  # by itself
        expect(page.locator("#progress")).to_contain_text("未确认 1")
        ours.fits()


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_its_pages_are_for_everybody(browser: Browser, scene: Scene, size: ViewportSize) -> None:
    draft = Draft(Kind.BUSINESS, "年末费率政策", "自下月起**费率**不变。\n\n- 线上\n- 线下")
    with scene.stage.program.units.begin() as unit:
        desk, who = scene.stage.program.uses.notices(unit), unit.directory.person
        number = desk.compose(draft, who("xiaoqian")).number
        desk.approve(number, who("wangzhuguan"))
        desk.send(number, who("xiaoqian"))
    scene.stage.clock.moment += timedelta(seconds=3)
    with sits(browser, scene, "xiaoqian", size) as ours, sits(browser, scene, "xiaozhao", size) as partner:
        for path in ("/console/notices/", "/console/notices/new", "/console/notices/1"):
            ours.opens(path).accessible()
        partner.opens("/ack/1").accessible()
