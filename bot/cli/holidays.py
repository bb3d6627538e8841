"""``desk holidays``: the calendar of a year, and holidays imported while the desk runs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.exits import WRONG, stop
from bot.cli.unit import open_uses, operator
from workorders.agreement.calendar_file import interval_text
from workorders.errors import FileError

if TYPE_CHECKING:
    from bot.holidays import Preview
    from workorders.agreement.calendar_file import Hours
    from workorders.agreement.worktime import Calendar

holidays_app = typer.Typer(
    name="holidays", help="Holidays and make-up days, and importing a new year's.", no_args_is_help=True
)

_AsJson = Annotated[bool, typer.Option("--json", help="one JSON object")]


@holidays_app.command("show")
def show_command(
    year: Annotated[int, typer.Argument(min=2000, max=2199, help="which year")], as_json: _AsJson = False
) -> None:
    """Print the days of a year that are not as their weekday is, and whether the year is provisional."""
    with open_uses(reading=True) as (uses, _):
        told = {"year": year, "provisional": uses.terms.calendar.provisional(year)}
        days = list(_unusual(uses.terms.calendar, year))
    if as_json:
        typer.echo(json.dumps({**told, "days": days}, ensure_ascii=False))
        return
    for day in days:
        typer.echo(f"{day['day']}  {', '.join(day['hours']) or 'closed'}  {day['name'] or ''}".rstrip())
    if told["provisional"]:
        typer.echo(f"{year} is provisional: nobody has published it, statutory days stand in for it")


@holidays_app.command("import")
def import_command(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="a calendar file: closed, replaced, breaks")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="say what would change, and change nothing")] = (
        False
    ),
    as_json: _AsJson = False,
) -> None:
    """Put the dates of FILE in force, in place of what was imported of its years before.

    The clock counts open due moments anew within seconds. Exits 2 for a wrong file, with nothing changed.
    """
    with _judging(), open_uses(reading=dry_run) as (uses, unit):
        desk = uses.holidays(unit, operator(), "cli")
        try:
            new = desk.read(file.read_bytes(), str(file))
        except OSError as error:
            raise FileError(str(file), f"cannot be read: {error.strerror or error}") from None
        seen = desk.preview(new)
        if not dry_run:
            desk.take(new, file.name)
    if as_json:
        typer.echo(json.dumps({"imported": not dry_run, **_shape(seen)}, ensure_ascii=False))
        return
    for change in seen.days:
        typer.echo(f"{change.day}: {_words(change.before)} becomes {_words(change.after)}")
    for year in seen.provisional:
        typer.echo(f"{year} stays provisional: some of its statutory days are not in it")
    typer.echo(
        f"{file}: {'would change' if dry_run else 'imported;'} {len(seen.days)} days; "
        f"{seen.counted} live orders are counted anew, {seen.moved} get other due moments"
    )


@contextmanager
def _judging() -> Iterator[None]:
    try:
        yield
    except FileError as error:
        stop(str(error), WRONG)


def _unusual(calendar: Calendar, year: int) -> Iterator[dict[str, Any]]:
    """The days that are not as the calendar has their weekday."""
    week = calendar.rules.hours or ((),) * 7
    day = date(year, 1, 1)
    while day.year == year:
        hours = calendar.hours_of(day)
        if hours != week[day.weekday()]:
            told = {"day": day.isoformat(), "hours": [interval_text(i) for i in hours]}
            yield {**told, "name": calendar.rest_name(day)}
        day += timedelta(days=1)


def _shape(seen: Preview) -> dict[str, Any]:
    return {
        "years": list(seen.new.years),
        "days": [
            {
                "day": change.day.isoformat(),
                "before": [interval_text(i) for i in change.before],
                "after": [interval_text(i) for i in change.after],
            }
            for change in seen.days
        ],
        "provisional": list(seen.provisional),
        "counted": seen.counted,
        "moved": seen.moved,
    }


def _words(hours: Hours) -> str:
    return ", ".join(interval_text(i) for i in hours) or "closed"
