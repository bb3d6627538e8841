"""``desk hotline``: how a logged call is understood; nothing is filed, and no settings are needed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cli import lines
from bot.cli.exits import WRONG, stop
from handlers.calls.reading import Call, read
from workorders.agreement.clauses import Agreement
from workorders.directory.file import DirectoryFile
from workorders.errors import DeskError

hotline_app = typer.Typer(help="Logged phone calls.", no_args_is_help=True, add_completion=False)


@hotline_app.callback()
def hotline() -> None:
    """Logged phone calls."""


@hotline_app.command("read")
def read_command(
    text: Annotated[str | None, typer.Argument(metavar="TEXT", help="the call as it was logged")] = None,
    at: Annotated[str | None, typer.Option("--at", metavar="ISO", help="when it was logged")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object")] = False,
    batch: Annotated[
        Path | None,
        typer.Option("--batch", help='lines of {"text", "at"} (- is standard input), JSON out'),
    ] = None,
    directory: Annotated[
        Path | None, typer.Option("--directory", help="a directory file (TOML), whose partners are known")
    ] = None,
    agreement: Annotated[
        Path | None,
        typer.Option("--agreement", envvar="AGREEMENT_PATH", help="whose calendar says what the clock shows"),
    ] = None,
) -> None:
    """Say how a logged call is understood.

    Exits 0 when done, whatever is missing or in doubt; 1 for a bad batch line; 2 for wrong usage or file.
    """
    try:
        calendar = Agreement.load(agreement).calendar
        file = DirectoryFile.read(directory) if directory else DirectoryFile()
        partners = [(partner.name, partner.aliases) for partner in file.partners]

        def reading(line: Mapping[str, Any]) -> Call:
            logged = lines.moment(calendar, line.get("at"), "at")
            return read(lines.given(line.get("text"), "text"), logged, partners, calendar)

        if batch is not None:
            if text is not None or at is not None:
                raise ValueError("--batch FILE stands alone (accepted: TEXT --at ISO, or --batch FILE)")
            raise typer.Exit(lines.batch(batch, lambda line: shape(reading(line))))
        call = reading({"text": text, "at": at})
    except (DeskError, ValueError) as error:
        stop(str(error), WRONG, command="hotline read")
    typer.echo(lines.line(shape(call)) if as_json else prose(call))


def shape(call: Call) -> dict[str, Any]:
    """The call as the one line of JSON of design §7."""
    return {
        "partner": call.partner,
        "caller": call.caller,
        "phone": call.phone,
        "kind": call.kind,
        "called_at": call.called_at.isoformat(),
        "problem": call.problem,
        "missing": list(call.missing),
        "doubts": [doubt.said for doubt in call.doubts],
    }


def prose(call: Call) -> str:
    """The call as a person at a terminal reads it."""
    told = {
        "伙伴": call.partner,
        "来电人": call.caller,
        "电话": call.phone,
        "级别": "紧急" if call.kind == "urgent" else "日常",
        "来电时间": call.called_at.strftime("%Y-%m-%d %H:%M"),
        "问题": call.problem,
    }
    rows = [f"{label}：{value or '（缺）'}" for label, value in told.items()]
    return "\n".join([*rows, *(f"待确认：{doubt.said}" for doubt in call.doubts)])
