"""What came without words: a picture, a file, a voice note, or only the mention; and 附图 1001."""

from __future__ import annotations

import re

from handlers import which
from handlers.here import Here
from handlers.message import Incoming, Reply
from handlers.phrases import attachments as phrases
from handlers.phrases import common
from handlers.phrases import orders as order_phrases
from handlers.phrases.scene import Scene
from handlers.reading import NUMBER, bare, fold, named_numbers
from workorders.orders.order import State, WorkOrder

_SHOWN = {"video": "[视频]", "location": "[位置]"}
_POINTS = re.compile(
    r"(?:您好|你好)?[\s,，]*(?:(?:帮忙?|请)?(?:看|瞧)(?:一?下|看)?(?:图片?|截图|这个|这张)?|[如见上下]?图(?:片)?(?:所示)?|截图|照片|文件|附件|"
    r"(?:这|那)(?:个|是|样|张图?)?(?:是)?|(?:这|那)?(?:个|是)?(?:怎么回事|怎么办|怎么弄|怎么处理|什么情况|什么问题|什么原因|什么意思|为什么|咋回事|咋办)|"
    r"求助|有问题|出问题了?|报错了?)[?？]*"
)
_ATTACH = re.compile(
    rf"(?:附图|附件|补图|附上|附到)\s*(?:工单|单号|[#№])?\s*[#№]?\s*[:：]?\s*{NUMBER}\s*(?:号|工单|单)?"
)


def points(text: str) -> bool:
    """Whether the words only point at a picture: 请看, 如图, 这是怎么回事."""
    return _POINTS.fullmatch(bare(text)) is not None


def handle(incoming: Incoming, here: Here) -> Reply | None:
    """A picture joins the order it is meant for, or opens a draft; of all else one helpful sentence."""
    if incoming.kind == "press" or (incoming.text.strip() and not points(incoming.text)):
        return None
    if here.brought.own:
        return _attached(incoming, here) or ask(incoming, here)
    if incoming.text.strip():
        return None
    if incoming.kind == "other":
        return Reply(state=incoming.state)
    if incoming.kind == "text":
        return Reply(common.READY, state=incoming.state)
    paused = here.orders.only_paused_of(here.sender)
    if paused and incoming.kind in _SHOWN:
        order = here.orders.said(paused.number, here.sender, _SHOWN[incoming.kind])
        return Reply(order_phrases.resumed_by_words(order, Scene.of(incoming, here)))
    return Reply(common.unreadable(incoming.kind, here.hotline), state=incoming.state)


def _attached(incoming: Incoming, here: Here) -> Reply | None:
    """Attach it to the order quoted, waited for, or opened a moment ago; None where it is none of these."""
    if "expect" in incoming.state:
        return None  # it goes with the answer to what was asked
    order = _quoted(incoming, here) or here.orders.only_paused_of(here.sender)
    order = order or here.orders.just_opened_by(here.sender)
    return attach(order, incoming, here) if order else None


def attach(order: WorkOrder, incoming: Incoming, here: Here) -> Reply:
    """Attach what is at hand to that order."""
    scene, came = Scene.of(incoming, here), here.brought.attached
    after = here.orders.attach(order.number, here.sender)
    if order.state is State.PAUSED and after.state is not State.PAUSED:
        return Reply(order_phrases.resumed_by_words(after, scene))
    return Reply(phrases.attached(after, came, order_phrases.named(after)))


def _quoted(incoming: Incoming, here: Here) -> WorkOrder | None:
    found = [order for n in named_numbers(incoming.quote) if (order := which.visible(n, here))]
    return found[0] if len(found) == 1 and found[0].live else None


def ask(incoming: Incoming, here: Here) -> Reply:
    """One question; what was expected or asked before is still remembered."""
    held = here.brought.attached
    first = bool(held) and held.ids == here.brought.own.ids
    return Reply(phrases.ask_words(held, Scene.of(incoming, here), first=first), state=incoming.state)


def named(incoming: Incoming, here: Here) -> Reply | None:
    """附图 1001: what was just sent goes to that order."""
    found = _ATTACH.fullmatch(bare(fold(incoming.text)))
    if found is None:
        return None
    order = here.orders.look(int(found[1]), here.sender)
    if not here.brought.attached.counted:
        return Reply(phrases.nothing_to_attach(order.number))
    return attach(order, incoming, here)
