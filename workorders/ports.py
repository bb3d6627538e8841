"""What the work-order backend needs from outside: stores that join the caller's unit of work.

Nothing here commits. A unit of work is opened by whoever stands at the edge (a door, a sweep, a
command), which commits or rolls back everything at once.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime
from typing import Protocol

from workorders.attachments.attachment import Attached, Attachment, Sort, Unfit
from workorders.attachments.content import Content
from workorders.directory.people import Role
from workorders.letters import Letter
from workorders.obligations.obligation import Event as ObligationEvent
from workorders.obligations.obligation import Obligation
from workorders.obligations.plans import Plan
from workorders.orders.ledger import Line
from workorders.orders.order import Event, WorkOrder

#: Reads desk time: aware UTC. Asked only after a lock is held, so that moments follow each other.
Now = Callable[[], datetime]


class OrderStore(Protocol):
    """Work orders and their events."""

    def begin(self, event: Event) -> WorkOrder:
        """A new order made by its first event, with the next number from 1001; :meth:`record` must follow."""

    def lock(self, number: int) -> WorkOrder | None:
        """The order, its row locked until the unit ends; None where there is none."""

    def read(self, number: int) -> WorkOrder | None:
        """The order as it was last committed or changed in this unit."""

    def ledger(self, number: int) -> tuple[Line, ...]:
        """The order's lines in the ledger of promises, as they were last recorded."""

    def record(
        self,
        order: WorkOrder,
        events: Sequence[Event],
        look_at: datetime | None,
        lines: Sequence[Line] = (),
    ) -> None:
        """Append the events, perhaps none, and keep ``order`` as the snapshot they make.

        Args:
            look_at: when the sweep must look at it again; None never.
            lines: the lines of its ledger that are new or changed.
        """

    def events(self, number: int) -> list[Event]:
        """Everything that happened to the order, in order."""

    def live_of(self, *, partner: int | None, reporter: str) -> list[WorkOrder]:
        """Live orders of that partner (or, without one, of that reporter), oldest first."""

    def owned_by(self, userid: str) -> list[WorkOrder]:
        """Live orders owned by that person, next due first."""

    def waiting_for(self, roles: Collection[Role] | None) -> list[WorkOrder]:
        """Live orders nobody has accepted yet, of those roles (None: of any), next due first."""

    def latest_of(self, reporter: str, chat: str | None) -> WorkOrder | None:
        """The order that reporter opened last in that place, whatever its state."""

    def solved_of(self, reporter: str) -> list[WorkOrder]:
        """The solved orders of that reporter that silence has not closed, wherever they were opened."""

    def silent_of(self, reporter: str, since: datetime) -> int:
        """How often silence closed an order of that reporter from that moment on."""

    def live(self) -> list[WorkOrder]:
        """All live orders, next due first."""


class LetterBox(Protocol):
    """Where letters are posted."""

    def post(self, letter: Letter) -> bool:
        """Write the letter; False when it had been written before."""

    def post_all(self, letters: Iterable[Letter]) -> None:
        """Write many at once; those that had been written before are passed over."""

    def waiting_about(self, subject: str, limit: int) -> int:
        """How many letters to recipients about that have not come to an end, counted up to ``limit``."""

    def cards_out(self, subject: str) -> dict[str, int]:
        """The newest card about that subject with buttons in each person's hands: userid to delivery."""


class ObligationStore(Protocol):
    """Obligations and their events; as for work orders."""

    def begin(self, event: ObligationEvent) -> Obligation:
        """A new obligation made by its first event, numbered from 1; :meth:`record` must follow."""

    def lock(self, number: int) -> Obligation | None:
        """The obligation, its row locked until the unit ends; None where there is none."""

    def record(
        self, obligation: Obligation, events: Sequence[ObligationEvent], look_at: datetime | None
    ) -> None:
        """Append the events, perhaps none, and keep ``obligation`` as the snapshot they make."""

    def events(self, number: int) -> list[ObligationEvent]:
        """Everything that happened to the obligation, in order."""

    def live(self, partner: int | None = None) -> list[Obligation]:
        """Those something is still to come of, of one partner or all; next due first, at most 200."""

    def surveys(self, partner: int | None = None) -> list[Obligation]:
        """Every survey that was answered, of one partner or all, oldest first."""


class SurveyPlans(Protocol):
    """How often each partner is surveyed."""

    def lock(self, partner: int) -> Plan | None:
        """The partner's plan, its row locked until the unit ends; None where there is none yet."""

    def keep(self, plan: Plan) -> None:
        """Keep the plan; the sweep looks at it at its ``next_at``."""

    def missing(self) -> list[int]:
        """Present partners whose next survey has no moment yet."""


class Duties(Protocol):
    """Where our own people's duties are kept."""

    def move_duty(self, role: Role, rank: int, frm: str, to: str) -> bool:
        """Give the duty ``frm`` holds to ``to`` (userids); False, changing nothing, where that cannot be."""


class AttachmentStore(Protocol):
    """Pictures and files. An event with attachments in its facts, once recorded, makes them its order's."""

    def add(
        self,
        *,
        sort: Sort,
        source: str,
        ref: str | None,
        by: str,
        chat: str | None,
        name: str,
        at: datetime,
        expires_at: datetime | None,
    ) -> int:
        """A new one, waiting to be fetched; its number.

        Args:
            at: desk time. ``expires_at``: machine time until which it can be fetched.
        """

    def read(self, id: int) -> Attachment | None:
        """The attachment; None where there is none."""

    def lock(self, id: int) -> Attachment | None:
        """The same, its row locked until the unit ends."""

    def loose(self, by: str, chat: str | None, since: datetime) -> Attached:
        """What that person sent there since that moment (desk time) and no order has, locked.

        What was refused or lost is among the ids, and not counted.
        """

    def forget(self, dropped: Attached) -> None:
        """Let go of drafts."""

    def of_order(self, number: int) -> list[Attachment]:
        """The attachments of an order, as they came."""

    def became_kept(self, id: int, content: Content, name: str) -> None:
        """Keep it; equal content is kept once."""

    def became_refused(self, id: int, unfit: Unfit, name: str) -> None:
        """It is not taken."""

    def became_lost(self, id: int) -> None:
        """It could not be had."""

    def original(self, sha256: str) -> bytes | None:
        """The bytes kept under that hash; None once they were deleted."""
