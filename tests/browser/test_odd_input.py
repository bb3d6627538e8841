"""What people paste and send that is too long, too large, or no message at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.scene import Scene
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

GROUP = "星河支付-服务群"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d494844520000000100000001080600000"
    "01f15c4890000000d49444154789c626001000000ffff03000006000557bfabd40000000049454e44ae426082"
)


def test_a_message_of_20_kilobytes_is_answered_or_refused_in_a_sentence_and_the_page_goes_on(
    anyone: Visitor,
) -> None:
    anyone.become("小王", GROUP)

    anyone.says("@服务台 " + "打印机不出纸。" * 1000)

    expect(anyone.page.get_by_role("button", name="展开全文").first).to_be_visible()
    expect(anyone.page.locator(".row:not(.own)")).not_to_have_count(0)
    assert anyone.page.evaluate("document.documentElement.scrollWidth <= innerWidth") is True
    anyone.says("@服务台 退款多久到账")
    anyone.reads("1 至 3 个工作日")


def test_a_picture_of_30_megabytes_is_refused_with_a_sentence(visitor: Visitor, tmp_path: Path) -> None:
    visitor.become("小王", GROUP)
    (tmp_path / "大图.png").write_bytes(PNG + bytes(30 * 1024 * 1024))

    visitor.page.set_input_files("input[type=file]", tmp_path / "大图.png")

    expect(visitor.toast).to_contain_text("图片超过 10 MB，未发送")
    visitor.says("@服务台 退款多久到账")
    visitor.reads("1 至 3 个工作日")


def test_what_only_calls_itself_a_picture_is_refused_with_a_sentence(
    visitor: Visitor, tmp_path: Path
) -> None:
    visitor.expected.append("400")
    visitor.become("小王", GROUP)
    (tmp_path / "a.png").write_bytes(b"MZ this is no picture")

    visitor.page.set_input_files("input[type=file]", tmp_path / "a.png")

    expect(visitor.toast).to_contain_text("JPG")


def test_a_picture_is_shown_to_everybody_and_answered(visitor: Visitor, tmp_path: Path) -> None:
    visitor.become("小王", "服务台")
    (tmp_path / "a.png").write_bytes(PNG)

    visitor.page.set_input_files("input[type=file]", tmp_path / "a.png")
    expect(visitor.page.get_by_alt_text("待发送的图片")).to_be_visible()
    visitor.send()

    expect(visitor.page.locator(".row.own .picture img")).to_be_visible()
    visitor.reads("图片")
    expect(visitor.page.locator(".row:not(.own)")).not_to_have_count(0)


def test_a_file_is_sent_at_once_and_can_be_downloaded_again(visitor: Visitor, tmp_path: Path) -> None:
    visitor.become("小王", "服务台")
    (tmp_path / "对账 11月.csv").write_text("时间,金额", encoding="utf-8")

    visitor.page.set_input_files("input[type=file]", tmp_path / "对账 11月.csv")

    sent = visitor.page.locator(".row.own a.file")
    expect(sent).to_have_text("对账 11月.csv")
    visitor.reads("收到文件 1 个")
    with visitor.page.expect_download() as download:
        sent.click()
    assert download.value.suggested_filename == "对账 11月.csv"


def test_pasted_html_and_scripts_stay_text_wherever_they_are_told_on(scene: Scene, anyone: Visitor) -> None:
    nasty = "<img src=x onerror=alert(1)><script>alert(2)</script>[a](javascript:alert(3))"
    anyone.become("小王", GROUP)

    anyone.says(f"@服务台 紧急 {nasty}")

    anyone.reads("紧急工单 1001 已开")
    expect(anyone.page.locator(".row.own .bubble").last).to_contain_text("<script>")
    anyone.become("老李", "客服工作台")
    expect(anyone.card("紧急工单 1001")).to_contain_text("img src=x onerror")
    assert anyone.page.locator(".messages :is(script, a[href^=javascript], img[src=x])").count() == 0


def test_nothing_but_spaces_is_not_sent(visitor: Visitor) -> None:
    visitor.become("小王", GROUP)
    visitor.field.fill("   \n ")

    visitor.send()

    expect(visitor.page.locator(".row")).to_have_count(0)


def test_at_completes_names_with_the_bots_first(visitor: Visitor) -> None:
    visitor.become("小王", GROUP)

    visitor.field.press_sequentially("@")
    expect(visitor.page.get_by_role("option").first).to_contain_text("服务台")
    visitor.page.keyboard.press("Enter")
    visitor.field.press_sequentially("退款多久到账")
    visitor.page.keyboard.press("Enter")

    visitor.reads("1 至 3 个工作日")


def test_in_a_group_the_bot_is_silent_unless_it_is_named(scene: Scene, visitor: Visitor) -> None:
    visitor.become("小王", GROUP)

    visitor.says("大家早上好")
    visitor.says("@服务台 退款多久到账")

    visitor.reads("1 至 3 个工作日")
    expect(visitor.page.locator(".row.own + .row.own")).to_have_count(1)
