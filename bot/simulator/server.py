"""Puts the simulator together and serves it.

>>> with Simulator(config) as simulator:              # doctest: +SKIP
...     simulator.say("xiaowang", "@服务台 你好", chat="wrGROUP1")
...     simulator.messages(to="xiaowang")
"""

from __future__ import annotations

import threading
from concurrent.futures import Future
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, jsonify, request
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from bot.simulator import page
from bot.simulator.aibot_door import AibotDoor
from bot.simulator.api import Api
from bot.simulator.app_door import AppDoor
from bot.simulator.callbacks import Callbacks
from bot.simulator.calllog import CallLog
from bot.simulator.clock import TurnableClock, turn
from bot.simulator.codes import Codes
from bot.simulator.config import SimulatorConfig
from bot.simulator.control import Control
from bot.simulator.delivery import Delivery, Outcome
from bot.simulator.events import Events
from bot.simulator.faults import Faults
from bot.simulator.links import Links
from bot.simulator.mailbox import Mailbox
from bot.simulator.media import Media
from bot.simulator.oauth import OAuth
from bot.simulator.people import People
from bot.simulator.quotas import Meter
from bot.simulator.store import Store
from bot.simulator.world import Door, View, World

LARGEST_BODY = 24 * 1024 * 1024
"""Bytes of one request: WeCom's largest file, and its envelope."""

STOP_POLL = 0.05
"""Seconds within which a stop is noticed."""


class Simulator:
    """A whole simulated WeCom, in threads of this process.

    Args:
        config: people, groups, secrets, where the desk is.
        clock: the desk's clock, where it may be turned; without one, messages carry machine time and the
            page shows no clock.
    """

    def __init__(self, config: SimulatorConfig, clock: TurnableClock | None = None) -> None:
        self.config = config
        self._clock = clock
        self._events = Events()
        self._store = Store(config.state_dir)
        self._media = Media(config.state_dir)
        self.mailbox = Mailbox()
        self._log = CallLog(self._events)
        self._faults = Faults(self._events)
        self._meter = Meter()
        now = clock.now if clock is not None else config.machine_now
        self._world = World(config, self._store, self._events, now)
        self._codes = Codes(self._store)
        self._links = Links(config, self._codes)
        self._delivery = Delivery(config, self._world, self._log, self._faults)
        app = AppDoor(config, self._world, self._codes, self._links, self._delivery)
        aibot = AibotDoor(config, self._world, self._media, self._links, self._delivery)
        self._people = People(self._world, self._media, Callbacks(self._world, app, aibot))
        self.app = self._create_app()
        self._server: BaseWSGIServer | None = None
        self._thread: threading.Thread | None = None

    def _create_app(self) -> Flask:
        app = Flask("bot.simulator", static_folder=None)
        app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
        # A connection cut on purpose is no fault of the program's, and Flask would log it as one.
        app.config["PROPAGATE_EXCEPTIONS"] = True
        app.extensions["simulator"] = self
        api = Api(self.config, self._world, self._codes, self._media, self._log, self._faults, self._meter)
        control = Control(
            self._world,
            self._codes,
            self._people,
            self._delivery,
            self._media,
            self._log,
            self._faults,
            self._events,
            self._clock,
            self.reset,
        )
        app.register_blueprint(api.blueprint())
        app.register_blueprint(control.blueprint())
        app.register_blueprint(OAuth(self._world, self._codes, self._delivery).blueprint())
        app.register_blueprint(page.blueprint())
        app.register_blueprint(self.mailbox.blueprint())
        app.before_request(_same_origin)
        app.after_request(_headers)
        return app

    # -- running

    def start(self, port: int = 0, host: str = "127.0.0.1") -> str:
        """Serve in a thread of its own; port 0 takes a free one.

        Returns:
            The base URL, for ``WECOM_API_BASE``.

        Raises:
            OSError: the port is taken.
        """
        self._server = make_server(host, port, self.app, threaded=True, request_handler=_Quiet)
        self._links.base_url = f"http://{host}:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(STOP_POLL,), daemon=True)
        self._thread.start()
        return self._links.base_url

    def stop(self) -> None:
        """Stop serving, polling and retrying; what was said is kept."""
        self._delivery.stopping.set()
        self.mailbox.stop()
        self._events.close()
        if self._server is not None and self._thread is not None:
            self._server.shutdown()
            self._thread.join()
            self._server.server_close()
            self._server = None
        self._store.close()
        self._media.close()

    def __enter__(self) -> Simulator:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def base_url(self) -> str:
        """Where it is served."""
        return self._links.base_url

    def connect(self, desk_url: str) -> None:
        """Say where the desk listens, if that was not known before."""
        self._delivery.desk_url = desk_url.rstrip("/")

    # -- what tests do, as the control API

    def say(self, userid: str, text: str, *, wait: float = 60, **more: Any) -> Outcome | None:
        """``POST /sim/say``: wait until the desk has answered; None where it was not called."""
        return _waited(self._people.say(userid, text, **more)[1], wait)

    def upload(self, data: bytes, name: str = "") -> str:
        """``POST /sim/picture``, or ``/sim/file`` with a name, unchecked: the id to say something with."""
        return self._media.keep(data, name)

    def press(self, userid: str, key: str, *, wait: float = 60, **more: Any) -> Outcome:
        """``POST /sim/press``, likewise."""
        return self._people.press(userid, key, **more)[1].result(timeout=wait)

    def enter(self, userid: str, door: Door = "aibot", *, wait: float = 60) -> Outcome | None:
        """``POST /sim/enter``, likewise."""
        return _waited(self._people.enter(userid, door), wait)

    def messages(self, *, to: str | None = None, chat: str | None = None, since: int = 0) -> list[View]:
        """``GET /sim/messages``."""
        return self._world.messages(to=to, chat=chat, since=since)

    def log(self, since: int = 0) -> list[View]:
        """``GET /sim/log``."""
        return self._log.list(since)

    def fault(self, endpoint: str, kind: str, **more: Any) -> None:
        """``POST /sim/faults``."""
        self._faults.add({"endpoint": endpoint, "kind": kind, **more})

    def clear_faults(self) -> None:
        """``DELETE /sim/faults``."""
        self._faults.clear()

    def forward(self, step: str) -> None:
        """``POST /sim/clock`` by one of its steps."""
        if self._clock is None:
            raise RuntimeError("no clock was passed")
        turn(self._clock, step=step)

    def verify(self, door: Door) -> View:
        """``POST /sim/verify``."""
        return self._delivery.verify(door)

    def reset(self) -> None:
        """``POST /sim/reset``."""
        self._faults.clear()
        self._meter.clear()
        self._store.empty()
        self._codes.reload()
        self._world.reset()


def create_app(config: SimulatorConfig, clock: TurnableClock | None = None) -> Flask:
    """The WSGI application alone; ``app.extensions["simulator"]`` is the :class:`Simulator` behind it."""
    return Simulator(config, clock).app


class _Quiet(WSGIRequestHandler):
    """The call log says all that matters; werkzeug's own would also say the query, with its secrets."""

    def log(self, type: str, message: str, *args: object) -> None:
        if type == "error":
            super().log(type, message, *args)


def _waited(future: Future[Outcome] | None, wait: float) -> Outcome | None:
    return None if future is None else future.result(timeout=wait)


def _same_origin() -> tuple[Response, int] | None:
    """Another site open in the same browser may not speak here."""
    origin = request.headers.get("Origin")
    if request.method in ("GET", "HEAD") or origin is None or urlsplit(origin).netloc == request.host:
        return None
    return jsonify(error="another origin"), 403


def _headers(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", page.POLICY)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
