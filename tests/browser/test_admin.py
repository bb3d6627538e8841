"""管理 in a real browser: a file with a wrong row, a year's holidays, a letter that did not arrive."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import ViewportSize, expect
from sqlalchemy import update

from tests.browser.conftest import LOOKS, SIZES, Sit
from tests.browser.scene import Scene
from workorders.letters import LetterState
from workorders.sql.tables import letter

pytestmark = pytest.mark.browser

YEAR = 'closed = ["2026-11-24"]\n[replaced]\n"2026-11-28" = ["09:00-18:00"]\n'


@SIZES
def test_a_directory_file_is_mended_row_by_row_and_then_taken(
    scene: Scene, sit: Sit, size: ViewportSize, tmp_path: Path
) -> None:
    with scene.stage.program.units.reading() as unit:
        right = unit.directory.export().render().replace('"老周"', '"周工"')
    file = tmp_path / "通讯录.toml"
    file.write_text(right.replace("13900000002", "139"), "utf-8")
    desk = sit("laogao", size).opens()
    desk.expected = ["422"]
    page = desk.page
    page.get_by_role("link", name="管理").click()
    page.get_by_role("link", name="导入导出").click()
    desk.accessible()
    page.get_by_label("文件（.xlsx 或 .toml").set_input_files(file)
    page.get_by_role("button", name="查看变化").click()

    expect(page.get_by_role("alert")).to_contain_text("周工）：手机「139」不是完整的号码")
    desk.accessible()

    file.write_text(right, "utf-8")
    page.get_by_label("文件（.xlsx 或 .toml").set_input_files(file)
    page.get_by_role("button", name="查看变化").click()
    expect(page.get_by_role("heading", name="变更 1")).to_be_visible()
    desk.accessible()
    page.get_by_role("button", name="确认导入").click()

    expect(page.get_by_text("已导入 通讯录.toml")).to_be_visible()
    expect(page.get_by_role("cell", name="周工")).to_be_visible()
    desk.accessible()


def test_one_file_may_be_had_right_after_the_other(scene: Scene, sit: Sit) -> None:
    page = sit("laogao").opens("/console/admin/directory/exchange").page

    for form, ending in (("Excel", "xlsx"), ("TOML", "toml")):
        with page.expect_download() as coming:
            page.get_by_role("button", name=f"导出 {form}").click()
        assert coming.value.suggested_filename.endswith(ending)


@SIZES
def test_holidays_imported_move_what_is_due(
    scene: Scene, sit: Sit, size: ViewportSize, tmp_path: Path
) -> None:
    scene.stage.clock.moment += timedelta(hours=7, minutes=50)
    scene.stage.opens()
    file = tmp_path / "2026更正.toml"
    file.write_text(YEAR, "utf-8")
    desk = sit("laogao", size, colours="dark").opens("/console/admin/holidays/")
    page = desk.page
    expect(page.get_by_text("2027 年放假安排尚未导入")).to_be_visible()
    desk.accessible()
    page.get_by_label("日历文件").set_input_files(file)
    page.get_by_role("button", name="查看变化").click()
    expect(page.get_by_text("其中 1 张的时限会变")).to_be_visible()
    desk.accessible()
    page.get_by_role("button", name="确认导入").click()

    expect(page.get_by_text("已导入 2026更正.toml")).to_be_visible()
    expect(page.get_by_text("11月28日（周六）09:00–18:00")).to_be_visible()
    desk.opens("/console/orders/1001")
    expect(page.get_by_text("放假安排更正").first).to_be_visible()
    expect(page.get_by_text("11月25日（周三）09:10").first).to_be_visible()


@SIZES
def test_a_letter_that_did_not_arrive_is_sent_again(scene: Scene, sit: Sit, size: ViewportSize) -> None:
    with scene.nobody_working():  # What is on its way would arrive after all.
        scene.stage.opens()
    with scene.nobody_working(), scene.stage.program.units.begin() as unit:
        unit.conn.execute(
            update(letter)
            .where(letter.c.recipient == "laoli")
            .values(state=LetterState.IN_DOUBT, reason="the answer was lost twice")
        )
    desk = sit("wangzhuguan", size).opens("/console/admin/letters/")
    page = desk.page
    expect(page.get_by_role("heading", name="老李")).to_contain_text("不确定 1")
    desk.accessible()
    page.get_by_role("button", name="重发").click()

    expect(page.get_by_text("1 条消息已重新发送")).to_be_visible()
    expect(page.get_by_text("消息都已送达，或正在发送")).to_be_visible()
    desk.accessible()


@LOOKS
def test_every_page_can_be_read_by_everybody(
    scene: Scene, sit: Sit, size: ViewportSize, colours: str
) -> None:
    scene.stage.opens()
    desk = sit("laogao", size, colours=colours)
    asked = "agreement/?clause=daily.solution&at=2026-11-23T17:50"
    for path in ("directory/", "directory/staff", "directory/partners", asked, "gaps/", "audit/"):
        desk.opens(f"/console/admin/{path}")
        for summary in desk.page.locator("details.act > summary").all():
            summary.click()
        desk.accessible()
