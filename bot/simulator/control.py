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
(``delivery.Outcome``), ``pending``, or null where the desk is not called at all; ``replies`` are ids of the
messages it led to in the same exchange (what the desk sends later by the API is in ``/sim/messages``).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, jsonify, request, stream_with_context
from werkzeug.exceptions import RequestEntityTooLarge

from bot.simulator import clock as clocks
from bot.simulator import reading
from bot.simulator.calllog import CallLog
from bot.simulator.clock import STEPS, ZONE, TurnableClock
from bot.simulator.codes import Codes
from bot.simulator.delivery import Delivery
from bot.simulator.events import Events
from bot.simulator.faults import ENDPOINTS, KINDS, BadFault, Faults
from bot.simulator.media import BadFile, Media, check_file, disposition, kind_of, sealed
from bot.simulator.people import People, Refused
from bot.simulator.world import Unknown, World

TOO_LARGE = "内容过大，未发送。图片最大 10 MB，文件最大 20 MB。"


class Control:
    """The routes of ``/sim``."""

    def __init__(
        self,
        world: World,
        codes: Codes,
        people: People,
        delivery: Delivery,
        media: Media,
        log: CallLog,
        faults: Faults,
        events: Events,
        clock: TurnableClock | None,
        reset: Callable[[], None],
    ) -> None:
        self._world, self._codes, self._people = world, codes, people
        self._delivery, self._media, self._reset_all = delivery, media, reset
        self._log, self._faults, self._events, self._clock = log, faults, events, clock

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
        route("/file", self._file, "POST")
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

        for error in (reading.BadRequest, Refused, BadFault, BadFile, clocks.NotForward):
            routes.register_error_handler(error, lambda e: (jsonify(error=str(e)), 400))
        routes.register_error_handler(Unknown, lambda e: (jsonify(error=str(e)), 404))
        routes.register_error_handler(RequestEntityTooLarge, lambda e: (jsonify(error=TOO_LARGE), 413))
        return routes

    # -- what people do

    def _say(self) -> Response:
        body = reading.body()
        seconds = reading.wait(body)
        message, future = self._people.say(
            reading.text(body, "as"),
            reading.text(body, "text", needed=False),
            chat=reading.text(body, "chat", needed=False) or None,
            door=reading.door(body),
            quote=reading.number(body, "quote"),
            picture=self._known(reading.text(body, "picture", needed=False)),
            file=self._known(reading.text(body, "file", needed=False)),
            voice=body.get("voice") is True,
        )
        outcome = reading.outcome(future, seconds)
        return jsonify(message=self._world.message(message["id"]), **outcome)

    def _press(self) -> Response:
        body = reading.body()
        seconds = reading.wait(body)
        message, future = self._people.press(
            reading.text(body, "as"),
            reading.text(body, "key"),
            task_id=reading.text(body, "task_id", needed=False) or None,
            message=reading.number(body, "message"),
            selected=reading.selected(body),
            stale=body.get("stale") is True,
        )
        outcome = reading.outcome(future, seconds)
        return jsonify(message=self._world.message(message["id"]), **outcome)

    def _enter(self) -> Response:
        body = reading.body()
        seconds = reading.wait(body)
        future = self._people.enter(reading.text(body, "as"), reading.door(body) or "aibot")
        return jsonify(reading.outcome(future, seconds))

    def _recall(self) -> Response:
        body = reading.body()
        message = reading.number(body, "message")
        if message is None:
            raise reading.BadRequest("message: a message id is needed")
        return jsonify(message=self._people.recall(reading.text(body, "as"), message))

    def _read(self) -> Response:
        body = reading.body()
        self._world.read(reading.text(body, "as"), reading.text(body, "chat"))
        return jsonify(ok=True)

    def _picture(self) -> Response:
        data, _ = self._uploaded()
        kind_of(data)
        return jsonify(picture=self._media.keep(data))

    def _file(self) -> Response:
        data, name = self._uploaded()
        check_file(data)
        return jsonify(file=self._media.keep(data, name), name=name)

    @staticmethod
    def _uploaded() -> tuple[bytes, str]:
        sent = request.files.get("file")
        if sent is None:
            raise reading.BadRequest("file: a picture or file is needed")
        return sent.read(), sent.filename or "file"

    def _known(self, media_id: str) -> str | None:
        if media_id and self._media.find(media_id) is None:
            raise Unknown("no such picture or file")
        return media_id or None

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
            desk_url=self._delivery.desk_url,
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
            raise reading.BadRequest("limit: a number from 1")
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
        held = self._codes.look_at_code("media", code, config.machine_now())
        data = self._media.find(held["media_id"]) if held and held["form"] == form else None
        if held is None or data is None:
            return Response("expired", status=404, mimetype="text/plain")
        if form == "sealed":
            data, named = sealed(data, config.aibot_aes_key), disposition(self._media.name(held["media_id"]))
            return Response(data, mimetype="application/octet-stream", headers=named)
        return Response(data, mimetype=kind_of(data))

    def _page_picture(self, media_id: str) -> Response:
        data = self._media.find(media_id)
        if data is None:
            return Response("no such picture", status=404, mimetype="text/plain")
        try:
            kind = kind_of(data)
        except BadFile:
            kind = "application/octet-stream"
        headers = {"Cache-Control": "private, max-age=86400", **disposition(self._media.name(media_id))}
        return Response(data, mimetype=kind, headers=headers)

    # -- faults, clock, reset

    def _faults_list(self) -> Response:
        return jsonify(faults=self._faults.list(), kinds=KINDS, endpoints=ENDPOINTS)

    def _faults_add(self) -> Response:
        fault = self._faults.add(reading.body())
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
        body = reading.body()
        if self._clock is None:
            raise reading.BadRequest("这里没有可拨动的时钟。")
        step, to = reading.text(body, "step", needed=False), reading.text(body, "to", needed=False)
        if step and step not in STEPS:
            raise reading.BadRequest(f"step: one of {', '.join(STEPS)}")
        clocks.turn(self._clock, step=step or None, to=reading.moment(to) if to else None)
        view = self._clock_view()
        self._events.publish("clock", {"clock": view})
        return jsonify(clock=view)

    def _verify(self) -> Response:
        return jsonify(self._delivery.verify(reading.door(reading.body()) or "aibot"))

    def _reset(self) -> Response:
        self._reset_all()
        return jsonify(ok=True)
