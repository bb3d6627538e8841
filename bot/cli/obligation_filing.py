"""``desk obligation file``: what came by mail, by post or by word of mouth, filed for one of our people."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

import typer

from bot.cli.exits import REFUSED, WRONG, stop
from bot.cli.obligation_shape import AsJson, By, act, day
from bot.cli.unit import clean, moment, partner_named
from workorders.directory.people import Role
from workorders.obligations.matters import Goods

file_app = typer.Typer(help="File an obligation. A survey is the clock's to create.", no_args_is_help=True)

_Partner = Annotated[str, typer.Option("--partner", metavar="NAME", help="its name or alias")]
_Role = Annotated[Role, typer.Option("--role", help="the post")]
_Leaves = Annotated[str, typer.Option("--leaves", help="who had the post")]
_Comes = Annotated[str, typer.Option("--comes", help="who gets it")]
_Effective = Annotated[str, typer.Option("--effective", metavar="DATE", help="the day it takes effect")]
_Stamped = Annotated[
    bool, typer.Option("--stamped/--no-stamp", help="whether the letter bears the company's stamp")
]


@file_app.command("slip")
def slip_command(
    partner: _Partner,
    delivered: Annotated[str, typer.Option("--delivered", metavar="ISO", help="when it was delivered")],
    goods: Annotated[Goods, typer.Option("--goods", help="what was delivered")],
    amount: Annotated[str, typer.Option("--amount", metavar="YUAN", help="what it cost, e.g. 5000.00")],
    by: By,
    as_json: AsJson = False,
) -> None:
    """A delivery and its slip (clause goods.objection)."""
    at = moment(delivered, "--delivered")
    assert at is not None
    fen = _fen(amount)
    act(
        by,
        as_json,
        lambda desk, person, uses, unit: desk.file_slip(
            person, partner_named(partner, unit), delivered_at=at, goods=goods, fen=fen
        ),
    )


@file_app.command("coaching")
def coaching_command(
    partner: _Partner,
    trainee: Annotated[str, typer.Option("--trainee", help="who was trained", callback=clean)],
    exam: Annotated[str, typer.Option("--exam", metavar="DATE", help="the day the exam was passed")],
    practical: Annotated[str, typer.Option("--practical", metavar="DATE", help="and the practical")],
    by: By,
    as_json: AsJson = False,
) -> None:
    """A coaching month (clause training.coaching): exam and practical are both passed."""
    passed = day(exam, "--exam"), day(practical, "--practical")
    act(
        by,
        as_json,
        lambda desk, person, uses, unit: desk.file_coaching(
            person, partner_named(partner, unit), trainee=trainee, exam=passed[0], practical=passed[1]
        ),
    )


@file_app.command("their-change")
def their_change_command(
    partner: _Partner,
    role: _Role,
    leaves: _Leaves,
    comes: _Comes,
    effective: _Effective,
    by: By,
    stamped: _Stamped,
    reach: Annotated[str, typer.Option("--reach", help="the new phone or mail", callback=clean)] = "",
    received: Annotated[
        str | None, typer.Option("--received", metavar="ISO", help="when the mail came; now otherwise")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """A partner's change of people (clause personnel.confirm), which we must confirm."""
    on, at = day(effective, "--effective"), moment(received, "--received")
    act(
        by,
        as_json,
        lambda desk, person, uses, unit: desk.file_their_change(
            person,
            partner_named(partner, unit),
            role=role,
            leaves=leaves,
            comes=comes,
            effective=on,
            stamped=stamped,
            reach=reach,
            received_at=at,
        ),
    )


@file_app.command("our-change")
def our_change_command(
    role: _Role,
    leaves: _Leaves,
    comes: _Comes,
    effective: _Effective,
    by: By,
    stamped: _Stamped,
    rank: Annotated[int, typer.Option("--rank", min=1, max=2, help="1 一责, 2 二责")] = 1,
    as_json: AsJson = False,
) -> None:
    """Our own change of people (clause notice.personnel): told to every partner, in effect by itself."""
    on = day(effective, "--effective")

    def file(desk: Any, person: Any, uses: Any, unit: Any) -> Any:
        people = []
        for option, name in (("--leaves", leaves), ("--comes", comes)):
            found = unit.directory.staff_named(name)
            if len(found) != 1:
                stop(f"{option} {name}: nobody of ours, or several, of that name or userid", REFUSED)
            people.append(found[0])
        return desk.file_our_change(
            person, role=role, rank=rank, frm=people[0], to=people[1], effective=on, stamped=stamped
        )

    act(by, as_json, file)


def _fen(text: str) -> int:
    """Hundredths of a yuan; what is no amount stops the command."""
    try:
        fen = Decimal(text.strip().replace(",", "")) * 100
    except InvalidOperation:
        fen = Decimal("NaN")
    if not fen.is_finite() or fen != fen.to_integral_value():
        stop(f"--amount {text}: is no amount (accepted: yuan, from 0, at most two decimals)", WRONG)
    return int(fen)
