"""What is said and sent about an order: words, calls, pictures and files, stars."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from workorders.attachments.attachment import Attached, Sort
from workorders.directory.people import Partner, Person
from workorders.orders import rating, verbs
from workorders.orders.acting import Acting
from workorders.orders.errors import NoSuchOrder, NotYours, WrongState
from workorders.orders.order import Event, State, Verb, WorkOrder
from workorders.orders.standing import is_reporter


@dataclass(frozen=True)
class Hearing(Acting):
    """What comes in about an order without being a verb of its life."""

    def said(self, number: int, by: Person, text: str) -> WorkOrder:
        """The reporter's words about an order: they resume a paused one, and are kept for the owner.

        Of an order that was merged they are about the one it was merged into.

        Raises:
            NoSuchOrder, NotYours: as for the verbs.
        """
        merged = self.orders.read(number)
        if merged and merged.merged_into:
            return self.said(merged.merged_into, by, text)
        order, now = self._locked(number, by)
        if not is_reporter(order, by):
            raise NotYours(number, Verb.SAY, order.owner)
        if order.state is State.PAUSED:
            return self.resume(number, by, text)
        return self._act(order, now, lambda o, at: verbs.say(o, by.userid, at, said=text))

    def called_again(self, number: int, by: Person, partner: Partner, text: str) -> WorkOrder:
        """Somebody of the partner rang about their order: what they said, passed on by whoever took the call.

        Raises:
            NoSuchOrder: there is none, or it is another partner's. WrongState: it is over.
        """
        order, now = self._locked(number, by)
        if order.partner != partner.id:
            raise NoSuchOrder(number)
        if not order.live:
            raise WrongState(number, Verb.SAY, order.state, order.state_by, order.state_at)
        if order.state is State.PAUSED:
            return self._act(
                order, now, lambda o, at: verbs.resume(o, by.userid, at, self._calendar, said=text)
            )
        return self._act(order, now, lambda o, at: verbs.say(o, by.userid, at, said=text))

    def add(self, number: int, by: Person, text: str) -> WorkOrder:
        """The reporter goes on with the problem they have just reported (:meth:`just_opened_by`).

        Raises:
            NoSuchOrder: there is none, or it is not theirs to see.
        """
        order, now = self._locked(number, by)
        return self._act(order, now, lambda o, at: verbs.add(o, by.userid, at, said=text))

    def attach(self, number: int, by: Person) -> WorkOrder:
        """Attach what the present message brought; a reporter's picture resumes a paused order.

        Raises:
            NoSuchOrder: there is none, or it is not theirs to see.
        """
        order, now = self._locked(number, by)
        if order.state is State.PAUSED and is_reporter(order, by):
            return self.resume(number, by)
        return self._act(order, now, lambda o, at: verbs.attach(o, by.userid, at))

    def bring(self, number: int, by: str, brought: Attached) -> WorkOrder:
        """Attach what came otherwise than by message.

        Args:
            by: userid or address of who sent it.

        Raises:
            NoSuchOrder: there is none.
        """
        order = self.orders.lock(number)
        if order is None:
            raise NoSuchOrder(number)
        self.brought.attached = brought
        return self._act(order, max(self.now(), order.last_at), lambda o, at: verbs.attach(o, by, at))

    def detach(self, number: int, attachment: int, sort: Sort, why: str) -> WorkOrder | None:
        """A picture or file attached to the order turned out to be refused or lost (``why``)."""
        order = self.orders.lock(number)
        if order is None:
            return None
        return self._act(
            order,
            max(self.now(), order.last_at),
            lambda o, at: verbs.detach(o, at, attachment=attachment, sort=sort, why=why),
        )

    def rate(self, number: int, by: Person, stars: int) -> WorkOrder:
        """评价, by the reporter: one to five stars. Raises as :func:`rating.rate`, and NotYours."""
        return self._rate(number, by, lambda o, at: rating.rate(o, by.userid, at, stars=stars))

    def explain_rating(self, number: int, by: Person, reason: rating.Reason) -> WorkOrder:
        """Why there were few stars. Raises as :func:`rating.explain`, and NotYours."""
        return self._rate(number, by, lambda o, at: rating.explain(o, by.userid, at, reason=reason))

    def _rate(self, number: int, by: Person, act: Callable[[WorkOrder, datetime], Event]) -> WorkOrder:
        order, now = self._locked(number, by)
        if by.userid != order.reporter:
            raise NotYours(number, Verb.RATE, order.owner)
        return self._act(order, now, act)
