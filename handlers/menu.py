"""A bare digit (or ①, 第二个) answers the list that was shown to this person here."""

from __future__ import annotations

from handlers import faq, verbs
from handlers.commands import BY_NAME
from handlers.here import Here
from handlers.message import Incoming, Reply
from handlers.phrases import faq as phrases
from handlers.reading import choice, only_number


def handle(incoming: Incoming, here: Here) -> Reply | None:
    state = incoming.state
    if state.get("expect") == "pick":
        return _pick(incoming, here)
    menu, place = state.get("menu"), choice(incoming.text)
    if place is None or not isinstance(menu, list):
        return None
    question = str(state.get("question") or "")
    if place == 0:
        here.answers.gap(question, menu[0] if menu else None, "choose")
        return faq.none(question, incoming, here)
    if place > len(menu):
        return Reply(phrases.out_of_menu(len(menu)), state=state)
    article = here.library.article(str(menu[place - 1]))
    return faq.give(article, question, incoming, here) if article else Reply(phrases.GONE)


def _pick(incoming: Incoming, here: Here) -> Reply | None:
    """One of several orders a verb could have meant; its place or its number."""
    numbers, command = incoming.state.get("orders"), BY_NAME.get(str(incoming.state.get("command")))
    if not isinstance(numbers, list) or command is None:
        return None
    place, number = choice(incoming.text), only_number(incoming.text)
    if number is None and place is not None:
        if not 1 <= place <= len(numbers):
            return Reply(phrases.out_of_list(len(numbers)), state=incoming.state)
        number = int(numbers[place - 1])
    if number is None or number not in numbers:
        return None
    return verbs.act(command, number, str(incoming.state.get("argument") or ""), incoming, here)
