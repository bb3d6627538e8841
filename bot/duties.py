"""Who is told of what at a moment, duty by duty: for the console and for ``desk directory show``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from workorders.directory.people import Directory, Person, Role


@dataclass(frozen=True)
class Held:
    """A duty that somebody holds.

    Attributes:
        urgent: it is the rota's turn at the role's urgent work.
        appointed: whose it is. ``told``: who is told, stand-ins for whoever is away.
    """

    role: Role
    rank: int
    urgent: bool
    appointed: tuple[Person, ...]
    told: tuple[Person, ...]

    @property
    def away(self) -> tuple[Person, ...]:
        """Those of them who are not told."""
        return tuple(person for person in self.appointed if person not in self.told)


def held(directory: Directory, at: datetime) -> Iterator[Held]:
    """Every duty somebody holds at a moment (aware UTC); a rota's turn only where it changes anything."""
    for role in Role:
        usual = directory.appointed(role, 1, at)
        for rank, urgent in ((1, False), (1, True), (2, False)):
            appointed = directory.appointed(role, rank, at, urgent=urgent)
            if appointed and not (urgent and appointed == usual):
                told = directory.holders(role, rank, at, urgent=urgent)
                yield Held(role, rank, urgent, appointed, told)
