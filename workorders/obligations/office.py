"""What every use case of obligations stands on: the stores of one unit, and how what happened is kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from workorders.agreement.clauses import Agreement
from workorders.directory.people import Directory, Person
from workorders.obligations.decide import decide
from workorders.obligations.errors import NoSuchObligation, NotPossible, NotTheirs
from workorders.obligations.matters import OurChange
from workorders.obligations.obligation import LIFE, Event, Obligation, State, Verb, Who
from workorders.obligations.recount import recount
from workorders.obligations.settle import settle
from workorders.obligations.telling import Telling
from workorders.orders.desk import OrderDesk
from workorders.ports import Duties, LetterBox, Now, ObligationStore


@dataclass(frozen=True)
class Office:
    """The stores, the clock and the agreement of one unit of work.

    Args:
        agreement: the promises and the calendar.
        obligations, letters, directory, duties: stores joined to the caller's unit of work.
        orders: the work orders of the same unit, for an objection.
        now: reads desk time (aware UTC), after the lock.
    """

    agreement: Agreement
    obligations: ObligationStore
    letters: LetterBox
    directory: Directory
    duties: Duties
    orders: OrderDesk
    now: Now

    def may_see(self, o: Obligation, by: Person) -> bool:
        """Ours see everything; a partner's people what concerns their company."""
        return by.side == "us" or (by.partner is not None and by.partner.id in o.partners)

    @staticmethod
    def _is_desk(by: Person) -> bool:
        return by.works_orders or by.supervises

    def _do(
        self, number: int, verb: Verb, by: Person, act: Callable[[Obligation, datetime], Event]
    ) -> Obligation:
        o, at = self._begin(number, verb, by)
        return self._act(o, at, act)

    def _begin(self, number: int, verb: Verb, by: Person) -> tuple[Obligation, datetime]:
        """Lock, settle the past, and judge whether this person may do this now."""
        o, at = self._locked(number, by)
        step = LIFE[verb]
        if o.kind not in step.kinds:
            raise NotPossible(number, verb, "kind")
        stands = {Who.DESK: self._is_desk(by), Who.PARTNER: by.side == "partner"}
        if not any(stands[who] for who in step.who):
            raise NotTheirs(number, verb)
        if o.state not in step.frm:
            confirmed = verb is Verb.CONFIRM and o.state is State.CONFIRMED
            raise NotPossible(number, verb, "already" if confirmed else "over", o.state_at)
        return o, at

    def _locked(self, number: int, by: Person) -> tuple[Obligation, datetime]:
        """The obligation, locked and settled, and the moment read after the lock."""
        o = self.obligations.lock(number)
        if o is None or not self.may_see(o, by):
            raise NoSuchObligation(number)
        at = max(self.now(), o.last_at)
        past = self._past(o, at)
        return (self._recorded(o, past, at) if past else o), at

    def _act(self, o: Obligation, at: datetime, act: Callable[[Obligation, datetime], Event]) -> Obligation:
        event = act(o, at)
        return self._recorded(o, [event, *self._past(o.after(event), at)], at)

    def _past(self, o: Obligation, at: datetime) -> list[Event]:
        anew = recount(o, self.agreement, at)
        if anew is None:
            return settle(o, at, self.agreement.calendar, self._move)
        return [anew, *settle(o.after(anew), at, self.agreement.calendar, self._move)]

    def _recorded(
        self, o: Obligation, events: list[Event], at: datetime, *, began: Event | None = None
    ) -> Obligation:
        """Apply the events, which bring the obligation up to ``at``; post their letters, and store it all."""
        for event in events:
            o = o.after(event)
            self._post(o, event)
        self.obligations.record(o, [began, *events] if began else events, decide(o, at).look_at)
        return o

    def _post(self, o: Obligation, event: Event) -> None:
        for letter in Telling(self.directory).letters(o, event):
            self.letters.post(letter)

    def _move(self, change: OurChange) -> bool:
        return self.duties.move_duty(change.change.role, change.rank, change.frm, change.to)
