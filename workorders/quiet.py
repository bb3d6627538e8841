"""Quiet hours: what is not urgent and meant for our own people waits until service opens, and comes bundled.

What a partner is told is never held, nor anything urgent: that breaks through, and says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from workorders.agreement.worktime import Calendar
from workorders.directory.people import Directory
from workorders.letters import Letter
from workorders.ports import LetterBox, Now

#: How long after closing people are still written to: what fell due at closing is told that evening.
AFTER_CLOSING = timedelta(minutes=30)

#: Changes of what somebody already holds, which ring nowhere.
_SILENT = frozenset({"card_done"})


def held_until(at: datetime, calendar: Calendar) -> datetime | None:
    """The opening until which our own people are left in peace at a moment; None while they are not.

    A break in the middle of the day is no quiet.
    """
    day = calendar.local_day(at)
    if calendar.is_working_day(day):
        opens = calendar.opening(calendar.moment(day, 0))
        if opens <= at < calendar.closing(day) + AFTER_CLOSING:
            return None
    return calendar.opening(at)


@dataclass(frozen=True)
class QuietBox:
    """A letter box that holds, outside service hours, what our own people may read in the morning.

    Args:
        now: reads desk time.
    """

    box: LetterBox
    directory: Directory
    calendar: Calendar
    now: Now

    def post(self, letter: Letter) -> bool:
        return self.box.post(self._held(letter))

    def post_all(self, letters: Iterable[Letter]) -> None:
        self.box.post_all(map(self._held, letters))

    def waiting_about(self, subject: str, limit: int) -> int:
        return self.box.waiting_about(subject, limit)

    def cards_out(self, subject: str) -> dict[str, int]:
        return self.box.cards_out(subject)

    def _held(self, letter: Letter) -> Letter:
        if letter.urgent or letter.channel != "app" or letter.kind in _SILENT:
            return letter
        # Whose it is is asked of the database, and only at night.
        until = held_until(self.now(), self.calendar)
        if until and self.directory.person(letter.recipient).side == "us":
            return replace(letter, hold_until=until)
        return letter
