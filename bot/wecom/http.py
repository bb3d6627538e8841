"""The HTTP that app and webhook calls share: times, encoding, reading an answer, silence about secrets."""

from __future__ import annotations

import json
import logging
import re
from typing import Any

import requests

from bot.wecom.errcodes import AnswerLost, from_errcode, from_status

TIMEOUT_S = (3.0, 10.0)
"""Seconds to connect, and to wait between two pieces of the answer."""

HEADERS = {"Content-Type": "application/json; charset=utf-8"}

_SECRET = re.compile(r"\b(access_token|corpsecret|key|response_code|code)=[^&\s\"']+")


class _Masked(logging.Filter):
    """urllib3 logs each request's path at DEBUG, and our secrets stand in the query."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = _SECRET.sub(r"\1=***", record.getMessage()), ()
        return True


_MASKED = _Masked()


def session() -> requests.Session:
    """A session whose requests leave no secret in the log (adding a filter twice adds it once)."""
    logging.getLogger("urllib3.connectionpool").addFilter(_MASKED)
    return requests.Session()


def base_of(url: str) -> str:
    """``https://HOST`` of a WeCom API, without a trailing slash or ``/cgi-bin``."""
    return url.rstrip("/").removesuffix("/cgi-bin")


def encoded(payload: dict[str, Any]) -> bytes:
    """The JSON of a payload; a lone surrogate, which UTF-8 cannot carry, goes out as ``?``."""
    return json.dumps(payload, ensure_ascii=False).encode("utf-8", "replace")


def answer_of(response: requests.Response) -> dict[str, Any]:
    """The answer's JSON with errcode 0.

    Raises:
        NotNow, Never: an errcode or a status says so.
        AnswerLost: 200, but not an answer of WeCom's.
    """
    if response.status_code != 200:
        raise from_status(response.status_code, response.headers.get("Retry-After"))
    try:
        answer = json.loads(response.content)
    except (ValueError, RecursionError):
        answer = None
    if not isinstance(answer, dict):
        raise AnswerLost("sent, but the answer is not WeCom's")
    # Not every stand-in for gettoken says errcode 0 beside the token.
    errcode = answer.get("errcode", 0 if "access_token" in answer else None)
    if not isinstance(errcode, int):
        raise AnswerLost("sent, but the answer is not WeCom's")
    if errcode != 0:
        raise from_errcode(errcode)
    return answer
