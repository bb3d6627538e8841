"""The clock process: walks what wakes by itself, round after round, until it is told to stop.

Any number of clocks may run. Desk time and machine time are read here and nowhere below.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog

from bot.fetching import Fetching
from bot.lanes import Lanes
from bot.queue import Wake
from bot.sql.engine import UNUSABLE
from bot.sql.retention import prune
from bot.sql.unit import FETCH, Clock, Unit, Units
from bot.uses import Uses
from handlers.phrases import notices as notice_phrases
from workorders.notices.desk import Draft
from workorders.notices.errors import EmptyAudience
from workorders.notices.holidays import upcoming
from workorders.notices.notice import Kind as NoticeKind
from workorders.sql.orders import SqlOrders
from workorders.sql.waking import WakingRows
from workorders.watch import Watched, rest_after, sweep

#: Seconds between rounds.
ROUND_S = 1.0
#: A letter overdue this long shows that wake-ups do not work: the clock drains its lane itself.
UNATTENDED = timedelta(seconds=15)
_LANES_A_ROUND = 20
#: Seconds of a round spent draining: what is due next must not wait for a slow far side.
_DRAINING_S = 5.0
_SENT_AT_ONCE = 10
_FETCHES_A_ROUND = 20
#: What was kept long enough is looked for this often.
_NIGHTLY = timedelta(hours=20)
#: What is open and counted by another calendar is looked for this often, and at once after an import.
_RECOUNTED, _RECOUNTS_EVERY = "recounted", timedelta(minutes=1)

log = structlog.get_logger()


def machine_time() -> datetime:
    """Now, by this machine: aware UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Due:
    """Rows of one kind whose ``look_at`` has come: the :class:`~workorders.watch.Watched` of one unit.

    Args:
        rows: the rows, which know their moments in desk time.
        settle: looks at one row and does what is due.
        now: reads desk time. ``machine_now``: when the unit began.
    """

    rows: WakingRows
    settle: Callable[[int], object]
    now: Clock
    machine_now: datetime

    def waits(self) -> bool:
        """Whether there is anything to look at; takes no lock."""
        return self.rows.anything_due(self.now(), self.machine_now)

    def due(self, limit: int) -> list[int]:
        return self.rows.due(self.now(), self.machine_now, limit)

    def set_aside(self, id: int) -> None:
        _set_aside(self.rows, id, self.machine_now)


def _set_aside(rows: WakingRows, id: int, machine_now: datetime) -> None:
    stumbles = rows.stumbled(id) + 1
    rows.set_aside(id, machine_now + rest_after(stumbles), stumbles)


@dataclass(frozen=True)
class Miscounted:
    """Live work orders counted by another calendar than ``fingerprint``: a ``Watched`` of one unit.

    Args:
        recount: counts one order anew. ``machine_now``: when the unit began.
    """

    orders: SqlOrders
    recount: Callable[[int], object]
    fingerprint: str
    machine_now: datetime

    def due(self, limit: int) -> list[int]:
        return self.orders.counted_otherwise(self.fingerprint, self.machine_now, limit)

    @property
    def settle(self) -> Callable[[int], object]:
        return self.recount

    def set_aside(self, id: int) -> None:
        _set_aside(self.orders.waking, id, self.machine_now)


@dataclass(frozen=True)
class Rounds:
    """One round after another.

    Args:
        uses: the use cases, in desk time, by which promises are due.
        machine: reads machine time, by which letters are due.
        wake: names lanes and attachments to the workers.
    """

    units: Units
    uses: Uses
    machine: Clock
    lanes: Lanes
    fetching: Fetching
    wake: Wake | Callable[[set[str]], None]

    def run(self, stop: threading.Event) -> None:
        """Round after round until ``stop`` is set; one that fails is reported, and the next follows."""
        resting = 1.0
        while not stop.is_set():
            try:
                busy = self.round()
                resting = ROUND_S
            except Exception as error:  # noqa: BLE001  (a database that is away comes back)
                log.error("a round failed", error=type(error).__name__, detail=str(error).split("\n")[0])
                busy, resting = False, min(resting * 2, 15.0)
            if not busy:
                stop.wait(resting)

    def round(self) -> bool:
        """Everything in SWEEPS once; whether there was a full batch, and so perhaps more."""
        busy = [step(self) for step in SWEEPS]
        return any(busy)

    def calendar(self) -> bool:
        """Take holidays imported since; count by them what is open and counted otherwise.

        While a release with other holidays goes round, it is the clock started last that counts; whatever
        another process has meanwhile written by the old ones is found within a minute.
        """
        terms = self.uses.terms
        with self.units.reading() as unit:
            terms.take(unit.calendars)
            mine, there = terms.calendar.fingerprint, unit.calendars.in_force()
            last, now = unit.inbox.last_sweep(_RECOUNTED), unit.machine_now
        if there and there.fingerprint != mine and terms.counted not in (None, there.fingerprint):
            return False
        terms.counted = mine
        if there is None or there.fingerprint != mine:
            with self.units.begin() as unit:
                unit.calendars.put_in_force(mine, unit.machine_now)
                unit.obligations.look_again(self.uses.desk_clock())
                unit.notices.look_again(self.uses.desk_clock())
        elif last and last > there.since and now - last < _RECOUNTS_EVERY:
            return False
        looked = self._sweep(
            "order",
            lambda unit: Miscounted(unit.orders, self.uses.orders(unit).recount, mine, unit.machine_now),
        )
        if not looked:
            with self.units.begin() as unit:
                unit.inbox.swept(_RECOUNTED)
        return looked

    def orders(self) -> bool:
        """Bring due work orders up to now."""
        return self._walk(
            "order", lambda unit: self._due(unit.orders.waking, unit, self.uses.orders(unit).settle)
        )

    def obligations(self) -> bool:
        """Bring due obligations up to now."""
        return self._walk(
            "obligation",
            lambda unit: self._due(unit.obligations.waking, unit, self.uses.obligations(unit).settle),
        )

    def incidents(self) -> bool:
        """Remind whoever owes the next word about an incident."""
        return self._walk(
            "incident",
            lambda unit: self._due(unit.incidents.waking, unit, self.uses.incidents(unit).settle),
        )

    def surveys(self) -> bool:
        """Create the surveys of a month that has opened; partners that are new are planned for."""
        with self.units.reading() as unit:
            new = unit.survey_plans.missing()
        if new:
            with self.units.begin() as unit:
                self.uses.surveys(unit).enrol()
        return self._walk(
            "survey of partner",
            lambda unit: self._due(unit.survey_plans.waking, unit, self.uses.surveys(unit).settle),
        )

    def notices(self) -> bool:
        """Take broadcasts a batch further, and bring due receipts up to now."""
        broadcasts = self._walk(
            "notice", lambda unit: self._due(unit.notices.waking, unit, self.uses.notices(unit).settle)
        )
        receipts = self._walk(
            "receipt",
            lambda unit: self._due(
                unit.notices.receipts_waking, unit, self.uses.notices(unit).settle_receipt
            ),
        )
        return broadcasts or receipts

    def summaries(self) -> bool:
        """Tell the leaders' group how the day or the week went."""
        with self.units.reading() as unit:
            begun = unit.summaries.begun()
        if not begun:
            with self.units.begin() as unit:
                unit.summaries.begin(self.uses.desk_clock())
        return self._walk(
            "summary", lambda unit: self._due(unit.summaries.waking, unit, self.uses.summaries(unit).settle)
        )

    def held(self) -> bool:
        """Let go what was held for an opening that has come."""
        with self.units.reading() as unit:
            if not unit.letters.holds(self.uses.desk_clock()):
                return False
        with self.units.begin() as unit:
            unit.letters.let_go(self.uses.desk_clock())
        return True

    def handovers(self) -> bool:
        """Tell of offers nobody has taken."""
        return self._walk(
            "handover",
            lambda unit: self._due(unit.handovers.waking, unit, self.uses.handovers(unit).settle),
        )

    def holidays(self) -> bool:
        """Propose the announcement of each holiday that begins within a week, once."""
        for holiday in upcoming(self.uses.agreement.calendar, self.uses.desk_clock()):
            proposal = f"holiday:{holiday.first.isoformat()}"
            with self.units.reading() as unit:
                if unit.notices.proposed(proposal):
                    continue
            title = notice_phrases.holiday_title(holiday.name)
            draft = Draft(NoticeKind.BUSINESS, title, notice_phrases.holiday_body(holiday), cut=True)
            # Without a contact to tell there is nothing to propose.
            with self.units.begin() as unit, suppress(EmptyAudience):
                self.uses.notices(unit).propose(draft, proposal)
        return False

    def letters(self) -> bool:
        """Wake lanes with due letters; drain those nobody attends to, urgent ones first."""
        with self.units.reading() as unit:
            due = unit.letters.due_lanes(unit.machine_now, _LANES_A_ROUND)
            now = unit.machine_now
        self.wake({name for name, since in due if now - since <= UNATTENDED})
        began = time.monotonic()
        for name in (name for name, since in due if now - since > UNATTENDED):
            if time.monotonic() - began > _DRAINING_S:
                return True
            try:
                self.lanes.drain(name, most=_SENT_AT_ONCE)
            except Exception as error:
                # One lane must not keep the others from being drained.
                log.error("a lane was not drained", lane=name, error=type(error).__name__, exc_info=error)
        return False

    def attachments(self) -> bool:
        """Wake somebody for what can be fetched; fetch what nobody attends to."""
        with self.units.reading() as unit:
            due = unit.attachments.due(unit.machine_now, _FETCHES_A_ROUND)
            now = unit.machine_now
        self.wake({f"{FETCH}{id}" for id, since in due if now - since <= UNATTENDED})
        began = time.monotonic()
        for id in (id for id, since in due if now - since > UNATTENDED):
            if time.monotonic() - began > _DRAINING_S:
                return True
            try:
                self.fetching.fetch(id)
            except Exception as error:
                # Its claim runs out, and it is fetched again; the others must not wait for that.
                log.error("an attachment was not fetched", attachment=id, exc_info=error)
        return False

    def retention(self) -> bool:
        """Let go of what was kept long enough: once a night, outside working hours, a batch a round."""
        with self.units.reading() as unit:
            done, now = unit.inbox.last_sweep("retention"), self.uses.desk_clock()
            if self.uses.agreement.calendar.is_open(now):
                return False
            if done and unit.machine_now - done < _NIGHTLY:
                return False
        try:
            with self.units.begin() as unit:
                unit.inbox.let_reply_urls_go()
                gone = prune(unit, self.uses.agreement.retention, now, "clock", "clock")
                if gone is None:
                    unit.inbox.swept("retention")
                return gone is not None
        except UNUSABLE:
            raise
        except Exception as error:
            # What cannot be erased must not keep promises from being watched: an operator looks by day.
            log.error("retention stopped for today", error=type(error).__name__, exc_info=error)
            with self.units.begin() as unit:
                unit.inbox.swept("retention")
            return False

    def note(self) -> bool:
        """Leave word that a clock is alive, for /readyz."""
        with self.units.begin() as unit:
            unit.inbox.swept("clock")
        return False

    def _due(self, rows: WakingRows, unit: Unit, settle: Callable[[int], object]) -> Due:
        return Due(rows, settle, self.uses.desk_clock, unit.machine_now)

    def _walk(self, what: str, watched: Callable[[Unit], Due]) -> bool:
        """Look at what is due of one kind, one batch in one unit; whether anything was.

        Args:
            what: its name in the log, for a row that raises.
        """
        with self.units.reading() as unit:
            if not watched(unit).waits():
                return False
        return self._sweep(what, watched)

    def _sweep(self, what: str, watched: Callable[[Unit], Watched[int]]) -> bool:
        """One batch of what is due, in one unit; whether anything was."""
        began = time.monotonic()
        with self.units.begin() as unit:
            looked = sweep(
                watched(unit),
                unit.conn.begin_nested,
                lambda: timedelta(seconds=time.monotonic() - began),
                lambda id, error: log.error(
                    f"{what} set aside", id=id, error=type(error).__name__, exc_info=error
                ),
            )
        if looked:
            log.info("due moments looked at", of=what, rows=looked)
        return looked > 0


#: All that wakes by itself, in the order a round looks at it.
SWEEPS: tuple[Callable[[Rounds], bool], ...] = (
    Rounds.calendar,
    Rounds.orders,
    Rounds.incidents,
    Rounds.handovers,
    Rounds.obligations,
    Rounds.notices,
    Rounds.holidays,
    Rounds.summaries,
    Rounds.held,
    Rounds.letters,
    Rounds.attachments,
    Rounds.surveys,
    Rounds.retention,
    Rounds.note,
)
