"""Messages pushed into a group by its webhook (91770), and one answer by a message's reply URL (101138).

Neither has a duplicate check: after ``AnswerLost`` a second sending may be a second message.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import requests

from bot.wecom.errcodes import from_transport
from bot.wecom.http import HEADERS, TIMEOUT_S, answer_of, base_of, encoded, session
from bot.wecom.limits import AIBOT_TEXT, WEBHOOK_MARKDOWN, WEBHOOK_TEXT, fit

_USERID = re.compile(r"[0-9A-Za-z][0-9A-Za-z_.@-]{0,63}")
_MENTION = re.compile(r"<(?=@)")


def text(content: str, mention: Sequence[str] = ()) -> dict[str, Any]:
    """A text message, cut to 2048 bytes.

    Args:
        content: plain text; ``plain()`` what others wrote.
        mention: userids to alert; ``"@all"`` for everybody.

    Raises:
        ValueError: one of them is no userid.
    """
    body: dict[str, Any] = {"content": fit(content, WEBHOOK_TEXT)}
    if mention:
        body["mentioned_list"] = [who if who == "@all" else _userid(who) for who in mention]
    return {"msgtype": "text", "text": body}


def markdown(content: str, mention: Sequence[str] = ()) -> dict[str, Any]:
    """A markdown message, cut to 4096 bytes with its mentions kept whole at the end.

    Args:
        content: markdown; a mention inside it becomes words, ``plain()`` what others wrote.
        mention: userids to alert; markdown cannot alert everybody.

    Raises:
        ValueError: one of them is no userid.
    """
    who = "".join(f"<@{_userid(userid)}>" for userid in mention)
    tail = f"\n{who}" if who else ""
    content = fit(_MENTION.sub("＜", content), WEBHOOK_MARKDOWN - len(tail.encode()))
    return {"msgtype": "markdown", "markdown": {"content": content + tail}}


def reply_markdown(content: str) -> dict[str, Any]:
    """Markdown for :meth:`Webhook.answer`, cut to 20480 bytes."""
    return {"msgtype": "markdown", "markdown": {"content": fit(content, AIBOT_TEXT)}}


def _userid(userid: str) -> str:
    if not _USERID.fullmatch(userid):
        raise ValueError(f"{userid!r} is no userid")
    return userid


class Webhook:
    """Posts to groups; one object serves every key and every thread.

    Args:
        base_url: of the WeCom API, e.g. ``https://qyapi.weixin.qq.com``.
        timeout: seconds to connect, and to wait for the answer.
    """

    def __init__(self, base_url: str, timeout: tuple[float, float] = TIMEOUT_S) -> None:
        self._url = f"{base_of(base_url)}/cgi-bin/webhook/send"
        self._timeout = timeout
        self._http = session()

    def send(self, key: str, payload: dict[str, Any]) -> None:
        """Push one message; the lane keeps the 20 a minute each key is allowed.

        Raises:
            NotNow, Never, AnswerLost: what became of it instead (see ``errcodes``).
        """
        self._post(self._url, payload, {"key": key})

    def answer(self, reply_url: str, payload: dict[str, Any]) -> None:
        """Use a message's reply URL: once, within an hour of the message.

        Raises:
            NotNow, Never, AnswerLost: what became of it instead (see ``errcodes``).
        """
        self._post(reply_url, payload, {})

    def _post(self, url: str, payload: dict[str, Any], params: dict[str, str]) -> None:
        # The failure is raised outside the except block, so that nothing holding the URL hangs on it.
        try:
            response = self._http.post(
                url,
                params=params,
                data=encoded(payload),
                headers=HEADERS,
                timeout=self._timeout,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            failure = from_transport(error)
        else:
            answer_of(response)
            return
        raise failure
