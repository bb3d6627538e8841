"""What is wrong with an uploaded file is said in Chinese, row by row."""

from __future__ import annotations

import re

import pytest

from handlers.phrases.files import wrong_lines
from workorders.agreement.calendar_file import parse_calendar, toml_tables
from workorders.agreement.clauses import Agreement
from workorders.directory.file import DirectoryFile
from workorders.errors import FileError

WRONG = """
colour = 1
[[partner]]
aliases = "星河"
mail_domains = ["@x"]
groups = [{ chatid = "wr A", name = "群" }, { name = "群二", webhook_key = "https://x/y" }]
contacts = [{ name = "小王", phone = "12", email = "x", roles = ["boss"], userid = "laoli" }]
[[partner]]
name = "云帆"
aliases = ["云帆支付"]
groups = [{ chatid = "wrX", name = "群" }, { chatid = "wrX", name = "群三" }]
[[partner]]
name = "云帆支付"
[[staff]]
name = "老李"
userid = "laoli"
duties = [{ role = "tech", rank = 1 }, { role = "tech", rank = 1 }, { role = "tech", rank = 3 }, { rank = 1 }]
console = "king"
absent = [
  { from = "2026-12-01", to = "2026-12-03", stand_in = "laoli" },
  { from = "2026-12-02", to = "2026-12-02" },
  { from = "soon", to = "2026-12-02" },
  { from = "2026-12-04", to = "2026-12-03" },
  { to = "2026-12-09" },
  { from = "2027-12-01", to = "2027-12-03", stand_in = "nobody" },
]
[[staff]]
name = 7
userid = "小\\u0007"
[[group]]
name = "值班群"
chatid = "wrDUTY"
purpose = "fun"
[[rota]]
role = "tech"
userid = "nobody"
days = ["sat", "day"]
hours = "18:00-25:00"
every = 99
[[rota]]
role = "tech"
userid = "nobody"
days = []
hours = "late"
from = "x"
[[rota]]
role = "tech"
userid = "nobody"
days = ["sat"]
hours = "18:00-24:00"
[[rota]]
role = "tech"
userid = "laoli"
days = ["sat"]
hours = "20:00-18:00"
to = "2026-12-01"
from = "2026-12-02"
every = 2
"""
ENGLISH = re.compile(r"\b[a-z]{2,} (?:is|are|has|no|not|in|of|that|the|contains|ends)\b")


def test_every_problem_of_a_directory_file_is_said_in_chinese() -> None:
    with pytest.raises(FileError) as refused:
        DirectoryFile.parse(WRONG, "d.toml", Agreement.load())

    lines = wrong_lines(refused.value)

    assert len(lines) == len(str(refused.value).split("\n")) > 25
    assert [line for line in lines if ENGLISH.search(line)] == []
    assert "伙伴 1：联系人 1（小王）：手机「12」不是完整的号码" in "\n".join(lines)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("closed = 1", "closed（放假）"),
        ('closed = ["x"]', "closed（放假）：「x」不是日期"),
        ('[replaced]\n"2027-01-01" = ["09:00-10:00", "09:30-11:00"]', "时段在 09:30 重叠"),
        ('[breaks]\n"2027-01-01" = ["10:00-09:00"]', "「10:00-09:00」结束早于开始"),
        ('[breaks]\n"2027-01-01" = ["noon"]', "「noon」不是时段"),
    ],
)
def test_a_calendar_files_problem_names_its_place(text: str, said: str) -> None:
    with pytest.raises(FileError) as refused:
        parse_calendar(toml_tables(text.encode(), "c.toml"), "c.toml")
    [line] = wrong_lines(refused.value)
    assert said in line
    assert "c.toml" not in line


def test_a_line_nobody_has_put_into_chinese_is_shown_as_it_is() -> None:
    assert wrong_lines(FileError("a.toml", "is odd")) == ["is odd"]
