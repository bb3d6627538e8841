"""The web server: gunicorn with threads, since a callback waits for the database and little else."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from gunicorn.app.base import BaseApplication

if TYPE_CHECKING:
    from bot.wiring import Program

WORKERS, THREADS = 2, 8


class _Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    def __init__(self, build: Callable[[], Program], options: dict[str, Any]) -> None:
        self._build, self._options = build, options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        # In the worker, after the fork: connections and the ranking's threads are never shared.
        program = self._build()
        program.door.library.ask("")  # The engine is built at the first question; nobody should wait for it.
        return program.web


def taken(host: str, port: int) -> str:
    """Why that address cannot be listened on, empty where it can."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        # A port whose last connections are only fading can be listened on again.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            return (error.strerror or str(error)).lower()
    return ""


def serve(build: Callable[[], Program], host: str, port: int) -> None:
    """Serve until TERM or INT; callbacks in hand are answered first.

    Args:
        build: makes the program, once in each worker process.
    """
    _Server(
        build,
        {
            "bind": [f"{host}:{port}"],
            "workers": WORKERS,
            "threads": THREADS,
            "worker_class": "gthread",
            "timeout": 30,
            "graceful_timeout": 6,
            "keepalive": 5,
            "loglevel": "warning",
            "proc_name": "desk-web",
            "control_socket_disable": True,
        },
    ).run()
