"""The evidence sheet, read by somebody who was not there: who was told what, when, how, and who sent it."""

from __future__ import annotations

import re
from dataclasses import replace

from bot import notice_evidence
from tests.bot.office import Office, minute, second
from tests.bot.test_broadcast_killed import goes_on
from tests.support.stage import SHANGHAI
from tests.workorders.notices.stage import UPGRADE, WITH_DADI


def told(office: Office) -> int:
    """A long notice to 小王, 小林, 小孔 whom no group reaches, and 小钱; then reminded, and deemed."""
    with office.units.begin() as unit:
        unit.directory.replace_with(WITH_DADI)
        desk, person = office.uses.notices(unit), unit.directory.person
        draft = replace(UPGRADE, body="升级期间收银台不可用。" * 20, cut=True, suspension=True)
        number = desk.compose(draft, person("xiaoqian")).number
        desk.approve(number, person("wang"))
        desk.send(number, person("xiaoqian"))
    goes_on(office)
    with office.units.begin() as unit:
        desk = office.uses.notices(unit)
        desk.acknowledge(number, unit.directory.person("xiaowang"), "group")
        desk.remind(number, unit.directory.person("wang"))
    goes_on(office)
    office.later(600 * minute)
    for _ in range(3):
        office.rounds().notices()
        office.later(second)
    return number


def collected(office: Office, number: int) -> notice_evidence.Evidence:
    with office.units.reading() as unit:
        found = notice_evidence.collect(unit, number, office.now, "王主管")
    assert found is not None
    return found


def words(html: str) -> str:
    return " ".join(re.sub(r"<style.*?</style>|<[^>]+>", " ", html, flags=re.DOTALL).split())


def test_it_says_who_was_meant_what_came_of_it_and_each_step_with_whoever_took_it(office: Office) -> None:
    sheet = words(notice_evidence.as_html(collected(office, told(office))))

    assert "接收范围 技术（全部合作伙伴）；我方运营中心" in sheet
    assert "接收结果 共 4 人：未确认 1 人，已确认 1 人，视同收到 1 人，未送达 1 人" in sheet
    assert re.search(r"提交发送 小钱 定于 11月23日（周一）\d\d:\d\d 开始", sheet)
    assert re.search(r"再次提醒未确认 王主管 第 1 次，2 人", sheet)
    assert "期间停止支付服务" in sheet
    assert "应用卡片放不下全文" in sheet
    assert "重新计算的校验值与此一致" in sheet
    assert "王主管 于 2026-11-23" in sheet
    assert "星河支付-服务群（wrXINGHE）" in sheet


def test_silence_is_deemed_at_its_due_moment_however_late_the_desk_looked(office: Office) -> None:
    evidence = collected(office, told(office))
    (deemed,) = [each for each in evidence.told if each.receipt.deemed_at]
    due = deemed.receipt.due
    assert due is not None

    assert f"{due.astimezone(SHANGHAI):%H:%M} 期满未回复，视同收到并知悉" in words(
        notice_evidence.as_html(evidence)
    )


def test_who_could_not_be_reached_stands_in_it_with_the_reason(office: Office) -> None:
    evidence = collected(office, told(office))
    sheet, csv = words(notice_evidence.as_html(evidence)), notice_evidence.as_csv(evidence)

    assert "未送达 群：通讯录中没有可发送的群" in sheet
    (line,) = [line for line in csv.splitlines() if "小孔" in line and ",群," in line]
    assert "通讯录中没有可发送的群" in line


def test_what_was_changed_behind_the_desks_back_is_seen(office: Office) -> None:
    evidence = collected(office, told(office))
    forged = replace(evidence, notice=replace(evidence.notice, body="升级取消。"))

    assert "重新计算的校验值与此不一致" in words(notice_evidence.as_html(forged))
