"""The evidence of one notice: who was told what, when and by which channel, and what they said; to print.

Everything comes from the events as they were recorded; nothing here is judged anew.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from bot.sql.unit import Unit
from handlers.phrases import notice_evidence as says
from handlers.phrases import notices as phrases
from handlers.phrases.text import ZONE
from workorders.agreement.clauses import Clause
from workorders.notices.notice import Event, Notice, Verb, cuts
from workorders.notices.receipt import Receipt, ReceiptEvent, ReceiptVerb

if TYPE_CHECKING:
    from datetime import datetime

    from jinja2 import Environment

_CONSOLE = Path(__file__).parent / "console"
#: Everybody of a broadcast; beyond any that was measured.
_EVERYBODY = 1_000_000
#: What a spreadsheet takes for the beginning of a formula.
_FORMULA = re.compile(r"[=+\-@\t\r]")


@dataclass(frozen=True)
class Told:
    """One recipient, and everything that happened to their receipt."""

    receipt: Receipt
    partner: str
    events: tuple[ReceiptEvent, ...]


@dataclass(frozen=True)
class Evidence:
    """All there is about a notice.

    Attributes:
        told: its recipients, in the order they were told. ``others``: answers of people who were not told.
        meant: whom it was meant for, in words. ``cut``: which channels showed only its beginning.
        clauses: as frozen for everybody under "", and under the names of partners whose own differ.
        names: userids of everybody in it, by name; ``groups`` chatids.
        made_at: when the evidence was put together (desk time), and ``made_by`` whom.
    """

    notice: Notice
    events: tuple[Event, ...]
    told: tuple[Told, ...]
    others: tuple[ReceiptEvent, ...]
    clauses: dict[str, Clause]
    names: dict[str, str]
    groups: dict[str, str]
    meant: str
    cut: str
    made_at: datetime
    made_by: str

    def name(self, userid: str | None) -> str:
        """Somebody's name; 系统 for the clock and the channels."""
        return self.names.get(userid, userid) if userid else "系统"

    def place(self, address: str) -> str:
        """An address; a group's by its name, with its id."""
        return f"{self.groups[address]}（{address}）" if self.groups.get(address) else address

    def counted(self) -> str:
        """已确认 4 人，视同收到 1 人."""
        counts = Counter(each.receipt.state for each in self.told)
        return "，".join(
            f"{name} {counts[state]} 人" for state, name in phrases.RECEIPTS.items() if counts[state]
        )


def collect(unit: Unit, number: int, at: datetime, by: str) -> Evidence | None:
    """The evidence of a notice; None where there is none.

    Args:
        at: desk time (aware UTC). ``by``: who asks for it, as they are called.
    """
    notice = unit.notices.read(number)
    if notice is None:
        return None
    of: dict[int | None, list[ReceiptEvent]] = {}
    for owner, event in unit.notices.evidence(number):
        of.setdefault(owner, []).append(event)
    receipts = unit.notices.in_state(number, None, _EVERYBODY)
    partners = {id: unit.directory.partner(id) for id in {r.partner for r in receipts} if id}
    called = {id: partner.name for id, partner in partners.items() if partner}
    events = tuple(unit.notices.events(number))
    began = next((event.at for event in events if event.verb is Verb.BEGIN), at)
    told = [
        Told(
            r,
            called.get(r.partner or 0, "我方" if r.ours else ""),
            (*_never_addressed(r, began), *of.get(r.id, ())),
        )
        for r in receipts
    ]
    chats = {way.address for r in receipts for way in r.ways if way.channel == "group" and way.address}
    known = {chatid: unit.directory.group(chatid) for chatid in sorted(chats)}
    groups = {chatid: group.name for chatid, group in known.items() if group}
    meant = [p.name for id in notice.audience.partners if (p := unit.directory.partner(id))]
    ways = {way.channel for r in receipts for way in r.ways if way.address}
    spoke = {event.by for event in events} | {e.by for some in of.values() for e in some}
    names = {p.userid: p.name for p in (*unit.book.contacts(), *unit.book.staff()) if p.userid in spoke}
    for userid in spoke - names.keys():
        if userid and "@" not in userid:  # they have left
            names[userid] = unit.directory.person(userid).name
    clauses = {
        called.get(int(key), "") if key else "": Clause.thaw(frozen)
        for key, frozen in notice.clauses.items()
        if not key or int(key) in called
    }
    return Evidence(
        notice,
        events,
        tuple(told),
        tuple(of.get(None, ())),
        clauses,
        names,
        groups,
        says.meant(notice.audience, meant),
        phrases.cuts_line(cuts(notice.body, ways)),
        at,
        by,
    )


def _never_addressed(receipt: Receipt, began: datetime) -> list[ReceiptEvent]:
    """The ways nothing was ever sent by, for want of an address."""
    return [
        ReceiptEvent(
            ReceiptVerb.FAILED,
            began,
            None,
            {"channel": way.channel, "address": way.address, "reason": way.reason},
            {},
        )
        for way in receipt.unreached
        if way.at is None
    ]


def as_html(evidence: Evidence) -> str:
    """A page to print."""
    css = Markup((_CONSOLE / "static" / "evidence.css").read_text(encoding="utf-8"))  # noqa: S704  (ours)
    return _templates().get_template("notice/evidence.html").render(evidence=evidence, css=css, **words())


def as_csv(evidence: Evidence) -> str:
    """A line for everything that happened, for Excel; no cell can be a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(says.EVIDENCE_COLUMNS)
    for each in evidence.told:
        for event in each.events:
            writer.writerow([_plain(cell) for cell in _row(evidence, event, each)])
    for event in evidence.others:
        writer.writerow([_plain(cell) for cell in _row(evidence, event, None)])
    return "\ufeff" + out.getvalue()


def _row(evidence: Evidence, event: ReceiptEvent, told: Told | None) -> list[str]:
    facts = event.facts
    return [
        evidence.notice.name,
        told.partner if told else "",
        told.receipt.name if told else evidence.name(event.by),
        phrases.RECEIPTS[told.receipt.state] if told else says.NOT_TOLD,
        moment(told.receipt.starts_at) if told else "",
        moment(told.receipt.due) if told else "",
        moment(event.at),
        what(event),
        says.CHANNELS.get(str(facts.get("channel", "")), ""),
        evidence.place(str(facts.get("address", ""))),
        str(facts.get("message_id") or facts.get("delivery") or ""),
        evidence.name(event.by),
        detail(event),
    ]


def _plain(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) else cell


def what(event: ReceiptEvent) -> str:
    """What happened, in words."""
    if event.verb is ReceiptVerb.TOLD:
        return says.told_what(str(event.facts.get("occasion", "")))
    return says.VERBS[event.verb]


def detail(event: ReceiptEvent) -> str:
    """What there is to add."""
    return says.event_detail(event.facts)


def moment(at: datetime | None) -> str:
    """2026-11-23 14:30:05, in Shanghai."""
    return f"{at.astimezone(ZONE):%Y-%m-%d %H:%M:%S}" if at else ""


def words() -> dict[str, Any]:
    """What the template asks for."""
    return {"phrases": phrases, "says": says, "moment": moment, "what": what, "detail": detail}


@cache
def _templates() -> Environment:
    from jinja2 import Environment, FileSystemLoader

    loader = FileSystemLoader(_CONSOLE / "templates")
    return Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
