"""What is refused about an obligation (约定事项)."""

from __future__ import annotations

from datetime import datetime

from workorders.errors import Refused


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
