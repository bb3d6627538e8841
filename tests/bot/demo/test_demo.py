"""The demo: what it keeps, what it refuses, and that one signal ends all of it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from bot.demo import __main__ as demo
from bot.demo.state import held, secrets_in
from bot.settings import Settings, load
from tests.support.ports import kept_ports

# The desk and the simulator stand for themselves in the journeys; here each is a line and a sleep.
FAKE = """
import sys
from bot.demo import __main__ as demo
from bot.demo.supervisor import Program

def fake(*arguments):
    step = arguments[0] in ("db", "directory")
    return ["sh", "-c", f"echo $$ {arguments[0]}; " + ("" if step else "exec sleep 60")]

demo._desk = fake
demo._programs = lambda port, state, env: [Program(name, fake(name), env) for name in ("web", "worker")]
raise SystemExit(demo.main(sys.argv[1:]))
"""


def start(state: Path, port: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", FAKE, "--state", str(state), "run", "--port", str(port)],
        stdout=subprocess.PIPE,
        text=True,
    )


def until_ready(running: subprocess.Popen[str]) -> list[str]:
    """What it has said once it is ready and both its programs have spoken."""
    assert running.stdout is not None
    lines: list[str] = []
    for line in running.stdout:
        lines.append(line.strip())
        if {"Ready", "web", "worker"} <= {said.split(maxsplit=1)[0].rstrip(":") for said in lines}:
            return lines
    raise AssertionError(f"never ready: {lines}")


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda s: s.name)
def test_one_signal_ends_every_process(tmp_path: Path, ending: signal.Signals) -> None:
    with kept_ports(2) as port, start(tmp_path, port) as running:
        lines = until_ready(running)
        running.send_signal(ending)
        assert running.wait(timeout=60) == 0

    assert f"Ready: http://127.0.0.1:{port}/" in lines
    pids = [int(line.split()[-2]) for line in lines if "|" in line]
    assert len(pids) == 4
    assert not any(alive(pid) for pid in pids)


def test_the_directory_is_imported_the_first_time_only(tmp_path: Path) -> None:
    steps = []
    for _ in range(2):
        with kept_ports(2) as port, start(tmp_path, port) as running:
            steps.append([line.split()[-1] for line in until_ready(running) if "|" in line])
            running.terminate()

    assert [sorted(names) for names in steps] == [
        ["db", "directory", "web", "worker"],
        ["db", "web", "worker"],
    ]


def test_it_starts_again_right_after_being_killed(tmp_path: Path) -> None:
    with kept_ports(2) as port:
        with start(tmp_path, port) as running:
            until_ready(running)
            running.kill()
        with start(tmp_path, port) as running:
            until_ready(running)
            running.terminate()
            assert running.wait(timeout=60) == 0


def test_a_second_demo_and_a_reset_are_refused_while_one_runs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with held(tmp_path), kept_ports(2) as port:
        for command in (["run", "--port", str(port)], ["reset"]):
            assert demo.main(["--state", str(tmp_path), *command]) == 1
            assert capsys.readouterr().err == f"demo: a demo is running in {tmp_path}; stop it first\n"
    assert tmp_path.exists()


def test_a_reset_empties_the_state(tmp_path: Path) -> None:
    secrets_in(tmp_path / "secrets")

    assert demo.main(["--state", str(tmp_path), "reset"]) == 0
    assert not (tmp_path / "secrets").exists()
    assert demo.main(["--state", str(tmp_path), "reset"]) == 0


@pytest.mark.parametrize("taken", [0, 1], ids=["the simulator's", "the desk's"])
def test_an_occupied_port_is_named(tmp_path: Path, taken: int, capsys: pytest.CaptureFixture[str]) -> None:
    with kept_ports(2) as port, socket.create_server(("127.0.0.1", port + taken)):
        assert demo.main(["--state", str(tmp_path), "run", "--port", str(port)]) == 2
    assert capsys.readouterr().err.startswith(f"demo: port {port + taken} is taken; ")


@pytest.mark.parametrize("port", ["0", "65535", "-1", "http", ""])
def test_what_is_no_port_is_wrong_usage(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        demo.main(["run", f"--port={port}"])
    assert "is no port from 1 to 65534" in capsys.readouterr().err


def test_secrets_are_drawn_once_and_for_their_owner_only(tmp_path: Path) -> None:
    drawn = secrets_in(tmp_path / "secrets")

    assert secrets_in(tmp_path / "secrets") == drawn
    assert (tmp_path / "secrets").stat().st_mode & 0o777 == 0o600
    assert secrets_in(tmp_path / "others") != drawn


def test_the_settings_of_the_demo_are_complete_and_those_of_the_shell_left_out(tmp_path: Path) -> None:
    foreign = {field.upper(): "of a production desk" for field in Settings.model_fields}
    foreign |= {f"{name}_FILE": "/run/secrets/production" for name in foreign}

    env = demo._environment(foreign | {"PATH": "/bin"}, 8000, tmp_path, "unix:///redis.sock")

    assert env["PATH"] == "/bin"
    assert not any("production" in value for value in env.values())
    settings = load(env)
    assert settings.wecom_api_base == "http://127.0.0.1:8000"
    assert settings.public_url == "http://127.0.0.1:8001"
    assert (settings.smtp_url or "").startswith("smtp://127.0.0.1:")


@pytest.mark.parametrize(
    ("seeded", "words", "code", "said"),
    [
        (False, "order show 1001", 1, "demo: there is no demo yet; start one with make demo\n"),
        (True, "order show '1001", 2, "demo: ARGS: No closing quotation\n"),
    ],
)
def test_the_desk_command_of_a_demo_needs_one_and_whole_words(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    seeded: bool,
    words: str,
    code: int,
    said: str,
) -> None:
    if seeded:
        (tmp_path / "seeded").touch()
    monkeypatch.setenv("ARGS", words)
    assert demo.main(["--state", str(tmp_path), "desk"]) == code
    assert capsys.readouterr().err == said


def test_the_desk_command_of_a_demo_runs_in_its_settings(tmp_path: Path) -> None:
    (tmp_path / "seeded").touch()
    became = """
import sys
from bot.demo import __main__ as demo
demo._desk = lambda *words: ["/bin/sh", "-c", 'printf "%s\\n" "$@" "$DATABASE_URL"', "sh", *words]
demo.main(sys.argv[1:])
"""
    run = subprocess.run(
        [sys.executable, "-c", became, "--state", str(tmp_path), "desk"],
        env={**os.environ, "ARGS": "notice show 'N 12'", "DATABASE_URL": "of a production desk"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.splitlines() == ["notice", "show", "N 12", f"sqlite:///{tmp_path / 'desk.db'}"]


CARD = {
    "id": 9,
    "text": "",
    "card": {
        "main_title": {"title": "解决了吗？"},
        "button_list": [{"text": "没解决", "key": "faq_unsolved"}],
    },
}


class Chat(BaseHTTPRequestHandler):
    """What the simulator answers to ``say``."""

    said: list[dict[str, object]]

    def _answer(self, body: object) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.said.append(body)
        if body["as"] == "nobody":
            self._answer({"error": "没有这个人：nobody"})
        else:
            self._answer({"message": {"id": 7, "chat": "aibot:xiaowang"}, "replies": [8, 9]})

    def do_GET(self) -> None:
        self._answer({"messages": [{"id": 8, "text": "工单 1001 已登记", "card": None}, CARD]})

    def log_message(self, format: str, *args: object) -> None:
        """Stay silent."""


def test_say_speaks_as_somebody_and_prints_the_answer(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    Chat.said = []
    with HTTPServer(("127.0.0.1", 0), Chat) as server:
        answering = Thread(target=server.serve_forever)
        answering.start()
        command = ["say", "--port", str(server.server_port)]
        monkeypatch.setenv("TEXT", '收银台 "打不开" $HOME')
        monkeypatch.setenv("AS", "xiaowang")
        assert demo.main(command) == 0
        monkeypatch.setenv("AS", "nobody")
        assert demo.main(command) == 1
        server.shutdown()
        answering.join()

    assert Chat.said[0] == {"as": "xiaowang", "text": '收银台 "打不开" $HOME', "chat": None, "wait": 6}
    assert capsys.readouterr() == ("工单 1001 已登记\n解决了吗？ [没解决]\n", "demo: 没有这个人：nobody\n")


def test_say_without_a_demo_or_without_words_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("AS", raising=False)
    assert demo.main(["say"]) == 2
    assert "say needs AS and TEXT" in capsys.readouterr().err

    monkeypatch.setenv("AS", "xiaowang")
    monkeypatch.setenv("TEXT", "您好")
    with kept_ports() as port:
        assert demo.main(["say", "--port", str(port)]) == 1
    assert capsys.readouterr().err == (
        f"demo: no demo answers on 127.0.0.1:{port}; start one with make demo\n"
    )


def test_everybody_in_the_seed_can_be_imported() -> None:
    from workorders.directory.file import DirectoryFile

    seed = DirectoryFile.parse(demo.SEED.read_text(encoding="utf-8"), "seed.toml")

    assert {partner.name for partner in seed.partners} == {"星河支付", "云帆支付"}
    assert {group.purpose for group in seed.groups} == {"duty", "leaders", "operations"}
