"""没解决 and 已解决, of an order or of an answer: whichever came last is meant."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from handlers import memory, opening, verbs, which
from handlers.commands import BY_NAME
from handlers.here import Given, Here
from handlers.message import Incoming, Reply
from handlers.phrases import faq as phrases
from handlers.phrases import orders as order_phrases
from handlers.phrases.scene import Scene
from handlers.reading import NUMBER, fold, named_numbers
from workorders.orders.order import Kind, State, Verb, WorkOrder
from workorders.orders.standing import is_reporter

_UNSOLVED = (
    r"(?:问题)?(?:还是|还|仍然|仍|依然|依旧|又|根本|并)?(?:没有|没|未)(?:有)?(?:解决|修好|弄好|搞定|好|恢复|处理好)(?:问题|呢|啊|呀)?|"
    r"(?:还是|仍然|依然|依旧|又)(?:不行|不能用|不好使|用不了|报错|有问题|一样|老样子|不对|打不开)了?|不行|没用|不好用|不管用|问题还在|还有问题|解决不了"
)
_SOLVED = (
    r"(?:问题)?(?:已经|已|都)?(?:解决|修好|弄好|搞定|处理好|恢复正常|恢复|没问题)了|(?:问题)?已(?:经)?(?:解决|恢复|修好)|"
    r"(?:现在)?(?:已经)?(?:好了|可以了|正常了|能用了|没问题了|行了|ok了)"
)
_LABEL = r"(?:工单|单号|[#№])?\s*[#№]?\s*"
_END = r"[\s。.!！~～,，]*(?:谢谢[你您]?|多谢|感谢)?[\s。.!！~～]*"
_THANKS = re.compile(r"^(?:谢谢[你您]?|多谢|感谢|好的|嗯+)[\s,，。.!！]+(?=\S)")
_FORM = re.compile(
    rf"(?:{_LABEL}{NUMBER}\s*号?(?:工单)?[\s,，:：]*)?(?:(?P<un>{_UNSOLVED})|(?P<so>{_SOLVED}))"
    rf"(?:[\s,，:：]*{_LABEL}{NUMBER})?{_END}(?P<more>(?<=[,，。\s]).*)?",
    re.DOTALL | re.IGNORECASE,
)

#: How long an answer is the last one (``AnswerLog.last``).
_RECENT = timedelta(minutes=30)


def handle(incoming: Incoming, here: Here) -> Reply | None:
    text = _THANKS.sub("", fold(incoming.text).strip().lstrip("。.!！,，"))
    found = _FORM.fullmatch(text)
    if found is None or "expect" in incoming.state:
        return None
    solved = found["so"] is not None
    number = next((int(g) for g in found.groups()[:1] + found.groups()[3:4] if g and g.isdigit()), None)
    if number is None and found["more"]:
        return None
    quoted = named_numbers(incoming.quote)
    if number is None and len(quoted) == 1 and which.visible(quoted[0], here):
        number = quoted[0]
    if number is not None:
        return _of_order(here.orders.look(number, here.sender), solved, incoming, here)
    return _of_the_newest(solved, incoming, here)


def _of_the_newest(solved: bool, incoming: Incoming, here: Here) -> Reply | None:
    given, order = here.answers.last(), _over(here)
    if given and order and order.state_at > _given_at(given, incoming, here):
        given = None
    if given:
        return solved_answer(given, here) if solved else unsolved_answer(given, incoming, here)
    if order:
        return _of_order(order, solved, incoming, here)
    offered = incoming.state.get("offered")
    if not solved and isinstance(offered, str):
        return opening.open_order(Kind.DAILY, offered, incoming, here)
    live = which.candidates(Verb.SOLVE if here.sender.works_orders else Verb.CANCEL, incoming, here)
    if len(live) == 1:
        return _of_order(live[0], solved, incoming, here)
    # Good news about nothing we know of: neither a question nor a problem.
    return Reply(phrases.GLAD) if solved else None


def _given_at(given: Given, incoming: Incoming, here: Here) -> datetime:
    """When an answer was given; one this conversation no longer remembers is older than what it does."""
    asked = memory.asked(incoming.state)
    return next((q.at for q in asked if q.text == given.question), here.now - _RECENT)


def _over(here: Here) -> WorkOrder | None:
    """The reporter's order solved last, else the latest opened here if it is closed."""
    if solved := here.orders.solved_last_of(here.sender):
        return solved
    latest = here.orders.latest_of(here.sender)
    if latest and latest.state in (State.SOLVED, State.CLOSED) and is_reporter(latest, here.sender):
        return latest
    return None


def _of_order(order: WorkOrder, solved: bool, incoming: Incoming, here: Here) -> Reply:
    """Of an order: 没解决 reopens a finished one and is passed on for a live one; 已解决 closes or solves."""
    scene = Scene.of(incoming, here)
    if solved:
        name = "解决" if order.live and here.sender.works_orders else "关闭"
        note = incoming.text if here.sender.works_orders else ""
        return verbs.act(BY_NAME[name], order.number, note, incoming, here)
    if not order.live:
        return verbs.act(BY_NAME["重开"], order.number, incoming.text, incoming, here)
    told = here.orders.said(order.number, here.sender, incoming.text)
    if order.state is State.PAUSED:
        return Reply(order_phrases.resumed_by_words(told, scene))
    return Reply(order_phrases.said(told, scene))


def solved_answer(given: Given, here: Here) -> Reply:
    """An answer helped."""
    here.answers.became(given.id, "solved")
    here.brought.drop()
    return Reply(phrases.SOLVED)


def unsolved_answer(given: Given, incoming: Incoming, here: Here) -> Reply:
    """An answer did not help: its question becomes a daily order."""
    return opening.open_order(Kind.DAILY, given.question, incoming, here, given=given)
