"""The worker process: runs wake-ups from the queue. It holds nothing that could be lost."""

from __future__ import annotations

import threading
from collections.abc import Callable

import redis
import structlog
from rq import Queue, SimpleWorker
from rq.serializers import JSONSerializer

from bot.queue import QUEUE, connect

#: What this worker does when woken; RQ finds a job by its function's name and can hand it nothing else.
_attends: list[Callable[[str], object]] = []

log = structlog.get_logger()


def attend(name: str) -> None:
    """The one kind of job: see to what is named."""
    for attends in _attends:
        attends(name)


class _Worker(SimpleWorker):
    """One job after another in this process: a fork for each would cost more than the job."""


def serve(attends: Callable[[str], object], redis_url: str, stop: threading.Event) -> None:
    """Work until told to stop; a server that is away is waited for.

    Args:
        attends: sees to what a wake-up names.
    """
    _attends[:] = [attends]
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
