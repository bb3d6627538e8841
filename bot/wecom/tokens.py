"""One app's access token, shared by all processes through Redis and by all threads of one (91039).

gettoken is rate limited and a forced refresh may void the token others hold, so there is one refresh at
a time: under a lock of this process, and under one in Redis across processes. Redis is a convenience
here: when it is gone, slow or emptied, each process keeps its own token and nothing fails.
"""

from __future__ import annotations

import contextlib
import copy
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from wechatpy.session.redisstorage import RedisStorage

from bot.wecom.errcodes import SendError

REDIS_TIMEOUT_S = 0.5

REDIS_AWAY_S = 30.0
"""Seconds for which a Redis that did not answer is not asked again, so that it costs one time-out."""

LOCK_S = 15.0
"""Seconds the lock in Redis is held at most: a little more than a gettoken that times out."""

WAIT_S = 5.0
"""Seconds another process's refresh is waited for, before this one fetches a token of its own."""

EARLY = 0.05
"""The share of a token's life given up at its end, so that none expires on its way."""


@dataclass(frozen=True)
class Token:
    """A token and until when it is used (Unix seconds of machine time)."""

    value: str = field(repr=False)
    until: float


class Tokens:
    """Gives out the current token and, once, a new one for one that was refused.

    Args:
        name: names the app in Redis, e.g. corp id and agent id; nothing secret.
        fetch: gets ``(token, seconds it lives)`` from WeCom; its ``SendError`` reaches the caller.
        redis_url: None for a process on its own.
        clock: machine time in Unix seconds.
    """

    def __init__(
        self,
        name: str,
        fetch: Callable[[], tuple[str, float]],
        redis_url: str | None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._name, self._fetch, self._clock = f"token:{name}", fetch, clock
        self._lock = threading.Lock()
        self._token: Token | None = None
        self._attempts = 0
        self._failure: SendError | None = None
        self._redis_back_at = 0.0
        self._redis: Redis | None = None
        if redis_url is not None:
            # redis-py retries three times with growing pauses unless told not to.
            self._redis = Redis.from_url(
                redis_url,
                socket_timeout=REDIS_TIMEOUT_S,
                socket_connect_timeout=REDIS_TIMEOUT_S,
                retry=Retry(NoBackoff(), 0),
            )
            self._store = RedisStorage(self._redis, prefix="wecom")

    def get(self) -> str:
        """The token to use now.

        Raises:
            NotNow, Never: there is none and none can be had.
        """
        return self._settle(refused=None)

    def renew(self, refused: str) -> str:
        """Another token than the one WeCom refused: a newer one somebody has, or a fresh one.

        Raises:
            NotNow, Never: none can be had.
        """
        return self._settle(refused)

    def _settle(self, refused: str | None) -> str:
        token = self._token
        if token and self._good(token, refused):
            return token.value
        seen = self._attempts
        with self._lock:
            if self._token and self._good(self._token, refused):
                return self._token.value
            if self._failure and self._attempts != seen:
                # We waited behind an attempt that failed: sixteen threads must not time out in turn.
                raise copy.copy(self._failure)
            self._token = self._shared(refused) or self._refresh(refused)
            return self._token.value

    def _refresh(self, refused: str | None) -> Token:
        with self._fleet_lock():
            if token := self._shared(refused):
                return token
            try:
                value, seconds = self._fetch()
            except SendError as failure:
                self._failure = failure
                raise
            finally:
                self._attempts += 1
            self._failure = None
            token = Token(value, self._clock() + seconds * (1 - EARLY))
            self._share(token)
            return token

    def _good(self, token: Token, refused: str | None) -> bool:
        return token.value != refused and self._clock() < token.until

    def _shared(self, refused: str | None) -> Token | None:
        kept = self._ask(lambda: self._store.get(self._name))
        try:
            token = Token(str(kept["value"]), float(kept["until"]))
        except (KeyError, TypeError, ValueError):
            return None  # None, or written by somebody else
        return token if self._good(token, refused) else None

    def _share(self, token: Token) -> None:
        seconds = max(1, int(token.until - self._clock()))
        self._ask(lambda: self._store.set(self._name, {"value": token.value, "until": token.until}, seconds))

    @contextlib.contextmanager
    def _fleet_lock(self) -> Iterator[None]:
        """Hold the lock in Redis (SET NX with expiry); go on without it when Redis is gone or it is late."""
        lock = self._redis and self._redis.lock(
            f"wecom:{self._name}:lock", timeout=LOCK_S, blocking_timeout=WAIT_S, sleep=0.05
        )
        held = bool(lock and self._ask(lock.acquire))
        try:
            yield
        finally:
            if lock and held:
                self._ask(lock.release)

    def _ask(self, question: Callable[[], Any]) -> Any:
        """Redis's answer; None when it gives none, and for a while afterwards without asking."""
        if self._redis is None or self._clock() < self._redis_back_at:
            return None
        try:
            return question()
        except (RedisError, ValueError):
            self._redis_back_at = self._clock() + REDIS_AWAY_S
            return None
