"""Who is on duty over a stretch of time, one spell after another."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise

from workorders.directory.people import Directory, Person, Role


@dataclass(frozen=True)
class Spell:
    """A stretch in which the same people are told of a duty's work.

    Attributes:
        begins, ends: half-open (aware UTC); ``ends`` is None where it lies beyond what was asked.
        appointed: whose duty or turn it is. ``told``: who is told, stand-ins for those who are away.
    """

    begins: datetime
    ends: datetime | None
    appointed: tuple[Person, ...]
    told: tuple[Person, ...]


def spells(
    directory: Directory, role: Role, rank: int, begins: datetime, ends: datetime, *, urgent: bool = False
) -> list[Spell]:
    """The spells of a duty between two moments (aware UTC), in order, neighbours of one kind made one."""
    moments = [begins, *directory.turning_points(begins, ends), ends]
    found: list[Spell] = []
    for start, end in pairwise(moments):
        spell = Spell(
            start,
            end if end < ends else None,
            directory.appointed(role, rank, start, urgent=urgent),
            directory.holders(role, rank, start, urgent=urgent),
        )
        if found and (found[-1].appointed, found[-1].told) == (spell.appointed, spell.told):
            found[-1] = replace(found[-1], ends=spell.ends)
        else:
            found.append(spell)
    return found
