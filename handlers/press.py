"""Buttons: what was pressed, by whom, now. A press can only be answered by an update of its card."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from handlers import faq as articles
from handlers import feedback, handover, memory, notices, obligations, opening, stars, verbs, which
from handlers.commands import BY_NAME, Command, judge_proposing
from handlers.here import Given, Here
from handlers.message import Card, Incoming, Reply
from handlers.phrases import cards, common, refusals
from handlers.phrases import faq as faq_phrases
from handlers.phrases.scene import Scene
from workorders.directory.people import Person, Role
from workorders.errors import Refused
from workorders.orders.kinds import Kind, Rejection
from workorders.orders.order import WorkOrder

#: People offered to hand an order to; a card has six buttons.
_CHOICES = 6
_NUMBERS = re.compile(r"[1-9]\d{3,6}(?:,[1-9]\d{3,6}){0,49}", re.ASCII)
_COMMANDS: Mapping[str, str] = {
    "accept": "接单",
    "solve": "解决",
    "urge": "催单",
    "unsolved": "重开",
    "close": "关闭",
    "upgrade": "转紧急",
    "resume": "恢复",
    "take": "接手",
    "decline": "退回",
    "pause": "挂起",
    "hand_over": "转交",
    "reroute": "改派",
    "downgrade": "转日常",
    "change_kind": "改类",
    "merge": "并入",
    "cancel": "撤回",
    "expedite": "加急",
    "suspend": "提出暂停服务",
}


def handle(incoming: Incoming, here: Here) -> Reply | None:
    """Keys are ours but anybody may send them: each is judged by state and by who pressed."""
    if incoming.kind != "press" or incoming.press is None:
        return None
    verb, _, argument = incoming.press.key.partition(":")
    if verb == "propose" and _NUMBERS.fullmatch(argument) and "," not in argument:
        return _propose(int(argument), incoming, here)
    if verb == "hand_over" and _number(argument):
        return _to_whom(_number(argument), incoming, here)
    if (name := _COMMANDS.get(verb)) and _NUMBERS.fullmatch(argument):
        numbers = list(dict.fromkeys(int(n) for n in argument.split(",")))
        return _do(BY_NAME[name], numbers, incoming, here)
    if (pressed := _ELSE.get(verb)) is not None:
        return pressed(argument, incoming, here)
    return _update(incoming, cards.NOT_DONE, common.STALE_CARD)


def _update(incoming: Incoming, title: str, body: str) -> Reply:
    assert incoming.press is not None
    return Reply(update=Card(incoming.press.task_id, title, body=body))


# Orders


def _do(command: Command, numbers: list[int], incoming: Incoming, here: Here) -> Reply:
    if len(numbers) > 1:
        return _several(command, numbers, incoming, here)
    reply = verbs.act(command, numbers[0], "", incoming, here)
    order = which.visible(numbers[0], here)
    assert incoming.press is not None
    if order and reply.state.get("expect") == "code":
        return Reply(update=cards.rejecting(order, reply.text, incoming.press.task_id), state=reply.state)
    card = cards.after(order, reply.text, Scene.of(incoming, here), incoming.press.task_id)
    return Reply(update=card, state=reply.state)


def _several(command: Command, numbers: list[int], incoming: Incoming, here: Here) -> Reply:
    """A bundle's button: each order for itself, in order of number so that locks never cross."""
    done, refused = [], []
    for number in sorted(numbers):
        try:
            command.do(here, number, "")
            done.append(number)
        except Refused as error:
            refused.append(refusals.said(error, Scene.of(incoming, here)))
    lines = [cards.several_done(command.name, done)] if done else []
    return _update(incoming, cards.SEVERAL, "\n".join(lines + refused))


def _propose(number: int, incoming: Incoming, here: Here) -> Reply:
    """No card has a text field: the next message here is the plan."""
    judge_proposing(here, number)
    order = here.orders.look(number, here.sender)
    reply = _update(incoming, cards.title(order), refusals.missing("plan", number=number, command="给方案"))
    return replace(reply, state=verbs.expecting(BY_NAME["给方案"], number, "plan"))


def _to_whom(number: int, incoming: Incoming, here: Here) -> Reply:
    """A hand-over still needs somebody: on duty, pressed, or named in the next message."""
    asked = verbs.act(BY_NAME["转交"], number, "", incoming, here)
    order = here.orders.look(number, here.sender)
    assert incoming.press is not None
    card = cards.to_whom(order, asked.text, _on_duty(order, here), incoming.press.task_id)
    return Reply(update=card, state=asked.state)


def _on_duty(order: WorkOrder, here: Here) -> list[Person]:
    """Who is there and works orders: those of the order's role first, then those of the others."""
    posts = [(order.role, 1), (order.role, 2), *((role, 1) for role in Role)]
    found = [p for role, rank in posts for p in here.directory.holders(role, rank, here.now)]
    people = {p.userid: p for p in found if p.works_orders and p.userid != order.owner}
    return list(people.values())[:_CHOICES]


def _hand(argument: str, incoming: Incoming, here: Here) -> Reply:
    """Handed over to whoever was pressed."""
    number, _, userid = argument.partition(":")
    order = here.orders.hand_over(_number(number), here.sender, here.directory.person(userid))
    assert incoming.press is not None
    scene = Scene.of(incoming, here)
    said = BY_NAME["转交"].said(order, scene)
    return Reply(update=cards.after(order, said, scene, incoming.press.task_id))


def _more(argument: str, incoming: Incoming, here: Here) -> Reply:
    """What else may be done to an order."""
    order = here.orders.look(_number(argument), here.sender)
    assert incoming.press is not None
    return Reply(update=cards.more(order, Scene.of(incoming, here), incoming.press.task_id))


def _reject(argument: str, incoming: Incoming, here: Here) -> Reply:
    """What an onboarding is rejected for, pressed; 其他 still needs its words."""
    number, _, code = argument.partition(":")
    command = BY_NAME["退回"]
    if code not in {str(r) for r in Rejection if r is not Rejection.OTHER}:
        asked = verbs.act(command, _number(number), "", incoming, here)
        return replace(_update(incoming, cards.NOT_DONE, asked.text), state=asked.state)
    order = here.orders.decline(_number(number), here.sender, "", Rejection(code))
    return _update(incoming, cards.title(order), command.said(order, Scene.of(incoming, here)))


def _number(argument: str) -> int:
    """The number a key names, 0 where it names none."""
    return int(argument) if re.fullmatch(r"[1-9]\d{3,6}", argument, re.ASCII) else 0


# Answers


def _given(argument: str, here: Here) -> Given | None:
    """The answer a button stands under, for its asker, a colleague of the asker's or the desk."""
    given = here.answers.given(int(argument)) if re.fullmatch(r"\d{1,9}", argument, re.ASCII) else None
    if given is None or given.asked_by == here.sender.userid or here.sender.works_orders:
        return given
    partner, asker = here.sender.partner, here.directory.person(given.asked_by)
    return given if partner and asker.partner and partner.id == asker.partner.id else None


def _of_answer(say: Callable[[Given, Incoming, Here], Reply]) -> Callable[[str, Incoming, Here], Reply]:
    def pressed(argument: str, incoming: Incoming, here: Here) -> Reply:
        given = _given(argument, here)
        if given is None:
            return _update(incoming, cards.NOT_DONE, faq_phrases.NOT_THE_ASKER)
        reply = say(given, incoming, here)
        return replace(
            _update(incoming, cards.about(given.question, incoming), reply.text), state=reply.state
        )

    return pressed


def _solved(given: Given, incoming: Incoming, here: Here) -> Reply:
    return feedback.solved_answer(given, here)


def _human(given: Given, incoming: Incoming, here: Here) -> Reply:
    return opening.open_order(Kind.DAILY, given.question, incoming, here, given=given, human=True)


# Questions nobody's article answered


def _open(kind: Kind) -> Callable[[str, Incoming, Here], Reply]:
    def pressed(argument: str, incoming: Incoming, here: Here) -> Reply:
        question = memory.find(incoming.state, argument)
        if question is None:
            state = {"expect": "problem", "kind": str(kind)}
            return replace(_update(incoming, cards.NOT_DONE, faq_phrases.FORGOTTEN), state=state)
        reply = opening.open_order(kind, question.text, incoming, here)
        return _update(incoming, cards.about(question.text, incoming), reply.text)

    return pressed


def _ask(argument: str, incoming: Incoming, here: Here) -> Reply:
    """One of the menu's questions: its conclusion in the card, its steps for a digit."""
    article = here.library.article(argument)
    if article is None:
        return _update(incoming, cards.NOT_DONE, faq_phrases.GONE)
    asked = memory.asked(incoming.state)
    question = asked[-1].text if asked else article.question
    number = here.answers.gave(article.id, question)
    assert incoming.press is not None
    card = faq_phrases.answered_in_card(article, number, incoming.press.task_id)
    remembered = memory.with_question(incoming.state, question, here.now)
    return Reply(update=card, state=remembered | {"menu": [article.id], "question": question})


def _none_of(argument: str, incoming: Incoming, here: Here) -> Reply:
    question = memory.find(incoming.state, argument)
    if question is None:
        return _update(incoming, cards.NOT_DONE, faq_phrases.FORGOTTEN)
    menu = incoming.state.get("menu")
    nearest = str(menu[0]) if isinstance(menu, list) and menu else None
    here.answers.gap(question.text, nearest, "choose")
    reply = articles.none(question.text, incoming, here)
    assert reply.card is not None
    assert incoming.press is not None
    return Reply(update=replace(reply.card, task_id=incoming.press.task_id), state=reply.state)


_ELSE: Mapping[str, Callable[[str, Incoming, Here], Reply]] = {
    "faq_solved": _of_answer(_solved),
    "faq_unsolved": _of_answer(feedback.unsolved_answer),
    "human": _of_answer(_human),
    "open_daily": _open(Kind.DAILY),
    "open_urgent": _open(Kind.URGENT),
    "more": _more,
    "hand": _hand,
    "reject": _reject,
    "ask": _ask,
    "none_of": _none_of,
    "notice_ack": notices.pressed_ack,
    "notice_ask": notices.pressed_ask,
    "y": obligations.press,
    "shift": handover.offer_pressed,
    "receive": handover.accept_pressed,
    "stars": stars.pressed,
    "stars_why": stars.pressed_why,
}
