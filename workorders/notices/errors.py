"""What is refused about a notice: composing and sending it, and what recipients say to it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from workorders.errors import Refused

if TYPE_CHECKING:
    from workorders.notices.notice import Cut


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
    """An emergency, which may go out with too short a lead and at any hour, is a supervisor's to approve."""

    def __init__(self, number: int) -> None:
        super().__init__(number, "it is an emergency: only a supervisor may approve it")


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
