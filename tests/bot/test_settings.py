"""Settings: complete, typed and loud, and silent about secrets."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.settings import Settings, SettingsError, load, load_database

AES_KEY = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
RIGHT = {
    "DATABASE_URL": "sqlite:///desk.db",
    "REDIS_URL": "redis://127.0.0.1:6379/0",
    "SECRET_KEY": "s3cret-s3cret-s3cret-s3cret-s3cret",
    "PUBLIC_URL": "https://desk.example/",
    "HOTLINE_PHONE": "400-000-0000",
    "WECOM_API_BASE": "https://qyapi.weixin.qq.com",
    "WECOM_CORP_ID": "ww0123456789abcdef",
    "WECOM_AGENT_ID": "1000002",
    "WECOM_SECRET": "app-secret",
    "WECOM_TOKEN": "app-token",
    "WECOM_AES_KEY": AES_KEY,
    "AIBOT_NAME": "服务台",
    "AIBOT_TOKEN": "bot-token",
    "AIBOT_AES_KEY": AES_KEY[::-1],
}
SECRETS = [
    "DATABASE_URL",
    "REDIS_URL",
    "SECRET_KEY",
    "WECOM_SECRET",
    "WECOM_TOKEN",
    "WECOM_AES_KEY",
    "AIBOT_TOKEN",
    "AIBOT_AES_KEY",
    "SMTP_URL",
    "IMAP_URL",
]


def refused(**changes: str) -> SettingsError:
    with pytest.raises(SettingsError) as caught:
        load(RIGHT | changes)
    return caught.value


def test_the_optional_ones_have_their_defaults() -> None:
    settings = load(RIGHT)

    assert (settings.smtp_url, settings.imap_url, settings.mail_from) == (None, None, None)
    assert (settings.agreement_path, settings.holidays_path) == (None, None)


def test_what_the_operator_wrote_is_normalised() -> None:
    settings = load(
        RIGHT | {"WECOM_API_BASE": "http://127.0.0.1:8000/", "DATABASE_URL": "postgres://u:p@db/desk"}
    )

    assert settings.public_url == "https://desk.example"
    assert settings.wecom_api_base == "http://127.0.0.1:8000"
    assert settings.database_url == "postgresql+psycopg://u:p@db/desk"
    assert settings.wecom_agent_id == 1000002


@pytest.mark.parametrize("name", sorted(RIGHT))
@pytest.mark.parametrize("value", [None, "", "  "], ids=["unset", "empty", "blank"])
def test_a_missing_required_variable_is_named(name: str, value: str | None) -> None:
    env = {key: kept for key, kept in RIGHT.items() if key != name}
    with pytest.raises(SettingsError) as caught:
        load(env if value is None else env | {name: value})

    assert str(caught.value).startswith(f"{name}: is not set; accepts ")
    assert "\n" not in str(caught.value)


def test_every_wrong_variable_has_one_line() -> None:
    with pytest.raises(SettingsError) as caught:
        load({"HOTLINE_PHONE": "call us"})

    lines = str(caught.value).splitlines()
    assert [line.split(":")[0] for line in lines] == list(RIGHT)
    assert all("; accepts " in line for line in lines)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://root:hunter22@db/desk"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("DATABASE_URL", "postgresql://desk:hunter22@db"),
        ("DATABASE_URL", "postgresql://desk:hunter22@db:port/desk"),
        ("DATABASE_URL", "desk.db"),
        ("REDIS_URL", "http://127.0.0.1:6379"),
        ("REDIS_URL", "redis://"),
        ("REDIS_URL", "unix://"),
        ("SECRET_KEY", "hunter22"),
        ("PUBLIC_URL", "desk.example"),
        ("PUBLIC_URL", "ftp://desk.example"),
        ("PUBLIC_URL", "https://desk.example/?a=b"),
        ("PUBLIC_URL", "https://[desk"),
        ("WECOM_API_BASE", "qyapi.weixin.qq.com"),
        ("HOTLINE_PHONE", "four hundred"),
        ("HOTLINE_PHONE", "-"),
        ("WECOM_AGENT_ID", "0"),
        ("WECOM_AGENT_ID", "-1"),
        ("WECOM_AGENT_ID", "1.5"),
        ("WECOM_AGENT_ID", "agent"),
        ("WECOM_SECRET", "hunter22 hunter22"),
        ("WECOM_AES_KEY", AES_KEY + "="),
        ("AIBOT_AES_KEY", AES_KEY[:-1] + "-"),
        ("AIBOT_NAME", "@服务台"),
        ("SMTP_URL", "mail.example:25"),
        ("IMAP_URL", "smtp://mail.example"),
        ("MAIL_FROM", "the desk"),
        ("AGREEMENT_PATH", "no/such/agreement.toml"),
        ("HOLIDAYS_PATH", "."),
    ],
)
def test_a_wrong_value_names_its_variable_and_what_it_accepts(name: str, value: str) -> None:
    error = refused(**{"MAIL_FROM": "desk@desk.example", name: value})

    assert list(error.problems) == [name]
    assert str(error).startswith(f"{name}: ")
    assert "; accepts " in str(error)
    assert "hunter22" not in str(error)


def test_mail_cannot_be_sent_without_a_sender() -> None:
    assert "SMTP_URL" in refused(SMTP_URL="smtp://mail.example:25").problems["MAIL_FROM"]


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_may_come_from_a_file(name: str, tmp_path: Path) -> None:
    value = RIGHT.get(name, f"{name[:4].lower()}s://desk:hunter22@mail.example")
    (tmp_path / "secret").write_text(value + "\n")
    env = RIGHT | {"MAIL_FROM": "desk@desk.example", name: "", f"{name}_FILE": str(tmp_path / "secret")}

    assert getattr(load(env), name.lower()) == value


def test_a_secret_file_that_cannot_be_used_stops_the_program(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    (tmp_path / "binary").write_bytes(b"\xff\xfe")

    for path in (tmp_path / "absent", tmp_path / "empty", tmp_path / "binary", tmp_path):
        error = refused(WECOM_SECRET="", WECOM_SECRET_FILE=str(path))
        assert f"WECOM_SECRET_FILE={path}" in error.problems["WECOM_SECRET"]


def test_a_secret_given_twice_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("other")

    assert "twice" in refused(WECOM_SECRET_FILE=str(tmp_path / "secret")).problems["WECOM_SECRET"]


def test_a_path_with_spaces_is_a_path() -> None:
    url = "sqlite:////home/xiao wang/desk.db"

    assert load(RIGHT | {"DATABASE_URL": url}).database_url == url


def test_only_secrets_are_read_from_files(tmp_path: Path) -> None:
    (tmp_path / "name").write_text("other")

    assert load(RIGHT | {"AIBOT_NAME_FILE": str(tmp_path / "name")}).aibot_name == "服务台"


def test_a_secret_is_never_shown() -> None:
    mail = {"SMTP_URL": "smtp://a:b@mail.example", "IMAP_URL": "imap://a:b@mail.example", "MAIL_FROM": "a@b"}
    settings = load(RIGHT | mail)

    for shown in (repr(settings), str(settings)):
        assert "服务台" in shown
        for name in SECRETS:
            assert getattr(settings, name.lower()) not in shown


def test_a_command_that_needs_only_the_database_asks_for_nothing_else() -> None:
    assert load_database({"DATABASE_URL": "sqlite:////var/desk.db"}).database_url == "sqlite:////var/desk.db"
    with pytest.raises(SettingsError, match=r"^DATABASE_URL: is not set; accepts sqlite:///FILE"):
        load_database({})


def test_settings_do_not_change_once_read() -> None:
    settings = load(RIGHT)

    assert isinstance(settings, Settings)
    with pytest.raises(ValueError, match="frozen"):
        settings.hotline_phone = "1"


def test_the_example_names_every_setting() -> None:
    example = (Path(__file__).parents[2] / ".env.example").read_text(encoding="utf-8")

    named = re.findall(r"^(?:# )?([A-Z_]+)=", example, re.MULTILINE)
    assert sorted(named) == sorted(field.upper() for field in Settings.model_fields)


@pytest.mark.parametrize(
    ("url", "plain"),
    [("http://desk.example", True), ("https://desk.example", False), ("http://127.0.0.1:8001", False)],
)
def test_an_address_people_reach_unencrypted_is_known(url: str, plain: bool) -> None:
    assert load(RIGHT | {"PUBLIC_URL": url}).plain_http is plain
