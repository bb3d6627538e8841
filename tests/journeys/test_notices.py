"""Journeys of a notice: over a real mail server and WeCom's own protocol, the clock turned by hand."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import requests

from bot.lanes import LEASE
from knowledge.library import Library
from tests.support.smtp import MailServer, mail_server
from tests.support.stage import BOT, SHANGHAI, Stage, local
from workorders.notices.desk import Draft
from workorders.notices.errors import LeadTooShort, NeedsSupervisor
from workorders.notices.notice import Kind, Notice, State
from workorders.notices.receipt import Receipt, ReceiptState

UPGRADE = Draft(Kind.UPGRADE, "收银台升级", "升级期间**收银台**不可用。", effective=local("2026-11-26 22:00"))
WANG = "wang@xinghe.example"


@pytest.fixture
def mails() -> Iterator[MailServer]:
    with mail_server() as server:
        yield server


@pytest.fixture
def stage(migrated_database_url: str, redis_url: str, library: Library, mails: MailServer) -> Iterator[Stage]:
    stage = Stage.set(migrated_database_url, redis_url, library, smtp_url=mails.url)
    yield stage
    stage.close()


def does(stage: Stage, verb: str, *arguments: Any) -> Any:
    """One of our people does it; userids stand for people."""
    with stage.program.units.begin() as unit:
        desk = stage.program.uses.notices(unit)
        people = [unit.directory.person(a) if isinstance(a, str) and a.isascii() else a for a in arguments]
        return getattr(desk, verb)(*people)


def approved(stage: Stage, draft: Draft = UPGRADE) -> int:
    notice = does(stage, "compose", draft, "xiaoqian")
    does(stage, "approve", notice.number, "wangzhuguan")
    return int(notice.number)


def announced(stage: Stage, draft: Draft = UPGRADE) -> int:
    """小钱 composed it, 王主管 approved it, and it went out."""
    number = approved(stage, draft)
    does(stage, "send", number, "xiaoqian")
    stage.minutes_pass(0.1)
    return number


def notice(stage: Stage, number: int = 1) -> Notice:
    with stage.program.units.reading() as unit:
        found = unit.notices.read(number)
    assert found is not None
    return found


def receipt(stage: Stage, key: str, number: int = 1) -> Receipt:
    with stage.program.units.reading() as unit:
        found = unit.notices.receipt_of(number, key)
    assert found is not None
    return found


def states(stage: Stage, number: int = 1) -> dict[str, str]:
    with stage.program.units.reading() as unit:
        return {r.key: r.state.value for r in unit.notices.in_state(number, None, 100)}


def words_in(mails: MailServer, address: str) -> str:
    """The words of that address's newest mail."""
    body = mails.to(address)[-1].get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def link_in(mails: MailServer, address: str) -> str:
    """Where the link of that address's newest mail leads, on the desk."""
    found = re.search(r"http://127\.0\.0\.1:\d+(/ack/m/\S+)", words_in(mails, address))
    assert found is not None
    return found[1]


def test_all_acknowledge_each_in_their_own_way(stage: Stage, mails: MailServer) -> None:
    announced(stage)
    assert notice(stage).state is State.SENT
    assert "收银台升级" in stage.last_told("xiaowang", group="wrXINGHE")
    assert "视同收到并知悉" in stage.last_told("xiaowang", group="wrXINGHE")
    # The robot hears nothing in a group but what calls it: who is told otherwise is silent.
    assert f"{BOT} 收到 N1" in stage.last_told("xiaowang", group="wrXINGHE")
    assert f"{BOT} 收到 N1" in words_in(mails, WANG)

    assert "已记录您确认收到通知 N1" in stage.says("xiaowang", f"{BOT} 收到 N1", group="wrXINGHE")
    desk = stage.webs[0].url
    page = requests.get(desk + link_in(mails, "lin@yunfan.example"), timeout=60)
    assert "确认收到" in page.text
    assert states(stage)["xiaolin"] == "waiting"  # a scanner that opens links acknowledges nothing
    requests.post(page.url, data={"do": "ack"}, timeout=60)
    stage.presses("xiaoqian", "收到")
    pressed = [c for m in stage.wecom.messages(to="xiaoqian") if (c := m["card_for"].get("xiaoqian"))]
    assert pressed[-1]["card_action"]["url"].endswith("/ack/1")  # and not to the console's front page

    stage.minutes_pass(120)
    assert set(states(stage).values()) == {"acknowledged"}
    assert [receipt(stage, k).how for k in ("xiaowang", "xiaolin", "xiaoqian")] == ["group", "mail", "card"]
    assert len(mails.to(WANG)) == 1


def test_none_does_and_each_partner_is_reminded_once_and_deemed(stage: Stage, mails: MailServer) -> None:
    announced(stage)
    stage.minutes_pass(61)

    assert states(stage) == {"xiaowang": "deemed", "xiaolin": "deemed", "xiaoqian": "waiting"}
    reminders = [m for m in stage.desk_told("xiaowang") if "请确认：收银台升级" in m]
    assert len(reminders) == 1
    assert "已于" in stage.says("xiaowang", "收到 N1")
    assert states(stage)["xiaowang"] == "late"


def test_half_do_and_only_the_others_are_reminded(stage: Stage) -> None:
    announced(stage)
    stage.says("xiaowang", f"{BOT} 收到", group="wrXINGHE")
    stage.minutes_pass(31)

    assert [m for m in stage.desk_told("xiaowang") if "请确认" in m] == []
    assert len([m for m in stage.desk_told("xiaolin") if "请确认" in m]) == 1
    stage.minutes_pass(30)
    assert states(stage) == {"xiaowang": "acknowledged", "xiaolin": "deemed", "xiaoqian": "waiting"}


def test_an_address_that_is_refused_is_told_to_the_operator_and_never_deemed(
    stage: Stage, mails: MailServer
) -> None:
    mails.refused.add(WANG)
    announced(stage)
    stage.minutes_pass(90)

    assert states(stage)["xiaowang"] == "unreachable"
    told = "\n".join(stage.desk_told("xiaoqian"))
    assert "星河支付 小王" in told
    assert "邮件服务器拒收（550" in told

    mails.refused.clear()
    does(stage, "redeliver", receipt(stage, "xiaowang").id, "xiaoqian")
    stage.minutes_pass(1)
    assert len(mails.to(WANG)) == 1
    assert states(stage)["xiaowang"] == "waiting"
    stage.minutes_pass(60)
    assert states(stage)["xiaowang"] == "deemed"


def test_one_asks_by_the_card_and_is_not_deemed(stage: Stage) -> None:
    announced(stage)
    assert "说说您的疑问" in stage.presses("xiaowang", "有疑问")
    answered = stage.says("xiaowang", "升级要停多久？", **{"door": "app"})
    stage.minutes_pass(90)

    assert "工单 1001" in answered or stage.order(1001)
    assert states(stage)["xiaowang"] == "questioned"
    assert "升级要停多久" in stage.order(1001).text
    assert "1001" in "\n".join(stage.desk_told("xiaoqian"))


def test_recalled_in_mid_broadcast_whoever_was_told_is_told_so_and_nobody_else(
    stage: Stage, mails: MailServer
) -> None:
    number = approved(stage)
    does(stage, "send", number, "xiaoqian")
    while stage.program.rounds.notices():
        pass  # its letters are written, and only one group's lane was drained
    stage.program.lanes.drain("group:wrXINGHE")
    does(stage, "recall", number, "xiaoqian", "升级改期")
    stage.minutes_pass(1)

    assert "已撤回" in stage.last_told("xiaowang", group="wrXINGHE")
    assert stage.told("xiaolin", group="wrYUNFAN") == []
    assert mails.taken == []
    assert "已撤回，原内容作废" in stage.says("xiaowang", f"{BOT} 收到 N1", group="wrXINGHE")
    assert set(states(stage).values()) == {"waiting"}


def test_a_worker_killed_in_mid_broadcast_leaves_nobody_out_and_nobody_told_twice(
    stage: Stage, mails: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    number = approved(stage)
    does(stage, "send", number, "xiaoqian")
    while stage.program.rounds.notices():
        pass
    driver: Any = stage.program.lanes.mails
    sending = driver.send

    def dies(payload: Any) -> str:
        sending(payload)
        raise Killed

    monkeypatch.setattr(driver, "send", dies)
    with pytest.raises(Killed):
        stage.program.lanes.drain("mail:xinghe.example")
    monkeypatch.undo()
    stage.clock.moment += LEASE
    stage.minutes_pass(1)

    ids = Counter((m["To"], m["Message-ID"]) for m in mails.taken)
    assert {to for to, _ in ids} == {WANG, "lin@yunfan.example", "qian@desk.example"}
    assert len({mid for _, mid in ids}) == 3  # a repeat bears the same Message-ID, by which it is known
    assert notice(stage).state is State.SENT
    assert receipt(stage, "xiaowang").starts_at is not None


def test_sent_late_on_a_friday_before_a_holiday_its_hour_runs_out_after_it(
    stage: Stage, mails: MailServer
) -> None:
    stage.clock.moment = local("2026-04-03 17:50")  # 清明: rest until Monday, the 6th
    late = replace(UPGRADE, effective=local("2026-04-10 22:00"))
    announced(stage, late)
    due = receipt(stage, "xiaolin").due
    assert due is not None
    assert f"{due.astimezone(SHANGHAI):%m-%d %H:%M}" == "04-07 09:50"
    stage.until("2026-04-03 18:30")
    after = announced(stage, late)
    assert len(mails.taken) == 3  # the second waits for the opening

    stage.until("2026-04-07 09:00")
    stage.minutes_pass(20.5)
    assert [m for m in stage.desk_told("xiaolin") if "请确认：收银台升级" in m] != []
    assert "已记录您确认收到通知 N1" in stage.says("xiaowang", "收到 N1")
    stage.minutes_pass(30)
    assert states(stage) == {"xiaowang": "acknowledged", "xiaolin": "deemed", "xiaoqian": "waiting"}
    assert receipt(stage, "xiaolin").deemed_at == due
    assert notice(stage, after).state is State.SENT
    assert len(mails.to(WANG)) == 2


def test_an_emergency_goes_out_on_a_saturday_night_if_a_supervisor_says_so(
    stage: Stage, mails: MailServer
) -> None:
    stage.clock.moment = local("2026-11-28 22:00")
    tonight = replace(UPGRADE, effective=local("2026-11-28 23:30"))
    with pytest.raises(LeadTooShort):
        does(stage, "compose", tonight, "xiaoqian")
    number = does(stage, "compose", replace(tonight, emergency="渠道证书今晚失效"), "wangzhuguan").number
    with pytest.raises(NeedsSupervisor):
        does(stage, "approve", number, "xiaoqian")
    does(stage, "recall", number, "xiaoqian", "改由运营拟定")

    rush = does(stage, "compose", replace(tonight, emergency="渠道证书今晚失效"), "xiaoqian").number
    does(stage, "approve", rush, "wangzhuguan")
    does(stage, "send", rush, "xiaoqian")
    stage.minutes_pass(1)
    assert len(mails.to(WANG)) == 1
    assert "收银台升级" in stage.last_told("xiaowang", group="wrXINGHE")
    stage.until("2026-11-30 09:59")
    assert states(stage, rush)["xiaowang"] == "waiting"
    stage.minutes_pass(2)
    assert states(stage, rush)["xiaowang"] == "deemed"


def test_mail_that_is_off_reaches_nobody_and_deems_nobody(
    migrated_database_url: str, redis_url: str, library: Library
) -> None:
    stage = Stage.set(migrated_database_url, redis_url, library)
    try:
        announced(stage)
        stage.minutes_pass(90)
        assert set(states(stage).values()) == {ReceiptState.UNREACHABLE.value}
        assert "未配置邮件服务器" in "\n".join(stage.desk_told("xiaoqian"))
    finally:
        stage.close()


def test_of_several_notices_it_is_asked_which_and_of_none_nothing_is_said(stage: Stage) -> None:
    assert stage.says("xiaowang", "收到") == ""
    announced(stage)
    announced(stage)
    asked = stage.says("xiaowang", "收到")
    assert "您有 2 份通知待确认" in asked
    assert "「收到 N1」" in asked
    assert "已记录您确认收到通知 N2" in stage.says("xiaowang", "N2 已知悉")
    assert "已记录您确认收到通知 N1" in stage.says("xiaowang", "收到")
    assert stage.says("xiaowang", "收到") == ""

    assert "说说您的疑问" in stage.says("xiaolin", "有疑问 N1")
    assert "已记入工单 1001" in stage.says("xiaolin", "退款受影响吗？")
    assert "没有找到通知 N7" in stage.says("xiaolin", "收到 N7")
    assert "未发给您，贵方由小王确认" in stage.says("xiaozhao", "确认 N1")
