"""What a reporter says about an order: by naming it, by quoting us, or because only one is waited for."""

from __future__ import annotations

from handlers import faq, which
from handlers.here import Here
from handlers.message import Incoming, Reply
from handlers.phrases import orders as phrases
from handlers.phrases.scene import Scene
from handlers.reading import leading_number, named_numbers
from workorders.orders.order import State, WorkOrder
from workorders.orders.standing import is_reporter


def named(incoming: Incoming, here: Here) -> Reply | None:
    """The message, or the message it quotes, names an order of theirs."""
    leading = leading_number(incoming.text)
    in_text = named_numbers(incoming.text) + ((leading,) if leading else ())
    found = [
        o for n in dict.fromkeys(in_text) if (o := which.visible(n, here)) and is_reporter(o, here.sender)
    ]
    if not found:
        quoted = named_numbers(incoming.quote)
        found = [o for n in quoted if (o := which.visible(n, here)) and is_reporter(o, here.sender)]
    return _pass_on(found[0], incoming, here) if len(found) == 1 else None


def _pass_on(order: WorkOrder, incoming: Incoming, here: Here) -> Reply:
    scene = Scene.of(incoming, here)
    if not (order.live or order.merged_into) and order.state is not State.SOLVED:
        return Reply(phrases.over(order, scene))
    before = order.state
    order = here.orders.said(order.number, here.sender, incoming.text)
    if before is State.PAUSED:
        return Reply(phrases.resumed_by_words(order, scene))
    return Reply(phrases.said(order, scene))


def awaited(incoming: Incoming, here: Here) -> Reply | None:
    """Anything said by the reporter of one paused order is what it waits for (life table, resume).

    A question an article answers is answered as well.
    """
    paused = here.orders.only_paused_of(here.sender)
    if paused is None:
        return None
    order = here.orders.said(paused.number, here.sender, incoming.text)
    passed_on = phrases.resumed_by_words(order, Scene.of(incoming, here))
    found = here.library.ask(incoming.text)
    if found.outcome != "answer" or found.article is None:
        return Reply(passed_on)
    reply = faq.give(found.article, incoming.text, incoming, here)
    return Reply(f"{passed_on}\n\n{reply.text}", card=reply.card, state=reply.state)
