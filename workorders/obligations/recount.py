"""A corrected calendar: what an open obligation still waits for is counted anew; what was missed stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from workorders.agreement.clauses import Agreement
from workorders.agreement.terms import Clause
from workorders.obligations.filing import survey_reminders
from workorders.obligations.matters import Change, Matter, OurChange, Slip, Survey, TheirChange
from workorders.obligations.obligation import Event, Obligation, State, Verb
from workorders.obligations.settle import mornings_after


def recount(o: Obligation, agreement: Agreement, at: datetime) -> Event | None:
    """The event that counts it by today's calendar; None where that is the one it is counted by.

    It is asked before anything is settled, so that no silence speaks at a moment that is none any more.
    """
    calendar = agreement.calendar
    if not o.live or o.calendar in (None, calendar.fingerprint):
        return None
    due, matter, reminders = o.due, o.matter, o.reminders
    if _still_counts(o):
        due = agreement.due_of(Clause.thaw(o.clause), o.starts).due
        if isinstance(o.matter, Survey):
            reminders = survey_reminders(due, at, calendar)
        if isinstance(o.matter, Slip):
            reminders = tuple(max(m, mornings_after(due, 1, calendar)) for m in o.reminders)
    match o.matter:
        case TheirChange(change):
            matter = TheirChange(_begun(change, agreement))
        case OurChange(change) as ours if ours.moved is None:
            receipts = {
                partner: replace(r, due=agreement.due_of(Clause.thaw(r.clause), o.starts).due)
                if r.judged == "waiting"
                else r
                for partner, r in ours.receipts.items()
            }
            matter = replace(ours, change=_begun(change, agreement), receipts=receipts)
            due = max(r.due for r in receipts.values())
    return o.happened(
        Verb.RECOUNT,
        at,
        None,
        {"moved": (due, matter) != (o.due, o.matter), "was": o.due.isoformat()},
        calendar=calendar.fingerprint,
        due=due,
        matter=matter,
        reminders=reminders,
    )


def _still_counts(o: Obligation) -> bool:
    """Whether somebody's time still runs by it: nobody judged, nothing missed."""
    matter: Matter = o.matter
    if isinstance(matter, Slip):
        return matter.judged == "waiting"
    return o.breached_at is None and o.state is State.OPEN


def _begun(change: Change, agreement: Agreement) -> Change:
    """The change at the opening its day has by today's calendar; its lead was judged when it was filed."""
    calendar = agreement.calendar
    midnight = calendar.moment(calendar.local_day(change.effective_at), 0)
    return replace(change, effective_at=calendar.opening(midnight))
