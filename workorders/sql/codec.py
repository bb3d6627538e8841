"""Frozen values to JSON columns and back. The types of the domain are the schema."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar, get_type_hints

from pydantic import TypeAdapter

_T = TypeVar("_T")


@dataclass(frozen=True)
class Codec(Generic[_T]):
    """One frozen dataclass, whole or the changed fields of its events."""

    of: type[_T]
    _adapters: dict[str, TypeAdapter[Any]] = field(default_factory=dict, init=False, repr=False)

    def dump(self, value: _T) -> Any:
        """The value as JSON values."""
        return self._adapter("").dump_python(value, mode="json")

    def load(self, snapshot: Any) -> _T:
        """The value of a stored snapshot."""
        value: _T = self._adapter("").validate_python(snapshot)
        return value

    def dump_change(self, change: Mapping[str, Any]) -> dict[str, Any]:
        """An event's changed fields as JSON values, each in the form of its field."""
        return {name: self._adapter(name).dump_python(value, mode="json") for name, value in change.items()}

    def load_change(self, change: Mapping[str, Any]) -> dict[str, Any]:
        """The changed fields of a stored event."""
        return {name: self._adapter(name).validate_python(value) for name, value in change.items()}

    def _adapter(self, name: str) -> TypeAdapter[Any]:
        if name not in self._adapters:
            self._adapters[name] = TypeAdapter(get_type_hints(self.of)[name] if name else self.of)
        return self._adapters[name]
