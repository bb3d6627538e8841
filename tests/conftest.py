"""What every test may ask for, and what every run says at its end.

``sqlite_url``, ``postgres_url``
    an empty database of its own for the test.
``database_url``
    both in turn: the test runs twice.
``migrated_database_url``
    the same, with this version's tables.
``redis_url``
    a real, empty server that speaks Redis.

The network beyond this machine is closed. A test that cannot run here is skipped with the reason, and
the run ends with one line for each distinct reason.
"""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
import redis

from bot.demo.embedded import EmbeddedRedis, EmbeddedRedisError
from tests.support.postgres import NoPostgres, Postgres, postgres

_LENIENT = [hypothesis.HealthCheck.too_slow]  # A shared two-core machine is slow at times.
# The same examples each time, so that a change is judged and not luck; `make soak` draws others.
hypothesis.settings.register_profile(
    "desk", deadline=None, max_examples=50, derandomize=True, suppress_health_check=_LENIENT
)
hypothesis.settings.register_profile("soak", deadline=None, max_examples=5000, suppress_health_check=_LENIENT)
hypothesis.settings.load_profile("desk")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--soak", action="store_true", help="also run the long fault and fuzz tests")


@pytest.hookimpl(tryfirst=True)  # before pytest-socket reads its options
def pytest_configure(config: pytest.Config) -> None:
    config.option.allow_hosts = "127.0.0.1,::1"
    config.option.allow_unix_socket = True
    config.addinivalue_line("markers", "soak: long; left out unless `make soak` asks for it")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--soak"):
        long = [item for item in items if item.get_closest_marker("soak")]
        if long:
            config.hook.pytest_deselected(items=long)
            items[:] = [item for item in items if item not in long]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was not run, once for each reason, with the number of tests it took along."""
    reasons: Counter[str] = Counter()
    for report in terminalreporter.stats.get("skipped", []):
        if isinstance(report.longrepr, tuple):
            reasons[report.longrepr[2].removeprefix("Skipped: ")] += 1
    for reason, count in sorted(reasons.items()):
        terminalreporter.write_line(f"Not run ({count} {'test' if count == 1 else 'tests'}): {reason}")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Postgres]:
    """The server behind ``postgres_url``."""
    try:
        with postgres(os.environ) as server:
            yield server
    except NoPostgres as reason:
        pytest.skip(f"no PostgreSQL: {reason}")


@pytest.fixture
def postgres_url(postgres_server: Postgres) -> Iterator[str]:
    """An empty PostgreSQL database."""
    name = postgres_server.create()
    yield postgres_server.url(name)
    postgres_server.drop(name)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """An SQLite database whose file does not exist yet."""
    return f"sqlite:///{tmp_path / 'desk.db'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """An empty database, of either kind."""
    url: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    return url


@pytest.fixture(scope="session")
def _migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with this version's tables and nothing in them, to copy."""
    file = tmp_path_factory.mktemp("tables") / "desk.db"
    _migrate(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def _migrated_postgres(postgres_server: Postgres) -> str:
    """The same on PostgreSQL; the name of the database."""
    name = postgres_server.create()
    _migrate(postgres_server.url(name))
    return name


def _migrate(url: str) -> None:
    # Imported here, so that tests which need no database do not wait for SQLAlchemy.
    from bot.sql.engine import open_engine
    from bot.sql.schema import upgrade

    engine = open_engine(url)
    upgrade(engine)
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def migrated_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database of either kind with this version's tables and nothing in them."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("_migrated_sqlite"), tmp_path / "desk.db")
        yield f"sqlite:///{tmp_path / 'desk.db'}"
        return
    server: Postgres = request.getfixturevalue("postgres_server")
    name = server.create(template=request.getfixturevalue("_migrated_postgres"))
    yield server.url(name)
    server.drop(name)


@pytest.fixture(scope="session")
def _redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    server = EmbeddedRedis(tmp_path_factory.mktemp("redis"))
    try:
        url = server.start()
    except EmbeddedRedisError as reason:
        pytest.skip(f"no Redis: {reason}")
    with redis.Redis.from_url(url) as client:
        client.config_set("appendonly", "no")  # What it holds outlives no test: no disk keeps it waiting.
    yield url
    server.stop()


@pytest.fixture
def redis_url(_redis_server: str) -> str:
    """A real server, empty; each xdist worker has its own."""
    with redis.Redis.from_url(_redis_server) as client:
        client.flushall()
    return _redis_server
