"""What commands over the database share: a unit of work, who the operator is, moments and partners."""

from __future__ import annotations

import getpass
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot.cli.exits import REFUSED, WRONG, stop
from bot.settings import SettingsError, load_database
from handlers.masking import mask

if TYPE_CHECKING:
    from bot.sql.engine import Engine
    from bot.sql.unit import Unit, Units
    from bot.uses import Uses
    from workorders.directory.people import Partner


@dataclass
class DeskTime:
    """By which clock commands act, made from the database; only the demo's own entry replaces it."""

    of: Callable[[Engine], Callable[[], datetime]] | None = None


desk_time = DeskTime()


@contextmanager
def open_uses(*, reading: bool = False) -> Iterator[tuple[Uses, Unit]]:
    """The use cases and a unit of work for them, under the agreement that ``AGREEMENT_PATH`` names.

    Stops the command as :func:`open_unit`, and where the agreement or the holidays cannot be used.
    """
    from bot.terms import Terms
    from bot.uses import Uses
    from workorders.agreement.clauses import Agreement
    from workorders.errors import FileError

    paths = (Path(os.environ[n]) if os.environ.get(n) else None for n in ("AGREEMENT_PATH", "HOLIDAYS_PATH"))
    try:
        agreement = Agreement.load(*paths)
    except FileError as error:
        stop(str(error), WRONG)
    with open_unit(reading=reading) as unit:
        terms = Terms(agreement)
        terms.take(unit.calendars)
        yield Uses(terms, desk_clock(unit.conn.engine)), unit


def desk_clock(engine: Engine) -> Callable[[], datetime]:
    """Reads desk time, as commands have it."""
    from bot.clock import machine_time

    return desk_time.of(engine) if desk_time.of else machine_time


@contextmanager
def open_unit(*, reading: bool = False) -> Iterator[Unit]:
    """A unit of work over ``DATABASE_URL``, committed at the end; one that only reads waits for nobody."""
    with open_units() as units, units.reading() if reading else units.begin() as unit:
        yield unit


@contextmanager
def open_units() -> Iterator[Units]:
    """Units of work over ``DATABASE_URL``, one after the other.

    Lanes are not woken: the clock finds the letters of a command within seconds. Stops the command with one
    line where the setting is wrong, or the database lacks this version's tables.
    """
    from bot.clock import machine_time
    from bot.sql.engine import open_engine
    from bot.sql.schema import is_current
    from bot.sql.unit import Units

    try:
        engine = open_engine(load_database(os.environ).database_url)
    except SettingsError as error:
        stop(str(error), WRONG)
    try:
        units = Units(engine, machine_time, lambda lanes: None)
        with units.reading() as unit:
            if not is_current(unit.conn):
                stop("the database does not have this version's tables: run `desk db upgrade` first", REFUSED)
        yield units
    finally:
        engine.dispose()


def operator() -> str:
    """Who is at the command line, as the audit names them: ``operator:NAME``."""
    try:
        return f"operator:{getpass.getuser()}"
    except (KeyError, OSError):  # a container's user may have no name
        return f"operator:{os.getuid()}"


def clean(words: str | None) -> str | None:
    """An option's words without what nobody may keep: the callback of whatever people write in words."""
    return mask(words).text if words else words


def moment(text: str | None, name: str) -> datetime | None:
    """The moment an option gives, None where it gives none; a wrong one stops the command.

    Args:
        name: the option, for the line that says what is wrong.
    """
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        stop(f"{name}: {text!r} is no moment with its zone (accepted: 2026-11-23T09:00:00+08:00)", WRONG)
    return at


def partner_named(name: str, unit: Unit) -> Partner:
    """The partner of that name or alias; stops the command where there is none, or several."""
    found = unit.directory.partners_named(name)
    if len(found) != 1:
        stop(f"--partner {name}: {'no partner' if not found else 'several partners'} of that name", REFUSED)
    return found[0]
