"""What every page is handed: the use cases over a unit of work, and who looks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import current_app, g

from bot.console.viewer import Viewer
from bot.settings import Settings
from bot.sql.unit import Unit, Units
from bot.uses import Uses
from handlers.here import Here
from handlers.phrases.scene import Scene
from knowledge.library import Library
from workorders.directory.people import Person

#: Asks WeCom who came back with an OAuth code: a userid, or None for somebody who is no member.
WhoCame = Callable[[str], str | None]


@dataclass(frozen=True)
class House:
    """The one house behind both doors, as the console's pages reach it.

    Args:
        uses: the use cases, in desk time. ``who_came``: raises ``SendError`` where WeCom does not say.
    """

    settings: Settings
    units: Units
    uses: Uses
    library: Library
    who_came: WhoCame

    def now(self) -> datetime:
        """Desk time, aware UTC."""
        return self.uses.desk_clock()

    def here(self, unit: Unit, person: Person) -> Here:
        """What a use case or phrase is handed besides its own: as in a 1:1 with that person."""
        now = self.now()
        return Here(
            sender=person,
            group=None,
            orders=self.uses.orders(unit),
            notices=self.uses.notices(unit),
            obligations=self.uses.obligations(unit),
            surveys=self.uses.surveys(unit),
            changes=self.uses.directory(unit, person.userid, "console"),
            handovers=self.uses.handovers(unit),
            library=self.library,
            answers=unit.answers(person.userid, None, now),
            calls=unit.calls(person.userid, now),
            directory=unit.directory,
            agreement=self.uses.agreement,
            now=now,
            hotline=self.settings.hotline_phone,
            home=f"{self.settings.public_url}/",
        )

    def scene(self, unit: Unit, person: Person) -> Scene:
        """The reader's side of a phrase; a screen may be seen by others, so phones are masked."""
        return Scene(self.here(unit, person), shared=True)


def house() -> House:
    """The house of the present request."""
    found: House = current_app.extensions["console"]
    return found


def viewer() -> Viewer:
    """Who looks; the gate let nobody in without."""
    found: Viewer = g.viewer
    return found
