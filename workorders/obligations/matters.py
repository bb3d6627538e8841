"""What an obligation is about: a delivery, a coaching month, a survey, a change of either side's people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Literal

from workorders.directory.people import Role

Goods = Literal["hardware", "software"]
#: How a delivery slip must come: a photo, or the original by post.
SlipForm = Literal["photo", "original"]
#: What became of goods or of a change somebody was told of.
Judged = Literal["waiting", "accepted", "objected", "deemed"]


class Item(StrEnum):
    """What the satisfaction survey asks for a mark of (annex 9 was not supplied)."""

    RESPONSE = "response"
    SOLUTION = "solution"
    ATTITUDE = "attitude"
    SKILL = "skill"


@dataclass(frozen=True)
class Slip:
    """A delivery and its slip (notice §八).

    Attributes:
        delivered_at: when the partner got the goods; the objection's span counts from it.
        fen: what they cost, in hundredths of a yuan.
        form: how the slip must come, by their worth.
        judged: what became of the goods; ``order`` is the work order an objection opened.
        received_at: when the desk had the slip.
        withheld: why service is withheld while the slip is missing; None while it is not.
    """

    delivered_at: datetime
    goods: Goods
    fen: int
    form: SlipForm
    judged: Judged = "waiting"
    order: int | None = None
    received_at: datetime | None = None
    withheld: str | None = None
    kind: Literal["slip"] = "slip"


@dataclass(frozen=True)
class Retraining:
    """One retraining session: its day, what it costs in yuan, and whether we travelled for it."""

    day: date
    fee: int
    on_site: bool
    note: str = ""


@dataclass(frozen=True)
class Coaching:
    """The month in which a trained person is coached (notice §三).

    Attributes:
        trainee: who was trained. ``exam`` and ``practical``: the days both were passed.
        sessions: retraining since, each paid for.
    """

    trainee: str
    exam: date
    practical: date
    sessions: tuple[Retraining, ...] = ()
    kind: Literal["coaching"] = "coaching"


@dataclass(frozen=True)
class Survey:
    """One month's satisfaction survey of one partner (notice §六).

    Attributes:
        month: its first day.
        scores: 1 to 5 for every :class:`Item`, empty until answered; ``remark`` goes with them.
        by_mail: it came by mail and the desk entered it.
    """

    month: date
    scores: Mapping[Item, int] | None = None
    remark: str = ""
    by_mail: bool = False
    kind: Literal["survey"] = "survey"


@dataclass(frozen=True)
class Change:
    """Who does what from when, on either side (notice §五).

    Attributes:
        role: the post. ``leaves`` and ``comes``: who had it and who gets it, by name.
        effective_at: the opening of business it takes effect at.
        announce_by: the last moment that keeps the lead. ``stamped``: the letter bears the company's stamp.
        reach: how the new person is reached, as it was written.
    """

    role: Role
    leaves: str
    comes: str
    effective_at: datetime
    announce_by: datetime
    stamped: bool
    reach: str = ""


@dataclass(frozen=True)
class TheirChange:
    """A partner's own change, which we must confirm."""

    change: Change
    kind: Literal["their_change"] = "their_change"


@dataclass(frozen=True)
class Receipt:
    """One partner's side of our change: what it was frozen under, by when it may speak, and what it said."""

    clause: Mapping[str, Any]
    due: datetime
    judged: Literal["waiting", "accepted", "deemed"] = "waiting"
    at: datetime | None = None
    by: str | None = None


@dataclass(frozen=True)
class OurChange:
    """Our own change, told to every partner; it takes effect by itself.

    Attributes:
        rank: 1 一责, 2 二责. ``frm`` and ``to``: userids of who has the duty and who gets it.
        receipts: by partner id.
        moved: whether the directory was changed at the effective moment; None before it.
    """

    change: Change
    rank: int
    frm: str
    to: str
    receipts: Mapping[int, Receipt]
    moved: bool | None = None
    kind: Literal["our_change"] = "our_change"

    def judged(
        self, partner: int, how: Literal["accepted", "deemed"], at: datetime, by: str | None
    ) -> OurChange:
        """The change once that partner accepted it, or is deemed to have."""
        receipt = replace(self.receipts[partner], judged=how, at=at, by=by)
        return replace(self, receipts={**self.receipts, partner: receipt})


Matter = Slip | Coaching | Survey | TheirChange | OurChange
