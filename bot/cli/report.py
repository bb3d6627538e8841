"""``desk report``: figures for a terminal, for other programs, and as sheets for people."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_args

import typer

from bot.cli.exits import REFUSED, WRONG, stop
from bot.cli.unit import open_unit, operator
from workorders.report.figures import GROUPS, Group
from workorders.report.period import FORMS, Period

if TYPE_CHECKING:
    from bot.sql.unit import Unit
    from workorders.agreement.worktime import Calendar
    from workorders.report.table import Cell, Column, Table

ALL = "all"


def report_command(
    name: Annotated[
        str | None, typer.Argument(metavar="REPORT", help="which; `all` with --xlsx; none lists them")
    ] = None,
    since: Annotated[str | None, typer.Option("--from", metavar="DATE", help="the first local day")] = None,
    until: Annotated[str | None, typer.Option("--to", metavar="DATE", help="the last local day")] = None,
    period: Annotated[
        str | None, typer.Option("--period", metavar="PERIOD", help=f"instead of both: {FORMS}")
    ] = None,
    year: Annotated[int | None, typer.Option("--year", min=2000, max=9000, help="the whole year")] = None,
    by: Annotated[
        list[str] | None, typer.Option("--by", metavar="GROUP", help=f"{', '.join(GROUPS)}; may be repeated")
    ] = None,
    partner: Annotated[
        str | None, typer.Option("--partner", metavar="NAME", help="only this partner's orders")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object")] = False,
    as_csv: Annotated[Path | None, typer.Option("--csv", metavar="FILE", help="a file Excel opens")] = None,
    as_xlsx: Annotated[Path | None, typer.Option("--xlsx", metavar="FILE", help="an Excel workbook")] = None,
    agreement: Annotated[
        Path | None, typer.Option("--agreement", envvar="AGREEMENT_PATH", help="whose calendar is local")
    ] = None,
    holidays: Annotated[
        Path | None, typer.Option("--holidays", envvar="HOLIDAYS_PATH", help="corrections of the calendar")
    ] = None,
) -> None:
    """Say how the promises were kept, what came in, and what nobody could answer.

    Without --from, --to, --period or --year it is this month. A promise is counted on the local day its clock
    began, everything else on the day it happened. Exits 1 for a partner there is not.
    """
    from bot.reports import REPORTS, Asked, Source
    from workorders.agreement.clauses import Agreement
    from workorders.errors import FileError

    if name is None:
        for known, report in REPORTS.items():
            typer.echo(f"{known:12} {report.what}")
        return
    if name not in (*REPORTS, ALL):
        stop(f"report {name}: there is none (accepted: {', '.join((*REPORTS, ALL))})", WRONG)
    if sum((as_json, as_csv is not None, as_xlsx is not None)) > 1:
        stop("report: --json, --csv FILE or --xlsx FILE, one of them", WRONG)
    if name == ALL and as_xlsx is None:
        stop("report all: a workbook holds them all (accepted: --xlsx FILE)", WRONG)
    groups = _groups(name, by or [])
    try:
        terms = Agreement.load(agreement, holidays)
    except FileError as error:
        stop(str(error), WRONG)
    writes = as_csv or as_xlsx
    with open_unit(reading=writes is None) as unit:
        asked = Asked(
            _period(since, until, period, year, terms.calendar, unit), groups, _partner(unit, partner)
        )
        source = Source(unit, terms.calendar, _titles() if name in ("answers", ALL) else lambda article: "")
        names = [known for known in REPORTS if name in (known, ALL) and not _left_out(known, partner, name)]
        tables = [source.table(known, asked) for known in names]
        if writes is not None:
            _write(writes, tables, terms.calendar, sheets=as_xlsx is not None)
            _account(unit, name, asked.period, sum(len(table.rows) for table in tables))
    if writes is not None:
        typer.echo(f"{writes}: {', '.join(f'{table.name} {len(table.rows)} rows' for table in tables)}")
    elif as_json:
        typer.echo(json.dumps(_shape(tables[0], asked.period, terms.calendar), ensure_ascii=False))
    else:
        typer.echo(_readable(tables[0], terms.calendar))


def _groups(name: str, by: Sequence[str]) -> tuple[Group, ...]:
    from bot.reports import REPORTS

    wrong = [group for group in by if group not in get_args(Group)]
    if wrong:
        stop(f"--by {wrong[0]}: unknown (accepted: {', '.join(GROUPS)})", WRONG)
    if by and (name == ALL or not REPORTS[name].groups):
        stop(f"report {name}: it is not grouped, leave --by out", WRONG)
    if "clause" in by and not REPORTS[name].by_clause:
        stop(f"report {name}: it knows no clauses (accepted: {', '.join(GROUPS[1:])})", WRONG)
    return tuple(dict.fromkeys(by))  # type: ignore[arg-type]


def _period(
    since: str | None, until: str | None, period: str | None, year: int | None, calendar: Calendar, unit: Unit
) -> Period:
    today = calendar.local_day(unit.machine_now)
    if sum((period is not None, year is not None, since is not None or until is not None)) > 1:
        stop("report: --period, --year, or --from and --to, one of them", WRONG)
    if period is not None:
        try:
            return Period.parse(period)
        except ValueError as error:
            stop(f"--period {period}: {error} (accepted: {FORMS})", WRONG)
    if year is not None:
        return Period(date(year, 1, 1), date(year, 12, 31))
    last = _day(until, "--to") or today
    first = _day(since, "--from") or last.replace(day=1)
    try:
        return Period(first, last)
    except ValueError as error:
        stop(f"--from, --to: {error}", WRONG)


def _day(text: str | None, name: str) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        stop(f"{name}: {text!r} is no day (accepted: 2026-11-25)", WRONG)


def _partner(unit: Unit, name: str | None) -> int | None:
    if name is None:
        return None
    found = unit.directory.partners_named(name)
    if len(found) != 1:
        stop(f"--partner {name}: {'no partner' if not found else 'several partners'} of that name", REFUSED)
    return found[0].id


def _left_out(report: str, partner: str | None, name: str) -> bool:
    """Whether a report says nothing of one partner alone; asked for by its name, that is refused."""
    from bot.reports import REPORTS

    if partner is None or REPORTS[report].of_partner:
        return False
    if name == report:
        stop(f"report {report}: it is not kept by partner, leave --partner out", WRONG)
    return True


def _titles() -> Any:
    from knowledge.library import Library

    library = Library.load(engine="lexical")

    def title(id: str) -> str:
        article = library.article(id)
        return article.question if article else ""

    return title


def _account(unit: Unit, report: str, period: Period, rows: int) -> None:
    """Who carried which figures away."""
    from bot.acts import Act

    unit.audit.record(
        Act.REPORT_EXPORT,
        who=operator(),
        door="cli",
        subject=f"report:{report}",
        since=period.since.isoformat(),
        until=period.until.isoformat(),
        rows=rows,
    )


def _write(path: Path, tables: Sequence[Table], calendar: Calendar, *, sheets: bool) -> None:
    from bot.report_files import as_csv, as_xlsx

    content = as_xlsx(tables, calendar) if sheets else as_csv(tables[0], calendar).encode()
    try:
        path.write_bytes(content)
    except OSError as error:
        stop(f"{path}: cannot be written: {error.strerror}", WRONG)


# For other programs


def _shape(table: Table, period: Period, calendar: Calendar) -> dict[str, Any]:
    return {
        "report": table.name,
        "from": period.since.isoformat(),
        "to": period.until.isoformat(),
        "columns": [{"key": column.key, "holds": column.holds} for column in table.columns],
        "rows": [
            {key: _value(value, calendar) for key, value in record.items()} for record in table.records()
        ],
    }


def _value(value: Cell, calendar: Calendar) -> Any:
    """Moments in the calendar's zone, stretches in seconds."""
    if isinstance(value, datetime):
        return calendar.local(value).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    return round(value, 6) if isinstance(value, float) else value


# For a terminal


def _readable(table: Table, calendar: Calendar) -> str:
    if not table.rows:
        return f"{table.name}: nothing in that time"
    heads = [column.key for column in table.columns]
    rows = [[_said(c, v, calendar) for c, v in zip(table.columns, row, strict=True)] for row in table.rows]
    widths = [max(_wide(line[i]) for line in (heads, *rows)) for i in range(len(heads))]
    lines = [heads, ["-" * width for width in widths], *rows]
    left = [column.holds in ("text", "word", "day", "moment") for column in table.columns]
    return "\n".join(
        "  ".join(
            _padded(cell, width, left=to_left)
            for cell, width, to_left in zip(line, widths, left, strict=True)
        ).rstrip()
        for line in lines
    )


def _said(column: Column, value: Cell, calendar: Calendar) -> str:
    from bot.report_files import stretch

    if value is None:
        return "-"
    if isinstance(value, datetime):
        return f"{calendar.local(value):%Y-%m-%d %H:%M:%S}"
    if isinstance(value, timedelta):
        return stretch(value)
    if isinstance(value, float):
        return f"{value:.1%}" if column.holds == "share" else f"{value:.2f}"
    return " ".join(str(value).split())


def _wide(text: str) -> int:
    return sum(2 if ord(c) > 0x2E7F else 1 for c in text)


def _padded(text: str, width: int, *, left: bool) -> str:
    fill = " " * (width - _wide(text))
    return text + fill if left else fill + text
