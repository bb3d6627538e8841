"""Who is told of what at a moment, duty by duty, and which duties nobody holds: for every door."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from workorders.agreement.clauses import Agreement
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


def vacant(agreement: Agreement, holds: Callable[[Role], bool]) -> list[Role]:
    """Roles whose first duty somebody must hold, since work or the ladder comes to them, and nobody does.

    Args:
        holds: whether anybody is 一责 of a role.
    """
    routes = agreement.routes
    wanted = {routes.default, *routes.kinds.values(), *routes.topics.values(), Role.BUSINESS, Role.CS_LEAD}
    return [role for role in Role if role in wanted and not holds(role)]


def held(directory: Directory, at: datetime) -> Iterator[Held]:
    """Every duty somebody holds at a moment (aware UTC); a rota's turn only where it changes anything."""
    for role in Role:
        usual = directory.appointed(role, 1, at)
        for rank, urgent in ((1, False), (1, True), (2, False)):
            appointed = directory.appointed(role, rank, at, urgent=urgent)
            if appointed and not (urgent and appointed == usual):
                told = directory.holders(role, rank, at, urgent=urgent)
                yield Held(role, rank, urgent, appointed, told)
