"""Frozen values to JSON columns and back. The types of the domain are the schema."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, get_type_hints

from pydantic import TypeAdapter

from workorders.orders.order import WorkOrder


@cache
def _adapter(field: str | None) -> TypeAdapter[Any]:
    if field is None:
        return TypeAdapter(WorkOrder)
    return TypeAdapter(get_type_hints(WorkOrder)[field])


def dump_order(order: WorkOrder) -> Any:
    """The order as JSON values."""
    return _adapter(None).dump_python(order, mode="json")


def load_order(snapshot: Any) -> WorkOrder:
    """The order of a stored snapshot."""
    order: WorkOrder = _adapter(None).validate_python(snapshot)
    return order


def dump_change(change: Mapping[str, Any]) -> dict[str, Any]:
    """An event's changed fields as JSON values, each in the form of its field."""
    return {k: _adapter(k).dump_python(v, mode="json") for k, v in change.items()}


def load_change(change: Mapping[str, Any]) -> dict[str, Any]:
    """The changed fields of a stored event."""
    return {k: _adapter(k).validate_python(v) for k, v in change.items()}
