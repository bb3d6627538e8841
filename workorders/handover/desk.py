"""The use cases of 交接班: what somebody has, offering it, taking it, and what the clock does about it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from workorders.directory.people import Directory, Person, Role, leads
from workorders.errors import Refused
from workorders.handover.errors import NoHandover
from workorders.handover.handover import Handover, may_pass
from workorders.letters import Letter
from workorders.orders.desk import OrderDesk
from workorders.orders.order import WorkOrder
from workorders.ports import LetterBox


class HandoverStore(Protocol):
    """Offers, in the caller's unit of work."""

    def begin(self, handover: Handover) -> Handover:
        """Keep a new offer; it comes back with its id."""

    def lock(self, id: int) -> Handover | None:
        """The offer, its row locked until the unit ends; None where there is none."""

    def waiting(self, *, giver: str | None = None, receiver: str | None = None) -> list[Handover]:
        """Offers of or to that person of which something waits, oldest first, their rows locked."""

    def record(self, handover: Handover) -> None:
        """Keep the offer as it is now."""


@dataclass(frozen=True)
class Taken:
    """What became of the orders somebody wanted to take: numbers, in order.

    Attributes:
        done: theirs now. ``gone``: closed or passed on before, so nothing was done.
        left: of the same offers, what still waits.
    """

    done: tuple[int, ...]
    gone: tuple[int, ...]
    left: tuple[int, ...]


@dataclass(frozen=True)
class HandoverDesk:
    """交接班, as a door sees it. Rows of offers are locked before orders, orders in order of number.

    Args:
        orders: the work orders' use cases; desk time is theirs.
    """

    orders: OrderDesk
    handovers: HandoverStore
    letters: LetterBox
    directory: Directory

    def open_orders(self, by: Person) -> list[WorkOrder]:
        """What that person could hand over, in order of number."""
        owned = self.orders.orders.owned_by(by.userid)
        return sorted((o for o in owned if may_pass(o, by.userid)), key=lambda o: o.number)

    def offer(self, by: Person, to: Person, numbers: Iterable[int] = (), note: str = "") -> Handover:
        """Offer orders to a colleague; what was offered to another and still waits is offered to this one.

        Args:
            numbers: which; all of them where none is named.
            note: for the receiver, masked already.

        Raises:
            NoHandover: ``to`` is the giver, works no orders or is away; an order named is not the giver's;
                or there is none at all.
        """
        now = self.orders.now()
        self._judge_receiver(by, to)
        earlier = self.handovers.waiting(giver=by.userid)
        mine = {order.number: order for order in self.open_orders(by)}
        chosen = sorted(set(numbers) or mine)
        for number in chosen:
            if number not in mine:
                raise NoHandover("not_yours", number=number)
        if not chosen:
            raise NoHandover("nothing")
        for offered in earlier:
            if set(offered.waiting) & set(chosen):
                self.handovers.record(offered.without(chosen))
        draft = Handover(0, by.userid, to.userid, note.strip(), now, tuple(chosen), tuple(chosen))
        made = self.handovers.begin(draft)
        self.letters.post(self._letter(made, "handover", to.userid, [mine[n] for n in chosen]))
        return made

    def accept(self, by: Person, id: int | None = None, numbers: Iterable[int] = ()) -> Taken:
        """Take what was offered: one offer or, without ``id``, everything that waits for this person.

        Args:
            numbers: only these; all where none is named.

        Raises:
            NoHandover: nothing of it waits for this person.
        """
        offers = self._offered(by, id)
        wanted = set(numbers)
        giver = {n: offer for offer in offers for n in offer.waiting if not wanted or n in wanted}
        if not giver:
            raise NoHandover("taken" if id else "none")
        done: list[int] = []
        gone: list[int] = []
        for number in sorted(giver):
            (done if self._take(number, by, giver[number]) else gone).append(number)
        left = [offer.without(giver) for offer in offers]
        for offer in left:
            self.handovers.record(offer)
        return Taken(tuple(done), tuple(gone), tuple(n for offer in left for n in offer.waiting))

    def settle(self, id: int) -> None:
        """Tell the supervisors of an offer nobody has taken, for the sweep."""
        handover = self.handovers.lock(id)
        if handover is None or handover.look_at is None or self.orders.now() < handover.look_at:
            return
        found = [(n, self.orders.read(n)) for n in handover.waiting]
        still = [order for _, order in found if order and may_pass(order, handover.giver)]
        rest = handover.without(n for n, order in found if order not in still)
        self.handovers.record(replace(rest, told=True))
        if still:
            for lead in leads(self.directory, Role.CS_LEAD, self.orders.now()):
                self.letters.post(self._letter(handover, "handover_late", lead.userid, still))

    def _judge_receiver(self, by: Person, to: Person) -> None:
        if to.userid == by.userid:
            raise NoHandover("yourself")
        if not to.works_orders:
            raise NoHandover("idle", name=to.name)
        present = self.directory.present([to], self.orders.now())
        if to not in present:
            raise NoHandover("away", name=to.name, instead=present[0].name if present else None)

    def _offered(self, by: Person, id: int | None) -> list[Handover]:
        if id is None:
            return self.handovers.waiting(receiver=by.userid)
        offer = self.handovers.lock(id)
        if offer is None or offer.receiver != by.userid:
            name = self.directory.person(offer.receiver).name if offer else None
            raise NoHandover("not_receiver", name=name)
        return [offer]

    def _take(self, number: int, by: Person, offer: Handover) -> bool:
        if not may_pass(self.orders.orders.lock(number), offer.giver):
            return False
        try:
            self.orders.hand_over(number, by, by, note=offer.note)
        except Refused:
            # Settling it may have brought it elsewhere.
            return False
        return True

    def _letter(self, handover: Handover, kind: str, to: str, orders: Sequence[WorkOrder]) -> Letter:
        facts: dict[str, Any] = {
            "id": handover.id,
            "giver": self.directory.person(handover.giver).name,
            "receiver": self.directory.person(handover.receiver).name,
            "note": handover.note,
            "at": self.orders.now().isoformat(),
            "offered_at": handover.offered_at.isoformat(),
            "orders": [
                {
                    "number": order.number,
                    "urgent": order.urgent,
                    "text": order.text,
                    "due": order.due.isoformat() if order.due else None,
                }
                for order in orders
            ],
        }
        return Letter(handover.subject, 1, kind, to, "app", kind, facts)
