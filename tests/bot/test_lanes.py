"""Letters out: what goes down a lane, once, whatever dies on the way (design §4, A letter)."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from bot.lanes import LEASE
from bot.payloads import MARK, marked
from bot.sql.unit import Units
from bot.wecom.errcodes import AnswerLost, Never, NotNow
from handlers.phrases import letters as phrases
from tests.bot.office import Killed, Office, arrives_but, fails, minute, second, words_of
from tests.workorders.orders.stage import XINGHE_GROUP
from workorders.letters import Letter
from workorders.orders.order import Kind
from workorders.sql.tables import delivery

APP, GROUP = "app:laoli", f"group:{XINGHE_GROUP}"
LOST = AnswerLost("sent, but no answer within the time allowed")
BUSY = NotNow("WeCom is busy (errcode -1)", errcode=-1)


# What goes out


def test_a_letter_is_sent_once_and_the_lane_is_given_back(office: Office) -> None:
    office.note(1)
    assert office.lanes.drain(APP) == 1
    assert office.lanes.drain(APP) == 0
    assert (office.states(), office.deliveries(), office.holder(APP)) == (["sent"], [("sent", 1)], None)
    assert len(office.wecom.arrived) == 1


def test_a_lane_is_woken_after_the_commit_that_wrote_its_letter(office: Office) -> None:
    office.woken.clear()
    office.open(Kind.URGENT)
    assert office.woken == [APP]


def test_a_units_letters_are_gone_with_it_and_nobody_is_woken(office: Office) -> None:
    office.woken.clear()
    written = Letter("note:1", 1, "note.1", "laoli", "app", "given_up", {})

    def half_done() -> None:
        with office.units.begin() as unit:
            assert unit.letters.post(written)
            raise Killed

    with pytest.raises(Killed):
        half_done()
    assert (office.states(), office.woken) == ([], [])


def test_the_same_letter_written_twice_is_one(office: Office) -> None:
    office.note(1)
    office.note(1)
    assert office.states() == ["waiting"]


def test_what_waits_for_one_person_goes_out_as_one_message_urgent_first(office: Office) -> None:
    for n in (1, 2):
        office.note(n)
    office.note(3, urgent=True)
    assert office.lanes.drain(APP) == 1
    (words,) = office.wecom.texts("laoli")
    assert words.index("第 3 条") < words.index("第 1 条") < words.index("第 2 条")
    assert office.states() == ["sent"] * 3


def test_four_new_orders_for_one_person_are_one_card_that_accepts_them_all(office: Office) -> None:  # D5
    numbers = [office.open() for _ in range(4)]
    assert office.lanes.drain(APP) == 1
    ((_, _, payload),) = office.wecom.arrived
    keys = [button["key"] for button in payload["template_card"]["button_list"]]
    assert f"accept:{','.join(map(str, numbers))}" in keys


def test_the_card_in_somebodys_hands_may_be_of_two_letters_about_the_order_not_of_two_orders(
    office: Office,
) -> None:
    number = office.open()
    office.do("urge", number, "xiaowang")
    office.lanes.drain(APP)
    others = [office.open(), office.open()]
    office.lanes.drain(APP)

    with office.units.begin() as unit:
        unit.conn.execute(update(delivery).values(response_code="given by WeCom with the card"))
        assert set(unit.letters.cards_out(f"order:{number}")) == {"laoli"}
        assert not unit.letters.cards_out(f"order:{others[0]}")


def test_more_than_a_message_holds_is_several(office: Office) -> None:
    for n in range(1, 20):
        office.note(n)
    assert office.lanes.drain(APP) == 3
    together = "".join(office.wecom.texts("laoli"))
    assert all(together.count(f"第 {n} 条") == 1 for n in range(1, 20))


def test_a_group_is_posted_to_by_its_key_which_no_delivery_holds(office: Office) -> None:
    office.note(1, XINGHE_GROUP, "group")
    office.lanes.drain(GROUP)
    ((_, key, payload),) = office.wecom.arrived
    assert key == "key-of-xinghe"
    assert "key-of-xinghe" not in str(payload)


def test_two_lanes_do_not_wait_for_each_other(office: Office) -> None:
    office.note(1, "laoli")
    office.note(2, "laozhang")
    office.wecom.faults.append(fails(BUSY))
    office.lanes.drain(APP)
    assert office.lanes.drain("app:laozhang") == 1
    assert office.states() == ["failed", "sent"]


# The lease


def test_while_one_holds_a_lane_another_sends_nothing_down_it(office: Office) -> None:
    office.note(1)
    other = office.worker("two")
    during: list[int] = []

    def meanwhile(deliver: Callable[[], None]) -> None:
        deliver()
        during.append(other.drain(APP))

    office.wecom.faults.append(meanwhile)
    assert office.lanes.drain(APP) == 1
    assert during == [0]
    assert len(office.wecom.arrived) == 1


def test_two_workers_at_once_send_every_letter_once(office: Office) -> None:
    for n in range(1, 31):
        office.note(n)
    start = threading.Barrier(2)

    def work(holder: str) -> None:
        lanes = office.worker(holder)
        start.wait()
        for _ in range(4):
            lanes.drain(APP)

    threads = [threading.Thread(target=work, args=(h,)) for h in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    office.lanes.drain(APP)
    together = "".join(office.wecom.texts("laoli"))
    assert [together.count(f"第 {n} 条") for n in range(1, 31)] == [1] * 30


def test_a_lease_nobody_gives_back_ends_by_itself(office: Office) -> None:
    office.note(1)
    with office.units.begin() as unit:
        assert unit.letters.lease(APP, "dead", office.now, office.now + LEASE)
    assert office.lanes.drain(APP) == 0
    office.later(LEASE)
    assert office.lanes.drain(APP) == 1


# A sender killed in mid-flight


def killed_while_sending(office: Office, arrived: bool) -> None:
    """A worker dies in its send, and nothing of it runs any more: not even its giving back the lane."""
    office.wecom.faults.append(arrives_but(Killed()) if arrived else fails(Killed()))
    with office.units.reading() as unit:
        ((name, _),) = unit.letters.due_lanes(office.now, 5)
    with pytest.raises(Killed):
        replace(office.worker("dead"), units=Mortal(office)).drain(name)


class Mortal(Units):
    """Units of a process that is gone once it has spoken."""

    def __init__(self, office: Office) -> None:
        super().__init__(office.engine, lambda: office.now, office.wake)
        object.__setattr__(self, "wecom", office.wecom)

    def begin(self) -> Any:
        if self.wecom.calls:  # type: ignore[attr-defined]
            raise Killed
        return super().begin()


@pytest.mark.parametrize("arrived", [True, False])
def test_an_app_message_of_a_killed_sender_goes_out_again_unchanged_and_arrives_once(
    office: Office, arrived: bool
) -> None:
    office.note(1)
    killed_while_sending(office, arrived)
    assert (office.states(), office.deliveries()) == (["claimed"], [("sending", 1)])
    assert office.lanes.drain(APP) == 0  # the dead worker's lease still lives
    office.later(LEASE)
    assert office.lanes.drain(APP) == 1
    (words,) = office.wecom.texts("laoli")
    assert MARK not in words
    assert (office.states(), office.deliveries()) == (["sent"], [("sent", 2)])


def test_after_wecoms_duplicate_check_has_forgotten_it_is_marked(office: Office) -> None:
    office.note(1)
    killed_while_sending(office, arrived=True)
    office.later(10 * minute)
    office.lanes.drain(APP)
    first, again = office.wecom.texts("laoli")
    assert again == MARK + first


def test_a_group_post_of_a_killed_sender_goes_out_once_more_marked(office: Office) -> None:
    office.note(1, XINGHE_GROUP, "group")
    killed_while_sending(office, arrived=True)
    office.later(LEASE)
    office.lanes.drain(GROUP)
    first, again = office.wecom.texts("key-of-xinghe")
    assert again == MARK + first
    assert office.states() == ["sent"]


def test_killed_between_the_commit_and_the_send_it_goes_out_once(office: Office) -> None:
    office.note(1)
    with office.units.begin() as unit:
        (due,) = unit.letters.claimable(APP, office.now, 8)
        payload = {"touser": "laoli", "msgtype": "text", "text": {"content": "第 1 条"}}
        unit.letters.fix(APP, payload, [due], office.now)
    office.lanes.drain(APP)
    office.lanes.drain(APP)
    assert office.wecom.texts("laoli") == ["第 1 条"]


@pytest.mark.parametrize(("lane", "to", "channel"), [(APP, "laoli", "app"), (GROUP, XINGHE_GROUP, "group")])
def test_an_answer_lost_once_is_asked_for_again_after_a_pause(
    office: Office, lane: str, to: str, channel: Any
) -> None:
    office.note(1, to, channel)
    office.wecom.faults.append(arrives_but(LOST))
    office.lanes.drain(lane)
    assert office.lanes.drain(lane) == 0  # quiet first
    office.later(5 * second)
    assert office.lanes.drain(lane) == 1
    assert office.states() == ["sent"]
    assert len(office.wecom.arrived) == (1 if channel == "app" else 2)


def test_an_answer_lost_twice_stays_in_doubt_and_is_never_sent_a_third_time(office: Office) -> None:
    office.note(1, XINGHE_GROUP, "group")
    office.wecom.faults.extend([arrives_but(LOST), arrives_but(LOST)])
    for _ in range(10):
        office.lanes.drain(GROUP)
        office.later(minute)
    assert office.wecom.calls == 2
    assert (office.states(), office.deliveries()) == (["in_doubt"], [("in_doubt", 2)])
    office.note(2, XINGHE_GROUP, "group")
    office.lanes.drain(GROUP)
    assert office.states() == ["in_doubt", "sent"]  # the lane itself goes on


def test_killed_twice_it_is_in_doubt_too(office: Office) -> None:
    office.note(1)
    for _ in range(2):
        office.wecom.faults.append(arrives_but(Killed()))
        with pytest.raises(Killed):
            office.lanes.drain(APP)
        office.later(LEASE)
    office.lanes.drain(APP)
    assert (office.wecom.calls, office.states()) == (2, ["in_doubt"])


def test_what_is_sent_again_is_not_what_the_order_has_become_meanwhile(office: Office) -> None:
    office.open()
    office.wecom.faults.append(fails(LOST))
    office.lanes.drain(APP)
    with office.units.reading() as unit:
        before = unit.letters.unfinished(APP)
    office.do("accept", 1001, "laozhang")
    office.later(5 * second)
    office.lanes.drain(APP)
    assert before is not None
    assert office.wecom.arrived[0][2] == before.payload


# Not now, never, and what the operator mends


def test_not_now_backs_off_further_each_time_and_arrives_in_the_end(office: Office) -> None:
    office.note(1)
    office.wecom.faults.extend([fails(BUSY)] * 4)
    tried = []
    began = office.now
    while office.states() != ["sent"]:
        before = office.wecom.calls
        office.lanes.drain(APP)
        if office.wecom.calls > before:
            tried.append((office.now - began).total_seconds())
        office.later(second)
    assert tried == [0, 2, 6, 14, 30]
    assert len(office.wecom.arrived) == 1


def test_wecoms_own_patience_is_kept_and_the_lane_is_quiet_for_it(office: Office) -> None:
    office.note(1)
    office.wecom.faults.append(fails(NotNow("too often", errcode=45009, retry_after=60)))
    office.lanes.drain(APP)
    office.note(2)
    office.later(59 * second)
    assert office.lanes.drain(APP) == 0
    office.later(second)
    assert office.lanes.drain(APP) == 1
    assert office.states() == ["sent", "sent"]


def test_a_letter_that_fails_for_a_day_is_given_up_and_the_supervisors_are_told(office: Office) -> None:
    office.note(1)
    office.wecom.faults.extend([fails(BUSY)] * 2)
    office.lanes.drain(APP)
    office.later(timedelta(hours=24, seconds=1))
    office.lanes.drain(APP)
    assert office.states() == ["given_up"]


def test_never_gives_up_at_once_and_tells_every_supervisor_who_was_not_told_what(office: Office) -> None:
    number = office.open()
    office.wecom.faults.append(fails(Never("no such userid (errcode 60111)", errcode=60111)))
    office.lanes.drain(APP)
    assert office.states()[0] == "given_up"
    office.lanes.drain("app:zhoujie")
    office.lanes.drain("app:qian")
    for supervisor in ("zhoujie", "qian"):
        (words,) = office.wecom.texts(supervisor)
        assert f"工单 {number}" in words
        assert "老李" in words


def test_a_group_given_up_is_named_and_a_group_without_a_key_is_given_up(office: Office) -> None:
    number = office.open(chat=XINGHE_GROUP)
    office.do("accept", number, "laoli")
    with office.units.begin() as unit:
        unit.conn.exec_driver_sql("UPDATE chat_group SET webhook_key = NULL")
    office.lanes.drain(GROUP)
    assert office.states("group") == ["given_up"]
    office.lanes.drain("app:zhoujie")
    assert "星河支付-服务群" in office.wecom.texts("zhoujie")[0]


def test_a_supervisor_who_cannot_be_reached_is_not_told_so_themself_and_no_loop_begins(
    office: Office,
) -> None:
    office.note(1, "zhoujie")
    office.wecom.faults.extend([fails(Never("no such userid", errcode=60111))] * 5)
    for lane in ("app:zhoujie", "app:qian", "app:zhoujie", "app:qian"):
        office.lanes.drain(lane)
    assert office.states() == ["given_up"]


def test_a_recipient_wecom_names_invalid_in_an_answer_without_an_error_was_not_told(office: Office) -> None:
    office.open()
    office.wecom.invalid = ("laoli",)
    office.lanes.drain(APP)
    assert (office.states()[0], office.reasons()[0]) == ("given_up", "WeCom did not deliver to laoli")
    assert len(office.states()) == 3  # and both supervisors are


@pytest.mark.parametrize("errcode", [40001, 40013, 40056, 48002, 60020, 301002])
def test_what_the_operator_mends_keeps_letters_waiting_however_long(office: Office, errcode: int) -> None:
    office.note(1)
    for _ in range(3):
        office.wecom.faults.append(fails(Never("mend it", errcode=errcode)))
        office.lanes.drain(APP)
        assert office.states() == ["failed"]
        office.later(timedelta(hours=20))
    office.lanes.drain(APP)
    assert office.states() == ["sent"]


# Quotas


@pytest.mark.parametrize(
    ("lane", "to", "channel", "most"), [(APP, "laoli", "app", 25), (GROUP, XINGHE_GROUP, "group", 18)]
)
def test_a_lane_keeps_below_wecoms_quota_and_another_is_not_held_up(
    office: Office, lane: str, to: str, channel: Any, most: int
) -> None:
    office.notes(40 * 8, to, channel)
    assert office.lanes.drain(lane) == most
    assert office.lanes.drain(lane) == 0
    office.note(500, "laozhang")
    assert office.lanes.drain("app:laozhang") == 1
    office.later(minute - second)
    assert office.lanes.drain(lane) == 0
    office.later(2 * second)
    assert office.lanes.drain(lane) > 0


def test_no_minute_ever_sees_more_than_the_quota(office: Office) -> None:
    office.notes(60 * 8, XINGHE_GROUP, "group")
    for _ in range(40):
        office.lanes.drain(GROUP, most=7)
        office.later(7 * second)
    moments = [at for at, _, _ in office.wecom.arrived]
    assert len(moments) == 60
    for start in moments:
        assert sum(start <= at < start + minute for at in moments) <= 18


def test_a_day_holds_a_members_share_of_the_apps_and_what_is_urgent_goes_out_anyway(office: Office) -> None:
    rows = [
        {"lane": APP, "payload": {}, "state": "sent", "attempts": 1, "at": office.now - n * 7 * minute}
        for n in range(190)
    ]
    with office.units.begin() as unit:
        unit.conn.execute(delivery.insert(), rows)
    office.note(1)
    assert office.lanes.drain(APP) == 0
    office.note(2, urgent=True)
    assert office.lanes.drain(APP) == 1
    assert "第 2 条" in office.wecom.texts("laoli")[0]
    office.later(timedelta(days=1) - 188 * 7 * minute)
    assert office.lanes.drain(APP) == 1
    assert "第 1 条" in office.wecom.texts("laoli")[1]


@pytest.mark.parametrize("errcode", [45009, 45011])
def test_when_wecom_refuses_the_app_as_a_whole_no_member_is_tried_until_it_may_again(
    office: Office, errcode: int
) -> None:
    office.note(1, "laoli")
    office.note(2, "laozhang")
    office.note(3, XINGHE_GROUP, "group")
    office.wecom.faults.append(fails(NotNow("too often", errcode=errcode, retry_after=60)))
    office.lanes.drain(APP)
    office.later(59 * second)
    assert office.lanes.drain("app:laozhang") == 0
    with office.units.reading() as unit:
        assert [name for name, _ in unit.letters.due_lanes(office.now, 9)] == [GROUP]
    assert office.lanes.drain(GROUP) == 1
    office.later(second)
    assert office.lanes.drain("app:laozhang") == 1
    assert office.lanes.drain(APP) == 1


def test_a_groups_own_quota_is_no_other_groups(office: Office) -> None:
    office.note(1, XINGHE_GROUP, "group")
    office.note(2, "wrOTHER", "group")
    office.wecom.faults.append(fails(NotNow("too often", errcode=45009, retry_after=60)))
    office.lanes.drain(GROUP)
    with office.units.reading() as unit:
        assert [name for name, _ in unit.letters.due_lanes(office.now, 9)] == ["group:wrOTHER"]


def test_what_went_out_is_known_to_have_gone_whatever_ails_the_next(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.note(1)
    office.notes(8, "laoli", "app")
    claim, claims = office.lanes._claim, []

    def once(*arguments: Any) -> Any:
        claims.append(arguments)
        if len(claims) > 1:
            raise RuntimeError("the next ails")
        return claim(*arguments)

    monkeypatch.setattr(type(office.lanes), "_claim", lambda _, *a: once(*a))
    with pytest.raises(RuntimeError):
        office.lanes.drain(APP)
    monkeypatch.undo()
    assert office.deliveries() == [("sent", 1)]
    assert office.holder(APP) is None
    office.lanes.drain(APP)
    assert set(office.states()) == {"sent"}


# Moot


def test_a_letter_whose_order_was_accepted_meanwhile_is_not_sent(office: Office) -> None:
    number = office.open()
    office.do("accept", number, "laozhang")
    assert office.lanes.drain(APP) == 0
    assert (office.states()[0], office.reasons()[0]) == ("moot", "the order is accepted")


def test_many_moot_letters_do_not_keep_a_good_one_waiting(office: Office) -> None:
    for _ in range(20):
        office.do("accept", office.open(Kind.URGENT), "laozhang")
    office.note(1)
    assert office.lanes.drain(APP) == 1
    assert "第 1 条" in office.wecom.texts("laoli")[0]


# Phrases that raise


def test_a_letter_no_phrase_can_say_is_set_aside_and_the_lane_goes_on(office: Office) -> None:
    office.note(1)
    office.note(2, at="gibberish")
    office.note(3)
    office.lanes.drain(APP)
    assert office.states() == ["sent", "failed", "sent"]
    calls = office.wecom.calls
    office.later(29 * second)
    office.lanes.drain(APP)
    assert office.states()[1] == "failed"
    assert office.wecom.calls == calls


def test_set_aside_it_is_tried_again_and_said_once_it_can_be(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.note(1)
    with monkeypatch.context() as broken:
        broken.setattr(phrases, "render", lambda *a, **k: 1 / 0)
        office.lanes.drain(APP)
    assert office.reasons() == ["it cannot be put into words: ZeroDivisionError"]
    office.later(30 * second)
    assert office.lanes.drain(APP) == 1
    assert office.states() == ["sent"]


def test_a_bundle_that_raises_goes_out_letter_by_letter(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in (1, 2, 3):
        office.note(n)
    monkeypatch.setattr(phrases, "bundle", lambda *a, **k: 1 / 0)
    assert office.lanes.drain(APP) == 3
    assert office.states() == ["sent"] * 3


def test_what_cannot_be_said_for_a_day_is_given_up_and_told_to_the_supervisors(office: Office) -> None:
    office.open()
    with office.units.begin() as unit:
        unit.conn.exec_driver_sql("UPDATE letter SET kind = 'nothing anybody wrote'")
    office.lanes.drain(APP)
    office.later(timedelta(hours=24, seconds=1))
    office.lanes.drain(APP)
    assert office.states() == ["given_up", "waiting", "waiting"]


# Words


def test_every_kind_of_message_can_bear_the_mark() -> None:
    for kind in ("text", "markdown"):
        assert words_of(marked({"msgtype": kind, kind: {"content": "x"}})) == MARK + "x"
    card: dict[str, Any] = {"msgtype": "template_card", "template_card": {"main_title": {"title": "x"}}}
    assert marked(card)["template_card"]["main_title"]["title"] == MARK + "x"
    assert card["template_card"]["main_title"]["title"] == "x"


def test_what_nobody_may_keep_does_not_go_out_either(office: Office) -> None:
    with office.units.begin() as unit:
        facts = {"number": 1, "recipient": "老周，卡号 6222021234567890128", "at": office.now.isoformat()}
        unit.letters.post(Letter("note:1", 1, "note.1", "laoli", "app", "given_up", facts))
    office.lanes.drain("app:laoli")
    (said,) = office.wecom.texts("laoli")
    assert "622202" in said
    assert "6222021234567890128" not in said
