"""``desk due`` and ``desk worktime``: promises and working time from the command line.

Neither needs settings, a database or Redis. Both count by the shipped agreement unless ``AGREEMENT_PATH`` and
``HOLIDAYS_PATH``, the desk's own settings, name other files. A moment without a UTC offset is taken as local
time of the calendar's zone; every answer is given in that zone.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cli import lines
from bot.cli.exits import REFUSED, WRONG, stop
from workorders.agreement.clauses import Agreement, AnnounceBy, Due
from workorders.agreement.errors import SpanUnset, UnknownClause
from workorders.agreement.worktime import Calendar, Span
from workorders.errors import DeskError

_Json = Annotated[bool, typer.Option("--json", help="one JSON object")]
_AlwaysJson = Annotated[bool, typer.Option("--json", help="the answer is JSON with or without it")]
_AgreementPath = Annotated[
    Path | None, typer.Option("--agreement", envvar="AGREEMENT_PATH", help="laid over the shipped agreement")
]
_HolidaysPath = Annotated[
    Path | None,
    typer.Option("--holidays", envvar="HOLIDAYS_PATH", help="corrections and new years of holidays"),
]
_CalendarPath = Annotated[
    Path | None, typer.Option("--calendar", help="a calendar file, instead of the agreement's calendar")
]

worktime_app = typer.Typer(
    help="Working time: when a span ends, and how much of it lies between two moments.",
    no_args_is_help=True,
    add_completion=False,
)


def due_command(
    clause: Annotated[str | None, typer.Argument(metavar="CLAUSE", help="e.g. daily.response")] = None,
    at: Annotated[str | None, typer.Option("--at", metavar="ISO", help="when its span begins")] = None,
    effective: Annotated[
        str | None,
        typer.Option(
            "--effective", metavar="ISO", help="say instead by when to announce what takes effect then"
        ),
    ] = None,
    as_json: _Json = False,
    batch: Annotated[
        Path | None,
        typer.Option(
            "--batch", help='lines of {"clause", "at"} in (- is standard input), a JSON line out for each'
        ),
    ] = None,
    agreement: _AgreementPath = None,
    holidays: _HolidaysPath = None,
) -> None:
    """Say when a clause is due, and why.

    Exits 0 when done; 1 for a clause there is not, a span nobody has set or a bad batch line; 2 for wrong
    usage or file, and for off_hours, which has no span to be due.
    """
    try:
        terms = Agreement.load(agreement, holidays)
        if batch is not None:
            if clause is not None or at is not None or effective is not None:
                raise ValueError("--batch FILE stands alone (accepted: CLAUSE --at ISO, or --batch FILE)")
            raise typer.Exit(lines.batch(batch, lambda line: _due_shape(terms, _due(terms, line))))
        answer = _due(terms, {"clause": clause, "at": at, "effective": effective})
    except (UnknownClause, SpanUnset) as error:
        stop(str(error), REFUSED, command="due")
    except (DeskError, ValueError) as error:
        stop(str(error), WRONG, command="due")
    typer.echo(lines.line(_due_shape(terms, answer)) if as_json else _prose(terms, answer))


@worktime_app.command("add")
def add_command(
    at: Annotated[str | None, typer.Option("--at", metavar="ISO", help="when the span begins")] = None,
    span: Annotated[
        str | None, typer.Option("--for", metavar="SPAN", help="20m, 1h30m of working time; 3d working days")
    ] = None,
    as_json: _AlwaysJson = False,
    calendar: _CalendarPath = None,
    agreement: _AgreementPath = None,
    holidays: _HolidaysPath = None,
) -> None:
    """Say when a span ends that begins at a moment: {"result": ISO}."""
    _say({"add": at, "for": span}, calendar, agreement, holidays)


@worktime_app.command("between")
def between_command(
    since: Annotated[str | None, typer.Argument(metavar="ISO", help="from")] = None,
    until: Annotated[str | None, typer.Argument(metavar="ISO", help="to")] = None,
    as_json: _AlwaysJson = False,
    calendar: _CalendarPath = None,
    agreement: _AgreementPath = None,
    holidays: _HolidaysPath = None,
) -> None:
    """Say how many seconds of working time lie between two moments, none when reversed: {"seconds": n}."""
    _say({"from": since, "to": until}, calendar, agreement, holidays)


@worktime_app.command("batch")
def batch_command(
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", help='lines of {"add", "for"} or {"from", "to"}; - is standard input'),
    ],
    as_json: _AlwaysJson = False,
    calendar: _CalendarPath = None,
    agreement: _AgreementPath = None,
    holidays: _HolidaysPath = None,
) -> None:
    """Answer every line of a file, in order; exits 1 where a line was bad."""
    try:
        times = _calendar(calendar, agreement, holidays)
        code = lines.batch(file, lambda line: _worktime(times, line))
    except (DeskError, ValueError) as error:
        stop(str(error), WRONG, command="worktime batch")
    raise typer.Exit(code)


def _say(
    line: Mapping[str, str | None], calendar: Path | None, agreement: Path | None, holidays: Path | None
) -> None:
    try:
        typer.echo(lines.line(_worktime(_calendar(calendar, agreement, holidays), line)))
    except (DeskError, ValueError) as error:
        stop(str(error), WRONG, command="worktime " + ("add" if "add" in line else "between"))


def _calendar(calendar: Path | None, agreement: Path | None, holidays: Path | None) -> Calendar:
    if calendar is not None:
        return Calendar.load(calendar)
    return Agreement.load(agreement, holidays).calendar


def _worktime(calendar: Calendar, line: Mapping[str, Any]) -> dict[str, Any]:
    """One question about working time answered.

    Raises:
        ValueError: the line is neither question, or a moment or span in it is none.
    """
    if "add" in line and "from" not in line and "to" not in line:
        at, span = lines.moment(calendar, line["add"], "at"), Span.parse(lines.given(line.get("for"), "for"))
        return {"result": calendar.local(calendar.add(at, span)).isoformat()}
    if "from" in line and "add" not in line:
        worked = calendar.between(
            lines.moment(calendar, line["from"], "from"), lines.moment(calendar, line.get("to"), "to")
        )
        whole, rest = divmod(worked, timedelta(seconds=1))
        return {"seconds": worked.total_seconds() if rest else whole}
    raise ValueError('neither question (accepted: {"add": ISO, "for": "20m"} or {"from": ISO, "to": ISO})')


def _due(terms: Agreement, line: Mapping[str, Any]) -> Due | AnnounceBy:
    """One question about a clause answered.

    Raises:
        UnknownClause, SpanUnset: there is no such clause, or nothing for it to be due by yet.
        ValueError: the question is no lawful one.
    """
    clause = terms.clause(lines.given(line.get("clause"), "clause"))
    if clause.counted == "policy":
        raise ValueError(f"{clause.name} has no span (accepted: a clause with one, e.g. daily.response)")
    if line.get("effective") is not None:
        if clause.lead is None:
            leads = ", ".join(each.name for each in terms.clauses if each.lead is not None)
            raise ValueError(f"{clause.name} asks for no lead (accepted with --effective: {leads})")
        return terms.announce_by(clause.name, lines.moment(terms.calendar, line["effective"], "effective"))
    return terms.due_of(clause, lines.moment(terms.calendar, line.get("at"), "at"))


def _due_shape(terms: Agreement, answer: Due | AnnounceBy) -> dict[str, Any]:
    local = terms.calendar.local
    moments: dict[str, datetime] = (
        {"starts": answer.starts, "due": answer.due}
        if isinstance(answer, Due)
        else {"effective": answer.effective, "announce_by": answer.announce_by}
    )
    shape: dict[str, Any] = {name: local(moment).isoformat() for name, moment in moments.items()}
    return {"clause": answer.clause, **shape, "why": list(answer.why)}


def _prose(terms: Agreement, answer: Due | AnnounceBy) -> str:
    """The answer as a person at a terminal reads it."""

    def told(at: datetime) -> str:
        return terms.calendar.local(at).strftime("%Y-%m-%d %H:%M:%S").removesuffix(":00")

    clause = terms.clause(answer.clause)
    first, last = (
        (f"起算：{told(answer.starts)}", f"截止：{told(answer.due)}")
        if isinstance(answer, Due)
        else (f"生效：{told(answer.effective)}", f"最晚通知：{told(answer.announce_by)}")
    )
    return "\n".join((f"{clause.name} {clause.text}", first, last, f"依据：{'；'.join(answer.why)}"))
