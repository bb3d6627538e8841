"""The use cases of work orders: every door, sweep and command goes through here.

Everything joins the caller's unit of work and nothing commits. A verb locks the order's row, reads the
moment after it, settles the past, judges who may do what, acts, and writes the letters: all in one unit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from workorders.agreement.clauses import Agreement
from workorders.agreement.worktime import Calendar
from workorders.attachments.attachment import FOLLOWS, Attached, Brought, Sort
from workorders.directory.people import Directory, Group, Partner, Person, Role
from workorders.errors import Incomplete
from workorders.orders import forms, generations, ledger, rating, verbs
from workorders.orders.errors import (
    AlreadySo,
    BadForm,
    Fault,
    NoSuchOrder,
    NotYours,
    OtherPartner,
    WrongKind,
    WrongState,
)
from workorders.orders.forms import FORMS
from workorders.orders.generations import first_promises
from workorders.orders.intake import parked_until, partner_of
from workorders.orders.kinds import FAULTS, Kind, Rejection
from workorders.orders.ladder import decide
from workorders.orders.order import LIFE, Event, State, Verb, WorkOrder
from workorders.orders.promise import Terms
from workorders.orders.settle import settle
from workorders.orders.standing import is_reporter, may_see, standing
from workorders.orders.telling import Telling
from workorders.ports import LetterBox, Now, OrderStore

#: What reached us longer ago than this is a slip in its moment.
_OLDEST = timedelta(days=366)


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
        form: Mapping[str, str] | None = None,
        partner: Partner | None = None,
        by: str | None = None,
        received_at: datetime | None = None,
        taken_by: str | None = None,
    ) -> WorkOrder:
        """Open a work order, or park it where it cannot be opened now (clause ``off_hours``).

        Args:
            text: the problem in the reporter's words, masked already; may be empty where the form says it.
            group: the group it was reported in, None for a 1:1.
            topic: what it is about, for routing.
            form: the fields its kind asks for (:mod:`workorders.orders.forms`), as typed, masked already.
            partner: whose order it is, where neither group nor reporter says so.
            by: who files it, where that is not the reporter; the reporter is told then.
            received_at: when it reached us (aware UTC), where that was before now: its clocks count from
                then. One that is overdue already is marked (补录): of its ladder only urgent pages remain.
            taken_by: userid of who took the phone call, which is its response.

        Raises:
            UnknownReporter: neither person nor group is known, and it is not urgent.
            Incomplete: ``text`` is empty, ``received_at`` yet to come or over a year ago, or ``partner``
                missing or another than the reporter's.
            BadForm: fields are missing or impossible.
        """
        now = self.now()
        if received_at and not now - _OLDEST <= received_at <= now:
            raise Incomplete("received_at", received_at.isoformat())
        whose = partner_of(kind, reporter, group, partner)
        fields = self._checked(kind, form or {}, now)
        said = text.strip() or str(fields.get(FORMS[kind].text, ""))
        if not said:
            raise Incomplete("text")
        from_us = False
        if kind is Kind.COMPLAINT:
            from_us = reporter.side == "us"
            whose = self._complained_of(fields, reporter, whose)
        return self._opened(
            by or reporter.userid,
            kind=kind,
            topic=topic,
            partner=whose.id if whose else None,
            reporter=reporter.userid,
            # A complaint is answered to whoever complains, not in the group.
            chat=None if kind is Kind.COMPLAINT else group.chatid if group else self.heard_in,
            text=said,
            form=fields,
            from_us=from_us,
            received_at=received_at,
            taken_by=taken_by,
        )

    def _checked(self, kind: Kind, form: Mapping[str, str], now: datetime) -> dict[str, Any]:
        return forms.check(kind, form, self._calendar.local_day(now))

    def _complained_of(
        self, fields: Mapping[str, Any], reporter: Person, partner: Partner | None
    ) -> Partner | None:
        """Whom a complaint is between us and: either side files, against an order or a role of the other.

        Raises:
            BadForm: an order there is not, or that is not theirs to see.
            Incomplete: a complaint of ours about a role, without the partner.
        """
        number = fields.get("order")
        if number is not None:
            order = self.orders.read(number)
            if order is None or not may_see(order, reporter):
                raise BadForm(Kind.COMPLAINT, (Fault("order", "nobody", str(number)),))
            partner = partner or (self.directory.partner(order.partner) if order.partner else None)
        if partner is None and reporter.side == "us":
            raise Incomplete("partner")
        return partner

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
        form: Mapping[str, Any],
        from_us: bool,
        received_at: datetime | None = None,
        taken_by: str | None = None,
        follows: int | None = None,
    ) -> WorkOrder:
        """Open or park an order that somebody (``by``) asked for, under the terms now in force."""
        now = self.now()
        received = received_at or now
        overrides = self.directory.clauses_of(partner) if partner else {}
        terms = Terms.freeze(self.agreement, overrides)
        calendar = self._calendar
        facts = {"received_at": received.isoformat()} if received_at else {}
        change: dict[str, Any] = {
            "kind": kind,
            "topic": topic,
            "role": Role(self.agreement.route(kind, topic)),
            "partner": partner,
            "reporter": reporter,
            "chat": chat,
            "text": text,
            "form": form,
            "from_us": from_us,
            "terms": terms,
            "received_at": received,
            "taken_by": taken_by,
            "calendar": calendar.fingerprint,
            "state_at": now,
            "state_by": by,
            "follows": follows,
        }
        until = parked_until(kind, self.agreement, overrides, received)
        if until and until > now:
            change |= {"state": State.PARKED, "parked_until": until}
            event = Event(1, Verb.PARK, now, by, facts, change)
        else:
            opens = until or received
            promises = first_promises(
                kind, terms, 1, opens, calendar, received_at=received, taken=taken_by is not None
            )
            late = received_at is not None and any(p.missed(now) for p in promises)
            change |= {
                "state": State.OPEN,
                "opened_at": opens,
                "promises": promises,
                "paged_from": now if kind is Kind.URGENT else None,
                "backfilled": late,
            }
            event = Event(1, Verb.OPEN, now, by, facts, change)
        event = verbs.bringing(WorkOrder.begun(0, event), event, self.brought.take())
        order = self.orders.begin(event)
        self._post(None, order, event)
        return self._recorded(order, settle(order, now, calendar), now, began=event)

    # What people do

    def accept(self, number: int, by: Person) -> WorkOrder:
        """接单."""
        return self._do(number, Verb.ACCEPT, by, lambda o, at: verbs.accept(o, by.userid, at, self._calendar))

    def propose(self, number: int, by: Person, plan: str, completion: datetime, fee: str = "") -> WorkOrder:
        """给方案, with the moment (aware UTC) the work will be finished; of an integration, with its fee."""
        return self._do(
            number,
            Verb.PROPOSE,
            by,
            lambda o, at: verbs.propose(
                o,
                by.userid,
                at,
                self._calendar,
                plan=plan.strip(),
                completion=completion,
                fee=fee.strip(),
            ),
        )

    def solve(self, number: int, by: Person, note: str = "", improvement: str = "") -> WorkOrder:
        """解决; an onboarding 通过; a complaint with its result (``note``) and what will be done better."""
        return self._do(
            number,
            Verb.SOLVE,
            by,
            lambda o, at: verbs.solve(
                o, by.userid, at, self._calendar, note=note.strip(), improvement=improvement.strip()
            ),
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
            number, Verb.UPGRADE, by, lambda o, at: generations.upgrade(o, by.userid, at, self._calendar)
        )

    def downgrade(self, number: int, by: Person, reason: str) -> WorkOrder:
        """转日常, with a reason."""
        return self._do(
            number,
            Verb.DOWNGRADE,
            by,
            lambda o, at: generations.downgrade(o, by.userid, at, self._calendar, reason=reason.strip()),
        )

    def decline(self, number: int, by: Person, reason: str, code: Rejection | None = None) -> WorkOrder:
        """退回, with a reason; an onboarding 驳回, with a code and how to mend it."""
        return self._do(
            number,
            Verb.DECLINE,
            by,
            lambda o, at: verbs.decline(o, by.userid, at, self._calendar, reason=reason.strip(), code=code),
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
                form=order.form,
                from_us=order.from_us,
                follows=number,
            )
        return self._act(order, now, lambda o, at: verbs.reopen(o, by.userid, at, self._calendar, said=said))

    def close(self, number: int, by: Person, note: str = "") -> WorkOrder:
        """关闭: the reporter may; the desk only with a note.

        Raises:
            Incomplete: the desk gave no note.
        """
        order, now = self._begin(number, Verb.CLOSE, by)
        if not is_reporter(order, by) and not note.strip():
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

    def assign_from(self, chat: str, by: Person, partner: Partner) -> list[int]:
        """归属 whatever was reported in a group before anybody knew whose it is; their numbers, in order."""
        waiting = sorted(o.number for o in self.orders.live() if o.chat == chat and o.partner is None)
        for number in waiting:
            self.assign(number, by, partner)
        return waiting

    def explain(self, number: int, by: Person, reason: str) -> WorkOrder:
        """超时原因, for whoever reads the figures."""
        return self._do(
            number, Verb.EXPLAIN, by, lambda o, at: verbs.explain(o, by.userid, at, reason=reason.strip())
        )

    def change_kind(
        self, number: int, by: Person, kind: Kind, form: Mapping[str, str] | None = None
    ) -> WorkOrder:
        """改类, with the fields the new kind asks for.

        Raises:
            BadForm: fields are missing or impossible.
        """

        def act(order: WorkOrder, at: datetime) -> Event:
            role = Role(self.agreement.route(kind, order.topic))
            fields = {} if kind is order.kind else self._checked(kind, form or {}, at)
            return generations.change_kind(
                order, by.userid, at, self._calendar, kind=kind, role=role, form=fields
            )

        return self._do(number, Verb.CHANGE_KIND, by, act)

    def merge(self, number: int, by: Person, into: int) -> WorkOrder:
        """并入 another live order of the same partner, whose reporters its reporter joins.

        Raises:
            NoSuchOrder: there is no order ``into``.
            WrongState: ``into`` is over.
            OtherPartner: they are not of one partner, or nobody knows of whom.
            WrongKind: an application or a complaint, and the other is of another kind.
        """
        if number == into:
            raise AlreadySo(number, Verb.MERGE)
        # Locked in order of number, so that two merges never wait for each other.
        for first in sorted((number, into)):
            self._locked(first, by)
        order, now = self._begin(number, Verb.MERGE, by)
        target, _ = self._locked(into, by)
        if target.state not in LIFE[Verb.MERGE].frm:
            raise WrongState(into, Verb.JOIN, target.state, target.state_by, target.state_at)
        if order.partner is None or order.partner != target.partner:
            raise OtherPartner(number, into)
        if order.kind is not target.kind and not {order.kind, target.kind} <= FAULTS:
            raise WrongKind(number, Verb.MERGE, order.kind)
        now = max(now, target.last_at)
        self._act(target, now, lambda o, at: verbs.join(o, by.userid, at, merged=order))
        return self._act(order, now, lambda o, at: verbs.merge(o, by.userid, at, self._calendar, into=into))

    def resubmit(
        self, number: int, by: Person, said: str = "", form: Mapping[str, str] | None = None
    ) -> WorkOrder:
        """重新提交 an integration or an onboarding that was declined.

        Args:
            said: what was corrected. ``form``: the fields that change, as typed.

        Raises:
            BadForm: a field is impossible.
        """

        def act(order: WorkOrder, at: datetime) -> Event:
            fields = order.form
            if form:
                kept = {name: str(value) for name, value in order.form.items()}
                fields = self._checked(order.kind, kept | dict(form), at)
            return generations.resubmit(order, by.userid, at, self._calendar, form=fields, said=said.strip())

        return self._do(number, Verb.RESUBMIT, by, act)

    def expedite(self, number: int, by: Person) -> WorkOrder:
        """加急 an onboarding."""
        return self._do(number, Verb.EXPEDITE, by, lambda o, at: verbs.expedite(o, by.userid, at))

    def suspend(self, number: int, by: Person, reason: str = "") -> WorkOrder:
        """提出暂停服务, by the complainant whose complaint was not replied to in time."""
        return self._do(
            number, Verb.SUSPEND, by, lambda o, at: verbs.suspend(o, by.userid, at, reason=reason.strip())
        )

    def message(self, number: int, by: Person, text: str) -> WorkOrder:
        """留言: words to the reporter, without a step of the order's life."""
        return self._do(
            number, Verb.MESSAGE, by, lambda o, at: verbs.message(o, by.userid, at, said=text.strip())
        )

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

    # Looking

    def look(self, number: int, by: Person) -> WorkOrder:
        """The order as it stands at this moment, settled, for somebody who may see it.

        Raises:
            NoSuchOrder: there is none, or it is not theirs to see.
        """
        return self._locked(number, by)[0]

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

    # The clock

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
