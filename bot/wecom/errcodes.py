"""What became of a call to WeCom: the three kinds of failure, and how each is told from the others.

::

    SendError
    ├── NotNow       nothing was done; try again later, after ``retry_after`` seconds where WeCom says so
    ├── Never        nothing was done and nothing will be; a person must see the reason
    └── AnswerLost   the request went out and no answer says what became of it

Where it is unknown whether WeCom acted, it is ``AnswerLost``. Another status than 200 is not unknown: an
answer came, and it says that the request was not served. WeCom itself answers 200 with an errcode, so it
comes from what stands before it, or from a wrong address, and is ``NotNow``: a gateway's trouble or an
operator's slip must not cost a message. Only a 504 says that the request went on and its answer did not come.
``errmsg`` is never looked at; it may change at any time (90455).
"""

from __future__ import annotations

import requests
from urllib3.exceptions import MaxRetryError, NewConnectionError


class SendError(Exception):
    """Base of what a call to WeCom may raise.

    Args:
        reason: one line for the operator; never holds a secret, token, key or body.
        errcode: WeCom's code, None where none came.
        retry_after: seconds to wait at least, None where nothing says.
    """

    def __init__(self, reason: str, *, errcode: int | None = None, retry_after: float | None = None) -> None:
        self.reason, self.errcode, self.retry_after = reason, errcode, retry_after
        super().__init__(reason)


class NotNow(SendError):
    """Nothing was done; the same call may succeed later."""


class Never(SendError):
    """Nothing was done, and trying again changes nothing until a person does."""


class AnswerLost(SendError):
    """Sent, but whether WeCom acted is unknown."""


STALE_TOKEN = frozenset({40001, 40014, 42001})
"""The access token is wrong, invalid or expired (WeCom gives any of the three): refresh once (91039)."""

_BLOCKED_S = 60.0
"""Seconds a minute's limit blocks (90454)."""

_NOT_NOW: dict[int, tuple[str, float | None]] = {
    -1: ("WeCom is busy", None),
    6000: ("WeCom reports concurrent changes of the same data", None),
    40014: ("WeCom does not take the access token it has just given out", None),
    42001: ("the access token expired again at once", None),
    45009: ("the interface is called too often", _BLOCKED_S),
    45011: ("the interface is called too often", _BLOCKED_S),
    45033: ("too many calls at the same time", None),
}

_NEVER: dict[int, str] = {
    40001: "WECOM_SECRET is not the Secret of this app",
    40003: "no such userid",
    40008: "the message type is not allowed here",
    40013: "WECOM_CORP_ID is not a corp of WeCom",
    40056: "WECOM_AGENT_ID is not an app of this corp",
    40058: "WeCom refuses a parameter of the message",
    40063: "a parameter of the message is empty",
    41011: "the agent id is missing",
    44004: "the message is empty",
    45002: "the message is too long",
    48002: "the app may not call this interface: allow it in the admin page",
    50001: "the address is not in the app's trusted domain",
    60011: "the recipient is outside the app's visible range",
    60020: "this machine's address is not among the app's trusted IPs (企业可信IP): add it in the admin page",
    60111: "no such userid",
    81013: "every recipient is invalid or outside the app's visible range",
    82001: "the message names no recipient",
    93000: "the webhook's key is wrong, or the bot was removed from the group",
    93004: "the bot is disabled",
    93008: "the bot is not in the group",
    301002: "WECOM_AGENT_ID does not belong to this WECOM_SECRET",
}


OPERATOR_MENDS = frozenset({40001, 40013, 40056, 48002, 50001, 60020, 301002})
"""Refusals of this desk as a whole, not of one message: letters wait until the operator has mended it."""


def from_errcode(errcode: int) -> NotNow | Never:
    """The failure a non-zero errcode stands for; an unknown one is ``Never``, for a person to look up."""
    if errcode in _NOT_NOW:
        reason, retry_after = _NOT_NOW[errcode]
        return NotNow(f"{reason} (errcode {errcode})", errcode=errcode, retry_after=retry_after)
    reason = _NEVER.get(errcode, "see developer.work.weixin.qq.com/document/path/90313")
    return Never(f"{reason} (errcode {errcode})", errcode=errcode)


def from_status(status: int, retry_after: str | None = None) -> NotNow | AnswerLost:
    """The failure an HTTP status other than 200 stands for.

    Args:
        status: the status of the answer.
        retry_after: its Retry-After header; only seconds are understood.
    """
    if status == 504:
        return AnswerLost("sent on by a gateway, but it had no answer in time (HTTP 504)")
    reason = f"HTTP {status} instead of an answer"
    if status < 500 and status != 429:
        reason += ": does WECOM_API_BASE lead to the WeCom API?"
    seconds = float(retry_after) if retry_after and retry_after.isdecimal() else None
    return NotNow(reason, retry_after=seconds)


def from_transport(error: requests.RequestException) -> SendError:
    """The failure of a call that brought no answer at all.

    Nothing of ``error`` is quoted: its text holds the URL, and so the token or key.
    """
    if isinstance(error, requests.ConnectTimeout):
        return NotNow("no connection to WeCom within the time allowed")
    if isinstance(error, requests.exceptions.SSLError):
        # A handshake that fails, fails before the request; failures later in the stream are rare.
        return NotNow("no TLS connection to WeCom: is its certificate trusted here?")
    if isinstance(error, requests.exceptions.ProxyError):
        return NotNow("the proxy does not connect to WeCom")
    inner = error.args[0] if error.args else None
    if isinstance(inner, MaxRetryError) and isinstance(inner.reason, NewConnectionError):
        return NotNow("WeCom is not reachable: refused, or its name is not known here")
    if isinstance(error, requests.Timeout):
        return AnswerLost("sent, but no answer within the time allowed")
    if isinstance(error, requests.ConnectionError | requests.exceptions.ChunkedEncodingError):
        return AnswerLost("sent, but the connection broke before the answer")
    if isinstance(error, ValueError):
        # InvalidURL and its like: nothing left this machine.
        return Never("the address of the call is none")
    return AnswerLost("sent, but the answer cannot be read")
