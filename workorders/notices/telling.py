"""The letters of a notice: who gets which, by which channel, and when one is moot.

One post into a group serves every receipt of that group; mail and cards are each person's own. Letters
hold no prose: what goes out is made from the notice when the letter is claimed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from workorders.letters import Channel, Letter
from workorders.notices.notice import Notice, State
from workorders.notices.receipt import Receipt, ReceiptState, Way

#: Kinds of letters that go to recipients, each a message of its own.
TOLD = ("notice", "notice_reminder", "notice_recall")


def subject(number: int) -> str:
    return f"notice:{number}"


def announcing(notice: Notice, receipt: Receipt) -> Iterator[Letter]:
    """The notice itself, by every way that waits."""
    for way in receipt.ways:
        if way.state == "waiting":
            occasion = "send" if not way.tries else f"again{way.tries}.{receipt.id}"
            yield _letter(notice, receipt, way, "notice", occasion)


def reminding(notice: Notice, receipt: Receipt, occasion: str) -> Iterator[Letter]:
    """One reminder, by the way that reaches the person alone where there is one."""
    reached = [way for way in receipt.ways if way.address and way.state == "delivered"]
    for channel in ("app", "mail", "group"):
        for way in reached:
            if way.channel == channel:
                yield _letter(notice, receipt, way, "notice_reminder", f"{occasion}.{receipt.id}")
                return


def recalling(notice: Notice, receipt: Receipt, but: Collection[str] = ()) -> Iterator[Letter]:
    """Word that it stands no more, by every way the notice may have taken; moot where it never went out.

    Args:
        but: groups that hear of it otherwise.
    """
    for way in receipt.ways:
        if way.address and not (way.channel == "group" and way.address in but):
            yield _letter(notice, receipt, way, "notice_recall", "recall")


def _letter(notice: Notice, receipt: Receipt, way: Way, kind: str, occasion: str) -> Letter:
    shared = way.channel == "group" and kind != "notice_reminder"
    own = occasion if shared or occasion.endswith(f".{receipt.id}") else f"{occasion}.{receipt.id}"
    facts: dict[str, Any] = {"receipt": receipt.id}
    return Letter(
        subject(notice.number),
        1,
        own,
        way.address,
        way.channel,
        kind,
        facts,
        urgent=bool(notice.emergency),
    )


def for_operator(notice: Notice, userid: str, kind: str, occasion: str, facts: dict[str, Any]) -> Letter:
    """Word about a notice to whoever composed or approved it."""
    told = {"notice": notice.number, "title": notice.title, **facts}
    urgent = bool(notice.emergency)
    return Letter(subject(notice.number), 1, occasion, userid, "app", kind, told, urgent=urgent)


def moot(letter: Letter, notice: Notice, receipt: Receipt | None, *, went_out: bool) -> str | None:
    """Why a letter about ``notice`` need not be said any more; None while it must be.

    Args:
        receipt: the one it was written for.
        went_out: whether the notice itself went to that recipient by that channel.
    """
    match letter.kind:
        case "notice" | "notice_reminder" if notice.over:
            return f"the notice was {notice.state}"
        case "notice_reminder" if receipt is not None and receipt.state is not ReceiptState.WAITING:
            return f"the receipt is {receipt.state}"
        case "notice" if _optional(letter.channel, receipt) and _answered(receipt):
            return "they have answered already"
        case "notice_recall" if not went_out:
            return "the notice never went there"
        case "notice_to_approve" if notice.state is not State.DRAFT:
            return f"the notice is {notice.state}"
    return None


def _optional(channel: Channel, receipt: Receipt | None) -> bool:
    way = receipt.way(channel) if receipt else None
    return way is not None and not way.required


def _answered(receipt: Receipt | None) -> bool:
    return receipt is not None and receipt.acknowledged_at is not None
