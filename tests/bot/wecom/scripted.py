"""A small real HTTP server on loopback that answers as a test tells it to."""

from __future__ import annotations

import json
import socket
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

Answer = Callable[["_Handler"], None]


@dataclass(frozen=True)
class Seen:
    """One request as it arrived."""

    path: str
    query: dict[str, str]
    body: Any


def says(body: Any, status: int = 200, **headers: str) -> Answer:
    """Answer with JSON, or with the bytes themselves."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()

    def answer(handler: _Handler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(data)))
        handler.end_headers()
        handler.wfile.write(data)

    return answer


def hangs(handler: _Handler) -> None:
    """Say nothing until the test is over."""
    handler.server.over.wait()


def cuts(handler: _Handler) -> None:
    """Close the connection after the request, without an answer."""
    handler.connection.shutdown(socket.SHUT_RDWR)


def stops_half_way(handler: _Handler) -> None:
    """Promise more than is sent."""
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b'{"errcode": 0')
    handler.connection.shutdown(socket.SHUT_RDWR)


class Server(ThreadingHTTPServer):
    """Answers each path from its own script, the last answer again and again."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.scripts: dict[str, list[Answer]] = {}
        self.seen: list[Seen] = []
        self.over = threading.Event()
        self._turns: dict[str, int] = defaultdict(int)
        self._lock = threading.Lock()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def on(self, endpoint: str, *answers: Answer) -> None:
        self.scripts[f"/cgi-bin/{endpoint}"] = list(answers)

    def bodies(self, endpoint: str) -> list[Any]:
        return [seen.body for seen in self.seen if seen.path == f"/cgi-bin/{endpoint}"]

    def queries(self, endpoint: str) -> list[dict[str, str]]:
        return [seen.query for seen in self.seen if seen.path == f"/cgi-bin/{endpoint}"]

    def next_answer(self, seen: Seen) -> Answer:
        with self._lock:
            self.seen.append(seen)
            script = self.scripts.get(seen.path) or [says({}, 404)]
            turn = self._turns[seen.path]
            self._turns[seen.path] += 1
        return script[min(turn, len(script) - 1)]

    def handle_error(self, *_: Any) -> None:
        """A client that has gone away is part of these tests."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        data = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        seen = Seen(url.path, dict(parse_qsl(url.query)), json.loads(data) if data else None)
        self.server.next_answer(seen)(self)

    do_POST = do_GET

    def log_message(self, *_: Any) -> None:
        """Quiet."""


@contextmanager
def server() -> Iterator[Server]:
    """The server, running in a thread."""
    with Server() as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield running
        finally:
            running.over.set()
            running.shutdown()
            thread.join()
