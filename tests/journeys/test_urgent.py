"""Journeys of urgent work orders: at once, at any hour, until somebody accepts."""

from __future__ import annotations

from tests.support.stage import BOT, Stage, local
from workorders.orders.order import Kind, State, Verb
from workorders.orders.promise import Part


def pages(stage: Stage, who: str) -> int:
    """How many pages that person got."""
    with stage.program.units.reading() as unit:
        from workorders.sql.tables import letter

        rows = unit.conn.execute(letter.select().where(letter.c.recipient == who, letter.c.kind == "page"))
        return sum(1 for row in rows if row.state == "sent")


def test_urgent_work_on_a_saturday_night_is_paged_each_minute_until_somebody_accepts(stage: Stage) -> None:
    stage.clock.moment = local("2026-11-28 22:00")

    answer = stage.says("xiaowang", f"{BOT} 紧急 全部门店无法收款", group="wrXINGHE")
    assert "1001" in answer
    assert stage.order().kind is Kind.URGENT
    stage.work()
    assert pages(stage, "laoli") == 1
    assert pages(stage, "laozhou") == 0

    stage.minutes_pass(1)
    assert (pages(stage, "laoli"), pages(stage, "laozhou"), pages(stage, "wangzhuguan")) == (2, 1, 0)
    stage.minutes_pass(1)
    assert (pages(stage, "laoli"), pages(stage, "laozhou"), pages(stage, "wangzhuguan")) == (3, 2, 1)
    assert "全部门店无法收款" in stage.desk_told("wangzhuguan")[-1]

    stage.presses("laozhou", "接单")
    assert stage.order().owner == "laozhou"
    assert "老周" in stage.last_told("xiaowang", group="wrXINGHE")
    said = pages(stage, "laoli")
    stage.minutes_pass(10)
    assert pages(stage, "laoli") == said


def test_pages_come_each_minute_for_twenty_and_then_every_five(stage: Stage) -> None:
    stage.opens(urgent=True)
    stage.work()

    stage.minutes_pass(31)

    escalations = [e for e in stage.events() if e.verb is Verb.ESCALATE]
    minutes = [
        int(t["occasion"].removeprefix("page."))
        for e in escalations
        for t in e.facts["tells"]
        if t["kind"] == "page"
    ]
    assert minutes == [*range(21), 25, 30]


def test_the_accepter_of_an_urgent_order_is_warned_at_fifteen_and_the_lead_told_at_twenty(
    stage: Stage,
) -> None:
    stage.opens(urgent=True)
    stage.work()
    stage.presses("laoli", "接单")
    before = len(stage.desk_told("laoli"))

    stage.minutes_pass(14.5)
    assert len(stage.desk_told("laoli")) == before
    stage.minutes_pass(0.5)
    assert len(stage.desk_told("laoli")) == before + 1
    assert stage.desk_told("wangzhuguan") == []

    stage.minutes_pass(5)
    lead = stage.desk_told("wangzhuguan")
    assert len(lead) == 1
    assert "1001" in lead[0]


def test_a_daily_order_turned_urgent_counts_from_then_and_never_later_than_before(stage: Stage) -> None:
    stage.opens()
    stage.minutes_pass(15)

    stage.says("xiaowang", f"{BOT} 紧急 1001", group="wrXINGHE")
    stage.work()

    order = stage.order()
    assert (order.kind, order.generation) == (Kind.URGENT, 2)
    solution = order.promise(Part.SOLUTION)
    assert solution is not None
    assert abs((solution.due - local("2026-11-23 10:20")).total_seconds()) < 1
    assert pages(stage, "laoli") == 1


def test_an_urgent_order_turned_daily_needs_a_reason_and_counts_from_its_opening(stage: Stage) -> None:
    stage.clock.moment = local("2026-11-28 22:00")
    stage.opens(urgent=True)
    stage.work()

    refused = stage.says("laoli", "转日常 1001")
    assert stage.order().urgent
    assert "原因" in refused

    stage.says("laoli", "转日常 1001 只有一台终端，可等工作日")
    order = stage.order()
    assert order.kind is Kind.DAILY
    response = order.promise(Part.RESPONSE)
    assert response is not None
    assert response.due == local("2026-11-30 09:05")
    said = pages(stage, "laoli")
    stage.minutes_pass(3)
    assert pages(stage, "laoli") == said


def test_an_unknown_person_may_report_urgent_faults_only_and_the_lead_learns_of_it(stage: Stage) -> None:
    with stage.program.units.begin() as unit:
        from workorders.sql.directory_tables import chat_group

        unit.conn.execute(chat_group.delete().where(chat_group.c.chatid == "wrYUNFAN"))
        unit.conn.execute(chat_group.delete().where(chat_group.c.chatid == "wrXINGHE"))
        from workorders.sql.directory_tables import person

        unit.conn.execute(person.update().where(person.c.userid == "xiaolin").values(has_left=True))

    refused = stage.says("xiaolin", f"{BOT} 开单 收银台打不开", group="wrYUNFAN")
    assert "紧急" in refused
    answer = stage.says("xiaolin", f"{BOT} 紧急 收银台打不开", group="wrYUNFAN")

    assert "1001" in answer
    order = stage.order()
    assert order.partner is None
    assert "1001" in stage.desk_told("wangzhuguan")[-1]
    assert order.state is State.OPEN
