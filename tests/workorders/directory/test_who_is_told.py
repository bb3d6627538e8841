"""Who is told at a moment: absences, stand-ins and the rota of urgent work over the duties."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workorders.orders.stage import Stage, local, minute, stage
from workorders.directory.file import DirectoryFile
from workorders.directory.people import Duty, Role
from workorders.directory.rota import covers
from workorders.directory.rows import AbsenceRow, ContactRow, PartnerRow, RotaRow, StaffRow
from workorders.directory.spells import Spell, spells
from workorders.orders.order import Kind
from workorders.orders.telling import Telling

DAY = timedelta(days=1)
WEEKEND_NIGHTS = RotaRow(Role.TECH, "laozhang", (5, 6), (18 * 60, 24 * 60))
SATURDAY_NIGHT, TUESDAY = local("2026-11-28 22:00"), local("2026-11-24 10:00")
PARTNER = PartnerRow("星河支付", contacts=(ContactRow("小王", userid="xiaowang"),))

LI = StaffRow("老李", "laoli", duties=(Duty(Role.TECH, 1),))
ZHANG = StaffRow("老张", "laozhang", duties=(Duty(Role.TECH, 2),))
WU = StaffRow("老吴", "laowu", duties=(Duty(Role.BUSINESS, 1),))
ZHOU = StaffRow("周姐", "zhoujie", duties=(Duty(Role.CS_LEAD, 1),))
QIAN = StaffRow("钱主管", "qian", console="supervisor")


def away(row: StaffRow, day: str, stand_in: str | None = None, days: int = 1) -> StaffRow:
    begins = local(f"{day} 00:00")
    return replace(row, absent=(*row.absent, AbsenceRow(begins, begins + days * DAY, stand_in)))


@contextmanager
def desk(*staff: StaffRow, rota: tuple[RotaRow, ...] = ()) -> Iterator[Stage]:
    file = DirectoryFile(partners=(PARTNER,), staff=staff, rota=rota)
    assert DirectoryFile.parse(file.render(), "d.toml") == file
    with stage(file) as made:
        yield made


def told(made: Stage, at: datetime, *, urgent: bool = False, rank: int = 1) -> list[str]:
    return [p.userid for p in made.directory.holders(Role.TECH, rank, at, urgent=urgent)]


@pytest.mark.parametrize(
    ("staff", "at", "urgent", "rank", "who"),
    [
        ((LI, ZHANG), TUESDAY, False, 1, ["laoli"]),
        ((LI, ZHANG), TUESDAY, True, 1, ["laoli"]),
        ((LI, ZHANG), SATURDAY_NIGHT, True, 1, ["laozhang"]),
        ((LI, ZHANG), SATURDAY_NIGHT, False, 1, ["laoli"]),
        ((LI, ZHANG), SATURDAY_NIGHT, True, 2, ["laozhang"]),
        ((away(LI, "2026-11-24", "laowu"), ZHANG, WU), TUESDAY, False, 1, ["laowu"]),
        ((away(LI, "2026-11-24"), ZHANG), TUESDAY, False, 1, []),
        ((away(LI, "2026-11-24"), ZHANG), TUESDAY + DAY, False, 1, ["laoli"]),
        ((away(LI, "2026-11-24", "laozhang"), ZHANG), TUESDAY, False, 2, ["laozhang"]),
        ((LI, away(ZHANG, "2026-11-28", "laowu"), WU), SATURDAY_NIGHT, True, 1, ["laowu"]),
        ((LI, away(ZHANG, "2026-11-28")), SATURDAY_NIGHT, True, 1, ["laoli"]),
        (
            (away(LI, "2026-11-24", "laozhang"), away(ZHANG, "2026-11-24", "laowu"), WU),
            TUESDAY,
            False,
            1,
            ["laowu"],
        ),
        ((away(LI, "2026-11-24", "laozhang"), away(ZHANG, "2026-11-24")), TUESDAY, False, 1, []),
    ],
)
def test_absence_rota_rank_and_urgency_decide_who_is_told(
    staff: tuple[StaffRow, ...], at: datetime, urgent: bool, rank: int, who: list[str]
) -> None:
    with desk(*staff, rota=(WEEKEND_NIGHTS,)) as made:
        assert told(made, at, urgent=urgent, rank=rank) == who


def test_a_turn_is_half_open_and_touching_turns_are_one() -> None:
    night = (WEEKEND_NIGHTS, RotaRow(Role.TECH, "laozhang", (0, 6), (0, 6 * 60)))

    assert covers(night[0], local("2026-11-28 18:00"))
    assert not covers(night[0], local("2026-11-28 17:59"))
    assert covers(night[0], local("2026-11-28 23:59"))
    assert not covers(night[0], local("2026-11-29 00:00"))
    with desk(LI, ZHANG, rota=night) as made:
        bounds = local("2026-11-28 00:00"), local("2026-11-29 12:00")
        found = spells(made.directory, Role.TECH, 1, *bounds, urgent=True)
        li, zhang = made.person("laoli"), made.person("laozhang")

    assert found == [
        Spell(bounds[0], local("2026-11-28 18:00"), (li,), (li,)),
        Spell(local("2026-11-28 18:00"), local("2026-11-29 06:00"), (zhang,), (zhang,)),
        Spell(local("2026-11-29 06:00"), None, (li,), (li,)),
    ]


def test_every_other_week_is_counted_from_its_first_day_across_the_year() -> None:
    row = replace(WEEKEND_NIGHTS, begins=date(2026, 11, 26), every=2)
    saturdays = [SATURDAY_NIGHT + 7 * n * DAY for n in range(-1, 7)]

    assert [covers(row, at) for at in saturdays] == [False, True, False, True, False, True, False, True]
    assert covers(replace(row, ends=date(2026, 11, 28)), SATURDAY_NIGHT)
    assert not covers(replace(row, ends=date(2026, 11, 28)), SATURDAY_NIGHT + DAY)


def test_a_level_nobody_is_there_for_falls_through_and_the_last_are_told_though_away() -> None:
    staff = (away(LI, "2026-11-23"), away(ZHANG, "2026-11-23"), away(QIAN, "2026-11-23", days=2))
    with desk(*staff) as made:
        order = made.order(made.open())
        at_level = Telling(made.directory).at_level

        assert [p.userid for p in at_level(order, 1, made.now)] == ["qian"]
        assert [p.userid for p in at_level(order, 1, made.now + DAY)] == ["laoli"]


def test_urgent_pages_move_to_whoever_has_the_turn_when_it_begins() -> None:
    with desk(LI, ZHANG, WU, ZHOU, rota=(replace(WEEKEND_NIGHTS, userid="laowu"),)) as made:
        made.now = local("2026-11-28 17:59:30")
        made.open(Kind.URGENT)
        made.sweep()
        assert made.told() == [("laoli", "app", "page")]

        made.pass_by(minute, every=minute)

        assert ("laowu", "app", "page") in made.told()


def test_the_stand_in_of_an_absent_owner_is_told_too() -> None:
    with desk(away(LI, "2026-11-23", "laozhang"), ZHANG) as made:
        number = made.open()
        made.desk().accept(number, made.person("laoli"))
        made.letters()

        made.desk().urge(number, made.person("xiaowang"))

        told = {x.recipient: x.facts.get("stands_for") for x in made.letters() if x.kind == "urged"}
        assert told == {"laoli": None, "laozhang": "老李"}


STAFF_IDS = ("a", "b", "c", "d", "e")


@st.composite
def desks(draw: st.DrawFn) -> DirectoryFile:
    """Any desk of a few people, away at any stretch of ten days, with a rota; always with a supervisor."""
    days = st.integers(0, 9)
    staff = []
    for userid in STAFF_IDS:
        duties = draw(
            st.lists(st.builds(Duty, st.sampled_from([Role.TECH, Role.BUSINESS]), st.integers(1, 2)))
        )
        row = StaffRow(userid, userid, duties=tuple(dict.fromkeys(duties)), console="desk")
        if draw(st.booleans()):
            begins = local("2026-11-20 00:00") + draw(days) * DAY
            stand_in = draw(st.sampled_from([None, *(x for x in STAFF_IDS if x > userid)]))
            row = replace(row, absent=(AbsenceRow(begins, begins + (1 + draw(days)) * DAY, stand_in),))
        staff.append(row)
    rota = [RotaRow(Role.TECH, draw(st.sampled_from(STAFF_IDS)), (draw(st.integers(0, 6)),), (0, 1440))]
    return DirectoryFile(partners=(PARTNER,), staff=(*staff, QIAN), rota=tuple(rota))


@given(desks(), st.integers(0, 12 * 24), st.sampled_from([1, 2, 3]), st.booleans())
@settings(max_examples=40, deadline=None)
def test_somebody_present_is_always_found_while_a_supervisor_is(
    file: DirectoryFile, hours: int, level: int, urgent: bool
) -> None:
    assert DirectoryFile.parse(file.render(), "d.toml") == file
    at = local("2026-11-20 00:00") + timedelta(hours=hours)
    with stage(file) as made:
        order = made.order(made.open(Kind.URGENT if urgent else Kind.DAILY))
        people = Telling(made.directory).at_level(order, level, at)

        assert people
        assert len({p.userid for p in people}) == len(people)
        rows = {row.userid: row for row in file.staff}
        for person in people:
            assert not any(a.begins <= at < a.ends for a in rows[person.userid].absent)
