"""The pictures of the READMEs, into docs/screenshots: ``make screenshots``."""

from __future__ import annotations

import logging
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import structlog
from playwright.sync_api import Browser, Page, ViewportSize, expect

from bot.demo.embedded import EmbeddedRedis
from bot.sql.engine import open_engine
from bot.sql.schema import upgrade
from knowledge.library import Library
from tests.browser import chromium, weeks
from tests.browser.desk_page import DeskPage
from tests.browser.scene import Scene
from tests.browser.visitor import DESKTOP, PHONE, Visitor
from tests.support.stage import MONDAY

FOLDER = Path(__file__).parents[2] / "docs" / "screenshots"
GROUP, DESK = "星河支付-服务群", "客服工作台"


@contextmanager
def _played(at: datetime = MONDAY) -> Iterator[Scene]:
    with tempfile.TemporaryDirectory() as folder:
        redis = EmbeddedRedis(Path(folder) / "redis")
        url = f"sqlite:///{folder}/desk.db"
        try:
            address = redis.start()
            engine = open_engine(url)
            upgrade(engine)
            engine.dispose()
            scene = Scene(url, address, Library.load(unverified_answers=True), Path(folder) / "chats", at)
            try:
                yield scene
            finally:
                scene.close()
        finally:
            redis.stop()


class _Photographer:
    def __init__(self, browser: Browser, scene: Scene) -> None:
        self._browser, self._scene = browser, scene

    def arrives(self, size: ViewportSize = DESKTOP, scale: float = 1) -> Visitor:
        return Visitor.arriving(self._browser, self._scene.url, size, device_scale_factor=scale)

    @staticmethod
    def takes(visitor: Visitor, name: str) -> None:
        """A picture of the window once nothing is on its way in it any more."""
        expect(visitor.toast).to_be_hidden()
        expect(visitor.page.locator(".typing, .waiting")).to_have_count(0)
        _shoot(visitor.page, name)

    def sits(self, who: str) -> DeskPage:
        return DeskPage.of(self._browser, self._scene, who)


def _shoot(page: Page, name: str) -> None:
    page.mouse.move(0, 0)
    page.screenshot(path=FOLDER / f"{name}.png", animations="disabled", caret="hide")


def main() -> int:
    """Play a short story and take its pictures; 1 where there is no Chromium."""
    if chromium.EXECUTABLE is None:
        print(chromium.MISSING, file=sys.stderr)  # noqa: T201
        return 1
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    FOLDER.mkdir(parents=True, exist_ok=True)
    with _played() as scene, chromium.launched() as browser:
        _play(scene, _Photographer(browser, scene))
    with _played(weeks.BEGIN) as scene, chromium.launched() as browser:
        weeks.pass_by(scene)
        _console(_Photographer(browser, scene))
    return 0


def _play(scene: Scene, photographer: _Photographer) -> None:
    xiaowang = photographer.arrives()
    xiaowang.step("提问")
    xiaowang.send()
    expect(xiaowang.card("这个回答解决了吗")).to_be_visible()
    xiaowang.step("没解决，开工单")
    xiaowang.send()
    xiaowang.reads("工单 1001 已开")
    photographer.takes(xiaowang, "group")

    phone = photographer.arrives(PHONE, 1.5)
    phone.become("小王", "服务台")
    phone.says("扫码失败")
    expect(phone.card("您是想问")).to_be_visible()
    photographer.takes(phone, "phone")
    phone.leave()

    scene.stage.says("laoli", "解决 1001 已核对，钱款今天到账")
    xiaowang.step("紧急")
    xiaowang.send()
    xiaowang.reads("紧急工单 1002 已开")
    xiaowang.tool("时钟")
    xiaowang.page.get_by_role("button", name="+5 分钟").click()
    xiaowang.become("王主管", DESK)
    expect(xiaowang.card("紧急工单 1002")).to_be_visible()
    photographer.takes(xiaowang, "urgent")

    xiaowang.become("小王", GROUP)
    xiaowang.page.get_by_role("button", name="并排").click()
    left, right = xiaowang.page.locator(".pane").first, xiaowang.page.locator(".pane").last
    right.locator(".card", has_text="紧急工单 1002").last.get_by_role("button", name="接单").click()
    expect(left.locator(".messages")).to_contain_text("已由老李接单")
    expect(right.locator(".messages")).to_contain_text("您已接单")
    photographer.takes(xiaowang, "desk-card")
    right.get_by_label("关闭此栏").click()
    xiaowang.page.get_by_label("工具栏", exact=True).click()

    xiaowang.tool("日志")
    xiaowang.page.get_by_label("筛选日志").fill("全部门店")
    xiaowang.page.locator(".entry > button").first.click()
    photographer.takes(xiaowang, "log")
    xiaowang.leave()


def _console(photographer: _Photographer) -> None:
    lead = photographer.sits("wangzhuguan").opens()
    expect(lead.row(weeks.LAST)).to_be_visible()
    _shoot(lead.page, "board")
    partner = photographer.sits("xiaozhao").opens("/ack/1")
    partner.page.get_by_role("button", name="确认收到").click()
    expect(partner.page.get_by_text("已记录您确认收到通知 N1").first).to_be_visible()
    partner.leave()
    lead.opens("/console/notices/1")
    expect(lead.page.locator("#progress")).to_contain_text("已确认 1")
    _shoot(lead.page, "notice")
    lead.opens("/console/reports/")
    lead.page.get_by_role("link", name="季度").click()
    expect(lead.page.locator("canvas").first).to_be_visible()
    _shoot(lead.page, "reports")
    lead.leave()

    hotline = photographer.sits("xiaohe").opens("/console/hotline")
    hotline.page.get_by_role("combobox", name="合作伙伴").fill("星河支付")
    hotline.page.get_by_label("来电人").fill("张三")
    hotline.page.get_by_label("回电号码").fill("0512-57312345转801")
    hotline.page.get_by_label("问题").fill("扫码后一直转圈，顾客问退款多久到账")
    expect(hotline.page.get_by_text("退款多久到账？").first).to_be_visible()
    _shoot(hotline.page, "hotline")
    hotline.leave()


if __name__ == "__main__":
    sys.exit(main())
