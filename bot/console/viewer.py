"""Who looks at the console, and what they are there as."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from workorders.directory.people import Person, Role


class As(StrEnum):
    """What a person is at the console; one may be several at once."""

    DESK = "desk"
    HOTLINE = "hotline"
    SUPERVISOR = "supervisor"
    OPERATIONS = "operations"
    ADMIN = "admin"
    PARTNER = "partner"


#: What they are called, the likeliest to name somebody by first.
NAMES = {
    As.ADMIN: "管理员",
    As.SUPERVISOR: "客服负责人",
    As.OPERATIONS: "运营中心",
    As.HOTLINE: "热线",
    As.DESK: "处理人员",
    As.PARTNER: "合作伙伴",
}


def standing(person: Person) -> frozenset[As]:
    """What that person may come in as; empty for somebody the console is not for."""
    if person.side == "partner":
        return frozenset({As.PARTNER})
    if person.side != "us":
        return frozenset()
    stands = {
        As.DESK: person.works_orders,
        As.HOTLINE: person.console == "hotline",
        As.SUPERVISOR: person.supervises,
        As.OPERATIONS: person.console == "operations"
        or any(d.role is Role.OPERATIONS for d in person.duties),
        As.ADMIN: person.console == "admin",
    }
    return frozenset(role for role, so in stands.items() if so)


@dataclass(frozen=True)
class Viewer:
    """Somebody logged in, as the directory knows them at this request."""

    person: Person
    stands: frozenset[As]

    @property
    def title(self) -> str:
        """星河支付, or what they are called by their first standing."""
        if self.person.partner:
            return self.person.partner.name
        return next(name for role, name in NAMES.items() if role in self.stands)

    @property
    def ours(self) -> bool:
        return self.person.side == "us"

    def may(self, *roles: As) -> bool:
        """Whether they are there as one of these."""
        return bool(self.stands & set(roles))
