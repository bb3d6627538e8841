"""The stage everybody knows: two partners, a desk with every duty held, and a clock turned by hand.

小王 and 小赵 are of 星河支付, 小孙 of 大地支付. 老李 is 一责 and 老张 二责 of 产品技术, 小陈 is 中台,
老吴 业务, 周姐 客服负责人. 钱主管 supervises, 小何 takes the hotline, 小钟 is of the desk without a duty.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from bot.sql.engine import open_engine
from workorders.agreement.clauses import Agreement
from workorders.directory.file import DirectoryFile
from workorders.directory.people import Duty, Person, Role
from workorders.directory.rows import ContactRow, GroupRow, PartnerRow, StaffRow
from workorders.letters import Letter
from workorders.orders.desk import OrderDesk
from workorders.orders.order import Event, Kind, WorkOrder
from workorders.orders.promise import Part, Promise
from workorders.sql.base import metadata
from workorders.sql.directory import SqlDirectory
from workorders.sql.letters import SqlLetters
from workorders.sql.orders import SqlOrders
from workorders.sql.tables import letter

SHANGHAI = ZoneInfo("Asia/Shanghai")
AGREEMENT = Agreement.load()

XINGHE_GROUP, BARE_GROUP, DUTY_GROUP = "wrXINGHE", "wrBARE", "wrDUTY"

STAFF = (
    StaffRow("老李", "laoli", duties=(Duty(Role.TECH, 1),), console="desk"),
    StaffRow("老张", "laozhang", duties=(Duty(Role.TECH, 2),), console="desk"),
    StaffRow("小陈", "xiaochen", duties=(Duty(Role.MIDDLE_OFFICE, 1),)),
    StaffRow("老吴", "laowu", duties=(Duty(Role.BUSINESS, 1),)),
    StaffRow("周姐", "zhoujie", duties=(Duty(Role.CS_LEAD, 1),)),
    StaffRow("钱主管", "qian", console="supervisor"),
    StaffRow("小何", "xiaohe", console="hotline"),
    StaffRow("小钟", "xiaozhong", console="desk"),
)
PARTNERS = (
    PartnerRow(
        name="星河支付",
        groups=(
            GroupRow(XINGHE_GROUP, "星河支付-服务群", webhook_key="key-of-xinghe"),
            GroupRow(BARE_GROUP, "星河支付-闲聊群"),
        ),
        contacts=(ContactRow("小王", userid="xiaowang"), ContactRow("小赵", userid="xiaozhao")),
    ),
    PartnerRow(name="大地支付", contacts=(ContactRow("小孙", userid="xiaosun"),)),
)
FILE = DirectoryFile(
    partners=PARTNERS, staff=STAFF, groups=(GroupRow(DUTY_GROUP, "值班群", purpose="duty", webhook_key="k"),)
)


def local(text: str) -> datetime:
    """The moment (UTC) a clock in Shanghai shows as ``2026-11-23 10:00`` or with seconds."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).astimezone(UTC)


#: An ordinary Monday in the middle of the morning.
MONDAY = local("2026-11-23 10:00")
#: A Saturday of rest, late.
SATURDAY = local("2026-11-28 22:00")

minute = timedelta(minutes=1)
second = timedelta(seconds=1)
tick = timedelta(microseconds=1)


class Stage:
    """One database in memory, one transaction, one clock.

    Args:
        conn: what everything is joined to.
        agreement: the promises; the shipped ones.
        now: desk time, turned by assignment or :meth:`later`.
    """

    def __init__(self, conn: Connection, agreement: Agreement = AGREEMENT, now: datetime = MONDAY) -> None:
        self.conn, self.agreement, self.now = conn, agreement, now
        self.directory = SqlDirectory(conn)
        self.orders = SqlOrders(conn)
        self._read = 0

    def desk(self, heard_in: str | None = None) -> OrderDesk:
        """The use cases, as a message heard in that chat finds them."""
        letters = SqlLetters(self.conn, self.now)
        return OrderDesk(self.agreement, self.orders, letters, self.directory, lambda: self.now, heard_in)

    def person(self, userid: str) -> Person:
        return self.directory.person(userid)

    def open(
        self,
        kind: Kind = Kind.DAILY,
        by: str = "xiaowang",
        chat: str | None = None,
        text: str = "刷卡机报错",
        topic: str = "",
        **more: Any,
    ) -> int:
        """Open an order and return its number."""
        group = self.directory.group(chat) if chat else None
        return self.desk(chat).open(kind, text, self.person(by), group, topic=topic, **more).number

    def order(self, number: int) -> WorkOrder:
        """The order as it is stored."""
        order = self.orders.read(number)
        assert order is not None
        return order

    def promise(self, number: int, part: Part) -> Promise:
        promise = self.order(number).promise(part)
        assert promise is not None
        return promise

    def events(self, number: int) -> list[Event]:
        return self.orders.events(number)

    def later(self, by: timedelta) -> datetime:
        """Turn the clock on."""
        self.now += by
        return self.now

    def sweep(self) -> None:
        """What the clock process would do now: every due order is settled once."""
        for number in self.orders.waking.due(self.now, self.now, 100):
            self.desk().settle(number)

    def pass_by(self, span: timedelta, every: timedelta = second) -> None:
        """Let that long pass, with a sweep as often as said."""
        until = self.now + span
        while self.now < until:
            self.now = min(self.now + every, until)
            self.sweep()

    def told(self) -> list[tuple[str, str, str]]:
        """Who was told what since this was last asked: recipient, channel and kind, in order."""
        return [(x.recipient, x.channel, x.kind) for x in self.letters()]

    def occasions(self) -> list[tuple[str, str]]:
        """Who was told on which occasion since last asked."""
        return [(x.recipient, x.occasion) for x in self.letters()]

    def letters(self) -> list[Letter]:
        """The letters written since this was last asked."""
        rows = self.conn.execute(select(letter).where(letter.c.id > self._read).order_by(letter.c.id)).all()
        self._read = max((row.id for row in rows), default=self._read)
        return [
            Letter(
                r.subject, r.generation, r.occasion, r.recipient, r.channel, r.kind, dict(r.facts), r.urgent
            )
            for r in rows
        ]


@contextmanager
def stage(
    file: DirectoryFile = FILE, agreement: Agreement = AGREEMENT, now: datetime = MONDAY
) -> Iterator[Stage]:
    """A stage of its own, gone at the end."""
    engine = open_engine("sqlite://")
    try:
        with engine.begin() as conn:
            metadata.create_all(conn)
            made = Stage(conn, agreement, now)
            made.directory.replace_with(file)
            yield made
    finally:
        engine.dispose()
