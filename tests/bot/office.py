"""A desk at the edge: a real database, lanes, a recording WeCom, and machine time turned by hand."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, select

from bot.clock import Due, Rounds
from bot.fetching import Fetching
from bot.lanes import Lanes
from bot.mail.smtp import Remembered
from bot.notices import Links, Posts
from bot.sql.unit import Unit, Units
from bot.terms import Terms
from bot.uses import Uses
from bot.wecom.client import DUPLICATES_S, SendResult
from bot.wecom.media import Fetched, Gone, TooMuch
from tests.workorders.orders.stage import AGREEMENT, FILE, MONDAY
from workorders.letters import Channel, Letter
from workorders.orders.desk import OrderDesk
from workorders.orders.order import Kind, WorkOrder
from workorders.sql.tables import delivery, lane, letter

second, minute = timedelta(seconds=1), timedelta(minutes=1)


class Killed(BaseException):
    """The process that was sending is no more."""


@dataclass
class WeCom:
    """What a lane speaks to: an app's client and the groups' webhooks in one, which remembers.

    Attributes:
        arrived: what people saw: moment, recipient, payload.
        faults: what happens to the next calls, in order; each is called with what would deliver the
            message, and may deliver, raise, or both. Without any, messages arrive.
        invalid: userids the app's answer names as not reached, with errcode 0.
    """

    machine: Callable[[], datetime]
    arrived: list[tuple[datetime, str, dict[str, Any]]] = field(default_factory=list)
    faults: deque[Callable[[Callable[[], None]], None]] = field(default_factory=deque)
    invalid: tuple[str, ...] = ()
    calls: int = 0

    def send(self, payload: dict[str, Any]) -> SendResult:
        """To a member, as the app does."""
        self._call(lambda: self._arrive(payload["touser"], payload, once=True))
        return SendResult(f"m{self.calls}", None, self.invalid)

    def post(self, key: str, payload: dict[str, Any]) -> None:
        """Into a group, as its webhook does."""
        self._call(lambda: self._arrive(key, payload))

    def update_card(
        self, response_code: str, template_card: dict[str, Any], userids: Sequence[str] = ()
    ) -> tuple[str, ...]:
        self._call(lambda: self._arrive(response_code, template_card))
        return ()

    def texts(self, recipient: str) -> list[str]:
        """The words that reached somebody."""
        return [words_of(payload) for _, who, payload in self.arrived if who == recipient]

    def _call(self, deliver: Callable[[], None]) -> None:
        self.calls += 1
        (self.faults.popleft() if self.faults else lambda deliver: deliver())(deliver)

    def _arrive(self, who: str, payload: dict[str, Any], *, once: bool = False) -> None:
        window = self.machine() - timedelta(seconds=DUPLICATES_S)
        if once and any(at > window and whom == who and p == payload for at, whom, p in self.arrived):
            return  # WeCom's duplicate check
        self.arrived.append((self.machine(), who, dict(payload)))


@dataclass
class Groups:
    """The groups' webhooks of the same WeCom."""

    wecom: WeCom

    def send(self, key: str, payload: dict[str, Any]) -> None:
        self.wecom.post(key, payload)

    def answer(self, reply_url: str, payload: dict[str, Any]) -> None:
        self.wecom.post(reply_url, payload)


def words_of(payload: dict[str, Any]) -> str:
    """All the words of a message."""
    kind = payload.get("msgtype")
    return str(payload[kind].get("content", payload[kind]) if kind else payload)


def arrives_but(error: BaseException) -> Callable[[Callable[[], None]], None]:
    """The message arrives, and then this is raised."""

    def fault(deliver: Callable[[], None]) -> None:
        deliver()
        raise error

    return fault


def fails(error: BaseException) -> Callable[[Callable[[], None]], None]:
    """Nothing arrives, and this is raised."""

    def fault(_: Callable[[], None]) -> None:
        raise error

    return fault


@dataclass
class Shelf:
    """Where a message's pictures and files are fetched: bytes, or the failure that comes instead, by ref."""

    held: dict[str, bytes | BaseException] = field(default_factory=dict)
    name: str = ""
    fetched: list[str] = field(default_factory=list)

    def fetch(self, ref: str, most: int) -> Fetched:
        self.fetched.append(ref)
        found = self.held.get(ref, Gone())
        if isinstance(found, BaseException):
            raise found
        if len(found) > most:
            raise TooMuch
        return Fetched(found, self.name)


@dataclass
class Office:
    """The edge of one desk over a migrated database.

    Attributes:
        now: machine time, and desk time too.
        woken: lanes named after commits, in order.
        log: what the operator is told.
    """

    engine: Engine
    now: datetime = MONDAY
    woken: list[str] = field(default_factory=list)
    log: Sequence[Mapping[str, Any]] = ()

    def __post_init__(self) -> None:
        self.shelf = Shelf()
        self.units = Units(self.engine, lambda: self.now, self.wake)
        self.wecom = WeCom(lambda: self.now)
        self.uses = Uses(Terms(AGREEMENT), lambda: self.now)
        self.mails = Remembered()
        self.lanes = self.worker("one")
        self.fetching = Fetching(self.units, self.uses, {"aibot": self.shelf, "app": self.shelf})
        with self.units.begin() as unit:
            unit.directory.replace_with(FILE)

    def wake(self, names: Set[str]) -> None:
        self.woken += sorted(names)

    def worker(self, holder: str) -> Lanes:
        """The lanes as another process holds them."""
        return Lanes(
            self.units,
            self.wecom,
            Groups(self.wecom),
            self.mails,
            self.uses,
            Posts(Links("k" * 40, "http://desk.example"), "服务台 <desk@desk.example>", "服务台"),
            lambda: self.now,
            holder,
            "http://desk.example/",
        )

    def rounds(self) -> Rounds:
        return Rounds(self.units, self.uses, lambda: self.now, self.lanes, self.fetching, self.wake)

    def later(self, by: timedelta) -> None:
        self.now += by

    @contextmanager
    def desk(self, heard_in: str | None = None) -> Iterator[tuple[OrderDesk, Unit]]:
        """The use cases in a unit of their own."""
        with self.units.begin() as unit:
            yield self.uses.orders(unit, heard_in), unit

    def due(self, unit: Unit, desk: OrderDesk) -> Due:
        """What the sweep sees of work orders in that unit."""
        return Due(unit.orders.waking, desk.settle, lambda: self.now, self.now)

    def open(self, kind: Kind = Kind.DAILY, by: str = "xiaowang", chat: str | None = None) -> int:
        with self.desk(chat) as (desk, unit):
            group = unit.directory.group(chat) if chat else None
            return desk.open(kind, "刷卡机报错", unit.directory.person(by), group).number

    def do(self, verb: str, number: int, by: str, *more: Any) -> WorkOrder:
        with self.desk() as (desk, unit):
            done: WorkOrder = getattr(desk, verb)(number, unit.directory.person(by), *more)
            return done

    def note(
        self,
        n: int,
        recipient: str = "laoli",
        channel: Channel = "app",
        *,
        urgent: bool = False,
        **facts: Any,
    ) -> Letter:
        """Post a letter about nothing that could go moot; its words hold ``第 n 条``."""
        note = self._note(n, recipient, channel, urgent, facts)
        with self.units.begin() as unit:
            unit.letters.post(note)
        return note

    def notes(self, count: int, recipient: str, channel: Channel) -> None:
        """Post that many of them in one unit."""
        with self.units.begin() as unit:
            for n in range(1, count + 1):
                unit.letters.post(self._note(n, recipient, channel, False, {}))

    def _note(
        self, n: int, recipient: str, channel: Channel, urgent: bool, facts: Mapping[str, Any]
    ) -> Letter:
        told = {"number": n, "recipient": f"第 {n} 条", "at": self.now.isoformat(), **facts}
        return Letter(f"note:{n}", 1, f"note.{n}", recipient, channel, "given_up", told, urgent)

    def states(self, channel: Channel | None = None) -> list[str]:
        """What became of every letter, as they were written."""
        with self.units.reading() as unit:
            rows = unit.conn.execute(select(letter.c.state, letter.c.channel).order_by(letter.c.id))
            return [r.state for r in rows if channel in (None, r.channel)]

    def reasons(self) -> list[str | None]:
        with self.units.reading() as unit:
            return list(unit.conn.execute(select(letter.c.reason).order_by(letter.c.id)).scalars())

    def deliveries(self) -> list[tuple[str, int]]:
        """State and attempts of every delivery."""
        with self.units.reading() as unit:
            return [
                (r.state, r.attempts) for r in unit.conn.execute(select(delivery).order_by(delivery.c.id))
            ]

    def holder(self, name: str) -> str | None:
        """Who holds a lane."""
        with self.units.reading() as unit:
            return unit.conn.execute(select(lane.c.holder).where(lane.c.name == name)).scalar_one_or_none()
