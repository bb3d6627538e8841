"""The directory in the database: what an import changes, what it keeps, and who is found."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from sqlalchemy import Connection, create_engine

from tests.workorders.directory.directories import directories
from tests.workorders.orders.stage import stage
from workorders.directory.changes import Changes, Count
from workorders.directory.file import DirectoryFile
from workorders.directory.people import Duty, Role, unknown
from workorders.directory.rows import ContactRow, GroupRow, PartnerRow, StaffRow
from workorders.sql.base import metadata
from workorders.sql.directory import SqlDirectory

XIAO_WANG = ContactRow("小王", "13800000000", "XiaoWang", "wang@xinghe.example", (Role.TECH, Role.BUSINESS))
XIAO_ZHAO = ContactRow("小赵", phone="01062345678")
XINGHE = PartnerRow(
    name="星河支付",
    aliases=("星河", "XH"),
    mail_domains=("xinghe.example",),
    groups=(GroupRow("wrXINGHE", "星河支付-服务群", webhook_key="key-of-xinghe"),),
    contacts=(XIAO_WANG, XIAO_ZHAO),
    clauses={"daily.response": {"span": "3m"}},
)
DADI = PartnerRow(name="大地支付", groups=(GroupRow("wrDADI", "大地支付-服务群"),))
LAO_LI = StaffRow(
    "老李", "laoli", "13900000000", duties=(Duty(Role.TECH, 1), Duty(Role.AFTERSALES, 2)), console="desk"
)
LAO_ZHANG = StaffRow("老张", "laozhang", duties=(Duty(Role.TECH, 1), Duty(Role.TECH, 2)), console="hotline")
ZHOU_JIE = StaffRow("周姐", "zhoujie", duties=(Duty(Role.CS_LEAD, 1),))
LAO_QIAN = StaffRow("老钱", "laoqian", console="admin")
DUTY_GROUP = GroupRow("wrDUTY", "值班群", purpose="duty", webhook_key="key-of-duty")
FILE = DirectoryFile(
    partners=(XINGHE, DADI), staff=(LAO_LI, LAO_ZHANG, ZHOU_JIE, LAO_QIAN), groups=(DUTY_GROUP,)
)

NOTHING = Count(0, 0, 0)
NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)


@pytest.fixture
def conn(database_url: str) -> Iterator[Connection]:
    engine = create_engine(database_url)
    with engine.begin() as conn:
        metadata.create_all(conn)
        yield conn
    engine.dispose()


@pytest.fixture
def directory(conn: Connection) -> SqlDirectory:
    directory = SqlDirectory(conn)
    assert directory.replace_with(FILE) == Changes(Count(2, 0, 0), Count(6, 0, 0), Count(3, 0, 0), NOTHING)
    return directory


@given(directories())
@settings(max_examples=15, deadline=None)
def test_an_export_imported_again_changes_nothing(file: DirectoryFile) -> None:
    with stage(file) as made:
        kept = made.directory.export()
        assert kept == file
        assert made.directory.replace_with(kept) == Changes(NOTHING, NOTHING, NOTHING, NOTHING)


def test_what_was_imported_is_exported_the_same(directory: SqlDirectory) -> None:
    assert directory.export() == FILE
    assert DirectoryFile.parse(directory.export().render(), "d.toml") == FILE


def test_importing_the_same_file_again_changes_nothing(directory: SqlDirectory) -> None:
    assert directory.replace_with(FILE) == Changes(NOTHING, NOTHING, NOTHING, NOTHING)
    assert directory.export() == FILE


def test_a_contact_is_known_in_any_case_with_partner_and_roles(directory: SqlDirectory) -> None:
    wang = directory.person("XIAOWANG")

    assert (wang.userid, wang.name, wang.side) == ("XiaoWang", "小王", "partner")
    assert wang.partner is not None
    assert wang.partner.name == "星河支付"
    assert wang.roles == (Role.TECH, Role.BUSINESS)
    assert not wang.works_orders
    assert directory.person("xiaowang") == wang


def test_one_of_ours_is_one_person_with_every_duty(directory: SqlDirectory) -> None:
    li = directory.person("laoli")

    assert (li.side, li.partner, li.phone, li.console) == ("us", None, "13900000000", "desk")
    assert li.duties == (Duty(Role.TECH, 1), Duty(Role.AFTERSALES, 2))


def test_nobody_knows_a_stranger(directory: SqlDirectory) -> None:
    assert directory.person("Stranger") == unknown("Stranger")
    assert directory.group("wrSTRANGE") is None
    assert directory.partner(99) is None
    assert directory.clauses_of(99) == {}
    assert directory.partners_named("银河") == ()
    assert directory.staff_named("") == ()


def test_a_group_knows_its_partner_and_whether_it_can_be_written_to(directory: SqlDirectory) -> None:
    xinghe, dadi = directory.group("wrXINGHE"), directory.group("wrDADI")
    duty = directory.group("wrDUTY")

    assert xinghe is not None
    assert xinghe.partner is not None
    assert (xinghe.name, xinghe.partner.name, xinghe.has_webhook) == ("星河支付-服务群", "星河支付", True)
    assert dadi is not None
    assert not dadi.has_webhook
    assert duty is not None
    assert (duty.partner, duty.purpose) == (None, "duty")
    assert directory.own_groups("duty") == (duty,)
    assert directory.own_groups("leaders") == ()


def test_a_webhook_key_is_given_to_whoever_asks_for_it_and_shows_nowhere_else(
    directory: SqlDirectory,
) -> None:
    assert directory.webhook_key("wrXINGHE") == "key-of-xinghe"
    assert directory.webhook_key("wrDADI") is None
    assert directory.webhook_key("wrSTRANGE") is None
    assert "key-of" not in repr((directory, directory.group("wrXINGHE"), directory.export()))


def test_a_partner_is_found_by_name_and_alias_in_any_width_and_case(directory: SqlDirectory) -> None:
    for spoken in ("星河支付", "星河", "xh", "ＸＨ", " XH "):
        assert [found.name for found in directory.partners_named(spoken)] == ["星河支付"]


def test_a_partners_own_clause_values_are_kept(directory: SqlDirectory) -> None:
    [xinghe], [dadi] = directory.partners_named("星河"), directory.partners_named("大地支付")

    assert directory.clauses_of(xinghe.id) == {"daily.response": {"span": "3m"}}
    assert directory.clauses_of(dadi.id) == {}


def test_holders_come_in_the_files_order_with_all_their_duties(directory: SqlDirectory) -> None:
    assert [found.name for found in directory.holders(Role.TECH, 1, NOW)] == ["老李", "老张"]
    assert [found.name for found in directory.holders(Role.TECH, 2, NOW)] == ["老张"]
    assert directory.holders(Role.TECH, 2, NOW)[0].duties == LAO_ZHANG.duties
    assert directory.holders(Role.HR, 1, NOW) == ()

    directory.replace_with(replace(FILE, staff=(LAO_ZHANG, LAO_LI)))

    assert [found.name for found in directory.holders(Role.TECH, 1, NOW)] == ["老张", "老李"]


def test_supervisors_are_those_who_lead_and_those_the_console_lets(directory: SqlDirectory) -> None:
    assert [found.name for found in directory.supervisors()] == ["周姐", "老钱"]


def test_our_people_are_found_by_name_and_userid(directory: SqlDirectory) -> None:
    for spoken in ("老李", "@老李", "＠老李", "LaoLi", "@laoli "):
        assert [found.userid for found in directory.staff_named(spoken)] == ["laoli"]


def test_a_contact_is_not_one_of_our_people(directory: SqlDirectory) -> None:
    assert directory.staff_named("小王") == ()


def test_a_partner_keeps_its_id_through_changes_leaving_and_coming_back(directory: SqlDirectory) -> None:
    [before] = directory.partners_named("星河")
    renewed = replace(XINGHE, aliases=("河",), clauses={})

    changed = directory.replace_with(replace(FILE, partners=(DADI, renewed)))

    assert changed.partners == Count(0, 1, 0)
    assert directory.partners_named("星河") == ()
    assert [found.id for found in directory.partners_named("河")] == [before.id]
    assert directory.clauses_of(before.id) == {}

    gone = directory.replace_with(replace(FILE, partners=(DADI,)))

    assert gone == Changes(Count(0, 0, 1), Count(0, 0, 2), Count(0, 0, 1), NOTHING)
    assert directory.partners_named("河") == ()
    left = directory.partner(before.id)
    assert left is not None
    assert left.name == "星河支付"

    directory.replace_with(FILE)

    assert directory.partners_named("星河") == (before,)


def test_somebody_who_left_is_unknown_again_but_keeps_the_name(directory: SqlDirectory) -> None:
    changed = directory.replace_with(replace(FILE, staff=(LAO_ZHANG, ZHOU_JIE), partners=(DADI,)))

    assert changed.people == Count(0, 0, 4)
    li = directory.person("LAOLI")
    assert (li.userid, li.name, li.side) == ("laoli", "老李", "unknown")
    assert (li.phone, li.duties, li.console) == (None, (), None)
    assert directory.person("xiaowang").partner is None
    assert [found.name for found in directory.holders(Role.TECH, 1, NOW)] == ["老张"]
    assert directory.staff_named("老李") == ()
    assert [found.name for found in directory.supervisors()] == ["周姐"]


def test_somebody_who_comes_back_is_known_again(directory: SqlDirectory) -> None:
    before = directory.person("laoli")

    directory.replace_with(replace(FILE, staff=()))
    directory.replace_with(FILE)

    assert directory.person("laoli") == before


def test_a_contact_may_move_to_another_partner_and_to_our_side(directory: SqlDirectory) -> None:
    moved = directory.replace_with(
        replace(FILE, partners=(replace(XINGHE, contacts=()), replace(DADI, contacts=(XIAO_WANG,))))
    )

    assert moved.people == Count(0, 1, 1)
    partner = directory.person("xiaowang").partner
    assert partner is not None
    assert partner.name == "大地支付"

    directory.replace_with(replace(FILE, partners=(), staff=(StaffRow("小王", "xiaowang", console="desk"),)))

    wang = directory.person("XiaoWang")
    assert (wang.userid, wang.side, wang.partner, wang.works_orders) == ("xiaowang", "us", None, True)


def test_a_new_partner_may_take_the_name_of_one_that_left(directory: SqlDirectory) -> None:
    directory.replace_with(replace(FILE, partners=(PartnerRow("大地支付", aliases=("星河支付",)),)))

    assert [found.name for found in directory.partners_named("星河支付")] == ["大地支付"]


def test_an_empty_file_leaves_nobody(directory: SqlDirectory) -> None:
    directory.replace_with(DirectoryFile())

    assert directory.export() == DirectoryFile()
    assert directory.person("laoli").name == "老李"


def test_a_partners_own_people_and_groups_are_found_one_not_on_wecom_among_them(
    directory: SqlDirectory,
) -> None:
    xinghe, dadi = directory.partners()

    assert [(p.name, p.userid) for p in directory.contacts_of(xinghe.id)] == [
        ("小王", "XiaoWang"),
        ("小赵", ""),
    ]
    assert directory.contacts_of(dadi.id) == ()
    assert [g.chatid for g in directory.groups_of(dadi.id)] == ["wrDADI"]
    directory.replace_with(replace(FILE, partners=(DADI,)))
    assert [p.name for p in directory.partners()] == ["大地支付"]
    assert directory.contacts_of(xinghe.id) == ()
