"""What an obligation asks for at a moment: pure, and by the original due moments however late one looks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from workorders.obligations.matters import Coaching, OurChange, Slip, Survey, TheirChange
from workorders.obligations.obligation import Obligation, State, Verb

#: At the due moment itself one is still in time, so silence speaks one tick later.
TICK = timedelta(microseconds=1)


@dataclass(frozen=True)
class Coming:
    """Something the clock will do.

    Attributes:
        at: the first moment it is so. ``moment``: the moment it is recorded as, where that is the due one.
        verb: what it does.
    """

    at: datetime
    verb: Verb
    moment: datetime


@dataclass(frozen=True)
class Verdict:
    """What must be recorded and said now, in order; and the earliest moment anything could change."""

    now_due: tuple[Coming, ...] = ()
    look_at: datetime | None = None


def decide(obligation: Obligation, now: datetime) -> Verdict:
    """Say what the obligation asks for at this moment (aware UTC)."""
    ahead = coming(obligation)
    reached = sorted((c for c in ahead if c.at <= now), key=lambda c: c.at)
    over = any(c.verb in (Verb.BREACH, Verb.END) for c in reached)
    reminders = [c for c in reached if c.verb is Verb.REMIND]
    # Of several reminders that came due only the last is said, and none of what is over.
    said = [c for c in reached if c.verb is not Verb.REMIND or (c is reminders[-1] and not over)]
    return Verdict(tuple(said), min((c.at for c in ahead if c.at > now), default=None))


def coming(obligation: Obligation) -> tuple[Coming, ...]:
    """Everything the clock will do, as it looks now."""
    if not obligation.live:
        return ()
    made = [Coming(at, Verb.REMIND, at) for at in obligation.reminders]
    match obligation.matter:
        case Slip(judged="waiting"):
            made.append(_after(obligation.due, Verb.DEEM))
        case Coaching():
            made.append(_after(obligation.due, Verb.END))
        case Survey() if obligation.breached_at is None:
            made.append(_after(obligation.due, Verb.BREACH))
        case TheirChange(change):
            if obligation.state is State.CONFIRMED:
                made.append(Coming(change.effective_at, Verb.EFFECT, change.effective_at))
            elif obligation.breached_at is None:
                made.append(_after(obligation.due, Verb.BREACH))
        case OurChange(change) as ours:
            waiting = {r.due for r in ours.receipts.values() if r.judged == "waiting"}
            made += [_after(due, Verb.DEEM) for due in sorted(waiting)]
            if ours.moved is None:
                made.append(Coming(change.effective_at, Verb.EFFECT, change.effective_at))
    return tuple(made)


def _after(due: datetime, verb: Verb) -> Coming:
    return Coming(due + TICK, verb, due)
