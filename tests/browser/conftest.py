"""A scene of its own for every test, and visitors to it in one shared Chromium."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ViewportSize

from knowledge.library import Library
from tests.browser import chromium
from tests.browser.desk_page import DeskPage
from tests.browser.scene import Scene
from tests.browser.visitor import DESKTOP, PHONE, Visitor

Arrive = Callable[..., Visitor]
Sit = Callable[..., DeskPage]
#: At a desk, and with a phone.
SIZES = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
#: The same, by day and by night.
LOOKS = pytest.mark.parametrize(
    ("size", "colours"), [(DESKTOP, "light"), (PHONE, "dark")], ids=["desktop-light", "phone-dark"]
)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if chromium.EXECUTABLE is None:
        pytest.skip(chromium.MISSING)
    with chromium.launched() as running:
        yield running


@pytest.fixture(scope="session")
def library() -> Library:
    return Library.load(engine="lexical", unverified_answers=True)


@pytest.fixture
def scene(tmp_path: Path, _migrated_sqlite: Path, redis_url: str, library: Library) -> Iterator[Scene]:
    """Monday 2026-11-23 10:00 in Shanghai, the clock standing still until the page turns it."""
    shutil.copy(_migrated_sqlite, tmp_path / "desk.db")
    scene = Scene(f"sqlite:///{tmp_path / 'desk.db'}", redis_url, library, tmp_path / "chats")
    yield scene
    scene.close()


@pytest.fixture
def arrive(browser: Browser, scene: Scene) -> Iterator[Arrive]:
    """Opens the page in one more window: ``arrive()``, ``arrive(PHONE)``."""
    arrived: list[Visitor] = []

    def arrive(size: ViewportSize = DESKTOP) -> Visitor:
        arrived.append(Visitor.arriving(browser, scene.url, size))
        return arrived[-1]

    yield arrive
    for visitor in arrived:
        visitor.leave()


@pytest.fixture
def visitor(arrive: Arrive) -> Visitor:
    """Somebody at a desk."""
    return arrive()


@pytest.fixture(params=["desktop", "phone"])
def anyone(request: pytest.FixtureRequest, arrive: Arrive) -> Visitor:
    """Somebody at a desk, and then somebody with a phone."""
    return arrive(PHONE if request.param == "phone" else DESKTOP)


@pytest.fixture
def sit(browser: Browser, scene: Scene) -> Iterator[Sit]:
    """Somebody sits down at the console: ``sit("laogao")``, ``sit("laoli", PHONE)``."""
    sat: list[DeskPage] = []

    def sit(who: str, size: ViewportSize = DESKTOP, **more: Any) -> DeskPage:
        sat.append(DeskPage.of(browser, scene, who, size, **more))
        return sat[-1]

    yield sit
    for page in sat:
        page.leave()
