"""How often WeCom lets itself be called (developer.work.weixin.qq.com 91770, 90236, 90454).

Windows slide: the documents give a figure a minute and do not say where a minute begins.
"""

from __future__ import annotations

import threading
from collections import defaultdict, deque
from dataclasses import dataclass
from datetime import datetime, timedelta

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Quotas:
    """The figures, all inclusive.

    Attributes:
        webhook_a_minute: per webhook key; more is errcode 45009.
        member_a_minute, member_an_hour: app messages to one member; more is dropped without a word.
        calls_a_minute: of one API by the corp; more is 45009, and blocked for a minute.
        in_flight: interactions of one person with the aibot that wait for an answer.
    """

    webhook_a_minute: int = 20
    member_a_minute: int = 30
    member_an_hour: int = 1000
    calls_a_minute: int = 10_000
    in_flight: int = 3


class Meter:
    """Counts what was let through, by key, in sliding windows."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._taken: dict[str, deque[datetime]] = defaultdict(deque)
        self._blocked_until: dict[str, datetime] = {}

    def take(self, key: str, now: datetime, *limits: tuple[int, timedelta]) -> bool:
        """Count one more under ``key`` unless that would exceed one of ``limits`` (how many, in how long)."""
        longest = max(span for _, span in limits)
        with self._lock:
            taken = self._taken[key]
            while taken and taken[0] <= now - longest:
                taken.popleft()
            for most, span in limits:
                if sum(1 for at in taken if at > now - span) >= most:
                    return False
            taken.append(now)
            return True

    def take_or_block(self, key: str, now: datetime, most: int) -> bool:
        """As :meth:`take` a minute, but having exceeded it is itself punished by a minute's silence."""
        with self._lock:
            until = self._blocked_until.get(key)
        if until is not None and now < until:
            return False
        if self.take(key, now, (most, MINUTE)):
            return True
        with self._lock:
            self._blocked_until[key] = now + MINUTE
        return False

    def clear(self) -> None:
        """Forget everything counted."""
        with self._lock:
            self._taken.clear()
            self._blocked_until.clear()
