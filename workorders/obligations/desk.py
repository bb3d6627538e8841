"""The use cases of obligations: every door, sweep and command goes through here.

Everything joins the caller's unit of work and nothing commits. A verb locks the row, reads the moment
after it, settles the past, judges who may do what, acts, and writes the letters: all in one unit.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from workorders.directory.people import Partner, Person, Role
from workorders.obligations import filing
from workorders.obligations.acting import Acting
from workorders.obligations.errors import BadField, ChangePending, NotTheirs
from workorders.obligations.matters import Goods, OurChange
from workorders.obligations.obligation import Event, Obligation, Verb


@dataclass(frozen=True)
class ObligationDesk(Acting):
    """Obligations, as a door sees them: filed, acted on, looked at, and settled by the clock."""

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

    def _file(self, event: Event) -> Obligation:
        counted = {"calendar": self.agreement.calendar.fingerprint}
        event = replace(event, change={**event.change, **counted})
        o = self.obligations.begin(event)
        self._post(o, event)
        return self._recorded(o, self._past(o, event.at), event.at, began=event)

    def _must_be_desk(self, by: Person) -> None:
        if not self._is_desk(by):
            raise NotTheirs(0, Verb.FILE)

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
