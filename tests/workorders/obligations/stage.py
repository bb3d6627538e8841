"""Obligations on the stage everybody knows: one database, one clock turned by hand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import Connection

from bot.sql.engine import open_engine
from tests.workorders.orders import stage as orders_stage
from workorders.agreement.clauses import Agreement
from workorders.directory.file import DirectoryFile
from workorders.directory.people import Partner, Role
from workorders.directory.rows import ContactRow, PartnerRow
from workorders.obligations.desk import ObligationDesk
from workorders.obligations.obligation import Event, Obligation, Verb
from workorders.obligations.surveys import SurveyDesk
from workorders.sql.base import metadata
from workorders.sql.letters import SqlLetters
from workorders.sql.obligations import SqlObligations, SqlSurveyPlans

AGREEMENT, MONDAY, local = orders_stage.AGREEMENT, orders_stage.MONDAY, orders_stage.local

#: 小王 is 星河支付's 中台 and 小赵 its 客服负责人; 大地支付 has nobody of either post and no group.
FILE = DirectoryFile(
    partners=(
        PartnerRow(
            name="星河支付",
            aliases=("星河",),
            groups=orders_stage.PARTNERS[0].groups,
            contacts=(
                ContactRow("小王", userid="xiaowang", roles=(Role.MIDDLE_OFFICE, Role.TECH)),
                ContactRow("小赵", userid="xiaozhao", roles=(Role.CS_LEAD,)),
            ),
        ),
        PartnerRow(name="大地支付", contacts=(ContactRow("小孙", userid="xiaosun"),)),
    ),
    staff=orders_stage.STAFF,
    groups=orders_stage.FILE.groups,
)


class Stage(orders_stage.Stage):
    """The work orders' stage with obligations on it; ``sweep`` looks at both, and at surveys."""

    def __init__(self, conn: Connection, agreement: Agreement = AGREEMENT, now: datetime = MONDAY) -> None:
        super().__init__(conn, agreement, now)
        self.obligations = SqlObligations(conn)
        self.plans = SqlSurveyPlans(conn)

    @property
    def duties(self) -> ObligationDesk:
        """The use cases, at this moment."""
        letters = SqlLetters(self.conn, self.now)
        return ObligationDesk(
            self.agreement,
            self.obligations,
            letters,
            self.directory,
            self.directory,
            self.desk(),
            lambda: self.now,
        )

    @property
    def surveys(self) -> SurveyDesk:
        return SurveyDesk(self.agreement, self.plans, self.directory, self.duties, lambda: self.now)

    def partner(self, name: str = "星河支付") -> Partner:
        return self.directory.partners_named(name)[0]

    def at(self, moment: str) -> None:
        """Turn the clock to a local moment, and sweep."""
        self.now = local(moment)
        self.sweep()

    def sweep(self) -> None:
        super().sweep()
        self.surveys.enrol()
        for partner in self.plans.waking.due(self.now, self.now, 100):
            self.surveys.settle(partner)
        for number in self.obligations.waking.due(self.now, self.now, 100):
            self.duties.settle(number)

    def sweep_at_every_look(self, until: datetime) -> None:
        """Let time go on, sweeping exactly when something is to be looked at."""
        self.sweep()
        while (look := self.look_at()) is not None and look <= until:
            self.now = max(self.now, look)
            self.sweep()
        self.now = max(self.now, until)
        self.sweep()

    def look_at(self) -> datetime | None:
        """When something is to be looked at next."""
        from sqlalchemy import func, select

        from workorders.sql.obligation_tables import obligation, survey_plan

        moments = [
            self.conn.execute(select(func.min(table.c.look_at))).scalar_one()
            for table in (obligation, survey_plan)
        ]
        return min((m for m in moments if m), default=None)

    def of(self, number: int = 1) -> Obligation:
        """The obligation as it is stored."""
        found = self.obligations.lock(number)
        assert found is not None
        return found

    def verbs(self, number: int = 1) -> list[Verb]:
        return [event.verb for event in self.happened(number)]

    def happened(self, number: int = 1) -> list[Event]:
        return self.obligations.events(number)


@contextmanager
def stage(now: datetime = MONDAY, file: DirectoryFile = FILE, url: str = "sqlite://") -> Iterator[Stage]:
    """A stage of its own, gone at the end."""
    engine = open_engine(url)
    try:
        with engine.begin() as conn:
            metadata.create_all(conn)
            made = Stage(conn, AGREEMENT, now)
            made.directory.replace_with(file)
            yield made
    finally:
        engine.dispose()
