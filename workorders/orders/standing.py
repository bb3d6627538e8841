"""How somebody stands to an order: who may see it, and in which of the life table's words they act on it."""

from __future__ import annotations

from workorders.directory.people import Person
from workorders.orders.order import State, Who, WorkOrder


def is_reporter(order: WorkOrder, by: Person) -> bool:
    """Who opened it, or any contact of the same partner; of a complaint of ours, whoever filed it."""
    if by.userid == order.reporter or any(by.userid == joined.reporter for joined in order.also):
        return True
    return not order.from_us and _of_partner(order, by)


def may_see(order: WorkOrder, by: Person) -> bool:
    """Our people see every order; the others their company's."""
    return by.side == "us" or is_reporter(order, by) or _of_partner(order, by)


def standing(order: WorkOrder, by: Person, *, to_self: bool = False) -> frozenset[Who]:
    """In which of the life table's words this person stands to this order.

    Args:
        to_self: the verb would make them the owner.
    """
    stands = {
        Who.REPORTER: is_reporter(order, by),
        Who.OWNER: by.userid == order.owner,
        Who.DESK: by.works_orders,
        Who.DESK_IF_OPEN: by.works_orders and order.state is State.OPEN,
        Who.SUPERVISOR: by.supervises,
        Who.TO_SELF: by.works_orders and to_self,
    }
    return frozenset(who for who, so in stands.items() if so)


def _of_partner(order: WorkOrder, by: Person) -> bool:
    return by.partner is not None and by.side == "partner" and by.partner.id == order.partner
