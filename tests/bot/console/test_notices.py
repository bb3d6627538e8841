"""Notices at the console: composing, approval, progress, evidence; and the page behind a link."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from bot.notices import Links
from tests.bot.console.stage import Desk, words
from workorders.directory.people import Role
from workorders.notices.notice import Audience, State
from workorders.notices.receipt import Receipt

NEW = "/console/notices/new"
FORM: dict[str, Any] = {
    "kind": "upgrade",
    "title": "收银台升级",
    "body": "升级期间**收银台**不可用。<script>alert(1)</script>",
    "effective": "2026-11-26T22:00",
}


def receipt(desk: Desk, key: str = "xiaowang") -> Receipt:
    with desk.program.units.reading() as unit:
        found = unit.notices.receipt_of(1, key)
    assert found is not None
    return found


def state(desk: Desk) -> State:
    with desk.program.units.reading() as unit:
        found = unit.notices.read(1)
    assert found is not None
    return found.state


def test_a_preview_shows_every_channel_and_the_head_count_and_keeps_nothing(desk: Desk) -> None:
    browser = desk.logged_in("xiaoqian")
    answer = browser.post(NEW, page=NEW, do="preview", **FORM)
    said = words(answer)

    assert "接收 3 人" in said
    assert "星河支付：1 人" in said
    for channel in ("群消息", "应用卡片", "邮件：【系统升级通知"):
        assert channel in said
    assert "<script>alert" not in answer.get_data(as_text=True)
    assert "还没有通知" in words(browser.reads("/console/notices/"))


def test_a_suspension_announced_late_warns(desk: Desk) -> None:
    answer = desk.logged_in("xiaoqian").post(NEW, page=NEW, do="preview", suspension="1", **FORM)

    assert "应提前 5 个工作日公告" in words(answer)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"effective": "2026-11-24T22:00"}, "提前量不足"),
        ({"effective": "2026-11-20T22:00"}, "早于最早发出时间"),
        ({"title": ""}, "请填写标题"),
        ({"to": "谁也不是"}, "既不在通讯录中"),
        ({"body": "长" * 1100}, "应用卡片放不下全文（1100 字，最多 112）"),
    ],
)
def test_what_cannot_be_taken_comes_back_as_it_was_written(
    desk: Desk, change: dict[str, str], said: str
) -> None:
    answer = desk.logged_in("xiaoqian").post(NEW, page=NEW, do="save", **{**FORM, **change})

    assert answer.status_code == 422
    assert said in words(answer)
    assert (change.get("body") or "升级期间") in answer.get_data(as_text=True)


def test_a_correction_begins_as_the_old_notice_reads(desk: Desk) -> None:
    browser = desk.logged_in("xiaoqian")
    asked = {**FORM, "suspension": "1", "cut": "1", "stamped": "函 12", "emergency": "证书失效"}
    browser.post(NEW, page=NEW, do="save", **asked)
    page = browser.reads(f"{NEW}?corrects=1")

    for name in ("suspension", "cut"):
        assert re.search(rf'name="{name}" value="1" checked', page)
    for said in ("函 12", "证书失效", "不选即与原通知相同"):
        assert said in page


def test_one_composes_another_approves_and_it_is_sent(desk: Desk) -> None:
    ours, theirs = desk.logged_in("xiaoqian"), desk.logged_in("wangzhuguan")
    assert ours.post(NEW, page=NEW, do="save", **FORM).status_code == 303
    page = "/console/notices/1"
    assert "批准</button>" not in ours.reads(page)
    ours.post(f"{page}/approve", page=page)
    assert "请另一位同事批准" in words(ours.reads(page))
    theirs.post(f"{page}/approve", page=page)
    assert state(desk) is State.APPROVED
    ours.post(f"{page}/send", page=page)

    assert state(desk) is State.SENDING


def test_whoever_approves_sees_all_that_was_composed_as_each_channel_will_show_it(desk: Desk) -> None:
    form = {**FORM, "kind": "personnel", "effective": "2026-12-04T10:00", "stamped": "盖章函-1128.pdf"}
    desk.logged_in("xiaoqian").post(NEW, page=NEW, do="save", suspension="1", **form)
    said = words(desk.logged_in("wangzhuguan").reads("/console/notices/1"))

    for part in ("盖章文件：盖章函-1128.pdf", "期间停止支付服务", "邮件：【对接人变更通知 N1】", "应用卡片"):
        assert part in said
    assert "群消息" not in said  # nobody is told so of a change of contacts


def test_progress_and_evidence_name_everybody(desk: Desk) -> None:
    desk.announces()
    browser = desk.logged_in("xiaoqian")
    shown = words(browser.reads("/console/notices/1"))
    sheet = words(browser.reads("/console/notices/1/evidence"))
    csv = browser.reads("/console/notices/1/evidence?form=csv")

    assert "未确认 3" in shown
    assert "小王" in shown
    assert "SHA-256" in sheet
    assert "视同收到并知悉" in sheet
    assert "已读" not in sheet.replace("均未提供已读回执", "")
    assert csv.startswith("\ufeff通知,")


def test_an_answer_by_telephone_is_taken_down_with_a_note(desk: Desk) -> None:
    desk.announces()
    browser, page = desk.logged_in("xiaoqian"), "/console/notices/1"
    browser.post(f"{page}/people/{receipt(desk).id}/acknowledge", page=page, note="电话告知")

    assert (receipt(desk).how, receipt(desk).note) == ("phone", "电话告知")


# Behind the link


def test_whoever_comes_by_wecom_acknowledges_with_one_button(desk: Desk) -> None:
    desk.announces()
    browser = desk.browser()
    browser.logs_in("xiaowang", to="/ack/1")
    assert "请在收到后 1 小时（工作时间）内确认" in words(browser.reads("/ack/1"))
    assert receipt(desk).acknowledged_at is None
    browser.post("/ack/1", page="/ack/1", do="ack")

    assert receipt(desk).how == "page"
    assert "已记录您确认收到通知 N1" in words(browser.reads("/ack/1"))


def test_somebody_not_told_has_nothing_to_press(desk: Desk) -> None:
    desk.announces()
    browser = desk.logged_in("xiaozhao")
    assert "未发给您" in words(browser.reads("/ack/1"))
    browser.post("/ack/1", page="/ack/1", do="ack")

    assert "不计入确认" in words(browser.reads("/ack/1"))


def test_another_partners_notice_is_nobody_elses_to_read(desk: Desk) -> None:
    with desk.program.units.reading() as unit:
        xinghe = unit.directory.partners_named("星河支付")[0].id
    desk.announces(audience=Audience(roles=(Role.TECH,), partners=(xinghe,)))

    assert "收银台升级" in words(desk.logged_in("xiaozhao").reads("/ack/1"))  # a colleague
    assert "收银台升级" in words(desk.logged_in("laoli").reads("/ack/1"))
    other = words(desk.logged_in("xiaolin").reads("/ack/1"))
    assert "没有找到通知 N1" in other
    assert "收银台" not in other


def test_the_page_of_no_notice_says_so(desk: Desk) -> None:
    assert "没有找到通知 N7" in words(desk.logged_in("xiaowang").reads("/ack/7"))


def links(desk: Desk) -> Links:
    return Links("k" * 40, "")


@pytest.mark.parametrize(
    "path",
    [
        "/ack/{}",
        "/console/notices/{}",
        "/console/notices/{}/evidence",
        "/console/notices/new?corrects={}",
        "/console/orders/{}",
        "/console/incidents/{}",
        "/console/admin/audit/?below={}",
        "/console/admin/holidays/?year={}",
    ],
)
def test_a_number_no_row_can_have_is_nobodys_mistake(desk: Desk, path: str) -> None:
    browser = desk.logged_in("wangzhuguan")
    for number in (2**31, 10**20):
        assert browser.get(path.format(number)).status_code < 500


def test_a_mails_link_needs_no_log_in_and_its_get_changes_nothing(desk: Desk) -> None:
    desk.announces()
    path = links(desk).mailed(receipt(desk).id, desk.clock())
    browser = desk.browser()
    assert "确认收到" in words(browser.reads(path))
    assert receipt(desk).acknowledged_at is None
    browser.client.post(path, data={"do": "ack"})
    assert receipt(desk).how == "mail"
    browser.client.post(path, data={"do": "ack"})

    assert "无需再次确认" in words(browser.reads(path))


def test_a_question_by_a_mails_link_opens_a_work_order_with_secrets_masked(desk: Desk) -> None:
    desk.announces()
    path = links(desk).mailed(receipt(desk).id, desk.clock())
    desk.browser().client.post(path, data={"do": "ask", "text": "验证码：123456 升级多久？"})

    assert "123456" not in desk.order(1001).text
    assert "升级多久" in desk.order(1001).text


def test_what_no_database_keeps_is_refused_with_a_sentence(desk_on_both: Desk) -> None:
    desk = desk_on_both
    desk.announces()
    browser = desk.logged_in("xiaowang")
    answer = browser.post("/ack/1", page="/ack/1", do="ask", text="证书\x00在哪里")

    assert answer.status_code == 400
    assert "无法保存的字符" in words(answer)
    assert receipt(desk).order is None
    assert browser.get("/console/?words=%00").status_code == 400


def test_a_forged_link_and_an_expired_one_say_so_and_change_nothing(desk: Desk) -> None:
    desk.announces()
    path = links(desk).mailed(receipt(desk).id, desk.clock())
    browser = desk.browser()
    assert "这个链接无效" in words(browser.reads(path[:-2] + "xx"))
    assert browser.client.post(path[:-2] + "xx", data={"do": "ack"}).status_code == 404
    desk.clock.moment += timedelta(days=31)
    assert "这个链接已过期" in words(browser.reads(path))
    assert browser.client.post(path, data={"do": "ack"}).status_code == 410

    assert receipt(desk).acknowledged_at is None
