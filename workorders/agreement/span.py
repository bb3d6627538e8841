"""How long a promise runs: a stretch of time, or a number of working days."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

SPAN_FORM = 'whole numbers with s, m, h ("20m", "1h30m") or working days ("3d"), more than nothing'

_SPAN = re.compile(r"(\d{1,9})d|(?=\d)(?:(\d{1,9})h)?(?:(\d{1,9})m)?(?:(\d{1,9})s)?", re.ASCII)


@dataclass(frozen=True)
class Span:
    """How long a promise runs: a stretch of time, or a number of working days.

    Whether a stretch is working time or wall-clock time is the clause's to say, not the span's.

    Attributes:
        seconds: the stretch, None for working days.
        days: the working days, None for a stretch.
    """

    seconds: int | None = None
    days: int | None = None

    def __post_init__(self) -> None:
        given = [value for value in (self.seconds, self.days) if value is not None]
        if len(given) != 1 or given[0] <= 0:
            raise ValueError(f"a span is {SPAN_FORM}")

    @classmethod
    def parse(cls, text: str) -> Span:
        """Read ``20m``, ``1h30m``, ``90s`` or ``3d``.

        Raises:
            ValueError: anything else, nothing at all, zero or less; the message names what is accepted.
        """
        match = _SPAN.fullmatch(text.strip()) if isinstance(text, str) else None
        if match is None:
            raise ValueError(f"{text!r} is not a span: {SPAN_FORM}")
        days, hours, minutes, seconds = (int(group or 0) for group in match.groups())
        stretch = hours * 3600 + minutes * 60 + seconds
        if not days and not stretch:
            raise ValueError(f"{text!r} is no time at all: a span is {SPAN_FORM}")
        return cls(days=days) if days else cls(seconds=stretch)

    def __str__(self) -> str:
        """The span as :meth:`parse` reads it."""
        if self.seconds is None:
            return f"{self.days}d"
        hours, rest = divmod(self.seconds, 3600)
        parts = ((hours, "h"), (rest // 60, "m"), (rest % 60, "s"))
        return "".join(f"{n}{unit}" for n, unit in parts if n)

    @property
    def timedelta(self) -> timedelta:
        """The stretch as a timedelta.

        Raises:
            ValueError: the span is of working days, which have no fixed length.
        """
        if self.seconds is None:
            raise ValueError(f"{self} is a number of working days, not a stretch of time")
        return timedelta(seconds=self.seconds)
