"""The supervisor: programs start together, their lines are told apart, and none outlives it."""

from __future__ import annotations

import io
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from bot.demo import supervisor as module
from bot.demo.supervisor import Console, Program, Supervisor

ENV = {"PATH": os.environ["PATH"]}


class Stage:
    """A supervisor whose output is kept and which is stopped when a condition comes true."""

    def __init__(self, grace: float = 5.0, patience: float = 60.0) -> None:
        self.screen = io.StringIO()
        self.stop = threading.Event()
        self.supervisor = Supervisor(
            Console(self.screen, self.stop), self.stop, grace=grace, patience=patience
        )

    def lines(self) -> list[str]:
        return self.screen.getvalue().splitlines()

    def run(self, *programs: Program, until: Callable[[], bool] = lambda: False) -> int:
        return self.supervisor.run(programs, "Ready", lambda: self.stop.set() if until() else None)


def shell(name: str, script: str, ready: str | None = None) -> Program:
    return Program(name, ["sh", "-c", script], ENV, ready)


def ends(pid: int) -> bool:
    """Whether a process that is not our child ends within a minute."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([handle], [], [], 60)[0])
    finally:
        os.close(handle)


def test_each_line_is_marked_with_its_program() -> None:
    stage = Stage()

    code = stage.run(
        shell("web", "echo 您好; exec sleep 60"),
        shell("worker", "echo 收到 >&2; exec sleep 60"),
        until=lambda: len(stage.lines()) == 3,
    )

    assert code == 0
    assert sorted(stage.lines()) == ["Ready", "web       | 您好", "worker    | 收到"]


def test_lines_are_coloured_on_a_terminal_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    screen = io.StringIO()
    monkeypatch.setattr(screen, "isatty", lambda: True)

    Console(screen, threading.Event()).relay("web", "hello")
    monkeypatch.setenv("NO_COLOR", "1")
    Console(screen, threading.Event()).relay("web", "hello")

    assert screen.getvalue() == "\033[36mweb       |\033[0m hello\nweb       | hello\n"


def test_ready_is_said_once_the_program_answers() -> None:
    class Answer(BaseHTTPRequestHandler):
        codes = iter([503, 503, 200])

        def do_GET(self) -> None:
            self.send_response(next(self.codes))
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            stage.screen.write("asked\n")

    stage = Stage()
    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        answering = threading.Thread(target=server.serve_forever)
        answering.start()
        url = f"http://127.0.0.1:{server.server_port}/readyz"
        stage.run(shell("web", "exec sleep 60", ready=url), until=lambda: "Ready" in stage.lines())
        server.shutdown()
        answering.join()

    assert stage.lines() == ["asked", "asked", "asked", "Ready"]


def test_what_never_answers_ends_everything_and_is_named() -> None:
    stage = Stage(patience=0.1)

    assert stage.run(shell("web", "exec sleep 60", ready="http://127.0.0.1:9/")) == 1
    assert stage.lines() == ["demo: not ready after 0 s: web"]


def test_a_program_that_ends_at_once_ends_the_others() -> None:
    stage = Stage()

    code = stage.run(shell("web", "exec sleep 60"), shell("worker", "exit 3"))

    assert code == 1
    assert "demo: worker ended (exit 3); stopping the others" in stage.lines()


def test_a_program_that_is_not_there_is_named_and_ends_the_others() -> None:
    stage = Stage()

    code = stage.run(shell("web", "exec sleep 60"), Program("clock", ["no-such-program"], ENV))

    assert code == 1
    assert "clock     | no-such-program: No such file or directory" in stage.lines()


def test_a_program_that_is_killed_later_is_started_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_STEADY", 0.0)
    stage = Stage()
    script = """
echo started
[ -e twice ] && exec sleep 60
touch twice
while [ ! -e ready ]; do sleep 0.05; done
kill -9 $$
"""

    def started_twice() -> bool:
        if "Ready" in stage.lines():
            (tmp_path / "ready").touch()
        return stage.lines().count("worker    | started") == 2

    stage.run(shell("worker", f"cd {tmp_path}\n{script}"), until=started_twice)

    assert sorted(stage.lines()) == [
        "Ready",
        "demo: worker ended (SIGKILL); starting it again",
        "worker    | started",
        "worker    | started",
    ]


def test_a_program_deaf_to_sigterm_is_killed_with_all_it_started(tmp_path: Path) -> None:
    stage = Stage(grace=0.2)
    deaf = "trap '' TERM; sleep 61 & echo $!; wait; wait"

    begun = time.monotonic()
    stage.run(shell("web", deaf), until=lambda: len(stage.lines()) == 2)

    assert time.monotonic() - begun < 50, "it was waited for to its own end"
    grandchild = next(line for line in stage.lines() if "|" in line).split()[-1]
    assert ends(int(grandchild))


def test_a_set_up_step_runs_to_its_end_and_says_how_it_failed() -> None:
    stage = Stage()

    assert stage.supervisor.finish(shell("upgrade", "echo done")) == 0
    assert stage.supervisor.finish(shell("seed", "exit 2")) == 2
    assert stage.lines() == ["upgrade   | done", "demo: seed failed (exit 2)"]


def test_a_stop_cuts_a_set_up_step_short() -> None:
    stage = Stage()
    stage.stop.set()

    assert stage.supervisor.finish(shell("upgrade", "exec sleep 60")) == 130


def test_nobody_reading_any_more_is_a_stop() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    gone = threading.Event()
    stream = os.fdopen(writing, "w")

    Console(stream, gone).say("anyone?")

    assert gone.is_set()
    with pytest.raises(BrokenPipeError):
        stream.close()


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel ties a process to its parent on Linux only")
def test_no_program_outlives_a_supervisor_that_is_killed() -> None:
    script = """
import os, sys, threading
from bot.demo.supervisor import *
stop = threading.Event()
program = Program("web", ["sh", "-c", "echo $$; exec sleep 60"], dict(os.environ))
Supervisor(Console(sys.stdout, stop), stop).run([program], "Ready", lambda: None)
"""
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        line = next(line for line in parent.stdout if line.startswith("web"))
        parent.send_signal(signal.SIGKILL)

    assert ends(int(line.split()[-1]))
