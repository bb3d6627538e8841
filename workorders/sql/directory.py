"""The directory in the database; every method joins the caller's unit of work and none commits."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Row, and_, bindparam, delete, or_, select, text, update

from workorders.directory.away import Absences, told_for
from workorders.directory.changes import Changes, changes
from workorders.directory.file import DirectoryFile
from workorders.directory.names import name_key, userid_key
from workorders.directory.people import Duty, Group, Partner, Person, Purpose, Role, unknown
from workorders.directory.rota import covers, edges
from workorders.directory.rows import AbsenceRow, ContactRow, GroupRow, PartnerRow, RotaRow, StaffRow
from workorders.sql.directory_tables import absence, chat_group, duty, partner, partner_name, person, rota
from workorders.sql.directory_writing import write

_T = TypeVar("_T")

_COMPANY = tuple(
    column.label(f"company_{column.name}")
    for column in (partner.c.id, partner.c.name, partner.c.aliases, partner.c.mail_domains)
)
# Built once, since building a statement costs as much as running it.
_PEOPLE = (
    select(person, duty.c.role, duty.c.rank, *_COMPANY)
    .select_from(
        person.outerjoin(partner, partner.c.id == person.c.partner_id).outerjoin(
            duty, duty.c.person_id == person.c.id
        )
    )
    .order_by(person.c.position, person.c.id, duty.c.position)
)
_GROUPS = (
    select(
        chat_group.c.chatid,
        chat_group.c.name,
        chat_group.c.purpose,
        chat_group.c.webhook_key.is_not(None).label("has_webhook"),
        *_COMPANY,
    )
    .select_from(chat_group.outerjoin(partner, partner.c.id == chat_group.c.partner_id))
    .order_by(chat_group.c.position)
)
_PERSON = _PEOPLE.where(person.c.userid_key == bindparam("key"))
_HOLDING = _PEOPLE.where(
    person.c.id.in_(
        select(duty.c.person_id).where(duty.c.role == bindparam("b_role"), duty.c.rank == bindparam("b_rank"))
    )
)
_GROUP = _GROUPS.where(chat_group.c.chatid == bindparam("chatid"))
_PARTNERS = select(*_COMPANY)
_PARTNER = _PARTNERS.where(partner.c.id == bindparam("b_id"))
_CLAUSES = select(partner.c.clauses).where(partner.c.id == bindparam("b_id"))
_ABSENCES = (
    select(person.c.userid_key, absence)
    .join(person, person.c.id == absence.c.person_id)
    .order_by(absence.c.begins)
)
_PARTNERS_CALLED = _PARTNERS.join(partner_name, partner_name.c.partner_id == partner.c.id)
_PRESENT_STAFF = and_(person.c.side == "us", person.c.has_left.is_(False))


class SqlDirectory:
    """The :class:`~workorders.directory.people.Directory` in the database.

    What one letter after another asks for is read once in a unit: a sweep writes hundreds.

    Args:
        conn: the unit of work to read and write in.
    """

    def __init__(self, conn: Connection) -> None:
        self._conn = conn
        self._read: dict[Hashable, Any] = {}

    def person(self, userid: str) -> Person:
        """The person of that userid, in any case; unknown, but with the name, for one who left."""
        key = userid_key(userid)
        found = self._once(("person", key), lambda: _people(self._conn.execute(_PERSON, {"key": key})))
        return found[0] if found else unknown(userid)

    def preload(self, userids: Iterable[str]) -> None:
        """Read these people in one statement; :meth:`person` then knows them."""
        keys = {userid_key(userid) for userid in userids}
        found = {userid_key(p.userid): p for p in self._people(person.c.userid_key.in_(keys))} if keys else {}
        for key in keys:
            self._read.setdefault(("person", key), (found[key],) if key in found else ())

    def group(self, chatid: str) -> Group | None:
        """The group of that chatid, None where the directory has none."""
        found = self._once(("group", chatid), lambda: _groups(self._conn.execute(_GROUP, {"chatid": chatid})))
        return found[0] if found else None

    def partner(self, partner_id: int) -> Partner | None:
        """The partner of that id, one that left included: its work orders still name it."""
        given = {"b_id": partner_id}
        row = self._once(("partner", partner_id), lambda: self._conn.execute(_PARTNER, given).one_or_none())
        return None if row is None else _partner(row)

    def partners_named(self, text: str) -> tuple[Partner, ...]:
        """Partners whose name or alias is exactly ``text``, whatever its width, case and spacing."""
        rows = self._conn.execute(_PARTNERS_CALLED.where(partner_name.c.name_key == name_key(text)))
        return tuple(_partner(row) for row in rows)

    def partners(self) -> tuple[Partner, ...]:
        """Every present partner, in directory order."""
        present = _PARTNERS.where(partner.c.has_left.is_(False)).order_by(partner.c.position)
        return tuple(_partner(row) for row in self._conn.execute(present))

    def contacts_of(self, partner_id: int) -> tuple[Person, ...]:
        """The partner's present contacts, in directory order; one not on WeCom has an empty userid."""
        theirs = and_(person.c.partner_id == partner_id, person.c.has_left.is_(False))
        return self._once(("contacts", partner_id), lambda: self._people(theirs))

    def groups_of(self, partner_id: int) -> tuple[Group, ...]:
        """The partner's groups, in directory order."""
        return self._groups(chat_group.c.partner_id == partner_id)

    def holders(self, role: Role, rank: int, at: datetime, *, urgent: bool = False) -> tuple[Person, ...]:
        """Who is to be told of that duty's work at that moment, in directory order."""
        if urgent and rank == 1 and (on_rota := self.present(self._on_rota(role, at), at)):
            return on_rota
        return self.present(self._holding(role, rank), at)

    def appointed(self, role: Role, rank: int, at: datetime, *, urgent: bool = False) -> tuple[Person, ...]:
        """Whose that duty, or for urgent work that turn, is at that moment, away or not."""
        on_rota = self._on_rota(role, at) if urgent and rank == 1 else ()
        return on_rota or self._holding(role, rank)

    def turning_points(self, begins: datetime, ends: datetime) -> tuple[datetime, ...]:
        """The moments between two at which who is told of anything may change, in order."""
        moments = {m for rows in self.absences().values() for row in rows for m in (row.begins, row.ends)}
        moments |= {m for row in self.rota() for m in edges(row, begins, ends)}
        return tuple(sorted(m for m in moments if begins < m < ends))

    def present(self, people: Iterable[Person], at: datetime) -> tuple[Person, ...]:
        """Those people, each once: whoever is away at that moment replaced by their stand-in, or left out."""
        absences = self.absences()
        told = (told_for(someone.userid, at, absences) for someone in people)
        return tuple(self.person(userid) for userid in dict.fromkeys(told) if userid is not None)

    def absences(self) -> Absences:
        """Every absence known, by the userid's key."""
        return self._once("absences", self._absences)

    def rota(self) -> tuple[RotaRow, ...]:
        """The rota, in directory order."""
        return self._once("rota", self._rota)

    def staff_named(self, text: str) -> tuple[Person, ...]:
        """Our people whose name or userid is exactly ``text``, a leading @ ignored, in directory order."""
        name = name_key(text).removeprefix("@").strip()
        called = or_(person.c.name_key == name, person.c.userid_key == userid_key(name))
        return self._people(and_(called, _PRESENT_STAFF))

    def supervisors(self) -> tuple[Person, ...]:
        """Everybody who ``supervises``, in directory order."""
        return tuple(someone for someone in self._people(_PRESENT_STAFF) if someone.supervises)

    def workers(self) -> tuple[Person, ...]:
        """Everybody who ``works_orders``, in directory order."""
        return tuple(someone for someone in self._people(_PRESENT_STAFF) if someone.works_orders)

    def clauses_of(self, partner_id: int) -> dict[str, dict[str, object]]:
        """The partner's own clause values; empty where it has none."""
        found = self._conn.scalar(_CLAUSES, {"b_id": partner_id})
        return found or {}

    def people_where(self, which: ColumnElement[bool]) -> tuple[Person, ...]:
        """Everybody a condition on ``person`` and ``partner`` holds for, in directory order."""
        return self._people(which)

    def groups_where(self, which: ColumnElement[bool]) -> tuple[Group, ...]:
        """The groups a condition on ``chat_group`` holds for, in directory order."""
        return self._groups(which)

    def own_groups(self, purpose: Purpose) -> tuple[Group, ...]:
        """Our own groups of that purpose, in directory order."""
        return self._groups(chat_group.c.purpose == purpose)

    def webhook_key(self, chatid: str) -> str | None:
        """The key that lets the desk write to the group. A secret: neither logged nor shown."""
        found: str | None = self._conn.scalar(
            select(chat_group.c.webhook_key).where(chat_group.c.chatid == chatid)
        )
        return found

    def replace_with(self, file: DirectoryFile) -> Changes:
        """Make the directory say what the file says.

        Partners are known again by name, people by userid and groups by chatid, so a partner keeps its id.
        Partners and people the file does not name are marked as having left; of such a person only the
        userid and the name stay of use.

        Args:
            file: the whole directory, already found to be without a wrong row.

        Returns:
            How many partners, people and groups were added, changed and left.
        """
        self.lock()
        before = self.export()
        write(self._conn, file)
        self.forget()
        return changes(before, file)

    def move_duty(self, role: Role, rank: int, frm: str, to: str) -> bool:
        """Give a duty to another of our people, in the same place of the directory's order.

        Args:
            frm: userid of who holds it. ``to``: userid of who gets it.

        Returns:
            Whether it was moved; nothing changed where ``frm`` does not hold it or ``to`` is none of ours.
        """
        this = and_(duty.c.role == role.value, duty.c.rank == rank)
        has, gets = (
            self._conn.scalar(select(person.c.id).where(person.c.userid_key == userid_key(u), _PRESENT_STAFF))
            for u in (frm, to)
        )
        holders = set(self._conn.scalars(select(duty.c.person_id).where(this)))
        if gets is None or has not in holders:
            return False
        mine = and_(this, duty.c.person_id == has)
        self._conn.execute(
            delete(duty).where(mine) if gets in holders else update(duty).where(mine).values(person_id=gets)
        )
        self._read.clear()
        return True

    def lock(self) -> None:
        """Let other changes of the directory wait until the unit ends."""
        if self._conn.dialect.name == "postgresql":
            # Two at once would see the same rows missing; on SQLite the unit is the only writer.
            self._conn.execute(text("LOCK TABLE partner IN SHARE ROW EXCLUSIVE MODE"))

    def forget(self) -> None:
        """Read everything anew from here on: something was changed."""
        self._read.clear()

    def export(self) -> DirectoryFile:
        """Everything in the directory, webhook keys included, in the order it was imported in."""
        groups: dict[int | None, list[GroupRow]] = {}
        for row in self._conn.execute(select(chat_group).order_by(chat_group.c.position)):
            held = GroupRow(row.chatid, row.name, row.purpose, row.webhook_key)
            groups.setdefault(row.partner_id, []).append(held)
        contacts: dict[int, list[ContactRow]] = {}
        here = person.c.has_left.is_(False)
        for row in self._conn.execute(
            select(person).where(here, person.c.side == "partner").order_by(person.c.position)
        ):
            contact = ContactRow(row.name, row.phone, row.userid, row.email, _roles(row.roles))
            contacts.setdefault(row.partner_id, []).append(contact)
        partners = self._conn.execute(
            select(partner).where(partner.c.has_left.is_(False)).order_by(partner.c.position)
        )
        away = self._absences()
        return DirectoryFile(
            partners=tuple(
                PartnerRow(
                    name=row.name,
                    aliases=tuple(row.aliases),
                    mail_domains=tuple(row.mail_domains),
                    groups=tuple(groups.get(row.id, ())),
                    contacts=tuple(contacts.get(row.id, ())),
                    clauses=row.clauses,
                )
                for row in partners
            ),
            staff=tuple(
                StaffRow(
                    name=someone.name,
                    userid=someone.userid,
                    phone=someone.phone,
                    email=someone.email,
                    duties=someone.duties,
                    console=someone.console,
                    absent=tuple(away.get(userid_key(someone.userid), ())),
                )
                for someone in self._people(_PRESENT_STAFF)
            ),
            groups=tuple(groups.get(None, ())),
            rota=self._rota(),
        )

    def _holding(self, role: Role, rank: int) -> tuple[Person, ...]:
        held = {"b_role": role.value, "b_rank": rank}
        return self._once(("holding", role, rank), lambda: _people(self._conn.execute(_HOLDING, held)))

    def _on_rota(self, role: Role, at: datetime) -> tuple[Person, ...]:
        return tuple(self.person(row.userid) for row in self.rota() if row.role is role and covers(row, at))

    def _absences(self) -> dict[str, list[AbsenceRow]]:
        known: dict[str, list[AbsenceRow]] = {}
        for row in self._conn.execute(_ABSENCES):
            known.setdefault(row.userid_key, []).append(AbsenceRow(row.begins, row.ends, row.stand_in))
        return known

    def _rota(self) -> tuple[RotaRow, ...]:
        rows = select(person.c.userid, rota).join(person, person.c.id == rota.c.person_id)
        return tuple(
            RotaRow(
                Role(row.role),
                row.userid,
                tuple(row.days),
                (row.starts, row.stops),
                row.begins,
                row.ends,
                row.every,
            )
            for row in self._conn.execute(rows.order_by(rota.c.position))
        )

    def _once(self, what: Hashable, read: Callable[[], _T]) -> _T:
        if what not in self._read:
            self._read[what] = read()
        found: _T = self._read[what]
        return found

    def _people(self, which: ColumnElement[bool]) -> tuple[Person, ...]:
        return _people(self._conn.execute(_PEOPLE.where(which)))

    def _groups(self, which: ColumnElement[bool]) -> tuple[Group, ...]:
        return _groups(self._conn.execute(_GROUPS.where(which)))


def _people(rows: Iterable[Row[Any]]) -> tuple[Person, ...]:
    by_id: dict[int, list[Row[Any]]] = {}
    for row in rows:
        by_id.setdefault(row.id, []).append(row)
    return tuple(_person(found) for found in by_id.values())


def _groups(rows: Iterable[Row[Any]]) -> tuple[Group, ...]:
    return tuple(_group(row) for row in rows)


def _partner(row: Row[Any]) -> Partner:
    return Partner(
        id=row.company_id,
        name=row.company_name,
        aliases=tuple(row.company_aliases),
        mail_domains=tuple(row.company_mail_domains),
    )


def _group(row: Row[Any]) -> Group:
    return Group(
        chatid=row.chatid,
        name=row.name,
        partner=None if row.company_id is None else _partner(row),
        purpose=row.purpose,
        has_webhook=bool(row.has_webhook),
    )


def _person(rows: list[Row[Any]]) -> Person:
    """A person from a row per duty held (or one row)."""
    row = rows[0]
    if row.has_left:
        return Person(userid=row.userid, name=row.name, side="unknown")
    return Person(
        userid=row.userid or "",
        name=row.name,
        side=row.side,
        phone=row.phone,
        email=row.email,
        partner=_partner(row) if row.side == "partner" else None,
        duties=tuple(Duty(Role(each.role), each.rank) for each in rows if each.role is not None),
        roles=_roles(row.roles),
        console=row.console,
    )


def _roles(names: Iterable[str]) -> tuple[Role, ...]:
    return tuple(Role(name) for name in names)
