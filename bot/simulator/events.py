"""What just happened, for whoever is watching: a short memory, and a stream of server-sent events."""

from __future__ import annotations

import json
import secrets
import threading
from collections import deque
from collections.abc import Iterator
from typing import Any

REMEMBERED = 2000
HEARTBEAT = 10.0
"""Seconds of silence after which ``beat`` is sent, so that both ends notice a dead connection."""


class Events:
    """Publishes events to any number of readers, who may come back and ask for what they missed.

    ``boot`` tells two runs of the process apart: an id of another run means nothing here.
    """

    def __init__(self) -> None:
        self.boot = secrets.token_hex(4)
        self._changed = threading.Condition()
        self._kept: deque[tuple[int, str, str]] = deque(maxlen=REMEMBERED)
        self._last = 0
        self._closed = False

    def publish(self, kind: str, data: dict[str, Any]) -> None:
        """Tell everybody who watches."""
        body = json.dumps(data)
        with self._changed:
            self._last += 1
            self._kept.append((self._last, kind, body))
            self._changed.notify_all()

    def mark(self) -> str:
        """The id of the newest event, to resume after."""
        with self._changed:
            return f"{self.boot}-{self._last}"

    def close(self) -> None:
        """End every stream: the process is stopping."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def stream(self, last_event_id: str) -> Iterator[str]:
        """Events after ``last_event_id`` (``boot-number``) as they come, in the text/event-stream format.

        A reader from another run, or one who was away for too long, first gets ``hello`` with
        ``"resumed": false`` and should fetch everything anew.
        """
        boot, _, number = last_event_id.partition("-")
        with self._changed:
            oldest = self._kept[0][0] if self._kept else self._last + 1
            seen = int(number) if boot == self.boot and number.isdigit() else -1
            resumed = oldest - 1 <= seen <= self._last
            at = seen if resumed else self._last
        hello = json.dumps({"boot": self.boot, "resumed": resumed})
        yield f"retry: 1000\nid: {self.boot}-{at}\nevent: hello\ndata: {hello}\n\n"
        while True:
            with self._changed:
                if self._last <= at and not self._closed:
                    self._changed.wait(HEARTBEAT)
                if self._closed:
                    return
                fresh = [e for e in self._kept if e[0] > at]
            if not fresh:
                yield "event: beat\ndata: {}\n\n"
            for number_, kind, body in fresh:
                at = number_
                yield f"id: {self.boot}-{number_}\nevent: {kind}\ndata: {body}\n\n"
