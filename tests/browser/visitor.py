"""Somebody at the chat page, at desktop or phone width, who finds things as a person does: by their words."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

DESKTOP = ViewportSize(width=1280, height=800)
PHONE = ViewportSize(width=390, height=844)
_TABS = ("会话", "时钟", "导览", "日志")


@dataclass
class Visitor:
    """One browser window.

    Attributes:
        problems: what the page complained of in the console, and errors it threw.
        expected: complaints that are part of the story, as regular expressions.
    """

    page: Page
    phone: bool
    problems: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    @classmethod
    def arriving(cls, browser: Browser, url: str, size: ViewportSize = DESKTOP, **more: Any) -> Visitor:
        """A new visitor with a profile of their own, who has opened the page."""
        phone = size["width"] < 760
        context = browser.new_context(viewport=size, locale="zh-CN", has_touch=phone, is_mobile=phone, **more)
        context.set_default_timeout(60_000)
        expect.set_options(timeout=60_000)  # A busy machine paints late; what never comes still fails.
        visitor = cls(context.new_page(), phone)
        visitor.page.on("pageerror", lambda error: visitor.problems.append(str(error)))
        visitor.page.on(
            "console", lambda said: visitor.problems.append(said.text) if said.type == "error" else None
        )
        visitor.page.goto(url)
        expect(visitor.page.locator("#list .chat").first).to_be_visible()
        return visitor

    def leave(self) -> None:
        """Close the window; the page must have had nothing to complain of."""
        self.page.context.close()
        unexpected = [p for p in self.problems if not any(re.search(e, p) for e in self.expected)]
        assert unexpected == []

    # Going about

    def tool(self, name: str) -> None:
        """Open 时钟, 导览, 日志 or 故障."""
        if not self.phone:
            self.page.get_by_role("tab", name=name).click()
            return
        self._chats()
        self.page.locator("#tabs button", has_text=name if name in _TABS else "日志").click()
        if name not in _TABS:
            self.page.get_by_role("tab", name=name).click()

    def _chats(self) -> None:
        """At phone width, leave an open chat for the list."""
        back = self.page.get_by_label("返回会话列表").first
        if back.is_visible():
            back.click()
        self.page.locator("#tabs button", has_text="会话").click()

    def become(self, name: str, chat: str) -> None:
        """Look at one of that person's chats; of the robot's own, once it has said hello."""
        if self.phone:
            self._chats()
        self.page.locator("#rail button").filter(has=self.page.get_by_text(name, exact=True)).click()
        self.page.locator("#list .chat").filter(has=self.page.get_by_text(chat, exact=True)).click()
        self.sees_chat(name, chat)
        if chat == "服务台":
            self.reads("您好")  # The desk is told in the background; its welcome must not follow an answer.

    def sees_chat(self, name: str, chat: str) -> None:
        """That person's chat is the one that is open."""
        expect(self.page.locator(".head h2")).to_contain_text(chat)
        expect(self.page.locator(".head .under")).to_contain_text(f"您是 {name}")

    def step(self, title: str) -> None:
        """Take a step of the guided tour."""
        self.tool("导览")
        self.guide_step(title).get_by_role("button").click()

    def guide_step(self, title: str) -> Locator:
        return self.page.locator(".steps li").filter(has=self.page.get_by_text(title, exact=True))

    # Saying and pressing

    @property
    def field(self) -> Locator:
        return self.page.get_by_label("输入消息")

    def send(self) -> None:
        self.page.get_by_role("button", name="发送", exact=True).click()

    def says(self, text: str) -> None:
        self.field.fill(text)
        self.send()
        expect(self.field).to_have_value("")

    def card(self, words: str) -> Locator:
        """The newest card with these words in it."""
        return self.page.locator(".row .card", has_text=words).last

    def button(self, card: str, name: str) -> Locator:
        return self.card(card).get_by_role("button", name=name, exact=True)

    def presses(self, card: str, name: str) -> None:
        """Press a button of the newest card with these words."""
        self.button(card, name).click()

    # Seeing

    @property
    def messages(self) -> Locator:
        return self.page.locator(".messages")

    def answered(self, *words: str) -> None:
        """The newest bubble or card of a robot holds all of these words."""
        newest = self.page.locator(".row:not(.own)").last
        for word in words:
            expect(newest).to_contain_text(word)

    def reads(self, *words: str) -> None:
        """Somewhere in the open chat these words appear."""
        for word in words:
            expect(self.messages).to_contain_text(word)

    @property
    def toast(self) -> Locator:
        return self.page.locator("#toast")
