"""A tied command: it behaves as if run bare, and ends with its parent, with the kernel's help or without."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable

import pytest

from bot.demo import tether
from bot.demo.tether import tied

# What tied() runs, told that it is not on Linux.
ELSEWHERE = """
import sys
sys.platform = "elsewhere"
from bot.demo.tether import main
raise SystemExit(main(sys.argv[1:]))
"""
Tie = Callable[[list[str]], list[str]]
ON_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="prctl is Linux's")


def tied_elsewhere(command: list[str]) -> list[str]:
    return [sys.executable, "-c", ELSEWHERE, str(os.getpid()), *command]


EVERYWHERE = pytest.mark.parametrize(
    "tie",
    [
        pytest.param(tied, marks=ON_LINUX),
        tied_elsewhere,
    ],
    ids=["linux", "elsewhere"],
)


@EVERYWHERE
def test_its_exit_code_and_output_are_its_own(tie: Tie) -> None:
    run = subprocess.run(
        tie(["sh", "-c", "echo 您好; exit 7"]), stdout=subprocess.PIPE, text=True, check=False
    )

    assert (run.stdout, run.returncode) == ("您好\n", 7)


@EVERYWHERE
def test_a_command_that_does_not_exist_is_one_line(tie: Tie) -> None:
    run = subprocess.run(tie(["no-such-program"]), stderr=subprocess.PIPE, text=True, check=False)

    assert (run.stderr, run.returncode) == ("no-such-program: No such file or directory\n", 127)


@EVERYWHERE
def test_sigterm_reaches_it(tie: Tie) -> None:
    script = "trap 'echo ended; exit 0' TERM; echo ready; while :; do sleep 0.05; done"
    with subprocess.Popen(tie(["sh", "-c", script]), stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "ready\n"
        running.terminate()
        assert running.stdout.readline() == "ended\n"


@EVERYWHERE
def test_it_ends_with_its_parent(tie: Tie) -> None:
    command = tie(["sh", "-c", "echo $$; exec sleep 60"])
    command[command.index(str(os.getpid()))] = "PARENT"
    script = (
        "import os, subprocess, sys; me = str(os.getpid());"
        "subprocess.Popen([me if part == 'PARENT' else part for part in sys.argv[1:]]); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, *command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        child = os.pidfd_open(int(parent.stdout.readline()))
        parent.send_signal(signal.SIGKILL)
        try:
            assert select.select([child], [], [], 60)[0]
        finally:
            os.close(child)


@ON_LINUX
def test_nothing_starts_once_the_parent_is_gone() -> None:
    run = subprocess.run(
        [sys.executable, tether.__file__, "1" if os.getpid() != 1 else "2", "echo", "late"],
        stdout=subprocess.PIPE,
        check=False,
    )

    assert (run.stdout, run.returncode) == (b"", 1)
