"""Bringing an obligation up to a moment: everything the clock would have done by then, as events."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from workorders.agreement.worktime import Calendar
from workorders.obligations.decide import Coming, decide
from workorders.obligations.matters import OurChange, Slip
from workorders.obligations.obligation import Event, Obligation, State, Verb

#: Working days from one reminder of a missing slip to the next.
SLIP_EVERY = 5

#: Moves a duty in the directory at its effective moment; whether it could.
Move = Callable[[OurChange], bool]


def settle(obligation: Obligation, now: datetime, calendar: Calendar, move: Move) -> list[Event]:
    """The events that bring the obligation up to ``now`` (aware UTC, not before its last event).

    Settling twice at one moment makes nothing the second time.
    """
    made: list[Event] = []
    for step in decide(obligation, now).now_due:
        event = _event(obligation, step, now, calendar, move)
        made.append(event)
        obligation = obligation.after(event)
        if not obligation.live:
            break
    return made


def _event(o: Obligation, step: Coming, now: datetime, calendar: Calendar, move: Move) -> Event:
    facts: dict[str, object] = {"moment": step.moment.isoformat()}
    match step.verb:
        case Verb.REMIND:
            left = tuple(at for at in o.reminders if at > now)
            if isinstance(o.matter, Slip):
                left = (*left, mornings_after(now, SLIP_EVERY, calendar))
            return o.happened(Verb.REMIND, now, None, facts, reminders=left)
        case Verb.BREACH:
            left = tuple(at for at in o.reminders if at > now)
            return o.happened(Verb.BREACH, now, None, facts, breached_at=step.moment, reminders=left)
        case Verb.DEEM:
            return _deem(o, step, now, facts)
        case Verb.END:
            return o.happened(Verb.END, now, None, facts, state=State.DONE, state_at=step.moment)
    if isinstance(o.matter, OurChange):
        ours = replace(o.matter, moved=move(o.matter))
        return o.happened(
            Verb.EFFECT, now, None, facts | {"moved": ours.moved}, matter=ours, **finished(ours, step.moment)
        )
    return o.happened(Verb.EFFECT, now, None, facts, state=State.DONE, state_at=step.moment)


def _deem(o: Obligation, step: Coming, now: datetime, facts: dict[str, object]) -> Event:
    """Silence counts from the due moment, whoever notices it and whenever."""
    if isinstance(o.matter, Slip):
        slip = replace(o.matter, judged="deemed")
        done = {"state": State.DONE, "state_at": step.moment} if slip.received_at else {}
        return o.happened(Verb.DEEM, now, None, facts, matter=slip, **done)
    assert isinstance(o.matter, OurChange)
    ours, silent = o.matter, []
    for partner, receipt in o.matter.receipts.items():
        if receipt.judged == "waiting" and receipt.due == step.moment:
            ours = ours.judged(partner, "deemed", step.moment, None)
            silent.append(partner)
    return o.happened(
        Verb.DEEM, now, None, facts | {"partners": silent}, matter=ours, **finished(ours, step.moment)
    )


def finished(ours: OurChange, at: datetime) -> dict[str, object]:
    """Our change is over once it took effect and no partner may speak any more."""
    waits = ours.moved is None or any(r.judged == "waiting" for r in ours.receipts.values())
    return {} if waits else {"state": State.DONE, "state_at": at}


def mornings_after(at: datetime, days: int, calendar: Calendar) -> datetime:
    """The opening of the nth working day after the one ``at`` lies in."""
    return calendar.opening(calendar.moment(calendar.working_days_after(calendar.local_day(at), days), 0))
