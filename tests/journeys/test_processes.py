"""Journeys through the real processes: killed in mid-flight, the queue emptied or gone, nothing is lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import redis

from bot.clock import machine_time
from bot.demo.embedded import EmbeddedRedis
from bot.demo.tether import tied
from bot.sql.tables import inbox
from knowledge.library import Library
from tests.support.stage import BOT, Stage
from workorders.sql.tables import delivery, lane, letter


class Processes:
    """The desk's own processes, over the stage's database."""

    def __init__(self, stage: Stage, redis_url: str) -> None:
        self._env = {
            **os.environ,
            **{name.upper(): str(value) for name, value in stage.settings.model_dump().items() if value},
            "REDIS_URL": redis_url,
            "NO_PROXY": "*",
        }
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str) -> None:
        self._running[name] = subprocess.Popen(
            tied([sys.executable, "-m", "bot.cli", name]),
            env=self._env,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def kill(self, name: str, number: int = signal.SIGKILL) -> int:
        process = self._running.pop(name)
        process.send_signal(number)
        return process.wait(timeout=60)

    def close(self) -> None:
        for name in list(self._running):
            self.kill(name)


def eventually(holds: Callable[[], object], what: str, seconds: float = 120) -> None:
    """Wait for other processes to bring something about."""
    end, pause = time.monotonic() + seconds, threading.Event()
    while not holds():
        assert time.monotonic() < end, f"{what} did not come about within {seconds} s"
        pause.wait(0.05)


@pytest.fixture
def live_redis(tmp_path: Path) -> Iterator[EmbeddedRedis]:
    """A server of this test's own, which it may end."""
    server = EmbeddedRedis(tmp_path / "redis")
    server.start()
    yield server
    server.stop()


@pytest.fixture
def live(migrated_database_url: str, live_redis: EmbeddedRedis, library: Library) -> Iterator[Stage]:
    """A stage in real time, for processes that read the machine's clock."""
    stage = Stage.set(migrated_database_url, live_redis.url, library, at=machine_time())
    yield stage
    stage.close()


@pytest.fixture
def processes(live: Stage, live_redis: EmbeddedRedis) -> Iterator[Processes]:
    processes = Processes(live, live_redis.url)
    yield processes
    processes.close()


def states(stage: Stage) -> dict[str, int]:
    return dict(stage.letters())


def in_flight(stage: Stage) -> bool:
    with stage.program.units.reading() as unit:
        return unit.conn.execute(delivery.select().where(delivery.c.state == "sending")).first() is not None


def leases_run_out(stage: Stage) -> None:
    """The time passes after which a dead process's lease is nobody's."""
    with stage.program.units.begin() as unit:
        unit.conn.execute(lane.update().values(leased_until=None, holder=None, not_before=None))
        unit.conn.execute(delivery.update().values(at=machine_time() - timedelta(minutes=1)))


def urgent(stage: Stage) -> None:
    outcome = stage.wecom.say("xiaowang", f"{BOT} 紧急 全部门店无法收款", chat="wrXINGHE")
    assert outcome is not None
    assert outcome.replies


def first_pages(stage: Stage) -> list[str]:
    return [t for t in stage.desk_told("laoli") if "1001" in t]


def test_a_sender_killed_in_mid_flight_loses_nothing_and_says_nothing_twice(
    live: Stage, processes: Processes
) -> None:
    live.wecom.fault("message/send", "slow", ms=8000, times=1)
    processes.start("worker")
    processes.start("clock")
    urgent(live)
    eventually(lambda: in_flight(live), "a delivery in flight")

    processes.kill("worker")
    processes.kill("clock")
    assert in_flight(live), "nobody is left to say what became of it"
    leases_run_out(live)
    processes.start("worker")
    processes.start("clock")

    eventually(lambda: not in_flight(live) and states(live).get("sent"), "the delivery's end")
    eventually(lambda: not states(live).get("waiting"), "every letter's end")
    eventually(lambda: first_pages(live), "the page")
    # The killed sender's message arrived after all; the second, being equal, was WeCom's to drop.
    assert len(first_pages(live)) == 1


def test_without_redis_and_workers_the_clock_sends_by_itself(
    live: Stage, processes: Processes, live_redis: EmbeddedRedis
) -> None:
    live_redis.stop()
    urgent(live)
    with live.program.units.begin() as unit:
        unit.conn.execute(letter.update().values(due_at=machine_time().replace(year=2020)))

    processes.start("clock")

    eventually(lambda: first_pages(live), "the page")
    with live.program.units.reading() as unit:
        assert unit.conn.execute(inbox.select()).first() is not None


def test_wake_ups_lost_with_an_emptied_redis_are_found_by_the_clock(
    live: Stage, processes: Processes, live_redis: EmbeddedRedis
) -> None:
    urgent(live)
    with redis.Redis.from_url(live_redis.url) as client:
        client.flushall()

    processes.start("worker")
    processes.start("clock")

    eventually(lambda: first_pages(live), "the page")


def both_run(stage: Stage) -> bool:
    with stage.program.units.reading() as unit, redis.Redis.from_url(stage.settings.redis_url) as client:
        return unit.inbox.last_sweep("clock") is not None and bool(client.exists("rq:workers"))


def test_a_process_told_to_stop_stops_cleanly(live: Stage, processes: Processes) -> None:
    for name in ("worker", "clock"):
        processes.start(name)
    urgent(live)
    eventually(lambda: first_pages(live), "the page")
    eventually(lambda: both_run(live), "both processes at work")

    assert processes.kill("clock", signal.SIGTERM) == 0
    assert processes.kill("worker", signal.SIGTERM) == 0
