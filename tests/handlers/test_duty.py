"""今天谁值班: names, phones and until when, with absences, stand-ins and the rota."""

from collections.abc import Iterator

import pytest

from tests.handlers.stage import LAO_LI, XINGHE_GROUP, Desk
from tests.workorders.orders.stage import local, stage
from workorders.directory.file import DirectoryFile

FILE = """
[[staff]]
name = "老李"
userid = "laoli"
phone = "13900000001"
duties = [{ role = "tech", rank = 1 }]
absent = [{ from = "2026-12-01", to = "2026-12-03", stand_in = "laochen" }]

[[staff]]
name = "老周"
userid = "laozhou"
phone = "13900000002"
duties = [{ role = "tech", rank = 2 }]
absent = [{ from = "2026-11-24 14:00", to = "2026-11-24 18:00" }]

[[staff]]
name = "老陈"
userid = "laochen"
phone = "13900000003"
console = "desk"

[[rota]]
role = "tech"
userid = "laozhou"
days = ["sat"]
hours = "18:00-24:00"

[[rota]]
role = "tech"
userid = "laozhou"
days = ["sun"]
hours = "00:00-06:00"
"""


@pytest.fixture
def manned(desk: Desk) -> Iterator[Desk]:
    with stage(DirectoryFile.parse(FILE, "d.toml")) as made:
        desk.directory = made.directory  # type: ignore[assignment]
        yield desk


@pytest.mark.parametrize(
    ("now", "asked", "lines"),
    [
        ("2026-11-23 10:00", "今天谁值班", ["技术一责：老李 13900000001（至 11月30日（周一）24:00）"]),
        (
            "2026-11-24 10:00",
            "现在谁值班？",
            ["老周 13900000002（至 14:00）", "技术二责：老周不在，由下一级负责（14:00–18:00）"],
        ),
        ("2026-12-02 10:00", "今晚谁值班", ["技术一责：老陈 13900000003（代老李，至 12月3日（周四）24:00）"]),
        (
            "2026-11-30 10:00",
            "明天谁值班",
            ["12月1日（周二）值班：", "老陈 13900000003（代老李，至 12月3日（周四）24:00）"],
        ),
        (
            "2026-11-27 10:00",
            "周六谁值班",
            ["11月28日（周六）值班：", "技术紧急：老周 13900000002（18:00 起，至 11月29日"],
        ),
        ("2026-11-28 22:00", "谁值班", ["技术紧急：老周 13900000002（至 11月29日（周日）06:00）"]),
        ("2026-11-27 10:00", "12月2日谁值班", ["12月2日（周三）值班：", "（代老李"]),
        (
            "2026-11-27 10:00",
            "星期天晚上谁在值班",
            ["11月29日（周日）值班：", "紧急：老周 13900000002（至 06:00）"],
        ),
    ],
)
def test_who_is_on_duty_is_said_with_until_when(manned: Desk, now: str, asked: str, lines: list[str]) -> None:
    manned.now = local(now)

    said = manned.says(asked, LAO_LI)

    for line in lines:
        assert line in said, said


def test_urgent_work_is_mentioned_only_where_the_rota_makes_a_difference(manned: Desk) -> None:
    manned.now = local("2026-11-23 10:00")

    assert "紧急" not in manned.says("谁值班", LAO_LI)


def test_phones_are_masked_in_a_group(manned: Desk) -> None:
    manned.now = local("2026-11-28 22:00")

    said = manned.says("谁值班", group=XINGHE_GROUP)

    assert "技术紧急：老周 139****0002" in said
    assert "13900000002" not in said


def test_a_question_about_something_else_is_not_taken_for_the_rota(manned: Desk) -> None:
    assert "值班：" not in manned.says("值班同事的电话打不通怎么办")


def test_a_day_there_is_not_is_named(manned: Desk) -> None:
    assert "没有「2月30日」这一天" in manned.says("2月30日谁值班", LAO_LI)
