"""The log of every call and callback with its decrypted body, secrets blanked."""

from __future__ import annotations

import re
import threading
from collections import deque
from datetime import datetime
from typing import Any, Literal

from bot.simulator.events import Events

REMEMBERED = 1000
LONGEST = 6000
"""Characters of one body that are kept."""

BLANK = "●●●"
_SECRET_KEYS = {
    "access_token",
    "corpsecret",
    "key",
    "code",
    "response_code",
    "response_url",
    "msg_signature",
    "encrypt",
    "base64",
    "responsecode",
}
_IN_TEXT = re.compile(
    r"(<ResponseCode>)(?:<!\[CDATA\[)?[^<\]]*(?:\]\]>)?(</ResponseCode>)|"
    r"(/sim/media/\w+/)[\w-]+|"
    r"((?:response_code|access_token|corpsecret|key|code)=)[^&\s\"]+",
    re.IGNORECASE,
)


def blanked(value: Any, *, card: bool = False) -> Any:
    """A copy without secrets. A button's ``key`` inside a card is no secret; a webhook's is."""
    if isinstance(value, dict):
        return {
            k: BLANK
            if k.lower() in _SECRET_KEYS and not (card and k == "key") and isinstance(v, str) and v
            else blanked(v, card=card or k in ("template_card", "template_card_event"))
            for k, v in value.items()
        }
    if isinstance(value, list):
        return [blanked(v, card=card) for v in value]
    if isinstance(value, str):
        text = _IN_TEXT.sub(lambda m: f"{m[1] or m[3] or m[4]}{BLANK}{m[2] or ''}", value)
        return text if len(text) <= LONGEST else f"{text[:LONGEST]}…（共 {len(text)} 字）"
    return value


class CallLog:
    """The last thousand exchanges, newest last."""

    def __init__(self, events: Events) -> None:
        self._lock = threading.Lock()
        self._events = events
        self._kept: deque[dict[str, Any]] = deque(maxlen=REMEMBERED)
        self._next = 1

    def add(
        self,
        way: Literal["call", "callback"],
        endpoint: str,
        *,
        at: datetime,
        ms: float,
        ok: bool,
        status: int | None,
        errcode: int | None = None,
        request: Any = None,
        response: Any = None,
        note: str = "",
    ) -> None:
        """Keep one exchange.

        Args:
            way: ``call``, the desk called WeCom; ``callback``, WeCom called the desk.
            ok: False for what the page shows in red.
            note: one sentence where something needs saying (what was refused, and why).
        """
        entry = {
            "at": at.isoformat(),
            "way": way,
            "endpoint": endpoint,
            "ms": round(ms, 1),
            "ok": ok,
            "status": status,
            "errcode": errcode,
            "request": blanked(request),
            "response": blanked(response),
            "note": note,
        }
        with self._lock:
            entry["id"] = self._next
            self._next += 1
            self._kept.append(entry)
        self._events.publish("log", entry)

    def list(self, since: int = 0) -> list[dict[str, Any]]:
        """Entries with an id above ``since``, oldest first."""
        with self._lock:
            return [e for e in self._kept if e["id"] > since]
