"""Who lives in the simulated corp, read from the desk's own directory format; and the process's entry."""

from __future__ import annotations

from pathlib import Path

import pytest

import bot.simulator
from bot.simulator.__main__ import main
from bot.simulator.config import ConfigError, read_directory

DIRECTORY = """
[[partner]]
name = "星河支付"
aliases = ["星河"]
groups = [{ chatid = "wrGROUP1", name = "星河支付-服务群", webhook_key = "k1" }]
contacts = [
  { name = "小王", userid = "xiaowang", roles = ["tech"] },
  { name = "无账号", phone = "13800000009", roles = ["business"] },
]

[[staff]]
name = "老李"
userid = "laoli"
duties = [{ role = "tech", rank = 1 }]
console = "desk"

[[staff]]
name = "小何"
userid = "xiaohe"
console = "hotline"

[[group]]
name = "值班群"
chatid = "wrDUTY"
webhook_key = "k2"
purpose = "duty"
"""


def test_people_and_groups_come_from_the_directory_file(tmp_path) -> None:
    file = tmp_path / "directory.toml"
    file.write_text(DIRECTORY, encoding="utf-8")

    people, groups = read_directory(file)

    jobs = {p.userid: (p.side, p.company, p.job) for p in people}
    assert jobs == {
        "laoli": ("staff", "", "产品技术一责"),
        "xiaohe": ("staff", "", "客服热线"),
        "xiaowang": ("partner", "星河支付", "产品技术"),
    }
    assert {g.chatid: g.members for g in groups} == {
        "wrGROUP1": ("xiaowang", "laoli", "xiaohe"),
        "wrDUTY": ("laoli", "xiaohe"),
    }
    assert [g.webhook_key for g in groups] == ["k1", "k2"]


def test_the_seed_of_the_demo_can_be_read() -> None:
    people, groups = read_directory(Path(bot.simulator.__file__).with_name("seed.toml"))

    assert {p.side for p in people} == {"partner", "staff"}
    assert groups


@pytest.mark.parametrize(
    "text", ["[[partner", '[[staff]]\nuserid = "x"', '[[partner]]\nname = "x"\ncontacts = 3']
)
def test_a_file_that_is_none_is_named(tmp_path, text) -> None:
    file = tmp_path / "directory.toml"
    file.write_text(text, encoding="utf-8")

    with pytest.raises(ConfigError, match=r"directory\.toml"):
        read_directory(file)


def test_a_missing_setting_stops_the_program_with_its_name(tmp_path, capsys, monkeypatch) -> None:
    file = tmp_path / "directory.toml"
    file.write_text(DIRECTORY, encoding="utf-8")
    monkeypatch.delenv("WECOM_SECRET", raising=False)

    assert main(["--desk-url", "http://127.0.0.1:1", "--directory", str(file)]) == 2

    error = capsys.readouterr().err
    assert "WECOM_SECRET" in error
    assert error.count("\n") == 1


def test_an_address_that_is_none_stops_the_program(capsys) -> None:
    assert main(["--desk-url", "nowhere", "--directory", "x"]) == 2
    assert "--desk-url" in capsys.readouterr().err
