"""``desk notice``: composing, approving and sending notices, and what became of them."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.exits import REFUSED, WRONG, stop
from bot.cli.notice_draft import ACCEPTED, draft_of, given_in, text_of
from bot.cli.unit import clean, open_uses

if TYPE_CHECKING:
    from datetime import datetime

    from bot.sql.unit import Unit
    from workorders.directory.people import Person
    from workorders.notices.audience import Reading
    from workorders.notices.desk import NoticeDesk
    from workorders.notices.notice import Notice
    from workorders.notices.receipt import Receipt

notice_app = typer.Typer(name="notice", help="Notices, and who acknowledged them.", no_args_is_help=True)

_FIELDS = {
    "title": "one line of at most 26 characters",
    "body": "markdown",
    "effective": "when it takes effect, such as 2026-11-23T09:00:00+08:00",
    "stamped": "the stamped letter's file or reference, at most 100 characters",
    "emergency": "at most 100 characters",
    "reason": "at most 100 characters",
}
Number = Annotated[str, typer.Argument(metavar="N12", help="the notice")]
By = Annotated[str, typer.Option("--by", metavar="USERID", help="which of our people does it")]
AsJson = Annotated[bool, typer.Option("--json", help="one JSON object")]
File = Annotated[
    Path | None,
    typer.Argument(metavar="[FILE]", help=f"TOML with kind, {', '.join(ACCEPTED)}; options go before it"),
]
Kind = Annotated[str | None, typer.Option("--kind", help="upgrade, faq_update, personnel, annex or business")]
Title = Annotated[str | None, typer.Option("--title", help="one line, at most 26 characters")]
Body = Annotated[Path | None, typer.Option("--body", metavar="FILE", help="markdown")]
Effective = Annotated[str | None, typer.Option("--effective", metavar="ISO", help="when it takes effect")]
Roles = Annotated[
    list[str] | None, typer.Option("--role", help="a post on the partners' side; may be repeated")
]
Own = Annotated[list[str] | None, typer.Option("--own", help="a post on our side; may be repeated")]
Partners = Annotated[list[str] | None, typer.Option("--partner", help="only this one; may be repeated")]
To = Annotated[
    list[str] | None, typer.Option("--to", metavar="WHO", help="a userid or mail address; may be repeated")
]
Suspension = Annotated[bool, typer.Option("--suspension", help="payment service is suspended")]
Emergency = Annotated[
    str | None, typer.Option("--emergency", metavar="REASON", help="why the lead is too short")
]
Stamped = Annotated[str | None, typer.Option("--stamped", help="the stamped letter's file or reference")]
Cut = Annotated[bool, typer.Option("--cut", help="where it is too long, show its beginning and the link")]


@notice_app.command()
def compose(
    by: By,
    file: File = None,
    kind: Kind = None,
    title: Title = None,
    body: Body = None,
    effective: Effective = None,
    role: Roles = None,
    own: Own = None,
    partner: Partners = None,
    to: To = None,
    suspension: Suspension = False,
    emergency: Emergency = None,
    stamped: Stamped = None,
    cut: Cut = False,
    preview: Annotated[
        bool, typer.Option("--preview", help="show what each channel would show, and keep nothing")
    ] = False,
    corrects: Annotated[
        str | None, typer.Option("--corrects", metavar="N12", help="the notice it takes the place of")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write a draft, and say who would be told, how many they are, and what would not reach them."""
    given = given_in(file)
    options: dict[str, Any] = {
        "kind": kind,
        "title": title,
        "body": text_of(body) if body else None,
        "effective": effective,
        "suspension": suspension or None,
        "emergency": emergency,
        "stamped": stamped,
        "cut": cut or None,
        "roles": role or None,
        "own": own or None,
        "partners": partner or None,
        "to": to or None,
    }
    given |= {key: value for key, value in options.items() if value is not None}
    with _desk() as (desk, unit):
        who = _person(unit, by)
        draft = draft_of(given, unit, str(file or "--kind"))
        replaced = _number(corrects) if corrects else None
        if preview:
            notice = desk.preview(draft, who, replaced)
        else:
            notice = desk.correct(replaced, who, draft) if replaced else desk.compose(draft, who)
        reading = desk.reading(notice.kind, notice.audience)
        warned = desk.warning(notice, desk.now())
        told = _facts(notice) | {
            "headcount": len(reading.recipients),
            "partners": reading.by_partner(),
            "problems": [f"{p.who}: {p.what.replace('_', ' ')} {p.detail}".strip() for p in reading.problems],
            "warnings": [
                f"payment is suspended: announce it {warned.days} working days ahead"
                f"{f' for {warned.partner}' if warned.partner else ''}, by {_local(warned.announce_by)}"
            ]
            if warned
            else [],
        }
        shown = _shown(notice, reading) if preview else {}
        if not preview:
            _done(unit, "compose", who, notice)
    _say(
        told | ({"shown": shown} if preview else {}),
        as_json,
        [
            f"{notice.name} {'would read' if preview else 'drafted'}: {notice.title}"
            f" ({told['headcount']} to tell)",
            *(f"  {name}: {count}" for name, count in reading.by_partner().items()),
            *(f"  problem: {line}" for line in told["problems"]),
            *(f"  warning: {line}" for line in told["warnings"]),
            *_as_lines(shown),
        ],
    )


@notice_app.command()
def approve(number: Number, by: By, as_json: AsJson = False) -> None:
    """Approve a draft somebody else composed."""
    _act("approve", number, by, as_json, lambda desk, n, who: desk.approve(n, who))


@notice_app.command()
def send(number: Number, by: By, as_json: AsJson = False) -> None:
    """Send what was approved: at once in service hours, else at the next opening."""
    _act("send", number, by, as_json, lambda desk, n, who: desk.send(n, who))


@notice_app.command()
def recall(
    number: Number,
    by: By,
    reason: Annotated[str, typer.Option("--reason", help="what those told are told", callback=clean)],
    as_json: AsJson = False,
) -> None:
    """Recall a notice: what has not gone out does not, and whoever was told is told so."""
    _act("recall", number, by, as_json, lambda desk, n, who: desk.recall(n, who, reason))


@notice_app.command()
def remind(number: Number, by: By, as_json: AsJson = False) -> None:
    """Remind the silent, at least five minutes apart."""
    with _desk() as (desk, unit):
        who = _person(unit, by)
        silent = desk.remind(_number(number), who)
        notice = unit.notices.read(_number(number))
        assert notice is not None
        _done(unit, "remind", who, notice)
    _say({"notice": notice.name, "reminded": silent}, as_json, [f"{notice.name}: {silent} reminded"])


@notice_app.command()
def acknowledge(
    number: Number,
    who: Annotated[str, typer.Argument(metavar="WHO", help="the recipient: a userid or mail address")],
    by: By,
    note: Annotated[str, typer.Option("--note", help="how they said so, e.g. by telephone", callback=clean)],
    as_json: AsJson = False,
) -> None:
    """Take down an acknowledgement for somebody who gave it otherwise."""
    _mend("acknowledge", number, who, by, as_json, lambda desk, r, me: desk.acknowledge_for(r.id, me, note))


@notice_app.command()
def redeliver(
    number: Number,
    who: Annotated[str, typer.Argument(metavar="WHO", help="the recipient: a userid or mail address")],
    by: By,
    as_json: AsJson = False,
) -> None:
    """Send again by the channels that failed, to what the directory now says."""
    _mend("redeliver", number, who, by, as_json, lambda desk, r, me: desk.redeliver(r.id, me))


@notice_app.command("list")
def list_command(
    most: Annotated[int, typer.Option("--most", min=1, max=1000, help="how many, newest first")] = 20,
    as_json: AsJson = False,
) -> None:
    """The newest notices, each with how many answered."""
    rows = []
    with _desk(reading=True) as (_, unit):
        for notice in unit.notices.latest(most):
            rows.append(_facts(notice) | {"counts": _counts(unit, notice.number)})
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        counts = " ".join(f"{state}={n}" for state, n in row["counts"].items())
        typer.echo(f"{row['notice']:6} {row['state']:10} {row['title']}  {counts}".rstrip())


@notice_app.command()
def show(number: Number, as_json: AsJson = False) -> None:
    """A notice as it was composed: what it says by each channel, and what there is to judge it by."""
    with _desk(reading=True) as (desk, unit):
        notice = unit.notices.read(_number(number))
        if notice is None:
            stop(f"{number}: there is no such notice", REFUSED)
        shown = _shown(notice, desk.reading(notice.kind, notice.audience))
        told = _facts(notice) | {
            "body": notice.body,
            "suspension": notice.suspension,
            "emergency": notice.emergency,
            "stamped": notice.stamped,
            "cut": notice.cut,
            "composer": notice.composer,
            "approver": notice.approver,
            "intact": notice.intact,
            "shown": shown,
        }
    facts = [(key, told[key]) for key in ("effective", "suspension", "emergency", "stamped", "hash")]
    _say(
        told,
        as_json,
        [
            f"{notice.name} {notice.state}: {notice.title}",
            *(f"  {key}: {value}" for key, value in facts if value),
            *([] if notice.intact else ["  what is kept is not what was composed: its hash is another"]),
            *_as_lines(shown),
        ],
    )


@notice_app.command()
def status(number: Number, as_json: AsJson = False) -> None:
    """How far a notice is: counts by state and by partner, and the time left."""
    with _desk(reading=True) as (desk, unit):
        notice = unit.notices.read(_number(number))
        if notice is None:
            stop(f"{number}: there is no such notice", REFUSED)
        now = desk.now()
        due = unit.notices.next_due(notice.number, now) if notice.out else None
        partners: dict[str, dict[str, int]] = {}
        for (partner, state), count in unit.notices.counts(notice.number).items():
            found = unit.directory.partner(partner) if partner else None
            name = found.name if found else "us" if partner is None else "-"
            partners.setdefault(name, {})[state] = count
        told = _facts(notice) | {
            "headcount": notice.headcount,
            "counts": _counts(unit, notice.number),
            "partners": partners,
            "next_due": due.isoformat() if due else None,
            "seconds_left": int((due - now).total_seconds()) if due else None,
            "unsent": unit.letters.waiting_about(f"notice:{notice.number}", 1_000_000),
        }
    lines = [f"{notice.name} {notice.state}: {notice.title}", f"  told {notice.headcount}"]
    lines += [f"  {state}: {count}" for state, count in told["counts"].items()]
    lines += [
        f"  {name}: {', '.join(f'{state} {count}' for state, count in counts.items())}"
        for name, counts in partners.items()
    ]
    if due:
        lines.append(f"  next due {_local(due)} ({told['seconds_left']} s left)")
    if told["unsent"]:
        lines.append(f"  {told['unsent']} letters still to go out")
    _say(told, as_json, lines)


@notice_app.command()
def evidence(
    number: Number,
    html: Annotated[Path | None, typer.Option("--html", metavar="FILE", help="a page to print")] = None,
    as_csv: Annotated[Path | None, typer.Option("--csv", metavar="FILE", help="a file Excel opens")] = None,
) -> None:
    """Write down who was told what, when and by which channel, and what they said.

    Reading it is recorded in the audit: it names people and their addresses.
    """
    from bot import notice_evidence
    from bot.acts import Act
    from bot.cli.unit import operator

    if html is None and as_csv is None:
        stop("notice evidence: --html FILE, --csv FILE or both", WRONG)
    with _desk() as (desk, unit):
        found = notice_evidence.collect(unit, _number(number), desk.now(), operator())
        if found is None:
            stop(f"{number}: there is no such notice", REFUSED)
        unit.audit.record(
            Act.NOTICE_READ, who=operator(), door="cli", subject=f"notice:{found.notice.number}"
        )
        page, sheet = notice_evidence.as_html(found), notice_evidence.as_csv(found)
    for path, text in ((html, page), (as_csv, sheet)):
        if path is None:
            continue
        try:
            path.write_text(text, encoding="utf-8")
        except OSError as error:
            stop(f"{path}: {error.strerror}", WRONG)
        typer.echo(f"{path}: written")


def _shown(notice: Notice, reading: Reading) -> dict[str, str]:
    """What each channel will show to those who will be told, as text."""
    from bot.wecom.cards import app_card
    from handlers.phrases import notices as phrases
    from workorders.notices.notice import GROUP_BODY

    told = phrases.Telling("notice", notice, notice.clause(None), None, os.environ.get("AIBOT_NAME", "…"))
    card = app_card(phrases.card(told, "…", "preview", buttons=True), "…")
    head = (*card["main_title"].values(), card.get("sub_title_text", ""))
    rows = (f"{row['keyname']} {row['value']}" for row in card.get("horizontal_content_list", ()))
    buttons = (f"[{button['text']}]" for button in card["button_list"])
    whole = {
        "group": phrases.markdown(told, "…", most=GROUP_BODY),
        "app": "\n".join((*head, *rows, " ".join(buttons))),
        "mail": f"{phrases.subject(told)}\n{phrases.as_text(phrases.markdown(told, '…'))}",
    }
    return {channel: words for channel, words in whole.items() if channel in reading.channels}


def _as_lines(shown: Mapping[str, str]) -> list[str]:
    return [
        line
        for channel, words in shown.items()
        for line in (f"  {channel}:", *(f"    {said}".rstrip() for said in words.split("\n")))
    ]


def _act(verb: str, number: str, by: str, as_json: bool, do: Any) -> None:
    with _desk() as (desk, unit):
        who = _person(unit, by)
        notice: Notice = do(desk, _number(number), who)
        _done(unit, verb, who, notice)
    starts = f", from {_local(notice.starts_at)}" if verb == "send" and notice.starts_at else ""
    _say(_facts(notice), as_json, [f"{notice.name} is {notice.state}{starts}"])


def _mend(verb: str, number: str, whose: str, by: str, as_json: bool, do: Any) -> None:
    with _desk() as (desk, unit):
        me = _person(unit, by)
        notice = unit.notices.read(_number(number))
        key = whose.strip().lower()
        receipt = unit.notices.receipt_of(_number(number), key)
        if receipt is None and len(mailed := unit.notices.mailed_to(key, _number(number))) == 1:
            receipt = unit.notices.receipt(mailed[0])
        if receipt is None or notice is None:
            stop(f"{number}: {whose} was not told", REFUSED)
        after: Receipt = do(desk, receipt, me)
        _done(unit, verb, me, notice)
    told = {"notice": notice.name, "recipient": after.key, "state": after.state}
    _say(told, as_json, [f"{notice.name}: {after.name} is {after.state}"])


@contextmanager
def _desk(*, reading: bool = False) -> Iterator[tuple[NoticeDesk, Unit]]:
    """The use cases in a unit that commits at the end; what is refused is one line, and undone."""
    from workorders.errors import Incomplete, Refused

    try:
        with open_uses(reading=reading) as (uses, unit):
            yield uses.notices(unit), unit
    except Incomplete as error:
        stop(f"{error.field} is missing or too long (accepted: {_FIELDS[error.field]})", REFUSED)
    except Refused as error:
        stop(str(error), REFUSED)


def _number(text: str) -> int:
    digits = text.strip().lstrip("Nn")
    if not digits.isascii() or not digits.isdigit() or len(digits) > 9:
        stop(f"{text!r} is no notice's number (accepted: N12)", WRONG)
    return int(digits)


def _person(unit: Unit, userid: str) -> Person:
    person = unit.directory.person(userid)
    if person.side != "us":
        stop(f"--by {userid}: none of our people in the directory", REFUSED)
    return person


def _local(at: datetime) -> str:
    """As people here read it: 2026-11-23 09:00."""
    from handlers.phrases.text import ZONE

    return f"{at.astimezone(ZONE):%Y-%m-%d %H:%M}"


def _counts(unit: Unit, number: int) -> dict[str, int]:
    counts: dict[str, int] = {}
    for (_, state), count in unit.notices.counts(number).items():
        counts[state.value] = counts.get(state.value, 0) + count
    return counts


def _facts(notice: Notice) -> dict[str, Any]:
    return {
        "notice": notice.name,
        "kind": notice.kind.value,
        "title": notice.title,
        "state": notice.state.value,
        "effective": notice.effective.isoformat() if notice.effective else None,
        "starts_at": notice.starts_at.isoformat() if notice.starts_at else None,
        "hash": notice.hash,
    }


def _done(unit: Unit, verb: str, who: Person, notice: Notice) -> None:
    from bot.acts import Act

    unit.audit.record(
        Act.NOTICE_ACT, who=who.userid, door="cli", subject=f"notice:{notice.number}", verb=verb
    )


def _say(facts: dict[str, Any], as_json: bool, lines: list[str]) -> None:
    typer.echo(json.dumps(facts, ensure_ascii=False) if as_json else "\n".join(lines))
