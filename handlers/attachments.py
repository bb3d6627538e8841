"""What came without words: a picture, a voice note, a file, or only the mention."""

from __future__ import annotations

from handlers.here import Here
from handlers.message import Incoming, Reply
from handlers.phrases import common
from handlers.phrases import orders as phrases
from handlers.phrases.scene import Scene

_SHOWN = {"picture": "[图片]", "file": "[文件]", "video": "[视频]", "location": "[位置]"}


def handle(incoming: Incoming, here: Here) -> Reply | None:
    """One helpful sentence each; what somebody waits for in a paused order is passed on."""
    if incoming.text.strip() or incoming.kind == "press":
        return None
    if incoming.kind == "other":
        return Reply(state=incoming.state)
    if incoming.kind == "text":
        return Reply(common.READY, state=incoming.state)
    paused = here.orders.only_paused_of(here.sender)
    if paused and incoming.kind in _SHOWN:
        order = here.orders.said(paused.number, here.sender, _SHOWN[incoming.kind])
        return Reply(phrases.resumed_by_words(order, Scene.of(incoming, here)))
    return Reply(common.unreadable(incoming.kind, here.hotline), state=incoming.state)
