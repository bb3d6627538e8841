"""What a receipt's silence means at a moment, and what each thing that happens to it makes of it.

Everything here is pure: receipt, clause and moment in, events out. The clock of a receipt starts when the
last required channel was delivered; nothing that did not surely arrive deems anybody.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from workorders.agreement.clauses import Agreement, Clause
from workorders.letters import Channel
from workorders.notices.errors import AlreadyAcknowledged
from workorders.notices.receipt import How, Receipt, ReceiptEvent, ReceiptState, ReceiptVerb, Way

#: An answer exactly at the due moment is in time, so the first look that can see silence is one tick later.
TICK = timedelta(microseconds=1)


@dataclass(frozen=True)
class Verdict:
    """What a receipt asks for now.

    Attributes:
        deems: the due moment passed in silence. ``reminds``: half of it did, and nobody said so yet.
        look_at: the earliest moment anything else could change, None when never.
    """

    deems: bool = False
    reminds: bool = False
    look_at: datetime | None = None


def decide(receipt: Receipt, clause: Clause | None, now: datetime, *, over: bool) -> Verdict:
    """Say what a receipt asks for at this moment (aware UTC).

    After an outage somebody whose time is up is deemed, and not also reminded.

    Args:
        clause: as frozen for its partner; without one silence means nothing.
        over: the notice was recalled or corrected, and binds nobody.
    """
    if over or not receipt.silent or receipt.due is None or clause is None:
        return Verdict()
    deemable = clause.deemed is not None and not receipt.ours
    if now > receipt.due:
        return Verdict(deems=deemable)
    remind_at = receipt.remind_at if receipt.reminded_at is None else None
    reminds = remind_at is not None and now >= remind_at
    later = [m for m in (None if reminds else remind_at, receipt.due + TICK if deemable else None) if m]
    return Verdict(reminds=reminds, look_at=min(later, default=None))


def settle(receipt: Receipt, clause: Clause | None, now: datetime, *, over: bool) -> list[ReceiptEvent]:
    """The events that bring a receipt up to ``now``; settling twice makes nothing the second time."""
    verdict = decide(receipt, clause, now, over=over)
    if verdict.deems:
        assert clause is not None
        facts = {"due": _iso(receipt.due), "silence": clause.silence, "consequence": clause.consequence}
        change = {"state": ReceiptState.DEEMED, "deemed_at": receipt.due}
        return [ReceiptEvent(ReceiptVerb.DEEM, now, None, facts, change)]
    if verdict.reminds:
        return [ReceiptEvent(ReceiptVerb.REMIND, now, None, {"occasion": "half"}, {"reminded_at": now})]
    return []


def delivered(
    receipt: Receipt,
    channel: Channel,
    clause: Clause | None,
    agreement: Agreement,
    now: datetime,
    facts: dict[str, Any],
) -> ReceiptEvent:
    """A channel took the notice; with the last required one the clause begins to run."""
    change: dict[str, Any] = {
        "ways": receipt.with_way(channel, state="delivered", at=now, reason=""),
    }
    told = ReceiptEvent(ReceiptVerb.TOLD, now, None, facts, change)
    after = receipt.after(told)
    if after.told_at is None or receipt.starts_at is not None:
        return told
    if receipt.state is ReceiptState.UNREACHABLE:
        change["state"] = ReceiptState.WAITING
    change["starts_at"] = after.told_at
    if clause is not None:
        change |= _clock(clause, agreement, after.told_at)
    return told


def recount(
    receipt: Receipt, clause: Clause | None, agreement: Agreement, now: datetime
) -> ReceiptEvent | None:
    """The event that counts a silent receipt by today's calendar; None where it is counted so already.

    It is asked before any silence speaks. Nobody is deemed by a moment that was past when it was counted:
    a due moment is never moved to before ``now``.
    """
    fingerprint = agreement.calendar.fingerprint
    if (
        clause is None
        or not receipt.silent
        or receipt.starts_at is None
        or receipt.calendar in ("", fingerprint)
    ):
        return None
    change: dict[str, Any] = _clock(clause, agreement, receipt.starts_at)
    if change["due"] != receipt.due:
        change["due"] = max(change["due"], now)
    facts = {"was": _iso(receipt.due), "due": _iso(change["due"])}
    return ReceiptEvent(ReceiptVerb.RECOUNT, now, None, facts, change)


def _clock(clause: Clause, agreement: Agreement, starts_at: datetime) -> dict[str, Any]:
    due = agreement.due_of(clause, starts_at).due
    half = agreement.calendar.between(starts_at, due) / 2
    remind_at = agreement.calendar.add(starts_at, half) if half else starts_at
    return {"due": due, "remind_at": remind_at, "calendar": agreement.calendar.fingerprint}


def failed(
    receipt: Receipt,
    channel: Channel,
    now: datetime,
    reason: str,
    facts: dict[str, Any],
    verb: ReceiptVerb = ReceiptVerb.FAILED,
) -> ReceiptEvent:
    """A channel was given up, or a mail came back: whoever had said nothing is unreachable, never deemed.

    Who answered has answered, however they came to know.
    """
    change: dict[str, Any] = {"ways": receipt.with_way(channel, state="failed", at=now, reason=reason)}
    way = receipt.way(channel)
    if way and way.required:
        change |= {"starts_at": None, "due": None, "remind_at": None}
        if receipt.state in (ReceiptState.WAITING, ReceiptState.DEEMED):
            change |= {"state": ReceiptState.UNREACHABLE, "deemed_at": None}
    return ReceiptEvent(verb, now, None, {**facts, "reason": reason}, change)


def acknowledge(receipt: Receipt, now: datetime, by: str, how: How, note: str = "") -> ReceiptEvent:
    """收到. Who was deemed before is late, and both facts stand.

    Args:
        by: who said so: the recipient, or whoever of ours took it down (then ``note`` says how).

    Raises:
        AlreadyAcknowledged: it was acknowledged before.
    """
    if receipt.state in (ReceiptState.ACKNOWLEDGED, ReceiptState.LATE):
        assert receipt.acknowledged_at is not None
        raise AlreadyAcknowledged(receipt.notice, receipt.acknowledged_at, receipt.acknowledged_by)
    late = receipt.state is ReceiptState.DEEMED
    change = {
        "state": ReceiptState.LATE if late else ReceiptState.ACKNOWLEDGED,
        "acknowledged_at": now,
        "acknowledged_by": by,
        "how": how,
        "note": note,
    }
    return ReceiptEvent(ReceiptVerb.ACKNOWLEDGE, now, by, {"how": how, "note": note}, change)


def question(receipt: Receipt, now: datetime, by: str, how: str, order: int, text: str) -> ReceiptEvent:
    """有疑问: deeming stops; an answer given or deemed before stands beside it."""
    change: dict[str, Any] = {"order": order}
    if receipt.state in (ReceiptState.WAITING, ReceiptState.UNREACHABLE):
        change["state"] = ReceiptState.QUESTIONED
    facts = {"how": how, "order": order, "text": text}
    return ReceiptEvent(ReceiptVerb.QUESTION, now, by, facts, change)


def redeliver(receipt: Receipt, now: datetime, by: str, addresses: Mapping[Channel, str]) -> ReceiptEvent:
    """The failed required ways are tried anew, to what the directory now says.

    Its state stays unreachable until they arrive: a try is no delivery.
    """
    ways = tuple(
        _again(way, addresses[way.channel])
        if way in receipt.unreached and addresses.get(way.channel)
        else way
        for way in receipt.ways
    )
    change: dict[str, Any] = {"ways": ways}
    if "mail" in addresses:
        change["email"] = addresses["mail"] or receipt.email
    if "group" in addresses:
        change["chatid"] = addresses["group"] or receipt.chatid
    facts = {"channels": [way.channel for way in receipt.unreached if addresses.get(way.channel)]}
    return ReceiptEvent(ReceiptVerb.REDELIVER, now, by, facts, change)


def _again(way: Way, address: str) -> Way:
    return replace(way, address=address, state="waiting", at=None, reason="", tries=way.tries + 1)


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
