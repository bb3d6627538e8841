"""What an import of a directory file changes."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from workorders.directory.file import DirectoryFile
from workorders.directory.names import name_key, userid_key

What = Literal["partner", "person", "group", "turn"]
Became = Literal["added", "changed", "left"]


@dataclass(frozen=True)
class Difference:
    """One row that is new, other than before, or no longer named; ``name``: as people know it."""

    what: What
    became: Became
    name: str


@dataclass(frozen=True)
class Count:
    """How many of one kind of row."""

    added: int
    changed: int
    left: int

    def __str__(self) -> str:
        return f"{self.added} added, {self.changed} changed, {self.left} left"


@dataclass(frozen=True)
class Changes:
    """How many partners, people, groups and rota rows an import added, changed and no longer names."""

    partners: Count
    people: Count
    groups: Count
    rota: Count

    def __str__(self) -> str:
        return f"partners: {self.partners}; people: {self.people}; groups: {self.groups}; rota: {self.rota}"


def changes(before: DirectoryFile, after: DirectoryFile) -> Changes:
    """Compare two directories in figures; as :func:`differences`."""
    found = list(differences(before, after))

    def count(what: What) -> Count:
        became = [each.became for each in found if each.what == what]
        return Count(became.count("added"), became.count("changed"), became.count("left"))

    return Changes(count("partner"), count("person"), count("group"), count("turn"))


def differences(before: DirectoryFile, after: DirectoryFile) -> Iterator[Difference]:
    """Compare two directories row by row; order makes no difference.

    A person is known again by userid, one without a userid only if nothing about them changed; nor is a row
    of the rota otherwise.
    """
    for what, rows in _KINDS.items():
        was, becomes = rows(before), rows(after)
        for key, (name, row) in becomes.items():
            if key not in was:
                yield Difference(what, "added", name)
            elif was[key][1] != row:
                yield Difference(what, "changed", name)
        for key, (name, _) in was.items():
            if key not in becomes:
                yield Difference(what, "left", name)


#: By what a row is known again, its name and what is compared.
_Rows = dict[Hashable, tuple[str, object]]


def _partners(file: DirectoryFile) -> _Rows:
    return {name_key(row.name): (row.name, replace(row, groups=(), contacts=())) for row in file.partners}


def _people(file: DirectoryFile) -> _Rows:
    people: _Rows = {userid_key(row.userid): (row.name, row) for row in file.staff}
    for company in file.partners:
        owner = name_key(company.name)
        for row in company.contacts:
            key = userid_key(row.userid) if row.userid else (owner, row)
            people[key] = (row.name, (owner, row))
    return people


def _groups(file: DirectoryFile) -> _Rows:
    groups: _Rows = {row.chatid: (row.name, row) for row in file.groups}
    for company in file.partners:
        for row in company.groups:
            groups[row.chatid] = (row.name, (name_key(company.name), row))
    return groups


def _turns(file: DirectoryFile) -> _Rows:
    names = {userid_key(row.userid): row.name for row in file.staff}
    return {row: (names.get(userid_key(row.userid), row.userid), row) for row in file.rota}


_KINDS: Mapping[What, Callable[[DirectoryFile], _Rows]] = {
    "partner": _partners,
    "person": _people,
    "group": _groups,
    "turn": _turns,
}
