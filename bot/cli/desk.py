"""The ``desk`` command: running the processes, looking after the database, asking what needs neither.

Exit codes: 0 done, 1 refused or not found, 2 wrong usage, file or setting; one clear line on standard error.
"""

from __future__ import annotations

import errno
import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.agreement import due_command, worktime_app
from bot.cli.ask import ask_command
from bot.cli.audit import audit_app
from bot.cli.data import data_app
from bot.cli.directory import directory_app
from bot.cli.exits import REFUSED, WRONG, stop
from bot.cli.holidays import holidays_app
from bot.cli.hotline import hotline_app
from bot.cli.letters import letters_app
from bot.cli.notice import notice_app
from bot.cli.obligation import obligation_app
from bot.cli.order import order_app
from bot.cli.report import report_command

if TYPE_CHECKING:
    from bot.settings import Settings
    from bot.sql.engine import Engine
    from bot.terms import Terms
    from bot.wiring import Program
    from knowledge.errors import ArticleError
    from workorders.errors import FileError


app = typer.Typer(
    name="desk",
    help="A WeCom service desk that keeps its promises.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
db_app = typer.Typer(help="The database.", no_args_is_help=True)
app.add_typer(db_app, name="db")
app.add_typer(audit_app, name="audit")
app.add_typer(data_app, name="data")
app.add_typer(directory_app, name="directory")
app.add_typer(order_app, name="order")
app.add_typer(obligation_app, name="obligation")
app.add_typer(worktime_app, name="worktime")
app.add_typer(holidays_app, name="holidays")
app.add_typer(letters_app, name="letters")
app.add_typer(hotline_app, name="hotline")
app.add_typer(notice_app, name="notice")
app.command("ask")(ask_command)
app.command("due")(due_command)
app.command("report")(report_command)


@dataclass
class Entry:
    """How this process builds the program; only the demo's own entry builds it otherwise."""

    build: Callable[[Settings], Program] | None = None


entry = Entry()


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="address to listen on")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="port to listen on")] = 8000,
) -> None:
    """Answer WeCom's callbacks (the web process)."""
    settings = _settings()
    _program(settings).close()  # A wrong file stops the program here and not in every worker.
    from bot.serve import serve as run
    from bot.serve import taken

    if reason := taken(host, port):
        stop(f"--host {host} --port {port}: {reason}", WRONG)
    run(lambda: _program(settings), host, port)


@app.command()
def worker() -> None:
    """Send letters when woken (the worker process)."""
    from bot import jobs

    stopping = _stopped_by_signal()
    program = _program(_settings())
    jobs.serve(program.attend, program.settings.redis_url, stopping)
    program.close()


@app.command()
def clock() -> None:
    """Watch due moments and letters nobody was woken for (the clock process)."""
    stopping = _stopped_by_signal()
    program = _program(_settings())
    program.rounds.run(stopping)
    program.close()


@db_app.command()
def upgrade() -> None:
    """Bring the database up to this version's tables."""
    from bot.sql.calendars import SqlCalendars
    from bot.sql.schema import upgrade as bring_up
    from workorders.sql.ledger import is_missing, rebuild

    with _database() as (engine, terms):
        bring_up(engine)
        with engine.begin() as conn:
            if is_missing(conn):
                terms.take(SqlCalendars(conn))
                rebuild(conn, terms.calendar)


@db_app.command("ledger")
def ledger_command() -> None:
    """Write the ledger of promises, which figures are made of, anew from the events."""
    from bot.sql.calendars import SqlCalendars
    from bot.sql.schema import is_current
    from workorders.sql.ledger import rebuild

    with _database() as (engine, terms), engine.begin() as conn:
        if not is_current(conn):
            stop("the database does not have this version's tables: run `desk db upgrade` first", REFUSED)
        terms.take(SqlCalendars(conn))
        typer.echo(f"{rebuild(conn, terms.calendar)} promises written anew")


@contextmanager
def _database() -> Iterator[tuple[Engine, Terms]]:
    """The database of the settings, and the agreement."""
    from bot.sql.engine import open_engine
    from bot.terms import Terms
    from workorders.agreement.clauses import Agreement
    from workorders.errors import FileError

    settings = _settings()
    try:
        terms = Terms(Agreement.load(settings.agreement_path, settings.holidays_path))
        engine = open_engine(settings.database_url)
    except FileError as error:
        stop(_named(error, settings), WRONG)
    except OSError as error:
        stop(_unwritable(error), WRONG)
    try:
        yield engine, terms
    finally:
        engine.dispose()


@app.command()
def doctor(as_json: Annotated[bool, typer.Option("--json", help="one JSON object")] = False) -> None:
    """Say what this desk is missing. Exits 1 when it cannot work."""
    program = _program(_settings())
    state = program.health.look()
    notes = [*state.degraded]
    if unset := program.uses.agreement.unset:
        notes.append(f"agreement: no span yet for {', '.join(unset)} (annex 1)")
    if program.settings.plain_http:
        notes.append("console: PUBLIC_URL is not https, so sessions can be read on their way")
    if program.settings.smtp_url is None:
        notes.append("mail: off (SMTP_URL is not set)")
    if state.ready:
        notes += program.vacancies()
    program.close()
    if as_json:
        typer.echo(json.dumps({"ready": state.ready, "notes": notes}, ensure_ascii=False))
    else:
        typer.echo("ready" if state.ready else "not ready")
        for note in notes:
            typer.echo(f"- {note}")
    raise typer.Exit(0 if state.ready else REFUSED)


def _settings() -> Settings:
    from bot.logs import configure
    from bot.settings import SettingsError, load

    configure()
    try:
        return load(os.environ)
    except SettingsError as error:
        stop(str(error), WRONG)


def _program(settings: Settings) -> Program:
    from bot.wiring import build
    from knowledge.errors import ArticleError
    from workorders.errors import FileError

    try:
        return (entry.build or build)(settings)
    except (FileError, ArticleError) as error:
        stop(_named(error, settings), WRONG)
    except OSError as error:
        stop(_unwritable(error), WRONG)


def _unwritable(error: OSError) -> str:
    return f"DATABASE_URL: {error.strerror}: {error.filename} (accepted: a file this user may write)"


def _named(error: FileError | ArticleError, settings: Settings) -> str:
    """What is wrong with a file, under the name of the setting that leads to it."""
    for name in ("agreement_path", "holidays_path"):
        path = getattr(settings, name)
        if path and error.where.startswith(str(path)):
            return f"{name.upper()}: {error}"
    return str(error)


def _stopped_by_signal() -> threading.Event:
    """An event that INT and TERM set: a clean stop after what is in hand."""
    stop = threading.Event()

    def on_signal(number: int, frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, on_signal)
    return stop


def main() -> None:
    """Run the command; whatever is wrong with its words, its files or its database is one line."""
    try:
        code = app(standalone_mode=False)
        sys.stdout.flush()
    except typer.exceptions.TyperException as error:
        sys.exit(_misused(error))
    except typer.Abort:
        sys.exit(REFUSED)
    except OSError as error:
        # Nobody reads on, or nothing more can be written: there is nobody to tell on standard output.
        if error.errno != errno.EPIPE:
            sys.stderr.write(f"desk: {error.strerror or error}\n")
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115  (the interpreter's own flush at exit needs one)
        sys.exit(REFUSED)
    except Exception as error:
        from bot.sql.engine import UNUSABLE, said

        if not isinstance(error, UNUSABLE):
            raise
        sys.stderr.write(f"desk: the database cannot be used: {said(error)}\n")
        sys.exit(REFUSED)
    sys.exit(code if isinstance(code, int) else 0)


def _misused(error: Exception) -> int:
    """Say on one line what is wrong with the words of the command; the exit code."""
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "desk"
    said = getattr(error, "format_message", lambda: str(error))()
    # Without arguments a command shows its help, which is many lines; anything else is one.
    helps = type(error).__name__ == "NoArgsIsHelpError"
    line = f"{command}: {' '.join(said.split())} (see {command} --help)"
    sys.stderr.write(f"{said if helps else line}\n")
    return int(getattr(error, "exit_code", WRONG))
