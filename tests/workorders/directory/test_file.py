"""The directory file: what it says, what it refuses, and that writing and reading agree."""

import pytest
from hypothesis import given

from tests.workorders.directory.directories import directories
from workorders.agreement.clauses import Agreement
from workorders.directory.file import DirectoryFile
from workorders.directory.people import Duty, Role
from workorders.directory.rows import ContactRow, GroupRow, PartnerRow, StaffRow
from workorders.errors import FileError

XINGHE = """
[[partner]]
name = "星河支付"
aliases = ["星河"]
mail_domains = ["XingHe.example"]
groups = [{ chatid = "wrGROUP1", name = "星河支付-服务群", webhook_key = "key-of-xinghe" }]
contacts = [
  { name = "小王", phone = "+86 138 0000 0000", userid = "wang", email = "w@xh.example", roles = ["tech"] },
]
[partner.clauses.daily.response]
span = "3m"

[[staff]]
name = "老李"
userid = "laoli"
phone = "13900000000"
duties = [{ role = "tech", rank = 1 }, { role = "aftersales", rank = 2 }]
console = "desk"

[[group]]
name = "值班群"
chatid = "wrDUTY"
webhook_key = "key-of-duty"
purpose = "duty"
"""


def wrong_rows(text: str, agreement: Agreement | None = None) -> list[str]:
    """What a file is refused for, a line each, without its name."""
    with pytest.raises(FileError) as refused:
        DirectoryFile.parse(text, "d.toml", agreement)
    lines = str(refused.value).split("\n")
    assert all(line.startswith("d.toml: ") for line in lines)
    return [line.removeprefix("d.toml: ") for line in lines]


def test_every_row_of_a_file_is_read_as_it_was_written() -> None:
    file = DirectoryFile.parse(XINGHE, "d.toml")

    assert file.partners == (
        PartnerRow(
            name="星河支付",
            aliases=("星河",),
            mail_domains=("xinghe.example",),
            groups=(GroupRow("wrGROUP1", "星河支付-服务群", webhook_key="key-of-xinghe"),),
            contacts=(ContactRow("小王", "13800000000", "wang", "w@xh.example", roles=(Role.TECH,)),),
            clauses={"daily.response": {"span": "3m"}},
        ),
    )
    assert file.staff == (
        StaffRow(
            name="老李",
            userid="laoli",
            phone="13900000000",
            duties=(Duty(Role.TECH, 1), Duty(Role.AFTERSALES, 2)),
            console="desk",
        ),
    )
    assert file.groups == (GroupRow("wrDUTY", "值班群", purpose="duty", webhook_key="key-of-duty"),)


def test_a_file_keeps_its_webhook_keys_out_of_sight() -> None:
    file = DirectoryFile.parse(XINGHE, "d.toml")

    assert "key-of" not in repr(file)
    assert "key-of-xinghe" in file.render()


def test_the_placeholder_of_an_example_is_no_webhook_key() -> None:
    text = XINGHE.replace("key-of-xinghe", "…").replace("key-of-duty", "…")

    assert DirectoryFile.parse(text, "d.toml").groups[0].webhook_key is None


def test_an_empty_file_is_an_empty_directory() -> None:
    assert DirectoryFile.parse("", "d.toml") == DirectoryFile()


PARTNER = '[[partner]]\nname = "星河支付"\n'
STAFF = '[[staff]]\nname = "老李"\nuserid = "laoli"\n'
OWN_GROUP = '[[group]]\nname = "值班群"\nchatid = "wrDUTY"\npurpose = "duty"\n'
ROLES = "(accepted: cs_lead, middle_office, review, aftersales, tech, business, operations, hr)"

ROTA = '[[rota]]\nrole = "tech"\nuserid = "laoli"\ndays = ["sat"]\nhours = "18:00-24:00"\n'

WRONG = {
    "a partner without a name": ('[[partner]]\naliases = ["星河"]', "partner 1: has no name"),
    "an empty name": ('[[staff]]\nname = " "\nuserid = "u"', "staff 1: has no name"),
    "staff without a userid": ('[[staff]]\nname = "老李"', "staff 1 '老李': has no userid"),
    "a group without a chatid": (
        '[[group]]\nname = "值班群"\npurpose = "duty"',
        "group 1 '值班群': has no chatid",
    ),
    "an own group without a purpose": (
        '[[group]]\nname = "值班群"\nchatid = "w"',
        "group 1 '值班群': has no purpose",
    ),
    "an unknown purpose": (
        '[[group]]\nname = "值班群"\nchatid = "w"\npurpose = "fun"',
        "group 1 '值班群': purpose 'fun' is unknown (accepted: duty, leaders, operations)",
    ),
    "an unknown role of a contact": (
        PARTNER + 'contacts = [{ name = "小王", roles = ["boss"] }]',
        f"partner 1 '星河支付': contact 1 '小王': role 'boss' is unknown {ROLES}",
    ),
    "an unknown role of a duty": (
        STAFF + 'duties = [{ role = "boss", rank = 1 }]',
        f"staff 1 '老李': duty 1: role 'boss' is unknown {ROLES}",
    ),
    "a third rank": (
        STAFF + 'duties = [{ role = "tech", rank = 3 }]',
        "staff 1 '老李': duty 1: rank '3' is unknown (accepted: 1, 2)",
    ),
    "true for a rank": (
        STAFF + 'duties = [{ role = "tech", rank = true }]',
        "staff 1 '老李': duty 1: rank 'True' is unknown (accepted: 1, 2)",
    ),
    "no rank": (
        STAFF + 'duties = [{ role = "tech" }]',
        "staff 1 '老李': duty 1: has no rank (accepted: 1, 2)",
    ),
    "the same duty twice": (
        STAFF + 'duties = [{ role = "tech", rank = 1 }, { role = "tech", rank = 1 }]',
        "staff 1 '老李': duty tech of rank 1 is given twice",
    ),
    "an unknown console": (
        STAFF + 'console = "root"',
        "staff 1 '老李': console 'root' is unknown (accepted: desk, hotline, supervisor, operations, admin)",
    ),
    "a userid used twice, in another case": (
        STAFF + PARTNER + 'contacts = [{ name = "小王", userid = "LaoLi" }]',
        "staff 1 '老李': userid 'laoli' is already that of partner 1 '星河支付': contact 1 '小王'",
    ),
    "a chatid used twice": (
        OWN_GROUP + PARTNER + 'groups = [{ name = "服务群", chatid = "wrDUTY" }]',
        "group 1 '值班群': chatid 'wrDUTY' is already that of partner 1 '星河支付': group 1 '服务群'",
    ),
    "a partner's name used twice": (
        PARTNER + PARTNER,
        "partner 2 '星河支付': the name '星河支付' is already that of partner 1 '星河支付'",
    ),
    "an alias shared, in another width": (
        PARTNER + 'aliases = ["ABC"]\n[[partner]]\nname = "大地支付"\naliases = ["ａｂｃ"]',
        "partner 2 '大地支付': the name 'ａｂｃ' is already that of partner 1 '星河支付'",
    ),
    "a webhook address": (
        OWN_GROUP + 'webhook_key = "https://qyapi.example/send?key=1"',
        "group 1 '值班群': webhook_key is an address (accepted: only what follows key= in it)",
    ),
    "white space in an identifier": (
        '[[staff]]\nname = "老李"\nuserid = "lao li"',
        "staff 1 '老李': userid 'lao li' contains white space",
    ),
    "no mail address": (
        STAFF + 'email = "li"',
        "staff 1 '老李': email 'li' is no mail address (accepted: name@domain)",
    ),
    "no mail domain": (
        PARTNER + 'mail_domains = ["wang@xinghe.example"]',
        "partner 1 '星河支付': mail domain 'wang@xinghe.example' is none"
        " (accepted: what follows the @, e.g. xinghe.example)",
    ),
    "an unknown key": (
        STAFF + "duty = []",
        "staff 1 '老李': unknown key 'duty' (accepted: name, userid, phone, email, duties, console, absent)",
    ),
    "an unknown table": ("[[staffs]]", "unknown key 'staffs' (accepted: partner, staff, group, rota)"),
    "a table where a list is due": ("[partner]", "partner is no list (accepted: [[partner]])"),
    "a text where a table is due": (
        'staff = ["老李"]',
        "staff 1: is no table (accepted: { key = value, … })",
    ),
    "a text where a list is due": (
        PARTNER + 'aliases = "星河"',
        "partner 1 '星河支付': aliases is no list (accepted: aliases = [ … ])",
    ),
    "a number where a text is due": (
        STAFF + "phone = 13900000000",
        "staff 1 '老李': phone '13900000000' is no text (accepted: phone = \"…\")",
    ),
    "a line break in a name": (
        '[[staff]]\nname = "老\\n李"\nuserid = "u"',
        "staff 1: name contains a control character",
    ),
    "a moment in a clause": (
        PARTNER + "[partner.clauses]\nsurvey = { day = 2026-11-20 }",
        "partner 1 '星河支付': clauses: survey holds the moment 2026-11-20"
        " (accepted: texts, numbers, true, false and lists of them)",
    ),
    "no number in a clause": (
        PARTNER + "[partner.clauses]\nsurvey = { day = nan }",
        "partner 1 '星河支付': clauses: survey holds the number nan"
        " (accepted: texts, numbers, true, false and lists of them)",
    ),
    "clauses that are no table": (
        PARTNER + "clauses = 0",
        "partner 1 '星河支付': clauses: must be a table, not 0",
    ),
    "an absence without an end": (
        STAFF + 'absent = [{ from = "2026-12-01" }]',
        "staff 1 '老李': absent 1: has no to",
    ),
    "an absence from no day": (
        STAFF + 'absent = [{ from = "12-01", to = "2026-12-03" }]',
        "staff 1 '老李': absent 1: from '12-01' is no day and no moment"
        " (accepted: 2026-12-01 or 2026-12-01 14:00)",
    ),
    "an absence that ends before it begins": (
        STAFF + 'absent = [{ from = "2026-12-02", to = "2026-12-01" }]',
        "staff 1 '老李': absent 1: ends before it begins (accepted: from … to, the last day included)",
    ),
    "a stand-in who is nobody": (
        STAFF + 'absent = [{ from = "2026-12-01", to = "2026-12-01", stand_in = "nobody" }]',
        "staff 1 '老李': absent from 2026-12-01: stand_in 'nobody' is nobody of ours",
    ),
    "a stand-in for oneself": (
        STAFF + 'absent = [{ from = "2026-12-01", to = "2026-12-01", stand_in = "LaoLi" }]',
        "staff 1 '老李': absent from 2026-12-01: stand_in 'LaoLi' is the same person",
    ),
    "a stand-in who works no orders": (
        STAFF
        + 'console = "desk"\nabsent = [{ from = "2026-12-01", to = "2026-12-01", stand_in = "he" }]\n'
        + '[[staff]]\nname = "小何"\nuserid = "he"\nconsole = "hotline"',
        "staff 1 '老李': absent from 2026-12-01: stand_in 'he' works no orders",
    ),
    "a rota row for nobody": (
        '[[rota]]\nrole = "tech"\nuserid = "nobody"\ndays = ["sat"]\nhours = "18:00-24:00"',
        "rota 1: userid 'nobody' is nobody of ours",
    ),
    "a rota row for somebody who works no orders": (
        STAFF + '[[rota]]\nrole = "tech"\nuserid = "laoli"\ndays = ["sat"]\nhours = "18:00-24:00"',
        "rota 1: userid 'laoli' works no orders",
    ),
    "a night in one interval": (
        STAFF + 'console = "desk"\n' + ROTA.replace("18:00-24:00", "18:00-06:00"),
        "rota 1: hours: '18:00-06:00' ends before it begins"
        " (accepted: a night is two intervals, parted at 24:00)",
    ),
    "an unknown weekday": (
        STAFF + 'console = "desk"\n' + ROTA.replace("sat", "someday"),
        "rota 1: day 'someday' is unknown (accepted: mon, tue, wed, thu, fri, sat, sun)",
    ),
    "no weekday": (
        STAFF + 'console = "desk"\n' + ROTA.replace('"sat"', ""),
        'rota 1: has no days (accepted: days = ["sat", "sun"])',
    ),
    "every other week of no beginning": (
        STAFF + 'console = "desk"\n' + ROTA + "every = 2",
        "rota 1: has no from (accepted: the first of the weeks `every` counts from)",
    ),
    "weeks that are no number": (
        STAFF + 'console = "desk"\n' + ROTA + "every = 0",
        "rota 1: every '0' is no number of weeks (accepted: 1 to 53)",
    ),
    "the same rota row twice": (
        STAFF + 'console = "desk"\n' + ROTA + ROTA,
        "rota 2: is given twice",
    ),
    "a clause that is no table": (
        PARTNER + '[partner.clauses]\n"daily.response" = 3',
        "partner 1 '星河支付': clauses: daily.response: must be a table, not 3",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_row_is_named_with_what_is_wrong(case: str) -> None:
    text, line = WRONG[case]

    assert wrong_rows(text) == [line]


def test_stand_ins_in_a_circle_are_refused_only_where_both_are_away_at_once() -> None:
    def staff(name: str, begins: str, ends: str, stand_in: str) -> str:
        away = f'{{ from = "{begins}", to = "{ends}", stand_in = "{stand_in}" }}'
        return f'[[staff]]\nname = "{name}"\nuserid = "{name}"\nabsent = [{away}]\n'

    circle = staff("a", "2026-12-01", "2026-12-03", "b") + staff("b", "2026-12-02", "2026-12-05", "c")
    third = "2026-12-03", "2026-12-03", "a"

    assert wrong_rows(circle + staff("c", *third)) == [
        f"staff {n} '{x}': absent from {day}: stand_in '{y}' leads back here while both are away"
        for n, x, day, y in (
            (1, "a", "2026-12-01", "b"),
            (2, "b", "2026-12-02", "c"),
            (3, "c", third[0], "a"),
        )
    ]
    DirectoryFile.parse(circle + staff("c", "2026-12-04", "2026-12-05", "a"), "d.toml")


def test_absences_that_overlap_are_refused_and_ones_that_touch_are_not() -> None:
    def absent(*bounds: tuple[str, str]) -> str:
        rows = ", ".join(f'{{ from = "{begins}", to = "{ends}" }}' for begins, ends in bounds)
        return STAFF + f"absent = [{rows}]"

    assert len(wrong_rows(absent(("2026-12-01", "2026-12-02"), ("2026-12-02 12:00", "2026-12-03")))) == 2
    file = DirectoryFile.parse(absent(("2026-12-01", "2026-12-02"), ("2026-12-03", "2026-12-03 12:00")), "d")
    assert file.staff[0].absent[0].ends == file.staff[0].absent[1].begins


def test_a_malformed_phone_is_named_with_what_is_accepted() -> None:
    [line] = wrong_rows(STAFF + 'phone = "1390000"')

    assert line.startswith("staff 1 '老李': phone '1390000' is no complete phone number (accepted: a mobile")


def test_a_webhook_key_used_twice_is_not_quoted() -> None:
    text = OWN_GROUP + 'webhook_key = "hush"\n'

    lines = wrong_rows(text + text.replace("值班群", "领导群").replace("wrDUTY", "wrLEAD"))

    assert lines == ["group 2 '领导群': its webhook_key is already that of group 1 '值班群'"]


def test_all_wrong_rows_are_named_at_once() -> None:
    lines = wrong_rows('[[partner]]\n[[staff]]\nname = "老李"\nconsole = "root"\n' + OWN_GROUP + "x = 1")

    assert [line.partition(":")[0] for line in lines] == [
        "partner 1",
        "staff 1 '老李'",
        "staff 1 '老李'",
        "group 1 '值班群'",
    ]


def test_a_file_that_is_not_toml_is_refused_with_the_line() -> None:
    [line] = wrong_rows("[[staff]]\nname = 老李")

    assert line.startswith("is not TOML:")
    assert "line 2" in line


def test_tables_nested_beyond_reason_are_refused_not_crashed_on() -> None:
    deep = ".".join("a" * 3000)

    [line] = wrong_rows(PARTNER + f"[partner.clauses]\n{deep} = 1")

    assert "nested too deeply" in line


def test_a_partner_may_list_its_own_name_among_its_aliases() -> None:
    file = DirectoryFile.parse(PARTNER + 'aliases = ["星河支付", "星河"]', "d.toml")

    assert file.partners[0].aliases == ("星河支付", "星河")


def test_a_clause_the_agreement_does_not_have_is_a_wrong_row_where_the_agreement_is_given() -> None:
    text = PARTNER + '[partner.clauses.daily]\nrespond = "3m"\n[partner.clauses.survey]\ndya = 3'

    assert DirectoryFile.parse(text, "d.toml").partners[0].clauses["daily.respond"] == {"span": "3m"}
    unknown_clause, unknown_key = wrong_rows(text, Agreement.load())
    assert unknown_clause.startswith("partner 1 '星河支付': clauses: unknown clause 'daily.respond'")
    assert unknown_key.startswith("partner 1 '星河支付': clauses: survey: unknown key 'dya'")


def test_a_file_from_the_disk_may_begin_with_a_byte_order_mark(tmp_path) -> None:
    path = tmp_path / "directory.toml"
    path.write_bytes(b"\xef\xbb\xbf" + XINGHE.replace("\n", "\r\n").encode())

    assert DirectoryFile.read(path) == DirectoryFile.parse(XINGHE, "d.toml")


@pytest.mark.parametrize(
    ("content", "what"), [(None, "cannot be read: No such file"), (b"\xd0\xc7", "is not UTF-8 at byte 0")]
)
def test_a_file_that_cannot_be_read_says_so(tmp_path, content, what) -> None:
    path = tmp_path / "directory.toml"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(FileError, match=what):
        DirectoryFile.read(path)


@given(directories())
def test_what_is_written_reads_back_the_same(file: DirectoryFile) -> None:
    assert DirectoryFile.parse(file.render(), "d.toml") == file
