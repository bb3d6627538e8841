"""One outage, many orders: marked at once, told once, its next word never forgotten."""

from __future__ import annotations

from datetime import timedelta

from handlers.phrases.letters import render
from tests.bot.console.stage import Desk, minute, words
from workorders.orders.order import State
from workorders.sql.letter_log import letters_about


def said(desk: Desk, recipient: str, incident: int = 1) -> list[str]:
    """What somebody is told about an incident, oldest first."""
    with desk.program.units.reading() as unit:
        found = letters_about(unit.conn, f"incident:{incident}")
    return [
        render(w.letter.kind, w.letter.facts, shared=w.letter.channel == "group").text
        for w in reversed(found)
        if w.letter.recipient == recipient
    ]


def test_many_orders_are_marked_at_once_and_each_reporter_is_told_once(desk_on_both: Desk) -> None:
    desk = desk_on_both
    one, two, other = desk.opens(), desk.opens("刷卡失败"), desk.opens("云帆刷卡失败", "xiaolin")
    browser = desk.logged_in("laoli")

    sent = browser.post("/console/incidents/", order=[one, two, other], title="收银台无法收款", minutes="30")

    assert sent.headers["Location"] == "/console/incidents/1"
    assert "已标记 3 张工单" in words(browser.reads("/console/incidents/1"))
    assert sorted(desk.letters("incident:1")) == [
        ("xiaolin", "incident_known"),
        ("xiaowang", "incident_known"),
    ]
    assert "工单 1001、1002" in said(desk, "xiaowang")[0]
    assert "下次通报最晚 10:30" in said(desk, "xiaowang")[0]


def test_a_reporter_reads_only_of_their_own_orders(desk: Desk) -> None:
    own, other = desk.opens(), desk.opens("云帆刷卡失败", "xiaolin")
    desk.marks([own, other])

    assert str(other) not in said(desk, "xiaowang")[0]


def test_each_order_keeps_its_own_clocks(desk: Desk) -> None:
    number = desk.opens()
    before = desk.order(number)
    desk.marks([number])

    assert desk.order(number) == before
    desk.passes(6 * minute)
    assert desk.order(number).promises[0].breached_at is not None


def test_what_is_over_or_marked_already_is_left_as_it_is(desk: Desk) -> None:
    marked, solved, new = desk.opens(), desk.opens(), desk.opens()
    desk.does("solve", solved, "laoli")
    desk.marks([marked])
    browser = desk.logged_in("laoli")

    sent = browser.post("/console/incidents/", order=[marked, solved, new], title="另一个", minutes="30")
    told = words(browser.reads(sent.headers["Location"]))

    assert "已标记 1 张工单为故障 2" in told
    assert "另有 2 张已结束或已属于其他故障" in told


def test_more_orders_may_join_and_nobody_is_told_twice(desk: Desk) -> None:
    one, two, other = desk.opens(), desk.opens(), desk.opens("云帆刷卡失败", "xiaolin")
    desk.marks([one])
    browser = desk.logged_in("laozhou")

    browser.post("/console/incidents/", order=[two, other], joins="1")

    assert desk.letters("incident:1") == [("xiaowang", "incident_known"), ("xiaolin", "incident_known")]
    assert "故障 1" in words(browser.reads(f"/console/orders/{two}"))
    assert browser.reads("/console/").count('class="incident-tag"') == 3


def test_the_maker_is_reminded_when_the_next_word_is_due_and_then_the_lead(desk_on_both: Desk) -> None:
    desk = desk_on_both
    desk.marks([desk.opens()])

    desk.passes(29 * minute)
    assert [kind for _, kind in desk.letters("incident:1")] == ["incident_known"]
    desk.passes(1 * minute)
    assert desk.letters("incident:1")[-1] == ("laoli", "incident_due")
    desk.passes(5 * minute)
    desk.passes(5 * minute)
    late = desk.letters("incident:1")[2:]
    assert ("wangzhuguan", "incident_late") in late
    desk.passes(60 * minute)
    assert desk.letters("incident:1")[2:] == late


def test_a_word_said_asks_for_the_next_one(desk: Desk) -> None:
    desk.marks([desk.opens()])
    browser = desk.logged_in("laozhou")
    desk.passes(10 * minute)

    browser.post("/console/incidents/1/word", "/console/incidents/1", words="已定位到网关", minutes="20")

    assert "进展：已定位到网关" in said(desk, "xiaowang")[-1]
    assert "下次通报最晚 10:30" in said(desk, "xiaowang")[-1]
    desk.passes(21 * minute)
    assert desk.letters("incident:1")[-1] == ("laozhou", "incident_due")


def test_it_ends_with_a_word_to_all_and_nothing_is_owed_any_more(desk: Desk) -> None:
    number = desk.opens()
    desk.marks([number])
    browser = desk.logged_in("laoli")

    browser.post("/console/incidents/1/end", "/console/incidents/1", words="网关已重启")
    desk.passes(timedelta(hours=3))

    assert "已恢复：网关已重启" in said(desk, "xiaowang")[-1]
    assert desk.letters("incident:1")[-1] == ("xiaowang", "incident_over")
    assert desk.order(number).state is State.OPEN


def test_a_word_that_comes_after_the_end_is_told_and_not_lost(desk: Desk) -> None:
    desk.marks([desk.opens()])
    one, other = desk.logged_in("laoli"), desk.logged_in("laozhou")
    one.post("/console/incidents/1/end", "/console/incidents/1", words="网关已重启")

    late = other.post(
        "/console/incidents/1/word", "/console/incidents/1", words="还在查网关日志", minutes="20"
    )

    assert late.status_code == 409
    assert "已于今天 10:00 恢复" in words(late)
    assert "还在查网关日志" in words(late)


def test_a_word_sent_twice_is_said_once(desk: Desk) -> None:
    desk.marks([desk.opens()])
    browser = desk.logged_in("laoli")
    for _ in range(2):
        browser.post(
            "/console/incidents/1/word", "/console/incidents/1", seen="1", words="已定位到网关", minutes="20"
        )

    assert [kind for _, kind in desk.letters("incident:1")] == ["incident_known", "incident_word"]


def test_nothing_picked_or_nothing_said_is_asked_for(desk: Desk) -> None:
    number = desk.opens()
    browser = desk.logged_in("laoli")

    browser.post("/console/incidents/", title="收银台无法收款", minutes="30")
    assert "请勾选" in words(browser.reads("/console/"))
    browser.post("/console/incidents/", order=[number], title="", minutes="30")
    assert "请填写内容" in words(browser.reads("/console/"))
    assert browser.get("/console/incidents/1").status_code == 404
