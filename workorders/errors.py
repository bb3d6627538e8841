"""The family of errors the desk raises, translated to chat, HTTP and exit codes in one place each.

::

    DeskError
    ├── FileError          an operator's file cannot be used: where, what, what is accepted
    ├── SpanUnset          the clause has no span until the operator supplies one
    ├── UnknownClause      no clause of that name
    └── Refused            a verb that cannot be done; nothing was changed
        ├── NoSuchOrder
        ├── NoSuchIncident
        ├── NotYours       the person may not do this to this order
        ├── WrongState     the life of a work order has no such step from here
        ├── TooSoon        urged within the last five minutes
        ├── AlreadySo      it is what it was asked to become
        ├── GivePlanInstead  an urgent order is not paused; its plan is given
        ├── CannotChange   a change of the directory that cannot be made
        ├── NoHandover     交接班 that cannot be offered or taken
        ├── NothingMissed  nothing is late that a cause could be given for
        ├── RatingOver       closed too long ago to be rated
        ├── UnknownReporter  somebody in nobody's directory, and it is not urgent
        ├── OfObligation  what holds for obligations (约定事项)
        │   ├── NoSuchObligation
        │   ├── NotTheirs     the person may not do this to this obligation
        │   ├── NotPossible   its life has no such step from here
        │   └── BadField      a field of it is missing or impossible
        ├── Unacceptable   a picture or file too large, broken, or of a kind that is not taken
        ├── NoSuchAttachment
        ├── WrongKind      this kind of work knows no such step
        ├── NotMissed      a suspension is proposed only once the reply is overdue
        ├── OtherPartner   orders of different partners are not merged
        ├── BadForm        fields of a form that are missing or impossible, each named
        ├── Incomplete     what the verb needs was not given (a reason, a moment, a role)
        └── NoticeRefused  a notice cannot be composed, sent or answered so; a class for each reason
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from workorders.notices.notice import Cut


class DeskError(Exception):
    """Base of everything the desk raises on purpose."""


class FileError(DeskError):
    """An agreement, calendar, directory or article file that cannot be used.

    Args:
        where: the file and the key in it, e.g. ``agreement.toml: hours.mon``.
        what: what is wrong with it, in one clause.
        accepted: what would be accepted instead, empty when there is no one form.
    """

    def __init__(self, where: str, what: str, accepted: str = "") -> None:
        self.where, self.what, self.accepted = where, what, accepted
        super().__init__(f"{where}: {what}" + (f" (accepted: {accepted})" if accepted else ""))


class SpanUnset(DeskError):
    """The clause promises a span the operator has not supplied (annex 1 of the agreement)."""


class UnknownClause(DeskError):
    """No clause of that name in the agreement."""


class Refused(DeskError):
    """A verb was asked for that cannot be done; nothing was changed."""


class NoSuchOrder(Refused):
    """There is no work order of that number (or none the person may see)."""

    def __init__(self, number: int | None) -> None:
        self.number = number
        super().__init__(f"no work order {number}")


class NoSuchIncident(Refused):
    """There is no incident of that number."""

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__(f"no incident {number}")


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


class Incomplete(Refused):
    """What the verb needs was not given.

    Args:
        field: one of ``text``, ``reason``, ``code``, ``plan``, ``moment``, ``fee``, ``result``,
            ``improvement``, ``role``, ``person``, ``worker``, ``partner``, ``awaited``, ``kind``, ``order``,
            ``received_at``.
        given: what was given instead, for the sentence that asks again.
    """

    def __init__(self, field: str, given: str = "") -> None:
        self.field, self.given = field, given
        super().__init__(f"{field} missing or unusable: {given!r}")


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


class CannotChange(Refused):
    """A change of the directory that cannot be made.

    Args:
        why: who asks is not of the ``desk``, or no ``supervisor``; it was not said ``in_group``; there is
            ``no_partner`` or ``no_group`` of that name, or ``nobody``; the group is one of ``ours``,
            ``bound`` so already, ``bound_other``, or ``unbound``; a ``key`` is another group's; an absence
            says no ``when``, is ``reversed``, ``past``, or there is ``no_absence``; a stand-in is wrong
            as in :data:`workorders.directory.away.Wrong`; or a row of the rota is somebody's who is
            ``turn_nobody`` of ours or ``turn_idle``, stands there ``turn_twice``, or is ``no_turn`` there.
        name: what or whom it is about.
    """

    def __init__(self, why: str, *, name: str | None = None) -> None:
        self.why, self.name = why, name
        super().__init__(f"the directory was not changed: {why}" + (f" ({name})" if name else ""))


class NoHandover(Refused):
    """A hand-over at the end of a shift that cannot be offered or taken.

    Args:
        why: the receiver is ``nobody``, the giver ``yourself``, ``idle`` (works no orders) or ``away``; an
            order is ``not_yours``; there is ``nothing`` to offer, ``none`` offered, all of it ``taken``; or
            it was offered to another (``not_receiver``).
        number: the order it is about. ``name``: the person; ``instead``: who stands in for them.
    """

    def __init__(
        self,
        why: Literal[
            "nobody", "yourself", "idle", "away", "not_yours", "nothing", "none", "taken", "not_receiver"
        ],
        *,
        number: int | None = None,
        name: str | None = None,
        instead: str | None = None,
    ) -> None:
        self.why, self.number, self.name, self.instead = why, number, name, instead
        super().__init__(f"no hand-over: {why}")


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


class OfObligation(Refused):
    """Something about an obligation (约定事项) cannot be done."""


class NoSuchObligation(OfObligation):
    """There is no obligation of that number (or none the person may see)."""

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__(f"there is no obligation Y{number}")


class NotTheirs(OfObligation):
    """The person may not do this to this obligation.

    Args:
        number: the obligation; 0 for filing a new one.
        verb: what was asked for.
    """

    def __init__(self, number: int, verb: str) -> None:
        self.number, self.verb = number, verb
        super().__init__(f"{verb} of obligation Y{number} is not this person's to do")


class NotPossible(OfObligation):
    """The life of an obligation has no such step from where it is.

    Args:
        number: the obligation. ``verb``: what was asked for.
        why: ``kind`` (it is about something else), ``over``, ``late`` (the time to object is past),
            ``already`` (it was done before), ``nothing`` (there is nothing to lift).
        at: when it came to be so (aware UTC), where there is such a moment.
    """

    def __init__(self, number: int, verb: str, why: str, at: datetime | None = None) -> None:
        self.number, self.verb, self.why, self.at = number, verb, why, at
        reason = {
            "kind": "it is about something else",
            "over": "it is over",
            "late": "the time for it is past",
            "already": "it was done before",
            "nothing": "service is not withheld",
        }[why]
        super().__init__(f"{verb} of obligation Y{number} is not possible: {reason}")


class ChangePending(OfObligation):
    """Another change of ours of the same duty has yet to take effect.

    Args:
        number: that obligation.
    """

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__(f"obligation Y{number}, which has yet to take effect, changes the same duty")


class BadField(OfObligation):
    """A field of an obligation is missing or impossible.

    Args:
        field: its name, as the command line has it (``delivered``, ``amount``, ``partner`` …).
        given: what was given, empty where nothing was.
        accepted: what is accepted, for the operator.
    """

    def __init__(self, field: str, given: str = "", accepted: str = "") -> None:
        self.field, self.given, self.accepted = field, given, accepted
        what = f"{given!r} cannot be" if given else "is missing"
        super().__init__(f"{field}: {what}" + (f" (accepted: {accepted})" if accepted else ""))


class Unacceptable(Refused):
    """A picture or file that is not taken.

    Args:
        reason: ``too_large``, ``forbidden``, ``archive`` or ``broken``.
    """

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(f"the attachment is {reason}")


class NoSuchAttachment(Refused):
    """There is no original of that number (any more), or none the person may see."""

    def __init__(self, id: int) -> None:
        self.id = id
        super().__init__(f"no attachment {id}")


class NoticeRefused(Refused):
    """Base of what is refused about a notice. ``str`` is one line for the operator.

    Args:
        number: the notice; None while it has none.
    """

    def __init__(self, number: int | None, line: str) -> None:
        self.number = number
        super().__init__(f"N{number}: {line}" if number else line)


class NoSuchNotice(NoticeRefused):
    """There is no notice of that number (or none the person may know of)."""

    def __init__(self, number: int) -> None:
        super().__init__(number, "there is no such notice")


class NotAnnouncer(NoticeRefused):
    """The person may not compose, approve or send notices (accepted: operations, supervisors)."""

    def __init__(self, number: int | None, who: str) -> None:
        self.who = who
        super().__init__(number, f"{who} may not do this (accepted: operations and supervisors)")


class SamePerson(NoticeRefused):
    """Who composed a notice does not approve it."""

    def __init__(self, number: int) -> None:
        super().__init__(number, "whoever composed a notice does not approve it; ask a colleague")


class NeedsSupervisor(NoticeRefused):
    """An emergency with too short a lead is a supervisor's to approve."""

    def __init__(self, number: int) -> None:
        super().__init__(number, "its lead is too short: only a supervisor may approve it")


class NoticeState(NoticeRefused):
    """The life of a notice has no such step from its present state."""

    def __init__(self, number: int, verb: str, state: str, by: str | None, at: datetime) -> None:
        self.verb, self.state, self.by, self.at = verb, state, by, at
        super().__init__(number, f"{verb} is not possible while it is {state}")


class LeadTooShort(NoticeRefused):
    """It would be announced after the clause's last moment, and is no emergency.

    Args:
        announce_by: that moment. ``starts``: when it would go out. ``why``: the calendar's lines.
        partner: whose own clause asks for so much; empty where it is everybody's.
    """

    def __init__(
        self,
        number: int | None,
        announce_by: datetime,
        starts: datetime,
        why: tuple[str, ...],
        partner: str = "",
    ) -> None:
        self.announce_by, self.starts, self.why, self.partner = announce_by, starts, why, partner
        whose = f" for {partner}, by its own clause" if partner else ""
        super().__init__(
            number,
            f"the lead is too short{whose}: it would go out at {_local(starts)}, and had to by"
            f" {_local(announce_by)} ({'; '.join(why)}) (accepted: a later effective moment, or an emergency"
            " with its reason)",
        )


class EffectPast(NoticeRefused):
    """What it announces would take effect before it is sent."""

    def __init__(self, number: int | None, effective: datetime, starts: datetime) -> None:
        self.effective, self.starts = effective, starts
        super().__init__(
            number,
            f"it would take effect at {_local(effective)}, and goes out at {_local(starts)} at the earliest"
            " (accepted: a later effective moment)",
        )


class EmptyAudience(NoticeRefused):
    """Nobody would be told."""

    def __init__(self, number: int | None) -> None:
        super().__init__(number, "nobody would be told: no one holds those roles at those partners")


class UnknownRecipient(NoticeRefused):
    """Somebody picked by hand is neither in the directory nor a mail address."""

    def __init__(self, given: str) -> None:
        self.given = given
        super().__init__(None, f"recipient {given!r} is neither a userid of the directory nor a mail address")


class BodyTooLong(NoticeRefused):
    """The body does not fit a channel, and the writer did not agree to its being cut.

    Args:
        cuts: each channel too small for it.
    """

    def __init__(self, cuts: tuple[Cut, ...]) -> None:
        self.cuts = cuts
        each = "; ".join(f"{cut.channel}: {cut.size} {cut.unit}, it holds {cut.most}" for cut in cuts)
        super().__init__(
            None,
            f"the body does not fit every channel ({each})"
            " (accepted: a shorter one, or consent to cut it there; the link shows all of it)",
        )


class RemindedJustNow(NoticeRefused):
    """The silent were reminded less than five minutes before."""

    def __init__(self, number: int, again_at: datetime) -> None:
        self.again_at = again_at
        super().__init__(number, f"they were reminded moments ago; again from {_local(again_at)}")


class NobodyToRemind(NoticeRefused):
    """Everybody has answered, or cannot be reached."""

    def __init__(self, number: int) -> None:
        super().__init__(number, "nobody is silent")


class NotTold(NoticeRefused):
    """The person was not told, so their answer counts for nothing; it is kept as evidence.

    Args:
        told: names of those of the same partner who were.
    """

    def __init__(self, number: int, told: tuple[str, ...] = ()) -> None:
        self.told = told
        super().__init__(number, "this person was not told")


class AlreadyAcknowledged(NoticeRefused):
    """It was acknowledged before, at ``at`` by ``by``."""

    def __init__(self, number: int, at: datetime, by: str | None) -> None:
        self.at, self.by = at, by
        super().__init__(number, f"it was acknowledged before, at {_local(at)}")


class NoticeOver(NoticeRefused):
    """It was recalled or corrected, and nothing need be answered.

    Args:
        instead: the notice that took its place, if one did.
    """

    def __init__(self, number: int, state: str, instead: int | None) -> None:
        self.state, self.instead = state, instead
        super().__init__(number, f"it was {state}")


class NothingToRedeliver(NoticeRefused):
    """No channel of that recipient failed, or none has an address to try."""

    def __init__(self, number: int, name: str) -> None:
        self.name = name
        super().__init__(number, f"nothing to send to {name} again: no channel failed that has an address")


def _local(at: datetime) -> str:
    return f"{at.astimezone(ZoneInfo('Asia/Shanghai')):%Y-%m-%d %H:%M}"


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
