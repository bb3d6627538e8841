"""How long things are kept: what the agreement file may say, and from when on something is too old."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from workorders.agreement.clauses import Agreement
from workorders.agreement.retention import Keep, Retention
from workorders.errors import FileError

SHIPPED = {"chat": "180d", "pictures": "90d", "order": "3y", "notice": "5y", "audit": "3y"}


def test_the_shipped_agreement_keeps_things_as_long_as_the_rules_say() -> None:
    assert {kind: str(span) for kind, span in Agreement.load().retention.spans.items()} == SHIPPED


def test_an_operator_names_only_what_differs(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text('[retention]\nchat = "1y"\n', "utf-8")

    spans = Agreement.load(path).retention.spans

    assert {kind: str(span) for kind, span in spans.items()} == {**SHIPPED, "chat": "1y"}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('chats = "180d"', "unknown kind 'chats' (accepted: chat, pictures, order, notice, audit)"),
        ('chat = "0d"', "retention.chat: '0d' is not how long to keep something"),
        ("chat = 180", "retention.chat: 180 is not how long to keep something"),
        ('chat = "6m"', "retention.chat: '6m' is not how long to keep something"),
        ('chat = "999y"', "retention.chat: '999y' is more than a century"),
        ('audit = "179d"', "retention.audit: '179d' is less than the law asks (accepted: 180d or more)"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, line: str, said: str) -> None:
    path = tmp_path / "own.toml"
    path.write_text(f"[retention]\n{line}\n", "utf-8")

    with pytest.raises(FileError) as refused:
        Agreement.load(path)

    assert said in str(refused.value)


def test_a_missing_kind_is_named() -> None:
    with pytest.raises(FileError, match="pictures is missing"):
        Retention.parse({"chat": "1d"}, "x")


@pytest.mark.parametrize(
    ("keep", "now", "before"),
    [
        ("180d", datetime(2026, 11, 25, 20, tzinfo=UTC), datetime(2026, 5, 29, 20, tzinfo=UTC)),
        ("3y", datetime(2026, 11, 25, 20, tzinfo=UTC), datetime(2023, 11, 25, 20, tzinfo=UTC)),
        ("3y", datetime(2028, 2, 29, tzinfo=UTC), datetime(2025, 2, 28, tzinfo=UTC)),
    ],
)
def test_years_are_years_and_days_are_days(keep: str, now: datetime, before: datetime) -> None:
    assert Keep.parse(keep, "x").before(now) == before
