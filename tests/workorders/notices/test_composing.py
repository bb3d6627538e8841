"""Composing, approving, sending, recalling and correcting (design §2 "notice", §3; notice §二.4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from handlers.phrases.letters import render
from handlers.phrases.notices import sentence
from tests.workorders.notices.stage import MINUTE, UPGRADE, Stage, local, to, yunfan_has
from tests.workorders.notices.stage import stage as a_stage
from workorders.directory.people import Role
from workorders.errors import Incomplete
from workorders.notices.desk import Draft
from workorders.notices.errors import (
    BodyTooLong,
    EffectPast,
    EmptyAudience,
    LeadTooShort,
    NeedsSupervisor,
    NobodyToRemind,
    NotAnnouncer,
    NoticeOver,
    NoticeState,
    RemindedJustNow,
    SamePerson,
    UnknownRecipient,
)
from workorders.notices.notice import Audience, Kind, Notice, State, Verb
from workorders.notices.receipt import ReceiptState, ReceiptVerb

HOUR = timedelta(hours=1)


def test_who_composed_a_notice_does_not_approve_it(stage: Stage) -> None:
    number = stage.desk.compose(UPGRADE, stage.who("xiaoqian")).number
    with pytest.raises(SamePerson):
        stage.desk.approve(number, stage.who("xiaoqian"))

    assert stage.desk.approve(number, stage.who("xiaoding")).state is State.APPROVED


def test_nothing_goes_out_unapproved(stage: Stage) -> None:
    number = stage.desk.compose(UPGRADE, stage.who("xiaoqian")).number
    with pytest.raises(NoticeState):
        stage.desk.send(number, stage.who("xiaoqian"))


@pytest.mark.parametrize("who", ["laoli", "xiaowang", "nobody"])
def test_only_operations_and_supervisors_announce(stage: Stage, who: str) -> None:
    with pytest.raises(NotAnnouncer):
        stage.desk.compose(UPGRADE, stage.who(who))


def test_a_lead_of_less_than_two_working_days_is_refused_with_the_last_moment(stage: Stage) -> None:
    short = replace(UPGRADE, effective=local("2026-11-24 22:00"))
    with pytest.raises(LeadTooShort) as refused:
        stage.desk.compose(short, stage.who("xiaoqian"))

    assert refused.value.announce_by == local("2026-11-20 18:00")


def test_the_strictest_lead_of_those_told_counts_and_its_partner_is_named() -> None:
    with a_stage(yunfan_has({"lead": "4d"})) as stage:
        with pytest.raises(LeadTooShort) as refused:
            stage.desk.compose(UPGRADE, stage.who("xiaoqian"))
        assert refused.value.partner == "云帆支付"
        assert refused.value.announce_by == local("2026-11-20 18:00")
        assert "按云帆支付的约定须在 11月20日" in sentence(refused.value)

        xinghe = stage.directory.partners()[0].id
        theirs = replace(UPGRADE, audience=Audience(roles=(Role.TECH,), partners=(xinghe,)))
        assert stage.desk.compose(theirs, stage.who("xiaoqian")).state is State.DRAFT


def test_a_notice_composed_in_time_is_judged_again_when_it_is_sent() -> None:
    with a_stage(yunfan_has({"lead": "3d"})) as stage:
        number = stage.approved()
        stage.now = local("2026-11-24 10:00")
        with pytest.raises(LeadTooShort) as refused:
            stage.desk.send(number, stage.who("xiaoqian"))
        assert refused.value.partner == "云帆支付"


def test_sent_late_on_a_friday_before_a_holiday_it_would_go_out_after_it_and_is_refused(
    stage: Stage,
) -> None:
    # 国庆 2026: 10-01 to 10-07 rest; 9-30 is the last working day before.
    stage.now = local("2026-09-30 17:50")
    draft = replace(UPGRADE, effective=local("2026-10-09 08:00"))
    number = stage.approved(draft)
    stage.now = local("2026-09-30 18:30")
    with pytest.raises(LeadTooShort) as refused:
        stage.desk.send(number, stage.who("xiaoqian"))

    assert refused.value.starts == local("2026-10-08 09:00")
    assert stage.notice().state is State.APPROVED


def test_an_emergency_may_be_short_if_a_supervisor_approves_it(stage: Stage) -> None:
    rush = replace(UPGRADE, effective=local("2026-11-23 23:00"), emergency="渠道证书今晚失效")
    number = stage.desk.compose(rush, stage.who("xiaoqian")).number
    with pytest.raises(NeedsSupervisor):
        stage.desk.approve(number, stage.who("xiaoding"))
    stage.desk.approve(number, stage.who("wang"))

    (approved,) = [e for e in stage.notices.events(number) if e.verb is Verb.APPROVE]
    assert approved.facts["short_lead"] is True


def test_an_emergency_is_a_supervisors_whatever_its_lead_and_its_kind(stage: Stage) -> None:
    """It breaks into people's nights, lead or no lead."""
    campaign = Draft(Kind.BUSINESS, "营销活动", "今晚上线。", emergency="活动提前")
    for draft in (replace(UPGRADE, emergency="证书失效"), campaign):
        number = stage.desk.compose(draft, stage.who("xiaoqian")).number
        with pytest.raises(NeedsSupervisor) as refused:
            stage.desk.approve(number, stage.who("xiaoding"))
        assert "须由客服负责人批准" in sentence(refused.value)
        stage.desk.approve(number, stage.who("wang"))


def test_an_emergency_goes_out_at_any_hour_and_its_hour_counts_from_the_opening(stage: Stage) -> None:
    stage.now = local("2026-11-23 20:00")
    rush = replace(UPGRADE, effective=local("2026-11-24 23:00"), emergency="渠道证书明晚失效")
    stage.sent(rush, by="wang")

    receipt = stage.receipt("xiaowang")
    assert receipt.starts_at is not None
    assert receipt.starts_at < local("2026-11-23 20:01")
    assert receipt.due == local("2026-11-24 10:00")


def test_anything_else_waits_for_the_next_opening(stage: Stage) -> None:
    stage.now = local("2026-11-23 20:00")
    number = stage.approved(replace(UPGRADE, effective=local("2026-11-30 22:00")))
    stage.desk.send(number, stage.who("xiaoqian"))
    stage.broadcast()
    assert stage.letters("notice") == []
    assert stage.notice().starts_at == local("2026-11-24 09:00")
    stage.now = local("2026-11-24 09:00")
    stage.broadcast()

    assert stage.letters("notice") != []


def test_an_effective_moment_that_is_past_is_refused(stage: Stage) -> None:
    with pytest.raises(EffectPast):
        stage.desk.compose(replace(UPGRADE, effective=local("2026-11-20 10:00")), stage.who("xiaoqian"))


def test_a_suspension_less_than_five_working_days_ahead_warns(stage: Stage) -> None:
    soon = replace(UPGRADE, suspension=True)
    warned = stage.desk.warning(soon, stage.now)
    assert warned is not None
    assert warned.days == 5
    far = replace(soon, effective=local("2026-12-04 22:00"))

    assert stage.desk.warning(far, stage.now) is None


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": "  "}, "title"),
        ({"title": "长" * 27}, "title"),
        ({"body": "\n"}, "body"),
        ({"effective": None}, "effective"),
        ({"kind": Kind.PERSONNEL, "effective": local("2026-12-09 09:00")}, "stamped"),
    ],
)
def test_what_is_missing_is_named(stage: Stage, change: dict[str, Any], field: str) -> None:
    with pytest.raises(Incomplete) as refused:
        stage.desk.compose(replace(UPGRADE, **change), stage.who("xiaoqian"))

    assert refused.value.field == field


def test_what_no_database_keeps_is_left_out_of_what_is_announced(stage: Stage) -> None:
    odd = replace(UPGRADE, title="升级\x00通知", body="今晚\r\n升级\x07\ud800。")
    composed = stage.desk.compose(odd, stage.who("xiaoqian"))

    assert (composed.title, composed.body) == ("升级通知", "今晚\n升级。")


def test_an_empty_audience_is_refused(stage: Stage) -> None:
    nobody = replace(UPGRADE, audience=Audience(partners=(999,)))
    with pytest.raises(EmptyAudience):
        stage.desk.compose(nobody, stage.who("xiaoqian"))


def test_somebody_picked_who_is_nobody_is_named(stage: Stage) -> None:
    with pytest.raises(UnknownRecipient) as refused:
        stage.desk.compose(replace(UPGRADE, audience=to("xiaowang", "小王八")), stage.who("xiaoqian"))

    assert refused.value.given == "小王八"


def test_a_body_too_long_for_a_group_is_refused_unless_the_writer_lets_it_be_cut(stage: Stage) -> None:
    long = replace(UPGRADE, body="升级" * 600)
    with pytest.raises(BodyTooLong) as refused:
        stage.desk.compose(long, stage.who("xiaoqian"))

    assert [(c.channel, c.size, c.most) for c in refused.value.cuts] == [
        ("group", 3600, 3000),
        ("app", 1200, 112),
    ]
    assert sentence(refused.value) == (
        "群消息放不下全文（3600 字节，最多 3000），应用卡片放不下全文（1200 字，最多 112）。"
        "请缩短正文，或同意在这些渠道显示开头并附全文链接。"
    )
    assert stage.desk.compose(replace(long, cut=True), stage.who("xiaoqian")).cut


def test_a_body_too_long_for_a_card_is_asked_about_only_where_somebody_gets_a_card(stage: Stage) -> None:
    long = replace(UPGRADE, body="升级" * 60)
    with pytest.raises(BodyTooLong) as refused:
        stage.desk.compose(long, stage.who("xiaoqian"))
    assert [c.channel for c in refused.value.cuts] == ["app"]

    mailed = replace(long, kind=Kind.ANNEX, effective=None, audience=to("press@paper.example"))
    assert stage.desk.compose(mailed, stage.who("xiaoqian")).state is State.DRAFT


def test_marks_a_card_does_not_show_do_not_count(stage: Stage) -> None:
    marked = replace(UPGRADE, body="**升级**" * 56)
    assert stage.desk.compose(marked, stage.who("xiaoqian")).state is State.DRAFT


@pytest.mark.parametrize("field", ["emergency", "stamped"])
def test_a_reason_longer_than_a_line_is_named(stage: Stage, field: str) -> None:
    with pytest.raises(Incomplete) as refused:
        stage.desk.compose(replace(UPGRADE, **{field: "长" * 101}), stage.who("xiaoqian"))  # type: ignore[arg-type]

    assert refused.value.field == field


def test_a_notices_row_is_what_its_events_say(stage: Stage) -> None:
    number = stage.sent()
    notice = stage.notice()
    again = Notice.replay(number, stage.notices.events(number))

    assert replace(again, cursor=0, wave="", reached=notice.reached) == notice


def test_the_hash_is_over_what_is_announced(stage: Stage) -> None:
    one = stage.desk.compose(UPGRADE, stage.who("xiaoqian"))
    same = stage.desk.compose(UPGRADE, stage.who("xiaoqian"))
    other = stage.desk.compose(replace(UPGRADE, body="另一段话"), stage.who("xiaoqian"))

    assert one.hash == same.hash != other.hash


# Telling


def test_the_desk_can_tell_whether_what_it_keeps_is_what_was_composed(stage: Stage) -> None:
    number = stage.sent()
    kept = stage.notice(number)

    assert kept.intact
    for change in (
        {"body": "升级取消。"},
        {"effective": local("2026-11-27 22:00")},
        {"audience": to("xiaolin")},
    ):
        assert not replace(kept, **change).intact


def test_a_group_is_told_once_and_each_person_by_mail_and_card(stage: Stage) -> None:
    stage.sending()

    assert sorted((x.channel, x.recipient) for x in stage.letters("notice")) == [
        ("app", "xiaolin"),
        ("app", "xiaoqian"),
        ("app", "xiaowang"),
        ("group", "wrOPS"),
        ("group", "wrXINGHE"),
        ("group", "wrYUNFAN"),
        ("mail", "lin@yunfan.example"),
        ("mail", "qian@desk.example"),
        ("mail", "wang@xinghe.example"),
    ]


def test_it_is_sent_once_every_letter_came_to_an_end_and_the_composer_is_told(stage: Stage) -> None:
    stage.sending()
    stage.arrive("group")
    stage.broadcast()
    assert stage.notice().state is State.SENDING
    stage.arrive()
    stage.broadcast()

    assert stage.notice().state is State.SENT
    (told, _) = stage.letters("notice_sent")
    assert (told.facts["headcount"], told.facts["unreachable"]) == (3, 0)


def test_the_silent_are_reminded_by_hand_at_least_five_minutes_apart(stage: Stage) -> None:
    number = stage.sent()
    stage.acknowledges("xiaolin")
    assert stage.desk.remind(number, stage.who("xiaoqian")) == 2
    stage.broadcast()
    assert {x.recipient for x in stage.letters("notice_reminder")} == {"xiaowang", "xiaoqian"}
    with pytest.raises(RemindedJustNow):
        stage.desk.remind(number, stage.who("xiaoqian"))
    stage.later(5 * MINUTE)

    assert stage.desk.remind(number, stage.who("xiaoding")) == 2


def test_once_everybody_answered_there_is_nobody_to_remind(stage: Stage) -> None:
    number = stage.sent()
    for who in ("xiaowang", "xiaolin", "xiaoqian"):
        stage.acknowledges(who)
    with pytest.raises(NobodyToRemind):
        stage.desk.remind(number, stage.who("xiaoqian"))


# Recall and correction


def test_after_a_recall_nobody_is_deemed_and_an_answer_counts_for_nothing(stage: Stage) -> None:
    number = stage.sent()
    stage.desk.recall(number, stage.who("xiaoqian"), "升级改期")
    stage.broadcast()
    stage.later(3 * HOUR)
    before = stage.states()
    with pytest.raises(NoticeOver):
        stage.acknowledges("xiaowang")

    assert stage.states() == before
    assert ReceiptState.DEEMED not in before.values()
    assert stage.evidence("xiaowang")[-1].verb is ReceiptVerb.REFUSED
    assert {x.recipient for x in stage.letters("notice_recall")} >= {"wrXINGHE", "wang@xinghe.example"}


def test_a_recall_needs_a_reason(stage: Stage) -> None:
    number = stage.sent()
    with pytest.raises(Incomplete):
        stage.desk.recall(number, stage.who("xiaoqian"), " ")


def test_a_draft_is_withdrawn_and_nobody_hears_of_it(stage: Stage) -> None:
    number = stage.desk.compose(UPGRADE, stage.who("xiaoqian")).number
    stage.desk.recall(number, stage.who("xiaoqian"), "写错了")
    stage.broadcast()

    assert stage.notice().state is State.RECALLED
    assert stage.letters("notice", "notice_recall") == []


def test_whoever_may_approve_is_told_and_for_an_emergency_at_once(stage: Stage) -> None:
    stage.desk.compose(UPGRADE, stage.who("xiaoqian"))
    (asked,) = stage.letters("notice_to_approve")
    assert (asked.recipient, asked.urgent) == ("wang", False)  # 小丁 has no duty in 运营中心
    said = render(asked.kind, asked.facts, shared=False).text
    assert "通知 N1「收银台 3.0 升级」由小钱拟定，待批准（11-23 10:00）" in said
    stage.desk.compose(replace(UPGRADE, emergency="证书今晚失效"), stage.who("xiaoding"))

    assert [(x.recipient, x.urgent) for x in stage.letters("notice_to_approve")[1:]] == [("wang", True)]


def test_a_preview_keeps_nothing_and_takes_no_number(stage: Stage) -> None:
    seen = stage.desk.preview(UPGRADE, stage.who("xiaoqian"))
    assert (seen.name, seen.title) == ("N…", "收银台 3.0 升级")
    assert stage.notices.latest(9) == []
    with pytest.raises(NotAnnouncer):
        stage.desk.preview(UPGRADE, stage.who("laoli"))

    assert stage.desk.compose(UPGRADE, stage.who("xiaoqian")).number == 1


def test_a_correction_takes_the_place_of_the_old_one_once_it_goes_out(stage: Stage) -> None:
    number = stage.sent()
    new = stage.desk.correct(number, stage.who("xiaoqian"), replace(UPGRADE, body="改为 23:00 开始。"))
    assert stage.notice(number).state is State.SENT
    stage.desk.approve(new.number, stage.who("xiaoding"))
    stage.desk.send(new.number, stage.who("xiaoqian"))
    stage.broadcast()

    old = stage.notice(number)
    assert (old.state, old.corrected_by) == (State.CORRECTED, new.number)
    with pytest.raises(NoticeOver) as refused:
        stage.acknowledges("xiaowang", number)
    assert refused.value.instead == new.number
    stage.later(3 * HOUR)
    assert ReceiptState.DEEMED not in stage.states(number).values()


def test_whoever_was_told_and_is_not_told_the_correction_hears_that_the_old_one_is_void(
    stage: Stage,
) -> None:
    number = stage.sent(replace(UPGRADE, audience=to("xiaowang", "xiaozhao", "xiaolin")))
    fewer = replace(UPGRADE, body="改为 23:00 开始。", audience=to("xiaowang"))
    new = stage.desk.correct(number, stage.who("xiaoqian"), fewer)
    stage.desk.approve(new.number, stage.who("xiaoding"))
    stage.desk.send(new.number, stage.who("xiaoqian"))
    stage.broadcast()

    voided = [letter for letter in stage.letters("notice_recall") if letter.subject == f"notice:{number}"]
    assert {letter.recipient for letter in voided} == {
        *("xiaozhao", "zhao@xinghe.example"),  # his group hears the correction
        *("xiaolin", "lin@yunfan.example", "wrYUNFAN"),
    }
    assert stage.notice(number).wave == ""
    with pytest.raises(NoticeOver) as refused:
        stage.acknowledges("xiaolin", number)
    assert sentence(refused.value) == f"通知 N{number} 已更正，原内容作废，无需回复。"


# At scale


def test_a_broadcast_is_written_in_batches_and_waits_while_many_letters_do(stage: Stage) -> None:
    picked = tuple(f"p{i}@paper.example" for i in range(600))
    number = stage.approved(replace(UPGRADE, kind=Kind.ANNEX, effective=None, audience=to(*picked)))
    stage.desk.send(number, stage.who("xiaoqian"))
    for _ in range(10):
        stage.broadcast()
    assert len(stage.letters("notice")) == 500
    stage.arrive()
    for _ in range(3):
        stage.broadcast()
    assert len(stage.letters("notice")) == 600
    stage.arrive()
    stage.broadcast()

    assert stage.notice().state is State.SENT
    assert {e.facts["address"] for _, e in stage.notices.evidence(number)} == set(picked)
