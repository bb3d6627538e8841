"""Answers to a question of ours: the plan, the reason, the problem; 取消 forgets the question."""

from __future__ import annotations

import re

from handlers import filing, notices, obligations, opening, stars, verbs
from handlers.commands import BY_NAME
from handlers.here import Here
from handlers.message import Incoming, Reply
from handlers.phrases import orders as phrases
from handlers.phrases import refusals
from handlers.reading import bare
from workorders.orders.order import Kind

#: As ``bare`` leaves them: 算了 and 不填了 lose their 了.
_FORGET = frozenset({"取消", "撤回", "撤销", "算", "不用", "不", "不要", "不填", "不弄", "没事"})
#: A short word and an order's number: meant as a command, if one we do not know.
_COMMAND = re.compile(r"[\u4e00-\u9fff]{2,4}\s*[#№]?\s*[1-9]\d{3,6}(?!\d)(?:[\s,，和]*[1-9]\d{3,6})*")


def cancel(incoming: Incoming, here: Here) -> Reply | None:
    """取消, while something is expected or a picture waits; 取消 of nothing says how to withdraw an order."""
    if ("expect" in incoming.state or here.brought) and bare(incoming.text) in _FORGET:
        here.brought.drop()
        return Reply(phrases.FORGOTTEN)
    if bare(incoming.text) == "取消":
        return Reply(phrases.NOTHING_TO_FORGET, state=incoming.state)
    return None


def handle(incoming: Incoming, here: Here) -> Reply | None:
    """The next message in this place, taken for what was asked for."""
    state = incoming.state
    match state.get("expect"):
        case "obligation":
            return obligations.expected(incoming, here)
        case "problem":
            kind = Kind.URGENT if state.get("kind") == Kind.URGENT else Kind.DAILY
            return opening.open_order(kind, incoming.text, incoming, here, human=bool(state.get("human")))
        case "form":
            return filing.answered(incoming, here)
        case "stars_why":
            return stars.explained(incoming, here)
        case "notice_question":
            return notices.asked(incoming, here)
        case str() if "command" in state:
            command, number = BY_NAME.get(str(state.get("command"))), state.get("order")
            if command is None or not isinstance(number, int):
                return None
            if _COMMAND.fullmatch(bare(incoming.text)):
                again = refusals.missing(str(state["expect"]), number=number, command=command.name)
                return Reply(again, state=state)
            said = incoming.text
            if plan := str(state.get("plan") or ""):
                said = verbs.joined(plan, str(state["expect"]), said)
            return verbs.act(command, number, said, incoming, here)
    return None
