"""The use cases of work orders: every door, sweep and command goes through here.

Everything joins the caller's unit of work and nothing commits. A verb locks the order's row, reads the
moment after it, settles the past, judges who may do what, acts, and writes the letters: all in one unit.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from workorders.agreement.clauses import Agreement
from workorders.agreement.worktime import Calendar
from workorders.attachments.attachment import FOLLOWS, Attached, Brought, Sort
from workorders.directory.people import Directory, Group, Partner, Person, Role
from workorders.errors import Incomplete, NoSuchOrder, NotYours, WrongState
from workorders.orders import ledger, verbs
from workorders.orders.intake import parked_until, partner_of
from workorders.orders.ladder import decide
from workorders.orders.order import LIFE, Event, Kind, State, Verb, Who, WorkOrder
from workorders.orders.promise import Terms
from workorders.orders.settle import settle
from workorders.orders.telling import Telling
from workorders.ports import LetterBox, Now, OrderStore


@dataclass(frozen=True)
class OrderDesk:
    """Work orders, as a door sees them.

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

    # Opening

    def open(
        self,
        kind: Kind,
        text: str,
        reporter: Person,
        group: Group | None = None,
        *,
        topic: str = "",
    ) -> WorkOrder:
        """Open a work order, or park it where it cannot be opened now (clause ``off_hours``).

        Args:
            text: the problem in the reporter's words, masked already.
            group: the group it was reported in, None for a 1:1.
            topic: what it is about, for routing.

        Raises:
            UnknownReporter: neither person nor group is known, and it is not urgent.
            Incomplete: ``text`` is empty.
        """
        if not text.strip():
            raise Incomplete("text")
        partner = partner_of(kind, reporter, group)
        return self._opened(
            reporter.userid,
            kind=kind,
            topic=topic,
            partner=partner.id if partner else None,
            reporter=reporter.userid,
            chat=group.chatid if group else self.heard_in,
            text=text.strip(),
        )

    def _opened(
        self,
        by: str,
        *,
        kind: Kind,
        topic: str,
        partner: int | None,
        reporter: str,
        chat: str | None,
        text: str,
        follows: int | None = None,
    ) -> WorkOrder:
        """Open or park an order that somebody (``by``) asked for, under the terms now in force."""
        now = self.now()
        overrides = self.directory.clauses_of(partner) if partner else {}
        terms = Terms.freeze(self.agreement, overrides)
        calendar = self.agreement.calendar
        change: dict[str, Any] = {
            "kind": kind,
            "topic": topic,
            "role": Role(self.agreement.route(kind, topic)),
            "partner": partner,
            "reporter": reporter,
            "chat": chat,
            "text": text,
            "terms": terms,
            "state_at": now,
            "state_by": by,
            "follows": follows,
        }
        if until := parked_until(kind, self.agreement, overrides, now):
            change |= {"state": State.PARKED, "parked_until": until}
            event = Event(1, Verb.PARK, now, by, {}, change)
        else:
            change |= {
                "state": State.OPEN,
                "opened_at": now,
                "promises": verbs.issue(kind, terms, 1, now, calendar),
                "paged_from": now if kind is Kind.URGENT else None,
            }
            event = Event(1, Verb.OPEN, now, by, {}, change)
        event = verbs.bringing(WorkOrder.begun(0, event), event, self.brought.take())
        order = self.orders.begin(event)
        self._post(None, order, event)
        return self._recorded(order, settle(order, now, calendar), now, began=event)

    # What people do

    def accept(self, number: int, by: Person) -> WorkOrder:
        """接单."""
        return self._do(number, Verb.ACCEPT, by, lambda o, at: verbs.accept(o, by.userid, at, self._calendar))

    def propose(self, number: int, by: Person, plan: str, completion: datetime) -> WorkOrder:
        """给方案, with the moment (aware UTC) the work will be finished."""
        return self._do(
            number,
            Verb.PROPOSE,
            by,
            lambda o, at: verbs.propose(
                o, by.userid, at, self._calendar, plan=plan.strip(), completion=completion
            ),
        )

    def solve(self, number: int, by: Person, note: str = "") -> WorkOrder:
        """解决."""
        return self._do(
            number,
            Verb.SOLVE,
            by,
            lambda o, at: verbs.solve(o, by.userid, at, self._calendar, note=note.strip()),
        )

    def pause(self, number: int, by: Person, awaited: str) -> WorkOrder:
        """挂起, saying what is awaited."""
        return self._do(
            number,
            Verb.PAUSE,
            by,
            lambda o, at: verbs.pause(o, by.userid, at, self._calendar, awaited=awaited.strip()),
        )

    def resume(self, number: int, by: Person, said: str = "") -> WorkOrder:
        """恢复."""
        return self._do(
            number,
            Verb.RESUME,
            by,
            lambda o, at: verbs.resume(o, by.userid, at, self._calendar, said=said),
        )

    def hand_over(self, number: int, by: Person, to: Person, *, note: str = "") -> WorkOrder:
        """转交 to a colleague, or 接手 when ``to`` is ``by``; with a note for our own people, if any.

        Raises:
            Incomplete: ``to`` is nobody who works orders.
        """

        def act(order: WorkOrder, at: datetime) -> Event:
            if not to.works_orders:
                raise Incomplete("person", to.name)
            return verbs.hand_over(order, by.userid, at, to=to.userid, note=note)

        return self._do(number, Verb.HAND_OVER, by, act, to_self=to.userid == by.userid)

    def reroute(self, number: int, by: Person, role: Role) -> WorkOrder:
        """改派 to a role."""
        return self._do(
            number,
            Verb.REROUTE,
            by,
            lambda o, at: verbs.reroute(o, by.userid, at, self._calendar, role=role),
        )

    def upgrade(self, number: int, by: Person) -> WorkOrder:
        """转紧急."""
        return self._do(
            number, Verb.UPGRADE, by, lambda o, at: verbs.upgrade(o, by.userid, at, self._calendar)
        )

    def downgrade(self, number: int, by: Person, reason: str) -> WorkOrder:
        """转日常, with a reason."""
        return self._do(
            number,
            Verb.DOWNGRADE,
            by,
            lambda o, at: verbs.downgrade(o, by.userid, at, self._calendar, reason=reason.strip()),
        )

    def decline(self, number: int, by: Person, reason: str) -> WorkOrder:
        """退回, with a reason."""
        return self._do(
            number,
            Verb.DECLINE,
            by,
            lambda o, at: verbs.decline(o, by.userid, at, self._calendar, reason=reason.strip()),
        )

    def cancel(self, number: int, by: Person) -> WorkOrder:
        """撤回."""
        return self._do(number, Verb.CANCEL, by, lambda o, at: verbs.cancel(o, by.userid, at, self._calendar))

    def urge(self, number: int, by: Person) -> WorkOrder:
        """催单."""
        return self._do(number, Verb.URGE, by, lambda o, at: verbs.urge(o, by.userid, at))

    def reopen(self, number: int, by: Person, said: str = "") -> WorkOrder:
        """重开 within seven days of its end; later a new order that follows it is opened instead."""
        order, now = self._begin(number, Verb.REOPEN, by)
        if now > order.state_at + verbs.REOPEN_WITHIN:
            return self._opened(
                by.userid,
                kind=order.kind,
                topic=order.topic,
                partner=order.partner,
                reporter=order.reporter,
                chat=order.chat,
                text=said or order.text,
                follows=number,
            )
        return self._act(order, now, lambda o, at: verbs.reopen(o, by.userid, at, self._calendar, said=said))

    def close(self, number: int, by: Person, note: str = "") -> WorkOrder:
        """关闭: the reporter may; the desk only with a note.

        Raises:
            Incomplete: the desk gave no note.
        """
        order, now = self._begin(number, Verb.CLOSE, by)
        if not self._is_reporter(order, by) and not note.strip():
            raise Incomplete("reason")
        return self._act(order, now, lambda o, at: verbs.close(o, by.userid, at, note=note.strip()))

    def assign(self, number: int, by: Person, partner: Partner) -> WorkOrder:
        """归属 to a partner."""
        return self._do(
            number,
            Verb.ASSIGN,
            by,
            lambda o, at: verbs.assign(o, by.userid, at, partner=partner.id, name=partner.name),
        )

    def explain(self, number: int, by: Person, reason: str) -> WorkOrder:
        """超时原因, for whoever reads the figures."""
        return self._do(
            number, Verb.EXPLAIN, by, lambda o, at: verbs.explain(o, by.userid, at, reason=reason.strip())
        )

    def said(self, number: int, by: Person, text: str) -> WorkOrder:
        """The reporter's words about an order: they resume a paused one, and are kept for the owner.

        Raises:
            NoSuchOrder, NotYours: as for the verbs.
        """
        order, now = self._locked(number, by)
        if not self._is_reporter(order, by):
            raise NotYours(number, Verb.SAY, order.owner)
        if order.state is State.PAUSED:
            return self.resume(number, by, text)
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
        if order.state is State.PAUSED and self._is_reporter(order, by):
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

    # Looking

    def look(self, number: int, by: Person) -> WorkOrder:
        """The order as it stands at this moment, settled, for somebody who may see it.

        Raises:
            NoSuchOrder: there is none, or it is not theirs to see.
        """
        return self._locked(number, by)[0]

    def live_of(self, person: Person, group: Group | None = None) -> list[WorkOrder]:
        """The live orders that concern that person here: a partner's own, or those a colleague owns."""
        partner = (group.partner if group else None) or person.partner
        if partner is None and person.works_orders:
            return self.orders.owned_by(person.userid)
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
        return order.state in step.frm and bool(step.who & self._standing(order, by, to_self=to_self))

    def may_see(self, order: WorkOrder, by: Person) -> bool:
        """Whether this person may know of the order: our people of all, others of their own partner's."""
        return by.side == "us" or self._is_reporter(order, by)

    # The clock

    def settle(self, number: int) -> WorkOrder | None:
        """Bring one order up to the present, for the sweep; None where there is none."""
        order = self.orders.lock(number)
        if order is None:
            return None
        now = max(self.now(), order.last_at)
        return self._recorded(order, settle(order, now, self._calendar), now)

    # One way of doing all of it

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
        if order.state not in step.frm:
            # A stale press, usually: it is told who brought the order where it is.
            raise WrongState(number, verb, order.state, order.state_by, order.state_at)
        if not (step.who & self._standing(order, by, to_self=to_self)):
            raise NotYours(number, verb, order.owner)
        return order, now

    def _locked(self, number: int, by: Person) -> tuple[WorkOrder, datetime]:
        """The order, locked and settled, and the moment read after the lock.

        What settling recorded stands whether or not the verb is then refused.
        """
        order = self.orders.lock(number)
        if order is None or not self.may_see(order, by):
            raise NoSuchOrder(number)
        now = max(self.now(), order.last_at)
        past = settle(order, now, self._calendar)
        return (self._recorded(order, past, now) if past else order), now

    def _act(self, order: WorkOrder, now: datetime, act: Callable[[WorkOrder, datetime], Event]) -> WorkOrder:
        event = act(order, now)
        if event.verb in _BRINGS:
            event = verbs.bringing(order, event, self.brought.take())
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
        if before and before.state is State.OPEN and order.state is not State.OPEN:
            # Whoever still holds a card that asks to accept is shown who did; a stale press is judged anyway.
            for userid, delivery in self.letters.cards_out(f"order:{order.number}").items():
                if userid != event.by:
                    self.letters.post(telling.card_done(order, event, userid, delivery))

    @staticmethod
    def _is_reporter(order: WorkOrder, by: Person) -> bool:
        """Who opened it, or any contact of the same partner."""
        return by.userid == order.reporter or (
            by.partner is not None and by.side == "partner" and by.partner.id == order.partner
        )

    def _standing(self, order: WorkOrder, by: Person, *, to_self: bool) -> frozenset[Who]:
        """In which of the life table's words this person stands to this order."""
        stands = {
            Who.REPORTER: self._is_reporter(order, by),
            Who.OWNER: by.userid == order.owner,
            Who.DESK: by.works_orders,
            Who.DESK_IF_OPEN: by.works_orders and order.state is State.OPEN,
            Who.SUPERVISOR: by.supervises,
            Who.TO_SELF: by.works_orders and to_self,
        }
        return frozenset(who for who, so in stands.items() if so)


#: What people do to an order that a picture may come along with.
_BRINGS = frozenset({Verb.ATTACH, Verb.SAY, Verb.RESUME, Verb.REOPEN, Verb.PROPOSE, Verb.SOLVE})
