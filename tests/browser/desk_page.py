"""Somebody at the console, logged in as the simulator's cookie says, and a judge of accessible pages."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from tests.browser.scene import Scene
from tests.browser.visitor import DESKTOP

AXE = Path(__file__).parents[2] / "var" / "interop" / "node_modules" / "axe-core" / "axe.min.js"
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@dataclass
class DeskPage:
    """One browser window at the console.

    Attributes:
        problems: what the page complained of; ``expected`` those that are part of the story.
    """

    page: Page
    scene: Scene
    problems: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    @classmethod
    def of(
        cls,
        browser: Browser,
        scene: Scene,
        who: str,
        size: ViewportSize = DESKTOP,
        colours: Literal["light", "dark"] = "light",
    ) -> DeskPage:
        """A window in which that person speaks in WeCom; nothing is opened yet."""
        phone = size["width"] < 760
        context = browser.new_context(
            viewport=size, locale="zh-CN", color_scheme=colours, has_touch=phone, is_mobile=phone
        )
        context.set_default_timeout(60_000)
        expect.set_options(timeout=60_000)
        context.add_cookies([{"name": "simulator_as", "value": who, "url": scene.url}])
        made = cls(context.new_page(), scene)
        made.page.on("pageerror", lambda error: made.problems.append(str(error)))
        made.page.on("console", lambda m: made.problems.append(m.text) if m.type == "error" else None)
        return made

    def opens(self, path: str = "/console/") -> DeskPage:
        self.page.goto(self.scene.stage.webs[0].url + path)
        return self

    def leave(self) -> None:
        """Close the window; the page must have had nothing to complain of."""
        self.page.context.close()
        unexpected = [p for p in self.problems if not any(re.search(e, p) for e in self.expected)]
        assert unexpected == []

    def wakes(self) -> None:
        """The window is looked at again, and asks at once what is new."""
        self.page.evaluate("window.dispatchEvent(new Event('focus'))")

    def row(self, number: int) -> Locator:
        return self.page.locator(f'.order[data-number="{number}"]')

    def fits(self) -> None:
        """Nothing makes the page wider than its window."""
        wide = self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert wide <= 0, f"{wide} px too wide"

    def accessible(self) -> None:
        """axe finds nothing, and the page fits its window."""
        self.fits()
        if not AXE.is_file():
            pytest.skip("axe-core is not in var/interop (make interop fetches it): pages were not judged")
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found: dict[str, Any] = self.page.evaluate(
            "rules => axe.run(document, {runOnly: {type: 'tag', values: rules}})", _RULES
        )
        said = [
            f"{v['id']}: {n['target']} {n['failureSummary']}" for v in found["violations"] for n in v["nodes"]
        ]
        assert said == [], json.dumps(said, ensure_ascii=False, indent=1)
