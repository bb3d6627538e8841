"""Which orders there are, and how they stand, for whoever may see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workorders.attachments.attachment import FOLLOWS
from workorders.directory.people import Group, Person
from workorders.orders.office import Office
from workorders.orders.order import LIFE, Event, State, Verb, WorkOrder
from workorders.orders.standing import may_see, standing


@dataclass(frozen=True)
class Looking(Office):
    """What somebody may know of the orders."""

    def look(self, number: int, by: Person) -> WorkOrder:
        """The order as it stands at this moment, settled, for somebody who may see it.

        Raises:
            NoSuchOrder: there is none, or it is not theirs to see.
        """
        return self._locked(number, by)[0]

    def read(self, number: int) -> WorkOrder | None:
        """The order as it was kept, not settled and not locked; None where there is none."""
        return self.orders.read(number)

    def events(self, number: int) -> Sequence[Event]:
        """What happened to it, in order."""
        return self.orders.events(number)

    def live_of(self, person: Person, group: Group | None = None) -> list[WorkOrder]:
        """The live orders that concern that person here: a partner's own; a colleague's, and then those that
        wait for somebody of that colleague's roles, or of any where the colleague supervises."""
        partner = (group.partner if group else None) or person.partner
        if partner is None and (person.works_orders or person.supervises):
            roles = None if person.supervises else {duty.role for duty in person.duties}
            return [*self.orders.owned_by(person.userid), *self.orders.waiting_for(roles)]
        return self.orders.live_of(partner=partner.id if partner else None, reporter=person.userid)

    def latest_of(self, person: Person) -> WorkOrder | None:
        """The order that person opened last in this place."""
        return self.orders.latest_of(person.userid, self.heard_in)

    def just_opened_by(self, person: Person) -> WorkOrder | None:
        """The live order that person opened here within the last two minutes."""
        latest = self.orders.latest_of(person.userid, self.heard_in)
        if latest is None or not latest.live:
            return None
        return latest if self.now() - self.orders.events(latest.number)[0].at <= FOLLOWS else None

    def solved_last_of(self, person: Person) -> WorkOrder | None:
        """The reporter's order that was solved last and is not closed yet, wherever it was opened."""
        return max(self.orders.solved_of(person.userid), key=lambda o: o.state_at, default=None)

    def only_paused_of(self, person: Person) -> WorkOrder | None:
        """The reporter's paused order, if it is their only one."""
        mine = self.orders.live_of(partner=None, reporter=person.userid)
        paused = [o for o in mine if o.state is State.PAUSED]
        return paused[0] if len(paused) == 1 else None

    def live(self) -> list[WorkOrder]:
        """All live orders, next due first."""
        return self.orders.live()

    def may(self, order: WorkOrder, verb: Verb, by: Person, *, to_self: bool = False) -> bool:
        """Whether the life table lets this person do that to the order as it stands."""
        step = LIFE[verb]
        possible = order.state in step.frm and order.kind in step.kinds
        return possible and bool(step.who & standing(order, by, to_self=to_self))

    def may_see(self, order: WorkOrder, by: Person) -> bool:
        """Whether this person may know of the order: our people of all, others of their own partner's."""
        return may_see(order, by)
