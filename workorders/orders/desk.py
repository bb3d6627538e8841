"""The use cases of work orders: every door, sweep and command goes through here.

Everything joins the caller's unit of work and nothing commits. A verb locks the order's row, reads the
moment after it, settles the past, judges who may do what, acts, and writes the letters: all in one unit.
"""

from __future__ import annotations

from dataclasses import dataclass

from workorders.orders import generations
from workorders.orders.hearing import Hearing
from workorders.orders.looking import Looking
from workorders.orders.order import WorkOrder
from workorders.orders.settle import settle


@dataclass(frozen=True)
class OrderDesk(Hearing, Looking):
    """Work orders, as a door sees them; and what the clock does to them."""

    def settle(self, number: int) -> WorkOrder | None:
        """Bring one order up to the present, for the sweep; None where there is none."""
        order = self.orders.lock(number)
        if order is None:
            return None
        now = max(self.now(), order.last_at)
        return self._recorded(order, settle(order, now, self._calendar), now)

    def recount(self, number: int) -> WorkOrder | None:
        """Count one live order anew by the present calendar, for the sweep; None where there is none.

        What was missed by then is missed, whatever the calendar says now.
        """
        order = self.settle(number)
        fingerprint = self._calendar.fingerprint
        if order is None or not order.live or order.calendar == fingerprint:
            return order
        now = max(self.now(), order.last_at)
        return self._act(order, now, lambda o, at: generations.recount(o, at, self._calendar, fingerprint))
