"""转人工 in one word: an order at once, with what was asked before; no questions first.

The whole message must mean it: 退款怎么转人工审核 is a question about something else.
"""

from __future__ import annotations

import re
from datetime import timedelta

from handlers import memory, opening
from handlers.here import Given, Here
from handlers.message import Incoming, Reply
from handlers.phrases import orders as phrases
from handlers.phrases.scene import Scene
from handlers.reading import bare
from workorders.orders.order import Kind

_PERSON = r"(?:人工客服|人工服务|真人客服|在线客服|人工坐席|人工|真人|活人|客服人员|客服|技术人员|工作人员)"
_WHOLE = re.compile(
    rf"(?:我?(?:想|要|需要|想要)|可以|可不可以|能不能|能|帮|给我|怎么|如何|快)*"
    rf"(?:(?:转接|转到|转|找|接|呼叫|叫|换|联系|要|来)(?:一?[个下位])?)?{_PERSON}"
    r"(?:来|处理|回复|呢|在吗|在不在|吗|在线吗)?[?？]*|"
    r"(?:我要|我想)?(?:找人|转人|找个人|换个人|叫人)(?:工|来|处理)?|有人工吗|有没有人工[?？]*"
)
_WITH_PROBLEM = re.compile(
    rf"^(?:请|麻烦)?(?:转接|转|找){_PERSON}[\s,，:：。.!！]+(?P<problem>\w.+)$", re.DOTALL
)

#: How long a question is still the one somebody wants a person for; as long as an answer is the last.
_RECENT = timedelta(minutes=30)


def handle(incoming: Incoming, here: Here) -> Reply | None:
    text = incoming.text.strip()
    if found := _WITH_PROBLEM.match(text):
        return opening.open_order(Kind.DAILY, found["problem"], incoming, here, human=True)
    if not _WHOLE.fullmatch(bare(text)):
        return None
    question, given = last_question(incoming, here)
    if question is not None and opening.tells_something(question):
        return opening.open_order(Kind.DAILY, question, incoming, here, given=given, human=True)
    scene = Scene.of(incoming, here)
    latest = here.orders.latest_of(here.sender)
    if latest and latest.live and latest.reporter == here.sender.userid:
        return Reply(phrases.handed_to_people(opening.pressed_on(latest, here), scene))
    return opening.ask_problem(Kind.DAILY, here, human=True)


def last_question(incoming: Incoming, here: Here) -> tuple[str | None, Given | None]:
    """What was asked last here, and the answer it got, if it got one."""
    given = here.answers.last()
    asked = [q for q in memory.asked(incoming.state) if here.now - q.at <= _RECENT]
    if asked and (given is None or given.question != asked[-1].text):
        return asked[-1].text, None
    return (given.question, given) if given else (None, None)
