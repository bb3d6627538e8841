"""Opening an order in so many words: 开单 …, 报障 …, 紧急 …, 日常 …; and 紧急 alone."""

from __future__ import annotations

import re
from datetime import timedelta

from handlers import memory, verbs
from handlers.commands import BY_NAME, Command
from handlers.flows import unanswered
from handlers.here import Given, Here
from handlers.message import Incoming, Reply
from handlers.phrases import orders as phrases
from handlers.phrases.scene import Scene
from handlers.reading import asks, bare, fold, named_numbers, only_number
from workorders.errors import Refused
from workorders.orders.order import Kind, WorkOrder

_DAILY = ("开单", "报障", "报修", "提单", "新建工单", "日常")
_URGENT = ("紧急", "加急", "紧急开单", "紧急报障")
_FORM = re.compile(
    rf"^(?P<word>{'|'.join(sorted(_DAILY + _URGENT, key=len, reverse=True))})"
    r"(?P<gap>[\s:：,，、;；!！。]*)(?P<rest>.*)$",
    re.DOTALL,
)

#: What opening itself is spoken of with: 开单员, 提单流程, 紧急联系人.
_OF_OPENING = re.compile(r"(?:联系人|联系电话|联系方式|员|权限|流程|功能|时间|时限|方式|入口|页面|记录|费用)")
_WORDS = "|".join(sorted((*_DAILY, *_URGENT, *BY_NAME, "转人工", "人工"), key=len, reverse=True))
#: What tells nothing: a digit, 取消, a command's word again and again.
_NOTHING = re.compile(rf"(?:取消|算了?|不要|不用|没事|不需要|{_WORDS}|\d{{1,2}}|[\W_])*")
#: What 紧急 or 加急 alone may be about.
_HASTENED = frozenset({Kind.DAILY, Kind.AFTERSALES, Kind.ONBOARDING})
#: How long after it 紧急 alone may mean what was asked last.
_FRESH = timedelta(minutes=10)


def handle(incoming: Incoming, here: Here) -> Reply | None:
    """A word for opening, then the problem; the word alone takes the question just asked, or asks for one."""
    folded = fold(incoming.text).strip()
    found = _FORM.match(folded)
    if found is None:
        return None
    kind = Kind.URGENT if found["word"] in _URGENT else Kind.DAILY
    rest = incoming.text.strip()[found.start("rest") :].strip()
    if not bare(found["rest"]) or bare(incoming.text) in _DAILY + _URGENT:
        return _alone(kind, incoming, here)
    if kind is Kind.URGENT and (number := only_number(rest)):
        return verbs.act(_faster(found["word"], number, here), number, "", incoming, here)
    if not found["gap"] and (found["word"] in ("日常", "加急") or _OF_OPENING.match(rest) or asks(rest)):
        return None  # 日常对账怎么做, 紧急联系人怎么改: a sentence that only begins like one
    if kind is Kind.DAILY and not found["gap"] and incoming.state.get("expect") == "form":
        return None  # 开单系统, where the system's name was asked for
    return open_order(kind, rest, incoming, here)


def _alone(kind: Kind, incoming: Incoming, here: Here) -> Reply:
    offered = incoming.state.get("offered")
    if (
        isinstance(offered, str)
        and tells_something(offered)
        and not named_numbers(incoming.quote)
        and (kind is not Kind.URGENT or _is_fresh(offered, incoming, here))
    ):
        return open_order(kind, offered, incoming, here)
    if kind is Kind.URGENT and (order := _just_opened(incoming, here)):
        command = _faster(bare(incoming.text), order.number, here)
        return verbs.act(command, order.number, "", incoming, here)
    return ask_problem(kind, here)


def _faster(word: str, number: int, here: Here) -> Command:
    """加急 of an onboarding asks for it to be done first; anything else it makes urgent, as 紧急 does."""
    order = here.orders.read(number)
    return BY_NAME["加急" if word == "加急" and order and order.kind is Kind.ONBOARDING else "转紧急"]


def _is_fresh(question: str, incoming: Incoming, here: Here) -> bool:
    """Whether it was asked moments ago; calling people out for something else is worse than asking."""
    asked = memory.asked(incoming.state)
    return any(q.text == question and here.now - q.at <= _FRESH for q in asked)


def tells_something(problem: str) -> bool:
    """Whether it says anything that an order could be about."""
    return _NOTHING.fullmatch(bare(problem)) is None


def ask_problem(kind: Kind, here: Here, *, human: bool = False) -> Reply:
    """Ask for the problem in one sentence, and take the next message for it."""
    said = phrases.ask_problem_for_person(here.hotline) if human else phrases.ask_problem(kind)
    return Reply(said, state={"expect": "problem", "kind": str(kind), "human": human})


def _just_opened(incoming: Incoming, here: Here) -> WorkOrder | None:
    """The order 紧急 upgrades: the quoted one, else the reporter's latest live one that is not urgent."""
    for number in named_numbers(incoming.quote):
        order = here.orders.read(number)
        if order and order.live and order.reporter == here.sender.userid:
            return order
    latest = here.orders.latest_of(here.sender)
    if latest and latest.live and latest.kind in _HASTENED and latest.reporter == here.sender.userid:
        return latest
    return None


def pressed_on(order: WorkOrder, here: Here) -> WorkOrder:
    """A person was asked for again: whoever has the order is told, unless they were moments ago."""
    try:
        return here.orders.urge(order.number, here.sender)
    except Refused:
        return here.orders.look(order.number, here.sender)


def open_order(
    kind: Kind,
    problem: str,
    incoming: Incoming,
    here: Here,
    *,
    given: Given | None = None,
    human: bool = False,
) -> Reply:
    """Open it and say number, due and who.

    Args:
        given: the answer that did not help. ``human``: a person was asked for.
    """
    if not tells_something(problem):
        return ask_problem(kind, here, human=human)
    scene = Scene.of(incoming, here)
    handed = unanswered.to_order(
        here.orders,
        here.sender,
        here.group,
        problem,
        kind=kind,
        answers=here.answers,
        answer=given.id if given else None,
        outcome="human" if human else "unsolved",
    )
    if human:
        order = handed.order if handed.anew else pressed_on(handed.order, here)
        return Reply(phrases.handed_to_people(order, scene))
    return Reply((phrases.opened if handed.anew else phrases.one_already)(handed.order, scene))
