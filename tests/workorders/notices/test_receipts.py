"""What a notice's recipients make of it, and what their silence comes to (design §2, §3, §4 "A letter")."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.workorders.notices.stage import MINUTE, UPGRADE, WITH_DADI, Stage, local, to, yunfan_has
from tests.workorders.notices.stage import stage as a_stage
from workorders.agreement.clauses import Agreement
from workorders.directory.people import Role
from workorders.notices.errors import AlreadyAcknowledged, NoSuchNotice, NotTold
from workorders.notices.notice import Audience, Kind, State
from workorders.notices.receipt import ReceiptState, ReceiptVerb

HOUR = timedelta(hours=1)


def test_the_hour_starts_when_the_last_required_channel_was_delivered(stage: Stage) -> None:
    stage.sending()
    stage.arrive("group")
    assert stage.receipt("xiaowang").starts_at is None
    stage.later(10 * MINUTE)
    stage.arrive("mail")

    receipt = stage.receipt("xiaowang")
    assert receipt.starts_at is not None
    assert receipt.starts_at >= local("2026-11-23 10:10")
    assert receipt.due == receipt.starts_at + HOUR


def test_everybody_acknowledges_and_nobody_is_deemed(stage: Stage) -> None:
    stage.sent()
    for who in ("xiaowang", "xiaolin", "xiaoqian"):
        stage.acknowledges(who)
    stage.later(3 * HOUR)

    assert set(stage.states().values()) == {ReceiptState.ACKNOWLEDGED}


def test_silence_is_deemed_once_the_hour_is_over_and_not_before(stage: Stage) -> None:
    stage.sent()
    due = stage.receipt("xiaowang").due
    assert due is not None
    stage.now = due
    stage.sweep()
    assert stage.states()["xiaowang"] is ReceiptState.WAITING
    stage.later(MINUTE)

    assert stage.states()["xiaowang"] is ReceiptState.DEEMED
    assert stage.receipt("xiaowang").deemed_at == due
    (deemed,) = [e for e in stage.evidence("xiaowang") if e.verb is ReceiptVerb.DEEM]
    assert (deemed.facts["silence"], deemed.facts["consequence"]) == ("视同收到并知悉", "partner")


def test_our_own_people_are_reminded_and_never_deemed(stage: Stage) -> None:
    stage.sent()
    stage.later(5 * HOUR)

    assert stage.states()["xiaoqian"] is ReceiptState.WAITING


def test_an_answer_exactly_at_the_due_moment_is_in_time(stage: Stage) -> None:
    stage.sent()
    due = stage.receipt("xiaowang").due
    assert due is not None
    stage.now = due

    assert stage.acknowledges("xiaowang").state is ReceiptState.ACKNOWLEDGED


def test_who_answers_after_being_deemed_is_late_and_both_facts_stand(stage: Stage) -> None:
    stage.sent()
    stage.later(2 * HOUR)
    receipt = stage.acknowledges("xiaowang")

    assert receipt.state is ReceiptState.LATE
    assert receipt.deemed_at is not None
    assert receipt.acknowledged_at is not None
    assert receipt.acknowledged_at > receipt.deemed_at


def test_a_late_answer_is_late_even_if_no_sweep_ever_saw_the_silence(stage: Stage) -> None:
    stage.sent()
    stage.now += 2 * HOUR

    assert stage.acknowledges("xiaowang").state is ReceiptState.LATE


def test_the_silent_are_reminded_once_at_half_time_and_nobody_else(stage: Stage) -> None:
    stage.sent()
    stage.acknowledges("xiaolin")
    stage.later(29 * MINUTE)
    assert stage.letters("notice_reminder") == []
    stage.later(2 * MINUTE)
    stage.later(10 * MINUTE)

    assert {x.recipient for x in stage.letters("notice_reminder")} == {"xiaowang", "xiaoqian"}
    assert {x.channel for x in stage.letters("notice_reminder")} == {"app"}


def test_after_an_outage_whose_time_is_up_is_deemed_and_not_reminded(stage: Stage) -> None:
    stage.sent()
    stage.later(3 * HOUR)

    assert {x.recipient for x in stage.letters("notice_reminder")} == set()
    assert stage.states()["xiaowang"] is ReceiptState.DEEMED


def test_a_question_opens_a_work_order_and_stops_deeming(stage: Stage) -> None:
    number = stage.sent()
    receipt = stage.desk.question(number, stage.who("xiaowang"), "升级要停多久？", "chat")
    stage.later(3 * HOUR)

    assert stage.states()["xiaowang"] is ReceiptState.QUESTIONED
    assert receipt.order is not None
    order = stage.orders.read(receipt.order)
    assert order is not None
    assert "N1" in order.text
    assert "升级要停多久" in order.text
    assert [x.recipient for x in stage.letters("notice_questioned")] == ["xiaoqian", "xiaoding"]


def test_more_words_go_to_the_order_that_is_open(stage: Stage) -> None:
    number = stage.sent()
    first = stage.desk.question(number, stage.who("xiaowang"), "升级要停多久？", "chat")
    second = stage.desk.question(number, stage.who("xiaowang"), "退款受影响吗？", "chat")

    assert first.order == second.order


def test_whoever_asked_may_acknowledge_afterwards(stage: Stage) -> None:
    number = stage.sent()
    stage.desk.question(number, stage.who("xiaowang"), "升级要停多久？", "chat")
    stage.later(2 * HOUR)

    receipt = stage.acknowledges("xiaowang")
    assert receipt.state is ReceiptState.ACKNOWLEDGED
    assert receipt.order is not None


def test_a_required_channel_given_up_makes_unreachable_and_is_never_deemed(stage: Stage) -> None:
    stage.sending()
    stage.fail("mail", "wang@xinghe.example")
    stage.arrive()
    stage.sweep()
    stage.later(5 * HOUR)

    assert stage.states()["xiaowang"] is ReceiptState.UNREACHABLE
    assert stage.states()["xiaolin"] is ReceiptState.DEEMED
    told = stage.letters("notice_unreachable")
    assert {x.recipient for x in told} == {"xiaoqian", "xiaoding"}
    assert "550" in told[0].facts["reason"]
    assert told[0].facts["who"] == "星河支付 小王"


def test_a_card_that_fails_changes_nothing_it_is_not_required(stage: Stage) -> None:
    stage.sending()
    stage.fail("app", "xiaowang")
    stage.arrive()
    stage.sweep()

    assert stage.states()["xiaowang"] is ReceiptState.WAITING
    assert stage.receipt("xiaowang").due is not None


def test_a_bounce_that_comes_later_turns_deemed_into_unreachable(stage: Stage) -> None:
    stage.sent()
    stage.later(2 * HOUR)
    assert stage.states()["xiaowang"] is ReceiptState.DEEMED

    stage.desk.bounced("Wang@Xinghe.example", "550 mailbox full")

    assert stage.states()["xiaowang"] is ReceiptState.UNREACHABLE
    assert stage.letters("notice_unreachable")[0].facts["was_deemed"]
    stage.later(9 * HOUR)
    assert stage.states()["xiaowang"] is ReceiptState.UNREACHABLE


def test_a_bounce_does_not_undo_an_answer(stage: Stage) -> None:
    stage.sent()
    stage.acknowledges("xiaowang")
    stage.desk.bounced("wang@xinghe.example", "550 mailbox full")

    assert stage.states()["xiaowang"] is ReceiptState.ACKNOWLEDGED


def test_what_was_mended_is_sent_again_and_its_hour_starts_then(stage: Stage) -> None:
    stage.sending()
    stage.fail("mail", "wang@xinghe.example")
    stage.arrive()
    stage.sweep()
    stage.later(20 * MINUTE)

    stage.desk.redeliver(stage.receipt("xiaowang").id, stage.who("xiaoqian"))
    again = stage.letters("notice", state="waiting")
    assert [(x.channel, x.recipient) for x in again] == [("mail", "wang@xinghe.example")]
    assert stage.states()["xiaowang"] is ReceiptState.UNREACHABLE
    stage.arrive()

    receipt = stage.receipt("xiaowang")
    assert receipt.state is ReceiptState.WAITING
    assert receipt.starts_at is not None
    assert receipt.starts_at >= local("2026-11-23 10:20")
    stage.later(2 * HOUR)
    assert stage.states()["xiaowang"] is ReceiptState.DEEMED


def test_a_phone_call_is_taken_down_with_a_note(stage: Stage) -> None:
    stage.sending()
    stage.fail("mail", "wang@xinghe.example")
    receipt = stage.desk.acknowledge_for(
        stage.receipt("xiaowang").id, stage.who("xiaoqian"), "电话告知，小王确认"
    )

    assert (receipt.state, receipt.how, receipt.note, receipt.acknowledged_by) == (
        ReceiptState.ACKNOWLEDGED,
        "phone",
        "电话告知，小王确认",
        "xiaoqian",
    )


def test_someone_not_told_counts_for_nothing_and_is_kept_as_evidence(stage: Stage) -> None:
    number = stage.sent()
    before = stage.states()
    with pytest.raises(NotTold) as refused:
        stage.acknowledges("xiaozhao")

    assert refused.value.told == ("小王",)
    assert stage.states() == before
    (kept,) = [e for _, e in stage.notices.evidence(number) if e.verb is ReceiptVerb.REFUSED]
    assert kept.by == "xiaozhao"


def test_of_another_partners_notice_nobody_learns_that_there_is_one(stage: Stage) -> None:
    xinghe = stage.directory.partners_named("星河支付")[0].id
    number = stage.sent(replace(UPGRADE, audience=Audience(roles=(Role.TECH,), partners=(xinghe,))))
    for asks in (
        lambda: stage.acknowledges("xiaolin"),
        lambda: stage.desk.may_ask(number, stage.who("xiaolin"), "chat"),
        lambda: stage.desk.shown_to(number, stage.who("xiaolin")),
        lambda: stage.desk.shown_to(number, stage.who("nobody")),
    ):
        with pytest.raises(NoSuchNotice):
            asks()

    kept = [e.by for _, e in stage.notices.evidence(number) if e.verb is ReceiptVerb.REFUSED]
    assert kept == ["xiaolin", "xiaolin"]


def test_twice_is_said_once(stage: Stage) -> None:
    stage.sent()
    first = stage.acknowledges("xiaowang")
    stage.later(MINUTE)
    with pytest.raises(AlreadyAcknowledged):
        stage.acknowledges("xiaowang")

    assert stage.receipt("xiaowang") == first
    assert [e.verb for e in stage.evidence("xiaowang")][-1] is ReceiptVerb.REFUSED


def test_a_draft_is_nobodys_to_acknowledge(stage: Stage) -> None:
    stage.desk.compose(UPGRADE, stage.who("xiaoqian"))
    with pytest.raises(NoSuchNotice):
        stage.acknowledges("xiaowang")


def test_a_business_notice_is_never_deemed(stage: Stage) -> None:
    stage.sent(replace(UPGRADE, kind=Kind.BUSINESS, effective=None))
    stage.later(timedelta(days=30))

    assert stage.states() == {"xiaozhao": ReceiptState.WAITING}


def test_a_faq_update_is_confirmed_by_silence_at_our_cost_after_a_working_day(stage: Stage) -> None:
    stage.sent(replace(UPGRADE, kind=Kind.FAQ_UPDATE, effective=None))

    receipt = stage.receipt("xiaowang")
    assert receipt.due == local("2026-11-24 18:00")
    clause = stage.notice().clause(receipt.partner)
    assert clause is not None
    assert clause.consequence == "us"
    stage.now = local("2026-11-24 18:01")
    stage.sweep()
    assert stage.states()["xiaowang"] is ReceiptState.DEEMED


def test_a_contact_without_a_group_or_wecom_is_named_and_unreachable(stage: Stage) -> None:
    with a_stage(WITH_DADI) as wider:
        reading = wider.desk.reading(Kind.UPGRADE, None)
        assert [(p.what, p.who) for p in reading.problems] == [("no_group", "大地支付 小孔")]
        wider.sent()

        assert wider.states()["kong@dadi.example"] is ReceiptState.UNREACHABLE
        assert wider.notice().state is State.SENT


def test_a_partners_own_span_is_frozen_with_the_notice() -> None:
    with a_stage(yunfan_has({"span": "2h"})) as stage:
        stage.sent()
        wang, lin = stage.receipt("xiaowang"), stage.receipt("xiaolin")
        spans = [each.due - each.starts_at for each in (wang, lin) if each.due and each.starts_at]
        assert spans == [HOUR, 2 * HOUR]


def test_mail_to_an_address_of_nobodys_is_answered_by_its_link(stage: Stage) -> None:
    stage.sent(replace(UPGRADE, audience=to("press@paper.example")))
    receipt = stage.desk.acknowledge_by_link(stage.receipt("press@paper.example").id)

    assert (receipt.state, receipt.how) == (ReceiptState.ACKNOWLEDGED, "mail")


# A corrected calendar


def corrected(tmp_path: Path, *closed: str) -> Agreement:
    path = tmp_path / "holidays.toml"
    path.write_text(f"closed = {list(closed)}\n".replace("'", '"'), "utf-8")
    return Agreement.load(holidays_path=path)


def test_an_hour_that_runs_into_a_day_found_closed_ends_on_the_next(stage: Stage, tmp_path: Path) -> None:
    stage.now = local("2026-11-23 17:30")
    stage.sent(replace(UPGRADE, effective=local("2026-11-30 22:00")))
    was = stage.receipt("xiaowang").due
    assert was is not None
    assert was.date() == local("2026-11-24 09:30").date()
    stage.agreement = corrected(tmp_path, "2026-11-24")
    stage.now = local("2026-11-24 10:00")
    stage.sweep()

    receipt = stage.receipt("xiaowang")
    assert receipt.due is not None
    assert (receipt.state, receipt.due) == (ReceiptState.WAITING, was + timedelta(days=1))
    anew = next(e for e in stage.evidence("xiaowang") if e.verb is ReceiptVerb.RECOUNT)
    assert anew.facts == {"was": was.isoformat(), "due": receipt.due.isoformat()}
    stage.now = local("2026-11-25 10:00")
    stage.sweep()
    assert stage.states()["xiaowang"] is ReceiptState.DEEMED


def test_a_correction_deems_nobody_by_a_moment_that_was_past(stage: Stage, tmp_path: Path) -> None:
    stage.agreement = corrected(tmp_path, "2026-11-24")
    stage.now = local("2026-11-23 17:30")
    stage.sent(replace(UPGRADE, effective=local("2026-11-30 22:00")))
    stage.agreement = Agreement.load()
    stage.now = local("2026-11-24 16:00")

    assert stage.acknowledges("xiaowang").state is ReceiptState.ACKNOWLEDGED


def test_what_was_deemed_by_the_old_calendar_stands(stage: Stage, tmp_path: Path) -> None:
    stage.sent()
    stage.later(2 * HOUR)
    stage.agreement = corrected(tmp_path, "2026-11-23")
    stage.later(HOUR)

    assert stage.states()["xiaowang"] is ReceiptState.DEEMED


def test_the_time_left_is_of_whoevers_time_still_runs(stage: Stage) -> None:
    """小钱 of 运营中心 is never deemed: once her hour is over nothing is waited for."""
    stage.sent()
    due = stage.receipt("xiaolin").due
    assert due is not None
    assert stage.notices.next_due(1, stage.now) is not None

    assert stage.notices.next_due(1, due + MINUTE) is None
