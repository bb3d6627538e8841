"""A desk that announces: two partners with tech contacts, operations, and a clock turned by hand.

小钱 of 运营中心 composes, 老高 approves, 王主管 supervises. 小王 is the tech contact of 星河支付 and has
everything; 小林 of 云帆支付 too; 小孔 of 大地支付 has neither a group with a webhook nor WeCom, only mail.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select

from bot.sql.engine import open_engine
from tests.workorders.orders.stage import AGREEMENT, MONDAY, local
from workorders.agreement.clauses import Agreement
from workorders.directory.file import DirectoryFile
from workorders.directory.people import Duty, Person, Role
from workorders.directory.rows import ContactRow, GroupRow, PartnerRow, StaffRow
from workorders.letters import Letter, LetterState
from workorders.notices.desk import Draft, NoticeDesk
from workorders.notices.notice import Audience, Kind, Notice
from workorders.notices.receipt import Receipt, ReceiptEvent, ReceiptState
from workorders.orders.desk import OrderDesk
from workorders.sql.address_book import SqlAddressBook
from workorders.sql.base import metadata
from workorders.sql.directory import SqlDirectory
from workorders.sql.letters import SqlLetters
from workorders.sql.notices import SqlNotices
from workorders.sql.orders import SqlOrders
from workorders.sql.tables import letter

__all__ = ["AGREEMENT", "MONDAY", "local"]

STAFF = (
    StaffRow("老李", "laoli", duties=(Duty(Role.TECH, 1),), console="desk"),
    StaffRow(
        "小钱",
        "xiaoqian",
        email="qian@desk.example",
        duties=(Duty(Role.OPERATIONS, 1),),
        console="operations",
    ),
    StaffRow("小丁", "xiaoding", console="operations"),
    StaffRow("王主管", "wang", duties=(Duty(Role.CS_LEAD, 1),), console="supervisor"),
)
XINGHE = PartnerRow(
    name="星河支付",
    groups=(GroupRow("wrXINGHE", "星河支付-服务群", webhook_key="k1"),),
    contacts=(
        ContactRow("小王", userid="xiaowang", email="wang@xinghe.example", roles=(Role.TECH,)),
        ContactRow("小赵", userid="xiaozhao", email="zhao@xinghe.example", roles=(Role.BUSINESS,)),
    ),
)
YUNFAN = PartnerRow(
    name="云帆支付",
    groups=(GroupRow("wrYUNFAN", "云帆支付-服务群", webhook_key="k2"),),
    contacts=(ContactRow("小林", userid="xiaolin", email="lin@yunfan.example", roles=(Role.TECH,)),),
)
DADI = PartnerRow(
    name="大地支付",
    groups=(GroupRow("wrDADI", "大地支付-闲聊群"),),
    contacts=(ContactRow("小孔", email="kong@dadi.example", roles=(Role.TECH, Role.CS_LEAD)),),
)
OURS = GroupRow("wrOPS", "运营中心群", purpose="operations", webhook_key="k3")
FILE = DirectoryFile(partners=(XINGHE, YUNFAN), staff=STAFF, groups=(OURS,))
WITH_DADI = DirectoryFile(partners=(XINGHE, YUNFAN, DADI), staff=STAFF, groups=(OURS,))


def yunfan_has(clause: dict[str, object]) -> DirectoryFile:
    """The same directory, where 云帆支付 has values of its own for notice.upgrade."""
    own = replace(YUNFAN, clauses={"notice.upgrade": clause})
    return DirectoryFile(partners=(XINGHE, own), staff=STAFF, groups=(OURS,))


#: Two working days and more after Monday.
THURSDAY_NIGHT = local("2026-11-26 22:00")
UPGRADE = Draft(
    Kind.UPGRADE, "收银台 3.0 升级", "升级期间收银台不可用，请提前告知门店。", effective=THURSDAY_NIGHT
)
MINUTE = timedelta(minutes=1)


@dataclass
class Stage:
    """One database in memory, one transaction, one clock; letters go where the test lets them."""

    conn: Connection
    agreement: Agreement = AGREEMENT
    now: datetime = MONDAY

    def __post_init__(self) -> None:
        self.directory = SqlDirectory(self.conn)
        self.notices = SqlNotices(self.conn)
        self.orders = SqlOrders(self.conn)

    @property
    def desk(self) -> NoticeDesk:
        letters = SqlLetters(self.conn, self.now)
        orders = OrderDesk(self.agreement, self.orders, letters, self.directory, lambda: self.now)
        book = SqlAddressBook(self.conn, self.directory)
        return NoticeDesk(
            self.agreement, self.notices, letters, self.directory, book, orders, lambda: self.now
        )

    def who(self, userid: str) -> Person:
        return self.directory.person(userid)

    def approved(self, draft: Draft = UPGRADE, by: str = "xiaoding") -> int:
        """A notice 小钱 composed and somebody approved; its number."""
        number = self.desk.compose(draft, self.who("xiaoqian")).number
        self.desk.approve(number, self.who(by))
        return number

    def sent(self, draft: Draft = UPGRADE, by: str = "xiaoding") -> int:
        """… and that reached everybody on every way."""
        number = self.sending(draft, by)
        self.arrive()
        self.broadcast()
        return number

    def sending(self, draft: Draft = UPGRADE, by: str = "xiaoding") -> int:
        """… and whose letters are written."""
        number = self.approved(draft, by)
        self.desk.send(number, self.who("xiaoqian"))
        self.broadcast()
        return number

    def sweep(self) -> None:
        """What the clock would do now."""
        for number in self.notices.waking.due(self.now, self.now, 100):
            self.desk.settle(number)
        for id in self.notices.receipts_waking.due(self.now, self.now, 1000):
            self.desk.settle_receipt(id)

    def broadcast(self) -> None:
        """The clock's rounds of a few seconds, in which everything that waits is written."""
        for _ in range(4):
            self.sweep()
            self.now += timedelta(seconds=1)

    def later(self, by: timedelta) -> None:
        self.now += by
        self.sweep()

    # Letters

    def letters(self, *kinds: str, state: str | None = None) -> list[Letter]:
        """The letters written, of those kinds and in that state."""
        rows = self.conn.execute(select(letter).order_by(letter.c.id)).all()
        return [
            Letter(
                r.subject, r.generation, r.occasion, r.recipient, r.channel, r.kind, dict(r.facts), r.urgent
            )
            for r in rows
            if (not kinds or r.kind in kinds) and state in (None, r.state)
        ]

    def arrive(self, channel: str | None = None, to: str | None = None) -> int:
        """Let waiting letters to recipients arrive; how many did."""
        return self._end(channel, to, None)

    def fail(self, channel: str, to: str, reason: str = "550 no such user") -> int:
        """Let waiting letters be given up."""
        return self._end(channel, to, reason)

    def _end(self, channel: str | None, to: str | None, reason: str | None) -> int:
        rows = self.conn.execute(
            select(letter).where(letter.c.state == LetterState.WAITING).order_by(letter.c.id)
        ).all()
        done = 0
        for r in rows:
            if (
                not r.kind.startswith("notice")
                or channel not in (None, r.channel)
                or to not in (None, r.recipient)
            ):
                continue
            state = LetterState.SENT if reason is None else LetterState.GIVEN_UP
            self.conn.execute(letter.update().where(letter.c.id == r.id).values(state=state))
            said = Letter(r.subject, 1, r.occasion, r.recipient, r.channel, r.kind, r.facts)
            if reason is None:
                self.desk.went(said, {"delivery": r.id, "message_id": f"m{r.id}"})
            else:
                self.desk.failed(said, reason, {"delivery": r.id})
            done += 1
        return done

    # What came of it

    def notice(self, number: int = 1) -> Notice:
        found = self.notices.read(number)
        assert found is not None
        return found

    def receipt(self, who: str, number: int = 1) -> Receipt:
        found = self.notices.receipt_of(number, who)
        assert found is not None
        return found

    def states(self, number: int = 1) -> dict[str, ReceiptState]:
        return {r.key: r.state for r in self.notices.in_state(number, None, 1000)}

    def evidence(self, who: str, number: int = 1) -> list[ReceiptEvent]:
        id = self.receipt(who, number).id
        return [event for owner, event in self.notices.evidence(number) if owner == id]

    def acknowledges(self, who: str, number: int = 1, how: Any = "chat") -> Receipt:
        return self.desk.acknowledge(number, self.who(who), how)

    def count(self, state: ReceiptState, number: int = 1) -> int:
        return sum(self.notices.counts(number, state).values())


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


def to(*userids: str) -> Audience:
    """People picked by hand."""
    return Audience(picked=userids)
