"""How far an order is: 进度, 进度 1001, 1001, 1001 怎么样了, 为什么 1001."""

from __future__ import annotations

import re

from handlers import which
from handlers.here import Here
from handlers.message import Incoming, Reply
from handlers.phrases import orders as order_phrases
from handlers.phrases import progress as phrases
from handlers.phrases.scene import Scene
from handlers.reading import NUMBER, bare, fold, named_numbers, number_in, only_number
from workorders.orders.errors import NoSuchOrder

_WORD = r"(?:查询进度|查进度|看进度|进度查询|进度|进展|状态|查询|查单|查一下|查下|查|到哪)"
_LABEL = r"(?:工单|单号|[#№])?\s*[#№]?\s*"
_WITH_NUMBER = re.compile(rf"{_WORD}\s*[:：]?\s*{_LABEL}{NUMBER}\s*(?:号|工单)?")
_SPACED = re.compile(rf"(?:{_WORD})?\s*[:：]?\s*\d(?:\s+\d){{3,6}}")
_NUMBER_FIRST = re.compile(
    rf"(?:查一下|查下|查|看一下|看看|看)?\s*{_LABEL}{NUMBER}\s*(?:号)?(?:工单|单子|单)?[\s,，:：]*(?:的|现在|目前|处理)*(?:{_WORD}|怎么样|咋样|怎样|如何|好了(?:吗|没有?)|"
    r"到哪(?:一步|里|儿)?|处理(?:得|的)?怎么样|什么时候(?:能)?(?:好|解决|处理完?)|多久(?:能)?好|有(?:进展|结果|消息))(?:了|呢|吗|没有?)*[?？]*"
)
_WHY = re.compile(
    rf"(?:为什么|为啥|解释)\s*[:：]?\s*{_LABEL}{NUMBER}.*|{_LABEL}{NUMBER}\s*(?:为什么|为啥|解释)(?:是这个时间)?[?？]*"
)
#: A number no order has: 进度 0, 进度 37.
_NOBODYS = re.compile(rf"(?:查询|查看|查)?(?:进度|进展|状态)\s*[:：]?\s*{_LABEL}(\d{{1,12}})号?")
_ALONE = re.compile(
    r"(?:查询|查看|查|看|我的)?(?:工单)?(?:进度|进展|状态)(?:如何|怎么样|到哪|查询)?[?？]*|我的工单|到哪了?[?？]*"
)


def handle(incoming: Incoming, here: Here) -> Reply | None:
    text = bare(incoming.text)
    folded = fold(incoming.text).strip().rstrip("。.!！~")
    if _SPACED.fullmatch(text):
        text = re.sub(r"(?<=\d)\s+(?=\d)", "", text)
    if found := _WHY.fullmatch(folded):
        return _one(number_in(found), incoming, here, why=True)
    number = only_number(text)
    if number is None and (found := _WITH_NUMBER.fullmatch(text) or _NUMBER_FIRST.fullmatch(folded)):
        number = number_in(found)
    if number is not None:
        return _one(number, incoming, here)
    if found := _NOBODYS.fullmatch(text):
        raise NoSuchOrder(int(found[1]))
    if not _ALONE.fullmatch(text):
        return None
    quoted = named_numbers(incoming.quote)
    if len(quoted) == 1:
        return _one(quoted[0], incoming, here)
    return _all(incoming, here)


def _one(number: int, incoming: Incoming, here: Here, *, why: bool = False) -> Reply:
    order = here.orders.look(number, here.sender)
    scene = Scene.of(incoming, here)
    if not which.may_be_shown(order, incoming, here):
        return Reply(phrases.elsewhere(number))
    events = here.orders.events(number)
    lines = [
        *phrases.particulars(order, events, scene),
        *phrases.why_due(order, events, scene, asked=why),
    ]
    return Reply(phrases.progress(order, scene, why=lines))


def _all(incoming: Incoming, here: Here) -> Reply:
    scene = Scene.of(incoming, here)
    found = here.orders.live_of(here.sender, here.group)
    shown = [order for order in found if which.may_be_shown(order, incoming, here)]
    if not shown:
        latest = here.orders.latest_of(here.sender)
        if latest is None:
            return Reply(order_phrases.none_live(staff=here.sender.side == "us"))
        shown = [latest]
    if len(shown) == 1:
        return _one(shown[0].number, incoming, here)
    return Reply(phrases.listing(shown, scene))
