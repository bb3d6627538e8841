"""What the simulated WeCom has handed out: the access token, single-use codes, answers to checked sends.

All of it runs on machine time, which is passed in.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
from datetime import datetime, timedelta
from typing import Any

from bot.simulator.store import Store

TOKEN_LASTS = timedelta(seconds=7200)


class Codes:
    """Tokens, codes and remembered sends, kept in the store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.RLock()
        self.reload()

    def reload(self) -> None:
        """Take everything from the store anew."""
        with self._lock:
            self._codes: dict[str, dict[str, Any]] = self._store.load("code")
            self._sent: dict[str, dict[str, Any]] = self._store.load("sent")
            self._token: dict[str, str] = self._store.load("token").get("app", {})

    def token(self, now: datetime) -> tuple[str, int]:
        """The access token in force, a new one where none is, and how many seconds it still lasts."""
        with self._lock:
            if not self._token or datetime.fromisoformat(self._token["until"]) <= now:
                self._token = {
                    "token": secrets.token_urlsafe(48),
                    "until": (now + TOKEN_LASTS).isoformat(),
                }
                self._store.put("token", "app", self._token)
            left = datetime.fromisoformat(self._token["until"]) - now
            return self._token["token"], int(left.total_seconds())

    def is_token(self, token: str, now: datetime) -> bool:
        """Whether this is the token in force."""
        with self._lock:
            held = self._token
            return bool(
                held
                and secrets.compare_digest(held["token"].encode(), token.encode())
                and datetime.fromisoformat(held["until"]) > now
            )

    def revoke_token(self) -> None:
        """Take the token back early, as WeCom says it may."""
        with self._lock:
            self._token = {}
            self._store.drop("token", "app")

    def new_code(self, kind: str, lasts: timedelta, now: datetime, **about: Any) -> str:
        """A single-use code that stands for ``about`` until it expires (machine time)."""
        code = secrets.token_urlsafe(24)
        with self._lock:
            for old in [c for c, v in self._codes.items() if datetime.fromisoformat(v["until"]) <= now]:
                del self._codes[old]
                self._store.drop("code", old)
            self._codes[code] = {"kind": kind, "until": (now + lasts).isoformat(), **about}
            self._store.put("code", code, self._codes[code])
        return code

    def look_at_code(self, kind: str, code: str, now: datetime) -> dict[str, Any] | None:
        """What a code stands for, without using it; None if it is unknown, used or expired."""
        with self._lock:
            held = self._codes.get(code)
            if held is None or held["kind"] != kind or datetime.fromisoformat(held["until"]) <= now:
                return None
            return dict(held)

    def use_code(self, kind: str, code: str, now: datetime) -> dict[str, Any] | None:
        """What a code stands for; afterwards it is used up. None as in :meth:`look_at_code`."""
        with self._lock:
            held = self.look_at_code(kind, code, now)
            if held is not None:
                del self._codes[code]
                self._store.drop("code", code)
            return held

    def sent_before(self, userid: str, content: str, now: datetime) -> dict[str, Any] | None:
        """The answer to an earlier, equal send to this member whose interval still runs, else None."""
        with self._lock:
            held = self._sent.get(_sent_key(userid, content))
            if held is None or datetime.fromisoformat(held["until"]) <= now:
                return None
            return dict(held["answer"])

    def note_sent(
        self, userid: str, content: str, answer: dict[str, Any], until: datetime, now: datetime
    ) -> None:
        """Remember a checked send to this member until its interval ends."""
        with self._lock:
            for old in [k for k, v in self._sent.items() if datetime.fromisoformat(v["until"]) <= now]:
                del self._sent[old]
                self._store.drop("sent", old)
            key = _sent_key(userid, content)
            self._sent[key] = {"until": until.isoformat(), "answer": answer}
            self._store.put("sent", key, self._sent[key])


def _sent_key(userid: str, content: str) -> str:
    return f"{userid}/{hashlib.sha256(content.encode()).hexdigest()}"
