"""The directory read at once, for broadcasts: three statements, however many are told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, select

from workorders.directory.people import Group, Person, Role
from workorders.sql.directory import SqlDirectory
from workorders.sql.directory_tables import chat_group, partner, person


class SqlAddressBook:
    """The :class:`workorders.notices.audience.AddressBook` of one unit of work."""

    def __init__(self, conn: Connection, directory: SqlDirectory) -> None:
        self._conn, self._directory = conn, directory

    def contacts(self) -> Sequence[Person]:
        return self._directory.people_where(
            and_(person.c.side == "partner", person.c.has_left.is_(False), partner.c.has_left.is_(False))
        )

    def staff(self) -> Sequence[Person]:
        return self._directory.people_where(and_(person.c.side == "us", person.c.has_left.is_(False)))

    def holders(self, role: Role, at: datetime) -> Sequence[Person]:
        ranks = (self._directory.holders(role, rank, at) for rank in (1, 2))
        return tuple({person.userid: person for held in ranks for person in held}.values())

    def groups(self) -> Mapping[int | None, Group]:
        told: dict[int | None, Group] = {}
        for group in self._directory.groups_where(chat_group.c.webhook_key.is_not(None)):
            if group.partner is not None:
                told.setdefault(group.partner.id, group)
            elif group.purpose == "operations":
                told.setdefault(None, group)
        return told

    def overrides(self) -> Mapping[int, dict[str, Any]]:
        rows = self._conn.execute(
            select(partner.c.id, partner.c.clauses).where(partner.c.has_left.is_(False))
        )
        return {row.id: row.clauses for row in rows if row.clauses}
