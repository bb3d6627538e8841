"""Posting callbacks to the desk: encrypted, with WeCom's patience and its retries.

Messages and app events are delivered up to three times, five seconds each; anything but 200 is a failure
(100719, 90238). Answers are read strictly: one that does not verify is refused, loudly, into the log.
"""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

import requests

from bot.simulator import wire
from bot.simulator.calllog import CallLog
from bot.simulator.config import SimulatorConfig
from bot.simulator.faults import Faults
from bot.simulator.world import Door, View, World
from bot.wecom.crypto import Crypto

log = logging.getLogger(__name__)

Payload = dict[str, Any]


@dataclass(frozen=True)
class Outcome:
    """What became of one thing a person did.

    Attributes:
        outcome: ``answered``; ``silent`` (accepted with an empty body); ``failed`` (no attempt was answered
            with 200); ``refused`` (the answer broke WeCom's rules); ``busy`` (too many in flight).
        attempts: deliveries made.
        replies: ids of the messages the answer put into chats.
        error: what was wrong, for failed and refused.
    """

    outcome: str
    attempts: int = 0
    replies: tuple[int, ...] = ()
    error: str = ""


@dataclass(frozen=True)
class Press:
    """A button pressed, or choices submitted: ``selected`` is question_key to chosen option ids."""

    key: str
    card_type: str
    task_id: str
    selected: dict[str, list[str]]


@dataclass(frozen=True)
class Answer:
    """What came back from the desk: the decrypted reply, or why there is none."""

    reply: Payload | None
    outcome: str
    attempts: int
    error: str = ""


class Delivery:
    """Posts to both doors of the desk.

    Attributes:
        desk_url: where the desk listens; from the configuration, and may be set later.
        stopping: set when the process ends; nothing is retried or polled after that.
    """

    def __init__(self, config: SimulatorConfig, world: World, log: CallLog, faults: Faults) -> None:
        self.desk_url = config.desk_url
        self.stopping = threading.Event()
        self._config, self._world, self._log, self._faults = config, world, log, faults
        self._crypto = {
            "app": Crypto(config.token, config.aes_key, config.corp_id),
            "aibot": Crypto(config.aibot_token, config.aibot_aes_key, ""),
        }

    def deliver(self, door: Door, payload: Payload, attempts: int, waiting: int | None = None) -> Answer:
        """Deliver until answered with 200.

        Args:
            payload: the plaintext's fields, the same at every attempt.
            attempts: how often at most.
            waiting: id of the message that shows the attempts, if any.
        """
        fault = self._faults.take(f"callback/{door}")
        if fault is not None and fault.kind == "slow":
            self.stopping.wait(fault.ms / 1000)
        answer = Answer(None, "failed", 0, "未投递")
        for attempt in range(1, attempts + 1):
            if attempt > 1 and self.stopping.wait(self._config.patience.pause):
                break
            if waiting is not None:
                self._world.change(waiting, delivery="sending", attempts=attempt)
            answer = self._attempt(door, payload, attempt)
            if answer.outcome != "failed":
                break
        if fault is not None and fault.kind == "repeat":
            self._attempt(door, payload, answer.attempts + 1, "故意重复投递，应答不显示")
        return answer

    def settle(self, message: View | None, answer: Answer, apply: Callable[[Payload], list[int]]) -> Outcome:
        """Apply an answer, and note on the person's ``message`` what became of it."""
        outcome, error = answer.outcome, answer.error
        replies: list[int] = []
        if answer.reply is not None:
            try:
                replies = apply(answer.reply)
            except wire.BadAnswer as e:
                outcome, error = "refused", str(e)
                self._note("answer", 0, status=200, response=answer.reply, note=f"应答不合规则：{e}")
        if message is not None:
            self._world.change(message["id"], delivery=outcome, attempts=answer.attempts)
        return Outcome(outcome, answer.attempts, tuple(replies), error)

    def verify(self, door: Door) -> dict[str, Any]:
        """What saving the callback configuration does: an echo within a second, bare."""
        echo = str(secrets.randbelow(10**19))
        query = wire.seal_echo(self._crypto[door], echo, self._machine_seconds())
        began = time.monotonic()
        error, status, body = "", None, ""
        try:
            got = self._request("GET", door, params=query, timeout=self._config.patience.verify)
            status, body = got.status_code, got.text
            if status != 200:
                error = f"应答 HTTP {status}"
            elif got.content != echo.encode():
                error = "应答不是原样的 echostr"
        except requests.RequestException as e:
            error = _said(e)
        self._note(
            f"{door}/verify", began, status=status, request={"echostr": echo}, response=body, note=error
        )
        return {"ok": not error, "error": error}

    def _attempt(self, door: Door, payload: Payload, attempt: int, remark: str = "") -> Answer:
        crypto = self._crypto[door]
        plain: Any = payload
        if door == "app":
            plain = wire.to_xml(payload)
            corp_id, agent_id = self._config.corp_id, self._config.agent_id
            sealed = wire.seal_xml(crypto, corp_id, agent_id, plain, self._machine_seconds())
        else:
            sealed = wire.seal_json(crypto, payload, self._machine_seconds())
        began = time.monotonic()
        status, reply, error, outcome = None, None, "", "failed"
        try:
            got = self._request(
                "POST",
                door,
                params=sealed.query,
                data=sealed.body,
                headers={"Content-Type": sealed.content_type},
                timeout=self._config.patience.answer,
            )
            status = got.status_code
            if status != 200:
                error = f"应答 HTTP {status}"
            elif not got.content.strip():
                outcome = "silent"
            else:
                reply = self._open(door, got.content, sealed.query["nonce"])
                outcome = "answered"
        except wire.BadAnswer as e:
            outcome, error = "refused", f"应答不合规则：{e}"
        except requests.RequestException as e:
            error = _said(e)
        note = "，".join(n for n in (f"第 {attempt} 次投递" if attempt > 1 else "", error, remark) if n)
        self._note(door, began, status=status, request=plain, response=reply, ok=not error, note=note)
        return Answer(reply, outcome, attempt, error)

    def _open(self, door: Door, body: bytes, nonce: str) -> Payload:
        if door == "app":
            return wire.open_xml(self._crypto[door], body)
        return wire.open_json(self._crypto[door], body, nonce)

    def _request(self, method: str, door: Door, **more: Any) -> requests.Response:
        """Straight to the desk: by no proxy the environment names, and following nobody."""
        with requests.Session() as session:
            session.trust_env = False
            return session.request(method, f"{self.desk_url}/wecom/{door}", allow_redirects=False, **more)

    def _note(self, endpoint: str, began: float, *, note: str, ok: bool | None = None, **more: Any) -> None:
        self._log.add(
            "callback",
            endpoint,
            at=self._world.now(),
            ms=(time.monotonic() - began) * 1000 if began else 0,
            ok=not note if ok is None else ok,
            note=note,
            **more,
        )

    def _machine_seconds(self) -> int:
        return int(self._config.machine_now().timestamp())


def _said(error: requests.RequestException) -> str:
    """Why a request failed, in a few words without the URL, which is signed."""
    if isinstance(error, requests.Timeout):
        return "超时未应答"
    if isinstance(error, requests.ConnectionError):
        return "连接不上"
    return type(error).__name__


def spawn(work: Callable[[], Outcome]) -> Future[Outcome]:
    """Run in a daemon thread: a callback in flight never keeps the process from stopping."""
    future: Future[Outcome] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except Exception as e:
            # Whoever waits gets it; nobody may be waiting, so it is also said here.
            log.exception("a callback could not be made")
            future.set_exception(e)

    threading.Thread(target=run, daemon=True).start()
    return future
