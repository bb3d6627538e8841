"""``desk data``: what is kept about people, for how long, and how it goes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli_unit import WRONG, stop
from workorders.agreement.clauses import Agreement
from workorders.errors import FileError

if TYPE_CHECKING:
    from collections.abc import Mapping

data_app = typer.Typer(
    name="data", help="What is kept about people: for how long, and how it goes.", no_args_is_help=True
)

_Agreement = Annotated[
    Path | None,
    typer.Option("--agreement", envvar="AGREEMENT_PATH", help="whose [retention] says how long"),
]
_Json = Annotated[bool, typer.Option("--json", help="one JSON value")]


@data_app.command("inventory")
def inventory_command(agreement: _Agreement = None, as_json: _Json = False) -> None:
    """Print every column: what it holds, how long it is kept, where it is shown. Needs no database."""
    from bot.sql.inventory import INVENTORY, Holds, holds, tables

    retention = _terms(agreement).retention
    rows: list[Mapping[str, str]] = [
        {
            "column": str(column),
            "holds": holds(column) or Holds.PLAIN,
            "kept": kept.kind,
            "for": str(retention.spans[kept.kind]) if kept.kind in retention.spans else _AS_LONG[kept.kind],
            "shown": kept.shown,
        }
        for table in tables()
        for kept in [INVENTORY[table.name]]
        for column in table.columns
    ]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        typer.echo("  ".join((f"{row['column']:28}", f"{row['holds']:6}", f"{row['for']:14}", row["shown"])))


_AS_LONG = {"directory": "with directory", "machine": "while in use"}


def _terms(path: Path | None) -> Agreement:
    try:
        return Agreement.load(path)
    except FileError as error:
        stop(str(error), WRONG)
