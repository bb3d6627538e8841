"""The worker process: runs wake-ups from the queue. It holds nothing that could be lost."""

from __future__ import annotations

import threading

import redis
import structlog
from rq import Queue, SimpleWorker
from rq.serializers import JSONSerializer

from bot.lanes import Lanes
from bot.queue import QUEUE, connect

#: What this worker process drains; RQ finds a job by its function's name and can hand it nothing else.
_drains: list[Lanes] = []

log = structlog.get_logger()


def drain(name: str) -> int:
    """The one kind of job: send what is due down that lane."""
    return sum(lanes.drain(name) for lanes in _drains)


class _Worker(SimpleWorker):
    """One job after another in this process: a fork for each would cost more than the job."""


def serve(lanes: Lanes, redis_url: str, stop: threading.Event) -> None:
    """Work until told to stop; a server that is away is waited for."""
    _drains[:] = [lanes]
    while not stop.is_set():
        try:
            connection = connect(redis_url, blocking=True)
            queue = Queue(QUEUE, connection=connection, serializer=JSONSerializer)
            worker = _Worker(
                [queue],
                connection=connection,
                serializer=JSONSerializer,
                worker_ttl=30,
                maintenance_interval=10,
            )
            worker.work(logging_level="WARNING")
            return
        except redis.RedisError as error:
            log.warning("no queue; the clock sends meanwhile", error=type(error).__name__)
            stop.wait(3)
