"""How a reporter rates a closed order: one tap of one to five stars, a reason where there were few.

The card is sent once an order, when it is closed; a reporter who lets orders close by silence is not asked.
Pure: who may rate, and under which lock, is the desk's.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from workorders.errors import Incomplete
from workorders.orders.errors import AlreadySo, RatingOver, WrongState
from workorders.orders.order import Event, State, Verb, WorkOrder

#: So long after its end an order may be rated; then it is silent.
OPEN_FOR = timedelta(hours=48)
#: A reporter whose orders silence closed this often within this long is not asked.
SILENT, WITHIN = 2, timedelta(days=7)
#: A reason is asked for up to so many stars.
FEW = 3


class Reason(StrEnum):
    """Why there were few stars."""

    SLOW = "slow"
    UNSOLVED = "unsolved"
    ATTITUDE = "attitude"
    OTHER = "other"


def rate(order: WorkOrder, by: str, at: datetime, *, stars: int) -> Event:
    """评价, from one to five, once.

    Raises:
        WrongState: the order is neither solved nor closed.
        Incomplete: there are no such stars.
        AlreadySo: it was rated before.
        RatingOver: its end lies too far back.
    """
    _may_rate(order, at)
    if not 1 <= stars <= 5:
        raise Incomplete("stars", str(stars))
    if order.stars is not None:
        raise AlreadySo(order.number, Verb.RATE)
    return order.happened(Verb.RATE, at, by, {"stars": stars}, stars=stars)


def explain(order: WorkOrder, by: str, at: datetime, *, reason: Reason) -> Event:
    """Why there were few stars, once.

    Raises:
        WrongState, RatingOver: as :func:`rate`.
        AlreadySo: nobody asked why, or it was said before.
    """
    _may_rate(order, at)
    if order.stars is None or order.stars > FEW or order.stars_reason:
        raise AlreadySo(order.number, Verb.RATE)
    return order.happened(
        Verb.RATE, at, by, {"stars": order.stars, "why": reason.value}, stars_reason=reason.value
    )


def _may_rate(order: WorkOrder, at: datetime) -> None:
    if order.state not in (State.SOLVED, State.CLOSED):
        raise WrongState(order.number, Verb.RATE, order.state, order.state_by, order.state_at)
    if at > order.state_at + OPEN_FOR:
        raise RatingOver(order.number)
