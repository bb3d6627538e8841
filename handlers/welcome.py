"""Somebody opens the conversation, which is no answer to what they were asked: the question stands."""

from __future__ import annotations

from handlers.here import Here
from handlers.message import Incoming, Reply
from handlers.phrases import common


def handle(incoming: Incoming, here: Here) -> Reply | None:
    if incoming.kind != "enter":
        return None
    if here.sender.side == "us":
        # WeCom tells of every opening of the app; our own people open it all day.
        return Reply(state=incoming.state)
    return Reply(common.welcome(here.hotline, here.agreement.retention), state=incoming.state)
