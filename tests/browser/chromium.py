"""The Chromium of this machine, and how the tests run it: nothing of it goes to the network."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

EXECUTABLE = next(
    filter(
        None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"))
    ),
    None,
)
MISSING = "no Chromium on PATH: the chat page was not driven"
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


_running: list[Browser] = []


@contextmanager
def launched() -> Iterator[Browser]:
    """A headless Chromium for as long as the block runs; a block inside another shares the outer one's."""
    if _running:
        yield _running[0]
        return
    with sync_playwright() as playwright:
        _running.append(playwright.chromium.launch(executable_path=EXECUTABLE, args=FLAGS))
        yield _running[0]
        _running.pop().close()
