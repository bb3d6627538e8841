"""What an import of a directory file changes."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, replace

from workorders.directory.file import DirectoryFile
from workorders.directory.names import name_key, userid_key


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
    """Compare two directories; order makes no difference.

    A person is known again by userid, one without a userid only if nothing about them changed; nor is a row
    of the rota otherwise.
    """
    return Changes(
        partners=_count(_partners(before), _partners(after)),
        people=_count(_people(before), _people(after)),
        groups=_count(_groups(before), _groups(after)),
        rota=_count(dict.fromkeys(before.rota), dict.fromkeys(after.rota)),
    )


_Rows = dict[Hashable, object]


def _partners(file: DirectoryFile) -> _Rows:
    return {name_key(row.name): replace(row, groups=(), contacts=()) for row in file.partners}


def _people(file: DirectoryFile) -> _Rows:
    people: _Rows = {userid_key(row.userid): row for row in file.staff}
    for company in file.partners:
        owner = name_key(company.name)
        for row in company.contacts:
            people[userid_key(row.userid) if row.userid else (owner, row)] = (owner, row)
    return people


def _groups(file: DirectoryFile) -> _Rows:
    groups: _Rows = {row.chatid: row for row in file.groups}
    for company in file.partners:
        groups.update((row.chatid, (name_key(company.name), row)) for row in company.groups)
    return groups


def _count(before: _Rows, after: _Rows) -> Count:
    return Count(
        added=len(after.keys() - before.keys()),
        changed=sum(before[key] != after[key] for key in before.keys() & after.keys()),
        left=len(before.keys() - after.keys()),
    )
