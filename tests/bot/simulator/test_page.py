"""The chat page in a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from bot.simulator.server import Simulator
from tests.browser import chromium

pytestmark = pytest.mark.browser


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if chromium.EXECUTABLE is None:
        pytest.skip(chromium.MISSING)
    with chromium.launched() as running:
        yield running


@pytest.fixture
def page(browser: Browser, simulator: Simulator) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="zh-CN")
    context.set_default_timeout(60_000)
    expect.set_options(timeout=60_000)  # A busy machine paints late; what never comes still fails.
    opened = context.new_page()
    problems: list[str] = []
    opened.on("pageerror", lambda e: problems.append(str(e)))
    opened.on("console", lambda m: problems.append(m.text) if "Content Security Policy" in m.text else None)
    opened.goto(simulator.base_url)
    expect(opened.locator("#list .chat").first).to_be_visible()
    yield opened
    context.close()
    assert problems == []


def become(page: Page, name: str) -> None:
    page.locator("#rail button", has_text=name).click()
    expect(page.locator("#list .me .name")).to_have_text(f"您是 {name}")


def open_chat(page: Page, name: str) -> None:
    page.locator("#list .chat", has_text=name).click()
    expect(page.locator(".head h2")).to_contain_text(name)


def write(page: Page, text: str) -> None:
    page.get_by_label("输入消息").fill(text)
    page.keyboard.press("Enter")


def test_what_is_pasted_stays_text(page, simulator, desk, api) -> None:
    nasty = '<img src=x onerror="document.title=1"><script>document.title=1</script> [x](javascript:alert(1))'
    desk.answers = lambda door, heard: {
        "msgtype": "stream",
        "stream": {"id": "s", "finish": True, "content": f"# {nasty}"},
    }

    write(page, f"@服务台 {nasty}")

    expect(page.locator(".row.own .bubble")).to_contain_text("<script>document.title=1</script>")
    expect(page.locator(".md h1")).to_contain_text("<img src=x")
    assert page.locator(".log img, .log script, .log a[href^='javascript']").count() == 0
    assert page.title() != "1"


def test_a_press_updates_the_card_in_both_browsers(page, browser, simulator, desk, api, button_card) -> None:
    api.card("laoli", button_card())
    desk.answers = lambda door, heard: (
        {"MsgType": "update_button", "Button": {"ReplaceName": "老李 已接单"}} if "TaskId" in heard else None
    )
    second = browser.new_page()
    second.goto(simulator.base_url)
    for one in (page, second):
        become(one, "老李")
        open_chat(one, "客服工作台")
        expect(one.locator(".card-title")).to_have_text("工单 1001")

    page.get_by_role("button", name="接单", exact=True).click()

    for one in (page, second):
        expect(one.get_by_role("button", name="老李 已接单")).to_be_disabled()
        expect(one.locator(".card").get_by_role("button", name="转交")).to_have_count(0)
    second.close()


def test_a_message_appears_without_reload_and_counts_as_unread_elsewhere(page, api) -> None:
    api.hook(
        "hook-1",
        msgtype="markdown",
        markdown={"content": '**升级** <font color="warning">今晚</font> <@xiaowang>'},
    )

    expect(page.locator(".row .md")).to_have_text("升级 今晚 @小王")
    expect(page.locator(".font-warning")).to_have_text("今晚")
    api.text("zhaojie", "工单 1001 已超时")
    expect(page.locator("#rail button", has_text="赵姐").locator(".badge")).to_have_text("1")
    become(page, "赵姐")
    open_chat(page, "客服工作台")
    expect(page.locator("#rail button", has_text="赵姐").locator(".badge")).to_have_count(0)


def test_a_desk_that_does_not_answer_is_said_and_the_message_can_be_sent_again(page, desk) -> None:
    desk.answers = lambda door, heard: 503
    write(page, "@服务台 打不开")
    expect(page.locator(".delivery.bad")).to_contain_text("机器人没有响应")

    desk.answers = lambda door, heard: {
        "msgtype": "stream",
        "stream": {"id": "s", "finish": True, "content": "请重启"},
    }
    page.get_by_role("button", name="重新发送").click()

    expect(page.locator(".row .md")).to_have_text("请重启")


def test_at_completes_the_bots_name(page) -> None:
    page.get_by_label("输入消息").press_sequentially("@服")
    expect(page.get_by_role("option")).to_have_count(1)

    page.keyboard.press("Enter")

    expect(page.get_by_label("输入消息")).to_have_value("@服务台 ")


def test_a_picture_over_ten_megabytes_is_refused_with_a_sentence(page, tmp_path) -> None:
    picture = tmp_path / "a.png"
    picture.write_bytes(bytes(30 * 1024 * 1024))

    page.set_input_files("input[type=file]", picture)

    expect(page.locator("#toast")).to_contain_text("图片超过 10 MB")


def test_a_lost_connection_is_said_and_recovers_with_what_was_missed(
    page, simulator, config, clock, desk
) -> None:
    from dataclasses import replace

    port = int(simulator.base_url.rsplit(":", 1)[1])
    simulator.stop()
    expect(page.locator("#banner")).to_have_text("已断开，正在重连…")

    again = Simulator(replace(config, machine_now=clock.now), clock)
    again.start(port)
    try:
        again.say("xiaoli", "我回来了", chat="wrGROUP1")
        expect(page.locator("#banner")).to_be_hidden()
        expect(page.locator(".row .plain").last).to_have_text("我回来了")
        page.goto("about:blank")
    finally:
        again.stop()


def test_the_clock_is_turned_from_the_page(page, clock) -> None:
    page.get_by_role("tab", name="时钟").click()
    expect(page.locator(".clock-time")).to_contain_text("14:00")

    page.get_by_role("button", name="+20 分钟").click()

    expect(page.locator(".clock-time")).to_contain_text("14:20")


def test_the_log_shows_bodies_without_secrets(page, api) -> None:
    page.get_by_role("tab", name="日志").click()
    api.hook("hook-1", msgtype="text", text={"content": "日志里找我"})
    page.get_by_label("筛选日志").fill("日志里找我")

    page.locator(".entry button").first.click()

    expect(page.locator(".bodies")).to_contain_text("日志里找我")
    expect(page.locator(".bodies")).not_to_contain_text("hook-1")


def test_at_phone_width_there_is_one_column_with_tabs(page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})

    expect(page.locator("#panes")).to_be_hidden()
    page.locator("#list .chat", has_text="星河支付-服务群").click()
    expect(page.locator("#list")).to_be_hidden()
    expect(page.get_by_label("输入消息")).to_be_visible()
    page.get_by_label("返回会话列表").click()
    page.locator("#tabs button", has_text="时钟").click()
    expect(page.locator(".clock-time")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_a_long_text_is_folded_and_the_page_does_not_grow(page, simulator) -> None:
    write(page, "@服务台 " + "长" * 7000)

    expect(page.get_by_role("button", name="展开全文")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollHeight") == 800
    page.get_by_role("button", name="展开全文").click()
    expect(page.get_by_role("button", name="收起")).to_be_visible()


def test_a_stream_grows_in_place(page, desk) -> None:
    import threading

    go = threading.Event()

    def answers(door, heard):
        finished = heard["msgtype"] == "stream" and go.is_set()
        text = "找到了，请重启" if finished else "正在查"
        return {"msgtype": "stream", "stream": {"id": "s", "finish": finished, "content": text}}

    desk.answers = answers
    write(page, "@服务台 打不开")
    expect(page.locator(".typing")).to_be_visible()

    go.set()

    expect(page.locator(".row .md")).to_have_text(re.compile("找到了，请重启"))
    expect(page.locator(".typing")).to_have_count(0)


def test_suggestions_name_the_work_order_the_chat_last_spoke_of(page, api) -> None:
    become(page, "老李")
    open_chat(page, "客服工作台")
    expect(page.get_by_role("button", name="接单 1001")).to_be_visible()

    api.text("laoli", "工单 1027 待接单")

    expect(page.get_by_role("button", name="接单 1027")).to_be_visible()
