"""The control API over HTTP: what it takes, what it refuses, and how it stays live."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import requests

import bot.simulator


@pytest.fixture
def sim(simulator):
    def call(method: str, path: str, body: Any = None, **more: Any) -> tuple[int, dict[str, Any]]:
        answer = requests.request(method, f"{simulator.base_url}/sim/{path}", json=body, timeout=60, **more)
        return answer.status_code, answer.json()

    return call


def test_say_waits_for_the_desk_when_asked_to(sim, desk) -> None:
    desk.answers = lambda door, heard: {
        "msgtype": "stream",
        "stream": {"id": "s", "finish": True, "content": "请重启"},
    }

    status, said = sim("POST", "say", {"as": "xiaowang", "chat": None, "text": "打不开", "wait": 5})

    assert (status, said["outcome"], said["attempts"]) == (200, "answered", 1)
    assert said["message"]["delivery"] == "answered"
    _, heard = sim("GET", "messages?to=xiaowang")
    assert [m["text"] for m in heard["messages"]] == ["请重启"]
    assert said["replies"] == [heard["messages"][0]["id"]]


def test_messages_come_after_an_id_and_for_one_reader(sim, simulator) -> None:
    simulator.say("xiaoli", "早", chat="wrGROUP1")
    _, first = sim("GET", "messages?to=xiaowang")
    simulator.say("xiaoli", "在忙吗", chat="wrGROUP1")
    simulator.say("laoli", "值班群里说", chat="wrDUTY")

    _, later = sim("GET", f"messages?to=xiaowang&since={first['messages'][-1]['id']}")

    assert [m["text"] for m in later["messages"]] == ["在忙吗"]


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("say", {"text": "x"}, 400),
        ("say", {"as": "nobody", "text": "x"}, 404),
        ("say", {"as": "xiaowang", "text": "  "}, 400),
        ("say", {"as": "xiaowang", "text": "x", "chat": "wrDUTY"}, 400),
        ("say", {"as": "xiaowang", "text": "x", "chat": "wrNOWHERE"}, 404),
        ("say", {"as": "xiaowang", "text": "x", "door": "window"}, 400),
        ("say", {"as": "xiaowang", "text": "x", "wait": "long"}, 400),
        ("press", {"as": "xiaowang", "key": "k", "task_id": "none"}, 404),
        ("faults", {"endpoint": "message/send", "kind": "earthquake"}, 400),
        ("faults", {"endpoint": "nowhere", "kind": "slow"}, 400),
        ("faults", {"endpoint": "message/send", "kind": "slow", "ms": "long"}, 400),
        ("clock", {"step": "yesterday"}, 400),
        ("clock", {"to": "2026-11-23T05:00:00+00:00"}, 400),
        ("clock", {"to": "soon"}, 400),
        ("recall", {"as": "xiaowang", "message": 999}, 404),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(sim, path, body, status) -> None:
    answered, error = sim("POST", path, body)

    assert answered == status
    assert "\n" not in error["error"]


def test_the_clock_turns_forward_by_its_steps(sim, clock, config) -> None:
    assert sim("POST", "clock", {"step": "5m"})[1]["clock"]["now"] == "2026-11-23T06:05:00+00:00"
    assert sim("POST", "clock", {"step": "saturday"})[1]["clock"]["now"] == "2026-11-28T14:00:00+00:00"
    assert sim("POST", "clock", {"step": "saturday"})[1]["clock"]["now"] == "2026-12-05T14:00:00+00:00"
    assert sim("POST", "clock", {"step": "workday"})[1]["clock"]["now"] == "2026-12-07T01:00:00+00:00"
    assert sim("POST", "clock", {"step": "workday"})[1]["clock"]["now"] == "2026-12-08T01:00:00+00:00"


def test_without_a_clock_none_is_shown(config, desk) -> None:
    from bot.simulator.server import Simulator

    with Simulator(config) as simulator:
        state = requests.get(f"{simulator.base_url}/sim/state", timeout=60).json()
        turned = requests.post(f"{simulator.base_url}/sim/clock", json={"step": "5m"}, timeout=60)

    assert state["clock"] is None
    assert turned.status_code == 400


def test_unread_counts_fall_when_a_chat_is_read(sim, api) -> None:
    api.text("laoli", "一")
    api.text("laoli", "二")

    def unread() -> int:
        chats = sim("GET", "state?as=laoli")[1]["chats"]["laoli"]
        return next(c["unread"] for c in chats if c["id"] == "app:laoli")

    assert unread() == 2
    sim("POST", "read", {"as": "laoli", "chat": "app:laoli"})
    assert unread() == 0


def test_ones_own_message_can_be_recalled_for_three_minutes(sim, simulator, clock) -> None:
    simulator.say("xiaowang", "发错了", chat="wrGROUP1")
    message = simulator.messages(chat="wrGROUP1")[0]["id"]

    assert sim("POST", "recall", {"as": "xiaoli", "message": message})[0] == 400
    assert sim("POST", "recall", {"as": "xiaowang", "message": message})[1]["message"]["recalled"]
    simulator.say("xiaowang", "又发错了", chat="wrGROUP1")
    clock.pass_(minutes=4)
    late = simulator.messages(chat="wrGROUP1")[1]["id"]
    assert sim("POST", "recall", {"as": "xiaowang", "message": late})[0] == 400


def test_a_reset_empties_the_chats_and_goes_on_counting(sim, simulator, api) -> None:
    api.text("laoli", "一")
    before = simulator.messages(to="laoli")[0]["id"]

    sim("POST", "reset", {})

    assert simulator.messages() == []
    api.token = ""
    api.text("laoli", "二")
    assert simulator.messages(to="laoli")[0]["id"] > before


@pytest.mark.parametrize(
    ("size", "status"),
    [(21 * 1024 * 1024, 400), (30 * 1024 * 1024, 413), (0, 400)],
    ids=["21 MB", "30 MB", "empty"],
)
def test_a_file_too_large_or_empty_is_refused_with_a_sentence(simulator, size, status) -> None:
    sent = {"file": ("a.pdf", bytes(size))}

    answer = requests.post(f"{simulator.base_url}/sim/file", files=sent, timeout=30)

    assert answer.status_code == status
    assert "未发送" in answer.json()["error"]


@pytest.mark.parametrize(
    ("data", "status", "said"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(11 * 1024 * 1024), 400, "10 MB"),
        (b"\x89PNG\r\n\x1a\n" + bytes(30 * 1024 * 1024), 413, "10 MB"),
        (b"<svg onload=alert(1)>", 400, "JPG"),
    ],
    ids=["11 MB", "30 MB", "no picture"],
)
def test_a_picture_too_large_or_of_another_kind_is_refused_with_a_sentence(
    simulator, data, status, said
) -> None:
    answer = requests.post(f"{simulator.base_url}/sim/picture", files={"file": ("a.png", data)}, timeout=30)

    assert answer.status_code == status
    assert said in answer.json()["error"]


def test_twenty_kilobytes_of_text_arrive_whole(sim, simulator, desk) -> None:
    text = "长" * 7000

    assert sim("POST", "say", {"as": "xiaowang", "text": text, "wait": 5})[1]["outcome"] == "silent"
    assert desk.heard[0][1]["text"]["content"] == text


def test_another_site_may_not_speak_here(sim) -> None:
    status, _ = sim("POST", "reset", {}, headers={"Origin": "https://evil.example"})

    assert status == 403


def read_events(simulator, last: str, count: int) -> list[tuple[str, str, dict[str, Any]]]:
    found: list[tuple[str, str, dict[str, Any]]] = []
    url = f"{simulator.base_url}/sim/events"
    with requests.get(url, headers={"Last-Event-ID": last}, stream=True, timeout=60) as stream:
        event: dict[str, str] = {}
        for line in stream.iter_lines(chunk_size=1, decode_unicode=True):
            if line:
                name, _, value = line.partition(": ")
                event[name] = value
            elif event:
                found.append((event["id"], event["event"], json.loads(event["data"])))
                event = {}
            if len(found) == count:
                break
    return found


def test_a_reader_who_comes_back_gets_what_was_missed(simulator, api) -> None:
    ((last, _, hello),) = read_events(simulator, "", 1)
    assert hello["resumed"] is False
    api.text("laoli", "您不在的时候")

    events = read_events(simulator, last, 4)

    assert events[0][2]["resumed"] is True
    texts = [data["text"] for _, kind, data in events if kind == "message"]
    assert texts == ["您不在的时候"]


def test_a_reader_of_another_run_is_told_to_fetch_everything(simulator) -> None:
    ((_, kind, hello),) = read_events(simulator, "deadbeef-17", 1)

    assert (kind, hello["resumed"]) == ("hello", False)


def test_the_page_names_no_other_host_and_allows_no_inline_script(simulator) -> None:
    page = requests.get(f"{simulator.base_url}/", timeout=60)

    assert page.status_code == 200
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert re.findall(r"<script(?![^>]*\bsrc=)", page.text) == []
    assert " on" not in "".join(re.findall(r"<\w+([^>]*)>", page.text))
    here = Path(bot.simulator.__file__).parent
    for file in [*here.glob("static/*"), *here.glob("templates/*")]:
        hosts = set(re.findall(r"https?://([\w.]+)", file.read_text(encoding="utf-8")))
        assert hosts <= {"www.w3.org"}, file.name
        if file.suffix == ".js":
            assert not re.search(r"innerHTML|insertAdjacentHTML|outerHTML|document\.write", file.read_text())


def test_every_part_of_the_page_is_served(simulator) -> None:
    here = Path(bot.simulator.__file__).parent / "static"
    for file in here.iterdir():
        answer = requests.get(f"{simulator.base_url}/static/{file.name}", timeout=60)
        assert answer.status_code == 200, file.name


def test_the_simulator_knows_nothing_of_the_desk_but_the_crypto() -> None:
    here = Path(bot.simulator.__file__).parent
    ours = re.compile(r"^(?:from|import) ((?:bot|handlers|workorders|knowledge)[\w.]*)", re.M)
    # The demo's entry is where the desk's clock is handed in; it alone knows both sides.
    for file in set(here.glob("*.py")) - {here / "desk.py"}:
        imported = ours.findall(file.read_text())
        foreign = [m for m in imported if not m.startswith("bot.simulator") and m != "bot.wecom.crypto"]
        assert foreign == [], file.name
