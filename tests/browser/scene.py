"""A stage people may look at: the product at work by itself, and a simulator whose clock the page turns."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from werkzeug.serving import WSGIRequestHandler, make_server

from bot.simulator.server import Simulator
from knowledge.library import Library
from tests.support.stage import MONDAY, SHANGHAI, HandClock, Stage, Web

_ROUND = 0.1
"""Seconds between two rounds of the worker and the clock."""


class _Turned:
    """The stage's clock as the simulator's page may turn it."""

    def __init__(self, clock: HandClock) -> None:
        self._clock = clock

    def now(self) -> datetime:
        return self._clock()

    def forward_to(self, moment: datetime) -> None:
        self._clock.moment = max(self._clock.moment, moment.astimezone(SHANGHAI))


class _Running:
    """Machine time that goes on by itself: what must be tried again in a while is."""

    def __init__(self, clock: HandClock) -> None:
        self._clock, self._began = clock, time.monotonic()

    def __call__(self) -> datetime:
        return self._clock() + timedelta(seconds=time.monotonic() - self._began)


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:
        """What matters is on the page."""


class Scene:
    """Everything ``make demo`` runs, in this process; a thread does what its worker and clock would.

    Args:
        folder: where chats are kept, so that a simulator that is started again still has them.
        at: the moment the clock stands at.
    """

    def __init__(
        self, database_url: str, redis_url: str, library: Library, folder: Path, at: datetime = MONDAY
    ) -> None:
        self.stage = Stage.set(
            database_url,
            redis_url,
            library,
            at,
            _Running,
            lambda config, clock: Simulator(replace(config, state_dir=folder), _Turned(clock)),
        )
        self._port = int(self.stage.wecom.base_url.rpartition(":")[2])
        self._ended, self._turn = threading.Event(), threading.Lock()
        self._hands = threading.Thread(target=self._keep_working, daemon=True)
        self._hands.start()

    def _keep_working(self) -> None:
        while not self._ended.wait(_ROUND):
            with self._turn:
                self.stage.sweep()

    def close(self) -> None:
        self._ended.set()
        self._hands.join()
        self.stage.close()

    @property
    def url(self) -> str:
        """Where the chat page is."""
        return f"http://127.0.0.1:{self._port}/"

    # What may happen to a process

    @contextmanager
    def nobody_working(self) -> Iterator[None]:
        """The worker and the clock stand still: what is due waits."""
        with self._turn:
            yield

    def stop_wecom(self) -> None:
        self.stage.wecom.stop()

    def start_wecom(self) -> None:
        """Start the simulator again, where it was and with what it kept."""
        self.stage.wecom = Simulator(self.stage.wecom.config, _Turned(self.stage.clock))
        self.stage.wecom.start(self._port)
        self.stage.wecom.connect(self.stage.webs[0].url)

    def stop_desk(self) -> None:
        """The desk's web process ends; its database stays."""
        web = self.stage.webs[0]
        web.server.shutdown()
        web.thread.join()
        web.server.server_close()

    def start_desk(self) -> None:
        """The desk's web process starts again, where it was."""
        ended = self.stage.webs[0]
        port = ended.server.server_port
        server = make_server("127.0.0.1", port, ended.program.web, threaded=True, request_handler=_Quiet)
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        self.stage.webs[0] = Web(ended.program, server, thread)
