"""What holds of every obligation: silence never speaks early, settling twice says nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workorders.obligations.stage import AGREEMENT, local
from workorders.directory.people import Role
from workorders.obligations import filing
from workorders.obligations.decide import TICK, coming, decide
from workorders.obligations.obligation import Event, Obligation, State, Verb
from workorders.obligations.settle import settle

CALENDAR = AGREEMENT.calendar
moments = st.timedeltas(timedelta(0), timedelta(days=730)).map(
    lambda on: datetime(2025, 6, 1, tzinfo=UTC) + on
)
stretches = st.timedeltas(timedelta(0), timedelta(days=90))


@st.composite
def filed(draw: st.DrawFn) -> Event:
    """Any obligation, just filed."""
    at = draw(moments)
    today = CALENDAR.local_day(at)
    change = filing.change(
        AGREEMENT,
        {},
        role=Role.TECH,
        leaves="小王",
        comes="小新",
        effective=today + timedelta(days=draw(st.integers(1, 40))),
        stamped=True,
        at=at,
    )
    ago = draw(st.timedeltas(timedelta(0), timedelta(days=20)))
    kind = draw(st.sampled_from(["slip", "coaching", "survey", "theirs", "ours"]))
    if kind == "slip":
        fen = draw(st.integers(0, 10**7))
        return filing.slip(
            AGREEMENT, {}, partner=1, delivered_at=at - ago, goods="hardware", fen=fen, by="xiaochen", at=at
        )
    if kind == "coaching":
        day = today - timedelta(days=ago.days)
        return filing.coaching(
            AGREEMENT, {}, partner=1, trainee="小王", exam=day, practical=today, by="laoli", at=at
        )
    if kind == "survey":
        return filing.survey(AGREEMENT, {}, partner=1, at=at)
    if kind == "theirs":
        return filing.their_change(
            AGREEMENT, {}, partner=1, change=change, received_at=at - ago, by="xiaowang", at=at
        )
    own: dict[int, dict[str, object]] = {1: {}, 2: {"notice.personnel": {"span": "4d"}}}
    return filing.our_change(
        AGREEMENT, own, change=change, rank=1, frm="laoli", to="laozhou", by="zhoujie", at=at
    )


def lived(event: Event, steps: list[timedelta]) -> tuple[Obligation, list[Event]]:
    """The obligation after a sweep at the end of each step, and all its events."""
    o, events, now = Obligation.begun(1, event), [event], event.at
    for step in [timedelta(0), *steps]:
        now += step
        for made in settle(o, now, CALENDAR, lambda _: True):
            events.append(made)
            o = o.after(made)
    return o, events


@given(filed(), st.lists(stretches, max_size=6))
def test_silence_a_miss_or_an_end_is_never_recorded_before_its_due_moment_has_passed(
    event: Event, steps: list[timedelta]
) -> None:
    o, events = lived(event, steps)

    for made in events:
        if made.verb in (Verb.DEEM, Verb.BREACH, Verb.END):
            assert made.at > datetime.fromisoformat(made.facts["moment"])
        if made.verb is Verb.EFFECT:
            assert made.at >= datetime.fromisoformat(made.facts["moment"])
    assert Obligation.replay(1, events) == o


@given(filed(), st.lists(stretches, max_size=4))
def test_settling_again_at_the_same_moment_makes_nothing(event: Event, steps: list[timedelta]) -> None:
    o, _ = lived(event, steps)
    now = event.at + sum(steps, timedelta(0))

    assert settle(o, now, CALENDAR, lambda _: True) == []
    assert decide(o, now).now_due == ()


@given(filed(), st.lists(stretches, max_size=4))
def test_nothing_happens_before_the_moment_it_is_to_be_looked_at(
    event: Event, steps: list[timedelta]
) -> None:
    o, _ = lived(event, steps)
    now = event.at + sum(steps, timedelta(0))
    look = decide(o, now).look_at

    if look is None:
        assert not coming(o) or not o.live
        return
    assert look > now
    assert settle(o, look - TICK, CALENDAR, lambda _: True) == []
    assert settle(o, look, CALENDAR, lambda _: True) != []


@given(filed(), st.lists(stretches, max_size=5))
@settings(max_examples=50)
def test_however_often_it_is_swept_each_moment_is_recorded_once_and_as_the_same_one(
    event: Event, steps: list[timedelta]
) -> None:
    rarely, _ = lived(event, [sum(steps, timedelta(0))])
    often, events = lived(event, steps)

    assert (often.state, often.breached_at, often.due) == (rarely.state, rarely.breached_at, rarely.due)
    if often.state is State.DONE:
        assert often.state_at == rarely.state_at
    once = [e.facts["moment"] for e in events if e.verb in (Verb.DEEM, Verb.BREACH, Verb.END)]
    assert len(once) == len(set(once))


@given(st.dates(date(2025, 1, 1), date(2028, 12, 31)))
def test_a_survey_is_due_at_business_close_of_the_first_working_day_from_the_20th(day: date) -> None:
    event = filing.survey(AGREEMENT, {}, partner=1, at=CALENDAR.moment(day, 0))
    due = CALENDAR.local_day(event.change["due"])

    assert CALENDAR.is_working_day(due)
    assert due >= day.replace(day=20)
    between = (day.replace(day=20) + timedelta(days=n) for n in range((due - day.replace(day=20)).days))
    assert not any(CALENDAR.is_working_day(rest) for rest in between)
    assert event.change["due"] == CALENDAR.closing(due)
    assert all(event.at < at < event.change["due"] for at in event.change["reminders"])


@given(st.dates(date(2025, 1, 1), date(2028, 12, 31)))
def test_a_months_surveys_open_with_its_first_working_day(day: date) -> None:
    opening = filing.month_opening(day, CALENDAR)
    first = CALENDAR.local_day(opening)

    assert (first.year, first.month) == (day.year, day.month)
    assert CALENDAR.is_open(opening)
    assert not any(CALENDAR.is_working_day(first.replace(day=n)) for n in range(1, first.day))


def test_of_reminders_missed_together_only_the_last_is_said() -> None:
    event = filing.survey(AGREEMENT, {}, partner=1, at=local("2026-12-01 09:00"))
    o = Obligation.begun(1, event)

    said = decide(o, local("2026-12-21 12:00")).now_due

    assert [(c.verb, c.moment) for c in said] == [(Verb.REMIND, local("2026-12-21 09:00"))]
