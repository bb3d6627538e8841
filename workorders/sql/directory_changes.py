"""Changing the directory in the database one thing at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, delete, func, insert, select, update

from workorders.directory.file import DirectoryFile
from workorders.directory.names import userid_key
from workorders.directory.people import Role
from workorders.directory.rows import AbsenceRow, RotaRow
from workorders.sql.directory import SqlDirectory
from workorders.sql.directory_tables import absence, chat_group, duty, person, rota
from workorders.sql.directory_writing import put_absences, put_rota


@dataclass(frozen=True)
class SqlDirectoryChanges:
    """The :class:`~workorders.directory.desk.DirectoryChanges` of one unit of work.

    Args:
        directory: which forgets what it has read when something changes.
    """

    conn: Connection
    directory: SqlDirectory

    def lock(self) -> None:
        self.directory.lock()
        self.directory.forget()

    def export(self) -> DirectoryFile:
        self.lock()
        return self.directory.export()

    def bind(self, chatid: str, name: str, partner_id: int) -> None:
        self.directory.lock()
        owned = {"partner_id": partner_id, "name": name, "webhook_key": None}
        found = self.conn.execute(update(chat_group).where(chat_group.c.chatid == chatid).values(owned))
        if not found.rowcount:
            last = select(func.coalesce(func.max(chat_group.c.position), -1) + 1).scalar_subquery()
            self.conn.execute(insert(chat_group).values(chatid=chatid, position=last, purpose=None, **owned))
        self.directory.forget()

    def unbind(self, chatid: str) -> None:
        self.directory.lock()
        self.conn.execute(delete(chat_group).where(chat_group.c.chatid == chatid))
        self.directory.forget()

    def set_key(self, chatid: str, key: str) -> None:
        self.conn.execute(update(chat_group).where(chat_group.c.chatid == chatid).values(webhook_key=key))
        self.directory.forget()

    def set_absences(self, userid: str, rows: Sequence[AbsenceRow]) -> None:
        person_id: int = self.conn.execute(self._id(userid)).scalar_one()
        self.conn.execute(delete(absence).where(absence.c.person_id == person_id))
        put_absences(self.conn, person_id, rows)
        self.directory.forget()

    def set_rota(self, rows: Sequence[RotaRow]) -> None:
        self.directory.lock()
        self.conn.execute(delete(rota))
        people = {
            row.userid_key: row.id for row in self.conn.execute(select(person.c.userid_key, person.c.id))
        }
        put_rota(self.conn, rows, people)
        self.directory.forget()

    def move_duty(self, role: Role, rank: int, from_userid: str, to_userid: str) -> bool:
        self.directory.lock()
        held = (duty.c.role == role.value, duty.c.rank == rank)
        theirs = duty.c.person_id == self._id(from_userid).scalar_subquery()
        mine = duty.c.person_id == self._id(to_userid).scalar_subquery()
        if self.conn.execute(select(duty.c.rank).where(*held, theirs)).first() is None:
            return False
        if self.conn.execute(select(duty.c.rank).where(*held, mine)).first():
            self.conn.execute(delete(duty).where(*held, theirs))
        else:
            to = self.conn.execute(self._id(to_userid)).scalar_one()
            self.conn.execute(update(duty).where(*held, theirs).values(person_id=to))
        self.directory.forget()
        return True

    def _id(self, userid: str) -> Select[Any]:
        here = (person.c.side == "us", person.c.has_left.is_(False))
        return select(person.c.id).where(person.c.userid_key == userid_key(userid), *here)
