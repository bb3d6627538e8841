"""A phone call becomes an order, joins one, or is answered on the line; chat and the console's form alike."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from handlers.flows.unanswered import topic_of
from handlers.here import Here, Sent
from handlers.phrases import hotline as phrases
from knowledge.library import Article
from workorders.directory.people import Partner
from workorders.orders.order import Kind, WorkOrder


@dataclass(frozen=True)
class Taken:
    """A call that somebody took.

    Attributes:
        phone: where to call back, in its one form.
        called_at: aware UTC.
        problem: in the caller's words, masked.
    """

    partner: Partner
    caller: str
    phone: str
    called_at: datetime
    problem: str


def live_of(partner: Partner, here: Here) -> list[WorkOrder]:
    """The partner's orders that are not over."""
    live = here.orders.orders.live_of(partner=partner.id, reporter=here.sender.userid)
    return [order for order in live if order.partner == partner.id]


def file(here: Here, kind: Kind, call: Taken, sent: Sent | None = None) -> WorkOrder:
    """Open the order of a call the speaker took: its response is met, its solution counts from the call.

    Args:
        sent: the form it was logged with, where it was one.

    Raises:
        Incomplete: the call is over a year old or yet to come.
    """
    order = here.orders.open(
        kind,
        call.problem,
        here.sender,
        topic=topic_of(here.orders, call.problem),
        form={"caller": call.caller, "phone": call.phone},
        partner=call.partner,
        received_at=call.called_at,
        taken_by=here.sender.userid,
    )
    here.calls.took(call.partner.id, call.called_at, "order", order.number, sent)
    return order


def join(here: Here, number: int, call: Taken, sent: Sent | None = None) -> WorkOrder:
    """A call about what is an order already: its words join that order, and a paused one goes on.

    Raises:
        NoSuchOrder: there is none, or it is another partner's. WrongState: it is over.
    """
    words = phrases.called_again(call.caller, call.phone, call.problem)
    order = here.orders.called_again(number, here.sender, call.partner, words)
    here.calls.took(call.partner.id, call.called_at, "joined", order.number, sent)
    return order


def answer(here: Here, article: Article, call: Taken, sent: Sent | None = None) -> None:
    """A call answered on the line out of an article: kept as an answer that helped, without an order."""
    given = here.answers.gave(article.id, call.problem)
    here.answers.became(given, "solved")
    here.calls.took(call.partner.id, call.called_at, "answered", given, sent)
