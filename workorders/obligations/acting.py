"""What people do about an obligation that is there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from workorders.directory.people import Person
from workorders.obligations import verbs
from workorders.obligations.matters import Item, Slip, SlipForm
from workorders.obligations.obligation import Event, Obligation, Verb
from workorders.obligations.office import Office
from workorders.obligations.telling import Telling
from workorders.orders.order import Kind as OrderKind

#: The topic under which goods are routed (订货 is 中台's), where they are no hardware.
_ORDERING = "订货"


@dataclass(frozen=True)
class Acting(Office):
    """The verbs of an obligation. What each does, and what it refuses, is its function in ``verbs``.

    All of them raise NoSuchObligation, NotTheirs and NotPossible where its life has no such step.
    """

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
            topic=_ORDERING,
            form=form,
            partner=self.directory.partner(o.partner),
            by=by.userid,
        ).number
