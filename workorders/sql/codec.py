"""Frozen values to JSON columns and back. The types of the domain are the schema."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any, Generic, TypeVar, get_type_hints

from pydantic import TypeAdapter

from workorders.orders.order import WorkOrder

_T = TypeVar("_T")


class Codec(Generic[_T]):
    """One frozen type, and the changed fields of its events.

    Args:
        of: the frozen dataclass.
    """

    def __init__(self, of: type[_T]) -> None:
        self._of = of

    def dump(self, value: _T) -> Any:
        """The value as JSON values."""
        return self._whole.dump_python(value, mode="json")

    def load(self, snapshot: Any) -> _T:
        """The value of a stored snapshot."""
        return self._whole.validate_python(snapshot)

    def dump_change(self, change: Mapping[str, Any]) -> dict[str, Any]:
        """An event's changed fields as JSON values, each in the form of its field."""
        return {k: self._fields[k].dump_python(v, mode="json") for k, v in change.items()}

    def load_change(self, change: Mapping[str, Any]) -> dict[str, Any]:
        """The changed fields of a stored event."""
        return {k: self._fields[k].validate_python(v) for k, v in change.items()}

    @cached_property
    def _whole(self) -> TypeAdapter[_T]:
        return TypeAdapter(self._of)

    @cached_property
    def _fields(self) -> dict[str, TypeAdapter[Any]]:
        return {name: TypeAdapter(hint) for name, hint in get_type_hints(self._of).items()}


_ORDERS = Codec(WorkOrder)
dump_order, load_order = _ORDERS.dump, _ORDERS.load
dump_change, load_change = _ORDERS.dump_change, _ORDERS.load_change
