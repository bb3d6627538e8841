"""``desk obligation``: due moments that are not work orders, looked at and acted on by the operator.

A moment bears its UTC offset; a day is ``2026-12-07``. Every verb says on whose behalf it is (``--by``).
"""

from __future__ import annotations

import json
import re
from typing import Annotated

import typer

from bot.cli.exits import REFUSED, WRONG, stop
from bot.cli.obligation_filing import file_app
from bot.cli.obligation_shape import AsJson, By, Number, act, day, print_one, said, shape
from bot.cli.unit import clean, moment, open_uses, partner_named
from workorders.errors import Refused
from workorders.obligations.matters import Item, SlipForm

obligation_app = typer.Typer(
    name="obligation",
    help="Delivery slips, coaching months, surveys and changes of people.",
    no_args_is_help=True,
)
obligation_app.add_typer(file_app, name="file")

_Reason = Annotated[str, typer.Option("--reason", help="why", callback=clean)]
_Partner = Annotated[str | None, typer.Option("--partner", metavar="NAME", help="only this partner's")]


@obligation_app.command("list")
def list_command(partner: _Partner = None, as_json: AsJson = False) -> None:
    """Print the open ones, next due first."""
    with open_uses(reading=True) as (uses, unit):
        which = partner_named(partner, unit).id if partner else None
        told = [shape(o, unit) for o in unit.obligations.live(which)]
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False))
        return
    for one in told:
        typer.echo(said(one, uses.agreement.calendar))
    if not told:
        typer.echo("no open obligation")


@obligation_app.command("show")
def show_command(number: Number, as_json: AsJson = False) -> None:
    """Print one as it stands: what it is about, why its due moment is what it is, and what happened to it."""
    from workorders.agreement.terms import Clause

    with open_uses(reading=True) as (uses, unit):
        o = unit.obligations.read(number)
        if o is None:
            stop(f"obligation {number}: there is none", REFUSED)
        why = uses.agreement.due_of(Clause.thaw(o.clause), o.starts).why
        events = unit.obligations.events(number)
        lived = [{"verb": e.verb, "at": e.at.isoformat(), "by": e.by, "facts": e.facts} for e in events]
        told = {**shape(o, unit), "why": list(why), "events": lived}
        calendar = uses.agreement.calendar
    print_one(told, as_json, calendar)
    if not as_json:
        for line in why:
            typer.echo(f"  why: {line}")
        for event in events:
            typer.echo(f"  {calendar.local(event.at):%Y-%m-%d %H:%M} {event.verb} by {event.by or 'clock'}")


@obligation_app.command("object")
def object_command(
    number: Number,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="what is wrong with the goods", callback=clean)],
    by: By,
    received: Annotated[
        str | None, typer.Option("--received", metavar="ISO", help="when the partner's mail came")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Enter a partner's objection to a delivery; a work order is opened for it."""
    at = moment(received, "--received")
    act(by, as_json, lambda desk, person, uses, unit: desk.object_to(number, person, text, at))


@obligation_app.command("receive")
def receive_command(
    number: Number,
    form: Annotated[SlipForm, typer.Option("--form", help="how it came")],
    by: By,
    as_json: AsJson = False,
) -> None:
    """The slip is there."""
    act(by, as_json, lambda desk, person, uses, unit: desk.receive(number, person, form))


@obligation_app.command("withhold")
def withhold_command(number: Number, reason: _Reason, by: By, as_json: AsJson = False) -> None:
    """Withhold service while the slip is missing."""
    act(by, as_json, lambda desk, person, uses, unit: desk.withhold(number, person, reason))


@obligation_app.command("lift")
def lift_command(number: Number, by: By, as_json: AsJson = False) -> None:
    """Give service again."""
    act(by, as_json, lambda desk, person, uses, unit: desk.lift(number, person))


@obligation_app.command("retrain")
def retrain_command(
    number: Number,
    on: Annotated[str, typer.Option("--day", metavar="DATE", help="the day of the session")],
    by: By,
    on_site: Annotated[bool, typer.Option("--on-site", help="we travelled; travel is the partner's")] = False,
    note: Annotated[str, typer.Option("--note", help="a word on it", callback=clean)] = "",
    as_json: AsJson = False,
) -> None:
    """Record a retraining session, at the clause's fee."""
    when = day(on, "--day")
    act(
        by,
        as_json,
        lambda desk, person, uses, unit: desk.retrain(number, person, when, on_site=on_site, note=note),
    )


@obligation_app.command("answer")
def answer_command(
    number: Number,
    scores: Annotated[str, typer.Option("--scores", metavar="N,N,N,N", help=f"1 to 5 for {', '.join(Item)}")],
    by: By,
    remark: Annotated[str, typer.Option("--remark", help="the remark with them", callback=clean)] = "",
    as_json: AsJson = False,
) -> None:
    """Enter a survey that came by mail."""
    marks = [int(mark) for mark in re.findall(r"\d+", scores)]
    if len(marks) != len(Item) or re.search(r"[^\d,\s]", scores):
        stop(f"--scores {scores}: not {len(Item)} marks (accepted: 1 to 5 for {', '.join(Item)})", WRONG)
    given = dict(zip(Item, marks, strict=True))
    act(by, as_json, lambda desk, person, uses, unit: desk.answer(number, person, given, remark))


@obligation_app.command("confirm")
def confirm_command(number: Number, by: By, as_json: AsJson = False) -> None:
    """Confirm a partner's change."""
    act(by, as_json, lambda desk, person, uses, unit: desk.confirm(number, person))


@obligation_app.command("cancel")
def cancel_command(number: Number, reason: _Reason, by: By, as_json: AsJson = False) -> None:
    """Declare it void."""
    act(by, as_json, lambda desk, person, uses, unit: desk.cancel(number, person, reason))


@obligation_app.command("cadence")
def cadence_command(
    partner: Annotated[str, typer.Argument(metavar="PARTNER", help="its name or alias")],
    months: Annotated[int, typer.Argument(metavar="MONTHS", help="from one survey to the next")],
    by: By,
    as_json: AsJson = False,
) -> None:
    """Survey a partner every so many months, within what the clause allows."""
    with open_uses() as (uses, unit):
        whose = partner_named(partner, unit)
        try:
            plan = uses.surveys(unit).set_cadence(unit.directory.person(by), whose, months)
        except Refused as refused:
            stop(str(refused), REFUSED)
    assert plan.next_at is not None
    told = {"partner": whose.name, "months": plan.months, "next_at": plan.next_at.isoformat()}
    local = uses.agreement.calendar.local(plan.next_at)
    line = f"{whose.name}: every {plan.months} months, next {local:%Y-%m-%d %H:%M}"
    typer.echo(json.dumps(told, ensure_ascii=False) if as_json else line)


@obligation_app.command("averages")
def averages_command(partner: _Partner = None, as_json: AsJson = False) -> None:
    """Print the mean marks of the surveys that were answered, by partner."""
    from workorders.obligations.surveys import averages

    with open_uses(reading=True) as (_, unit):
        partners = [partner_named(partner, unit)] if partner else unit.directory.partners()
        answered = {p.name: unit.obligations.surveys(p.id) for p in partners}
    told = [
        (name, len(found), {str(item): round(mean, 2) for item, mean in means.items()})
        for name, found in answered.items()
        if (means := averages(found))
    ]
    if as_json:
        rows = [{"partner": name, "surveys": count, "averages": marks} for name, count, marks in told]
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    for name, count, marks in told:
        typer.echo(f"{name}: {count} surveys; {', '.join(f'{item} {mean}' for item, mean in marks.items())}")
    if not told:
        typer.echo("no survey was answered yet")
