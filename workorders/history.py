"""What is exactly what its events say: an order, an obligation, a notice, an incident.

Verbs return events; ``after`` is the only way such a value changes, and its row is a snapshot of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar, cast


@dataclass(frozen=True)
class Event:
    """Something that happened.

    Attributes:
        number: its place among the events of what it happened to, from 1.
        at: when our record of it was made (aware UTC): the moment breaches are judged by.
        by: userid of who did it; None is the clock.
        facts: what people may read of it (a reason, a plan, who it went to); JSON values only.
        change: the fields after it, those that changed.
    """

    number: int
    verb: StrEnum
    at: datetime
    by: str | None
    facts: Mapping[str, Any]
    change: Mapping[str, Any]


_E = TypeVar("_E", bound=Event)


class Lived(Generic[_E]):
    """A frozen dataclass its events have made: ``class Notice(Lived[Event], event=Event)``.

    It has the fields ``number``, ``last_at`` (the moment of its last event) and ``events`` (how many it has).
    """

    if TYPE_CHECKING:
        # Fields of the dataclass, not of this: whoever reads its type hints is to find each once.
        number: int
        last_at: datetime
        events: int
        _event: type[_E]

    def __init_subclass__(cls, *, event: type[_E] | None = None, **more: Any) -> None:
        super().__init_subclass__(**more)
        if event is not None:
            cls._event = event

    @classmethod
    def begun(cls, number: int, event: _E) -> Self:
        """What its first event makes."""
        return cls(number=number, **_changed(event))  # type: ignore[call-arg]

    @classmethod
    def replay(cls, number: int, events: Iterable[_E]) -> Self:
        """What its events make, from the first."""
        first, *rest = events
        made = cls.begun(number, first)
        for event in rest:
            made = made.after(event)
        return made

    def after(self, event: _E) -> Self:
        """What it is after that event; events are applied in order, each once.

        Raises:
            ValueError: the event is not the next one, or is older than the last.
        """
        if event.number != self.events + 1 or event.at < self.last_at:
            name = f"{type(self).__name__} {self.number}"
            raise ValueError(f"event {event.number} does not follow {self.events} of {name}")
        return cast(Self, replace(cast(Any, self), **_changed(event)))

    def happened(
        self,
        verb: StrEnum,
        at: datetime,
        by: str | None,
        facts: Mapping[str, Any] | None = None,
        **change: Any,
    ) -> _E:
        """The event that would come next."""
        return self._event(self.events + 1, verb, at, by, dict(facts or {}), change)


class Stated(Lived[_E]):
    """One that keeps who brought it into its ``state``, and when: ``state_by`` and ``state_at``."""

    if TYPE_CHECKING:
        state: StrEnum

    def happened(
        self,
        verb: StrEnum,
        at: datetime,
        by: str | None,
        facts: Mapping[str, Any] | None = None,
        **change: Any,
    ) -> _E:
        """The event that would come next; a change of state brings who did it and when along."""
        if change.get("state", self.state) is not self.state:
            change = {"state_at": at, "state_by": by} | change
        return super().happened(verb, at, by, facts, **change)


def _changed(event: Event) -> dict[str, Any]:
    return {**event.change, "events": event.number, "last_at": event.at}
