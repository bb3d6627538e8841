"""Composing, approving, sending, recalling, correcting and reminding: what our people do with a notice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from workorders.agreement.clauses import AnnounceBy
from workorders.directory.people import Person, Role
from workorders.errors import Incomplete
from workorders.markup import clean
from workorders.notices import telling
from workorders.notices.audience import Recipient, read
from workorders.notices.errors import (
    BodyTooLong,
    EffectPast,
    EmptyAudience,
    LeadTooShort,
    NeedsSupervisor,
    NobodyToRemind,
    NoSuchNotice,
    NotAnnouncer,
    NoticeState,
    RemindedJustNow,
    SamePerson,
)
from workorders.notices.notice import (
    FORMS,
    LIFE,
    LINE,
    TITLE,
    Audience,
    Event,
    Kind,
    Notice,
    State,
    Verb,
    announces,
    cuts,
    seal,
)
from workorders.notices.office import Office
from workorders.notices.receipt import ReceiptState

#: How far apart the silent may be reminded by hand (people.md, habit 12).
REMIND_EVERY = timedelta(minutes=5)


@dataclass(frozen=True)
class Draft:
    """What a composer wants announced.

    Attributes:
        audience: None for the kind's own.
        emergency: why it may go out with too short a lead; empty where it need not.
        cut: the writer agrees that a channel too small for the body (:func:`cuts`) shows its beginning
            and the link.
    """

    kind: Kind
    title: str
    body: str
    effective: datetime | None = None
    suspension: bool = False
    emergency: str = ""
    stamped: str = ""
    cut: bool = False
    audience: Audience | None = None


@dataclass(frozen=True)
class Warned:
    """A lead that is enough for the clause and less than the rules ask (people.md, rule 15).

    Attributes:
        partner: whose own clause asks for so much; empty where it is everybody's.
    """

    announce_by: datetime
    days: int
    partner: str = ""


@dataclass(frozen=True)
class _Lead:
    by: AnnounceBy
    days: int
    partner: str


@dataclass(frozen=True)
class Composing(Office):
    """What operations do."""

    def compose(self, draft: Draft, by: Person) -> Notice:
        """Write a draft.

        Raises:
            NotAnnouncer: ``by`` does not compose notices.
            Incomplete: ``title``, ``body``, ``effective`` or ``stamped`` is missing or too long.
            EffectPast, LeadTooShort, EmptyAudience, UnknownRecipient, BodyTooLong: as they say.
        """
        if not announces(by):
            raise NotAnnouncer(None, by.name)
        notice = self.notices.begin(self._drafted(draft, by.userid, self.now()))
        self._ask_approval(notice, by)
        return notice

    def preview(self, draft: Draft, by: Person, corrects: int | None = None) -> Notice:
        """What :meth:`compose` or :meth:`correct` would make of it; nothing is kept, and its number is 0.

        Raises:
            as they.
        """
        if corrects is not None:
            draft, now = self._correcting(corrects, by, draft)
        elif announces(by):
            now = self.now()
        else:
            raise NotAnnouncer(None, by.name)
        return Notice.begun(0, self._drafted(draft, by.userid, now, corrects=corrects))

    def propose(self, draft: Draft, proposal: str) -> Notice | None:
        """A draft of the desk's own, for operations to approve; None where it was proposed before."""
        if self.notices.proposed(proposal):
            return None
        notice = self.notices.begin(self._drafted(draft, None, self.now(), proposal=proposal))
        self._ask_approval(notice, None)
        return notice

    def _ask_approval(self, notice: Notice, by: Person | None) -> None:
        """Whoever may approve it hears of it: others of 运营中心, else, or for an emergency, supervisors."""
        ranks = (self.directory.holders(Role.OPERATIONS, rank, self.now()) for rank in (1, 2))
        operations = () if notice.emergency else [p.userid for held in ranks for p in held]
        people = [u for u in dict.fromkeys(operations) if u != notice.composer]
        people = people or [p.userid for p in self.directory.supervisors() if p.userid != notice.composer]
        facts = {"by": by.name if by else None, "at": notice.composed_at.isoformat()}
        for userid in people:
            self.letters.post(telling.for_operator(notice, userid, "notice_to_approve", "proposed", facts))

    def warning(self, notice: Notice | Draft, at: datetime) -> Warned | None:
        """What the composer of a suspension announced at ``at`` must be told; None where all is well."""
        if not notice.suspension or notice.effective is None:
            return None
        if self.agreement.clause("notice.upgrade").suspension_lead is None:
            return None
        told = self.reading(notice.kind, notice.audience).recipients
        lead = self._lead("notice.upgrade", notice.effective, told, suspension=True)
        start = self._starts(at, bool(notice.emergency))
        return Warned(lead.by.announce_by, lead.days, lead.partner) if start > lead.by.announce_by else None

    def approve(self, number: int, by: Person) -> Notice:
        """批准, by somebody else than its composer; an emergency is a supervisor's.

        Raises:
            NoSuchNotice, NoticeState, NotAnnouncer, SamePerson, NeedsSupervisor, LeadTooShort, EffectPast.
        """
        notice, now = self._begin(number, Verb.APPROVE, by)
        if notice.composer is not None and notice.composer == by.userid:
            raise SamePerson(number)
        starts = self._starts(now, bool(notice.emergency))
        short = self._judge_lead(number, notice, starts, self._told(notice))
        if notice.emergency and not by.supervises:
            raise NeedsSupervisor(number)
        facts = {"hash": notice.hash, "short_lead": short}
        event = notice.happened(
            Verb.APPROVE, now, by.userid, facts, state=State.APPROVED, approver=by.userid, approved_at=now
        )
        return self._recorded(notice, event, None)

    def send(self, number: int, by: Person) -> Notice:
        """发送: at once in service hours or for an emergency, else at the next opening.

        Raises:
            NoSuchNotice, NoticeState, NotAnnouncer, LeadTooShort, EffectPast: the lead is judged by when
                it will go out.
        """
        notice, now = self._begin(number, Verb.SEND, by)
        starts = self._starts(now, bool(notice.emergency))
        self._judge_lead(number, notice, starts, self._told(notice))
        event = notice.happened(
            Verb.SEND,
            now,
            by.userid,
            {"starts_at": starts.isoformat()},
            state=State.SENDING,
            starts_at=starts,
        )
        return self._recorded(notice, event, starts)

    def recall(self, number: int, by: Person, reason: str) -> Notice:
        """撤回, also in mid-broadcast: what has not gone out does not, and who was told is told so.

        Raises:
            Incomplete: no reason. NoSuchNotice, NoticeState, NotAnnouncer: as they say.
        """
        notice, now = self._begin(number, Verb.RECALL, by)
        if not reason.strip() or len(reason.strip()) > LINE:
            raise Incomplete("reason")
        told = notice.headcount > 0
        event = notice.happened(
            Verb.RECALL,
            now,
            by.userid,
            {"reason": reason.strip(), "while": notice.state},
            state=State.RECALLED,
            reason=reason.strip(),
            wave="recall" if told else "",
            cursor=0,
        )
        return self._recorded(notice, event, now if told else None)

    def correct(self, number: int, by: Person, draft: Draft) -> Notice:
        """更正: a new draft that takes the place of ``number`` once it goes out; returns the new one.

        Raises:
            as :meth:`compose`; NoticeState: the old one is not out.
        """
        draft, now = self._correcting(number, by, draft)
        notice = self.notices.begin(self._drafted(draft, by.userid, now, corrects=number))
        self._ask_approval(notice, by)
        return notice

    def _correcting(self, number: int, by: Person, draft: Draft) -> tuple[Draft, datetime]:
        old, now = self._begin(number, Verb.CORRECT, by)
        return (draft if draft.audience else replace(draft, audience=old.audience)), now

    def remind(self, number: int, by: Person) -> int:
        """再次提醒未确认: the silent only; how many that is.

        Raises:
            NoSuchNotice, NoticeState, NotAnnouncer, RemindedJustNow, NobodyToRemind: as they say.
        """
        notice, now = self._begin(number, Verb.REMIND, by)
        if notice.reminded_at and now < notice.reminded_at + REMIND_EVERY:
            raise RemindedJustNow(number, notice.reminded_at + REMIND_EVERY)
        silent = sum(self.notices.counts(number, ReceiptState.WAITING).values())
        if not silent:
            raise NobodyToRemind(number)
        times = notice.reminders + 1
        event = notice.happened(
            Verb.REMIND,
            now,
            by.userid,
            {"silent": silent, "times": times},
            reminders=times,
            reminded_at=now,
            wave=f"remind.{times}",
            cursor=0,
        )
        self._recorded(notice, event, now)
        return silent

    def _drafted(
        self,
        draft: Draft,
        by: str | None,
        now: datetime,
        *,
        corrects: int | None = None,
        proposal: str = "",
    ) -> Event:
        """What happens when it is composed, judged."""
        form = FORMS[draft.kind]
        title, body = " ".join(clean(draft.title).split()), clean(draft.body).strip()
        if not title or len(title) > TITLE:
            raise Incomplete("title", title)
        if not body:
            raise Incomplete("body")
        clause = self.agreement.clause(form.clause) if form.clause else None
        if draft.effective is None and clause is not None and clause.lead is not None:
            raise Incomplete("effective")
        if draft.kind is Kind.PERSONNEL and not draft.stamped.strip():
            raise Incomplete("stamped")
        reasons = {"emergency": clean(draft.emergency).strip(), "stamped": clean(draft.stamped).strip()}
        for field, line in reasons.items():
            if len(line) > LINE:
                raise Incomplete(field, line)
        audience = draft.audience or form.audience
        reading = read(audience, form, self.book, now)
        if not reading.recipients:
            raise EmptyAudience(None)
        if not draft.cut and (short := cuts(body, reading.channels)):
            raise BodyTooLong(short)
        starts = self._starts(now, bool(draft.emergency.strip()))
        self._judge_lead(None, draft, starts, reading.recipients)
        clauses = self._frozen(form.clause)
        content: dict[str, Any] = {
            "kind": draft.kind,
            "title": title,
            "body": body,
            "effective": draft.effective,
            "suspension": draft.suspension,
            "stamped": reasons["stamped"],
            "clauses": clauses,
            "corrects": corrects,
            "audience": audience,
        }
        sealed = seal(**content)
        change = content | {
            "emergency": reasons["emergency"],
            "cut": draft.cut,
            "composer": by,
            "composed_at": now,
            "hash": sealed,
            "state": State.DRAFT,
            "state_at": now,
            "state_by": by,
            "proposal": proposal,
        }
        facts = {"headcount": len(reading.recipients), "hash": sealed}
        return Event(1, Verb.COMPOSE, now, by, facts, change)

    def _frozen(self, name: str | None) -> dict[str, Any]:
        """The clause as it stands for everyone, and for partners whose own differs."""
        if name is None:
            return {}
        usual = self.agreement.clause(name).frozen()
        frozen: dict[str, Any] = {"": usual}
        for partner, overrides in self.book.overrides().items():
            own = self.agreement.clause(name, overrides).frozen()
            if own != usual:
                frozen[str(partner)] = own
        return frozen

    def _starts(self, now: datetime, emergency: bool) -> datetime:
        """When it would begin to go out: an emergency at any hour, anything else in service hours."""
        return now if emergency else self.agreement.calendar.opening(now)

    def _told(self, notice: Notice) -> Sequence[Recipient]:
        return self.reading(notice.kind, notice.audience).recipients

    def _judge_lead(
        self, number: int | None, notice: Notice | Draft, starts: datetime, told: Sequence[Recipient]
    ) -> bool:
        """Refuse a lead that is too short for any of those told; True where an emergency may have one.

        Raises:
            EffectPast, LeadTooShort: as they say.
        """
        if notice.effective is None:
            return False
        name = FORMS[notice.kind].clause
        leads = name is not None and self.agreement.clause(name).lead is not None
        if notice.effective <= (self.now() if leads else starts):
            raise EffectPast(number, notice.effective, starts)
        if name is None or not leads:
            return False
        lead = self._lead(name, notice.effective, told)
        if starts <= lead.by.announce_by:
            return False
        if not notice.emergency.strip():
            raise LeadTooShort(number, lead.by.announce_by, starts, lead.by.why, lead.partner)
        return True

    def _lead(
        self, name: str, effective: datetime, told: Sequence[Recipient], *, suspension: bool = False
    ) -> _Lead:
        """The strictest lead among those told: everybody's, or that of a partner with one of its own."""
        names = {each.partner: each.partner_name for each in told if each.partner is not None}
        own = [(p, values) for p, values in self.book.overrides().items() if p in names]
        leads = []
        for partner, values in ((None, None), *own):
            clause = self.agreement.clause(name, values)
            span = clause.suspension_lead if suspension else clause.lead
            if span is not None and span.days is not None:
                by = self.agreement.announce_by(name, effective, values, suspension=suspension)
                leads.append(_Lead(by, span.days, names.get(partner, "") if partner else ""))
        return min(leads, key=lambda lead: lead.by.announce_by)

    def _begin(self, number: int, verb: Verb, by: Person) -> tuple[Notice, datetime]:
        """Lock, and judge whether this person may do this now."""
        if not announces(by):
            raise NotAnnouncer(number, by.name)
        notice = self.notices.lock(number)
        if notice is None:
            raise NoSuchNotice(number)
        if notice.state not in LIFE[verb] or (verb is Verb.REMIND and notice.wave):
            raise NoticeState(number, verb, notice.state, notice.state_by, notice.state_at)
        return notice, max(self.now(), notice.last_at)
