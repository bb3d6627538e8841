"""A work order: its states, its events, and the one way from one to the next.

Verbs return events; :meth:`WorkOrder.after` is the only way state changes, so an order is exactly
what its events say, and its row is a snapshot of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from workorders import history
from workorders.directory.people import Role
from workorders.history import Stated
from workorders.orders.kinds import APPLICATIONS, FAULTS, PARTS, Kind
from workorders.orders.promise import Part, Promise, Terms

__all__ = ["LIFE", "Event", "Joined", "Kind", "State", "Step", "Verb", "Who", "WorkOrder"]


class State(StrEnum):
    PARKED = "parked"
    OPEN = "open"
    ACCEPTED = "accepted"
    PAUSED = "paused"
    SOLVED = "solved"
    CLOSED = "closed"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    MERGED = "merged"


class Verb(StrEnum):
    """Everything that can happen to an order. The last four are the clock's own."""

    OPEN = "open"
    PARK = "park"
    ACCEPT = "accept"
    PROPOSE = "propose"
    SOLVE = "solve"
    PAUSE = "pause"
    RESUME = "resume"
    HAND_OVER = "hand_over"
    REROUTE = "reroute"
    UPGRADE = "upgrade"
    DOWNGRADE = "downgrade"
    DECLINE = "decline"
    CANCEL = "cancel"
    URGE = "urge"
    REOPEN = "reopen"
    CLOSE = "close"
    ASSIGN = "assign"
    EXPLAIN = "explain"  # the desk said why a promise was missed
    CHANGE_KIND = "change_kind"
    MERGE = "merge"
    JOIN = "join"  # another order was merged into this one
    RESUBMIT = "resubmit"
    EXPEDITE = "expedite"
    SUSPEND = "suspend"  # the complainant proposed to suspend the service
    RATE = "rate"  # the reporter gave stars, or said why so few
    MESSAGE = "message"  # the desk wrote to the reporter
    SAY = "say"  # the reporter said something about the order
    ATTACH = "attach"  # pictures or files came for it
    DETACH = "detach"  # one that was said to come did not
    RECOUNT = "recount"  # the calendar was corrected
    BREACH = "breach"
    ESCALATE = "escalate"
    REMIND = "remind"


class Who(StrEnum):
    """Who may do a verb, in the words of the life table."""

    REPORTER = "reporter"
    OWNER = "owner"
    DESK = "desk"
    DESK_IF_OPEN = "desk, while nobody owns it"
    SUPERVISOR = "supervisor"
    TO_SELF = "desk, to themself"


@dataclass(frozen=True)
class Step:
    """One row of the life table: from where, by whom, and of which kinds of work."""

    frm: frozenset[State]
    who: frozenset[Who]
    kinds: frozenset[Kind] = frozenset(Kind)


def _step(frm: Iterable[State], *who: Who, kinds: Iterable[Kind] = Kind) -> Step:
    return Step(frozenset(frm), frozenset(who), frozenset(kinds))


_LIVE = (State.OPEN, State.ACCEPTED, State.PAUSED)
_OVER = (State.SOLVED, State.CLOSED, State.DECLINED)

#: The life of a work order: what may be done from which state, and by whom.
LIFE: Mapping[Verb, Step] = {
    Verb.ACCEPT: _step([State.OPEN], Who.DESK, Who.SUPERVISOR),
    Verb.PROPOSE: _step(_LIVE, Who.OWNER, Who.DESK_IF_OPEN),
    Verb.SOLVE: _step(_LIVE, Who.OWNER, Who.DESK_IF_OPEN),
    Verb.PAUSE: _step([State.ACCEPTED], Who.OWNER),
    Verb.RESUME: _step([State.PAUSED], Who.OWNER, Who.REPORTER),
    Verb.HAND_OVER: _step(_LIVE, Who.OWNER, Who.SUPERVISOR, Who.TO_SELF),
    Verb.REROUTE: _step(_LIVE, Who.DESK, Who.SUPERVISOR),
    Verb.UPGRADE: _step([State.PARKED, *_LIVE], Who.REPORTER, Who.DESK, kinds=FAULTS),
    Verb.DOWNGRADE: _step([State.OPEN, State.ACCEPTED], Who.DESK),
    Verb.DECLINE: _step([State.PARKED, *_LIVE], Who.DESK),
    Verb.CANCEL: _step([State.PARKED, *_LIVE], Who.REPORTER),
    Verb.URGE: _step(_LIVE, Who.REPORTER),
    Verb.REOPEN: _step(_OVER, Who.REPORTER, Who.DESK),
    Verb.CLOSE: _step([State.SOLVED], Who.REPORTER, Who.DESK),
    Verb.ASSIGN: _step(set(State) - {State.MERGED}, Who.DESK, Who.SUPERVISOR),
    Verb.MESSAGE: _step(set(State) - {State.MERGED}, Who.DESK, Who.SUPERVISOR),
    Verb.EXPLAIN: _step(State, Who.DESK, Who.SUPERVISOR),
    Verb.CHANGE_KIND: _step(_LIVE, Who.DESK),
    Verb.MERGE: _step(_LIVE, Who.DESK),
    Verb.RESUBMIT: _step([State.DECLINED], Who.REPORTER, kinds=APPLICATIONS),
    Verb.EXPEDITE: _step([State.OPEN, State.ACCEPTED], Who.REPORTER, kinds=[Kind.ONBOARDING]),
    Verb.SUSPEND: _step([*_LIVE, *_OVER], Who.REPORTER, kinds=[Kind.COMPLAINT]),
}


@dataclass(frozen=True)
class Event(history.Event):
    """Something that happened to an order."""

    verb: Verb


@dataclass(frozen=True)
class Joined:
    """A reporter whose own order was merged into this one, and where that was reported."""

    reporter: str
    chat: str | None


@dataclass(frozen=True)
class WorkOrder(Stated[Event], event=Event):
    """One piece of work, as its events have made it.

    Attributes:
        number: from 1001; people say it aloud.
        topic: what it is about, for routing; empty when nobody said.
        role: the post responsible. ``partner`` is its partner's id, None while unassigned.
        reporter: userid. ``chat`` the group it was reported in, None for a 1:1.
        received_at: when it reached us: by mail or phone perhaps long before it was filed.
        form: what its kind asks for (:mod:`workorders.orders.forms`), checked.
        from_us: a complaint of ours about the partner, who may see it and is not its reporter.
        taken_by: userid of who took the phone call, which is its response.
        backfilled: it was overdue already when it was filed (补录); of the ladder only urgent pages remain.
        opened_at: the opening its clocks count from; None while parked.
        parked_until: the opening at which a parked order opens by itself.
        generation: issue number of its promises.
        owner: userid of who accepted it or was handed it.
        paged_from: the urgent promise's start, which pages are numbered from; None when not urgent.
        paged: the minute of the last page said, -1 before the first.
        told: occasions the clock has already told, of this generation.
        awaited: what a pause waits for. ``remind_at`` the next reminder while paused.
        close_at: when silence closes a solved order.
        urged: moments it was urged. ``reopened``, ``resubmitted``: how often it was.
        pictures, files: how many were attached to it.
        expedited_at: when its reporter asked for it to be done first.
        suspension_at: when the complainant proposed to suspend the service.
        also: reporters of orders merged into it. ``merged_into``: the order it was merged into.
        calendar: fingerprint of the calendar its due moments are counted by; None before that was kept.
        stars: what the reporter gave, 1 to 5, None before that; ``stars_reason`` why so few.
        state_by: userid of who brought it to its state (None: the clock), at ``state_at``.
        events: how many events it has; ``last_at`` the moment of the last.
    """

    number: int
    kind: Kind
    topic: str
    role: Role
    partner: int | None
    reporter: str
    chat: str | None
    text: str
    state: State
    state_at: datetime
    state_by: str | None
    terms: Terms
    last_at: datetime
    generation: int = 1
    promises: tuple[Promise, ...] = ()
    owner: str | None = None
    opened_at: datetime | None = None
    parked_until: datetime | None = None
    paged_from: datetime | None = None
    paged: int = -1
    told: tuple[str, ...] = ()
    awaited: str | None = None
    remind_at: datetime | None = None
    close_at: datetime | None = None
    urged: tuple[datetime, ...] = ()
    reopened: int = 0
    follows: int | None = None
    stars: int | None = None
    stars_reason: str = ""
    pictures: int = 0
    files: int = 0
    received_at: datetime | None = None
    form: Mapping[str, Any] = field(default_factory=dict)
    from_us: bool = False
    taken_by: str | None = None
    backfilled: bool = False
    resubmitted: int = 0
    expedited_at: datetime | None = None
    suspension_at: datetime | None = None
    also: tuple[Joined, ...] = ()
    merged_into: int | None = None
    calendar: str | None = None
    events: int = 0

    def promise(self, part: Part) -> Promise | None:
        """The promise of that part that stands: the newest, unless another took its place."""
        found = [p for p in self.promises if p.part is part and p.void != "superseded"]
        return found[-1] if found else None

    @property
    def answer(self) -> Promise | None:
        """The promise of what the order is about: its solution, decision, result or reply."""
        return self.promise(PARTS[self.kind][-1])

    @property
    def urgent(self) -> bool:
        return self.kind is Kind.URGENT

    @property
    def live(self) -> bool:
        """Somebody still has to do something about it."""
        return self.state in (State.PARKED, *_LIVE)

    @property
    def due(self) -> datetime | None:
        """The next due moment anybody waits for; None where no clock runs."""
        moments = [p.due for p in self.promises if p.pending and p.stopped_at is None]
        return min(moments, default=None)
