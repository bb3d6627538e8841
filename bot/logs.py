"""What the program writes for its operator: one line an event, nothing personal and no secret in it."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any

import structlog

from handlers.masking import mask

_PHONE = re.compile(r"(?<!\d)(1[3-9]\d)\d{4}(\d{4})(?!\d)")


def configure() -> None:
    """Send structured events, and the warnings of libraries, to standard error."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
            structlog.processors.format_exc_info,
            _masked,
            structlog.processors.LogfmtRenderer(key_order=["at", "level", "event"], drop_missing=True),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Masked("%(levelname)s %(name)s %(message)s"))
    logging.basicConfig(handlers=[handler], level=logging.WARNING)


def _masked(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Mask once more what should not have come this far: exceptions quote what they stumbled over."""
    for key, value in event.items():
        event[key] = masked(value)
    return event


class _Masked(logging.Formatter):
    """The same for what libraries say."""

    def format(self, record: logging.LogRecord) -> str:
        return masked(super().format(record))  # type: ignore[no-any-return]


def masked(value: Any) -> Any:
    """The value as an operator may read it: phones as 138****5678 too, and whatever is inside others."""
    if isinstance(value, str):
        return _PHONE.sub(r"\1****\2", mask(value).text)
    if isinstance(value, int | float | bool | None):
        return value
    if isinstance(value, Mapping):
        return {key: masked(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [masked(inner) for inner in value]
    return masked(str(value))
