"""Who a notice is told to: roles, partners and people picked by hand, made into recipients with addresses.

Resolved when told: what the directory says when sending begins. Before that the same reading gives the
head-count, and names what will not reach people while somebody can still mend it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol

from workorders.directory.people import Group, Person, Role
from workorders.letters import Channel
from workorders.notices.errors import UnknownRecipient
from workorders.notices.notice import Audience, Form
from workorders.notices.receipt import Way

_ADDRESS = re.compile(r"[^@\s<>,;:\"()\[\]]+@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)*[A-Za-z0-9-]+")

What = Literal["no_group", "no_mail", "bad_address", "repeated"]

#: What a way that has no address says of itself.
NO_ADDRESS: Mapping[Channel, str] = {
    "group": "no group of theirs has a webhook in the directory",
    "mail": "no mail address in the directory",
    "app": "no userid in the directory",
}


class AddressBook(Protocol):
    """The directory read at once: thousands are told, and none is asked for one by one."""

    def contacts(self) -> Sequence[Person]:
        """Every contact of a present partner, in directory order."""

    def staff(self) -> Sequence[Person]:
        """Our own people, in directory order."""

    def holders(self, role: Role, at: datetime) -> Sequence[Person]:
        """Our people who hold that post at that moment, 一责 first; stand-ins for who is away."""

    def groups(self) -> Mapping[int | None, Group]:
        """The group each partner is told in, the first with a webhook; under None our operations group."""

    def overrides(self) -> Mapping[int, dict[str, Any]]:
        """Partners with clause values of their own."""


@dataclass(frozen=True)
class Recipient:
    """Somebody who will be told, and how."""

    key: str
    name: str
    partner: int | None
    partner_name: str
    ours: bool
    userid: str | None
    email: str | None
    chatid: str | None
    ways: tuple[Way, ...]


@dataclass(frozen=True)
class Problem:
    """Something that will keep a recipient from being told, or tell them twice.

    Attributes:
        who: the recipient's name with the partner's. ``detail``: the address, or whose it is already.
    """

    what: What
    who: str
    detail: str = ""


@dataclass(frozen=True)
class Reading:
    """An audience as the directory has it now."""

    recipients: tuple[Recipient, ...]
    problems: tuple[Problem, ...]

    @property
    def channels(self) -> frozenset[Channel]:
        """By which anybody will be told."""
        return frozenset(way.channel for each in self.recipients for way in each.ways if way.address)

    def by_partner(self) -> dict[str, int]:
        """Head-count by partner's name; our own people under 我方."""
        counts: dict[str, int] = {}
        for each in self.recipients:
            name = "我方" if each.ours else each.partner_name or "其他"
            counts[name] = counts.get(name, 0) + 1
        return counts


def read(audience: Audience, form: Form, book: AddressBook, at: datetime) -> Reading:
    """The recipients of an audience as of a moment (aware UTC), each once, in directory order.

    Raises:
        UnknownRecipient: somebody picked is nobody's userid and no mail address.
    """
    contacts = book.contacts()
    meant = [p for p in contacts if _meant(p, audience)]
    meant += [p for role in audience.own for p in book.holders(role, at)]
    people = {_key(p): p for p in meant}
    strangers: dict[str, str] = {}
    if audience.picked:
        known = {name: p for p in (*contacts, *book.staff()) for name in _names(p)}
        for picked in audience.picked:
            found = known.get(picked.strip().lower())
            if found is not None:
                people.setdefault(_key(found), found)
            elif is_address(picked.strip()):
                strangers[picked.strip().lower()] = picked.strip()
            else:
                raise UnknownRecipient(picked)
    groups = book.groups()
    recipients = [_of_person(key, p, form, groups) for key, p in people.items()]
    recipients += [_of_address(key, address, form) for key, address in strangers.items()]
    return Reading(tuple(recipients), tuple(_problems(recipients, form)))


def is_address(text: str) -> bool:
    """Whether it can be a mail address at all."""
    return len(text) <= 254 and _ADDRESS.fullmatch(text) is not None


def _meant(person: Person, audience: Audience) -> bool:
    theirs = not audience.partners or (person.partner is not None and person.partner.id in audience.partners)
    return theirs and any(role in audience.roles for role in person.roles)


def _key(person: Person) -> str:
    if person.userid:
        return person.userid.lower()
    if person.email:
        return person.email.lower()
    return f"{person.partner.id if person.partner else 0}/{person.name}"


def _names(person: Person) -> Iterable[str]:
    return (name.lower() for name in (person.userid, person.email) if name)


def _of_person(key: str, person: Person, form: Form, groups: Mapping[int | None, Group]) -> Recipient:
    group = groups.get(person.partner.id if person.partner else None)
    addresses: dict[Channel, str] = {
        "group": group.chatid if group else "",
        "mail": person.email or "",
        "app": person.userid or "",
    }
    return Recipient(
        key=key,
        name=person.name,
        partner=person.partner.id if person.partner else None,
        partner_name=person.partner.name if person.partner else "",
        ours=person.side == "us",
        userid=person.userid or None,
        email=person.email,
        chatid=addresses["group"] or None,
        ways=_ways(form.required, addresses),
    )


def _of_address(key: str, address: str, form: Form) -> Recipient:
    """An address of nobody's: mail is all there is."""
    return Recipient(key, address, None, "", False, None, address, None, _ways(("mail",), {"mail": address}))


def _ways(required: tuple[Channel, ...], addresses: Mapping[Channel, str]) -> tuple[Way, ...]:
    ways = [_way(channel, addresses[channel]) for channel in required]
    if addresses.get("app"):
        ways.append(Way("app", addresses["app"], required=False))
    return tuple(ways)


def _way(channel: Channel, address: str) -> Way:
    if not address:
        return Way(channel, "", required=True, state="failed", reason=NO_ADDRESS[channel])
    if channel == "mail" and not is_address(address):
        return Way(channel, address, required=True, state="failed", reason=f"{address} is no mail address")
    return Way(channel, address, required=True)


def _problems(recipients: Sequence[Recipient], form: Form) -> Iterable[Problem]:
    mailboxes: dict[str, str] = {}
    for each in recipients:
        who = f"{each.partner_name} {each.name}".strip()
        for way in each.ways:
            if way.state == "failed" and way.address:
                yield Problem("bad_address", who, way.address)
            elif way.state == "failed":
                yield Problem("no_group" if way.channel == "group" else "no_mail", who)
        if "mail" in form.required and each.email:
            first = mailboxes.setdefault(each.email.lower(), who)
            if first != who:
                yield Problem("repeated", who, f"{each.email} {first}")
