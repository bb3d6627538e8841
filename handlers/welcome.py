"""Somebody opens the conversation."""

from __future__ import annotations

from handlers.here import Here
from handlers.message import Incoming, Reply
from handlers.phrases import common


def handle(incoming: Incoming, here: Here) -> Reply | None:
    return Reply(common.welcome(here.hotline)) if incoming.kind == "enter" else None
