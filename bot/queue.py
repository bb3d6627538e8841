"""Wake-ups: after a commit, lanes with letters and files to be fetched are named to the workers through RQ.

A wake-up carries a name and nothing else, may be lost, late or doubled, and is never needed for
correctness: the clock finds what nobody was woken for.
"""

from __future__ import annotations

import hashlib
from collections.abc import Set

import redis
import structlog
from rq import Queue
from rq.exceptions import DuplicateJobError
from rq.serializers import JSONSerializer

QUEUE = "lanes"
#: Seconds a wake-up may keep the committed unit waiting.
PATIENCE_S = 0.5
#: Seconds a queued wake-up is worth running, and a running one may take.
_WORTH_S, _MOST_S = 60, 120

log = structlog.get_logger()


def connect(redis_url: str, *, blocking: bool = False) -> redis.Redis:
    """A client of that server; a ``blocking`` one may wait for jobs, any other gives up quickly."""
    timeout = None if blocking else PATIENCE_S
    client: redis.Redis = redis.Redis.from_url(
        redis_url, socket_timeout=timeout, socket_connect_timeout=PATIENCE_S * 2
    )
    return client


class Wake:
    """Names what there is to do to the workers: a lane, or what :mod:`bot.fetching` fetches.

    Args:
        redis_url: the server.
    """

    def __init__(self, redis_url: str) -> None:
        self.redis = connect(redis_url)
        self._queue = Queue(QUEUE, connection=self.redis, serializer=JSONSerializer)

    def __call__(self, names: Set[str]) -> None:
        """Wake somebody for each; says so once in the log when the server is gone, and raises nothing."""
        for name in sorted(names):
            try:
                self._queue.enqueue(
                    "bot.jobs.attend",
                    name,
                    job_id="lane-" + hashlib.sha256(name.encode()).hexdigest()[:32],
                    unique=True,
                    ttl=_WORTH_S,
                    job_timeout=_MOST_S,
                    result_ttl=0,
                    failure_ttl=_WORTH_S,
                )
            except DuplicateJobError:
                continue
            except redis.RedisError as error:
                log.warning("lanes not woken; the clock will find them", error=type(error).__name__)
                return
