"""What can be made to go wrong, for the next N calls or until cleared."""

from __future__ import annotations

import threading
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal, get_args

from bot.simulator.events import Events

Kind = Literal["slow", "http", "errcode", "lost", "refused", "revoked", "repeat"]

KINDS: dict[str, str] = {
    "slow": "the answer comes `ms` milliseconds late",
    "http": "HTTP `status` (default 502) before anything is done",
    "errcode": "`errcode` (default -1) before anything is done",
    "lost": "it is done, and the connection cut before the answer",
    "refused": "the connection is cut before anything is done",
    "revoked": "the access token is revoked first, so that the call meets 40014",
    "repeat": "callbacks only: delivered a second time although it was answered",
}
assert set(KINDS) == set(get_args(Kind))

ENDPOINTS = (
    "*",
    "gettoken",
    "message/send",
    "message/update_template_card",
    "message/recall",
    "webhook/send",
    "aibot/response",
    "auth/getuserinfo",
    "media/get",
    "media/upload",
    "callback/app",
    "callback/aibot",
)


class BadFault(ValueError):
    """A fault that cannot be set; the text says what is accepted."""


@dataclass(frozen=True)
class Fault:
    """One thing that will go wrong.

    Attributes:
        endpoint: one of ``ENDPOINTS``; ``*`` is every API call (not callbacks).
        times: for how many more calls; None until cleared.
    """

    id: int
    endpoint: str
    kind: Kind
    times: int | None = 1
    ms: int = 3000
    status: int = 502
    errcode: int = -1


class Faults:
    """The faults that are set, oldest first; each call consumes one turn of the first that fits."""

    def __init__(self, events: Events) -> None:
        self._lock = threading.Lock()
        self._events = events
        self._set: list[Fault] = []
        self._next = 1

    def add(self, wanted: dict[str, Any]) -> Fault:
        """Set one.

        Raises:
            BadFault: an unknown endpoint or kind, or a figure that is none.
        """
        if wanted.get("endpoint") not in ENDPOINTS:
            raise BadFault(f"endpoint: one of {', '.join(ENDPOINTS)}")
        if wanted.get("kind") not in KINDS:
            raise BadFault(f"kind: one of {', '.join(KINDS)}")
        figures = {k: wanted[k] for k in ("times", "ms", "status", "errcode") if k in wanted}
        for name, value in figures.items():
            if not (isinstance(value, int) and not isinstance(value, bool)) and not (
                name == "times" and value is None
            ):
                raise BadFault(f"{name}: a whole number")
        callback = wanted["endpoint"].startswith("callback/")
        if callback and wanted["kind"] not in ("slow", "repeat"):
            raise BadFault("kind: slow or repeat for a callback")
        if not callback and wanted["kind"] == "repeat":
            raise BadFault("endpoint: callback/app or callback/aibot for repeat")
        with self._lock:
            fault = Fault(self._next, wanted["endpoint"], wanted["kind"], **figures)
            self._next += 1
            self._set.append(fault)
            self._tell()
        return fault

    def take(self, endpoint: str) -> Fault | None:
        """The fault this call meets, one turn of it used up; None where all is well."""
        with self._lock:
            for i, fault in enumerate(self._set):
                wild = fault.endpoint == "*" and not endpoint.startswith("callback/")
                if fault.endpoint != endpoint and not wild:
                    continue
                if fault.times is None:
                    return fault
                if fault.times > 1:
                    self._set[i] = replace(fault, times=fault.times - 1)
                else:
                    del self._set[i]
                self._tell()
                return fault
            return None

    def clear(self, id: int | None = None) -> None:
        """Clear one, or all."""
        with self._lock:
            self._set = [] if id is None else [f for f in self._set if f.id != id]
            self._tell()

    def list(self) -> list[dict[str, Any]]:
        """The faults set now, as JSON."""
        with self._lock:
            return [asdict(f) for f in self._set]

    def _tell(self) -> None:
        self._events.publish("faults", {"faults": [asdict(f) for f in self._set]})
