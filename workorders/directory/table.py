"""One table of an operator's TOML file, read key by key; what is wrong is collected, not raised."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeVar

from workorders.agreement.agreement_file import clause_tables
from workorders.directory.names import name_key, userid_key
from workorders.directory.people import Role
from workorders.directory.phones import ACCEPTED as PHONES
from workorders.directory.phones import phone_number
from workorders.errors import FileError

if TYPE_CHECKING:
    from workorders.agreement.clauses import Agreement

_Word = TypeVar("_Word", bound=str)
_Row = TypeVar("_Row")

ROLES: Mapping[str, Role] = {role.value: role for role in Role}
#: Overrides are a few short values; anything deeper is a mistake in the file.
_DEEPEST = 6


class Placed(dict[str, object]):
    """A table that knows where the operator finds it, as a row of a sheet does.

    Args:
        place: e.g. ``群 row 3``.
        values: the table.
    """

    def __init__(self, place: str, values: Mapping[str, object]) -> None:
        self.place = place
        super().__init__(values)


class Problems:
    """Everything wrong in one file, and what its rows already claimed as theirs alone.

    Args:
        agreement: whose terms partners' clauses must fit; None leaves the clauses unchecked.
    """

    def __init__(self, agreement: Agreement | None) -> None:
        self.agreement = agreement
        self.lines: list[str] = []
        self._claims: dict[tuple[str, str], tuple[object, str]] = {}

    def claim(self, kind: str, key: str, owner: object, place: str, shown: str) -> None:
        """Say that ``owner`` is the only one with this key; a second owner is a problem.

        Args:
            kind: what shares one space, e.g. ``userid``.
            key: as compared.
            owner: who may claim the same key again.
            place: the row, as the operator finds it.
            shown: how the thing is named to the operator (never a secret).
        """
        held, first = self._claims.setdefault((kind, key), (owner, place))
        if held != owner:
            self.lines.append(f"{place}: {shown} is already that of {first}")


class Table:
    """A table whose keys are taken one by one; ``end`` refuses those nobody took.

    Args:
        raw: what TOML gave; anything but a table is a problem and reads as an empty one.
        place: the table's place in the file, e.g. ``partner 2``; :meth:`named` adds its name.
        problems: where to write down what is wrong.
    """

    def __init__(self, raw: object, place: str, problems: Problems) -> None:
        self.place, self.problems = raw.place if isinstance(raw, Placed) else place, problems
        self._known: list[str] = []
        self._whole = isinstance(raw, dict)
        self._raw: dict[str, object] = raw if isinstance(raw, dict) else {}
        if not self._whole:
            self.wrong("is no table", "{ key = value, … }")

    def wrong(self, what: str, accepted: str = "") -> None:
        """Write one thing down as wrong with this row."""
        where = f"{self.place}: " if self.place else ""
        self.problems.lines.append(where + what + (f" (accepted: {accepted})" if accepted else ""))

    def named(self) -> str:
        """The row's ``name``, which a row must have; the place says it from here on."""
        name = self.text("name", required=True)
        if name is not None:
            self.place += f" '{name}'"
        return name or ""

    def text(self, key: str, *, required: bool = False, secret: bool = False) -> str | None:
        """A text without space around it; None where it is absent, empty or wrong.

        Args:
            key: the key.
            required: its absence is a problem.
            secret: it is never quoted in a problem.
        """
        raw = self._take(key)
        text = self._text(key, raw, secret=secret)
        if required and (raw is None or (isinstance(raw, str) and not raw.strip())) and self._whole:
            self.wrong(f"has no {key}")
        return text

    def word(self, key: str, *, required: bool = False, secret: bool = False) -> str | None:
        """A text without any white space, as identifiers are; else as :meth:`text`."""
        text = self.text(key, required=required, secret=secret)
        if text is not None and len(text.split()) > 1:
            self.wrong(f"{key} contains white space" if secret else f"{key} '{text}' contains white space")
            return None
        return text

    def choice(self, key: str, words: tuple[_Word, ...], *, required: bool = False) -> _Word | None:
        """One of a few words; None where it is absent or another."""
        text = self.text(key, required=required)
        for word in words:
            if text == word:
                return word
        if text is not None:
            self.wrong(f"{key} '{text}' is unknown", ", ".join(words))
        return None

    def phone(self) -> str | None:
        """The row's ``phone`` in its one form."""
        text = self.text("phone")
        if text is None:
            return None
        try:
            return phone_number(text)
        except ValueError:
            self.wrong(f"phone '{text}' is no complete phone number", PHONES)
            return None

    def email(self) -> str | None:
        """The row's ``email``."""
        text = self.word("email")
        if text is not None and not (text.partition("@")[0] and is_domain(text.partition("@")[2])):
            self.wrong(f"email '{text}' is no mail address", "name@domain")
            return None
        return text

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; an absent one is empty."""
        found = (self._text(key, item) for item in self._list(key))
        return tuple(text for text in found if text is not None)

    def roles(self, key: str) -> tuple[Role, ...]:
        """A list of roles."""
        return tuple(role for text in self.texts(key) if (role := self._role(text)) is not None)

    def role(self, key: str) -> Role | None:
        """One role, which must be there."""
        text = self.text(key, required=True)
        return None if text is None else self._role(text)

    def rank(self, key: str) -> int | None:
        """一责 1 or 二责 2, which must be there."""
        rank = self._take(key)
        if type(rank) is int and rank in (1, 2):
            return rank
        self.wrong(f"has no {key}" if rank is None else f"{key} {_shown(rank)} is unknown", "1, 2")
        return None

    def count(self, key: str, most: int) -> int:
        """A whole number from 1; 1 where it is absent or wrong."""
        number = self._take(key)
        if type(number) is int and 1 <= number <= most:
            return number
        if number is not None:
            self.wrong(f"{key} {_shown(number)} is no number of weeks", f"1 to {most}")
        return 1

    def rows(self, key: str, label: str, read: Callable[[Table], _Row]) -> tuple[_Row, ...]:
        """A list of tables, each read by ``read``, counted from 1 as ``label`` 1, ``label`` 2, …"""
        inside = f"{self.place}: " if self.place else ""
        return tuple(
            read(Table(raw, f"{inside}{label} {number}", self.problems))
            for number, raw in enumerate(self._list(key), start=1)
        )

    def overrides(self, key: str) -> dict[str, dict[str, object]]:
        """Clause values by clause name, written as in the agreement, and fit for it where it is given."""
        raw = self._take(key)
        try:
            tables = clause_tables({} if raw is None else raw, key)
        except FileError as error:
            self.wrong(str(error))
            return {}
        for name, values in tables.items():
            if what := _unkeepable(values):
                self.wrong(f"{key}: {name} holds {what}", "texts, numbers, true, false and lists of them")
            elif self.problems.agreement:
                try:
                    self.problems.agreement.clause(name, {name: values})
                except FileError as error:
                    self.wrong(str(error).removeprefix("partner."))
        return tables

    def mine(self, kind: str, key: str, shown: str, owner: object = None) -> None:
        """Claim a key as this row's alone; see :meth:`Problems.claim`."""
        self.problems.claim(kind, key, object() if owner is None else owner, self.place, shown)

    def userid(self, text: str | None) -> None:
        """Claim a userid; one person is one row, on one side."""
        if text:
            self.mine("userid", userid_key(text), f"userid '{text}'")

    def names(self, owner: object, *names: str) -> None:
        """Claim a partner's name and aliases, by which it is spoken of."""
        for name in names:
            self.mine("partner name", name_key(name), f"the name '{name}'", owner)

    def end(self) -> None:
        """Refuse the keys nobody took: a misspelt one would silently do nothing."""
        for key in self._raw:
            if key not in self._known:
                self.wrong(f"unknown key '{key}'", ", ".join(self._known))

    def _take(self, key: str) -> object:
        self._known.append(key)
        return self._raw.get(key)

    def _list(self, key: str) -> list[object]:
        raw = self._take(key)
        if raw is None:
            return []
        if not isinstance(raw, list):
            self.wrong(f"{key} is no list", f"[[{key}]]" if not self.place else f"{key} = [ … ]")
            return []
        return raw

    def _text(self, key: str, raw: object, *, secret: bool = False) -> str | None:
        if raw is None:
            return None
        if not isinstance(raw, str):
            self.wrong(f"{key} is no text" if secret else f"{key} {_shown(raw)} is no text", f'{key} = "…"')
            return None
        if _has_control(raw):
            self.wrong(f"{key} contains a control character")
            return None
        return raw.strip() or None

    def _role(self, text: str) -> Role | None:
        if text not in ROLES:
            self.wrong(f"role '{text}' is unknown", ", ".join(ROLES))
        return ROLES.get(text)


def is_domain(text: str) -> bool:
    """Whether this may be what a mail address ends in."""
    return bool(text) and "@" not in text and not text.startswith(".") and len(text.split()) == 1


def _shown(raw: object) -> str:
    """A value of a wrong type, short enough for a line."""
    return "table" if isinstance(raw, dict) else "list" if isinstance(raw, list) else f"'{raw}'"


def _has_control(text: str) -> bool:
    """Whether the text holds what no database or chat message keeps, a line break included."""
    return any(
        unicodedata.category(character) in ("Cc", "Cs") or character in "\ufffe\uffff" for character in text
    )


def _unkeepable(value: object, depth: int = 0) -> str:
    """What in a value JSON could not give back as it was; empty where all is well."""
    if depth > _DEEPEST:
        return "lists nested too deeply"
    if isinstance(value, dict):
        inside = [*value.keys(), *value.values()]
    elif isinstance(value, list):
        inside = value
    elif isinstance(value, str):
        return "a control character" if _has_control(value) else ""
    elif isinstance(value, float):
        return "" if math.isfinite(value) else f"the number {value}"
    else:
        return "" if isinstance(value, int) else f"the moment {value}"
    return next((what for item in inside if (what := _unkeepable(item, depth + 1))), "")
