"""The simulator as a process of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

import bot.simulator
from tests.support.ports import kept_ports

SETTINGS = {
    "WECOM_CORP_ID": "wx5823bf96d3bd56c7",
    "WECOM_AGENT_ID": "1000002",
    "WECOM_SECRET": "the-secret",
    "WECOM_TOKEN": "QDG6eK",
    "WECOM_AES_KEY": "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C",
    "AIBOT_NAME": "服务台",
    "AIBOT_TOKEN": "bottoken",
    "AIBOT_AES_KEY": "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
}


@pytest.fixture
def port() -> Iterator[int]:
    with kept_ports() as port:
        yield port


def test_it_serves_until_it_is_told_to_stop_and_keeps_what_was_said(tmp_path, port: int) -> None:
    seed = Path(bot.simulator.__file__).with_name("seed.toml")
    command = [sys.executable, "-m", "bot.simulator", "--port", str(port), "--desk-url", "http://127.0.0.1:1"]
    command += ["--directory", str(seed), "--state-dir", str(tmp_path)]
    process = subprocess.Popen(command, env=os.environ | SETTINGS, stderr=subprocess.PIPE)
    try:
        until = time.monotonic() + 60
        while True:
            try:
                answer = requests.get(f"http://127.0.0.1:{port}/", timeout=60)
                break
            except requests.ConnectionError:
                assert time.monotonic() < until, "it did not start"
                time.sleep(0.05)
        assert answer.status_code == 200

        with requests.get(f"http://127.0.0.1:{port}/sim/events", stream=True, timeout=60):
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=60) == 0
        assert (tmp_path / "simulator.sqlite").exists()
        assert process.stderr is not None
        assert process.stderr.read() == b""
    finally:
        process.kill()
        process.wait()
        if process.stderr:
            process.stderr.close()
