"""The control API: what the page, ``make say`` and the tests do to the simulated world.

JSON in, JSON out, under ``/sim``. Errors are ``{"error": sentence}``: 400 not acceptable, 404 no such person,
chat, card or message, 413 too large. ``wait`` (seconds, 0 by default) holds the answer until the desk has
answered; without it, or when it runs out, ``outcome`` is ``"pending"``.

=======================  ====================================================================================
``POST /sim/say``        ``{as, text, chat?, door?, quote?, picture?, voice?, wait?}``: write as ``as``.
                         ``chat``: a chatid, ``app:<userid>`` or ``aibot:<userid>``; left out or null: the
                         person's 1:1 with ``door`` (``app`` or ``aibot``; by default app for staff, aibot for
                         partners' people). In a group the desk is only called if the text holds
                         ``@<aibot name>``. ``quote``: a message id; ``picture``: from ``/sim/picture``;
                         ``voice: true``: ``text`` is the spoken words.
                         → ``{message, outcome, attempts, replies, error}``
``POST /sim/press``      ``{as, key, task_id | message, selected?, stale?, wait?}``: press a card's button.
                         ``selected``: ``{question_key: [option ids]}``; ``stale: true`` presses even what the
                         card no longer offers. → as ``say``
``POST /sim/enter``      ``{as, door?, wait?}`` (aibot by default): open the 1:1. → ``{outcome, …}``; the
                         aibot is told once a day, later the outcome is null
``POST /sim/recall``     ``{as, message}``: take back one's own message. → ``{message}``
``POST /sim/read``       ``{as, chat}``: nothing in the chat is unread for ``as`` any more
``POST /sim/picture``    multipart ``file`` (JPG, PNG, GIF, at most 10 MB). → ``{picture}``
``GET /sim/state``       ``?as=`` for one person's chats: people, chats with last message and unread count,
                         clock, faults, names; ``mark``, the event id to resume after
``GET /sim/messages``    ``?to=&chat=&since=&limit=``: messages with an id above ``since``, oldest first, the
                         newest ``limit``; ``to``: what this person sees and did not write. → ``{messages}``
``GET /sim/log``         ``?since=``: calls and callbacks, decrypted, secrets blanked. → ``{log}``
``GET /sim/faults``      what is set, and which ``kinds`` and ``endpoints`` there are
``POST /sim/faults``     ``{endpoint, kind, times?, ms?, status?, errcode?}``; ``times`` 1 by default, null
                         until cleared. → ``{fault}``
``DELETE /sim/faults``   ``?id=`` one of them, else all
``POST /sim/clock``      ``{step}`` (1m, 5m, 20m, saturday, workday) or ``{to: ISO}``: forward only.
                         → ``{clock}``; 400 where no clock was passed
``POST /sim/verify``     ``{door}``: the URL verification of the callback configuration. → ``{ok, error}``
``POST /sim/reset``      empty every chat, forget tokens, faults and quotas
``GET /sim/events``      server-sent events: ``hello``, ``message``, ``read``, ``log``, ``faults``, ``clock``,
                         ``reset``; resumes after ``Last-Event-ID``
=======================  ====================================================================================

A message: ``{id, rev, msgid, chat, sender, voice, kind, at, text, mentions, card, card_for, done, pressed,
missed, media, articles, quote, recalled, delivery, attempts, stream, finished, markup}`` as
``world.Message`` describes it. An outcome is ``answered``, ``silent``, ``failed``, ``refused`` or ``busy``
(``callbacks.Outcome``), ``pending``, or null where the desk is not called at all; ``replies`` are ids of the
messages it led to in the same exchange (what the desk sends later by the API is in ``/sim/messages``).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotYet
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, jsonify, request, stream_with_context
from werkzeug.exceptions import RequestEntityTooLarge

from bot.simulator import clock as clocks
from bot.simulator.callbacks import Callbacks, Outcome
from bot.simulator.calllog import CallLog
from bot.simulator.clock import STEPS, ZONE, TurnableClock
from bot.simulator.events import Events
from bot.simulator.faults import ENDPOINTS, KINDS, BadFault, Faults
from bot.simulator.media import BadPicture, Media, kind_of, sealed
from bot.simulator.people import People, Refused
from bot.simulator.quotas import Meter
from bot.simulator.world import Door, Unknown, World

TOO_LARGE = "内容过大，未发送。图片最大 10 MB。"


class BadRequest(ValueError):
    """A request that lacks something or has it in another shape."""


class Control:
    """The routes of ``/sim``."""

    def __init__(
        self,
        world: World,
        people: People,
        callbacks: Callbacks,
        media: Media,
        log: CallLog,
        faults: Faults,
        meter: Meter,
        events: Events,
        clock: TurnableClock | None,
    ) -> None:
        self._world, self._people, self._callbacks, self._media = world, people, callbacks, media
        self._log, self._faults, self._meter, self._events, self._clock = log, faults, meter, events, clock

    def blueprint(self) -> Blueprint:
        """The routes, with errors turned into sentences."""
        routes = Blueprint("control", __name__, url_prefix="/sim")

        def route(path: str, view: Callable[[], Any], *methods: str) -> None:
            routes.add_url_rule(path, f"{path}{methods}", view, methods=list(methods))

        route("/say", self._say, "POST")
        route("/press", self._press, "POST")
        route("/enter", self._enter, "POST")
        route("/recall", self._recall, "POST")
        route("/read", self._read, "POST")
        route("/picture", self._picture, "POST")
        route("/state", self._state, "GET")
        route("/messages", self._messages, "GET")
        route("/log", self._log_list, "GET")
        route("/faults", self._faults_list, "GET")
        route("/faults", self._faults_add, "POST")
        route("/faults", self._faults_clear, "DELETE")
        route("/clock", self._turn, "POST")
        route("/verify", self._verify, "POST")
        route("/reset", self._reset, "POST")
        route("/events", self._stream, "GET")
        routes.add_url_rule("/media/<form>/<code>", "media", self._callback_media)
        routes.add_url_rule("/pictures/<media_id>", "pictures", self._page_picture)

        for error in (BadRequest, Refused, BadFault, BadPicture, clocks.NotForward):
            routes.register_error_handler(error, lambda e: (jsonify(error=str(e)), 400))
        routes.register_error_handler(Unknown, lambda e: (jsonify(error=str(e)), 404))
        routes.register_error_handler(RequestEntityTooLarge, lambda e: (jsonify(error=TOO_LARGE), 413))
        return routes

    # -- what people do

    def _say(self) -> Response:
        body = _body()
        message, future = self._people.say(
            _text(body, "as"),
            _text(body, "text", needed=False),
            chat=_text(body, "chat", needed=False) or None,
            door=_door(body),
            quote=_number(body, "quote"),
            picture=self._known(_text(body, "picture", needed=False)),
            voice=body.get("voice") is True,
        )
        outcome = _outcome(future, body)
        return jsonify(message=self._world.message(message["id"]), **outcome)

    def _press(self) -> Response:
        body = _body()
        message, future = self._people.press(
            _text(body, "as"),
            _text(body, "key"),
            task_id=_text(body, "task_id", needed=False) or None,
            message=_number(body, "message"),
            selected=_selected(body),
            stale=body.get("stale") is True,
        )
        outcome = _outcome(future, body)
        return jsonify(message=self._world.message(message["id"]), **outcome)

    def _enter(self) -> Response:
        body = _body()
        return jsonify(_outcome(self._people.enter(_text(body, "as"), _door(body) or "aibot"), body))

    def _recall(self) -> Response:
        body = _body()
        message = _number(body, "message")
        if message is None:
            raise BadRequest("message: a message id is needed")
        return jsonify(message=self._people.recall(_text(body, "as"), message))

    def _read(self) -> Response:
        body = _body()
        self._world.read(_text(body, "as"), _text(body, "chat"))
        return jsonify(ok=True)

    def _picture(self) -> Response:
        sent = request.files.get("file")
        if sent is None:
            raise BadRequest("file: a picture is needed")
        data = sent.read()
        kind_of(data)
        return jsonify(picture=self._media.keep(data))

    def _known(self, picture: str) -> str | None:
        if picture and self._media.find(picture) is None:
            raise Unknown("no such picture")
        return picture or None

    # -- looking

    def _state(self) -> Response:
        config, only = self._world.config, request.args.get("as")
        people = [self._world.person(only)] if only else config.people
        # Taken first: what happens while the rest is read is then told twice rather than never.
        mark = self._events.mark()
        return jsonify(
            mark=mark,
            aibot_name=config.aibot_name,
            app_name=config.app_name,
            desk_url=self._callbacks.desk_url,
            people=[dataclasses.asdict(p) for p in config.people],
            chats={p.userid: self._world.chats_of(p.userid) for p in people},
            clock=self._clock_view(),
            faults=self._faults.list(),
        )

    def _messages(self) -> Response:
        args = request.args
        chat = args.get("chat")
        if chat is not None:
            self._world.members(chat)
        since, limit = args.get("since", 0, type=int), args.get("limit", type=int)
        if limit is not None and limit < 1:
            raise BadRequest("limit: a number from 1")
        return jsonify(messages=self._world.messages(chat=chat, to=args.get("to"), since=since, limit=limit))

    def _log_list(self) -> Response:
        return jsonify(log=self._log.list(request.args.get("since", 0, type=int)))

    def _stream(self) -> Response:
        last = request.headers.get("Last-Event-ID") or request.args.get("last", "")
        return Response(
            stream_with_context(self._events.stream(last)),
            mimetype="text/event-stream",
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )

    def _callback_media(self, form: str, code: str) -> Response:
        """What a media URL of a callback serves, for five minutes."""
        config = self._world.config
        held = self._world.look_at_code("media", code, config.machine_now())
        data = self._media.find(held["media_id"]) if held and held["form"] == form else None
        if data is None:
            return Response("expired", status=404, mimetype="text/plain")
        if form == "sealed":
            return Response(sealed(data, config.aibot_aes_key), mimetype="application/octet-stream")
        return Response(data, mimetype=kind_of(data))

    def _page_picture(self, media_id: str) -> Response:
        data = self._media.find(media_id)
        if data is None:
            return Response("no such picture", status=404, mimetype="text/plain")
        try:
            kind = kind_of(data)
        except BadPicture:
            kind = "application/octet-stream"
        return Response(data, mimetype=kind, headers={"Cache-Control": "private, max-age=86400"})

    # -- faults, clock, reset

    def _faults_list(self) -> Response:
        return jsonify(faults=self._faults.list(), kinds=KINDS, endpoints=ENDPOINTS)

    def _faults_add(self) -> Response:
        fault = self._faults.add(_body())
        return jsonify(fault=dataclasses.asdict(fault))

    def _faults_clear(self) -> Response:
        self._faults.clear(request.args.get("id", type=int))
        return jsonify(faults=self._faults.list())

    def _clock_view(self) -> dict[str, Any] | None:
        if self._clock is None:
            return None
        steps = [{"step": name, "label": label} for name, (label, _) in STEPS.items()]
        return {"now": self._clock.now().isoformat(), "zone": str(ZONE), "steps": steps}

    def _turn(self) -> Response:
        body = _body()
        if self._clock is None:
            raise BadRequest("这里没有可拨动的时钟。")
        step, to = _text(body, "step", needed=False), _text(body, "to", needed=False)
        if step and step not in STEPS:
            raise BadRequest(f"step: one of {', '.join(STEPS)}")
        clocks.turn(self._clock, step=step or None, to=_moment(to) if to else None)
        view = self._clock_view()
        self._events.publish("clock", {"clock": view})
        return jsonify(clock=view)

    def _verify(self) -> Response:
        return jsonify(self._callbacks.verify(_door(_body()) or "aibot"))

    def _reset(self) -> Response:
        self._faults.clear()
        self._meter.clear()
        self._world.reset()
        return jsonify(ok=True)


def _body() -> dict[str, Any]:
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise BadRequest("a JSON object is needed")
    return body


def _text(body: dict[str, Any], name: str, *, needed: bool = True) -> str:
    value = body.get(name)
    if value is None and not needed:
        return ""
    if not isinstance(value, str) or (needed and not value):
        raise BadRequest(f"{name}: a text is needed")
    # A lone surrogate is no character; it becomes ? as everywhere on the wire.
    return value.encode("utf-8", "replace").decode("utf-8")


def _number(body: dict[str, Any], name: str) -> int | None:
    value = body.get(name)
    if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
        raise BadRequest(f"{name}: a whole number is needed")
    return value


def _door(body: dict[str, Any]) -> Door | None:
    value = body.get("door")
    if value in (None, "app", "aibot"):
        return value
    raise BadRequest("door: app or aibot")


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise BadRequest("to: an ISO 8601 moment is needed") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=ZONE)


def _selected(body: dict[str, Any]) -> dict[str, list[str]]:
    value = body.get("selected") or {}
    if not isinstance(value, dict) or not all(isinstance(ids, list) for ids in value.values()):
        raise BadRequest("selected: {question_key: [option ids]}")
    return {str(q): [str(i) for i in ids] for q, ids in value.items()}


def _outcome(future: Future[Outcome] | None, body: dict[str, Any]) -> dict[str, Any]:
    if future is None:
        return {"outcome": None, "attempts": 0, "replies": [], "error": ""}
    wait = body.get("wait", 0)
    if not isinstance(wait, int | float) or not 0 <= wait <= 60:
        raise BadRequest("wait: 0 to 60 seconds")
    try:
        return dataclasses.asdict(future.result(timeout=wait))
    except NotYet:
        return {"outcome": "pending", "attempts": 0, "replies": [], "error": ""}
