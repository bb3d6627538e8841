"""Imported holidays: of each year the last import speaks, whatever came before and beside it."""

from __future__ import annotations

import json
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from workorders.agreement.calendar_file import CalendarFile, Hours
from workorders.agreement.new_years import NewYears, compare, together
from workorders.agreement.worktime import Calendar

WEEK = {day: ["09:00-12:00", "13:30-18:00"] for day in ("mon", "tue", "wed", "thu", "fri")}
FILES = Calendar.load({"china": True, "hours": WEEK})
YEARS = (2026, 2027, 2028)
DAYS = st.dates(date(2026, 1, 1), date(2028, 12, 31))
MINUTES = st.integers(0, 1439)


@st.composite
def hours(draw: st.DrawFn) -> Hours:
    start = draw(MINUTES)
    return ((start, draw(st.integers(start + 1, 1440))),)


@st.composite
def imports(draw: st.DrawFn) -> NewYears:
    dates = CalendarFile(
        closed=frozenset(draw(st.sets(DAYS, max_size=8))),
        replaced=draw(st.dictionaries(DAYS, hours(), max_size=4)),
        breaks=draw(st.dictionaries(DAYS, hours(), max_size=4)),
    )
    spoken = {d.year for d in (*dates.closed, *dates.replaced, *dates.breaks)}
    return NewYears(tuple(sorted(spoken | draw(st.sets(st.sampled_from(YEARS), max_size=1)))), dates)


@given(imports())
def test_what_is_kept_reads_back_as_it_was(new: NewYears) -> None:
    kept = json.loads(json.dumps({"years": list(new.years), "dates": new.tables()}))
    assert NewYears.of_tables(kept["years"], kept["dates"]) == new


@given(st.lists(imports(), max_size=5))
def test_of_each_year_the_last_import_speaks(taken: list[NewYears]) -> None:
    calendar = FILES.under(together(taken), "imports")

    for year in YEARS:
        last = next((new for new in reversed(taken) if year in new.years), None)
        alone = FILES.under(last.dates if last else CalendarFile(), "one")
        first = date(year, 1, 1)
        for n in range((date(year + 1, 1, 1) - first).days):
            day = first + timedelta(days=n)
            # Whether a year is provisional hangs on all its closed days, which are the last import's.
            assert calendar.hours_of(day) == alone.hours_of(day)


@given(imports())
def test_a_comparison_names_every_day_that_changes_and_no_other(new: NewYears) -> None:
    after = FILES.under(new.dates, "import")
    named = {change.day: (change.before, change.after) for change in compare(FILES, after, YEARS)}

    first = date(2026, 1, 1)
    for n in range(1096):
        day = first + timedelta(days=n)
        differ = FILES.hours_of(day) != after.hours_of(day)
        assert (day in named) == differ
        if differ:
            assert named[day] == (FILES.hours_of(day), after.hours_of(day))
