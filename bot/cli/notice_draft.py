"""What a notice is composed of at a terminal: a TOML file's keys, and options over them."""

from __future__ import annotations

import tomllib
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.cli.exits import REFUSED, WRONG, stop
from bot.cli.unit import moment
from handlers.masking import mask

if TYPE_CHECKING:
    from bot.sql.unit import Unit
    from workorders.notices.desk import Draft
    from workorders.notices.notice import Audience

KEYS = (
    "kind",
    "title",
    "body",
    "effective",
    "suspension",
    "emergency",
    "stamped",
    "cut",
    "roles",
    "own",
    "partners",
    "to",
)


def given_in(file: Path | None) -> dict[str, Any]:
    """What a file says of the notice; nothing where there is no file."""
    if file is None:
        return {}
    try:
        given = tomllib.loads(text_of(file))
    except tomllib.TOMLDecodeError as error:
        stop(f"{file}: is no TOML: {error}", WRONG)
    unknown = sorted(set(given) - set(KEYS))
    if unknown:
        stop(f"{file}: unknown key {', '.join(unknown)} (accepted: {', '.join(KEYS)})", WRONG)
    return given


def text_of(file: Path) -> str:
    """A file's text."""
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        stop(f"{file}: {error.strerror}", WRONG)
    except UnicodeDecodeError:
        stop(f"{file}: no UTF-8 text", WRONG)


def draft_of(given: dict[str, Any], unit: Unit, where: str) -> Draft:
    """The notice to be composed, by what was given; masked, as everything that is kept.

    Args:
        where: what is named where something of it is wrong.
    """
    from workorders.notices.desk import Draft
    from workorders.notices.notice import Kind

    try:
        kind = Kind(str(given.get("kind", "")))
    except ValueError:
        accepted = ", ".join(kind.value for kind in Kind)
        wrong = f"{given['kind']!r} is unknown" if given.get("kind") else "is missing"
        stop(f"{where}: kind {wrong} (accepted: {accepted})", WRONG)
    for key, wanted in (("suspension", bool), ("cut", bool)):
        if not isinstance(given.get(key, False), wanted):
            stop(f"{where}: {key} is neither true nor false", WRONG)
    effective = given.get("effective")
    if isinstance(effective, datetime) and effective.tzinfo is None:
        stop(f"{where}: effective has no zone (accepted: 2026-11-23T09:00:00+08:00)", WRONG)
    return Draft(
        kind=kind,
        title=mask(str(given.get("title", ""))).text,
        body=mask(str(given.get("body", ""))).text,
        effective=effective if isinstance(effective, datetime) else moment(effective, "effective"),
        suspension=bool(given.get("suspension")),
        emergency=mask(str(given.get("emergency") or "")).text,
        stamped=str(given.get("stamped") or ""),
        cut=bool(given.get("cut")),
        audience=_audience(given, unit, kind, where),
    )


def _audience(given: dict[str, Any], unit: Unit, kind: Any, where: str) -> Audience | None:
    from workorders.directory.people import Role
    from workorders.notices.notice import FORMS, Audience

    if not any(given.get(key) for key in ("roles", "own", "partners", "to")):
        return None
    usual = FORMS[kind].audience
    posts: dict[str, tuple[Role, ...]] = {}
    for key in ("roles", "own"):
        named = [str(role) for role in given.get(key) or ()]
        wrong = [name for name in named if name not in Role._value2member_map_]
        if wrong:
            accepted = ", ".join(role.value for role in Role)
            stop(f"{where}: role {', '.join(wrong)} is unknown (accepted: {accepted})", WRONG)
        posts[key] = tuple(Role(name) for name in named)
    partners = []
    for name in given.get("partners") or ():
        found = unit.directory.partners_named(str(name))
        if len(found) != 1:
            stop(f"{where}: there is no partner {name!r} in the directory", REFUSED)
        partners.append(found[0].id)
    only_picked = bool(given.get("to")) and not (posts["roles"] or posts["own"] or partners)
    roles = posts["roles"] or (() if only_picked or posts["own"] else usual.roles)
    own = posts["own"] or (() if only_picked or posts["roles"] or partners else usual.own)
    return Audience(roles, own, tuple(partners), tuple(str(who) for who in given.get("to") or ()))
