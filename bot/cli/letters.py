"""``desk letters``: the messages that did not arrive, or perhaps did not; sent again, or let be."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from bot.cli.exits import REFUSED, stop
from bot.cli.unit import open_uses, operator

letters_app = typer.Typer(
    name="letters", help="Messages given up or in doubt, which wait for a person.", no_args_is_help=True
)

_Ids = Annotated[list[int], typer.Argument(metavar="ID...", min=1, help="as `letters list` prints them")]


@letters_app.command("list")
def list_command(
    as_json: Annotated[bool, typer.Option("--json", help="one JSON array, newest first")] = False,
) -> None:
    """Print them, the newest first, with who should have got each and why they did not."""
    with open_uses(reading=True) as (uses, unit):
        rows = [
            {
                "id": written.id,
                "state": written.state.value,
                "to": f"{written.letter.channel}:{written.letter.recipient}",
                "about": written.letter.subject,
                "kind": written.letter.kind,
                "written_at": written.written_at.isoformat(timespec="seconds"),
                "reason": written.reason or "",
            }
            for written in uses.stuck(unit, operator(), "cli").listed()
        ]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        typer.echo("  ".join(str(value) for value in row.values() if value != ""))
    if not rows:
        typer.echo("every message arrived, or is on its way")


@letters_app.command("resend")
def resend_command(ids: _Ids) -> None:
    """Send messages again, each once; one that may have arrived says that it may be a repeat."""
    with open_uses() as (uses, unit):
        sent = len(uses.stuck(unit, operator(), "cli").resend(ids))
    if not sent:
        stop(
            "none of them waits for a person, or can be sent again here (a notice's: `desk notice`)", REFUSED
        )
    typer.echo(f"{sent} sent again")


@letters_app.command("drop")
def drop_command(ids: _Ids) -> None:
    """Send messages no more, since whoever should know was told otherwise."""
    with open_uses() as (uses, unit):
        ended = uses.stuck(unit, operator(), "cli").let_be(ids)
    if not ended:
        stop("none of them waits for a person", REFUSED)
    typer.echo(f"{ended} dropped")
