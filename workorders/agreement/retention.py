"""How long each kind of what is kept about people is kept (table ``[retention]`` of the agreement file)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, ClassVar

from workorders.errors import FileError

FORM = '"180d" for calendar days or "3y" for years'
_KEEP = re.compile(r"([1-9]\d{0,4})([dy])", re.ASCII)


@dataclass(frozen=True)
class Keep:
    """So many calendar days, or years."""

    days: int = 0
    years: int = 0

    @classmethod
    def parse(cls, raw: object, where: str) -> Keep:
        """Read ``180d`` or ``3y``.

        Raises:
            FileError: anything else.
        """
        match = _KEEP.fullmatch(raw.strip()) if isinstance(raw, str) else None
        if match is None:
            raise FileError(where, f"{raw!r} is not how long to keep something", FORM)
        number = int(match[1])
        if number > (36_500 if match[2] == "d" else 100):
            raise FileError(where, f"{raw!r} is more than a century", FORM)
        return cls(days=number) if match[2] == "d" else cls(years=number)

    def before(self, now: datetime) -> datetime:
        """The moment before which everything has been kept long enough."""
        if self.days:
            return now - timedelta(days=self.days)
        try:
            return now.replace(year=now.year - self.years)
        except ValueError:  # the 29th of February has no day of its own that year
            return now.replace(year=now.year - self.years, day=28)

    def __str__(self) -> str:
        return f"{self.days}d" if self.days else f"{self.years}y"


@dataclass(frozen=True)
class Retention:
    """How long each kind is kept.

    Attributes:
        spans: by the names of :data:`KINDS`.
    """

    spans: Mapping[str, Keep]

    #: Name to what it is, in a line. ``chat`` is counted from when it was said, ``pictures`` from when they
    #: came, ``order`` from its end, ``notice`` from when it took effect or ended, ``audit`` from the act.
    KINDS: ClassVar[Mapping[str, str]] = MappingProxyType(
        {
            "chat": "messages, answers, and the words of what was sent",
            "pictures": "pictures and files",
            "order": "what people wrote in a work order or an obligation, and who they were",
            "notice": "a notice and the evidence of who acknowledged it",
            "audit": "who did what, and who saw what",
        }
    )
    #: Logs are kept for six months at the least (people.md, Rules 8).
    FLOORS: ClassVar[Mapping[str, int]] = MappingProxyType({"audit": 180})

    @classmethod
    def parse(cls, raw: object, where: str) -> Retention:
        """Read the table.

        Args:
            raw: every kind with its span.
            where: the file and table, for errors.

        Raises:
            FileError: an unknown kind, a missing one, a bad span, or one under its floor.
        """
        table: Mapping[str, Any] = raw if isinstance(raw, Mapping) else {}
        for name in table:
            if name not in cls.KINDS:
                raise FileError(where, f"unknown kind {name!r}", ", ".join(cls.KINDS))
        spans = {}
        for name in cls.KINDS:
            if name not in table:
                raise FileError(where, f"{name} is missing", FORM)
            keep = Keep.parse(table[name], f"{where}.{name}")
            floor = cls.FLOORS.get(name, 0)
            if 0 < keep.days < floor:
                raise FileError(
                    f"{where}.{name}", f"{str(keep)!r} is less than the law asks", f"{floor}d or more"
                )
            spans[name] = keep
        return cls(spans)

    def before(self, kind: str, now: datetime) -> datetime:
        """The moment before which that kind has been kept long enough."""
        return self.spans[kind].before(now)
