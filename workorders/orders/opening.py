"""How a work order begins: who may open what, with which form, for which partner."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from workorders.directory.people import Group, Partner, Person
from workorders.errors import Incomplete
from workorders.orders import forms, verbs
from workorders.orders.errors import BadForm, Fault
from workorders.orders.forms import FORMS
from workorders.orders.intake import Asked, first_event, partner_of
from workorders.orders.kinds import Kind
from workorders.orders.office import Office
from workorders.orders.order import WorkOrder
from workorders.orders.settle import settle
from workorders.orders.standing import may_see

#: What reached us longer ago than this is a slip in its moment.
_OLDEST = timedelta(days=366)


@dataclass(frozen=True)
class Opening(Office):
    """How an order begins."""

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
            now,
            Asked(
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
            ),
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

    def _opened(self, by: str, now: datetime, asked: Asked) -> WorkOrder:
        """Open or park what somebody (``by``) asked for, under the terms now in force."""
        overrides = self.directory.clauses_of(asked.partner) if asked.partner else {}
        event = first_event(asked, by, now, self.agreement, overrides)
        event = verbs.bringing(WorkOrder.begun(0, event), event, self.brought.take())
        order = self.orders.begin(event)
        self._post(None, order, event)
        return self._recorded(order, settle(order, now, self._calendar), now, began=event)
