"""Who is told of each event of an obligation; and when a letter is moot.

Whoever did it is answered where they did it, and is not written to again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from workorders.directory.people import Directory, Role
from workorders.letters import Channel, Letter
from workorders.obligations.matters import Change, Coaching, OurChange, Slip, Survey, TheirChange
from workorders.obligations.obligation import Event, Kind, Obligation, State, Verb

#: Whose post it is on our side (notice §五: 订货 is 中台's, training 产品技术's, the rest 客服负责人's).
OURS: Mapping[Kind, Role] = {
    Kind.SLIP: Role.MIDDLE_OFFICE,
    Kind.COACHING: Role.TECH,
    Kind.SURVEY: Role.CS_LEAD,
    Kind.THEIR_CHANGE: Role.CS_LEAD,
    Kind.OUR_CHANGE: Role.CS_LEAD,
}
#: Whose post it is on the partner's side.
THEIRS: Mapping[Kind, Role] = {
    Kind.SLIP: Role.MIDDLE_OFFICE,
    Kind.COACHING: Role.TECH,
    Kind.SURVEY: Role.CS_LEAD,
    Kind.THEIR_CHANGE: Role.CS_LEAD,
    Kind.OUR_CHANGE: Role.CS_LEAD,
}


@dataclass(frozen=True)
class Telling:
    """Writes the letters of one obligation's events.

    Args:
        directory: read now: people and duties are resolved when somebody is told.
    """

    directory: Directory

    def letters(self, o: Obligation, event: Event) -> list[Letter]:
        """The letters that event asks for; ``o`` is the obligation after it."""
        made: dict[tuple[str, str], Letter] = {}
        for letter in self._of(o, event):
            if letter.channel == "group" or letter.recipient != event.by:
                made.setdefault((letter.channel, letter.recipient), letter)
        return list(made.values())

    def reached(self, o: Obligation, partner: int) -> tuple[tuple[Channel, str], ...]:
        """Who is told at a partner: its contact for this, else its 客服负责人, else its group, else anybody.

        Empty where nobody there can be written to.
        """
        people = [p for p in self.directory.contacts_of(partner) if p.userid]
        for role in (THEIRS[o.kind], Role.CS_LEAD):
            if found := [p for p in people if role in p.roles]:
                return tuple(("app", p.userid) for p in found)
        if group := self._group(partner):
            return (("group", group),)
        return tuple(("app", p.userid) for p in people)

    def _group(self, partner: int) -> str | None:
        return next((g.chatid for g in self.directory.groups_of(partner) if g.has_webhook), None)

    def _of(self, o: Obligation, event: Event) -> Iterator[Letter]:
        post = _Post(o, event, {**facts_of(o, self.directory), **_said(event, self.directory)})
        match event.verb:
            case Verb.FILE:
                yield from self._filed(post)
            case Verb.OBJECT:
                yield from self._ours(post, "slip_objected")
                if self._is_ours(event.by):
                    yield from self._theirs(post, "slip_objected")
            case Verb.RECEIVE | Verb.WITHHOLD | Verb.LIFT | Verb.RETRAIN | Verb.CONFIRM:
                yield from self._theirs(post, _KINDS[event.verb])
                if event.verb in (Verb.WITHHOLD, Verb.LIFT):
                    yield from self._lead(post, _KINDS[event.verb])
            case Verb.ANSWER | Verb.REMARK:
                yield from self._ours(post, "survey_answered")
            case Verb.ACKNOWLEDGE:
                return
            case Verb.RECOUNT if event.facts["moved"]:
                yield from self._theirs(post, "obligation_recounted")
                yield from self._ours(post, "obligation_recounted")
            case Verb.CANCEL:
                yield from self._theirs(post, "obligation_cancelled")
                yield from self._ours(post, "obligation_cancelled")
            case Verb.REMIND:
                dated = post.at_occasion(f"remind.{event.facts['moment'][:10]}")
                yield from self._theirs(dated, f"{o.kind}_remind")
                if o.kind is Kind.SLIP:
                    yield from self._ours(dated, "slip_missing")
            case Verb.DEEM:
                yield from self._deemed(post)
            case Verb.BREACH:
                yield from self._lead(post.at_occasion("breach.level3"), f"{o.kind}_missed")
            case Verb.END:
                yield from self._theirs(post, "coaching_ended")
                yield from self._ours(post, "coaching_ended")
            case Verb.EFFECT:
                yield from self._effect(post)

    def _filed(self, post: _Post) -> Iterator[Letter]:
        o = post.o
        match o.matter:
            case TheirChange():
                if o.state is State.INVALID:
                    yield from self._theirs(post, "their_change_invalid")
                    return
                yield from self._ours(post, "their_change_filed")
                if self._is_ours(post.event.by):
                    yield from self._theirs(post, "their_change_received")
            case OurChange() as ours:
                for partner in ours.receipts:
                    for channel, recipient in self._everybody(o, partner):
                        yield self._about(post, partner).letter(channel, recipient, "our_change_told")
                yield post.letter("app", ours.to, "our_change_coming")
                yield post.letter("app", ours.frm, "our_change_coming")
            case _:
                yield from self._theirs(post, f"{o.kind}_filed")

    def _deemed(self, post: _Post) -> Iterator[Letter]:
        o = post.o
        if isinstance(o.matter, Slip):
            yield from self._theirs(post, "slip_deemed")
            yield from self._ours(post, "slip_deemed")
            return
        occasion = f"deem.{post.event.number}"
        names = []
        for partner in post.event.facts["partners"]:
            about = self._about(post, partner)
            names.append(about.facts["partner"])
            for channel, recipient in self.reached(o, partner):
                yield about.at_occasion(f"{occasion}.{partner}").letter(
                    channel, recipient, "our_change_deemed"
                )
        yield from self._ours(post.adding(partners="、".join(names)), "our_change_silent")

    def _effect(self, post: _Post) -> Iterator[Letter]:
        o = post.o
        if isinstance(o.matter, OurChange):
            yield post.letter("app", o.matter.to, "our_change_effective")
            yield post.letter("app", o.matter.frm, "our_change_effective")
            yield from self._ours(post, "our_change_effective")
            return
        yield from self._ours(post, "their_change_effective")

    def _about(self, post: _Post, partner: int) -> _Post:
        """The same to one of several partners, under its own due moment."""
        assert isinstance(post.o.matter, OurChange)
        found = self.directory.partner(partner)
        return post.adding(
            partner=found.name if found else "", due=post.o.matter.receipts[partner].due.isoformat()
        )

    def _everybody(self, o: Obligation, partner: int) -> Iterator[tuple[Channel, str]]:
        """Its contacts, and its group, where everybody who works with the post reads it."""
        yield from self.reached(o, partner)
        if group := self._group(partner):
            yield "group", group

    def _theirs(self, post: _Post, kind: str) -> Iterator[Letter]:
        for partner in post.o.partners:
            for channel, recipient in self.reached(post.o, partner):
                yield post.letter(channel, recipient, kind)

    def _ours(self, post: _Post, kind: str) -> Iterator[Letter]:
        """Whoever filed it, and whose post it is; a post nobody holds falls through to the supervisors."""
        if post.o.filed_by and self._is_ours(post.o.filed_by):
            yield post.letter("app", post.o.filed_by, kind)
        for userid in self._holders(OURS[post.o.kind], post.event.at):
            yield post.letter("app", userid, kind)

    def _lead(self, post: _Post, kind: str) -> Iterator[Letter]:
        for userid in self._holders(Role.CS_LEAD, post.event.at):
            yield post.letter("app", userid, kind)

    def _holders(self, role: Role, at: datetime) -> tuple[str, ...]:
        people = self.directory.holders(role, 1, at) or self.directory.holders(Role.CS_LEAD, 1, at)
        return tuple(p.userid for p in people or self.directory.supervisors())

    def _is_ours(self, userid: str | None) -> bool:
        return userid is not None and self.directory.person(userid).side == "us"


_KINDS = {
    Verb.RECEIVE: "slip_received",
    Verb.WITHHOLD: "slip_withheld",
    Verb.LIFT: "slip_lifted",
    Verb.RETRAIN: "coaching_retrained",
    Verb.CONFIRM: "their_change_confirmed",
}


@dataclass(frozen=True)
class _Post:
    """The common part of one event's letters."""

    o: Obligation
    event: Event
    facts: Mapping[str, Any]
    occasion: str = ""

    def at_occasion(self, occasion: str) -> _Post:
        return replace(self, occasion=occasion)

    def adding(self, **facts: Any) -> _Post:
        return replace(self, facts={**self.facts, **facts})

    def letter(self, channel: Channel, recipient: str, kind: str) -> Letter:
        occasion = self.occasion or f"{self.event.verb}.{self.event.number}"
        return Letter(f"obligation:{self.o.number}", 1, occasion, recipient, channel, kind, self.facts)


def facts_of(o: Obligation, directory: Directory) -> dict[str, Any]:
    """What any phrase about the obligation may need; names are read now."""
    partner = directory.partner(o.partner) if o.partner is not None else None
    facts: dict[str, Any] = {
        "number": f"Y{o.number}",
        "kind": o.kind,
        "partner": partner.name if partner else None,
        "state": o.state,
        "due": o.due.isoformat(),
        "starts": o.starts.isoformat(),
        "breached": o.breached_at is not None,
    }
    match o.matter:
        case Slip() as slip:
            facts |= {
                "goods": slip.goods,
                "fen": slip.fen,
                "form": slip.form,
                "judged": slip.judged,
                "delivered_at": slip.delivered_at.isoformat(),
                "order": slip.order,
                "received": slip.received_at is not None,
                "withheld": slip.withheld,
                "photo_up_to": o.clause.get("photo_up_to"),
            }
        case Coaching() as coaching:
            facts |= {
                "trainee": coaching.trainee,
                "sessions": len(coaching.sessions),
                "fees": sum(s.fee for s in coaching.sessions),
            }
        case Survey() as survey:
            facts |= {
                "month": survey.month.isoformat(),
                "scores": {str(k): v for k, v in survey.scores.items()} if survey.scores else None,
                "remark": survey.remark,
            }
        case TheirChange(change):
            facts |= _change(change)
        case OurChange(change) as ours:
            facts |= {**_change(change), "rank": ours.rank, "moved": ours.moved}
    return facts


def _change(change: Change) -> dict[str, Any]:
    return {
        "role": change.role,
        "leaves": change.leaves,
        "comes": change.comes,
        "reach": change.reach,
        "effective_at": change.effective_at.isoformat(),
        "announce_by": change.announce_by.isoformat(),
    }


def _said(event: Event, directory: Directory) -> dict[str, Any]:
    """The event's own facts, and who did it when."""
    by = directory.person(event.by).name if event.by else None
    return {**event.facts, "by": by, "at": event.at.isoformat()}


def moot(letter: Letter, o: Obligation) -> str | None:
    """Why a letter about ``o`` need not be said any more; None while it must be.

    Only what asks somebody to act goes moot. What tells somebody that something was done is always said.
    """
    if letter.kind in _ASKS and not o.live:
        return f"the obligation is {o.state}"
    match letter.kind:
        case "slip_remind" | "slip_missing" if isinstance(o.matter, Slip) and o.matter.received_at:
            return "the slip was received"
        case "their_change_filed" | "their_change_missed" if o.state is not State.OPEN:
            return f"the obligation is {o.state}"
    return None


_ASKS = frozenset(
    {
        "slip_filed",
        "slip_remind",
        "slip_missing",
        "survey_filed",
        "survey_remind",
        "survey_missed",
        "their_change_filed",
        "their_change_missed",
    }
)
