"""What letters are about: how each is read under its lock, and when one of its letters is moot."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot import notices
from bot.sql.unit import Unit
from workorders.handover.handover import moot as handover_moot
from workorders.incidents.desk import moot as incident_moot
from workorders.letters import Letter
from workorders.obligations.telling import moot as obligation_moot
from workorders.orders.telling import moot as order_moot


@dataclass(frozen=True)
class Subject:
    """What letters may be about: how it is read under its lock, and when one of its letters is moot."""

    lock: Callable[[Unit, int], Any]
    moot: Callable[[Letter, Any], str | None]


#: By the word before the colon of a letter's subject; a letter about anything else is never moot.
SUBJECTS: Mapping[str, Subject] = {
    "handover": Subject(lambda unit, id: unit.handovers.lock(id), handover_moot),
    "order": Subject(lambda unit, number: unit.orders.lock(number), order_moot),
    "incident": Subject(lambda unit, number: unit.incidents.lock(number), incident_moot),
    "obligation": Subject(lambda unit, number: unit.obligations.lock(number), obligation_moot),
    "notice": Subject(notices.lock, notices.moot),
}


def in_order(subject: str) -> tuple[str, int]:
    """A subject's kind and number: the order in which what letters are about is locked."""
    kind, _, id = subject.partition(":")
    return kind, int(id) if id.isdigit() else 0


def number_said(letter: Letter) -> int | str | None:
    """The number people say for what a letter is about: 1001, Y3."""
    kind, id = in_order(letter.subject)
    if kind == "obligation":
        return f"Y{id}"
    return id if kind == "order" else None
