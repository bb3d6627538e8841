"""Letters out: a lane's due letters are claimed, fixed into a delivery, committed, sent, recorded.

The lane's lease is a row in the database, so one process at a time speaks down a lane. A sender may be
killed at any line: before the commit nothing happened; after it the delivery row says what may have gone
out, and whoever takes the lane next sends exactly that once more, marked where the channel cannot tell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Protocol

import structlog

from bot.mail.smtp import Mails
from bot.notices import Posts
from bot.payloads import as_message, as_reply, marked
from bot.sql.unit import Clock, Unit, Units
from bot.subjects import SUBJECTS, in_order, number_said
from bot.uses import Uses
from bot.wecom.client import DUPLICATES_S, SendResult
from bot.wecom.errcodes import OPERATOR_MENDS, AnswerLost, Never, NotNow, SendError
from workorders.letters import Letter
from workorders.notices.telling import TOLD
from workorders.sql.letters import Delivery, Waiting
from workorders.watch import rest_after

#: How long a lease lives without its holder's word; longer than one sending can take.
LEASE = timedelta(seconds=45)
#: Kinds that are a message of their own and are never bundled.
_ALONE = ("card", "card_done", "handover", "stars", *TOLD)
#: Letters one message may carry.
_BUNDLE = 8
_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
#: Deliveries a lane may make within a window: below WeCom's own limits, whose windows nobody documents.
_QUOTAS: Mapping[str, tuple[tuple[int, timedelta], ...]] = {
    "app": ((25, _MINUTE), (900, _HOUR)),  # 30 a minute and 1000 an hour to a member (90454)
    "group": ((18, _MINUTE),),  # 20 a minute (91770)
    "mail": ((60, _MINUTE), (2000, _HOUR)),  # a host's patience; nobody documents it
}
#: An app may send 200 messages a day for each account of the corp (90454): a share every member keeps to is
#: kept by all together. What is urgent need not wait for it.
_SHARE = 190
#: Codes by which WeCom refuses the app as a whole, not one member: nobody is written to for a while (90454).
_WHOLE_APP = frozenset({45009, 45011, 45033})
_FIRST_WAIT, _LAST_WAIT = timedelta(seconds=2), timedelta(minutes=10)
#: How long a lane is quiet after a lost answer, before the same message goes out once more.
_AFTER_LOSS = timedelta(seconds=5)
#: A letter that could not be sent for this long is given up, for a person to see.
_PATIENCE = timedelta(hours=24)

log = structlog.get_logger()


class AppMessages(Protocol):
    """What a lane asks of the app's client."""

    def send(self, payload: dict[str, Any]) -> SendResult: ...

    def update_card(
        self, response_code: str, template_card: dict[str, Any], userids: Sequence[str] = ()
    ) -> tuple[str, ...]: ...


class GroupPosts(Protocol):
    """What a lane asks of the groups' webhooks, and of a message's reply URL."""

    def send(self, key: str, payload: dict[str, Any]) -> None: ...

    def answer(self, reply_url: str, payload: dict[str, Any]) -> None: ...


@dataclass(frozen=True)
class Outcome:
    """What became of a delivery.

    Attributes:
        record: writes it down.
        more: whether the lane may go on to its next.
    """

    record: Callable[[Unit], object]
    more: bool = False


@dataclass(frozen=True)
class Lanes:
    """Drains lanes.

    Args:
        uses: is told what became of letters that somebody waits for.
        posts: makes the messages of notices.
        machine: reads machine time.
        holder: names this process in leases, different from every other's.
        home: where a notice card without a page of its own leads.
    """

    units: Units
    app: AppMessages
    groups: GroupPosts
    mails: Mails
    uses: Uses
    posts: Posts
    machine: Clock
    holder: str
    home: str

    def drain(self, name: str, most: int = 60) -> int:
        """Send what is due down that lane; nothing where another process holds it.

        Returns:
            How many messages went out or were tried.
        """
        sent = 0
        try:
            delivery = self._next(name, None)
            while delivery:
                sent += 1
                outcome = self._send(delivery)
                delivery = self._next(name, outcome, more=outcome.more and sent < most)
        except BaseException:
            with self.units.begin() as unit:
                unit.letters.release(name, self.holder)
            raise
        return sent

    # Claiming

    def _next(self, name: str, last: Outcome | None, *, more: bool = True) -> Delivery | None:
        """The lane's next delivery, fixed and committed; None, and the lane given back, when there is none.

        Args:
            last: what became of the delivery before it, recorded in the same transaction.
            more: whether another may follow.
        """
        while True:
            try:
                with self.units.begin() as unit:
                    if last:
                        last.record(unit)
                    delivery, more = self._claim(unit, name, last is None) if more else (None, False)
                    if delivery is None and not more:
                        unit.letters.release(name, self.holder)
            except Exception:
                # Whatever ails the next, what went out must be known to have gone.
                if last:
                    with self.units.begin() as unit:
                        last.record(unit)
                raise
            if delivery or not more:
                return delivery
            last = None

    def _claim(self, unit: Unit, name: str, first: bool) -> tuple[Delivery | None, bool]:
        """A delivery; and, without one, whether letters ended unsaid and others may follow them.

        One look at a few letters is one transaction: orders are locked in order of number only within it.
        """
        letters, now = unit.letters, unit.machine_now
        if not letters.lease(name, self.holder, now, now + LEASE):
            return None, False
        if first and (unfinished := letters.unfinished(name)):
            return self._again(unit, unfinished), False
        due = letters.claimable(name, now, _BUNDLE)
        if not due:
            return None, False
        if quiet := self._over_quota(unit, name):
            letters.quiet(name, quiet)
            return None, False
        if not due[0].letter.urgent and (tomorrow := self._over_share(unit, name)):
            letters.postpone(name, tomorrow)
            return None, False
        about = self._locked(unit, due)
        waiting = self._still_so(unit, due, about)
        packed = self._packed(unit, waiting, about) if waiting else None
        if packed is None:
            return None, True
        together, payload = packed
        if any(w.doubted for w in together):
            payload = marked(payload)
        return letters.fix(name, payload, together, now), False

    def _packed(
        self, unit: Unit, waiting: Sequence[Waiting], about: Mapping[str, Any]
    ) -> tuple[Sequence[Waiting], dict[str, Any]] | None:
        """What goes out together, and as what; None where the first letter had to be set aside.

        A letter that cannot be put into words must not keep the lane from saying the others.
        """
        first = waiting[0]
        alone = first.letter.kind in _ALONE
        bundle = [w for w in waiting if w is first or not (alone or w.letter.kind in _ALONE)]
        for together in (bundle, [first]):
            try:
                return together, self._payload(unit, together, about)
            except Exception as error:  # noqa: BLE001  (whatever a phrase raises)
                problem = error
        log.error("letter set aside", letter=first.id, kind=first.letter.kind, exc_info=problem)
        reason = f"it cannot be put into words: {type(problem).__name__}"
        if first.written_at < unit.machine_now - _PATIENCE:
            unit.letters.abandon(first.id, reason)
            if first.letter.kind in TOLD:
                self.uses.notices(unit).failed(first.letter, reason, {})
            self._tell_supervisors(unit, [first], None)
        else:
            unit.letters.set_aside(first.id, reason, unit.machine_now + rest_after(first.attempts + 1))
        return None

    def _again(self, unit: Unit, lost: Delivery) -> Delivery | None:
        """Once more, unchanged save the mark; a delivery whose answer was lost twice stays in doubt."""
        if lost.attempts >= 2:
            unit.letters.was_lost(lost)
            self._failed_to_reach(unit, lost, "its answer was lost twice")
            log.error("delivery in doubt: its answer was lost twice", delivery=lost.id)
            return None
        fresh = unit.machine_now < lost.at + timedelta(seconds=DUPLICATES_S)
        # A mail is known again by its Message-ID, an app message by WeCom for a while.
        known = lost.lane.startswith("mail:") or (lost.lane.startswith("app:") and fresh)
        payload = lost.payload if known else marked(lost.payload)
        return unit.letters.try_again(lost, payload, unit.machine_now)

    def _over_quota(self, unit: Unit, name: str) -> datetime | None:
        """Until when the lane must be quiet; None while it may speak."""
        return _ends(unit, name, _QUOTAS[name.partition(":")[0]])

    def _over_share(self, unit: Unit, name: str) -> datetime | None:
        """When a member may be sent again what is not urgent; None while they may."""
        return _ends(unit, name, ((_SHARE, _DAY),)) if name.startswith("app:") else None

    def _locked(self, unit: Unit, waiting: Sequence[Waiting]) -> dict[str, Any]:
        """What the letters are about, locked: nothing goes moot between this look and the claim."""
        about: dict[str, Any] = {}
        for subject in sorted({w.letter.subject for w in waiting}, key=in_order):
            kind, id = in_order(subject)
            if kind in SUBJECTS:
                about[subject] = SUBJECTS[kind].lock(unit, id)
        return about

    def _still_so(self, unit: Unit, waiting: Sequence[Waiting], about: Mapping[str, Any]) -> list[Waiting]:
        """The letters still worth saying, no more than may go out together; others become moot."""
        kept: list[Waiting] = []
        for w in waiting:
            held = about.get(w.letter.subject)
            reason = SUBJECTS[in_order(w.letter.subject)[0]].moot(w.letter, held) if held else None
            if reason:
                unit.letters.make_moot(w.id, reason)
            else:
                kept.append(w)
                if kept[0].letter.kind in _ALONE:
                    break
        return kept

    def _payload(self, unit: Unit, together: Sequence[Waiting], about: Mapping[str, Any]) -> dict[str, Any]:
        first = together[0]
        if first.letter.kind in TOLD:
            return self.posts.payload(about[first.letter.subject], first)
        return as_message(together, self.home, self.posts.mail_domain, unit.machine_now)

    # Sending

    def _send(self, delivery: Delivery) -> Outcome:
        """Send one delivery, outside any transaction; what became of it is still to be recorded."""
        try:
            result = self._speak(delivery)
        except AnswerLost as lost:
            # The row stays as it is: who takes the lane after the quiet sends it once more.
            log.warning("answer lost", delivery=delivery.id, reason=lost.reason)
            return Outcome(lambda unit: unit.letters.quiet(delivery.lane, unit.machine_now + _AFTER_LOSS))
        except NotNow as failure:
            whole = failure.errcode in _WHOLE_APP and delivery.lane.startswith("app:")
            return Outcome(partial(self._failed, delivery, failure.reason, failure.retry_after, whole=whole))
        except Never as failure:
            if failure.errcode in OPERATOR_MENDS:
                log.error("WeCom refuses this desk: mend it, letters wait", reason=failure.reason)
                return Outcome(partial(self._failed, delivery, failure.reason, 60, patience=None))
            return Outcome(partial(self._end, delivery, failure.reason, failure.errcode), more=True)
        return Outcome(partial(self._went, delivery, result or SendResult("", None, ())), more=True)

    def _speak(self, delivery: Delivery) -> SendResult | None:
        try:
            return self._said(delivery)
        except Never as refused:
            if refused.errcode in OPERATOR_MENDS or not self._answered(delivery):
                raise
            return None

    def _said(self, delivery: Delivery) -> SendResult | None:
        channel, _, recipient = delivery.lane.partition(":")
        payload = dict(delivery.payload)
        if channel == "app":
            if "updates" in payload:
                self._update(payload["updates"], payload["template_card"], recipient)
                return None
            result = self.app.send(payload)
            if result.invalid:
                raise Never(f"WeCom did not deliver to {', '.join(result.invalid)}")
            return result
        if channel == "mail":
            return SendResult(self.mails.send(payload), None, ())
        # The key is a credential: it is looked up now and stored with no message.
        with self.units.reading() as unit:
            key = unit.directory.webhook_key(recipient)
        if key is None:
            raise Never("the group has no webhook key in the directory")
        self.groups.send(key, payload)
        return None

    def _answered(self, delivery: Delivery) -> bool:
        """Said as one more answer to a message from there, for want of another way (design §3).

        A notice is not: what became of it must be known for each of its ways.
        """
        if any(w.letter.kind in TOLD for w in delivery.letters):
            return False
        with self.units.begin() as unit:
            found = self._reply(unit, delivery)
        if found is None:
            return False
        try:
            self.groups.answer(*found)
        except (NotNow, Never) as failure:
            log.warning("a reply URL was no help", delivery=delivery.id, reason=failure.reason)
            return False
        return True

    def _reply(self, unit: Unit, delivery: Delivery) -> tuple[str, dict[str, Any]] | None:
        """A reply URL, spent by this, and what is posted to it; None where none is left."""
        for chat, sender in _places(unit, delivery):
            payload = as_reply(delivery.payload, single=chat is None)
            if payload and (url := unit.inbox.spend_reply_url(chat, sender)):
                return url, payload
        return None

    def _update(self, delivery: int, card: dict[str, Any], userid: str) -> None:
        """Replace a card that went out; without the right to it stays, and a press on it is judged."""
        with self.units.begin() as unit:
            code = unit.letters.spend_code(delivery)
        if code is None:
            return
        try:
            self.app.update_card(code, card, [userid])
        except SendError as failure:
            log.warning("a card keeps its buttons", delivery=delivery, reason=failure.reason)

    # What became of it

    def _went(self, delivery: Delivery, result: SendResult, unit: Unit) -> None:
        """The far side took it; somebody waits to know whom a notice reached."""
        unit.letters.was_sent(delivery, result.msgid, result.response_code)
        log.info(
            "delivery sent",
            delivery=delivery.id,
            channel=delivery.lane.partition(":")[0],
            about=",".join(dict.fromkeys(w.letter.subject for w in delivery.letters)),
            kinds=",".join(dict.fromkeys(w.letter.kind for w in delivery.letters)),
        )
        for w in delivery.letters:
            if w.letter.kind in TOLD:
                facts = {"delivery": delivery.id, "message_id": result.msgid}
                self.uses.notices(unit).went(w.letter, facts)

    def _failed(
        self,
        delivery: Delivery,
        reason: str,
        retry_after: float | None,
        unit: Unit,
        *,
        patience: timedelta | None = _PATIENCE,
        whole: bool = False,
    ) -> None:
        """Not now; never once its oldest letter has waited longer than ``patience`` (None waits on).

        Args:
            whole: the far side refuses everybody of the channel meanwhile, and nobody else is tried.
        """
        oldest = min((w.written_at for w in delivery.letters), default=unit.machine_now)
        if patience and oldest < unit.machine_now - patience:
            self._end(delivery, reason, None, unit)
            return
        tries = max((w.attempts for w in delivery.letters), default=1)
        wait = min(_FIRST_WAIT * 2 ** min(tries - 1, 12), _LAST_WAIT)
        if retry_after:
            wait = max(wait, timedelta(seconds=retry_after))
            quiet = delivery.lane.partition(":")[0] if whole else delivery.lane
            unit.letters.quiet(quiet, unit.machine_now + wait)
        unit.letters.failed(delivery, reason, unit.machine_now + wait)

    def _end(self, delivery: Delivery, reason: str, errcode: int | None, unit: Unit) -> None:
        """Given up, and shown to a person: the supervisors are told which order was not told to whom."""
        log.error("letters given up", delivery=delivery.id, reason=reason)
        unit.letters.gave_up(delivery, reason)
        self._failed_to_reach(unit, delivery, reason)
        self._tell_supervisors(unit, delivery.letters, errcode)

    def _failed_to_reach(self, unit: Unit, delivery: Delivery, reason: str) -> None:
        """Somebody waits to know whom a notice did not surely reach."""
        for w in delivery.letters:
            if w.letter.kind in TOLD:
                self.uses.notices(unit).failed(w.letter, reason, {"delivery": delivery.id})

    def _tell_supervisors(self, unit: Unit, unsaid: Sequence[Waiting], errcode: int | None) -> None:
        for w in unsaid:
            if w.letter.kind in ("given_up", *_ALONE):
                continue
            group = unit.directory.group(w.letter.recipient) if w.letter.channel == "group" else None
            facts = {
                "number": number_said(w.letter),
                "kind": w.letter.kind,
                "channel": w.letter.channel,
                "recipient": (group or unit.directory.person(w.letter.recipient)).name,
                "errcode": errcode,
                "at": unit.machine_now.isoformat(),
            }
            about = f"letter:{w.id}"
            for lead in unit.directory.supervisors():
                if lead.userid != w.letter.recipient:
                    unit.letters.post(
                        Letter(about, w.attempts, "given_up", lead.userid, "app", "given_up", facts)
                    )


def _places(unit: Unit, delivery: Delivery) -> Iterator[tuple[str | None, str | None]]:
    """Where its reader may be answered, as chat and sender: the group; a 1:1, or where they reported."""
    channel, _, recipient = delivery.lane.partition(":")
    if channel == "group":
        yield recipient, None
    if channel == "app":
        yield None, recipient
        reported = {_reported(unit, w.letter.subject, recipient) for w in delivery.letters}
        if len(reported) == 1 and (chat := reported.pop()):
            yield chat, None


def _reported(unit: Unit, subject: str, reporter: str) -> str | None:
    """The group in which they reported the order a letter is about; None where they did not."""
    kind, number = in_order(subject)
    order = unit.orders.read(number) if kind == "order" else None
    return order.chat if order and order.reporter == reporter else None


def _ends(unit: Unit, name: str, windows: Sequence[tuple[int, timedelta]]) -> datetime | None:
    """When a lane has again tried less than so many deliveries within each window; None where it has."""
    tried = unit.letters.tried(name, tuple(most for most, _ in windows))
    ends = [at + window for at, (_, window) in zip(tried, windows, strict=True) if at]
    return max((end for end in ends if end > unit.machine_now), default=None)
