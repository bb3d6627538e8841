"""The directory as an Excel workbook: it comes back as it was, and every wrong row is named."""

import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from openpyxl import Workbook, load_workbook

from bot import directory_workbook
from bot.directory_files import read_file, write_file
from tests.workorders.directory.directories import directories
from workorders.agreement.clauses import Agreement
from workorders.directory.file import DirectoryFile
from workorders.directory.people import Duty, Role
from workorders.directory.rows import ContactRow, PartnerRow, StaffRow
from workorders.errors import FileError

XINGHE, LI = ["星河支付"], ["老李", "laoli", "13900000000", "", "技术一责、售后2", "处理"]
HEADINGS = {
    "伙伴": ["名称", "别名", "邮箱域名"],
    "条款": ["伙伴", "条款", "项目", "值"],
    "群": ["伙伴", "群名", "群ID", "密钥", "用途"],
    "联系人": ["伙伴", "姓名", "手机", "账号", "邮箱", "岗位"],
    "员工": ["姓名", "账号", "手机", "邮箱", "职责", "权限"],
    "请假": ["账号", "开始", "结束", "代班"],
    "值班": ["岗位", "账号", "星期", "时段", "开始", "结束", "每几周"],
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "directory.xlsx"


def workbook(path: Path, **rows: Sequence[Sequence[object]]) -> Path:
    """A workbook as somebody would type it, with one partner and one of our people unless told otherwise."""
    book = Workbook()
    sheets: dict[str, Sequence[Sequence[object]]] = {"伙伴": [XINGHE], "员工": [LI], **rows}
    for name, below in sheets.items():
        sheet = book.create_sheet(name)
        sheet.append(HEADINGS.get(name, ["随便"]))
        for row in below:
            sheet.append(row)
    book.save(path)
    return path


def wrong_rows(path: Path, agreement: Agreement | None = None) -> list[str]:
    with pytest.raises(FileError) as refused:
        directory_workbook.read(path, agreement)
    return [line.removeprefix(f"{path}: ") for line in str(refused.value).split("\n")]


@given(directories())
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_written_reads_back_the_same(path: Path, file: DirectoryFile) -> None:
    directory_workbook.write(file, path)

    assert directory_workbook.read(path) == file


def test_phones_keep_their_digits_and_nothing_written_is_a_formula(path: Path) -> None:
    row = ContactRow("=HYPERLINK(1)", phone="01062345678", userid="@u", email="+a@x.example")
    file = DirectoryFile(partners=(PartnerRow("-1+1", contacts=(row,)),))

    directory_workbook.write(file, path)

    cells = [
        cell for sheet in load_workbook(path) for line in sheet.iter_rows() for cell in line if cell.value
    ]
    assert {cell.data_type for cell in cells} == {"s"}
    assert {cell.number_format for cell in cells} == {"@"}
    assert {cell.value for cell in cells if cell.quotePrefix} == {
        "=HYPERLINK(1)",
        "@u",
        "+a@x.example",
        "-1+1",
    }
    assert directory_workbook.read(path) == file


def test_a_sheet_typed_by_hand_is_read_as_it_is_meant(path: Path) -> None:
    workbook(
        path,
        联系人=[["星河支付", "小王", 13800000000, "xiaowang", None, "技术；业务"]],
        群=[["星河支付", "服务群", "wrX", None, None], [None, "值班群", "wrD", "key", "值班"]],
        请假=[["laoli", "2026-12-01", "2026-12-03", None]],
        值班=[["技术", "laoli", "周一至周五、周日", "18：00—24：00", "2026-11-01", None, 2]],
        条款=[["星河支付", "daily.response", "span", "3m"]],
    )

    file = directory_workbook.read(path, Agreement.load())

    assert file.partners[0].contacts == (
        ContactRow("小王", "13800000000", "xiaowang", roles=(Role.TECH, Role.BUSINESS)),
    )
    assert file.partners[0].clauses == {"daily.response": {"span": "3m"}}
    assert [group.purpose for group in file.groups] == ["duty"]
    assert file.staff[0].duties == (Duty(Role.TECH, 1), Duty(Role.AFTERSALES, 2))
    assert file.staff[0].console == "desk"
    assert len(file.staff[0].absent) == 1
    assert (file.rota[0].days, file.rota[0].hours, file.rota[0].every) == (
        (0, 1, 2, 3, 4, 6),
        (1080, 1440),
        2,
    )


def test_every_wrong_row_of_every_sheet_is_named_at_once(path: Path) -> None:
    workbook(
        path,
        联系人=[
            ["星河支付", "小王", "1380000", "xiaowang"],
            ["星河支付", "小赵", None, "LAOLI"],
            ["无名", "小孙"],
            [None, "小周"],
        ],
        群=[["星河支付", "群", "=A1"], ["云帆", "群", "wrY"], [None, "群", "wrZ", "k", "散步"]],
        员工=[LI, ["老张", "laozhang", None, None, "老板一责、技术", "随便"]],
        请假=[["laoli", "明天", "2026-12-03"], ["nobody", "2026-12-01", "2026-12-03"]],
        值班=[["技术", "laoli", "八", "24:00-06:00"], ["技术", "nobody", "六", "18:00-24:00"]],
        条款=[["星河支付", "daily.response", "span", ""], ["星河支付", "daily.respond", "span", "3m"]],
        别的=[["x"]],
    )

    places = {line.partition(": ")[0].partition(" '")[0] for line in wrong_rows(path, Agreement.load())}

    assert places == {
        "sheet 联系人, row 2",
        "sheet 员工, row 2",
        "sheet 联系人, row 4",
        "sheet 联系人, row 5",
        "sheet 群, row 2",
        "sheet 群, row 3",
        "sheet 群, row 4",
        "sheet 员工, row 3",
        "sheet 请假, row 2",
        "sheet 请假, row 3",
        "sheet 值班, row 2",
        "sheet 值班, row 3",
        "sheet 条款, row 2",
        "sheet 伙伴, row 2",
        "sheet 别的",
    }


@pytest.mark.parametrize(
    ("rows", "line"),
    [
        ({"群": [["星河支付", "群", "=1+1"]]}, "sheet 群, row 2: 群ID is a formula (accepted: a text)"),
        ({"群": [["云帆", "群", "wr"]]}, "sheet 群, row 2: '云帆' is in no row of sheet 伙伴"),
        ({"联系人": [[None, "小周"]]}, "sheet 联系人, row 2: does not say whose of 伙伴 it is"),
        (
            {"员工": [LI, ["老张", "laozhang", None, None, "技术"]]},
            "sheet 员工, row 3 '老张': duty 1: has no rank (accepted: 1, 2)",
        ),
        (
            {"请假": [["laoli", "2026-12-01", "2026-12-03", "nobody"]]},
            "sheet 员工, row 2 '老李': absent from 2026-12-01: stand_in 'nobody' is nobody of ours",
        ),
        (
            {"条款": [["星河支付", "daily.response", "span", "3m"]] * 2},
            "sheet 条款, row 3: daily.response span is given twice",
        ),
        (
            {"伙伴": [XINGHE, XINGHE]},
            "sheet 伙伴, row 3 '星河支付': the name '星河支付' is already that of"
            " sheet 伙伴, row 2 '星河支付'",
        ),
        ({"伙伴": [[*XINGHE, None, None, "多余"]]}, "sheet 伙伴, row 2: '多余' stands under no heading"),
    ],
)
def test_a_wrong_row_says_what_is_wrong(path: Path, rows: dict[str, list[list[object]]], line: str) -> None:
    assert line in wrong_rows(workbook(path, **rows))


def test_a_file_that_is_no_workbook_is_refused(path: Path) -> None:
    path.write_bytes(b"PK\x03\x04 not really")

    assert wrong_rows(path) == [
        "is no Excel workbook: File is not a zip file (accepted: a workbook saved as .xlsx)"
    ]


def test_a_workbook_that_would_unpack_without_end_is_refused(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/sharedStrings.xml", b"0" * 201_000_000)

    assert wrong_rows(path) == ["is too large once unpacked (accepted: a smaller workbook)"]


@pytest.mark.parametrize("name", ["d.toml", "d.xlsx"])
def test_an_export_is_its_owners_alone_and_reads_back(tmp_path: Path, name: str) -> None:
    file = DirectoryFile(staff=(StaffRow("老李", "laoli"),))
    target = tmp_path / name

    write_file(file, target)

    assert read_file(target) == file
    assert target.stat().st_mode & 0o077 == 0


def test_an_export_into_another_kind_of_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="is no name for a directory file"):
        write_file(DirectoryFile(), tmp_path / "d.csv")
