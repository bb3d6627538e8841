"""Weeks, months, quarters and years by name, and the one before and after."""

from __future__ import annotations

from datetime import date, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workorders.report.period import Period, Sort

DAYS = st.dates(date(1000, 1, 11), date(9998, 12, 20))


@given(DAYS, st.sampled_from(get_args(Sort)))
def test_a_named_stretch_holds_its_day_and_is_read_back_by_its_name(day: date, sort: Sort) -> None:
    found = Period.around(day, sort)

    assert found.since <= day <= found.until
    assert Period.parse(found.name) == found
    assert found.sort == sort


@given(DAYS, st.sampled_from(get_args(Sort)))
def test_each_stretch_begins_where_the_one_before_ended(day: date, sort: Sort) -> None:
    found = Period.around(day, sort)

    assert Period.around(found.since - timedelta(days=1), sort).until == found.since - timedelta(days=1)
    assert next(found.days) == found.since
    assert list(found.days)[-1] == found.until


def test_any_two_days_are_named_by_both() -> None:
    two = Period(date(2026, 11, 3), date(2026, 11, 9))

    assert two.sort is None
    assert two.name == "2026-11-03..2026-11-09"


@pytest.mark.parametrize("wrong", ["2026-13", "2026-W54", "2026-Q5", "0000", "November", ""])
def test_what_is_no_stretch_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Period.parse(wrong)
