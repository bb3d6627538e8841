"""A command that ends when the process that started it ends, however that process ends.

``tied(command)`` wraps an argument list; run the result from the main thread (on Linux the tie is to
the thread that forked). Linux sends the command SIGTERM the moment its parent is gone, even by
``kill -9`` (``PR_SET_PDEATHSIG``, see prctl(2)). Elsewhere a small watcher stays between the two, looks
for its parent every half second, and passes SIGTERM on; that watcher itself must not be killed.

This file runs as a script in an isolated interpreter, so it imports the standard library only.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

_PR_SET_PDEATHSIG = 1


def tied(command: Sequence[str]) -> list[str]:
    """The argument list that runs ``command`` tied to the calling process."""
    return [sys.executable, "-I", "-S", str(Path(__file__).resolve()), str(os.getpid()), *command]


def _become(parent: int, command: Sequence[str]) -> None:
    """Replace this process by the command, with the kernel as the watcher."""
    import ctypes

    if ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG) failed")
    if os.getppid() != parent:  # It ended before the tie was made.
        raise SystemExit(1)
    # This interpreter ignores SIGPIPE, and what is ignored stays so across exec.
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    os.execvp(command[0], list(command))  # noqa: S606 -- exactly what was asked for


def _watch(parent: int, command: Sequence[str]) -> int:
    """Run the command and end it when the parent is gone."""
    children: list[subprocess.Popen[bytes]] = []
    early: list[int] = []

    def pass_on(number: int, frame: FrameType | None) -> None:
        if children:
            children[0].send_signal(number)
        else:
            early.append(number)

    # Before the command starts: a signal that came between would end this watcher and leave it behind.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, pass_on)
    child = subprocess.Popen(command)  # noqa: S603 -- exactly what was asked for
    children.append(child)
    for missed in early:
        child.send_signal(missed)
    while os.getppid() == parent:
        try:
            return child.wait(timeout=0.5)
        except subprocess.TimeoutExpired:
            continue
    child.terminate()
    return child.wait()


def main(arguments: Sequence[str]) -> int:
    """Run ``PARENT_PID COMMAND ...``; 127 and one line when the command cannot be run."""
    parent, command = int(arguments[0]), arguments[1:]
    try:
        if sys.platform == "linux":
            _become(parent, command)
        return _watch(parent, command)
    except OSError as error:
        sys.stderr.write(f"{command[0]}: {error.strerror}\n")
        return 127


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
