"""The rows of a directory file (design §6), as the operator wrote them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from workorders.directory.people import Console, Duty, Purpose, Role


@dataclass(frozen=True)
class GroupRow:
    """A WeCom group of a partner or, with a ``purpose``, one of our own."""

    chatid: str
    name: str
    purpose: Purpose | None = None
    #: Whoever has the key can write to the group, so it is never shown.
    webhook_key: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class ContactRow:
    """Somebody on a partner's side; the ``userid`` is None for one who is not on WeCom."""

    name: str
    phone: str | None = None
    userid: str | None = None
    email: str | None = None
    roles: tuple[Role, ...] = ()


@dataclass(frozen=True)
class StaffRow:
    """One of our people, once, with every duty held."""

    name: str
    userid: str
    phone: str | None = None
    email: str | None = None
    duties: tuple[Duty, ...] = ()
    console: Console | None = None


@dataclass(frozen=True)
class PartnerRow:
    """A company we serve, its groups and its contacts.

    Attributes:
        mail_domains: what its mail addresses end in, lower-case, without the @.
        clauses: its own values over the agreement's, per clause name; the agreement checks them.
    """

    name: str
    aliases: tuple[str, ...] = ()
    mail_domains: tuple[str, ...] = ()
    groups: tuple[GroupRow, ...] = ()
    contacts: tuple[ContactRow, ...] = ()
    clauses: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
