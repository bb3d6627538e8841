"""WeCom calling the desk: every message and event, with real encryption, WeCom's patience and its retries.

Messages and app events are delivered up to three times, five seconds each; anything but 200 is a failure
(wecom.md 1.6, 5.5). An aibot's card event and its enter_chat come once. Answers are read strictly: one that
does not verify is refused, loudly, into the log.
"""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import requests

from bot.simulator import answers, wire
from bot.simulator.calllog import CallLog
from bot.simulator.config import Person, SimulatorConfig
from bot.simulator.faults import Faults
from bot.simulator.media import Media
from bot.simulator.world import Door, View, World
from bot.wecom.crypto import Crypto

log = logging.getLogger(__name__)

URL_LASTS = timedelta(hours=1)
MEDIA_LASTS = timedelta(minutes=5)


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
class _Answer:
    reply: dict[str, Any] | None
    outcome: str
    attempts: int
    error: str = ""


class Callbacks:
    """Sends callbacks in threads of its own; every method returns a future :class:`Outcome`.

    Attributes:
        base_url: the simulator's own address, for the URLs it hands out; set once the port is known.
        desk_url: where the desk listens; from the configuration, and may be set later.
    """

    def __init__(
        self, config: SimulatorConfig, world: World, media: Media, log: CallLog, faults: Faults
    ) -> None:
        self.base_url = "http://127.0.0.1:8000"
        self.desk_url = config.desk_url
        self._config, self._world, self._media, self._log, self._faults = config, world, media, log, faults
        self._crypto = {
            "app": Crypto(config.token, config.aes_key, config.corp_id),
            "aibot": Crypto(config.aibot_token, config.aibot_aes_key, ""),
        }
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._in_flight: Counter[str] = Counter()

    def close(self) -> None:
        """Stop polling and retrying."""
        self._stop.set()

    # -- what people do

    def message(self, message: View, person: Person, *, door: Door, text: str) -> Future[Outcome]:
        """Deliver a person's message.

        Args:
            message: as it stands in the chat.
            text: what the desk is told they wrote (in a group, with the mention).
        """
        if door == "app":
            return _spawn(lambda: self._message_to_app(message, person, text))
        return _spawn(lambda: self._message_to_aibot(message, person, text))

    def press(self, message: View, person: Person, press: Press) -> Future[Outcome]:
        """Deliver a press on a card: through the door the card came through."""
        deliver = self._press_to_app if message["voice"] == "app" else self._press_to_aibot
        self._world.await_press(message["id"], person.userid, press.key)

        def run() -> Outcome:
            outcome = Outcome("failed", error="the simulator failed")
            try:
                outcome = deliver(message, person, press)
            finally:
                answered = outcome.outcome in ("answered", "silent")
                self._world.press_settled(message["id"], person.userid, answered=answered)
            return outcome

        return _spawn(run)

    def enter(self, person: Person, door: Door) -> Future[Outcome]:
        """Tell the desk that a person opened their 1:1."""
        return _spawn(lambda: self._enter_app(person) if door == "app" else self._enter_aibot(person))

    def verify(self, door: Door) -> dict[str, Any]:
        """What saving the callback configuration does: an echo within a second, bare."""
        crypto = self._crypto[door]
        echo = str(secrets.randbelow(10**19))
        began = time.monotonic()
        error, status, body = "", None, ""
        try:
            got = _request(
                "GET",
                f"{self.desk_url}/wecom/{door}",
                params=wire.seal_echo(crypto, echo, self._machine_seconds()),
                timeout=self._config.patience.verify,
            )
            status, body = got.status_code, got.text
            if status != 200:
                error = f"应答 HTTP {status}"
            elif got.content != echo.encode():
                error = "应答不是原样的 echostr"
        except requests.RequestException as e:
            error = _said(e)
        self._log.add(
            "callback",
            f"{door}/verify",
            at=self._world.now(),
            ms=(time.monotonic() - began) * 1000,
            ok=not error,
            status=status,
            request={"echostr": echo},
            response=body,
            note=error,
        )
        return {"ok": not error, "error": error}

    # -- the aibot's door

    def _message_to_aibot(self, message: View, person: Person, text: str) -> Outcome:
        with self._flight(person.userid) as free:
            if not free:
                self._world.change(message["id"], delivery="busy")
                return Outcome("busy")
            payload = self._aibot_frame(message, person) | self._aibot_content(message, text)
            answer = self._deliver("aibot", payload, self._config.patience.attempts, message["id"])
            return self._settle(
                message, answer, lambda reply: self._aibot_replies(reply, message, person, polled=False)
            )

    def _aibot_frame(self, message: View, person: Person) -> dict[str, Any]:
        chat, single = message["chat"], ":" in message["chat"]
        code = self._world.new_code(
            "url", URL_LASTS, self._config.machine_now(), chat=chat, single=single, trigger=message["id"]
        )
        return {
            "msgid": message["msgid"],
            "aibotid": self._config.aibotid,
            **({} if single else {"chatid": chat}),
            "chattype": "single" if single else "group",
            "from": {"userid": person.userid},
            "response_url": f"{self.base_url}/cgi-bin/aibot/response?response_code={code}",
        }

    def _aibot_content(self, message: View, text: str) -> dict[str, Any]:
        images = [
            {"msgtype": "image", "image": {"url": self._media_url("sealed", m)}} for m in message["media"]
        ]
        content: dict[str, Any]
        if message["kind"] == "voice":
            content = {"msgtype": "voice", "voice": {"content": text}}
        elif images and text:
            item = {"msgtype": "text", "text": {"content": text}}
            content = {"msgtype": "mixed", "mixed": {"msg_item": [item, *images]}}
        elif images:
            content = images[0]
        else:
            content = {"msgtype": "text", "text": {"content": text}}
        if message["quote"]:
            content["quote"] = {"msgtype": "text", "text": {"content": message["quote"]["text"]}}
        return content

    def _press_to_aibot(self, message: View, person: Person, press: Press) -> Outcome:
        event: dict[str, Any] = {
            "card_type": press.card_type,
            "event_key": press.key,
            "task_id": press.task_id,
        }
        items = [{"question_key": q, "option_ids": {"option_id": ids}} for q, ids in press.selected.items()]
        if items:
            event["selected_items"] = {"selected_item": items}
        payload = self._aibot_frame(message, person) | {
            "msgid": secrets.token_urlsafe(24),
            "create_time": int(self._world.now().timestamp()),
            "msgtype": "event",
            "event": {"eventtype": "template_card_event", "template_card_event": event},
        }
        answer = self._deliver("aibot", payload, 1, None)

        def apply(reply: dict[str, Any]) -> list[int]:
            update = answers.aibot_update(reply, press.task_id)
            done = str(update.card.get("replace_text", ""))
            userids = None if update.userids is None else [self._known(u) for u in update.userids]
            for shown in self._world.cards(press.task_id, voice="aibot"):
                self._world.show_card(shown["id"], update.card, done, userids)
            return []

        return self._settle(None, answer, apply)

    def _enter_aibot(self, person: Person) -> Outcome:
        payload = {
            "msgid": secrets.token_urlsafe(24),
            "create_time": int(self._world.now().timestamp()),
            "aibotid": self._config.aibotid,
            "chattype": "single",
            "from": {"userid": person.userid},
            "msgtype": "event",
            "event": {"eventtype": "enter_chat"},
        }
        answer = self._deliver("aibot", payload, 1, None)
        chat = f"aibot:{person.userid}"

        def apply(reply: dict[str, Any]) -> list[int]:
            welcome = answers.aibot_welcome(reply, self._world)
            if welcome.card is not None:
                return [self._world.post(chat, "aibot", "card", card=welcome.card)["id"]]
            return [self._world.post(chat, "aibot", "text", text=welcome.text)["id"]]

        return self._settle(None, answer, apply)

    def _aibot_replies(
        self, reply: dict[str, Any], trigger: View, person: Person, *, polled: bool, shown: int | None = None
    ) -> list[int]:
        """Put an answer to a message, or to a poll of its stream, into the chat."""
        said = answers.aibot_reply(reply, self._world, polled=polled)
        chat, ids = trigger["chat"], []
        quote = None if ":" in chat else quoted(trigger, self._world)
        if said.stream is not None:
            media = [self._media.keep(image) for image in said.images]
            if shown is None:
                shown = self._world.post(
                    chat,
                    "aibot",
                    "markdown",
                    text=said.text,
                    markup="v2",
                    media=media,
                    quote=quote,
                    stream=said.stream,
                    finished=said.finished,
                )["id"]
            else:
                self._world.change(shown, text=said.text, media=media, finished=said.finished)
            ids.append(shown)
            if not said.finished and not polled:
                _spawn(lambda: self._poll(trigger, person, said.stream or "", shown or 0))
        if said.card is not None:
            quote = quote if not ids else None
            ids.append(self._world.post(chat, "aibot", "card", card=said.card, quote=quote)["id"])
        return ids

    def _poll(self, trigger: View, person: Person, stream: str, shown: int) -> Outcome:
        """Ask for the rest of an unfinished stream until it is finished or six minutes have passed."""
        patience = self._config.patience
        until = time.monotonic() + patience.stream
        outcome = Outcome("silent")
        while time.monotonic() < until and not self._stop.wait(patience.poll):
            payload = self._aibot_frame(trigger, person) | {
                "msgid": secrets.token_urlsafe(24),
                "msgtype": "stream",
                "stream": {"id": stream},
            }
            del payload["response_url"]
            answer = self._deliver("aibot", payload, 1, None)
            outcome = self._settle(
                None,
                answer,
                lambda reply: self._aibot_replies(reply, trigger, person, polled=True, shown=shown),
            )
            if self._world.message(shown)["finished"]:
                return outcome
        self._world.change(shown, finished=True)
        return outcome

    # -- the app's door

    def _message_to_app(self, message: View, person: Person, text: str) -> Outcome:
        fields = self._app_frame(person)
        if message["kind"] == "voice":
            fields |= {"MsgType": "voice", "MediaId": secrets.token_urlsafe(24), "Format": "amr"}
        elif message["media"]:
            first = message["media"][0]
            fields |= {"MsgType": "image", "PicUrl": self._media_url("plain", first), "MediaId": first}
        else:
            fields |= {"MsgType": "text", "Content": text}
        # One id for all attempts: it is what a repeat is known by.
        fields |= {"MsgId": secrets.randbelow(2**62), "AgentID": self._config.agent_id}
        answer = self._deliver("app", fields, self._config.patience.attempts, message["id"])
        return self._settle(message, answer, lambda reply: self._app_replies(reply, person, None))

    def _press_to_app(self, message: View, person: Person, press: Press) -> Outcome:
        code = self._world.new_code(
            "card", answers.CARD_LASTS, self._config.machine_now(), task_id=press.task_id
        )
        fields = self._app_frame(person) | {
            "MsgType": "event",
            "Event": "template_card_event",
            "EventKey": press.key,
            "TaskId": press.task_id,
            "CardType": press.card_type,
            "ResponseCode": code,
            "AgentID": self._config.agent_id,
        }
        items = [{"QuestionKey": q, "OptionIds": {"OptionId": ids}} for q, ids in press.selected.items()]
        if items:
            fields["SelectedItems"] = {"SelectedItem": items}
        answer = self._deliver("app", fields, self._config.patience.attempts, None)
        return self._settle(None, answer, lambda reply: self._app_replies(reply, person, message))

    def _enter_app(self, person: Person) -> Outcome:
        fields = self._app_frame(person) | {
            "MsgType": "event",
            "Event": "enter_agent",
            "EventKey": "",
            "AgentID": self._config.agent_id,
        }
        answer = self._deliver("app", fields, self._config.patience.attempts, None)
        return self._settle(None, answer, lambda reply: self._app_replies(reply, person, None))

    def _app_frame(self, person: Person) -> dict[str, Any]:
        return {
            "ToUserName": self._config.corp_id,
            "FromUserName": person.userid,
            "CreateTime": int(self._world.now().timestamp()),
        }

    def _app_replies(self, reply: dict[str, Any], person: Person, pressed: View | None) -> list[int]:
        said = answers.app_reply(reply, pressed is not None)
        if pressed is not None and (said.card is not None or said.done):
            # A passive update changes the card of the member who clicked, and nobody else's.
            self._world.show_card(pressed["id"], said.card, said.done, [person.userid])
            return []
        return [self._world.post(f"app:{person.userid}", "app", "text", text=said.text)["id"]]

    # -- common to both

    def _deliver(self, door: Door, payload: dict[str, Any], attempts: int, waiting: int | None) -> _Answer:
        """Deliver until answered with 200, at most ``attempts`` times; the message ``waiting`` shows it."""
        fault = self._faults.take(f"callback/{door}")
        if fault is not None and fault.kind == "slow":
            self._stop.wait(fault.ms / 1000)
        answer = _Answer(None, "failed", 0, "not delivered")
        for attempt in range(1, attempts + 1):
            if attempt > 1 and self._stop.wait(self._config.patience.pause):
                break
            if waiting is not None:
                self._world.change(waiting, delivery="sending", attempts=attempt)
            answer = self._attempt(door, payload, attempt, "")
            if answer.outcome != "failed":
                break
        if fault is not None and fault.kind == "repeat":
            self._attempt(door, payload, answer.attempts + 1, "故意重复投递，应答不显示")
        return answer

    def _attempt(self, door: Door, payload: dict[str, Any], attempt: int, note: str) -> _Answer:
        config, crypto = self._config, self._crypto[door]
        plain: Any = payload
        if door == "app":
            plain = wire.to_xml(payload)
            sealed = wire.seal_xml(crypto, config.corp_id, config.agent_id, plain, self._machine_seconds())
        else:
            sealed = wire.seal_json(crypto, payload, self._machine_seconds())
        began = time.monotonic()
        status, reply, error, outcome = None, None, "", "failed"
        try:
            got = _request(
                "POST",
                f"{self.desk_url}/wecom/{door}",
                params=sealed.query,
                data=sealed.body,
                headers={"Content-Type": sealed.content_type},
                timeout=config.patience.answer,
            )
            status = got.status_code
            if status != 200:
                error = f"应答 HTTP {status}"
            elif not got.content.strip():
                outcome = "silent"
            else:
                try:
                    reply = (
                        wire.open_xml(crypto, got.content)
                        if door == "app"
                        else wire.open_json(crypto, got.content, sealed.query["nonce"])
                    )
                    outcome = "answered"
                except wire.BadAnswer as e:
                    outcome, error = "refused", f"应答不合规则：{e}"
        except requests.RequestException as e:
            error = _said(e)
        self._log.add(
            "callback",
            door,
            at=self._world.now(),
            ms=(time.monotonic() - began) * 1000,
            ok=not error,
            status=status,
            request=plain,
            response=reply,
            note="，".join(n for n in (f"第 {attempt} 次投递" if attempt > 1 else "", error, note) if n),
        )
        return _Answer(reply, outcome, attempt, error)

    def _settle(
        self, message: View | None, answer: _Answer, apply: Callable[[dict[str, Any]], list[int]]
    ) -> Outcome:
        """Apply an answer, and note on the person's message what became of it."""
        outcome, error, replies = answer.outcome, answer.error, []
        if answer.reply is not None:
            try:
                replies = apply(answer.reply)
            except wire.BadAnswer as e:
                outcome, error = "refused", str(e)
                self._log.add(
                    "callback",
                    "answer",
                    at=self._world.now(),
                    ms=0,
                    ok=False,
                    status=200,
                    response=answer.reply,
                    note=f"应答不合规则：{e}",
                )
        if message is not None:
            self._world.change(message["id"], delivery=outcome, attempts=answer.attempts)
        return Outcome(outcome, answer.attempts, tuple(replies), error)

    @contextmanager
    def _flight(self, userid: str) -> Iterator[bool]:
        """Whether one more interaction of this person with the aibot may wait for an answer."""
        with self._lock:
            free = self._in_flight[userid] < self._config.quotas.in_flight
            if free:
                self._in_flight[userid] += 1
        try:
            yield free
        finally:
            if free:
                with self._lock:
                    self._in_flight[userid] -= 1

    def _known(self, userid: str) -> str:
        try:
            return self._world.person(userid).userid
        except LookupError:
            return userid

    def _machine_seconds(self) -> int:
        return int(self._config.machine_now().timestamp())

    def _media_url(self, form: str, media_id: str) -> str:
        code = self._world.new_code(
            "media", MEDIA_LASTS, self._config.machine_now(), media_id=media_id, form=form
        )
        return f"{self.base_url}/sim/media/{form}/{code}"


def quoted(message: View, world: World) -> dict[str, Any]:
    """A message as another one quotes it."""
    if message["voice"] == "person":
        name = world.person(message["sender"]).name
    else:
        name = world.config.app_name if message["voice"] == "app" else world.config.aibot_name
    text = message["text"] or ((message["card"] or {}).get("main_title") or {}).get("title", "") or "[图片]"
    return {"id": message["id"], "name": name, "text": text}


def _request(method: str, url: str, **more: Any) -> requests.Response:
    """Straight to the desk: by no proxy the environment names, and following nobody."""
    with requests.Session() as session:
        session.trust_env = False
        return session.request(method, url, allow_redirects=False, **more)


def _said(error: requests.RequestException) -> str:
    """Why a request failed, in a few words without the URL, which is signed."""
    if isinstance(error, requests.Timeout):
        return "超时未应答"
    if isinstance(error, requests.ConnectionError):
        return "连接不上"
    return type(error).__name__


def _spawn(work: Callable[[], Outcome]) -> Future[Outcome]:
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
