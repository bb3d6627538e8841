"""Gaps and answers in tables, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import cast

import pytest
from sqlalchemy import Connection, create_engine, select

from knowledge.gaps import Gap
from knowledge.sql import store
from knowledge.sql.store import Became
from knowledge.sql.tables import gap, metadata

NOW = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)
A_MINUTE = timedelta(minutes=1)


@pytest.fixture
def conn() -> Iterator[Connection]:
    engine = create_engine("sqlite://")
    metadata.create_all(engine)
    with engine.begin() as conn:
        yield conn
    engine.dispose()


def test_a_gap_is_kept_with_its_moment_and_nearest_article(conn: Connection) -> None:
    kept = store.record_gap(conn, "怎么申请房贷", NOW, "xiaowang", "wrXINGHE", "onb-how-to-submit", "none")

    assert kept == Gap(1, "怎么申请房贷", NOW, "xiaowang", "wrXINGHE", "onb-how-to-submit", "none")
    assert store.gaps_between(conn, NOW, NOW + A_MINUTE) == [kept]
    assert store.gaps_between(conn, NOW - A_MINUTE, NOW) == []


def test_an_answer_waits_for_what_becomes_of_it(conn: Connection) -> None:
    number = store.record_answer(conn, "refund-how", "怎么退款", NOW, "xiaowang", None)
    answer = store.answer_by_id(conn, number)
    assert answer is not None
    assert answer.outcome is None

    assert store.mark(conn, number, "unsolved")

    answer = store.answer_by_id(conn, number)
    assert answer is not None
    assert answer.outcome == "unsolved"


def test_a_later_word_about_an_answer_replaces_the_earlier(conn: Connection) -> None:
    number = store.record_answer(conn, "refund-how", "怎么退款", NOW, "xiaowang", None)
    store.mark(conn, number, "unsolved")

    store.mark(conn, number, "human")

    assert store.tally(conn, NOW, NOW + A_MINUTE) == {("refund-how", "human"): 1}


def test_an_answer_nobody_gave_cannot_be_marked_and_a_strange_outcome_is_refused(conn: Connection) -> None:
    assert not store.mark(conn, 7, "solved")
    assert store.answer_by_id(conn, 7) is None
    with pytest.raises(ValueError, match="solved, unsolved, human"):
        store.mark(conn, 7, cast("Became", "fine"))


def test_the_last_answer_is_this_persons_in_this_chat_and_not_too_old(conn: Connection) -> None:
    old = store.record_answer(
        conn, "refund-how", "怎么退款", NOW - timedelta(hours=1), "xiaowang", "wrXINGHE"
    )
    new = store.record_answer(conn, "settle-when", "几天到账", NOW, "xiaowang", "wrXINGHE")
    alone = store.record_answer(conn, "fee-how-much", "手续费", NOW, "xiaowang", None)
    store.record_answer(conn, "onb-license", "执照", NOW, "xiaozhao", "wrXINGHE")

    def last(chat: str | None, since: datetime, asker: str = "xiaowang") -> int | None:
        found = store.last_answer(conn, asker, chat, since)
        return found.id if found else None

    assert last("wrXINGHE", NOW - timedelta(hours=2)) == new
    assert last(None, NOW - A_MINUTE) == alone
    assert last("wrXINGHE", NOW + A_MINUTE) is None
    assert last("wrYUNFAN", NOW - A_MINUTE) is None
    assert old < new


def test_moments_come_back_aware_and_in_utc_whatever_zone_they_came_in(conn: Connection) -> None:
    shanghai = timezone(timedelta(hours=8))

    kept = store.record_gap(conn, "q", NOW.astimezone(shanghai), "xiaowang", None, None, "unsolved")

    assert kept.asked_at == NOW
    assert kept.asked_at.utcoffset() == timedelta(0)
    assert conn.execute(select(gap.c.asked_at).where(gap.c.asked_at == NOW)).scalar_one() == NOW


def test_a_naive_moment_is_refused(conn: Connection) -> None:
    with pytest.raises(Exception, match="aware"):
        store.record_gap(conn, "q", NOW.replace(tzinfo=None), "xiaowang", None, None, "none")


def test_nothing_is_committed_behind_the_callers_back() -> None:
    engine = create_engine("sqlite://")
    metadata.create_all(engine)
    with engine.connect() as conn:
        store.record_gap(conn, "q", NOW, "xiaowang", None, None, "none")
        conn.rollback()
        assert store.gaps_between(conn, NOW, NOW + A_MINUTE) == []
    engine.dispose()
