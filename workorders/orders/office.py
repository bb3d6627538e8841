"""What every use case of work orders stands on: the stores of one unit, and how what happened is kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from workorders.agreement.clauses import Agreement
from workorders.agreement.worktime import Calendar
from workorders.attachments.attachment import Brought
from workorders.directory.people import Directory, Person
from workorders.orders import ledger, rating, verbs
from workorders.orders.errors import NoSuchOrder, NotYours, WrongKind, WrongState
from workorders.orders.ladder import decide
from workorders.orders.order import LIFE, Event, State, Verb, WorkOrder
from workorders.orders.settle import settle
from workorders.orders.standing import may_see, standing
from workorders.orders.telling import Telling
from workorders.ports import LetterBox, Now, OrderStore


@dataclass(frozen=True)
class Office:
    """The stores, the clock and the agreement of one unit of work.

    Args:
        agreement: the promises and the calendar.
        orders, letters, directory: stores joined to the caller's unit of work.
        now: reads desk time (aware UTC), after the lock.
        heard_in: chatid of the group the present message came from; None in a 1:1 or for the clock.
        brought: pictures and files that came with it; the first order it concerns takes them.
    """

    agreement: Agreement
    orders: OrderStore
    letters: LetterBox
    directory: Directory
    now: Now
    heard_in: str | None = None
    brought: Brought = field(default_factory=Brought)

    @property
    def _calendar(self) -> Calendar:
        return self.agreement.calendar

    def _do(
        self,
        number: int,
        verb: Verb,
        by: Person,
        act: Callable[[WorkOrder, datetime], Event],
        *,
        to_self: bool = False,
    ) -> WorkOrder:
        order, now = self._begin(number, verb, by, to_self=to_self)
        return self._act(order, now, act)

    def _begin(
        self, number: int, verb: Verb, by: Person, *, to_self: bool = False
    ) -> tuple[WorkOrder, datetime]:
        """Lock, settle the past, and judge whether this person may do this now."""
        order, now = self._locked(number, by)
        step = LIFE[verb]
        if order.kind not in step.kinds:
            raise WrongKind(number, verb, order.kind)
        if order.state not in step.frm:
            # A stale press, usually: it is told who brought the order where it is.
            raise WrongState(number, verb, order.state, order.state_by, order.state_at)
        if not step.who & standing(order, by, to_self=to_self):
            raise NotYours(number, verb, order.owner)
        return order, now

    def _locked(self, number: int, by: Person) -> tuple[WorkOrder, datetime]:
        """The order, locked and settled, and the moment read after the lock.

        What settling recorded stands whether or not the verb is then refused.
        """
        order = self.orders.lock(number)
        if order is None or not may_see(order, by):
            raise NoSuchOrder(number)
        now = max(self.now(), order.last_at)
        past = settle(order, now, self._calendar)
        return (self._recorded(order, past, now) if past else order), now

    def _act(self, order: WorkOrder, now: datetime, act: Callable[[WorkOrder, datetime], Event]) -> WorkOrder:
        event = act(order, now)
        if event.verb in _BRINGS:
            event = verbs.bringing(order, event, self.brought.take())
        if "promises" in event.change and order.calendar != self._calendar.fingerprint:
            # Another process may count by another calendar while a release goes round.
            event = replace(event, change={**event.change, "calendar": self._calendar.fingerprint})
        return self._recorded(order, [event, *settle(order.after(event), now, self._calendar)], now)

    def _recorded(
        self, order: WorkOrder, events: list[Event], now: datetime, *, began: Event | None = None
    ) -> WorkOrder:
        """Apply the events, which bring the order up to ``now``; post their letters, and store it all.

        Args:
            began: the event that made ``order``, where it is new.
        """
        made = [began, *events] if began else events
        counted = any(ledger.concerns(event) for event in made)
        kept = self.orders.ledger(order.number) if counted and not began else ()
        lines = ledger.after((), None, order, began, self._calendar) if began else kept
        for event in events:
            before, order = order, order.after(event)
            lines = ledger.after(lines, before, order, event, self._calendar)
            self._post(before, order, event)
        changed = [line for line in lines if line not in kept]
        self.orders.record(order, made, decide(order, now).look_at, changed)
        return order

    def _post(self, before: WorkOrder | None, order: WorkOrder, event: Event) -> None:
        telling = Telling(self.directory, self.heard_in)
        for letter in telling.letters(before, order, event):
            self.letters.post(letter)
        if event.verb is Verb.CLOSE and self._asks_for_stars(order, event):
            self.letters.post(telling.stars(order, event))
        if before and before.state is State.OPEN and order.state is not State.OPEN:
            # Whoever still holds a card that asks to accept is shown who did; a stale press is judged anyway.
            for userid, delivery in self.letters.cards_out(f"order:{order.number}").items():
                if userid != event.by:
                    self.letters.post(telling.card_done(order, event, userid, delivery))

    def _asks_for_stars(self, order: WorkOrder, closed: Event) -> bool:
        """A partner's reporter is asked, unless silence closed too many of their orders lately."""
        if order.stars is not None or closed.at > order.state_at + rating.OPEN_FOR:
            return False
        if self.directory.person(order.reporter).side != "partner":
            return False
        silent = self.orders.silent_of(order.reporter, closed.at - rating.WITHIN)
        return silent + (closed.by is None) < rating.SILENT


#: What people do to an order that a picture may come along with.
_BRINGS = frozenset({Verb.ATTACH, Verb.SAY, Verb.RESUME, Verb.REOPEN, Verb.PROPOSE, Verb.SOLVE})
