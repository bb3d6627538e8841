"""A question nobody's article answered, or a person asked for: from question to work order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from handlers.here import AnswerLog
from workorders.directory.people import Group, Person
from workorders.orders.desk import OrderDesk
from workorders.orders.order import Kind, WorkOrder


@dataclass(frozen=True)
class Handed:
    """The order a question became; ``anew`` is False where it had become one already."""

    order: WorkOrder
    anew: bool


def to_order(
    orders: OrderDesk,
    reporter: Person,
    group: Group | None,
    question: str,
    *,
    kind: Kind = Kind.DAILY,
    answers: AnswerLog | None = None,
    answer: int | None = None,
    outcome: Literal["unsolved", "human"] = "unsolved",
) -> Handed:
    """Open an order for a question, or find the one it became a moment ago.

    A button may be pressed twice and 转人工 said twice; one question is one order while it lives.

    Args:
        question: as it was asked, masked already.
        answers, answer: the answer that did not help, if there was one, and where that is kept as
            ``outcome``; its question is kept as a gap when it did not solve the problem.

    Raises:
        UnknownReporter, Incomplete: as :meth:`OrderDesk.open`.
    """
    latest = orders.latest_of(reporter)
    # What was added to it within two minutes stands below the question.
    same = latest is not None and f"{latest.text}\n".startswith(f"{question.strip()}\n")
    if latest and latest.live and same and latest.reporter == reporter.userid:
        if kind is Kind.URGENT and not latest.urgent:
            return Handed(orders.upgrade(latest.number, reporter), anew=True)
        return Handed(latest, anew=False)
    order = orders.open(kind, question, reporter, group, topic=topic_of(orders, question))
    if answers is not None and answer is not None:
        answers.became(answer, outcome)
        given = answers.given(answer)
        if given and outcome == "unsolved":
            answers.gap(given.question, given.article, "unsolved")
    return Handed(order, anew=True)


def topic_of(orders: OrderDesk, text: str) -> str:
    """The routed topic a text names (对账, 开票 …), empty where it names none."""
    return next((topic for topic in orders.agreement.routes.topics if topic in text), "")
