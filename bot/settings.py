"""What an operator sets: read once, from the environment, typed, complete and loud.

``load`` takes a mapping (``os.environ``), never a file of its own choosing; the settings row of the
README's contract names every variable. A secret may instead be given as ``NAME_FILE``, the path of a
file that holds it, as container platforms mount them. There is no friendly default for any secret.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from email.utils import parseaddr
from pathlib import Path
from typing import Annotated, Any, TypeVar
from urllib.parse import SplitResult, urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError


class SettingsError(Exception):
    """The environment cannot be used. The text has one line per variable and no secret's value.

    Args:
        problems: variable name to what is wrong with it and what it accepts.
    """

    def __init__(self, problems: Mapping[str, str]) -> None:
        self.problems = dict(problems)
        super().__init__("\n".join(f"{name}: {problem}" for name, problem in self.problems.items()))


def _split(value: str) -> SplitResult:
    """Take a URL apart; a malformed port or bracket is said without quoting the URL, which may be secret."""
    if re.search(r"\s", value):
        raise ValueError("contains white space")
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        raise ValueError("is no URL (check its host and port)") from None
    return parts


def _web_url(value: str) -> str:
    parts = _split(value)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("is no http or https URL with a host")
    if parts.query or parts.fragment or parts.username is not None:
        raise ValueError("has a query, a fragment or a user name")
    return value.rstrip("/")


def _database_url(value: str) -> str:
    if value.startswith("sqlite:"):  # What follows is a path as it stands, spaces and all.
        path = value.removeprefix("sqlite:///")
        if path == value or path.strip("/") in ("", ":memory:") or path.startswith(("?", "file:")):
            raise ValueError("names no SQLite file (a database in memory cannot be shared by processes)")
        return value
    parts = _split(value)
    if parts.scheme not in ("postgresql", "postgres", "postgresql+psycopg"):
        raise ValueError("is neither an SQLite nor a PostgreSQL URL")
    if not parts.path.strip("/"):
        raise ValueError("names no database after the host")
    # psycopg 3 is the one driver installed; saying so keeps SQLAlchemy from guessing.
    return "postgresql+psycopg" + value[len(parts.scheme) :]


def _redis_url(value: str) -> str:
    parts = _split(value)
    if parts.scheme == "unix":
        if not parts.path.strip("/"):
            raise ValueError("names no socket file")
    elif parts.scheme not in ("redis", "rediss") or not parts.hostname:
        raise ValueError("is no Redis URL with a host")
    return value


def _server_url(*schemes: str) -> Callable[[str], str]:
    def check(value: str) -> str:
        parts = _split(value)
        if parts.scheme not in schemes or not parts.hostname:
            raise ValueError(f"is no {' or '.join(schemes)} URL with a host")
        return value

    return check


def _pattern(pattern: str, wrong: str) -> Callable[[str], str]:
    def check(value: str) -> str:
        if not re.fullmatch(pattern, value):
            raise ValueError(wrong)
        return value

    return check


def _long_enough(value: str) -> str:
    if len(value) < 32:
        raise ValueError("is too short")
    return value


def _hotline(value: str) -> str:
    if not re.fullmatch(r"\d[\d-]*\d", value):
        raise ValueError("holds something other than digits and hyphens")
    return value


def _sender(value: str) -> str:
    _, address = parseaddr(value)
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", address):
        raise ValueError("holds no mail address")
    return value


def _name(value: str) -> str:
    if not value.isprintable() or value.startswith("@"):
        raise ValueError("starts with @ or holds a control character")
    return value


def _positive(value: str) -> int:
    if not re.fullmatch(r"[0-9]{1,18}", value) or int(value) == 0:
        raise ValueError("is no positive whole number")
    return int(value)


def _readable_file(value: str) -> Path:
    path = Path(value)
    if not (path.is_file() and os.access(path, os.R_OK)):
        raise ValueError("is no file that can be read")
    return path


_AesKey = Annotated[str, AfterValidator(_pattern(r"[A-Za-z0-9]{43}", "is not 43 letters and digits"))]
_Word = Annotated[str, AfterValidator(_pattern(r"\S+", "contains white space"))]
_WebUrl = Annotated[str, AfterValidator(_web_url)]
_ReadableFile = Annotated[Path, BeforeValidator(_readable_file)]


def _secret(accepts: str, **more: Any) -> Any:
    """A field that never shows in ``repr`` and, for that, may also come from ``NAME_FILE``."""
    return Field(repr=False, description=accepts, **more)


class DatabaseSettings(BaseModel):
    """What a command needs that only reads or upgrades the database."""

    model_config = ConfigDict(
        frozen=True, extra="ignore", alias_generator=str.upper, hide_input_in_errors=True
    )

    database_url: Annotated[str, AfterValidator(_database_url)] = _secret(
        "sqlite:///FILE (sqlite:////… from the root) or postgresql://USER:PASSWORD@HOST:PORT/NAME"
    )


_SecretKey = Annotated[str, AfterValidator(_long_enough)]
_KEY_FORM = "at least 32 random characters, the same for every process"


class PeopleSettings(DatabaseSettings):
    """What a command needs that makes people pseudonyms."""

    secret_key: _SecretKey = _secret(_KEY_FORM)


class Settings(DatabaseSettings):
    """Every setting, by its variable's name in lower case. Each description says what it accepts."""

    redis_url: Annotated[str, AfterValidator(_redis_url)] = _secret(
        "redis://HOST:PORT/DB, rediss://… for TLS, or unix:///SOCKET"
    )
    secret_key: _SecretKey = _secret(_KEY_FORM)
    public_url: _WebUrl = Field(description="the http(s) address people reach the desk at, without a query")
    hotline_phone: Annotated[str, AfterValidator(_hotline)] = Field(
        description="digits and hyphens, e.g. 400-000-0000"
    )
    wecom_api_base: _WebUrl = Field(
        description="the http(s) address of the WeCom API, https://qyapi.weixin.qq.com for WeCom itself"
    )
    wecom_corp_id: _Word = Field(description="the corp's id, e.g. ww0123456789abcdef")
    wecom_agent_id: Annotated[int, BeforeValidator(_positive)] = Field(
        description="the AgentId of the self-built app, a positive whole number"
    )
    wecom_secret: _Word = _secret("the Secret of the self-built app")
    wecom_token: _Word = _secret("the Token of the app's callback")
    wecom_aes_key: _AesKey = _secret("the EncodingAESKey of the app's callback, 43 letters and digits")
    aibot_name: Annotated[str, AfterValidator(_name)] = Field(
        description="the bot's name in groups, as people write it after @"
    )
    aibot_token: _Word = _secret("the Token of the bot's callback")
    aibot_aes_key: _AesKey = _secret("the EncodingAESKey of the bot's callback, 43 letters and digits")
    smtp_url: Annotated[str, AfterValidator(_server_url("smtp", "smtps"))] | None = _secret(
        "smtp://USER:PASSWORD@HOST:PORT or smtps://…; unset: no mail is sent", default=None
    )
    imap_url: Annotated[str, AfterValidator(_server_url("imap", "imaps"))] | None = _secret(
        "imap://USER:PASSWORD@HOST:PORT or imaps://…; unset: no mail is read", default=None
    )
    mail_from: Annotated[str, AfterValidator(_sender)] | None = Field(
        None, description="the sender's address, e.g. 服务台 <desk@desk.example>; needed with SMTP_URL"
    )
    agreement_path: _ReadableFile | None = Field(
        None, description="a readable agreement file; unset: the shipped one"
    )
    holidays_path: _ReadableFile | None = Field(
        None, description="a readable calendar file; unset: no corrections"
    )

    @property
    def plain_http(self) -> bool:
        """Whether people reach the console unencrypted, and not on this very machine."""
        at = urlsplit(self.public_url)
        return at.scheme == "http" and at.hostname not in ("127.0.0.1", "localhost", "::1")


_Model = TypeVar("_Model", bound=DatabaseSettings)


def load(env: Mapping[str, str]) -> Settings:
    """Read every setting.

    Args:
        env: variable name to value, as in ``os.environ``; names it does not know are ignored, and a
            variable that is set but empty counts as unset.

    Raises:
        SettingsError: a required variable is missing, or a given one is wrong; it names them all.
    """
    return _read(Settings, env)


def load_database(env: Mapping[str, str]) -> DatabaseSettings:
    """Read only what reaching the database takes, for commands that talk to nothing else.

    Raises:
        SettingsError: ``DATABASE_URL`` is missing or wrong.
    """
    return _read(DatabaseSettings, env)


def load_people(env: Mapping[str, str]) -> PeopleSettings:
    """Read what forgetting a person takes.

    Raises:
        SettingsError: ``DATABASE_URL`` or ``SECRET_KEY`` is missing or wrong.
    """
    return _read(PeopleSettings, env)


def _read(model: type[_Model], env: Mapping[str, str]) -> _Model:
    given: dict[str, str] = {}
    problems: dict[str, str] = {}
    for field, info in model.model_fields.items():
        name, secret = field.upper(), not info.repr
        try:
            value = _value(env, name, secret=secret)
        except ValueError as error:
            problems[name] = str(error)
        else:
            if value:
                given[name] = value
    if "SMTP_URL" in given and "MAIL_FROM" not in given:
        problems["MAIL_FROM"] = "is not set, but SMTP_URL is"
    try:
        settings = model.model_validate(given)
    except ValidationError as refused:
        for fault in refused.errors(include_url=False, include_context=False, include_input=False):
            name = str(fault["loc"][0])
            wrong = "is not set" if fault["type"] == "missing" else fault["msg"].removeprefix("Value error, ")
            problems.setdefault(name, wrong)
    if problems:
        # The order of the fields, so that the text reads like the documentation's table.
        raise SettingsError(
            {
                field.upper(): f"{problems[field.upper()]}; accepts {info.description}"
                for field, info in model.model_fields.items()
                if field.upper() in problems
            }
        )
    return settings


def _value(env: Mapping[str, str], name: str, *, secret: bool) -> str:
    """One variable's value, from itself or, for a secret, from the file ``NAME_FILE`` names."""
    value = env.get(name, "").strip()
    path = env.get(f"{name}_FILE", "") if secret else ""
    if not path:
        return value
    if value:
        raise ValueError(f"is given twice, also by {name}_FILE")
    try:
        held = Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "no UTF-8 text"
        raise ValueError(f"cannot be read from {name}_FILE={path} ({reason})") from None
    if not held:
        raise ValueError(f"is empty in {name}_FILE={path}")
    return held
