"""Somebody opens the conversation."""

from __future__ import annotations

from handlers.here import Here
from handlers.message import Incoming, Reply
from handlers.phrases import common


def handle(incoming: Incoming, here: Here) -> Reply | None:
    if incoming.kind != "enter":
        return None
    if here.sender.side == "us":
        return Reply()  # WeCom tells of every opening of the app; our own people open it all day.
    return Reply(common.welcome(here.hotline, here.agreement.retention))
