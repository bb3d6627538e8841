"""The directory as a file: partners, our people and our groups, for import, export and seeds (design §6)."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from workorders.directory import file_times
from workorders.directory.names import userid_key
from workorders.directory.people import Console, Duty, Purpose
from workorders.directory.rows import ContactRow, GroupRow, PartnerRow, RotaRow, StaffRow
from workorders.directory.table import Problems, Table, is_domain
from workorders.directory.toml import document
from workorders.errors import FileError

if TYPE_CHECKING:
    from workorders.agreement.clauses import Agreement

#: What examples write for a key nobody has made yet.
_PLACEHOLDERS = ("…", "...")


@dataclass(frozen=True)
class DirectoryFile:
    """Everything one directory file says, in its order.

    Attributes:
        partners: ``[[partner]]``, each with its groups, contacts and clauses.
        staff: ``[[staff]]``, our people.
        groups: ``[[group]]``, our own groups.
        rota: ``[[rota]]``, who is first told of urgent work when.
    """

    partners: tuple[PartnerRow, ...] = ()
    staff: tuple[StaffRow, ...] = ()
    groups: tuple[GroupRow, ...] = ()
    rota: tuple[RotaRow, ...] = ()

    @classmethod
    def read(cls, path: Path, agreement: Agreement | None = None) -> DirectoryFile:
        """Read a directory file from the disk; UTF-8, a byte order mark is allowed.

        Raises:
            FileError: it cannot be read, or as :meth:`parse`.
        """
        try:
            text = path.read_bytes().decode("utf-8-sig")
        except OSError as error:
            raise FileError(str(path), f"cannot be read: {error.strerror or error}") from None
        except UnicodeDecodeError as error:
            raise FileError(str(path), f"is not UTF-8 at byte {error.start}", "TOML in UTF-8") from None
        return cls.parse(text, str(path), agreement)

    @classmethod
    def parse(cls, text: str, where: str, agreement: Agreement | None = None) -> DirectoryFile:
        """Read a directory file.

        Args:
            text: the file, TOML.
            where: the file's name, for the errors.
            agreement: whose terms the partners' own clauses must fit; None leaves them unchecked.

        Raises:
            FileError: the text is no TOML, or rows are wrong. Every wrong row is named, on a line of its
                own that begins with ``where``; one wrong row refuses the file.
        """
        try:
            raw = tomllib.loads(text)
        except (tomllib.TOMLDecodeError, RecursionError) as error:
            raise FileError(where, f"is not TOML: {error}", "TOML in UTF-8") from None
        return cls.of_tables(raw, where, agreement)

    @classmethod
    def of_tables(
        cls,
        raw: Mapping[str, object],
        where: str,
        agreement: Agreement | None = None,
        wrong: Iterable[str] = (),
    ) -> DirectoryFile:
        """The directory some tables say, as in :meth:`tables`; a ``Placed`` row is named by its place.

        Args:
            wrong: what is known to be wrong already, a line each.

        Raises:
            FileError: rows are wrong, as in :meth:`parse`.
        """
        problems = Problems(agreement)
        problems.lines += wrong
        table = Table(raw, "", problems)
        partners = table.rows("partner", "partner", _partner)
        staff = table.rows("staff", "staff", lambda row: (row, _staff(row)))
        groups = table.rows("group", "group", _own_group)
        rota = table.rows("rota", "rota", lambda row: (row, file_times.rota(row)))
        table.end()
        _check_times(staff, rota)
        file = cls(
            partners, tuple(row for _, row in staff), groups, tuple(row for _, row in rota if row is not None)
        )
        if problems.lines:
            raise FileError(where, f"\n{where}: ".join(problems.lines))
        return file

    def tables(self) -> dict[str, list[dict[str, object]]]:
        """The rows as plain tables under the file's keys; what is empty is left out.

        The webhook keys are in it, as in :meth:`render`: an export is kept like a password.
        """
        return {
            "partner": [_partner_table(row) for row in self.partners],
            "staff": [_staff_table(row) for row in self.staff],
            "group": [_group_table(row) for row in self.groups],
            "rota": [file_times.rota_table(row) for row in self.rota],
        }

    def render(self) -> str:
        """The file's text; :meth:`parse` reads the same file back."""
        return document(self.tables())


def _partner(table: Table) -> PartnerRow:
    name = table.named()
    row = PartnerRow(
        name=name,
        aliases=table.texts("aliases"),
        mail_domains=tuple(domain.lower() for domain in table.texts("mail_domains")),
        groups=table.rows("groups", "group", _partner_group),
        contacts=table.rows("contacts", "contact", _contact),
        clauses=table.overrides("clauses"),
    )
    table.names(table, *filter(None, (name, *row.aliases)))
    for domain in row.mail_domains:
        if not is_domain(domain):
            table.wrong(f"mail domain '{domain}' is none", "what follows the @, e.g. xinghe.example")
    table.end()
    return row


def _partner_group(table: Table) -> GroupRow:
    return _group(table, own=False)


def _own_group(table: Table) -> GroupRow:
    return _group(table, own=True)


def _group(table: Table, *, own: bool) -> GroupRow:
    row = GroupRow(
        name=table.named(),
        chatid=table.word("chatid", required=True) or "",
        webhook_key=_webhook_key(table),
        purpose=table.choice("purpose", get_args(Purpose), required=True) if own else None,
    )
    if row.chatid:
        table.mine("chatid", row.chatid, f"chatid '{row.chatid}'")
    if row.webhook_key:
        table.mine("webhook_key", row.webhook_key, "its webhook_key")
    table.end()
    return row


def _webhook_key(table: Table) -> str | None:
    key = table.word("webhook_key", secret=True)
    if key in _PLACEHOLDERS:
        return None
    if key and "/" in key:
        table.wrong("webhook_key is an address", "only what follows key= in it")
    return key


def _contact(table: Table) -> ContactRow:
    row = ContactRow(
        name=table.named(),
        phone=table.phone(),
        userid=table.word("userid"),
        email=table.email(),
        roles=table.roles("roles"),
    )
    table.userid(row.userid)
    table.end()
    return row


def _staff(table: Table) -> StaffRow:
    row = StaffRow(
        name=table.named(),
        userid=table.word("userid", required=True) or "",
        phone=table.phone(),
        email=table.email(),
        duties=tuple(duty for duty in table.rows("duties", "duty", _duty) if duty is not None),
        console=table.choice("console", get_args(Console)),
        absent=tuple(row for row in table.rows("absent", "absent", file_times.absence) if row is not None),
    )
    table.userid(row.userid)
    for duty in sorted({duty for duty in row.duties if row.duties.count(duty) > 1}, key=str):
        table.wrong(f"duty {duty.role.value} of rank {duty.rank} is given twice")
    table.end()
    return row


def _check_times(
    staff: Sequence[tuple[Table, StaffRow]], rota: Sequence[tuple[Table, RotaRow | None]]
) -> None:
    """What absences and rota rows say of each other and of our people."""
    by_key = {userid_key(row.userid): row for _, row in staff}
    for table, row in staff:
        for absence in row.absent:
            if problem := file_times.absence_problem(row, absence, by_key):
                table.wrong(problem)
    seen: list[RotaRow] = []
    for table, held in rota:
        if held and (problem := file_times.rota_problem(held, by_key)):
            table.wrong(problem)
        elif held in seen:
            table.wrong("is given twice")
        seen += [held] if held else []


def _duty(table: Table) -> Duty | None:
    role, rank = table.role("role"), table.rank("rank")
    table.end()
    return None if role is None or rank is None else Duty(role, rank)


def _given(**values: object) -> dict[str, object]:
    """The values somebody gave: neither None nor empty."""
    return {key: value for key, value in values.items() if value}


def _partner_table(row: PartnerRow) -> dict[str, object]:
    return _given(
        name=row.name,
        aliases=list(row.aliases),
        mail_domains=list(row.mail_domains),
        groups=[_group_table(group) for group in row.groups],
        contacts=[_contact_table(contact) for contact in row.contacts],
        clauses={name: dict(values) for name, values in row.clauses.items()},
    )


def _group_table(row: GroupRow) -> dict[str, object]:
    return _given(name=row.name, chatid=row.chatid, webhook_key=row.webhook_key, purpose=row.purpose)


def _contact_table(row: ContactRow) -> dict[str, object]:
    roles = [role.value for role in row.roles]
    return _given(name=row.name, phone=row.phone, userid=row.userid, email=row.email, roles=roles)


def _staff_table(row: StaffRow) -> dict[str, object]:
    duties = [{"role": duty.role.value, "rank": duty.rank} for duty in row.duties]
    return _given(
        name=row.name,
        userid=row.userid,
        phone=row.phone,
        email=row.email,
        duties=duties,
        console=row.console,
        absent=[file_times.absence_table(absence) for absence in row.absent],
    )
