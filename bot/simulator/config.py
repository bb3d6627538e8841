"""Who lives in the simulated corp, which secrets it shares with the desk, and how patient it is."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from bot.simulator.quotas import Quotas

Side = Literal["partner", "staff"]


class ConfigError(Exception):
    """A directory file or an argument that cannot be used; the text names where, what, what is accepted."""


@dataclass(frozen=True)
class Person:
    """A member of the corp.

    Attributes:
        userid: as the desk knows them; WeCom compares it without regard to case.
        side: ``partner`` for a partner's contact, ``staff`` for the desk's own people.
        company: the partner's name, empty for staff.
        job: what the page says beside the name (``客服热线``, ``技术 一责``).
        console: a staff member's place in the console (``hotline``, ``supervisor``…), empty for contacts.
    """

    userid: str
    name: str
    side: Side
    company: str = ""
    job: str = ""
    console: str = ""


@dataclass(frozen=True)
class Group:
    """An internal group with the bot in it. ``webhook_key`` is what a webhook push names it by."""

    chatid: str
    name: str
    members: tuple[str, ...]
    webhook_key: str = field(default="", repr=False)


@dataclass(frozen=True)
class Patience:
    """How long WeCom waits and how often it tries (100719, 101027, 90238); all in seconds.

    Attributes:
        answer: before a callback counts as failed.
        attempts: how often a message is delivered in all; an aibot card event only once.
        pause: between two attempts. The documents do not say; a second lets a restarted desk be found again.
        verify: for the echo of the URL verification.
        poll: between two refreshes of an unfinished stream.
        stream: after the user's message, when polling stops.
    """

    answer: float = 5.0
    attempts: int = 3
    pause: float = 1.0
    verify: float = 1.0
    poll: float = 1.0
    stream: float = 360.0


def machine_time() -> datetime:
    """The machine's own clock: aware UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class SimulatorConfig:
    """Everything the simulator is told. The secrets are those of the desk's settings of the same name.

    Attributes:
        desk_url: where the desk listens, without a trailing slash.
        state_dir: where chats are kept between runs; None keeps them in memory only.
        machine_now: machine time, which judges tokens, quotas and signatures; tests turn it.
    """

    corp_id: str
    agent_id: int
    secret: str = field(repr=False)
    token: str = field(repr=False)
    aes_key: str = field(repr=False)
    aibot_token: str = field(repr=False)
    aibot_aes_key: str = field(repr=False)
    desk_url: str
    aibot_name: str = "服务台"
    aibotid: str = "AIBOT0001"
    app_name: str = "客服工作台"
    people: tuple[Person, ...] = ()
    groups: tuple[Group, ...] = ()
    state_dir: Path | None = None
    quotas: Quotas = field(default_factory=Quotas)
    patience: Patience = field(default_factory=Patience)
    machine_now: Callable[[], datetime] = machine_time


ROLES = {
    "cs_lead": "客服负责人",
    "middle_office": "中台",
    "review": "商户审核",
    "aftersales": "售后",
    "tech": "产品技术",
    "business": "业务",
    "operations": "运营中心",
    "hr": "人力资源",
}
RANKS = {1: "一责", 2: "二责"}
CONSOLES = {"hotline": "客服热线", "supervisor": "客服负责人", "operations": "运营中心", "admin": "管理员"}


def read_directory(path: Path) -> tuple[tuple[Person, ...], tuple[Group, ...]]:
    """People and groups from the same directory file the desk imports (docs/design.md §6).

    A partner's group holds its contacts and all staff, a group of our own all staff: the file names no
    members. Contacts without a userid are not members of the corp and do not appear.

    Raises:
        ConfigError: the file cannot be read, is no TOML, or an entry lacks what makes it one.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as e:
        raise ConfigError(f"{path}: cannot be read ({e.strerror})") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as e:
        raise ConfigError(f"{path}: is no TOML file ({e})") from None
    try:
        return _people_and_groups(data)
    except (KeyError, TypeError, AttributeError) as e:
        raise ConfigError(f"{path}: an entry lacks {e} or has it in another shape") from None


def _people_and_groups(data: Mapping[str, Any]) -> tuple[tuple[Person, ...], tuple[Group, ...]]:
    staff = [
        Person(
            userid=s["userid"],
            name=s["name"],
            side="staff",
            job=_staff_job(s),
            console=s.get("console", "desk"),
        )
        for s in data.get("staff", ())
        if s.get("userid")
    ]
    people, groups = list(staff), []
    for partner in data.get("partner", ()):
        company = (partner.get("aliases") or [partner["name"]])[0]
        contacts = [
            Person(
                userid=c["userid"],
                name=c["name"],
                side="partner",
                company=partner["name"],
                job="、".join(ROLES.get(r, r) for r in c.get("roles", ())),
            )
            for c in partner.get("contacts", ())
            if c.get("userid")
        ]
        people += [c for c in contacts if c.userid not in {p.userid for p in people}]
        groups += [
            _group(g, g.get("name") or f"{company}服务群", contacts + staff)
            for g in partner.get("groups", ())
        ]
    groups += [_group(g, g.get("name") or g["chatid"], staff) for g in data.get("group", ())]
    return tuple(people), tuple(groups)


def _staff_job(entry: Mapping[str, Any]) -> str:
    duties = [
        f"{ROLES.get(d['role'], d['role'])}{RANKS.get(d.get('rank', 0), '')}" for d in entry.get("duties", ())
    ]
    return "、".join(duties) or CONSOLES.get(entry.get("console", ""), "客服")


def _group(entry: Mapping[str, Any], name: str, members: list[Person]) -> Group:
    return Group(
        chatid=entry["chatid"],
        name=name,
        members=tuple(p.userid for p in members),
        webhook_key=entry.get("webhook_key", ""),
    )
