"""绑定, 解绑, webhook, 请假 and 销假, as they are said."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from handlers.phrases import letters
from handlers.webhook import apart
from tests.handlers.stage import LAO_LI, LAO_WU, LAO_ZHOU, STRANGER, XIAO_HE, XIAO_WANG, Desk
from tests.workorders.orders.stage import Stage, local, stage
from workorders.directory.file import DirectoryFile
from workorders.directory.people import Role
from workorders.directory.rows import AbsenceRow
from workorders.sql.directory_changes import SqlDirectoryChanges

KEY = "693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa"
ADDRESS = f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={KEY}"
NEW = "wrNEW"
FILE = """
[[partner]]
name = "星河支付"
aliases = ["星河"]
groups = [{ chatid = "wrX1", name = "星河服务群", webhook_key = "key-one" }]

[[partner]]
name = "云帆支付"

[[group]]
name = "值班群"
chatid = "wrDUTY"
purpose = "duty"

[[staff]]
name = "老李"
userid = "laoli"
duties = [{ role = "tech", rank = 1 }]
console = "desk"

[[staff]]
name = "老周"
userid = "laozhou"
duties = [{ role = "tech", rank = 2 }]
console = "desk"

[[staff]]
name = "老吴"
userid = "laowu"
duties = [{ role = "cs_lead", rank = 1 }]
console = "supervisor"

[[staff]]
name = "小何"
userid = "xiaohe"
console = "hotline"
"""
DAY = timedelta(days=1)
FIRST = local("2026-12-01 00:00")


@pytest.fixture
def made() -> Iterator[Stage]:
    with stage(DirectoryFile.parse(FILE, "d.toml")) as made:
        yield made


@pytest.fixture
def real(desk: Desk, made: Stage) -> Desk:
    """The desk over a directory in a database."""
    desk.directory = made.directory  # type: ignore[assignment]
    desk.changes = SqlDirectoryChanges(made.conn, made.directory)
    return desk


def absences(made: Stage, userid: str = "laoli") -> list[AbsenceRow]:
    return list(made.directory.absences().get(userid, ()))


def test_a_desk_member_binds_an_unbound_group_to_a_partner(real: Desk, made: Stage) -> None:
    assert "本群已绑定星河支付" in real.says("绑定 星河", LAO_LI, chat=NEW)

    group = made.directory.group(NEW)
    assert group is not None
    assert group.partner is not None
    assert group.partner.name == "星河支付"
    assert not group.has_webhook


def test_what_was_reported_in_the_group_before_becomes_the_partners(real: Desk) -> None:
    real.says("紧急 全部门店无法收款", STRANGER, chat=NEW)

    assert "工单 1001 已归属" in real.says("绑定 星河支付", LAO_LI, chat=NEW)

    assert real.orders.rows[1001].partner is not None


def test_a_bound_group_is_bound_anew_by_a_supervisor_only_and_loses_its_key(real: Desk, made: Stage) -> None:
    assert real.says("绑定 星河支付", LAO_LI, chat="wrX1") == "本群已绑定星河支付，无需重复绑定。"
    assert "本群已绑定星河支付，改绑由客服负责人操作" in real.says("绑定 云帆支付", LAO_LI, chat="wrX1")
    assert "本群已绑定云帆支付" in real.says("绑定 云帆支付", LAO_WU, chat="wrX1")
    assert made.directory.webhook_key("wrX1") is None

    assert "由客服负责人操作" in real.says("解绑", LAO_LI, chat="wrX1")
    assert "本群已与云帆支付解绑" in real.says("解绑", LAO_WU, chat="wrX1")
    assert made.directory.group("wrX1") is None


@pytest.mark.parametrize(
    ("said", "who", "chat", "answer"),
    [
        ("绑定 无名支付", LAO_LI, NEW, "没有找到合作伙伴「无名支付」"),
        ("绑定 星河支付", XIAO_HE, NEW, "由处理岗位的同事或客服负责人操作"),
        ("绑定 星河支付", LAO_LI, None, "请在要绑定或解绑的群里回复"),
        ("绑定 星河支付", LAO_WU, "wrDUTY", "值班群是我们自己的群"),
        ("解绑", LAO_WU, NEW, "本群尚未绑定合作伙伴"),
    ],
)
def test_what_cannot_be_bound_is_said_in_a_sentence(real: Desk, said, who, chat, answer) -> None:
    assert answer in real.says(said, who, chat=chat)


def test_a_partner_binds_nothing(real: Desk, made: Stage) -> None:
    real.says("绑定 星河支付", XIAO_WANG, chat=NEW)

    assert made.directory.group(NEW) is None


@pytest.mark.parametrize(
    "said", [f"webhook 星河服务群 {KEY}", f"Webhook：星河支付 {ADDRESS}", f"webhook wrX1 {ADDRESS}"]
)
def test_a_supervisor_registers_a_groups_key_which_nobody_reads_again(
    real: Desk, made: Stage, said: str
) -> None:
    answer = real.says(said, LAO_WU)

    assert "已登记星河服务群的群机器人密钥" in answer
    assert KEY not in answer
    assert made.directory.webhook_key("wrX1") == KEY


@pytest.mark.parametrize(
    ("said", "who", "chat", "answer"),
    [
        (f"webhook 星河服务群 {KEY}", LAO_LI, None, "由客服负责人操作"),
        (f"webhook 无名群 {KEY}", LAO_WU, None, "没有找到群「无名群」"),
        (f"webhook {KEY}", LAO_WU, None, "请写明群名和密钥"),
        ("webhook", LAO_WU, None, "请写明群名和密钥"),
        (f"webhook 星河服务群 {KEY}", LAO_WU, "wrX1", "密钥未登记"),
        (ADDRESS, XIAO_WANG, "wrX1", "密钥未登记"),
    ],
)
def test_a_key_that_cannot_be_registered_is_not_repeated(
    real: Desk, made: Stage, said, who, chat, answer
) -> None:
    reply = real.says(said, who, chat=chat)

    assert answer in reply
    assert KEY not in reply
    assert made.directory.webhook_key("wrX1") == "key-one"


@pytest.mark.parametrize("text", [f"webhook 群 {KEY}", f"地址是{ADDRESS}，谢谢", f"WEBHOOK\n{ADDRESS}"])
def test_a_key_is_taken_out_of_whatever_is_kept(text: str) -> None:
    kept, key = apart(text)

    assert key == KEY
    assert KEY not in kept


def test_an_ordinary_message_keeps_its_words() -> None:
    for text in ("webhook 怎么配置", "订单 202611231234567890 失败", "绑定 星河支付"):
        assert apart(text) == (text, None)


@pytest.mark.parametrize(
    ("said", "begins", "ends", "stand_in"),
    [
        ("请假 12-01 到 12-03 由老周代", FIRST, FIRST + 3 * DAY, "laozhou"),
        ("我请假12月1日至12月3日，老周代班", FIRST, FIRST + 3 * DAY, "laozhou"),
        ("请假 12月1日", FIRST, FIRST + DAY, None),
        ("请假 明天", local("2026-11-24 00:00"), local("2026-11-25 00:00"), None),
        (
            "请假 12-01 14:00 到 18:00 由@老周代",
            local("2026-12-01 14:00"),
            local("2026-12-01 18:00"),
            "laozhou",
        ),
    ],
)
def test_an_absence_is_registered_by_oneself(real: Desk, made: Stage, said, begins, ends, stand_in) -> None:
    answer = real.says(said, LAO_LI)

    assert "已登记您" in answer, answer
    assert absences(made) == [AbsenceRow(begins, ends, stand_in)]


def test_a_supervisor_registers_it_for_another_and_both_are_told(real: Desk, made: Stage) -> None:
    assert "由客服负责人操作" in real.says("老李请假 12-01 由老周代", LAO_ZHOU)
    assert "已登记老李 12月1日（周二）请假，由老周代班" in real.says("请假 老李 12-01 由老周代", LAO_WU)

    told = {x.recipient: x for x in real.letters.posted.values() if x.kind == "absence"}
    assert set(told) == {"laoli", "laozhou"}
    text = letters.render("absence", told["laozhou"].facts, shared=False).text
    assert "老李 12月1日（周二）请假，由老周代班，老吴登记（11-23" in text
    assert [p.userid for p in made.directory.holders(Role.TECH, 1, FIRST)] == ["laozhou"]


def test_an_absence_is_called_off_or_ended_now(real: Desk, made: Stage) -> None:
    real.says("请假 12-01 到 12-03", LAO_LI)
    assert "已为您销假（原 12月1日（周二）至 12月3日（周四））" in real.says("销假", LAO_LI)
    assert absences(made) == []
    assert real.says("销假", LAO_LI) == "没有已登记的请假。"

    real.says("请假 今天 由老周代", LAO_LI)
    real.says("老李销假", LAO_WU)
    assert absences(made)[0].ends == real.now


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("请假", "请写明起止日期"),
        ("请假 下下周", "请写明起止日期"),
        ("请假 12-03 到 12-01", "结束应晚于开始"),
        ("请假 11-20", "这段时间已经过去"),
        ("请假 12-01 由老白代", "没有找到同事「老白」"),
        ("请假 12-01 由老李代", "不能由本人代班"),
        ("请假 12-01 由小何代", "小何不接工单"),
    ],
)
def test_an_absence_that_cannot_be_is_said_in_a_sentence(real: Desk, made: Stage, said, answer) -> None:
    assert answer in real.says(said, LAO_LI)
    assert absences(made) == []


def test_stand_ins_in_a_circle_and_overlaps_are_refused(real: Desk, made: Stage) -> None:
    real.says("请假 12-01 到 12-03 由老周代", LAO_LI)

    assert "老李同期请假，且由请假人代班" in real.says("请假 12-02 由老李代", LAO_ZHOU)
    assert "重叠" in real.says("请假 12-03", LAO_LI)
    assert absences(made, "laozhou") == []


def test_a_question_about_leave_is_a_question(real: Desk, made: Stage) -> None:
    real.says("请假怎么操作", LAO_LI)
    real.says("请假 12-01", XIAO_WANG)

    assert not made.directory.absences()
    assert not [x for x in real.letters.posted.values() if x.kind == "absence"]


def test_a_duty_moves_to_another(made: Stage) -> None:
    changes = SqlDirectoryChanges(made.conn, made.directory)

    assert changes.move_duty(Role.TECH, 1, "laoli", "laowu")
    assert not changes.move_duty(Role.TECH, 1, "laoli", "laowu")
    assert [p.userid for p in made.directory.holders(Role.TECH, 1, made.now)] == ["laowu"]
