"""Several programs in one terminal: started together, their lines told apart, ended together.

Made for the demo. In production a process manager does this, one unit per line of the Procfile.
"""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TextIO
from urllib.parse import urlsplit

from bot.demo.tether import tied

_TICK = 0.2
_STEADY = 5.0
_COLOURS = (36, 32, 33, 35, 34)


@dataclass(frozen=True)
class Program:
    """One program to run.

    Attributes:
        name: what its lines are marked with.
        argv: the command.
        env: its whole environment.
        ready: an http URL that answers below 400 once the program can be used; None: from its start.
    """

    name: str
    argv: Sequence[str]
    env: Mapping[str, str]
    ready: str | None = None


class Console:
    """Lines of several programs on one stream, each marked with its program's name.

    Args:
        stream: where they go; coloured when it is a terminal and ``NO_COLOR`` is unset.
        gone: set when the stream can no longer be written, as after ``| head``.
    """

    def __init__(self, stream: TextIO, gone: threading.Event) -> None:
        self._stream, self._gone = stream, gone
        self._coloured = stream.isatty() and not os.environ.get("NO_COLOR")
        self._turn = threading.Lock()
        self._names: dict[str, int] = {}

    def say(self, line: str) -> None:
        """Write one line of our own."""
        with self._turn:
            try:
                self._stream.write(line + "\n")
                self._stream.flush()
            except (BrokenPipeError, ValueError):
                self._gone.set()

    def relay(self, name: str, line: str) -> None:
        """Write one line of a program's."""
        mark = f"{name:9} |"
        if self._coloured:
            colour = _COLOURS[self._names.setdefault(name, len(self._names)) % len(_COLOURS)]
            mark = f"\033[{colour}m{mark}\033[0m"
        self.say(f"{mark} {line}")


class Child:
    """A running program in a session of its own, tied to this process, its output relayed line by line.

    Args:
        program: what to run.
        console: where its lines go.
        keep_open: descriptors it inherits.
    """

    def __init__(self, program: Program, console: Console, keep_open: Sequence[int] = ()) -> None:
        self.program = program
        self.started = time.monotonic()
        self._process = subprocess.Popen(  # noqa: S603 -- the programs are the caller's
            tied(program.argv),
            env=dict(program.env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            # Ctrl-C goes to the terminal's group; the order in which the children end is ours to decide.
            start_new_session=True,
            pass_fds=tuple(keep_open),
        )
        self._reader = threading.Thread(target=self._relay, args=(console,), daemon=True)
        self._reader.start()

    def ended(self) -> int | None:
        """The exit code (negative: the signal) once it has ended."""
        return self._process.poll()

    def answers(self) -> bool:
        """Whether it can be used by now."""
        if self.program.ready is None:
            return True
        url = urlsplit(self.program.ready)
        connection = http.client.HTTPConnection(url.hostname or "", url.port, timeout=1)
        try:
            connection.request("GET", url.path or "/")
            return connection.getresponse().status < 400
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def ask_to_end(self) -> None:
        """Send SIGTERM to the program itself, which knows how to end its own workers."""
        self._process.terminate()

    def end(self, deadline: float) -> None:
        """Wait for its end until ``deadline`` (``time.monotonic``), then kill it and all it started."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=max(0.0, deadline - time.monotonic()))
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._reader.join(timeout=1)

    def _relay(self, console: Console) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as lines:
            for line in lines:
                console.relay(self.program.name, line.decode("utf-8", "replace").rstrip())


class Supervisor:
    """Runs programs until told to stop.

    Args:
        console: where everything is told.
        stop: set by whoever wants the end: a signal handler, or the console when nobody reads it.
        keep_open: descriptors every child inherits, e.g. a lock that says somebody still runs.
        grace: seconds between SIGTERM and SIGKILL at the end.
        patience: seconds all programs together may take to be ready.
    """

    def __init__(
        self,
        console: Console,
        stop: threading.Event,
        keep_open: Sequence[int] = (),
        grace: float = 6.5,
        patience: float = 120.0,
    ) -> None:
        self._console, self._stop, self._keep_open = console, stop, keep_open
        self._grace, self._patience = grace, patience

    def finish(self, program: Program) -> int:
        """Run one program to its end, as a set-up step; its exit code, or 130 when stopped meanwhile."""
        child = self._start(program)
        try:
            while (code := child.ended()) is None:
                if self._stop.wait(0.05):
                    return 130
            if code:
                self._console.say(f"demo: {program.name} failed ({_how(code)})")
            return code
        finally:
            self._end([child])

    def run(self, programs: Sequence[Program], ready: str, each_tick: Callable[[], None]) -> int:
        """Run the programs together and say ``ready`` once all answer; call ``each_tick`` all along.

        A program that ends although nobody asked is started again, as a process manager would; one that
        does so before everything was ready, or within 5 seconds of its start, ends everything.

        Returns:
            0 when stopped, 1 when a program could not be kept running or ready.
        """
        children: list[Child] = []
        try:
            for program in programs:
                children.append(self._start(program))
            return self._watch(children, ready, each_tick)
        finally:
            self._end(children)

    def _watch(self, children: list[Child], ready: str, each_tick: Callable[[], None]) -> int:
        waiting = list(children)
        deadline = time.monotonic() + self._patience
        while not self._stop.wait(_TICK):
            each_tick()
            for place, child in enumerate(children):
                code = child.ended()
                if code is None:
                    continue
                name = child.program.name
                if waiting or time.monotonic() - child.started < _STEADY:
                    self._console.say(f"demo: {name} ended ({_how(code)}); stopping the others")
                    return 1
                self._console.say(f"demo: {name} ended ({_how(code)}); starting it again")
                self._end([child])
                children[place] = self._start(child.program)
            if waiting:
                waiting = [child for child in waiting if not child.answers()]
                if not waiting:
                    self._console.say(ready)
                elif time.monotonic() > deadline:
                    names = ", ".join(child.program.name for child in waiting)
                    self._console.say(f"demo: not ready after {self._patience:.0f} s: {names}")
                    return 1
        return 0

    def _start(self, program: Program) -> Child:
        return Child(program, self._console, self._keep_open)

    def _end(self, children: Sequence[Child]) -> None:
        deadline = time.monotonic() + self._grace
        for child in children:
            child.ask_to_end()
        for child in children:
            child.end(deadline)


def _how(code: int) -> str:
    return f"exit {code}" if code >= 0 else signal.Signals(-code).name
