"""A notice: its kinds, its states, its events, and the one way from one to the next.

A notice is told to many; what each of them made of it is a receipt (``receipt.py``). What was approved is
what goes out: words and clauses are frozen with a hash over them, and a change is a new notice.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

from workorders import history
from workorders.agreement.clauses import Clause
from workorders.directory.people import Person, Role
from workorders.history import Stated
from workorders.letters import Channel
from workorders.markup import words


class Kind(StrEnum):
    """What is announced; the first four have a clause of the agreement behind them."""

    UPGRADE = "upgrade"
    FAQ_UPDATE = "faq_update"
    PERSONNEL = "personnel"
    ANNEX = "annex"
    BUSINESS = "business"  # campaigns, policies, holidays: silence means nothing


class State(StrEnum):
    DRAFT = "draft"
    APPROVED = "approved"
    SENDING = "sending"
    SENT = "sent"
    RECALLED = "recalled"
    CORRECTED = "corrected"


class Verb(StrEnum):
    """Everything that can happen to a notice. BEGIN and SENT are the clock's own."""

    COMPOSE = "compose"
    APPROVE = "approve"
    SEND = "send"
    BEGIN = "begin"
    SENT = "sent"
    REMIND = "remind"
    RECALL = "recall"
    CORRECT = "correct"


_OUT = (State.SENDING, State.SENT)

#: The life of a notice: what may be done from which state.
LIFE: Mapping[Verb, frozenset[State]] = {
    Verb.APPROVE: frozenset({State.DRAFT}),
    Verb.SEND: frozenset({State.APPROVED}),
    Verb.REMIND: frozenset(_OUT),
    Verb.RECALL: frozenset({State.DRAFT, State.APPROVED, *_OUT}),
    Verb.CORRECT: frozenset(_OUT),
}


@dataclass(frozen=True)
class Audience:
    """Who is told.

    Attributes:
        roles: posts on the partners' side, whoever holds them.
        own: posts on our side.
        partners: ids of the partners meant; none means every partner.
        picked: userids and mail addresses chosen by hand, beside the roles.
    """

    roles: tuple[Role, ...] = ()
    own: tuple[Role, ...] = ()
    partners: tuple[int, ...] = ()
    picked: tuple[str, ...] = ()


@dataclass(frozen=True)
class Form:
    """What a kind asks for.

    Attributes:
        clause: the clause behind it, None where silence means nothing.
        required: the channels without which nobody counts as told.
        audience: who is told unless the composer says otherwise.
    """

    clause: str | None
    required: tuple[Channel, ...]
    audience: Audience


#: Who is told and how, by kind (design §3; notice §一, §二.4, §五, §九.2).
FORMS: Mapping[Kind, Form] = {
    Kind.UPGRADE: Form(
        "notice.upgrade", ("group", "mail"), Audience(roles=(Role.TECH,), own=(Role.OPERATIONS,))
    ),
    Kind.FAQ_UPDATE: Form("notice.faq_update", ("mail",), Audience(roles=(Role.TECH,))),
    Kind.PERSONNEL: Form("notice.personnel", ("mail",), Audience(roles=(Role.CS_LEAD,))),
    Kind.ANNEX: Form("notice.annex", ("mail",), Audience(roles=(Role.CS_LEAD,))),
    Kind.BUSINESS: Form(None, ("group",), Audience(roles=(Role.BUSINESS,))),
}

#: What the hash of a notice is over.
SEALED = (
    *("kind", "title", "body", "effective", "suspension", "stamped"),
    *("clauses", "corrects", "audience"),
)
#: Bytes of a body that a group's message holds beside its title, moments and link (4096 in all, 91770).
GROUP_BODY = 3000
#: Characters of a body, as plain words, that a card holds (90236).
CARD_BODY = 112
#: Characters of a reason, and of what names a stamped letter.
LINE = 100
#: Characters of a title: a card's, on the narrower channel.
TITLE = 26


@dataclass(frozen=True)
class Event(history.Event):
    """Something that happened to a notice."""

    verb: Verb


@dataclass(frozen=True)
class Notice(Stated[Event], event=Event):
    """One broadcast, as its events have made it.

    Attributes:
        number: from 1; people read ``N12``.
        body: markdown.
        effective: when what it announces takes effect, None where nothing does.
        suspension: payment service is suspended, which asks for the longer lead.
        emergency: why it may go out with less lead than the clause asks; empty where it need not.
        stamped: the stamped letter a change of contacts needs (notice §五): its file or reference.
        cut: the writer agreed that a channel too small for the body shows its beginning and the link.
        clauses: the frozen clause under "", and under a partner's id where its own differs;
            none for a business notice.
        hash: over everything above and who is told: what was approved is what was sent.
        composer: userid; None proposed by the desk itself.
        starts_at: when sending begins (an opening, unless it is an emergency).
        wave: what is being posted: ``send``, ``remind.2``, ``recall``; empty when nothing is.
        cursor: the last receipt of the wave whose letters are written. ``reached`` that of the first wave.
        headcount: receipts, once sending began.
        reminders: how often the silent were reminded by hand; ``reminded_at`` the last time.
        corrects: the notice this one takes the place of, and ``corrected_by`` the other way round.
        reason: why it was recalled.
        proposal: what it was proposed for, unique; empty where a person wrote it.
    """

    number: int
    kind: Kind
    title: str
    body: str
    audience: Audience
    composer: str | None
    composed_at: datetime
    hash: str
    state: State
    state_at: datetime
    state_by: str | None
    last_at: datetime
    effective: datetime | None = None
    suspension: bool = False
    emergency: str = ""
    stamped: str = ""
    cut: bool = False
    clauses: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    approver: str | None = None
    approved_at: datetime | None = None
    starts_at: datetime | None = None
    wave: str = ""
    cursor: int = 0
    reached: int = 0
    headcount: int = 0
    reminders: int = 0
    reminded_at: datetime | None = None
    corrects: int | None = None
    corrected_by: int | None = None
    reason: str = ""
    proposal: str = ""
    events: int = 0

    @property
    def name(self) -> str:
        """What people read and type; of a preview, which has no number yet, ``N…``."""
        return f"N{self.number or '…'}"

    @property
    def form(self) -> Form:
        return FORMS[self.kind]

    @property
    def intact(self) -> bool:
        """Whether what the desk keeps is still what was composed: the hash, taken anew, is the same."""
        return seal(**{name: getattr(self, name) for name in SEALED}) == self.hash

    @property
    def over(self) -> bool:
        """It no longer stands: nobody is deemed anything by it any more."""
        return self.state in (State.RECALLED, State.CORRECTED)

    @property
    def out(self) -> bool:
        """It stands, and people were or are being told."""
        return self.state in _OUT

    def clause(self, partner: int | None) -> Clause | None:
        """The clause as it was frozen for that partner; None for a notice nobody is deemed by."""
        frozen = self.clauses.get(str(partner)) or self.clauses.get("")
        return Clause.thaw(frozen) if frozen else None


@dataclass(frozen=True)
class Cut:
    """A channel too small for a body, which shows its beginning and the link.

    Attributes:
        size: of the body. ``most``: what the channel holds. Both in ``unit``.
    """

    channel: Channel
    size: int
    most: int
    unit: Literal["bytes", "characters"]


def cuts(body: str, channels: Collection[Channel]) -> tuple[Cut, ...]:
    """The channels among those that are too small for a body; mail holds any."""
    found = (
        Cut("group", len(body.encode()), GROUP_BODY, "bytes"),
        Cut("app", len(words(body)), CARD_BODY, "characters"),
    )
    return tuple(cut for cut in found if cut.channel in channels and cut.size > cut.most)


def seal(*, effective: datetime | None, audience: Audience, **content: Any) -> str:
    """SHA-256 over what is announced (:data:`SEALED`) and to whom, as canonical JSON; 64 hex digits."""
    sealed = {
        **content,
        "effective": effective.isoformat() if effective else None,
        "audience": [audience.roles, audience.own, audience.partners, audience.picked],
    }
    text = json.dumps(sealed, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def announces(person: Person) -> bool:
    """Whether the person may compose, approve and send notices: 运营中心 and those who supervise."""
    operations = person.console == "operations" or any(d.role is Role.OPERATIONS for d in person.duties)
    return person.side == "us" and (operations or person.supervises)
