"""Everything an order's page tells: promises and why they fall due, what happened, what was said to whom."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.sql.talk import spoken
from bot.sql.unit import Unit
from handlers.phrases import letters as phrases
from handlers.phrases.forms import filled
from handlers.phrases.names import RECEIVED
from handlers.phrases.progress import explained
from handlers.phrases.scene import Scene
from handlers.phrases.text import phone_masked, phones_masked
from handlers.phrases.timeline import Happening, folded, happening
from workorders.attachments.attachment import Attachment
from workorders.directory.people import Person
from workorders.incidents.incident import Incident
from workorders.letters import LetterState
from workorders.orders.order import WorkOrder
from workorders.orders.promise import Promise
from workorders.sql.letter_log import Written, letters_about


@dataclass(frozen=True)
class Kept:
    """A promise, whether it was kept, and why it falls due when it does."""

    promise: Promise
    what: str
    why: str


@dataclass(frozen=True)
class Told:
    """A letter in words: to whom, what, and what became of it."""

    id: int
    to: str
    words: str
    state: LetterState
    became: str
    at: datetime


@dataclass(frozen=True)
class Word:
    """One thing said: by a person, or by the desk (``ours``)."""

    at: datetime
    who: str
    words: str
    ours: bool


@dataclass(frozen=True)
class Phone:
    """Somebody who can be called about the order; the number is shown masked until it is asked for."""

    who: str
    number: str
    masked: str


@dataclass(frozen=True)
class Story:
    """An order's page, without what may be done on it."""

    partner: str
    reporter: Person
    owner: Person | None
    taker: Person | None
    where: str
    form: Sequence[tuple[str, str]]
    phones: Sequence[Phone]
    files: Sequence[Attachment]
    promises: Sequence[Kept]
    happened: Sequence[Happening]
    letters: Sequence[Told]
    talk: Sequence[Word]
    incidents: Sequence[Incident]


def story(unit: Unit, order: WorkOrder, scene: Scene, *, ours: bool) -> Story:
    """What there is to tell of the order.

    Args:
        ours: whether one of our people reads it; a partner's staff are told what was told to them.
    """
    events = unit.orders.events(order.number)
    unit.directory.preload({e.by for e in events if e.by} | {order.reporter})
    group = unit.directory.group(order.chat) if order.chat else None
    partner = unit.directory.partner(order.partner) if order.partner else None
    letters = letters_about(unit.conn, f"order:{order.number}")
    if not ours:
        mine = {scene.sender.userid, order.reporter, order.chat}
        letters = [w for w in letters if w.letter.recipient in mine]
    reporter = unit.directory.person(order.reporter)
    happened = [happening(event, order, scene) for event in events]
    return Story(
        partner=partner.name if partner else "未归属单位",
        reporter=reporter,
        owner=unit.directory.person(order.owner) if order.owner else None,
        taker=unit.directory.person(order.taken_by) if order.taken_by else None,
        where="热线来电" if order.taken_by else group.name if group else "单聊",
        form=filled(order.kind, {k: v for k, v in order.form.items() if k != "phone"}),
        phones=list(_phones(order, reporter)) if ours else [],
        files=unit.attachments.of_order(order.number),
        promises=[Kept(p, what, why) for p, what, why in explained(order, scene)],
        happened=folded(h for h in happened if ours or h.tone != "quiet")[::-1],
        letters=[_told(unit, w, order) for w in letters if w.letter.kind != "card_done"],
        talk=_talk(unit, order, letters, scene),
        incidents=unit.incidents.of_order(order.number) if ours else (),
    )


def _phones(order: WorkOrder, reporter: Person) -> Iterator[Phone]:
    """Whom to call back: whoever rang or is named in the form, and the reporter."""
    if number := str(order.form.get("phone") or ""):
        who = str(order.form.get("caller") or order.form.get("contact") or reporter.name)
        yield Phone(who, number, phone_masked(number))
    if reporter.phone and reporter.side == "partner" and reporter.phone != number:
        yield Phone(reporter.name, reporter.phone, phone_masked(reporter.phone))


def _told(unit: Unit, written: Written, order: WorkOrder) -> Told:
    said = written.letter
    group = unit.directory.group(said.recipient) if said.channel == "group" else None
    to = group.name if group else unit.directory.person(said.recipient).name
    became = RECEIVED[written.state]
    at = datetime.fromisoformat(said.facts["at"]) if "at" in said.facts else written.written_at
    return Told(written.id, to, _words(written, order), written.state, became, at)


def _words(written: Written, order: WorkOrder) -> str:
    said = written.letter
    words = phrases.render(said.kind, said.facts, shared=said.channel == "group").text
    if number := str(order.form.get("phone") or ""):
        words = words.replace(number, phone_masked(number))
    return phones_masked(words)


def _talk(unit: Unit, order: WorkOrder, letters: Sequence[Written], scene: Scene) -> list[Word]:
    """What was said, the last hundred words of it; about a phone call nothing was said here."""
    said = [] if order.taken_by else sorted(_spoken(unit, order, letters, scene), key=lambda word: word.at)
    return said[-100:]


def _spoken(unit: Unit, order: WorkOrder, letters: Sequence[Written], scene: Scene) -> Iterator[Word]:
    """The reporter's words and ours to them, in the place it was reported in, while the order lived."""
    # Letters and messages bear machine time, the order desk time: only the demo's differ.
    ahead = scene.here.now - unit.machine_now
    begun = min((w.written_at for w in letters), default=order.last_at - ahead) - _BEFORE
    ended = unit.machine_now if order.live else order.last_at - ahead + _AFTER
    for word in spoken(unit.conn, order.reporter, order.chat, begun, ended):
        yield Word(word.at + ahead, scene.name(order.reporter), phones_masked(word.text), ours=False)
    for written in letters:
        if written.letter.recipient in (order.reporter, order.chat) and written.state is LetterState.SENT:
            at = datetime.fromisoformat(written.letter.facts["at"])
            yield Word(at, "服务台", _words(written, order), ours=True)


#: What was said shortly before the desk first wrote, and shortly after the order's last event, belongs to it.
_BEFORE = _AFTER = timedelta(minutes=10)
