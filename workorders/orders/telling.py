"""Who is told of each event, as the life table's last column says; and when a letter is moot.

Whoever did the verb is answered where they did it, and is not written to again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from workorders.directory.people import Directory, Person, Role, leads
from workorders.letters import Letter
from workorders.orders.kinds import Kind, Part
from workorders.orders.order import Event, Joined, State, Verb, WorkOrder


@dataclass(frozen=True)
class Telling:
    """Writes the letters of one order's events.

    Args:
        directory: read now: people, stand-ins and duties are resolved when somebody is told.
        heard_in: chatid of the group the present message came from, None for a 1:1 or the clock. What is
            answered there is not posted there again.
    """

    directory: Directory
    heard_in: str | None = None

    def letters(self, before: WorkOrder | None, order: WorkOrder, event: Event) -> list[Letter]:
        """The letters that event asks for; ``before`` is the order it happened to."""
        made = list(self._of(before, order, event))
        return [x for x in made if x.channel == "group" or x.recipient != event.by]

    def card_done(self, order: WorkOrder, event: Event, userid: str, delivery: int) -> Letter:
        """The letter that takes the buttons off a card that person holds."""
        facts = {**self._facts(order, event), "delivery": delivery}
        return _Post(order, event, facts, f"card.{delivery}").letter("app", userid, "card_done")

    def stars(self, order: WorkOrder, event: Event) -> Letter:
        """The letter that asks the reporter for stars, once an order however often it is closed."""
        asked = _Post(order, event, self._facts(order, event), "stars").letter("app", order.reporter, "stars")
        return replace(asked, generation=1, urgent=False)

    def _of(self, before: WorkOrder | None, order: WorkOrder, event: Event) -> Iterator[Letter]:
        if event.verb in (Verb.CLOSE, Verb.DETACH, Verb.JOIN):
            return
        post = _Post(order, event, self._facts(order, event))
        match event.verb:
            case Verb.OPEN | Verb.PARK:
                if event.by != order.reporter:
                    yield from self._reporter(post, "opened")
                if order.partner is None and order.state is State.OPEN:
                    yield from self._level(post, 3, "unassigned")
                if before is None and order.kind is Kind.COMPLAINT:
                    yield from self._complained(post)
            case Verb.ACCEPT | Verb.PROPOSE | Verb.PAUSE | Verb.MESSAGE:
                yield from self._reporter(post, _KINDS[event.verb])
            case Verb.DECLINE | Verb.SOLVE:
                yield from self._reporter(post, _KINDS[event.verb])
                if order.kind is Kind.COMPLAINT:
                    yield from self._copies(post)
            case Verb.BREACH:
                yield from self._unanswered(post)
            case Verb.RESUME | Verb.CANCEL | Verb.SAY | Verb.ATTACH:
                yield from self._owner(post, _KINDS[event.verb], before.owner if before else None)
            case Verb.HAND_OVER:
                yield from self._people(post, "handed_over", event.facts["from"])
                yield from self._people(post, "handed_to", event.facts["to"])
                yield from self._reporter(post, "handed_over")
            case Verb.REROUTE:
                yield from self._level(post, 1, "rerouted")
            case Verb.UPGRADE:
                if order.owner:
                    yield from self._owner(post, "upgraded", order.owner)
                yield from self._reporter(post, "upgraded")
            case Verb.DOWNGRADE:
                yield from self._owner(post, "downgraded", order.owner)
                yield from self._reporter(post, "downgraded")
            case Verb.URGE:
                if order.owner:
                    yield from self._owner(post, "urged", order.owner)
                else:
                    yield from self._level(post, 1, "urged")
                if event.facts["times"] == 3:
                    yield from self._level(post, 2, "urged")
            case Verb.REOPEN:
                yield from self._reopened(post)
            case Verb.CHANGE_KIND:
                yield from self._level(post, 1, "kind_changed")
                yield from self._reporter(post, "kind_changed_reporter")
            case Verb.MERGE:
                yield from self._reporter(post, "merged")
            case Verb.RESUBMIT:
                # Level 1 is told of the new generation when its clock starts.
                pass
            case Verb.EXPEDITE:
                if order.owner:
                    yield from self._owner(post, "expedited", order.owner)
                else:
                    yield from self._level(post, 1, "expedited")
            case Verb.SUSPEND:
                yield from self._level(post, 3, "suspension")
            case Verb.RECOUNT if event.facts["moved"]:
                yield from self._owner(post, "recounted_owner", order.owner)
                yield from self._reporter(post, "recounted")
            case Verb.ASSIGN:
                yield from self._owner(post, "assigned", order.owner)
            case Verb.REMIND:
                dated = post.at_occasion(f"remind.{event.facts['day']}")
                yield from self._owner(dated, "remind_owner", order.owner)
                yield from self._reporter(dated, "remind_reporter")
            case Verb.ESCALATE:
                for tell in event.facts["tells"]:
                    yield from self._tell(post, tell)

    def _tell(self, post: _Post, tell: dict[str, Any]) -> Iterator[Letter]:
        told: dict[str, Any] = {key: tell[key] for key in ("part", "spent") if key in tell}
        said = replace(post, occasion=tell["occasion"], facts={**post.facts, **told})
        if not tell["levels"]:
            yield from self._owner(said, tell["kind"], post.order.owner)
            return
        seen: set[str] = set()
        for level in tell["levels"]:
            for letter in self._level(said, level, tell["kind"]):
                if letter.recipient not in seen:
                    seen.add(letter.recipient)
                    yield letter

    def _reopened(self, post: _Post) -> Iterator[Letter]:
        order = post.order
        if order.owner:
            yield from self._owner(post, "reopened", order.owner)
        else:
            yield from self._level(post, 1, "reopened")
        if order.reopened >= 2 or post.event.facts["nothing_left"]:
            yield from self._level(post, 3, "reopened")

    def _complained(self, post: _Post) -> Iterator[Letter]:
        """人力资源 gets a copy of every complaint; whom ours is about is told of it."""
        yield from self._copies(post)
        order = post.order
        if order.from_us and order.partner:
            role = order.form.get("role")
            for contact in self.directory.contacts_of(order.partner):
                if contact.userid and (role is None or role in contact.roles):
                    yield post.letter("app", contact.userid, "complained_of")

    def _copies(self, post: _Post) -> Iterator[Letter]:
        at = post.event.at
        holders = (*self.directory.holders(Role.HR, 1, at), *self.directory.holders(Role.HR, 2, at))
        yield from self._people(post, "complaint_copy", *(person.userid for person in holders))

    def _unanswered(self, post: _Post) -> Iterator[Letter]:
        """A complaint not replied to in time: the complainant may propose to suspend the service."""
        name = str(post.event.facts["clause"])
        clause = post.order.terms.clause(name)
        if name == f"{Kind.COMPLAINT}.{Part.REPLY}" and clause and clause.silence:
            yield from self._reporter(post, "may_suspend")

    def _reporter(self, post: _Post, kind: str) -> Iterator[Letter]:
        """Where it was reported: in that group, else to the reporter; a group without a webhook is told 1:1.

        Reporters of orders merged into this one are told where they reported theirs.
        """
        order = post.order
        told: set[str] = set()
        for joined in (Joined(order.reporter, order.chat), *order.also):
            group = self.directory.group(joined.chat) if joined.chat else None
            if group and group.has_webhook:
                # What is done in that group by message or press is answered there, for all to read.
                answered = post.event.by is not None and group.chatid == self.heard_in
                if not answered and group.chatid not in told:
                    yield post.letter("group", group.chatid, kind)
                told.add(group.chatid)
            elif joined.reporter not in told:
                told.add(joined.reporter)
                yield post.letter("app", joined.reporter, kind)

    def _people(self, post: _Post, kind: str, *userids: str | None) -> Iterator[Letter]:
        for userid in dict.fromkeys(u for u in userids if u):
            yield post.letter("app", userid, kind)

    def _owner(self, post: _Post, kind: str, owner: str | None) -> Iterator[Letter]:
        """The owner, who stays it while away; then the stand-in is told too, and of whom."""
        yield from self._people(post, kind, owner)
        if owner:
            away = self.directory.person(owner)
            facts = {**post.facts, "stands_for": away.name}
            for person in self.directory.present([away], post.event.at):
                if person.userid != away.userid:
                    yield replace(post, facts=facts).letter("app", person.userid, kind)

    def _level(self, post: _Post, level: int, kind: str) -> Iterator[Letter]:
        facts = {**post.facts, "level": level}
        for person in self.at_level(post.order, level, post.event.at):
            yield replace(post, facts=facts).letter("app", person.userid, kind)

    def at_level(self, order: WorkOrder, level: int, at: datetime) -> tuple[Person, ...]:
        """The people of a ladder level at that moment; a level nobody holds falls through to the next.

        Level 1 is the role's 一责; level 2 its 二责, else 业务; level 3 客服负责人 (notice §七).
        """
        terms = order.terms
        steps: list[tuple[Role, int]] = [
            (order.role, 1),
            (order.role, 2),
            (terms.second, 1),
        ]
        for role, rank in steps[{1: 0, 2: 1, 3: 3}[level] :]:
            if people := self.directory.holders(role, rank, at, urgent=order.urgent):
                return people
        return leads(self.directory, terms.lead, at, urgent=order.urgent)

    def _facts(self, order: WorkOrder, event: Event) -> dict[str, Any]:
        """What any phrase about the order may need, as of this event; names are read now."""
        answer, response = order.answer, order.promise(Part.RESPONSE)
        partner = self.directory.partner(order.partner) if order.partner else None
        facts: dict[str, Any] = {
            **{k: v for k, v in event.facts.items() if k != "tells"},
            "number": order.number,
            "order_kind": order.kind,
            "generation": order.generation,
            "urgent": order.urgent,
            "state": order.state,
            "text": order.text,
            "pictures": order.pictures,
            "files": order.files,
            "role": order.role,
            "partner": partner.name if partner else None,
            "reporter": self._name(order.reporter),
            "reporter_id": order.reporter,
            "call": self._can_be_called(order),
            "owner": self._name(order.owner),
            "by": self._name(event.by),
            "at": event.at.isoformat(),
            "opened_at": _iso(order.opened_at),
            "received_at": _iso(order.received_at),
            "response_due": _iso(response.due if response and response.pending else None),
            # Of what it is about: solution, decision, result or reply. None while its clock is stopped.
            "solution_due": _iso(answer.due if answer and answer.pending and not answer.stopped_at else None),
            "parked_until": _iso(order.parked_until),
            "form": dict(order.form),
            "resubmitted": order.resubmitted,
            "awaited": order.awaited,
            "close_at": _iso(order.close_at),
        }
        if event.verb is Verb.HAND_OVER:
            frm, to = event.facts["from"], event.facts["to"]
            facts |= {"from_name": self._name(frm), "to_name": self._name(to), "took": event.by == to}
        return facts

    def _can_be_called(self, order: WorkOrder) -> str | None:
        """The name of whoever rang, or is named with a number, or reported it and has one."""
        reporter = self.directory.person(order.reporter)
        if order.form.get("phone"):
            return str(order.form.get("caller") or order.form.get("contact") or reporter.name)
        return reporter.name if reporter.phone and reporter.side == "partner" else None

    def _name(self, userid: str | None) -> str | None:
        return self.directory.person(userid).name if userid else None


@dataclass(frozen=True)
class _Post:
    """The common part of one event's letters."""

    order: WorkOrder
    event: Event
    facts: dict[str, Any]
    occasion: str = ""

    def at_occasion(self, occasion: str) -> _Post:
        return replace(self, occasion=occasion)

    def letter(self, channel: Any, recipient: str, kind: str) -> Letter:
        return Letter(
            subject=f"order:{self.order.number}",
            generation=self.order.generation,
            occasion=self.occasion or f"{self.event.verb}.{self.event.number}",
            recipient=recipient,
            channel=channel,
            kind=kind,
            facts=self.facts,
            urgent=self.order.urgent,
        )


_KINDS = {
    Verb.ACCEPT: "accepted",
    Verb.PROPOSE: "proposed",
    Verb.PAUSE: "paused",
    Verb.DECLINE: "declined",
    Verb.SOLVE: "solved",
    Verb.RESUME: "resumed",
    Verb.CANCEL: "cancelled",
    Verb.SAY: "said",
    Verb.MESSAGE: "messaged",
    Verb.ATTACH: "attached",
}


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def moot(letter: Letter, order: WorkOrder) -> str | None:
    """Why a letter about ``order`` need not be said any more; None while it must be.

    Only what asks somebody to act goes moot. What tells somebody that something was done is always said.
    """
    if letter.generation != order.generation and letter.kind in _ASKS:
        return "a newer generation took its place"
    match letter.kind:
        case "stars":
            if order.stars is not None:
                return "it was rated"
            return None if order.state is State.CLOSED else f"the order is {order.state}"
        case "unassigned" if order.partner is not None:
            return "it was assigned to a partner"
        case "handed_to" if order.owner != letter.recipient:
            return "somebody else has it"
        case "new" | "page" | "rerouted":
            return None if order.state is State.OPEN else f"the order is {order.state}"
        case "handed_to" | "urged" | "reopened" | "upgraded" | "unassigned" | "downgraded" | "backfilled":
            return None if order.live else f"the order is {order.state}"
        case "kind_changed" | "expedited" | "recounted" | "recounted_owner":
            return None if order.live else f"the order is {order.state}"
        case "breach" | "warn":
            part = Part(letter.facts["part"])
            waiting = any(p.pending for p in order.promises if p.part is part)
            return None if waiting else f"the {part} was given"
        case "may_suspend":
            return None if order.answer and order.answer.pending else "the reply was given"
        case "remind_owner" | "remind_reporter":
            return None if order.state is State.PAUSED else f"the order is {order.state}"
    return None


_ASKS = frozenset({"new", "page", "warn"})
