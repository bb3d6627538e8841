"""An obligation: a due moment that is not a work order, its events, and the one way from one to the next.

People say its number as Y3 (约定事项 Y3). As with work orders, :meth:`Obligation.after` is the only way
state changes, and the row is a snapshot of its events.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from workorders import history
from workorders.history import Stated
from workorders.obligations.matters import Matter, OurChange, Slip, TheirChange


class Kind(StrEnum):
    SLIP = "slip"  # 签收单
    COACHING = "coaching"  # 辅导期
    SURVEY = "survey"  # 满意度调查
    THEIR_CHANGE = "their_change"  # 合作伙伴人员变更
    OUR_CHANGE = "our_change"  # 我方人员变更


#: The clause each kind is frozen under.
CLAUSES: Mapping[Kind, str] = {
    Kind.SLIP: "goods.objection",
    Kind.COACHING: "training.coaching",
    Kind.SURVEY: "survey",
    Kind.THEIR_CHANGE: "personnel.confirm",
    Kind.OUR_CHANGE: "notice.personnel",
}


class State(StrEnum):
    OPEN = "open"
    CONFIRMED = "confirmed"  # a partner's change, until it takes effect
    DONE = "done"
    INVALID = "invalid"  # a change without a stamp: nobody owes anything for it
    CANCELLED = "cancelled"


class Verb(StrEnum):
    """Everything that can happen to an obligation. The last six are the clock's own."""

    FILE = "file"
    OBJECT = "object"
    RECEIVE = "receive"
    WITHHOLD = "withhold"
    LIFT = "lift"
    RETRAIN = "retrain"
    ANSWER = "answer"
    REMARK = "remark"
    CONFIRM = "confirm"
    ACKNOWLEDGE = "acknowledge"
    CANCEL = "cancel"
    RECOUNT = "recount"  # the calendar was corrected
    REMIND = "remind"
    DEEM = "deem"
    BREACH = "breach"
    END = "end"
    EFFECT = "effect"


class Who(StrEnum):
    DESK = "desk"
    PARTNER = "partner"


@dataclass(frozen=True)
class Step:
    """What may be done to which kinds, from where, and by whom."""

    kinds: frozenset[Kind]
    frm: frozenset[State]
    who: frozenset[Who]


def _step(kinds: Iterable[Kind], frm: Iterable[State], *who: Who) -> Step:
    return Step(frozenset(kinds), frozenset(frm), frozenset(who))


#: The life of an obligation. The desk may object and answer for a partner whose words came by mail.
LIFE: Mapping[Verb, Step] = {
    Verb.OBJECT: _step([Kind.SLIP], [State.OPEN, State.DONE], Who.PARTNER, Who.DESK),
    Verb.RECEIVE: _step([Kind.SLIP], [State.OPEN], Who.DESK),
    Verb.WITHHOLD: _step([Kind.SLIP], [State.OPEN], Who.DESK),
    Verb.LIFT: _step([Kind.SLIP], [State.OPEN], Who.DESK),
    Verb.RETRAIN: _step([Kind.COACHING], [State.OPEN, State.DONE], Who.DESK),
    Verb.ANSWER: _step([Kind.SURVEY], [State.OPEN], Who.PARTNER, Who.DESK),
    Verb.REMARK: _step([Kind.SURVEY], [State.DONE], Who.PARTNER),
    Verb.CONFIRM: _step([Kind.THEIR_CHANGE], [State.OPEN], Who.DESK),
    Verb.ACKNOWLEDGE: _step([Kind.OUR_CHANGE], [State.OPEN], Who.PARTNER),
    Verb.CANCEL: _step(Kind, [State.OPEN, State.CONFIRMED], Who.DESK),
}


@dataclass(frozen=True)
class Event(history.Event):
    """Something that happened to an obligation."""

    verb: Verb


@dataclass(frozen=True)
class Obligation(Stated[Event], event=Event):
    """One due moment that is not a work order, as its events have made it.

    Attributes:
        number: from 1; people say Y1.
        partner: its partner's id; None for our own change, which concerns several.
        clause: the clause as it stood at filing (:meth:`Clause.frozen`).
        starts: what the due moment counts from. ``due``: until when somebody may, or must, act.
        matter: what it is about, and what became of that.
        filed_by: userid; None is the clock.
        reminders: moments still to be reminded at, in order.
        breached_at: the due moment, once it was missed by whoever owed it; never erased.
        calendar: fingerprint of the calendar its moments are counted by; None before that was kept.
        events: how many events it has; ``last_at`` the moment of the last.
    """

    number: int
    partner: int | None
    clause: Mapping[str, Any]
    starts: datetime
    due: datetime
    matter: Matter
    filed_by: str | None
    state: State
    state_at: datetime
    state_by: str | None
    last_at: datetime
    reminders: tuple[datetime, ...] = ()
    breached_at: datetime | None = None
    calendar: str | None = None
    events: int = 0

    @property
    def kind(self) -> Kind:
        return Kind(self.matter.kind)

    @property
    def live(self) -> bool:
        """Something is still to come, or to be done."""
        return self.state in (State.OPEN, State.CONFIRMED)

    @property
    def partners(self) -> tuple[int, ...]:
        """Ids of the partners it concerns."""
        if isinstance(self.matter, OurChange):
            return tuple(self.matter.receipts)
        return () if self.partner is None else (self.partner,)

    @property
    def waits_until(self) -> datetime | None:
        """The next moment somebody waits for, for lists; None where nothing is to come."""
        match self.matter:
            case _ if not self.live:
                return None
            case Slip(judged=judged) if judged != "waiting":
                return None
            case TheirChange(change) if self.state is State.CONFIRMED:
                return change.effective_at
            case OurChange(change):
                waiting = [r.due for r in self.matter.receipts.values() if r.judged == "waiting"]
                return min([*waiting, change.effective_at])
        return self.due
