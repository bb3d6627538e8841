"""The articles: one answer, a short menu, or an honest none with an order one tap away."""

from __future__ import annotations

import hashlib
import re

from handlers import memory, risk
from handlers.here import Here
from handlers.message import Incoming, Reply
from handlers.phrases import common
from handlers.phrases import faq as phrases
from handlers.phrases.text import quoted
from handlers.reading import fold
from knowledge.faults import is_fault
from knowledge.forbidden import forbidden
from knowledge.library import UNSURE, Article

_MENU = 3
_SAYS_SOMETHING = re.compile(r"[A-Za-z一-鿿㐀-䶿]|\d{2}")


def handle(incoming: Incoming, here: Here) -> Reply | None:
    """Anything else is a question."""
    question = incoming.text.strip()
    if not _SAYS_SOMETHING.search(fold(question)):
        return Reply(common.READY)
    found = here.library.ask(question)
    nearest = found.choices[0].article.id if found.choices else None
    if found.outcome == "answer" and found.article:
        return give(found.article, question, incoming, here)
    likely = [choice.article for choice in found.choices[:_MENU] if choice.confidence >= UNSURE / 2]
    if found.outcome == "choose" and likely:
        return _offer(likely, question, incoming, here)
    if forbidden(question):
        return risk.refuse(incoming, here)
    if here.sender.works_orders and not is_fault(question):
        return Reply(phrases.NOT_UNDERSTOOD)
    here.answers.gap(question, nearest, "none")
    return none(question, incoming, here)


def give(article: Article, question: str, incoming: Incoming, here: Here) -> Reply:
    """The article's answer, and what became of it to press."""
    number = here.answers.gave(article.id, question)
    return Reply(
        phrases.answer(article),
        card=phrases.answer_card(article, number, task_id("faq", incoming)),
        state=memory.with_question(incoming.state, question, here.now),
    )


def _offer(articles: list[Article], question: str, incoming: Incoming, here: Here) -> Reply:
    fault = is_fault(question)
    state = memory.with_question(incoming.state, question, here.now) | {
        "menu": [article.id for article in articles],
        "question": question,
        "offered": question,
    }
    id = memory.question_id(question)
    card = phrases.menu_card(articles, id, task_id("menu", incoming), fault=fault)
    return Reply(phrases.menu(articles, fault=fault), card=card, state=state)


def none(question: str, incoming: Incoming, here: Here) -> Reply:
    """No answer; the question may become an order by a press or a word."""
    state = memory.with_question(incoming.state, question, here.now) | {"offered": question}
    shown = quoted(question, shared=incoming.chat is not None)
    card = phrases.none_card(memory.question_id(question), task_id("none", incoming), shown)
    return Reply(phrases.none(here.hotline), card=card, state=state)


def task_id(what: str, incoming: Incoming) -> str:
    """A card's id: one message has one card of a kind, and a repeat of the message the same."""
    return f"{what}-{hashlib.sha256(incoming.key.encode('utf-8', 'replace')).hexdigest()[:24]}"
