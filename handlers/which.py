"""Which order a message means, when it does not say."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.here import Here
from handlers.message import Incoming
from handlers.reading import named_numbers
from workorders.orders.order import LIFE, State, Verb, Who, WorkOrder
from workorders.orders.standing import may_see

#: As many as a menu can hold.
MOST = 9


def candidates(verb: Verb, incoming: Incoming, here: Here, *, to_self: bool = False) -> Sequence[WorkOrder]:
    """The orders the verb could mean for this person here, the likeliest alone if there is one.

    The quoted message's order comes first, then the owner's own, then the reporter's latest.
    """
    step = LIFE[verb]
    if quoted := _quoted(incoming, here):
        return quoted
    if here.sender.works_orders and step.who != frozenset({Who.REPORTER}):
        return _of_staff(verb, incoming, here, to_self=to_self)
    latest = here.orders.latest_of(here.sender)
    if latest and latest.reporter == here.sender.userid and latest.state in step.frm:
        return [latest]
    return [o for o in here.orders.live_of(here.sender, here.group) if o.state in step.frm][:MOST]


def _quoted(incoming: Incoming, here: Here) -> list[WorkOrder]:
    return [o for n in named_numbers(incoming.quote)[:MOST] if (o := visible(n, here))]


def _of_staff(verb: Verb, incoming: Incoming, here: Here, *, to_self: bool) -> list[WorkOrder]:
    step = LIFE[verb]
    live = [o for o in here.orders.live() if o.state in step.frm and may_be_shown(o, incoming, here)]
    own = [o for o in live if o.owner == here.sender.userid]
    if to_self:
        return [o for o in live if o.owner not in (None, here.sender.userid)][:MOST]
    if own and Who.OWNER in step.who:
        return own[:MOST]
    if verb is Verb.ACCEPT or Who.DESK_IF_OPEN in step.who:
        mine = [
            o for o in live if o.state is State.OPEN and any(d.role is o.role for d in here.sender.duties)
        ]
        return (mine or [o for o in live if o.state is State.OPEN])[:MOST]
    return (own or ([] if step.who == frozenset({Who.OWNER}) else live))[:MOST]


def visible(number: int, here: Here) -> WorkOrder | None:
    """The order of that number as it stands, None where there is none this person may see here."""
    order = here.orders.read(number)
    return order if order and may_see(order, here.sender) else None


def may_be_shown(order: WorkOrder, incoming: Incoming, here: Here) -> bool:
    """In a group only the reporter's company sees detail; our own groups see everything."""
    if incoming.chat is None or order.chat == incoming.chat:
        return True
    if here.group is None:
        return False
    return here.group.purpose is not None or (
        here.group.partner is not None and here.group.partner.id == order.partner
    )
