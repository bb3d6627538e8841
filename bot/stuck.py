"""Letters that did not arrive, or perhaps did not: a person has them sent again, or lets them be."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.acts import Act
from bot.sql.audit import Door
from bot.sql.unit import Unit
from workorders.letters import Letter
from workorders.sql.letter_log import Written, stuck_letters


@dataclass(frozen=True)
class StuckLetters:
    """The use cases of one unit of work. ``who``: as the audit names them."""

    unit: Unit
    who: str
    door: Door

    def listed(self) -> list[Written]:
        """Those given up or in doubt, the newest first."""
        return stuck_letters(self.unit.conn)

    def resend(self, ids: Iterable[int]) -> list[Letter]:
        """Send them again, each once: a second press finds them due already and does nothing.

        One that may have arrived is marked so (可能重复). Whether it is still worth saying is judged when it
        is claimed.
        """
        sent = []
        for id in sorted(set(ids)):
            if letter := self.unit.letters.again(id):
                self._note(id, "resend", letter.subject)
                sent.append(letter)
        return sent

    def let_be(self, ids: Iterable[int]) -> int:
        """Send them no more, since somebody was told otherwise; how many that ended."""
        ended = [id for id in sorted(set(ids)) if self.unit.letters.let_be(id, f"let be by {self.who}")]
        for id in ended:
            self._note(id, "let_be")
        return len(ended)

    def _note(self, id: int, what: str, about: str = "") -> None:
        self.unit.audit.record(
            Act.LETTER_ACT, who=self.who, door=self.door, subject=f"letter:{id}", what=what, about=about
        )
