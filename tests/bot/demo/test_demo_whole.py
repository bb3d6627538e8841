"""The demo as a newcomer meets it: every process real, from nothing to a work order, and over a restart."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.demo.state import held
from tests.support.ports import kept_ports


def ask(port: int, path: str, body: object = None) -> Any:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=90)
    try:
        if body is None:
            connection.request("GET", path)
        else:
            connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
        answer = connection.getresponse()
        content = answer.read()
        assert answer.status == 200, content.decode()
        return json.loads(content) if answer.headers.get_content_type() == "application/json" else content
    finally:
        connection.close()


@contextmanager
def demo(state: Path, port: int) -> Iterator[None]:
    """A demo that is ready within 100 seconds and ends within 60."""
    log = state.with_suffix(".log")
    with log.open("w") as sink:
        running = subprocess.Popen(
            [sys.executable, "-m", "bot.demo", "--state", str(state), "run", "--port", str(port)],
            stdout=sink,
            stderr=sink,
        )
    try:
        deadline = time.monotonic() + 100
        while f"Ready: http://127.0.0.1:{port}/\n" not in log.read_text():
            assert running.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.1)
        yield
        running.terminate()
        assert running.wait(timeout=60) == 0, log.read_text()
    finally:
        running.kill()
        running.wait()
    # Every process inherits a lock, so that it is free shows that none is left.
    with held(state):
        pass


def test_from_nothing_to_a_work_order_that_survives_a_restart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(Path(__file__).parents[2])
    state = tmp_path / "demo"

    with kept_ports(2) as port:
        with demo(state, port):
            assert ask(port + 1, "/readyz")["ready"] is True
            assert b'lang="zh-CN"' in ask(port, "/")
            said = ask(port, "/sim/say", {"as": "xiaowang", "text": "紧急 收银台打不开", "wait": 60})
            assert said["outcome"] == "answered"

        with demo(state, port):
            chat = said["message"]["chat"]
            before = ask(port, f"/sim/messages?chat={chat}")["messages"]
            assert any("1001" in message["text"] for message in before)
            asked = ask(port, "/sim/say", {"as": "xiaowang", "text": "1001 进度", "wait": 60})
            after = ask(port, f"/sim/messages?chat={chat}&since={asked['message']['id']}")["messages"]
            assert any("收银台打不开" in message["text"] for message in after)
