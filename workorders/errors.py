"""The family of errors the desk raises, translated to chat, HTTP and exit codes in one place each.

What several packages raise is here; what one package raises is its own ``errors.py``.

::

    DeskError
    ├── FileError               an operator's file cannot be used: where, what, what is accepted
    ├── agreement.errors        SpanUnset, UnknownClause
    └── Refused                 a verb that cannot be done; nothing was changed
        ├── Incomplete          what the verb needs was not given (a reason, a moment, a role)
        ├── orders.errors       NoSuchOrder, NotYours, WrongState, WrongKind, AlreadySo, BadForm …
        ├── obligations.errors  OfObligation, and below it NotTheirs, NotPossible, BadField …
        ├── notices.errors      NoticeRefused, and below it a class for each reason
        ├── incidents.errors    NoSuchIncident
        ├── directory.errors    CannotChange
        ├── handover.errors     NoHandover
        └── attachments.errors  Unacceptable, NoSuchAttachment
"""

from __future__ import annotations


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


class Refused(DeskError):
    """A verb was asked for that cannot be done; nothing was changed."""


class Incomplete(Refused):
    """What the verb needs was not given.

    Args:
        field: the name of what is missing (``reason``, ``moment``, ``partner`` …).
        given: what was given instead, empty where nothing was.
    """

    def __init__(self, field: str, given: str = "") -> None:
        self.field, self.given = field, given
        super().__init__(f"{field} missing or unusable: {given!r}")
