"""What a notice is composed of at a terminal: a TOML file's keys, and options over them."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
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

_TEXT, _FLAG = ("a text", lambda v: isinstance(v, str)), ("true or false", lambda v: isinstance(v, bool))
_TEXTS = ('a list such as ["tech"]', lambda v: isinstance(v, list) and all(isinstance(e, str) for e in v))
_MOMENT = (
    "a moment with its zone, such as 2026-11-23T09:00:00+08:00",
    lambda v: isinstance(v, str) or (isinstance(v, datetime) and v.tzinfo is not None),
)
#: What a file may give under each key beside kind, in words and as a judgement.
ACCEPTED: Mapping[str, tuple[str, Callable[[Any], bool]]] = {
    **dict.fromkeys(("title", "body", "emergency", "stamped"), _TEXT),
    **dict.fromkeys(("suspension", "cut"), _FLAG),
    **dict.fromkeys(("roles", "own", "partners", "to"), _TEXTS),
    "effective": _MOMENT,
}


def given_in(file: Path | None) -> dict[str, Any]:
    """What a file says of the notice; nothing where there is no file."""
    if file is None:
        return {}
    try:
        given = tomllib.loads(text_of(file))
    except tomllib.TOMLDecodeError as error:
        stop(f"{file}: is no TOML: {error}", WRONG)
    unknown = sorted(set(given) - {"kind", *ACCEPTED})
    if unknown:
        stop(f"{file}: unknown key {', '.join(unknown)} (accepted: kind, {', '.join(ACCEPTED)})", WRONG)
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
    for key, (accepted, is_so) in ACCEPTED.items():
        if key in given and not is_so(given[key]):
            stop(f"{where}: {key} is not {accepted}", WRONG)
    effective = given.get("effective")
    return Draft(
        kind=kind,
        title=mask(given.get("title", "")).text,
        body=mask(given.get("body", "")).text,
        effective=moment(effective, "effective") if isinstance(effective, str) else effective,
        suspension=bool(given.get("suspension")),
        emergency=mask(given.get("emergency", "")).text,
        stamped=given.get("stamped", ""),
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
        named = given.get(key, [])
        wrong = [name for name in named if name not in Role._value2member_map_]
        if wrong:
            accepted = ", ".join(role.value for role in Role)
            stop(f"{where}: role {', '.join(wrong)} is unknown (accepted: {accepted})", WRONG)
        posts[key] = tuple(Role(name) for name in named)
    partners = []
    for name in given.get("partners", ()):
        found = unit.directory.partners_named(name)
        if len(found) != 1:
            stop(f"{where}: there is no partner {name!r} in the directory", REFUSED)
        partners.append(found[0].id)
    only_picked = bool(given.get("to")) and not (posts["roles"] or posts["own"] or partners)
    roles = posts["roles"] or (() if only_picked or posts["own"] else usual.roles)
    own = posts["own"] or (() if only_picked or posts["roles"] or partners else usual.own)
    return Audience(roles, own, tuple(partners), tuple(given.get("to", ())))
