"""An intent: one thing people may want, and the function that answers it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from handlers.here import Here
from handlers.message import Incoming, Reply

#: Answers the message, or returns None where it is not this intent's.
Handle = Callable[[Incoming, Here], Reply | None]


@dataclass(frozen=True)
class Intent:
    """One row of the table of contents.

    Attributes:
        name: for logs and tests.
        handle: the function; what it refuses it raises as ``Refused``, which the router says.
    """

    name: str
    handle: Handle
