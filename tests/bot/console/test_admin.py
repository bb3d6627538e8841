"""管理: the directory, the agreement, holidays, letters that did not arrive, gaps and the audit."""

from __future__ import annotations

import html
import io
import re
from datetime import timedelta
from typing import Any

import pytest
from openpyxl import load_workbook
from werkzeug.test import TestResponse

from bot.acts import Act
from handlers.phrases.audit import ACTS
from knowledge.sql import store
from tests.bot.console.stage import Browser, Desk, words
from workorders.directory.file import DirectoryFile
from workorders.letters import Letter, LetterState
from workorders.sql.tables import letter

DIRECTORY, HOLIDAYS = "/console/admin/directory", "/console/admin/holidays"


def uploads(browser: Browser, path: str, data: bytes, name: str) -> TestResponse:
    """Somebody picks a file and sends it."""
    form = {"csrf_token": browser.token(), "file": (io.BytesIO(data), name)}
    return browser.client.post(path, data=form, content_type="multipart/form-data")


def hidden(page: TestResponse, name: str) -> str:
    """What a preview's form sends back."""
    text = page.get_data(as_text=True)
    found = re.search(rf'name="{name}" value="([^"]*)"', text) or re.search(
        rf'(?s)<textarea name="{name}"[^>]*>\n?(.*?)</textarea>', text
    )
    assert found is not None
    return html.unescape(found[1])


def confirms(browser: Browser, path: str, preview: TestResponse) -> TestResponse:
    return browser.post(path, **{name: hidden(preview, name) for name in ("content", "name", "seen")})


def audited(desk: Desk, act: str) -> list[Any]:
    with desk.program.units.reading() as unit:
        return unit.audit.entries(what=act)


def directory(desk: Desk) -> str:
    with desk.program.units.reading() as unit:
        return unit.directory.export().render()


# The directory


def test_who_is_told_now_stands_there_with_stand_ins_and_phones_masked(desk: Desk) -> None:
    browser = desk.logged_in("laogao")
    browser.post(
        f"{DIRECTORY}/do/away",
        **{"userid": "laoli", "from": "2026-11-23", "to": "2026-11-24", "stand_in": "laozhou"},
    )

    page = words(browser.get(f"{DIRECTORY}/"))

    assert "老李不在，已由代班接替" in page
    assert "139****0002" in page
    assert "老周代班" in page
    assert not re.search(r"1\d{10}", page)


def test_an_absence_is_registered_for_oneself_and_ended(desk: Desk) -> None:
    browser = desk.logged_in("laoli")
    form = {"from": "2026-11-23", "to": "2026-11-23", "from_time": "14:00", "to_time": "18:00"}
    assert browser.post(f"{DIRECTORY}/do/away", **form).status_code == 303
    assert "今天 14:00 至 今天 18:00" in words(browser.get(f"{DIRECTORY}/"))
    assert browser.post(f"{DIRECTORY}/do/back", userid="laoli").status_code == 303
    assert "没有已登记的请假" in words(browser.get(f"{DIRECTORY}/"))


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"userid": "laozhou", "from": "2026-11-24", "to": "2026-11-24"}, "这一步由客服负责人操作"),
        ({"from": "2026-11-24", "to": "2026-11-23"}, "请写明起止日期"),
        ({"from": "2026-11-24", "to": "2026-11-24", "stand_in": "laoli"}, "不能由本人代班"),
        ({"from": "soon", "to": "2026-11-24"}, "请写明起止日期"),
        ({"from": "2026-11-24", "from_time": "09:00", "to": "2026-11-24"}, "请写明起止日期"),
        ({"from": "2026-11-20", "to": "2026-11-21"}, "这段时间已经过去"),
    ],
)
def test_a_wrong_absence_comes_back_with_the_reason(desk: Desk, form: dict[str, str], said: str) -> None:
    refused = desk.logged_in("laoli").post(f"{DIRECTORY}/do/away", **form)

    assert refused.status_code == 409
    assert said in words(refused)
    assert f'value="{form["from"]}"' in refused.get_data(as_text=True)
    assert audited(desk, "directory:row:change")[0].result == "refused"


def test_a_turn_is_added_shown_and_taken_off(desk: Desk) -> None:
    browser = desk.logged_in("wangzhuguan")
    row: dict[str, Any] = {
        "role": "tech",
        "userid": "laozhou",
        "days": ["5", "6"],
        "since": "18:00",
        "until": "00:00",
    }
    assert browser.post(f"{DIRECTORY}/do/turn", **row).status_code == 303
    page = browser.get(f"{DIRECTORY}/")
    assert "周六、日 18:00–24:00" in words(page)
    assert "排班中已有这一行" in words(browser.post(f"{DIRECTORY}/do/turn", **row))
    assert "请选择岗位" in words(browser.post(f"{DIRECTORY}/do/turn", **{**row, "days": []}))
    assert "不接工单" in words(browser.post(f"{DIRECTORY}/do/turn", **{**row, "userid": "xiaohe"}))

    assert browser.post(f"{DIRECTORY}/do/drop", turn=hidden(page, "turn")).status_code == 303
    assert "排班刚有变化" in words(browser.post(f"{DIRECTORY}/do/drop", turn=hidden(page, "turn")))
    assert "这一步由客服负责人操作" in words(desk.logged_in("laoli").post(f"{DIRECTORY}/do/turn", **row))


def test_a_group_is_bound_keyed_and_unbound(desk: Desk) -> None:
    browser = desk.logged_in("wangzhuguan")
    key = "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"
    assert browser.post(f"{DIRECTORY}/do/bind", chatid="wrNEW", partner="星河支付").status_code == 303
    assert browser.post(f"{DIRECTORY}/do/key", chatid="wrNEW", key=key).status_code == 303
    assert key in directory(desk)
    assert key not in browser.reads(f"{DIRECTORY}/partners")
    wrong = browser.post(f"{DIRECTORY}/do/key", chatid="wrNEW", key="short")
    assert "这不是群机器人密钥" in words(wrong)
    assert browser.post(f"{DIRECTORY}/do/unbind", chatid="wrNEW").status_code == 303
    assert "wrNEW" not in directory(desk)
    for chatid in ("", "two words"):
        assert "群 ID 是一个没有空格的词" in words(
            browser.post(f"{DIRECTORY}/do/bind", chatid=chatid, partner="星河支付")
        )


def test_partners_are_found_by_name_group_or_contact_and_never_all_shown(desk: Desk) -> None:
    browser = desk.logged_in("laoli")
    for asked in ("云帆", "wryunfan", "小林", "LIN@"):
        page = words(browser.get(f"{DIRECTORY}/partners?q={asked}"))
        assert "云帆支付 云帆" in page, asked
        assert "星河支付 星河" not in page
    assert "没有找到「nobody」" in words(browser.get(f"{DIRECTORY}/partners?q=nobody"))
    with desk.program.units.begin() as unit:
        many = "".join(f'[[partner]]\nname = "公司{n}"\n' for n in range(50))
        unit.directory.replace_with(DirectoryFile.parse(directory(desk) + many, "many"))
    assert "另有 12 家" in words(browser.get(f"{DIRECTORY}/partners"))


def test_a_key_in_a_form_that_came_too_late_is_not_shown_back(desk: Desk) -> None:
    browser = desk.logged_in("wangzhuguan")
    token = browser.token()
    desk.clock.moment += timedelta(hours=1)

    lost = browser.client.post(
        f"{DIRECTORY}/do/key", data={"csrf_token": token, "chatid": "wrXINGHE", "key": "x" * 30}
    )

    assert lost.status_code == 401
    assert "x" * 30 not in lost.get_data(as_text=True)


def test_a_file_is_shown_as_what_it_would_change_and_then_taken(desk: Desk) -> None:
    browser = desk.logged_in("laogao")
    before = directory(desk)
    changed = before.replace("老周", "周工").encode()

    preview = uploads(browser, f"{DIRECTORY}/read", changed, "新通讯录.toml")
    assert "变更 1 人员 1 周工" in words(preview)
    assert directory(desk) == before

    assert confirms(browser, f"{DIRECTORY}/import", preview).status_code == 303
    assert "周工" in directory(desk)
    assert audited(desk, "directory:file:import")[0].who == "laogao"


def test_what_was_shown_is_not_taken_over_a_directory_that_changed_meanwhile(desk: Desk) -> None:
    browser = desk.logged_in("laogao")
    preview = uploads(
        browser, f"{DIRECTORY}/read", directory(desk).replace("老周", "周工").encode(), "d.toml"
    )
    desk.logged_in("wangzhuguan").post(f"{DIRECTORY}/do/unbind", chatid="wrXINGHE")

    refused = confirms(browser, f"{DIRECTORY}/import", preview)

    assert refused.status_code == 409
    assert "通讯录刚有变化" in words(refused)
    assert "新增 1" in words(refused)
    assert "周工" not in directory(desk)


def test_every_wrong_row_is_named_and_nothing_is_imported(desk: Desk) -> None:
    browser, before = desk.logged_in("laogao"), directory(desk)
    wrong = (
        '[[partner]]\nname = "星河支付"\ncontacts = [{ name = "小王", phone = "123" }]\n'
        '[[staff]]\nname = "老李"\nuserid = "laoli"\nduties = [{ role = "boss", rank = 1 }]\n'
        '[[staff]]\nname = "小李"\nuserid = "laoli"\n'
    ).encode()

    refused = uploads(browser, f"{DIRECTORY}/read", wrong, "d.toml")

    page = words(refused)
    assert refused.status_code == 422
    assert "伙伴 1（星河支付）：联系人 1（小王）：手机「123」不是完整的号码" in page
    assert "员工 1（老李）：职责 1：没有岗位「boss」" in page
    assert "员工 2（小李）：账号「laoli」与员工 1（老李）重复" in page
    assert directory(desk) == before


def test_a_workbook_goes_out_and_in_again(desk: Desk) -> None:
    browser = desk.logged_in("laogao")
    got = browser.post(f"{DIRECTORY}/export", form="xlsx")
    assert audited(desk, "directory:file:export")[0].who == "laogao"
    same = uploads(browser, f"{DIRECTORY}/read", got.data, "directory.xlsx")
    assert "与现在的通讯录相同" in words(same)

    book = load_workbook(io.BytesIO(got.data))
    book["员工"]["C2"] = "12"
    out = io.BytesIO()
    book.save(out)
    refused = uploads(browser, f"{DIRECTORY}/read", out.getvalue(), "directory.xlsx")
    assert "「员工」第 2 行（老李）：手机「12」不是完整的号码" in words(refused)


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (b"x", "a.docx", "请上传 .xlsx 或 .toml 文件"),
        (b"not a zip", "a.xlsx", "不是 Excel 工作簿"),
        (b"\xff\xfe", "a.toml", "不是 UTF-8 编码的文本（第 0 字节）（可写：TOML（UTF-8 编码））"),
        (b"[[staff", "a.toml", "不是有效的 TOML"),
    ],
)
def test_what_is_no_directory_file_is_said_in_a_sentence(
    desk: Desk, data: bytes, name: str, said: str
) -> None:
    refused = uploads(desk.logged_in("laogao"), f"{DIRECTORY}/read", data, name)
    assert refused.status_code == 422
    assert said in words(refused)


def test_a_file_too_large_is_refused_before_it_is_read(desk: Desk) -> None:
    browser, kind = desk.logged_in("laogao"), "multipart/form-data; boundary=x"
    for path, size in ((f"{DIRECTORY}/read", 2_100_000), (f"{HOLIDAYS}/read", 210_000)):
        refused = browser.client.post(path, data=b"x" * size, content_type=kind)
        assert refused.status_code == 413
        assert "文件太大" in words(refused)


def test_an_empty_file_cannot_be_confirmed_and_losing_oneself_is_said(desk: Desk) -> None:
    browser = desk.logged_in("laogao")
    assert "不能导入" in words(uploads(browser, f"{DIRECTORY}/read", b"# nothing", "a.toml"))
    assert "不能导入" in words(browser.post(f"{DIRECTORY}/import", name="a", content="", seen=""))
    page = uploads(browser, f"{DIRECTORY}/read", b'[[staff]]\nname = "x"\nuserid = "x"\n', "a.toml")
    assert "导入后没有管理员" in words(page)
    assert "导入后没有人担任客服负责人、中台一责、商户审核一责、售后一责、技术一责、业务一责" in words(page)
    other = b'[[staff]]\nname = "x"\nuserid = "x"\nconsole = "admin"\n'
    assert "导入后您不再是管理员" in words(uploads(browser, f"{DIRECTORY}/read", other, "a.toml"))


def test_a_duty_nobody_holds_is_seen(desk: Desk) -> None:
    browser = desk.logged_in("laogao")
    without = directory(desk).replace('role = "review", rank = 1', 'role = "review", rank = 2')
    confirms(
        browser, f"{DIRECTORY}/import", uploads(browser, f"{DIRECTORY}/read", without.encode(), "a.toml")
    )
    assert "商户审核一责 没有人担任" in words(browser.get(f"{DIRECTORY}/"))


# The agreement


def test_every_clause_stands_there_and_partners_own_values_beside_it(desk: Desk) -> None:
    with desk.program.units.begin() as unit:
        unit.conn.exec_driver_sql(
            'UPDATE partner SET clauses = \'{"daily.response": {"span": "3m"}}\' WHERE name = \'星河支付\''
        )
    page = words(desk.logged_in("xiaohe").get("/console/admin/agreement/"))

    for clause in desk.program.uses.agreement.clauses:
        assert clause.name in page
    assert "单独约定 星河支付 3 分钟" in page
    assert "未定（附件 1 尚未提供）" in page


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("clause=daily.solution&at=2026-11-23T17:50", "截止 11月24日（周二）09:10"),
        ("clause=notice.upgrade&at=2026-12-07T22:00&what=lead", "最晚通知 12月3日（周四）18:00"),
        ("clause=aftersales.response&at=2026-11-23T10:00", "时限尚未确定"),
        ("clause=daily.response&at=2026-11-23T10:00&what=lead", "没有提前量"),
        ("clause=daily.response&at=soon", "请选择日期和时间"),
        ("clause=nothing&at=2026-11-23T10:00", "没有这一条款"),
        ("clause=daily.response&at=9999-12-31T10:00", "请核对年份"),
        ("clause=off_hours&at=2026-11-23T10:00", "没有时限"),
    ],
)
def test_when_something_would_be_due_is_said_with_its_reason(desk: Desk, query: str, said: str) -> None:
    assert said in words(desk.logged_in("laoli").get(f"/console/admin/agreement/?{query}"))


# Holidays

CLOSED = b'closed = ["2026-11-24"]\n'


def test_a_year_nobody_has_published_is_warned_of(desk: Desk) -> None:
    page = words(desk.logged_in("laoli").get(f"{HOLIDAYS}/"))
    assert "2027 年放假安排尚未导入" in page
    assert "国庆 10月1日 至 10月7日，共 7 天" in page
    assert "10月10日（周六）09:00–18:00" in page
    assert "没有公布" in words(desk.logged_in("laoli").get(f"{HOLIDAYS}/?year=2029"))
    assert desk.logged_in("laoli").get(f"{HOLIDAYS}/?year=99999").status_code == 404


def test_holidays_are_shown_as_what_they_change_and_then_taken(desk_on_both: Desk) -> None:
    desk = desk_on_both
    desk.clock.moment += timedelta(hours=7, minutes=50)
    number, browser = desk.opens(), desk.logged_in("laogao")

    preview = uploads(browser, f"{HOLIDAYS}/read", CLOSED, "更正.toml")
    assert "2026-11-24（周二） 09:00–18:00 休息" in words(preview)
    assert "1 张工单重新计算，其中 1 张的时限会变" in words(preview)

    assert confirms(browser, f"{HOLIDAYS}/import", preview).status_code == 303
    while desk.program.rounds.calendar():
        pass
    assert desk.order(number).generation == 2
    assert "更正.toml（2026 年）" in words(browser.get(f"{HOLIDAYS}/"))

    assert browser.post(f"{HOLIDAYS}/take-back/2026").status_code == 303
    while desk.program.rounds.calendar():
        pass
    assert desk.order(number).generation == 3


def test_holidays_shown_before_another_import_are_shown_again(desk: Desk) -> None:
    browser, other = desk.logged_in("laogao"), desk.logged_in("laogao")
    one = uploads(browser, f"{HOLIDAYS}/read", CLOSED, "a.toml")
    two = uploads(other, f"{HOLIDAYS}/read", b'closed = ["2026-11-25"]', "b.toml")
    assert confirms(other, f"{HOLIDAYS}/import", two).status_code == 303

    again = confirms(browser, f"{HOLIDAYS}/import", one)

    assert again.status_code == 409
    assert "节假日刚有变化" in words(again)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b'closed = ["2027-02-30"]', "closed（放假）：没有「2027-02-30」这一天"),
        (b'[replaced]\n"2027-02-05" = ["09:00-25:00"]', "「09:00-25:00」超出一天"),
        (b"[hours]\nmon = []", "这里只能改日期"),
        (b"", "没有写任何日期"),
        (b"closd = []", "不认识的栏目「closd」"),
    ],
)
def test_a_wrong_calendar_file_is_refused_by_line(desk: Desk, data: bytes, said: str) -> None:
    refused = uploads(desk.logged_in("laogao"), f"{HOLIDAYS}/read", data, "2027.toml")
    assert refused.status_code == 422
    assert said in words(refused)


# Letters


def stuck(desk: Desk, state: LetterState, recipient: str = "laoli", reason: str = "no such userid") -> int:
    number = desk.opens()
    with desk.program.units.begin() as unit:
        unit.letters.post(
            Letter(f"order:{number}", 1, "note.1", recipient, "app", "given_up", {**FACTS, "number": number})
        )
        found = letter.c.occasion == "note.1"
        unit.conn.execute(
            letter.update().where(found).values(state=state, reason=reason, occasion=f"note.{number}")
        )
        return int(
            unit.conn.execute(
                letter.select().where(letter.c.occasion == f"note.{number}").with_only_columns(letter.c.id)
            ).scalar_one()
        )


FACTS = {"recipient": "小王", "channel": "app", "at": "2026-11-23T02:00:00+00:00", "errcode": 60111}


def test_letters_that_did_not_arrive_are_piled_by_recipient_and_reason(desk: Desk) -> None:
    assert "消息都已送达" in words(desk.logged_in("wangzhuguan").get("/console/admin/letters/"))
    stuck(desk, LetterState.GIVEN_UP)
    stuck(desk, LetterState.GIVEN_UP)
    stuck(desk, LetterState.IN_DOUBT, "laozhou", "the answer was lost twice")

    page = words(desk.logged_in("wangzhuguan").get("/console/admin/letters/"))

    assert "老李 应用消息 未送达 2" in page
    assert "企业微信没有这个账号" in page
    assert "老周 应用消息 不确定 1" in page


def test_a_letter_is_sent_again_once_however_often_it_is_pressed(desk: Desk) -> None:
    id = stuck(desk, LetterState.GIVEN_UP)
    browser = desk.logged_in("wangzhuguan")
    token = browser.token()
    form = {"csrf_token": token, "letter": str(id), "do": "resend"}

    for _ in range(2):
        assert browser.client.post("/console/admin/letters/", data=form).status_code == 303

    assert "没有再次发送" in words(browser.get("/console/admin/letters/"))
    assert [e.subject for e in audited(desk, "letter:")] == [f"letter:{id}"]
    with desk.program.units.reading() as unit:
        assert unit.letters.counts()["waiting"] >= 1


def test_a_letter_nobody_need_hear_is_let_be(desk: Desk) -> None:
    id = stuck(desk, LetterState.IN_DOUBT)
    browser = desk.logged_in("laogao")
    browser.post("/console/admin/letters/", letter=[str(id), "x", "9" * 30], do="let_be")
    page = words(browser.get("/console/admin/letters/"))
    assert "1 条消息不再发送" in page
    assert "消息都已送达" in page


# Gaps


def test_gaps_are_counted_and_carried_away(desk: Desk) -> None:
    now = desk.clock.moment
    with desk.program.units.begin() as unit:
        for _ in range(2):
            store.record_gap(unit.conn, "怎么开电子发票 13800000000", now, "xiaowang", None, None, "none")
        id = store.record_answer(unit.conn, "refund-how", "怎么退款", now, "xiaowang", None)
        store.mark(unit.conn, id, "unsolved")
    browser = desk.logged_in("xiaoqian")

    page = words(browser.get("/console/admin/gaps/?days=7"))
    assert "怎么开电子发票 138＊＊＊＊0000 2" in page
    assert "怎么退款" in page

    book = load_workbook(io.BytesIO(browser.get("/console/admin/gaps/export").data))
    assert book.sheetnames == ["未解答问题", "没解决的解答"]
    text = browser.get("/console/admin/gaps/export?form=csv").get_data(as_text=True)
    assert "138****0000" in text
    assert len(audited(desk, "knowledge:gaps:export")) == 2


# The audit


def test_the_audit_is_listed_filtered_and_found_whole(desk: Desk) -> None:
    browser = desk.logged_in("laogao")
    desk.logged_in("laoli").post(f"/console/orders/{desk.opens()}/accept")

    page = words(browser.get("/console/admin/audit/"))
    assert "记录完整" in page
    assert "处理工单" in page
    only = words(browser.get("/console/admin/audit/?act=console:order:act&who=laoli&from=2026-11-23"))
    assert "老李" in only
    assert "老高 控制台" not in only
    assert "没有符合条件的记录" in words(browser.get("/console/admin/audit/?to=2026-11-22"))
    assert browser.get("/console/admin/audit/?from=soon&below=x&subject=order:1").status_code == 200


def test_a_broken_chain_is_said_at_once(desk: Desk) -> None:
    browser = desk.logged_in("laogao")
    desk.logged_in("laoli")
    with desk.program.units.begin() as unit:
        unit.conn.exec_driver_sql("DROP TRIGGER IF EXISTS audit_no_update")
        for (name,) in unit.conn.exec_driver_sql(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit'"
        ).all():
            unit.conn.exec_driver_sql(f"DROP TRIGGER {name}")
        unit.conn.exec_driver_sql("UPDATE audit SET result = 'refused' WHERE number = 1")

    assert "记录在第 1 行断开" in words(browser.get("/console/admin/audit/"))


def test_an_export_of_the_audit_is_in_the_audit_and_holds_no_formula(desk: Desk) -> None:
    browser = desk.logged_in("laogao")
    browser.get("/console/admin/audit/?subject==1%2B1")
    text = browser.get("/console/admin/audit/export?act=console:session:begin").get_data(as_text=True)

    assert "console:session:begin" in text
    [entry] = audited(desk, "data:audit:export")
    assert (entry.who, entry.details["asked"]) == ("laogao", ["act=console:session:begin"])


def test_log_ins_and_outs_are_in_the_audit_the_refused_ones_too(desk: Desk) -> None:
    desk.logged_in("laoli").post("/console/login/out")
    desk.browser().logs_in("stranger")

    found = [(e.act.value, e.who, e.result) for e in audited(desk, "console:session:")]
    assert found == [
        ("console:session:begin", "stranger", "refused"),
        ("console:session:end", "laoli", "done"),
        ("console:session:begin", "laoli", "done"),
    ]


def test_every_act_has_a_name_in_chinese() -> None:
    assert set(ACTS) == {act.value for act in Act}
