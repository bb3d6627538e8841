"""The first event of every kind of obligation, its clause frozen as it stands now.

Pure: what a field may be is checked here, once, for chat, command line and sweep alike. ``at`` is the
moment of our record (aware UTC).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from workorders.agreement.clauses import Agreement
from workorders.agreement.worktime import Calendar
from workorders.directory.people import Role
from workorders.obligations.errors import BadField
from workorders.obligations.matters import (
    Change,
    Coaching,
    Goods,
    Matter,
    OurChange,
    Receipt,
    Slip,
    Survey,
    TheirChange,
)
from workorders.obligations.obligation import CLAUSES, Event, Kind, State, Verb
from workorders.obligations.settle import SLIP_EVERY, mornings_after

#: Nothing is filed that lies farther back, or farther ahead.
FARTHEST = timedelta(days=366)
#: No delivery is worth more, in hundredths of a yuan; more is a slip of the finger.
MOST_FEN = 10**11
#: Working days before the survey's due day on which it is reminded of.
SURVEY_AHEAD = 3

Overrides = Mapping[str, Any]


def slip(
    agreement: Agreement,
    overrides: Overrides,
    *,
    partner: int,
    delivered_at: datetime,
    goods: Goods,
    fen: int,
    by: str,
    at: datetime,
) -> Event:
    """签收单 (clause goods.objection).

    Raises:
        BadField: ``delivered`` is not a moment of the last year, or ``amount`` is negative.
    """
    if not at - FARTHEST <= delivered_at <= at:
        raise BadField("delivered", delivered_at.isoformat(), "a moment of the last year, not in the future")
    if not 0 <= fen <= MOST_FEN:
        raise BadField("amount", _yuan(fen), "yuan, from 0, at most two decimals")
    clause = agreement.clause(CLAUSES[Kind.SLIP], overrides)
    due = agreement.due_of(clause, delivered_at).due
    photo = fen <= (clause.photo_up_to or 0) * 100
    matter = Slip(delivered_at.astimezone(UTC), goods, fen, "photo" if photo else "original")
    first = max(
        mornings_after(due, 1, agreement.calendar), mornings_after(at, SLIP_EVERY, agreement.calendar)
    )
    return _filed(clause.frozen(), partner, matter, delivered_at, due, by, at, reminders=(first,))


def coaching(
    agreement: Agreement,
    overrides: Overrides,
    *,
    partner: int,
    trainee: str,
    exam: date,
    practical: date,
    by: str,
    at: datetime,
) -> Event:
    """辅导期 (clause training.coaching): it begins on the day the later of both was passed.

    Raises:
        BadField: nobody was trained, or ``exam`` or ``practical`` is not a day of the last year.
    """
    today = agreement.calendar.local_day(at)
    if not trainee.strip():
        raise BadField("trainee", "", "who was trained")
    for name, day in (("exam", exam), ("practical", practical)):
        if not today - FARTHEST <= day <= today:
            raise BadField(name, day.isoformat(), "a day of the last year, not in the future")
    clause = agreement.clause(CLAUSES[Kind.COACHING], overrides)
    starts = agreement.calendar.moment(max(exam, practical), 0)
    matter = Coaching(trainee.strip(), exam, practical)
    return _filed(clause.frozen(), partner, matter, starts, agreement.due_of(clause, starts).due, by, at)


def survey(agreement: Agreement, overrides: Overrides, *, partner: int, at: datetime) -> Event:
    """满意度调查 of the month ``at`` lies in (clause survey), created by the clock."""
    clause = agreement.clause(CLAUSES[Kind.SURVEY], overrides)
    calendar = agreement.calendar
    due = agreement.due_of(clause, at).due
    reminders = survey_reminders(due, at, calendar)
    matter = Survey(calendar.local_day(at).replace(day=1))
    return _filed(clause.frozen(), partner, matter, at, due, None, at, reminders=reminders)


def change(
    agreement: Agreement,
    overrides: Overrides,
    *,
    role: Role,
    leaves: str,
    comes: str,
    effective: date,
    stamped: bool,
    at: datetime,
    reach: str = "",
) -> Change:
    """A change of people as either side files it; its lead is that of clause notice.personnel.

    Raises:
        BadField: nobody leaves or comes, they are the same, or ``effective`` is past or more than a year off.
    """
    calendar = agreement.calendar
    leaves, comes = leaves.strip(), comes.strip()
    if not leaves:
        raise BadField("leaves", "", "who had the post")
    if not comes or comes == leaves:
        raise BadField("comes", comes, "who gets the post, somebody else")
    today = calendar.local_day(at)
    if not today < effective <= today + FARTHEST:
        raise BadField("effective", effective.isoformat(), "a day after today, within a year")
    effective_at = calendar.opening(calendar.moment(effective, 0))
    lead = agreement.announce_by("notice.personnel", effective_at, overrides)
    return Change(role, leaves, comes, effective_at, lead.announce_by, stamped, reach.strip())


def their_change(
    agreement: Agreement,
    overrides: Overrides,
    *,
    partner: int,
    change: Change,
    received_at: datetime,
    by: str,
    at: datetime,
) -> Event:
    """合作伙伴人员变更 (clause personnel.confirm); without a stamp it is invalid and nothing is owed.

    Raises:
        BadField: ``received`` is in the future, or more than a year back.
    """
    if not at - FARTHEST <= received_at <= at:
        raise BadField("received", received_at.isoformat(), "a moment of the last year, not in the future")
    clause = agreement.clause(CLAUSES[Kind.THEIR_CHANGE], overrides)
    due = agreement.due_of(clause, received_at).due
    state = State.OPEN if change.stamped else State.INVALID
    facts = {"late": received_at > change.announce_by}
    return _filed(
        clause.frozen(), partner, TheirChange(change), received_at, due, by, at, state=state, facts=facts
    )


def our_change(
    agreement: Agreement,
    overrides: Mapping[int, Overrides],
    *,
    change: Change,
    rank: int,
    frm: str,
    to: str,
    by: str,
    at: datetime,
) -> Event:
    """我方人员变更 (clause notice.personnel), told to every partner of ``overrides`` under its own clause.

    Raises:
        BadField: there is no stamped letter, without which a change is invalid; or no partner to tell.
    """
    if not change.stamped:
        raise BadField("stamped", "no", "yes: without the company's stamp a change is invalid")
    if not overrides:
        raise BadField("partner", "", "a directory with a partner in it")
    name = CLAUSES[Kind.OUR_CHANGE]
    receipts = {}
    for partner, own in overrides.items():
        clause = agreement.clause(name, own)
        receipts[partner] = Receipt(clause.frozen(), agreement.due_of(clause, at).due)
    matter = OurChange(change, rank, frm, to, receipts)
    due = max(r.due for r in receipts.values())
    facts = {"late": at > change.announce_by}
    return _filed(agreement.clause(name).frozen(), None, matter, at, due, by, at, facts=facts)


def _filed(
    clause: Mapping[str, Any],
    partner: int | None,
    matter: Matter,
    starts: datetime,
    due: datetime,
    by: str | None,
    at: datetime,
    *,
    state: State = State.OPEN,
    reminders: tuple[datetime, ...] = (),
    facts: Mapping[str, Any] | None = None,
) -> Event:
    made = {
        "partner": partner,
        "clause": clause,
        "starts": starts.astimezone(UTC),
        "due": due,
        "matter": matter,
        "filed_by": by,
        "state": state,
        "state_at": at,
        "state_by": by,
        "reminders": reminders,
    }
    return Event(1, Verb.FILE, at, by, dict(facts or {}), made)


def _yuan(fen: int) -> str:
    return f"{fen / 100:.2f}"


def survey_reminders(due: datetime, since: datetime, calendar: Calendar) -> tuple[datetime, ...]:
    """When a survey is reminded of after ``since``: some working days ahead and on the day, at opening."""
    day = calendar.local_day(due)
    days = (calendar.working_days_before(day, SURVEY_AHEAD), day)
    return tuple(m for m in (calendar.opening(calendar.moment(d, 0)) for d in days) if since < m < due)


def month_opening(month: date, calendar: Calendar) -> datetime:
    """When the month's first working day opens: the moment its surveys are created."""
    return calendar.opening(calendar.moment(month.replace(day=1), 0))


def later_month(month: date, months: int) -> date:
    """The first day of the month so many months later."""
    years, index = divmod(month.month - 1 + months, 12)
    return date(month.year + years, index + 1, 1)
