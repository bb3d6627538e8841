"""Changing the directory one thing at a time: a group's partner, its key, an absence, a turn, a duty.

What a whole file may say is judged as in a file (``file_times``, ``away``); who may say it is judged here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from workorders.directory.away import wrong_with
from workorders.directory.errors import CannotChange
from workorders.directory.file import DirectoryFile
from workorders.directory.names import name_key, userid_key
from workorders.directory.people import Directory, Group, Partner, Person, Role
from workorders.directory.rows import AbsenceRow, RotaRow, StaffRow
from workorders.letters import Letter
from workorders.ports import LetterBox, Now


class DirectoryChanges(Protocol):
    """Changes of the directory, in the caller's unit of work; what was read before is read anew."""

    def lock(self) -> None:
        """Let other changes wait until the unit ends; what was read before is read anew."""

    def export(self) -> DirectoryFile:
        """Everything in it, locked."""

    def bind(self, chatid: str, name: str, partner_id: int) -> None:
        """Make a group a partner's; one that is there already changes hands and loses its webhook key."""

    def unbind(self, chatid: str) -> None:
        """Forget a group."""

    def set_key(self, chatid: str, key: str) -> None:
        """Keep a group's webhook key."""

    def set_absences(self, userid: str, rows: Sequence[AbsenceRow]) -> None:
        """Make these somebody's absences."""

    def set_rota(self, rows: Sequence[RotaRow]) -> None:
        """Make these the rota."""

    def move_duty(self, role: Role, rank: int, from_userid: str, to_userid: str) -> bool:
        """Give a duty to another, who takes its place; False where the first does not hold it."""


@dataclass(frozen=True)
class DirectoryDesk:
    """The use cases. ``by`` is None for the operator, who may do all of it.

    Args:
        now: reads desk time (aware UTC).
        noted: told what was changed of what (``group:wrX``), for the audit.
    """

    changes: DirectoryChanges
    directory: Directory
    letters: LetterBox
    now: Now
    noted: Callable[[str, str], None]

    # Groups

    def bind(self, by: Person | None, chatid: str, named: str) -> Partner:
        """绑定 a group to the partner of that name or alias.

        Raises:
            CannotChange: ``by`` is not of the desk; there is no one partner of that name; the group is one of
                ours, is bound to it already, or to another and ``by`` is no supervisor.
        """
        if by and not (by.works_orders or by.supervises):
            raise CannotChange("desk")
        self.changes.lock()
        partners = self.directory.partners_named(named)
        if len(partners) != 1:
            raise CannotChange("no_partner", name=named)
        group, [partner] = self.directory.group(chatid), partners
        if group and group.purpose:
            raise CannotChange("ours", name=group.name)
        if group and group.partner:
            if group.partner.id == partner.id:
                raise CannotChange("bound", name=partner.name)
            if by and not by.supervises:
                raise CannotChange("bound_other", name=group.partner.name)
        self.changes.bind(chatid, f"{partner.name}-服务群", partner.id)
        self.noted("bind", f"group:{chatid}")
        return partner

    def unbind(self, by: Person | None, chatid: str) -> Partner:
        """解绑 a partner's group.

        Raises:
            CannotChange: ``by`` is no supervisor; the group is one of ours or nobody's.
        """
        if by and not by.supervises:
            raise CannotChange("supervisor")
        self.changes.lock()
        group = self.directory.group(chatid)
        if group is None:
            raise CannotChange("unbound")
        if group.partner is None:
            raise CannotChange("ours", name=group.name)
        self.changes.unbind(chatid)
        self.noted("unbind", f"group:{chatid}")
        return group.partner

    def set_key(self, by: Person | None, group_named: str, key: str) -> Group:
        """Register the webhook key by which the desk writes to a group.

        Args:
            group_named: its chatid or name, or the name of a partner with one group.

        Raises:
            CannotChange: ``by`` is no supervisor; there is no one group of that name; the key is another's.
        """
        if by and not by.supervises:
            raise CannotChange("supervisor")
        group = self._group(group_named)
        file = self.changes.export()
        others = (row for rows in (file.groups, *(p.groups for p in file.partners)) for row in rows)
        if any(row.webhook_key == key and row.chatid != group.chatid for row in others):
            raise CannotChange("key")
        self.changes.set_key(group.chatid, key)
        self.noted("key", f"group:{group.chatid}")
        return group

    # Absences and turns

    def away(self, by: Person | None, who: Person, absence: AbsenceRow) -> AbsenceRow:
        """请假, for oneself or by a supervisor for another; the stand-in is told.

        Raises:
            CannotChange: ``who`` is not ours, or not ``by``'s to speak for; it ends before it begins or is
                over; or what :func:`~workorders.directory.away.wrong_with` finds.
        """
        self._may_speak_for(by, who)
        now = self.now()
        if absence.begins >= absence.ends:
            raise CannotChange("reversed")
        if absence.ends <= now:
            raise CannotChange("past")
        staff, row = self._staff(who)
        row = replace(row, absent=tuple(sorted((*row.absent, absence), key=lambda a: a.begins)))
        found = wrong_with(row, absence, {**staff, userid_key(row.userid): row})
        if found:
            name = self.directory.person(absence.stand_in).name if absence.stand_in else None
            raise CannotChange(found, name=name)
        self.changes.set_absences(row.userid, row.absent)
        self.noted("absent", f"person:{row.userid}")
        self._tell(by, who, absence, now)
        return absence

    def back(self, by: Person | None, who: Person) -> AbsenceRow:
        """销假: end the absence somebody is in, else call off the next.

        Raises:
            CannotChange: as :meth:`away`; or there is none.
        """
        self._may_speak_for(by, who)
        now = self.now()
        _, row = self._staff(who)
        coming = [absence for absence in row.absent if absence.ends > now]
        if not coming:
            raise CannotChange("no_absence")
        ended = replace(coming[0], ends=now)
        kept = [a for a in row.absent if a is not coming[0]] + ([ended] if ended.begins < now else [])
        self.changes.set_absences(row.userid, sorted(kept, key=lambda a: a.begins))
        self.noted("back", f"person:{row.userid}")
        return coming[0]

    def add_turn(self, by: Person | None, row: RotaRow) -> None:
        """Add a row to the rota.

        Raises:
            CannotChange: ``by`` is no supervisor; whose turn it is is nobody of ours or works no orders; the
                rota has that row already.
        """
        if by and not by.supervises:
            raise CannotChange("supervisor")
        file = self.changes.export()
        whose = {userid_key(each.userid): each for each in file.staff}.get(userid_key(row.userid))
        if whose is None or not whose.works_orders:
            raise CannotChange("turn_idle" if whose else "turn_nobody", name=row.userid)
        if row in file.rota:
            raise CannotChange("turn_twice")
        self.changes.set_rota([*file.rota, row])
        self.noted("rota", "rota")

    def drop_turn(self, by: Person | None, row: RotaRow) -> None:
        """Take a row off the rota.

        Raises:
            CannotChange: ``by`` is no supervisor, or the rota has no such row.
        """
        if by and not by.supervises:
            raise CannotChange("supervisor")
        kept = list(self.changes.export().rota)
        if row not in kept:
            raise CannotChange("no_turn")
        kept.remove(row)
        self.changes.set_rota(kept)
        self.noted("rota", "rota")

    def _may_speak_for(self, by: Person | None, who: Person) -> None:
        if who.side != "us":
            raise CannotChange("nobody", name=who.name)
        if by and by.userid != who.userid and not by.supervises:
            raise CannotChange("supervisor")

    def _staff(self, who: Person) -> tuple[dict[str, StaffRow], StaffRow]:
        staff = {userid_key(row.userid): row for row in self.changes.export().staff}
        return staff, staff[userid_key(who.userid)]

    def _tell(self, by: Person | None, who: Person, absence: AbsenceRow, now: datetime) -> None:
        """The stand-in, and whoever was spoken for."""
        facts = {
            "who": who.name,
            "stand_in": self.directory.person(absence.stand_in).name if absence.stand_in else None,
            "by": by.name if by else None,
            "begins": absence.begins.isoformat(),
            "ends": absence.ends.isoformat(),
            "at": now.isoformat(),
        }
        told = [absence.stand_in] if absence.stand_in else []
        told += [who.userid] if by is None or by.userid != who.userid else []
        for userid in told:
            occasion = f"absence.{now.isoformat()}"
            self.letters.post(Letter(f"person:{who.userid}", 1, occasion, userid, "app", "absence", facts))

    def _group(self, named: str) -> Group:
        if group := self.directory.group(named):
            return group
        file = self.changes.export()
        key = name_key(named)
        called = [row.chatid for row in file.groups if name_key(row.name) == key]
        for company in file.partners:
            own = key in map(name_key, (company.name, *company.aliases))
            called += [row.chatid for row in company.groups if own or name_key(row.name) == key]
        found = self.directory.group(called[0]) if len(called) == 1 else None
        if found is None:
            raise CannotChange("no_group", name=named)
        return found
