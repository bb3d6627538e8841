"""What is refused about a work order: raised by its verbs and by the desk that judges who may do them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from workorders.errors import Refused


class NoSuchOrder(Refused):
    """There is no work order of that number (or none the person may see)."""

    def __init__(self, number: int | None) -> None:
        self.number = number
        super().__init__(f"no work order {number}")


class NotYours(Refused):
    """The person may not do this to this order.

    Args:
        number: the work order.
        verb: what was asked for.
        owner: userid of the present owner, if there is one.
    """

    def __init__(self, number: int, verb: str, owner: str | None = None) -> None:
        self.number, self.verb, self.owner = number, verb, owner
        super().__init__(f"{verb} of {number} is not this person's to do")


class WrongState(Refused):
    """The life of a work order has no such step from its present state.

    Args:
        number: the work order.
        verb: what was asked for.
        state: the state it is in.
        by: userid of who brought it there, and ``at`` when, so a stale press can be told.
    """

    def __init__(self, number: int, verb: str, state: str, by: str | None, at: datetime) -> None:
        self.number, self.verb, self.state, self.by, self.at = number, verb, state, by, at
        super().__init__(f"{verb} of {number} is not possible while {state}")


class TooSoon(Refused):
    """Urged again before ``again_at`` (aware UTC)."""

    def __init__(self, number: int, again_at: datetime) -> None:
        self.number, self.again_at = number, again_at
        super().__init__(f"{number} was urged moments ago")


class AlreadySo(Refused):
    """The order is already what it was asked to become."""

    def __init__(self, number: int, verb: str) -> None:
        self.number, self.verb = number, verb
        super().__init__(f"{verb} of {number} would change nothing")


class GivePlanInstead(Refused):
    """An urgent order cannot be paused; its owner gives a plan instead."""

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__(f"{number} is urgent and cannot be paused")


class NothingMissed(Refused):
    """No promise of the order was missed: there is nothing to give a cause for."""

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__(f"no promise of {number} was missed")


class RatingOver(Refused):
    """The order was closed too long ago to be rated."""

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__(f"{number} was closed too long ago to be rated")


class UnknownReporter(Refused):
    """Nobody knows this person or group; they may report urgent faults only."""


class WrongKind(Refused):
    """This kind of work knows no such step: an onboarding is expedited, not made urgent.

    Args:
        number: the work order.
        verb: what was asked for.
        kind: what kind of work it is.
    """

    def __init__(self, number: int, verb: str, kind: str) -> None:
        self.number, self.verb, self.kind = number, verb, kind
        super().__init__(f"{verb} of {number} is not for {kind} orders")


class NotMissed(Refused):
    """The reply to a complaint is not overdue: there is no ground yet to propose a suspension.

    Args:
        number: the work order.
        due: when the reply is due (aware UTC), None where no reply is promised.
    """

    def __init__(self, number: int, due: datetime | None) -> None:
        self.number, self.due = number, due
        super().__init__(f"the reply to {number} is not overdue")


class OtherPartner(Refused):
    """Two orders that are not of one partner cannot be merged."""

    def __init__(self, number: int, into: int) -> None:
        self.number, self.into = number, into
        super().__init__(f"{number} and {into} are not of one partner")


@dataclass(frozen=True)
class Fault:
    """What is wrong with one field of a form.

    Attributes:
        field: its name.
        why: ``missing``, ``unknown`` (no such field), ``form`` (not readable), ``choice`` (none of those
            accepted), ``negative``, ``past``, ``future``, ``long``, ``nobody`` (there is no such order).
        given: what was given.
        accepted: what would be, for the operator.
    """

    field: str
    why: str
    given: str = ""
    accepted: str = ""

    def __str__(self) -> str:
        what = f"{self.field}: {_FAULTS[self.why]}".format(repr(self.given))
        return what + (f" (accepted: {self.accepted})" if self.accepted else "")


_FAULTS = {
    "missing": "is missing",
    "unknown": "is no field of this form",
    "form": "{} cannot be read",
    "choice": "{} is none of the choices",
    "negative": "{} is negative",
    "past": "{} is past",
    "future": "{} is yet to come",
    "long": "is too long",
    "nobody": "{} is not known",
}


class BadForm(Refused):
    """Fields of a form that are missing or impossible; nothing was opened or changed.

    Args:
        kind: the kind of work the form is of.
        faults: each wrong field, in the form's order.
    """

    def __init__(self, kind: str, faults: tuple[Fault, ...]) -> None:
        self.kind, self.faults = kind, faults
        super().__init__("; ".join(map(str, faults)))
