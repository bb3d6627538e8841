"""报表 in a real browser: charts within the policy, tables beside them, a sheet of one page."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import ViewportSize, expect

from tests.browser.conftest import LOOKS, SIZES, Sit
from tests.browser.scene import Scene

pytestmark = pytest.mark.browser


@pytest.fixture
def worked(scene: Scene) -> Scene:
    """One order answered and solved, one nobody accepted in time."""
    stage = scene.stage
    number = stage.opens("收银台打不开").number
    stage.opens("POS机刷卡报错")
    with stage.program.units.begin() as unit:
        desk = stage.program.uses.orders(unit)
        desk.accept(number, unit.directory.person("laoli"))
        desk.solve(number, unit.directory.person("laoli"), "已恢复")
    return scene


@LOOKS
def test_figures_are_charted_and_stand_in_tables(
    worked: Scene, sit: Sit, size: ViewportSize, colours: str
) -> None:
    desk = sit("wangzhuguan", size, colours=colours).opens("/console/")
    desk.page.get_by_role("link", name="报表", exact=True).click()
    expect(desk.page.get_by_role("heading", name="报表", exact=True)).to_be_visible()
    charts = desk.page.locator("[data-chart] canvas")
    expect(charts.first).to_be_visible()
    painted = charts.first.evaluate(
        "c => c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some(v => v > 0)"
    )
    assert painted
    desk.page.get_by_text("逐周达成率").first.click()
    expect(desk.page.get_by_role("rowheader", name="第48周")).to_be_visible()
    desk.accessible()

    desk.page.get_by_role("button", name="切换深色、浅色").click()
    expect(charts.first).to_be_visible()
    desk.page.get_by_role("link", name="更早").click()
    expect(desk.page.get_by_text("这段时间没有来单")).to_be_visible()
    desk.accessible()


@SIZES
def test_a_report_is_grouped_looked_at_for_one_partner_and_carried_away(
    worked: Scene, sit: Sit, size: ViewportSize
) -> None:
    desk = sit("wangzhuguan", size).opens("/console/reports/table/attainment")
    desk.page.get_by_label("合作伙伴", exact=True).first.select_option(label="星河支付")
    desk.page.get_by_role("button", name="查看").click()
    desk.page.locator("form.by").get_by_label("岗位").check()
    desk.page.get_by_role("button", name="分组").click()
    expect(desk.page.get_by_role("columnheader", name="岗位")).to_be_visible()
    expect(desk.page.get_by_role("heading", name="星河支付")).to_be_visible()
    desk.accessible()

    with desk.page.expect_download() as got:
        desk.page.get_by_role("link", name="下载 Excel").click()
    assert re.fullmatch(r"达成率_星河支付_\d{4}-\d{2}\.xlsx", got.value.suggested_filename)


@SIZES
def test_a_partner_s_month_prints_on_one_page(worked: Scene, sit: Sit, size: ViewportSize) -> None:
    worked.stage.clock.moment += timedelta(minutes=30)
    desk = sit("wangzhuguan", size, colours="dark").opens("/console/reports/partner?partner=1")
    expect(desk.page.get_by_role("heading", name="星河支付 服务月报")).to_be_visible()
    expect(desk.page.get_by_role("button", name="打印")).to_be_visible()
    desk.accessible()

    printed = desk.page.pdf(prefer_css_page_size=True)

    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1

    root = desk.page.locator("html")
    desk.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(root).to_have_attribute("data-theme", "light")
    desk.page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(root).to_have_attribute("data-theme", "dark")
