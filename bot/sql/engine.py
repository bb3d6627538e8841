"""Opening the database: SQLite for one machine, PostgreSQL for many, alike to everybody above."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, ProgrammingError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

__all__ = ["READING", "UNUSABLE", "Engine", "is_away", "open_engine", "said"]

#: Everything a database may raise.
UNUSABLE = (SQLAlchemyError,)

#: Execution option of a connection that only reads.
READING = "desk_reading"

#: Milliseconds a writer waits for another before the caller is asked to retry.
_PATIENCE_MS = 4000
#: Seconds a connection to the server may take.
_REACH_S = 3


def open_engine(url: str) -> Engine:
    """An engine for that database URL, with its pool; nothing is connected yet.

    SQLite runs in WAL and every unit begins with ``BEGIN IMMEDIATE``: a unit that will write must be
    the writer from its start, or it fails in its middle with "database is locked".
    """
    if make_url(url).get_backend_name() != "sqlite":
        return create_engine(
            url,
            pool_pre_ping=True,
            hide_parameters=True,  # an error's text must not hold what people wrote, or a key
            pool_size=10,
            pool_timeout=_PATIENCE_MS / 1000,
            connect_args={
                "connect_timeout": _REACH_S,
                # A unit of work is short; one that is not must not hold rows against everybody else.
                "options": f"-c lock_timeout={_PATIENCE_MS} -c idle_in_transaction_session_timeout=60000",
            },
        )
    if path := make_url(url).database:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, hide_parameters=True, connect_args={"timeout": _PATIENCE_MS / 1000})

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        # The driver's own transaction handling would begin deferred transactions; ours begin below.
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        # A reader in WAL needs no lock, and must not wait for a writer.
        reading = connection.get_execution_options().get(READING)
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

    return engine


def is_away(error: BaseException) -> bool:
    """Whether the error means that the database cannot be asked now, rather than that we asked wrongly."""
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    return isinstance(error, OperationalError | InterfaceError | PoolTimeout)


def said(error: BaseException) -> str:
    """One line of what the database said, for the operator."""
    cause = error.orig if isinstance(error, DBAPIError) and error.orig else error
    hint = " (run `desk db upgrade`?)" if isinstance(error, ProgrammingError) else ""
    return (str(cause).strip().split("\n")[0] or type(cause).__name__) + hint
