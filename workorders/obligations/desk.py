"""The use cases of obligations: every door, sweep and command goes through here.

Everything joins the caller's unit of work and nothing commits. A verb locks the row, reads the moment
after it, settles the past, judges who may do what, acts, and writes the letters: all in one unit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from statistics import mean

from workorders.agreement.clauses import Agreement
from workorders.directory.people import Directory, Partner, Person, Role
from workorders.obligations import filing, verbs
from workorders.obligations.decide import decide
from workorders.obligations.errors import BadField, ChangePending, NoSuchObligation, NotPossible, NotTheirs
from workorders.obligations.matters import Goods, Item, OurChange, Slip, SlipForm, Survey
from workorders.obligations.obligation import LIFE, Event, Obligation, State, Verb, Who
from workorders.obligations.recount import recount
from workorders.obligations.settle import settle
from workorders.obligations.telling import Telling
from workorders.orders.desk import OrderDesk
from workorders.orders.order import Kind as OrderKind
from workorders.ports import Duties, LetterBox, Now, ObligationStore


@dataclass(frozen=True)
class ObligationDesk:
    """Obligations, as a door sees them.

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

    # Filing

    def file_slip(
        self, by: Person, partner: Partner, *, delivered_at: datetime, goods: Goods, fen: int
    ) -> Obligation:
        """签收单; ``fen`` is hundredths of a yuan. Raises as :func:`filing.slip`, and NotTheirs."""
        self._must_be_desk(by)
        return self._file(
            filing.slip(
                self.agreement,
                self.directory.clauses_of(partner.id),
                partner=partner.id,
                delivered_at=delivered_at,
                goods=goods,
                fen=fen,
                by=by.userid,
                at=self.now(),
            )
        )

    def file_coaching(
        self, by: Person, partner: Partner, *, trainee: str, exam: date, practical: date
    ) -> Obligation:
        """辅导期. Raises as :func:`filing.coaching`, and NotTheirs."""
        self._must_be_desk(by)
        return self._file(
            filing.coaching(
                self.agreement,
                self.directory.clauses_of(partner.id),
                partner=partner.id,
                trainee=trainee,
                exam=exam,
                practical=practical,
                by=by.userid,
                at=self.now(),
            )
        )

    def file_their_change(
        self,
        by: Person,
        partner: Partner,
        *,
        role: Role,
        leaves: str,
        comes: str,
        effective: date,
        stamped: bool,
        reach: str = "",
        received_at: datetime | None = None,
    ) -> Obligation:
        """合作伙伴人员变更, by one of its contacts in chat or by the desk from a mail.

        Raises:
            NotTheirs: of another company.
            BadField: as :func:`filing.change` and :func:`filing.their_change`.
        """
        if not (self._is_desk(by) or (by.partner is not None and by.partner.id == partner.id)):
            raise NotTheirs(0, Verb.FILE)
        at, own = self.now(), self.directory.clauses_of(partner.id)
        change = filing.change(
            self.agreement,
            own,
            role=role,
            leaves=leaves,
            comes=comes,
            effective=effective,
            stamped=stamped,
            at=at,
            reach=reach,
        )
        received = received_at or at
        return self._file(
            filing.their_change(
                self.agreement,
                own,
                partner=partner.id,
                change=change,
                received_at=received,
                by=by.userid,
                at=at,
            )
        )

    def file_our_change(
        self, by: Person, *, role: Role, rank: int, frm: Person, to: Person, effective: date, stamped: bool
    ) -> Obligation:
        """我方人员变更: told to every partner now; the duty moves by itself when it takes effect.

        Raises:
            NotTheirs: not of the desk.
            BadField: ``leaves`` does not hold the duty, ``comes`` is none of ours, or as
                :func:`filing.change` and :func:`filing.our_change`.
            ChangePending: partners were told of another change of that duty, which has yet to take effect.
        """
        self._must_be_desk(by)
        if not any(d.role is role and d.rank == rank for d in frm.duties):
            raise BadField("leaves", frm.name, "who has that duty now")
        if to.side != "us":
            raise BadField("comes", to.name, "one of our own people in the directory")
        for o in self.obligations.live():
            told = o.matter
            if (
                isinstance(told, OurChange)
                and told.moved is None
                and (told.change.role, told.rank) == (role, rank)
            ):
                raise ChangePending(o.number)
        at = self.now()
        change = filing.change(
            self.agreement,
            {},
            role=role,
            leaves=frm.name,
            comes=to.name,
            effective=effective,
            stamped=stamped,
            at=at,
            reach=to.phone or "",
        )
        overrides = {p.id: self.directory.clauses_of(p.id) for p in self.directory.partners()}
        return self._file(
            filing.our_change(
                self.agreement,
                overrides,
                change=change,
                rank=rank,
                frm=frm.userid,
                to=to.userid,
                by=by.userid,
                at=at,
            )
        )

    def file_survey(self, partner: int) -> Obligation:
        """满意度调查 of this month, by the clock."""
        overrides = self.directory.clauses_of(partner)
        return self._file(filing.survey(self.agreement, overrides, partner=partner, at=self.now()))

    # What people do

    def object_to(
        self, number: int, by: Person, said: str, received_at: datetime | None = None
    ) -> Obligation:
        """异议 against a delivery, in writing: a work order is opened for it.

        Args:
            received_at: when the words came, for the desk that enters a mail; now for anybody else.

        Raises:
            BadField, NotPossible: as :func:`verbs.may_object`.
        """
        o, at = self._begin(number, Verb.OBJECT, by)
        received = received_at if received_at and self._is_desk(by) else at
        verbs.may_object(o, said.strip(), received, at)
        order = self._order_for(o, by, said.strip())
        return self._act(
            o,
            at,
            lambda o, at: verbs.object_to(
                o, by.userid, at, said=said.strip(), order=order, received_at=received
            ),
        )

    def receive(self, number: int, by: Person, form: SlipForm) -> Obligation:
        """收照片, 收原件. Raises as :func:`verbs.receive`."""
        return self._do(number, Verb.RECEIVE, by, lambda o, at: verbs.receive(o, by.userid, at, form=form))

    def withhold(self, number: int, by: Person, reason: str) -> Obligation:
        """停服, with a reason. Raises as :func:`verbs.withhold`."""
        return self._do(
            number, Verb.WITHHOLD, by, lambda o, at: verbs.withhold(o, by.userid, at, reason=reason.strip())
        )

    def lift(self, number: int, by: Person) -> Obligation:
        """恢复服务. Raises as :func:`verbs.lift`."""
        return self._do(number, Verb.LIFT, by, lambda o, at: verbs.lift(o, by.userid, at))

    def retrain(self, number: int, by: Person, day: date, *, on_site: bool, note: str = "") -> Obligation:
        """复训: one session. Raises as :func:`verbs.retrain`."""
        calendar = self.agreement.calendar
        return self._do(
            number,
            Verb.RETRAIN,
            by,
            lambda o, at: verbs.retrain(
                o,
                by.userid,
                at,
                day=day,
                today=calendar.local_day(at),
                on_site=on_site,
                note=note.strip(),
            ),
        )

    def answer(self, number: int, by: Person, scores: Mapping[Item, int], remark: str = "") -> Obligation:
        """填写 the survey; the desk enters what came by mail. Raises as :func:`verbs.answer`."""
        by_mail = by.side == "us"
        return self._do(
            number,
            Verb.ANSWER,
            by,
            lambda o, at: verbs.answer(
                o, by.userid, at, scores=scores, remark=remark.strip(), by_mail=by_mail
            ),
        )

    def remark(self, number: int, by: Person, said: str) -> Obligation:
        """A remark after the marks. Raises as :func:`verbs.remark`."""
        return self._do(
            number, Verb.REMARK, by, lambda o, at: verbs.remark(o, by.userid, at, said=said.strip())
        )

    def confirm(self, number: int, by: Person) -> Obligation:
        """确认 a partner's change."""
        return self._do(number, Verb.CONFIRM, by, lambda o, at: verbs.confirm(o, by.userid, at))

    def acknowledge(self, number: int, by: Person) -> Obligation:
        """收到, by a partner, our change. Raises as :func:`verbs.acknowledge`."""

        def act(o: Obligation, at: datetime) -> Event:
            assert by.partner is not None
            return verbs.acknowledge(o, by.userid, at, partner=by.partner.id)

        return self._do(number, Verb.ACKNOWLEDGE, by, act)

    def cancel(self, number: int, by: Person, reason: str) -> Obligation:
        """作废, with a reason. Raises as :func:`verbs.cancel`."""
        return self._do(
            number, Verb.CANCEL, by, lambda o, at: verbs.cancel(o, by.userid, at, reason=reason.strip())
        )

    # Looking

    def look(self, number: int, by: Person) -> Obligation:
        """The obligation as it stands at this moment, settled, for somebody who may see it.

        Raises:
            NoSuchObligation: there is none, or it is not theirs to see.
        """
        return self._locked(number, by)[0]

    def judge(self, number: int, verb: Verb, by: Person) -> None:
        """Refuse whoever could not do this now, before they are asked for what it needs.

        Raises:
            NoSuchObligation, NotTheirs, NotPossible: as the verb itself.
        """
        self._begin(number, verb, by)

    def live_of(self, person: Person) -> list[Obligation]:
        """Open obligations of that person's partner, or all of them for one of ours; next due first."""
        if person.side == "us":
            return self.obligations.live()
        return self.obligations.live(person.partner.id) if person.partner else []

    # The clock

    def settle(self, number: int) -> Obligation | None:
        """Bring one obligation up to the present, for the sweep; None where there is none."""
        o = self.obligations.lock(number)
        if o is None:
            return None
        at = max(self.now(), o.last_at)
        return self._recorded(o, self._past(o, at), at)

    # One way of doing all of it

    def _file(self, event: Event) -> Obligation:
        counted = {"calendar": self.agreement.calendar.fingerprint}
        event = replace(event, change={**event.change, **counted})
        o = self.obligations.begin(event)
        self._post(o, event)
        return self._recorded(o, self._past(o, event.at), event.at, began=event)

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

    def _order_for(self, o: Obligation, by: Person, said: str) -> int:
        """The work order an objection opens, for whoever objects; the desk opens it for the partner."""
        assert o.partner is not None
        contacts = [p for p in self.directory.contacts_of(o.partner) if p.userid]
        told = {recipient for _, recipient in Telling(self.directory).reached(o, o.partner)}
        reporter = by
        if by.side == "us":
            reporter = next((p for p in contacts if p.userid in told), contacts[0] if contacts else by)
        hardware = isinstance(o.matter, Slip) and o.matter.goods == "hardware"
        # Which device it is stands on the slip.
        form = {"device": f"Y{o.number}", "serial": f"Y{o.number}"} if hardware else None
        return self.orders.open(
            OrderKind.AFTERSALES if hardware else OrderKind.DAILY,
            f"Y{o.number} {said}",
            reporter,
            topic=ORDERING,
            form=form,
            partner=self.directory.partner(o.partner),
            by=by.userid,
        ).number

    def may_see(self, o: Obligation, by: Person) -> bool:
        """Ours see everything; a partner's people what concerns their company."""
        return by.side == "us" or (by.partner is not None and by.partner.id in o.partners)

    def _must_be_desk(self, by: Person) -> None:
        if not self._is_desk(by):
            raise NotTheirs(0, Verb.FILE)

    @staticmethod
    def _is_desk(by: Person) -> bool:
        return by.works_orders or by.supervises


#: The topic under which goods are routed (订货 is 中台's), where they are no hardware.
ORDERING = "订货"


def averages(surveys: Iterable[Obligation]) -> dict[Item, float]:
    """The mean mark of every item over answered surveys; empty without any."""
    answered = [o.matter.scores for o in surveys if isinstance(o.matter, Survey) and o.matter.scores]
    return {item: mean(marks[item] for marks in answered) for item in Item} if answered else {}
