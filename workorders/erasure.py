"""Taking people out of what happened: their words and their names go, figures and moments stay.

What is erased is an event, and an order or an obligation is again what its events make it: so everything
that is computed from them stays as it was.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from enum import Enum
from typing import Any, Literal, get_args, get_origin, get_type_hints

from workorders.directory.people import Role

#: What stands where words were, and where a userid was.
ERASED = "[已删除]"

#: Fields, and facts of events, that hold userids.
WHO = frozenset(
    {"reporter", "owner", "state_by", "by", "filed_by", "taken_by", "frm", "from", "to", "person"}
    | {"also", "reporters", "added", "reporter_id"}
)
#: Fields that hold what somebody wrote, or what somebody is called.
WORDS = frozenset(
    {"text", "awaited", "form", "withheld", "note", "trainee", "remark", "leaves", "comes", "reach"}
    | {"stars_reason"}
)
#: Fields and facts of plain text that are codes of ours, with all that is inside them.
CODES = frozenset(
    {"terms", "promises", "clause", "told", "topic", "calendar", "tells", "part", "kind", "state", "role"}
    | {
        "partner",
        "partners",
        "chat",
        "code",
        "channel",
        "occasion",
        "day",
        "clauses",
        "span",
        "second",
        "lead",
    }
)
_ROLES = frozenset(Role)
_MOMENT = re.compile(
    r"\d{4}-\d\d(?:-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?)?)?|-?P[\dTDHMSWY.]+"
)


@dataclass(frozen=True)
class Eraser:
    """How people are taken out.

    Attributes:
        who: a userid to what stands for it afterwards.
        words: somebody's words to what is left of them.
    """

    who: Callable[[str], str]
    words: Callable[[str], str]

    def value(self, value: Any, name: str) -> Any:
        """A field, or a fact, of that name, without them."""
        if value is None or isinstance(value, Enum | bool | int | float) or name in CODES:
            return value
        if isinstance(value, str):
            return self._text(value, name)
        if is_dataclass(value) and not isinstance(value, type):
            typed = get_type_hints(type(value))
            return replace(
                value,
                **{
                    f.name: self.value(getattr(value, f.name), f.name)
                    for f in fields(value)
                    if f.init and not is_literal(typed[f.name])
                },
            )
        if isinstance(value, Mapping):
            return {
                key: self.value(inner, key if isinstance(key, str) else name) for key, inner in value.items()
            }
        if isinstance(value, list | tuple):
            return type(value)(self.value(inner, name) for inner in value)
        return value

    def values(self, named: Mapping[str, Any]) -> dict[str, Any]:
        """Fields or facts by name."""
        return {name: self.value(value, name) for name, value in named.items()}

    def _text(self, value: str, name: str) -> str:
        if name in WHO and value not in _ROLES:
            return self.who(value)
        # A role that an order is sent on to, and every moment, is no person's.
        return value if not value or value in _ROLES or _MOMENT.fullmatch(value) else self.words(value)


#: Nobody and no word is left.
EVERYTHING = Eraser(lambda userid: ERASED, lambda words: ERASED)


def is_literal(hint: Any) -> bool:
    """Whether a field's type admits only words of ours."""
    if get_origin(hint) is Literal:
        return True
    inner = [arg for arg in get_args(hint) if arg is not type(None)]
    return bool(inner) and all(is_literal(arg) for arg in inner)
