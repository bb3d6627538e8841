"""Words beside pictures: what goes on with a problem just reported, and what a picture was sent for."""

from __future__ import annotations

import re
from dataclasses import replace

from handlers import faq, opening
from handlers.attachments import ask, points
from handlers.here import Here
from handlers.message import Incoming, Reply
from handlers.phrases import attachments as phrases
from handlers.phrases import orders as order_phrases
from handlers.phrases.scene import Scene
from handlers.reading import asks, bare, fold
from knowledge.faults import is_fault
from knowledge.forbidden import forbidden
from knowledge.library import Answer
from workorders.orders.order import Kind

#: How somebody begins with something else.
_ELSE = re.compile(
    r"(?:另外|此外|顺便|还有(?:一|个|件|别|其他)|另一?个?|再(?:报|问|说|反馈)|换个|第[二三]个|别的|其他|对了|我想问|想问|请问|咨询)"
)
#: How somebody goes on with what they have begun, whatever comes after it.
_GOES_ON = re.compile(
    r"(?:也?就?是|然后|而且|并且|现在|目前|刚才|今天|昨天|早上|上午|下午|中午|一直|每次|有时|所有|全部|多家|几台|"
    r"提示|显示|页面|界面|屏幕|弹|报|错误|代码|日志|截图|如图|见图|图|重启|试过|已经|换了|还是|依然|仍|不管|无论|都)"
)
#: What somebody tells when asked for particulars.
_TELLS = re.compile(r"\d{3,}|(?:商户|终端|设备|门店|订单|流水|交易)(?:号|编号|名)|型号|版本|地址|联系人")
#: What a fault is told in, apart from what is at fault.
_TOLD_IN = re.compile(
    r"报错|错误|打不开|失败|异常|故障|坏|没反应|用不了|不能用|没法用|死机|黑屏|白屏|连不上|掉线|卡住|卡死|崩溃|闪退|"
    r"不出纸|不到账|没到账|收不到|出问题|不好使|无法|瘫痪|中断|超时|[也都了的是在又还有我们这那个台不很就和吧啊呢]|[\W\da-zA-Z_]"
)
#: As ``bare`` leaves them.
_FORGET = frozenset({"算", "没事", "不用", "不要", "好", "取消"})


def follows(incoming: Incoming, here: Here) -> Reply | None:
    """What somebody says within two minutes of reporting a problem goes on with it.

    Not where it asks what an article answers, begins something else, or tells of another fault; commands
    and the like were read before.
    """
    text = incoming.text.strip()
    if here.sender.works_orders or not opening.tells_something(text):
        return None
    order = here.orders.just_opened_by(here.sender)
    if order is None or not goes_on(text, order.text) or forbidden(text):
        return None
    if _is_question(text, here.library.ask(text)):
        return None
    order = here.orders.add(order.number, here.sender, text)
    scene = Scene.of(incoming, here)
    to = scene.name(order.owner) if order.owner else scene.first_responsible(order)
    return Reply(phrases.added(order_phrases.named(order), to))


def _is_question(text: str, found: Answer) -> bool:
    """Whether the articles are asked: in so many words, or by words that tell nothing of themselves."""
    if asks(text):
        return found.outcome in ("answer", "choose")
    if is_fault(text):
        return False
    words = fold(text).strip()
    return found.outcome == "answer" and not (_GOES_ON.match(words) or _TELLS.search(words))


def goes_on(text: str, problem: str) -> bool:
    """Whether words may be of that problem, rather than of another matter."""
    words = fold(text).strip()
    if bare(words) in _FORGET or _ELSE.match(words):
        return False
    if not is_fault(words) or _GOES_ON.match(words):
        return True
    about, before = _TOLD_IN.sub("", words), _TOLD_IN.sub("", fold(problem))
    return len(about) < 2 or any(about[i : i + 2] in before for i in range(len(about) - 1))


def handle(incoming: Incoming, here: Here) -> Reply | None:
    """Words for a picture that waits: an order with it, at once; a question is answered, and one offered."""
    text = incoming.text.strip()
    if not here.brought or not opening.tells_something(text) or forbidden(text):
        return None
    if points(text):
        return ask(incoming, here)
    found = here.library.ask(text)
    if found.outcome == "answer" and found.article and _is_question(text, found):
        reply = faq.give(found.article, text, incoming, here)
        offer = f"\n\n{phrases.KEPT_FOR}" if here.brought.attached.counted else ""
        return replace(reply, text=reply.text + offer)
    scene = Scene.of(incoming, here)
    if scene.staff and not is_fault(text):
        if not here.brought.attached.counted:
            return None
        return ask(incoming, here)
    return opening.open_order(Kind.DAILY, text, incoming, here)
