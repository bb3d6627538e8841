"""How a command ends that does not do what was asked: one line on standard error, and an exit code."""

from __future__ import annotations

from typing import NoReturn

import typer

#: Refused, not found or some line of a batch bad; wrong usage or file.
REFUSED, WRONG = 1, 2


def stop(line: str, code: int, *, command: str = "") -> NoReturn:
    """End the command with one line on standard error.

    Args:
        command: whose line it is, where the line does not say.
    """
    typer.echo(f"{f'desk {command}'.strip()}: {line}", err=True)
    raise typer.Exit(code)
