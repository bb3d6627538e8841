"""The embedded server: never an orphan, never a loss over a restart, one clear line when it cannot be."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import redis
from redis import Redis

from bot.demo import embedded
from bot.demo.embedded import EmbeddedRedis, EmbeddedRedisError

PARENT = """
import sys
from pathlib import Path
from bot.demo.embedded import EmbeddedRedis
server = EmbeddedRedis(Path(sys.argv[1]))
print(server.start(), server.pid, flush=True)
sys.stdin.read()
"""


def remember(url: str, value: str) -> None:
    with Redis.from_url(url) as client:
        client.set("word", value)


def remembered(url: str) -> str:
    with Redis.from_url(url, decode_responses=True) as client:
        return str(client.get("word"))


def gone(pid: int) -> bool:
    """Whether the process ends within a minute (it is not our child, so it cannot be waited for)."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([handle], [], [], 60)[0])
    finally:
        os.close(handle)


def test_it_keeps_its_data_over_a_restart(tmp_path: Path) -> None:
    with EmbeddedRedis(tmp_path) as url:
        remember(url, "kept")

    with EmbeddedRedis(tmp_path) as url:
        assert remembered(url) == "kept"


def test_it_listens_on_no_network(tmp_path: Path) -> None:
    with EmbeddedRedis(tmp_path) as url, Redis.from_url(url, decode_responses=True) as client:
        assert url.startswith("unix://")
        assert client.config_get("port") == {"port": "0"}


def test_it_keeps_every_second_and_evicts_nothing(tmp_path: Path) -> None:
    with EmbeddedRedis(tmp_path) as url, Redis.from_url(url, decode_responses=True) as client:
        assert client.config_get("appendonly", "appendfsync", "maxmemory-policy") == {
            "appendonly": "yes",
            "appendfsync": "everysec",
            "maxmemory-policy": "noeviction",
        }


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel ties a process to its parent on Linux only")
@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGTERM], ids=["killed", "terminated"])
def test_it_ends_with_its_parent_and_what_it_held_is_still_there(tmp_path: Path, ending: int) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PARENT, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as parent:
        assert parent.stdout is not None
        url, pid = parent.stdout.readline().split()
        remember(url, "survivor")
        parent.send_signal(ending)

    # A second start does not wait for the first server to have ended: that is its own to sort out.
    with EmbeddedRedis(tmp_path) as url:
        assert remembered(url) == "survivor"
    assert gone(int(pid))


@pytest.mark.parametrize("name", ["x" * 110, "a b", "a=b"], ids=["too long", "spaced", "with ="])
def test_a_path_that_makes_no_socket_gets_a_private_one(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", "/tmp")
    with EmbeddedRedis(tmp_path / name) as url, Redis.from_url(url) as client:
        assert "addr" in client.client_info()
        socket = Path(url.removeprefix("unix://"))
        assert socket.parent.stat().st_mode & 0o077 == 0
    socket.parent.rmdir()


def test_a_stale_socket_is_survived(tmp_path: Path) -> None:
    server = EmbeddedRedis(tmp_path)
    server.start()
    assert server.pid is not None
    os.kill(server.pid, signal.SIGKILL)
    server.stop()
    assert (tmp_path / "redis.sock").is_socket()

    with EmbeddedRedis(tmp_path) as url, Redis.from_url(url) as client:
        assert client.ping()


def test_two_servers_never_share_a_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with EmbeddedRedis(tmp_path):
        monkeypatch.setattr(embedded, "_START_SECONDS", 0.2)
        with pytest.raises(EmbeddedRedisError, match="another embedded server is using"):
            EmbeddedRedis(tmp_path).start()


def test_a_server_that_ends_at_once_is_one_line_with_its_last_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "redis-server"
    broken.write_text("#!/bin/sh\necho 'Fatal: no memory' >&2\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setattr(embedded, "server_binary", lambda: broken)

    with pytest.raises(EmbeddedRedisError, match="ended at once: Fatal: no memory") as caught:
        EmbeddedRedis(tmp_path / "data").start()
    assert "\n" not in str(caught.value)


def test_without_a_wheel_the_path_is_searched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(EmbeddedRedisError, match="install redis-server"):
        embedded.server_binary()

    (tmp_path / "redis-server").touch(mode=0o755)
    assert embedded.server_binary() == tmp_path / "redis-server"


def test_stopping_twice_does_nothing_more(tmp_path: Path) -> None:
    server = EmbeddedRedis(tmp_path)
    url = server.start()
    server.stop()
    server.stop()

    with Redis.from_url(url) as client, pytest.raises(redis.ConnectionError):
        client.ping()
