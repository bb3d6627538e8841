"""The ``desk`` command as an operator meets it: one clear line, and the right exit code."""

from __future__ import annotations

import os
import socket
import subprocess
import sys

import pytest

from tests.bot.test_settings import RIGHT


def desk(*words: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot.cli", *words],
        env={"PATH": os.environ["PATH"], **env},
        capture_output=True,
        text=True,
        timeout=240,
    )


@pytest.mark.parametrize(
    ("words", "says"),
    {
        "an unknown option": (["due", "--bogus"], "--bogus"),
        "one word too many": (["ask", "a", "b"], "b"),
        "an unknown command": (["nonsense"], "nonsense"),
        "a missing file": (["directory", "import"], "FILE"),
    }.values(),
    ids=["an unknown option", "one word too many", "an unknown command", "a missing file"],
)
def test_wrong_usage_is_one_line_and_exit_2(words: list[str], says: str) -> None:
    done = desk(*words)

    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert says in done.stderr


def test_a_missing_setting_stops_the_program_with_its_name() -> None:
    done = desk("clock", **{name: value for name, value in RIGHT.items() if name != "WECOM_TOKEN"})

    assert done.returncode == 2
    assert "WECOM_TOKEN" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_database_file_nobody_may_write_is_named_by_its_setting() -> None:
    done = desk("doctor", **RIGHT | {"DATABASE_URL": "sqlite:////proc/nope/x.db"})

    assert done.returncode == 2
    assert done.stderr.startswith("desk: DATABASE_URL: ")
    assert done.stderr.count("\n") == 1


def test_a_wrong_holiday_file_is_named_by_its_setting() -> None:
    done = desk(
        "doctor", **RIGHT | {"HOLIDAYS_PATH": __file__, "DATABASE_URL": "sqlite:////tmp/never-made.db"}
    )

    assert done.returncode == 2
    assert "HOLIDAYS_PATH" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_taken_port_is_named_at_once() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        done = desk("serve", "--port", port, **RIGHT)

    assert done.returncode == 2
    assert f"--port {port}" in done.stderr
