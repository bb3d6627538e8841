"""A directory file into the tables: what is there is updated, what is not in the file has left."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, Table, bindparam, delete, insert, select, update

from workorders.directory.file import DirectoryFile
from workorders.directory.names import name_key, userid_key
from workorders.directory.rows import AbsenceRow, ContactRow, GroupRow, PartnerRow, RotaRow, StaffRow
from workorders.sql.directory_tables import absence, chat_group, duty, partner, partner_name, person, rota

_Values = dict[str, Any]


def write(conn: Connection, file: DirectoryFile) -> None:
    """Make the tables say what the file says; ids of what was there before are kept.

    Rows that nothing outside the directory refers to (duties, times, names, groups) are written anew.
    """
    for table in (duty, absence, rota, chat_group, partner_name):
        conn.execute(delete(table))
    conn.execute(update(partner).values(has_left=True))
    partners = _put(conn, partner, "name_key", [_partner(row, n) for n, row in enumerate(file.partners)])
    _insert(conn, partner_name, _names(file, partners))
    _insert(conn, chat_group, _groups(file, partners))

    conn.execute(delete(person).where(person.c.userid_key.is_(None)))
    # Of somebody who left, the userid and the name are all anybody may still need.
    conn.execute(update(person).values(has_left=True, phone=None, email=None, roles=[], console=None))
    people = _put(conn, person, "userid_key", _people(file, partners))
    _insert(conn, duty, _duties(file, people))
    for row in file.staff:
        put_absences(conn, people[userid_key(row.userid)], row.absent)
    put_rota(conn, file.rota, people)


def put_absences(conn: Connection, person_id: int, rows: Iterable[AbsenceRow]) -> None:
    """Add absences of one person."""
    values = [{"begins": row.begins, "ends": row.ends, "stand_in": row.stand_in} for row in rows]
    _insert(conn, absence, [{"person_id": person_id, **value} for value in values])


def put_rota(conn: Connection, rows: Iterable[RotaRow], people: Mapping[str, int]) -> None:
    """Write a rota into the empty table; ``people`` are ids by the userid's key."""
    _insert(
        conn,
        rota,
        [
            {
                "position": position,
                "role": row.role.value,
                "person_id": people[userid_key(row.userid)],
                "days": list(row.days),
                "starts": row.hours[0],
                "stops": row.hours[1],
                "begins": row.begins,
                "ends": row.ends,
                "every": row.every,
            }
            for position, row in enumerate(rows)
        ],
    )


def _put(conn: Connection, table: Table, key: str, rows: list[_Values]) -> dict[str, int]:
    """Update the rows whose key is there already, insert the others; every id by its key."""
    there = _ids(conn, table, key)
    if known := [row for row in rows if row[key] in there]:
        values: _Values = {name: bindparam(f"new_{name}") for name in known[0]}
        conn.execute(
            update(table).where(table.c[key] == bindparam(f"new_{key}")).values(values),
            [{f"new_{name}": value for name, value in row.items()} for row in known],
        )
    _insert(conn, table, [row for row in rows if row[key] not in there])
    return _ids(conn, table, key)


def _insert(conn: Connection, table: Table, rows: list[_Values]) -> None:
    if rows:
        conn.execute(insert(table), rows)


def _ids(conn: Connection, table: Table, key: str) -> dict[str, int]:
    rows = conn.execute(select(table.c[key], table.c.id).where(table.c[key].is_not(None)))
    return {row[0]: row[1] for row in rows}


def _partner(row: PartnerRow, position: int) -> _Values:
    return {
        "name_key": name_key(row.name),
        "name": row.name,
        "aliases": list(row.aliases),
        "mail_domains": list(row.mail_domains),
        "clauses": {name: dict(own) for name, own in row.clauses.items()},
        "position": position,
        "has_left": False,
    }


def _names(file: DirectoryFile, partners: dict[str, int]) -> list[_Values]:
    return [
        {"name_key": key, "partner_id": partners[name_key(row.name)]}
        for row in file.partners
        # A partner may well list its own name, in another spelling, among its aliases.
        for key in sorted({name_key(name) for name in (row.name, *row.aliases)})
    ]


def _groups(file: DirectoryFile, partners: dict[str, int]) -> list[_Values]:
    owned: list[tuple[int | None, GroupRow]] = [(None, row) for row in file.groups]
    owned += [(partners[name_key(company.name)], row) for company in file.partners for row in company.groups]
    return [
        {
            "chatid": row.chatid,
            "name": row.name,
            "partner_id": partner_id,
            "purpose": row.purpose,
            "webhook_key": row.webhook_key,
            "position": position,
        }
        for position, (partner_id, row) in enumerate(owned)
    ]


def _people(file: DirectoryFile, partners: dict[str, int]) -> list[_Values]:
    people = [_staff(row) for row in file.staff]
    for company in file.partners:
        people += [_contact(row, partners[name_key(company.name)]) for row in company.contacts]
    return [{**row, "position": position} for position, row in enumerate(people)]


def _staff(row: StaffRow) -> _Values:
    return {**_somebody(row), "side": "us", "partner_id": None, "roles": [], "console": row.console}


def _contact(row: ContactRow, partner_id: int) -> _Values:
    roles = [role.value for role in row.roles]
    return {**_somebody(row), "side": "partner", "partner_id": partner_id, "roles": roles, "console": None}


def _somebody(row: StaffRow | ContactRow) -> _Values:
    return {
        "userid_key": None if row.userid is None else userid_key(row.userid),
        "userid": row.userid,
        "name_key": name_key(row.name),
        "name": row.name,
        "phone": row.phone,
        "email": row.email,
        "has_left": False,
    }


def _duties(file: DirectoryFile, people: dict[str, int]) -> list[_Values]:
    return [
        {
            "role": held.role.value,
            "rank": held.rank,
            "person_id": people[userid_key(row.userid)],
            "position": position,
        }
        for row in file.staff
        for position, held in enumerate(row.duties)
    ]
