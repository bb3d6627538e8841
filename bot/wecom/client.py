"""Calls of the self-built app: send, update a card, recall, who a visitor is (90236, 94888, 94867, 91023).

wechatpy's enterprise client carries the calls, and its Redis storage the token. Six of its ways are not
ours and are replaced: gettoken has the production address written in and no time-out; a refused token is
retried without an end; nothing keeps sixteen threads from sixteen tokens; the token's key in Redis holds
ten characters of the secret; an answer that is not WeCom's passes for one; and its exceptions carry the
request, and so the token.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import requests
from wechatpy.enterprise import WeChatClient
from wechatpy.exceptions import WeChatClientException

from bot.wecom.errcodes import (
    STALE_TOKEN,
    AnswerLost,
    NotNow,
    SendError,
    from_errcode,
    from_status,
    from_transport,
)
from bot.wecom.http import HEADERS, TIMEOUT_S, answer_of, base_of, encoded, session
from bot.wecom.limits import APP_TEXT, fit
from bot.wecom.media import Fetched, Gone, download
from bot.wecom.tokens import Tokens

DUPLICATES_S = 600
"""Seconds in which WeCom drops a second message equal to the first (design: "A letter")."""

MOST_RECIPIENTS = 1000

NO_SUCH_MEDIA = frozenset({40007, 40004, 41006})
"""The MediaId is none, or no longer one."""


@dataclass(frozen=True)
class SendResult:
    """What WeCom made of a message.

    Attributes:
        msgid: for recalling it within 24 hours.
        response_code: the single-use right to update a card with buttons, for 72 hours; else None.
        invalid: who did not get it, though others did; WeCom writes userids in lower case here.
    """

    msgid: str
    response_code: str | None
    invalid: tuple[str, ...]


def text_message(userids: Sequence[str], content: str) -> dict[str, Any]:
    """A text for :meth:`Client.send`, cut to 2048 bytes; ``plain()`` what others wrote."""
    return {"touser": _touser(userids), "msgtype": "text", "text": {"content": fit(content, APP_TEXT)}}


def card_message(userids: Sequence[str], template_card: dict[str, Any]) -> dict[str, Any]:
    """A card made by ``cards.app_card`` for :meth:`Client.send`."""
    return {"touser": _touser(userids), "msgtype": "template_card", "template_card": template_card}


def _touser(userids: Sequence[str]) -> str:
    if not 1 <= len(userids) <= MOST_RECIPIENTS or any("|" in u or not u or u == "@all" for u in userids):
        raise ValueError(f"a message goes to 1 to {MOST_RECIPIENTS} userids, each named")
    return "|".join(userids)


class _Api(WeChatClient):  # type: ignore[misc]  # wechatpy has no types
    """wechatpy's client, led to the configured address and kept from retrying by itself."""

    def __init__(self, base: str, corp_id: str, secret: str, timeout: tuple[float, float]) -> None:
        super().__init__(corp_id, secret, timeout=timeout, auto_retry=False)
        self.API_BASE_URL = f"{base}/cgi-bin/"
        self._http = session()

    def _handle_result(self, res: requests.Response, *_: Any, **__: Any) -> dict[str, Any]:
        """The answer, or what its errcode means; the base class lets through what is no answer at all."""
        return answer_of(res)

    def fetch_access_token(self) -> tuple[str, float]:
        """A new token and the seconds it lives; the base class's way has no time-out.

        Raises:
            NotNow: WeCom gave no answer, or none that can be used; nothing was done that matters.
            Never: the corp, the secret or this machine's address is refused.
        """
        try:
            response = self._http.get(
                f"{self.API_BASE_URL}gettoken",
                params={"corpid": self.corp_id, "corpsecret": self.secret},
                timeout=self.timeout,
                allow_redirects=False,
            )
            answer = answer_of(response)
        except requests.RequestException as error:
            failure: SendError = from_transport(error)
        except SendError as error:
            failure = error
        else:
            token, seconds = answer.get("access_token"), answer.get("expires_in", 7200)
            if isinstance(token, str) and token and isinstance(seconds, int | float) and seconds > 0:
                return token, float(seconds)
            failure = AnswerLost("the answer holds no token")
        if isinstance(failure, AnswerLost):
            failure = NotNow(f"no access token: {failure.reason}")
        raise failure


class Client:
    """The app's calls to WeCom; one object serves every thread of a process.

    Args:
        base_url: of the WeCom API, e.g. ``https://qyapi.weixin.qq.com``.
        corp_id: the corp.
        agent_id: the app.
        secret: the app's Secret.
        redis_url: where processes share the token; None, or a Redis that is gone, costs one token each.
        timeout: seconds to connect, and to wait for an answer.
        clock: machine time in Unix seconds.
    """

    def __init__(
        self,
        base_url: str,
        corp_id: str,
        agent_id: int,
        secret: str,
        redis_url: str | None,
        *,
        timeout: tuple[float, float] = TIMEOUT_S,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._agent_id, self._timeout = agent_id, timeout
        self._api = _Api(base_of(base_url), corp_id, secret, timeout)
        self._tokens = Tokens(f"{corp_id}:{agent_id}", self._api.fetch_access_token, redis_url, clock)

    def send(self, payload: dict[str, Any]) -> SendResult:
        """Send one message to members, with WeCom's duplicate check on for ten minutes.

        Args:
            payload: touser, msgtype and the body, as the builders above make it; sent as it is, so that
                the same payload within ten minutes is the same message.

        Raises:
            NotNow, Never, AnswerLost: what became of it instead (see ``errcodes``).
        """
        answer = self._post(
            "message/send",
            payload
            | {
                "agentid": self._agent_id,
                "enable_duplicate_check": 1,
                "duplicate_check_interval": DUPLICATES_S,
            },
        )
        return SendResult(
            msgid=str(answer.get("msgid") or ""),
            response_code=str(answer.get("response_code") or "") or None,
            invalid=_listed(answer, "invaliduser", "unlicenseduser", "invalidparty", "invalidtag"),
        )

    def update_card(
        self, response_code: str, template_card: dict[str, Any], userids: Sequence[str] = ()
    ) -> tuple[str, ...]:
        """Replace a card already sent; spends the code (94888).

        Args:
            response_code: from :class:`SendResult` or a press; single use, 72 hours.
            template_card: made by ``cards.app_card``.
            userids: for whom; nobody named means everybody who has the card.

        Returns:
            The userids for whom it did not work.

        Raises:
            NotNow, Never, AnswerLost: what became of it instead (see ``errcodes``).
        """
        whom = {"userids": list(userids)} if userids else {"atall": 1}
        answer = self._post(
            "message/update_template_card",
            whom
            | {
                "agentid": self._agent_id,
                "response_code": response_code,
                "template_card": template_card,
            },
        )
        return _listed(answer, "invaliduser")

    def recall(self, msgid: str) -> None:
        """Take a message back, within 24 hours of sending it (94867).

        Raises:
            NotNow, Never, AnswerLost: what became of it instead (see ``errcodes``).
        """
        self._post("message/recall", {"msgid": msgid})

    def visitor(self, code: str) -> str | None:
        """The userid behind an OAuth code (91023), None for somebody who is no member.

        Args:
            code: from the redirect; single use, five minutes.

        Raises:
            NotNow, Never, AnswerLost: there is no answer (a code used or expired is ``Never``, 40029).
        """
        answer = self._call("get", "auth/getuserinfo", params={"code": code})
        return str(answer.get("userid") or answer.get("UserId") or "") or None

    def fetch(self, ref: str, most: int) -> Fetched:
        """The file behind the MediaId of a message (90254).

        wechatpy's own way has the production address written in, no limit and no time-out.

        Args:
            ref: the MediaId. ``most``: bytes of the largest file that is accepted.

        Raises:
            Gone, TooMuch: as they say.
            NotNow, Never: it may be had later, or once the operator has mended something.
        """
        token = self._tokens.get()
        try:
            return self._media(ref, most, token)
        except SendError as failure:
            if failure.errcode not in STALE_TOKEN:
                raise
        return self._media(ref, most, self._tokens.renew(token))

    def _media(self, ref: str, most: int, token: str) -> Fetched:
        data, name = download(
            self._api._http,
            f"{self._api.API_BASE_URL}media/get",
            most,
            self._timeout,
            {"access_token": token, "media_id": ref},
        )
        if not name and (errcode := refusal(data)):
            if errcode in NO_SUCH_MEDIA:
                raise Gone(f"errcode {errcode}")
            raise from_errcode(errcode)
        return Fetched(data, name)

    def _post(self, endpoint: str, payload: dict[str, Any]) -> dict[str, Any]:
        return self._call("post", endpoint, data=encoded(payload), headers=HEADERS)

    def _call(self, method: str, endpoint: str, **more: Any) -> dict[str, Any]:
        """One call; a refused token is renewed once and the call made once more."""
        token = self._tokens.get()
        try:
            return self._once(method, endpoint, token, **more)
        except SendError as failure:
            if failure.errcode not in STALE_TOKEN:
                raise
        return self._once(method, endpoint, self._tokens.renew(token), **more)

    def _once(
        self, method: str, endpoint: str, token: str, params: dict[str, str] | None = None, **more: Any
    ) -> dict[str, Any]:
        # The failure is raised outside the except blocks, so that nothing holding the token hangs on it.
        failure: SendError
        try:
            answer: dict[str, Any] = getattr(self._api, method)(
                endpoint, params={**(params or {}), "access_token": token}, allow_redirects=False, **more
            )
        except WeChatClientException as error:
            response = error.response
            failure = from_status(response.status_code, response.headers.get("Retry-After"))
        except requests.RequestException as error:
            failure = from_transport(error)
        else:
            return answer
        raise failure


def refusal(data: bytes) -> int | None:
    """The errcode of an answer that stands where a file should; None where it is none."""
    if len(data) > 4096 or not data.startswith(b"{"):
        return None
    try:
        answer = json.loads(data)
    except ValueError:
        return None
    errcode = answer.get("errcode")
    return errcode if isinstance(errcode, int) else None


def _listed(answer: dict[str, Any], *names: str) -> tuple[str, ...]:
    """The ids in the answer's lists, which come joined by ``|`` or as JSON arrays."""
    found: list[str] = []
    for name in names:
        value = answer.get(name) or ""
        parts = value if isinstance(value, list) else str(value).split("|")
        found += [str(part) for part in parts if part]
    return tuple(found)
