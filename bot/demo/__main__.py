"""The whole product on one machine: ``python -m bot.demo run`` (``make demo``), with nothing to configure.

An embedded Valkey, the simulator in WeCom's place, and the three processes of the Procfile over one SQLite
file. Everything it keeps is below ``var/demo``; ``reset`` empties it, ``say`` speaks in a running demo, and
``desk`` is the desk command there.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import shlex
import signal
import socket
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn
from urllib.parse import urlsplit

from bot.demo.embedded import EmbeddedRedis, EmbeddedRedisError
from bot.demo.state import DemoError, held, reset, secrets_in
from bot.demo.supervisor import Console, Program, Supervisor
from bot.settings import Settings

STATE = Path("var/demo")
SEED = Path(__file__).parents[1] / "simulator" / "seed.toml"
_HOST = "127.0.0.1"
_ANSWER_SECONDS = 8


def run(port: int, state: Path) -> int:
    """Set up what is missing, run everything until a signal comes, and end everything.

    Args:
        port: the simulator's chat page; the desk takes the next one.
        state: where databases, secrets and chats are kept.

    Raises:
        DemoError: a port is taken, a demo runs already, or a set-up step failed.
    """
    stop = threading.Event()

    def on_signal(number: int, frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, on_signal)
    console = Console(sys.stdout, stop)
    state = state.resolve()
    with held(state) as remains:
        for wanted in (port, port + 1):
            _require_free(wanted)
        server = EmbeddedRedis(state / "redis")
        try:
            env = _environment(os.environ, port, state, server.start())
            supervisor = Supervisor(console, stop, keep_open=[remains])
            code = _set_up(supervisor, env, state) or supervisor.run(
                _programs(port, state, env),
                ready=f"Ready: http://{_HOST}:{port}/",
                each_tick=lambda: _keep(server, console),
            )
            return 0 if stop.is_set() else code
        except EmbeddedRedisError as error:
            raise DemoError(str(error), 1) from None
        finally:
            server.stop()


def _programs(port: int, state: Path, env: Mapping[str, str]) -> list[Program]:
    desk = f"http://{_HOST}:{port + 1}"
    simulator = ["--port", str(port), "--desk-url", desk, "--state-dir", str(state / "simulator")]
    simulator += ["--directory", str(SEED), "--smtp-port", str(urlsplit(env["SMTP_URL"]).port)]
    return [
        Program(
            "simulator",
            _desk("simulator", *simulator),
            env,
            ready=f"http://{_HOST}:{port}/",
        ),
        Program("web", _desk("serve", "--host", _HOST, "--port", str(port + 1)), env, ready=f"{desk}/readyz"),
        Program("worker", _desk("worker"), env),
        Program("clock", _desk("clock"), env),
    ]


def _desk(*arguments: str) -> list[str]:
    """How the demo runs the desk, and the simulator: by the entry whose clock can be turned."""
    return [sys.executable, "-m", "bot.simulator.desk", *arguments]


def _set_up(supervisor: Supervisor, env: Mapping[str, str], state: Path) -> int:
    """Bring the schema up to date and, the first time only, import who lives here; 0 when done."""
    seeded = _seeded(state)
    code = supervisor.finish(Program("upgrade", _desk("db", "upgrade"), env))
    if code == 0 and not seeded.exists():
        code = supervisor.finish(Program("seed", _desk("directory", "import", str(SEED)), env))
        if code == 0:
            seeded.touch()
    return code


def _seeded(state: Path) -> Path:
    """There once the people of the demo have been imported."""
    return state / "seeded"


def _keep(server: EmbeddedRedis, console: Console) -> None:
    if not server.running():
        console.say("demo: the embedded Redis ended; starting it again")
        server.start()


def _environment(inherited: Mapping[str, str], port: int, state: Path, redis_url: str) -> dict[str, str]:
    """The children's environment: the demo's own settings, whatever else the shell has set.

    Settings of the shell are left out altogether: they may be those of a production desk.
    """
    names = {field.upper() for field in Settings.model_fields}
    foreign = names | {f"{name}_FILE" for name in names}
    return {
        **{name: value for name, value in inherited.items() if name not in foreign},
        **secrets_in(state / "secrets"),
        "DATABASE_URL": f"sqlite:///{state / 'desk.db'}",
        "REDIS_URL": redis_url,
        "PUBLIC_URL": f"http://{_HOST}:{port + 1}",
        "WECOM_API_BASE": f"http://{_HOST}:{port}",
        # The simulator takes the mail, on a port that happens to be free, and shows it at /mail.
        "SMTP_URL": f"smtp://{_HOST}:{_free_port()}",
        "MAIL_FROM": "服务台 <desk@desk.example>",
        "HOTLINE_PHONE": "400-000-0000",
        "AIBOT_NAME": "服务台",
        # Nothing here leaves the machine, so no proxy of the shell's may stand in between.
        "NO_PROXY": "*",
        "no_proxy": "*",
        "PYTHONUNBUFFERED": "1",
        "PYTHONUTF8": "1",
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((_HOST, 0))
        return int(probe.getsockname()[1])


def _require_free(port: int) -> None:
    with socket.socket() as probe:
        # A port whose last connections are only fading can be listened on again.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_HOST, port))
        except OSError:
            raise DemoError(f"port {port} is taken; choose another, e.g. make demo PORT=9000", 2) from None


def say(port: int, words: Mapping[str, str]) -> int:
    """Say something in a running demo and print what the bot answers.

    Args:
        port: the simulator's.
        words: ``AS``, a userid; ``TEXT``; and ``CHAT``, a chatid, by default the 1:1 chat with the bot.

    Raises:
        DemoError: something is missing, no demo answers, or it refuses.
    """
    if not (words.get("AS") and words.get("TEXT")):
        raise DemoError('say needs AS and TEXT, e.g. make say AS=xiaowang TEXT="收银台打不开"', 2)
    body = {"as": words["AS"], "text": words["TEXT"], "chat": words.get("CHAT") or None, "wait": 6}
    said = _call(port, "POST", "/sim/say", body)
    if said.get("error"):
        raise DemoError(str(said["error"]), 1)
    if said.get("outcome", "pending") is None:
        raise DemoError("the bot was not called: in a group it only hears what holds @服务台", 1)
    replies = set(said.get("replies") or ())
    query = f"/sim/messages?chat={said['message']['chat']}&since={said['message']['id']}"
    for message in _call(port, "GET", query)["messages"] if replies else ():
        if message["id"] in replies:
            print(message["text"] or _card(message["card"]))  # noqa: T201
    return 0


def _card(card: Mapping[str, Any]) -> str:
    """A card in one line of text: its title and its buttons."""
    title = card.get("main_title", {}).get("title", "")
    return " ".join([title, *(f"[{button['text']}]" for button in card.get("button_list", ()))])


def desk(port: int, state: Path, words: str) -> NoReturn:
    """Become the ``desk`` command, in the settings and by the desk time of the demo.

    Args:
        port: the simulator's, for the addresses in what is written.
        words: the command's arguments as in a shell: ``order show 1001``.

    Raises:
        DemoError: there is no demo yet, or a quotation mark is missing.
    """
    state = state.resolve()
    if not _seeded(state).exists():
        raise DemoError("there is no demo yet; start one with make demo", 1)
    try:
        command = _desk(*shlex.split(words))
    except ValueError as error:
        raise DemoError(f"ARGS: {error}", 2) from None
    env = _environment(os.environ, port, state, EmbeddedRedis(state / "redis").url)
    os.execve(command[0], command, env)  # noqa: S606  (this interpreter, and words of the caller's own shell)


def _call(port: int, method: str, path: str, body: object = None) -> dict[str, Any]:
    connection = http.client.HTTPConnection(_HOST, port, timeout=_ANSWER_SECONDS)
    try:
        headers = {"Content-Type": "application/json"}
        connection.request(method, path, None if body is None else json.dumps(body).encode(), headers)
        answer = json.loads(connection.getresponse().read())
    except (OSError, http.client.HTTPException, ValueError):
        raise DemoError(f"no demo answers on {_HOST}:{port}; start one with make demo", 1) from None
    finally:
        connection.close()
    return dict(answer)


def _port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65534:
        raise argparse.ArgumentTypeError(f"{text!r} is no port from 1 to 65534")
    return int(text)


def main(arguments: list[str] | None = None) -> int:
    """The command line: 0 done, 1 refused, 2 wrong usage or a port that is taken."""
    parser = argparse.ArgumentParser(prog="demo")
    parser.add_argument("--state", type=Path, default=STATE, help="where everything is kept")
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("run", "say", "desk"):
        commands.add_parser(name).add_argument("--port", type=_port, default=8000)
    commands.add_parser("reset")
    given = parser.parse_args(arguments)
    try:
        if given.command == "run":
            return run(given.port, given.state)
        if given.command == "desk":
            desk(given.port, given.state, os.environ.get("ARGS", ""))
        return reset(given.state) if given.command == "reset" else say(given.port, os.environ)
    except DemoError as error:
        print(f"demo: {error}", file=sys.stderr)  # noqa: T201
        return error.code


if __name__ == "__main__":
    raise SystemExit(main())
