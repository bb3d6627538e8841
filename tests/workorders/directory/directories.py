"""Any directory without a wrong row, for properties."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from tests.workorders.orders.stage import local
from workorders.directory.file import DirectoryFile
from workorders.directory.names import name_key
from workorders.directory.people import Duty, Role
from workorders.directory.rows import AbsenceRow, ContactRow, GroupRow, PartnerRow, RotaRow, StaffRow

words = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp"), exclude_characters="\ufffe\uffff")
    | st.sampled_from("\"\\'#= .]"),
    min_size=1,
    max_size=12,
).filter(lambda text: text == text.strip() and text and not text.isspace())
identifiers = st.text("abcXYZ019_-@.", min_size=1, max_size=12)
emails = st.from_regex(r"[a-z.]{1,8}@[a-z]{1,8}\.example", fullmatch=True)
phones = st.sampled_from(["13800000000", "01062345678-802", "4001234567", "+85223456789"])
roles = st.lists(st.sampled_from(Role), unique=True, max_size=3).map(tuple)
plain = (
    st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | words
)
clauses = st.dictionaries(
    st.sampled_from(["daily.response", "urgent.solution", "survey"]),
    st.dictionaries(words, plain | st.lists(plain, max_size=3), max_size=3),
    max_size=2,
)
duties = st.lists(
    st.builds(Duty, st.sampled_from(Role), st.sampled_from([1, 2])), unique=True, max_size=3
).map(tuple)


@st.composite
def directories(draw: st.DrawFn) -> DirectoryFile:
    """Directories without a wrong row: what must be one of a kind is numbered."""
    count = iter(range(10_000))

    def rows(row: Callable[[], Any], most: int) -> tuple[Any, ...]:
        return tuple(row() for _ in range(draw(st.integers(0, most))))

    def numbered(stem: str) -> str:
        return f"{stem}{next(count)}"

    def group(purpose=None) -> GroupRow:
        key = draw(st.none() | st.just("key"))
        return GroupRow(
            chatid=numbered(draw(identifiers)),
            name=draw(words),
            purpose=purpose,
            webhook_key=key and numbered("key"),
        )

    def contact() -> ContactRow:
        return ContactRow(
            name=draw(words),
            phone=draw(st.none() | phones),
            userid=draw(st.none() | identifiers.map(numbered)),
            email=draw(st.none() | emails),
            roles=draw(roles),
        )

    def partner() -> PartnerRow:
        return PartnerRow(
            name=numbered(draw(words) + "-"),
            aliases=rows(lambda: numbered(draw(words) + "-"), 2),
            mail_domains=draw(st.sampled_from([(), ("a.example", "b.example")])),
            groups=rows(group, 2),
            contacts=rows(contact, 3),
            clauses=draw(clauses),
        )

    def staff() -> StaffRow:
        return StaffRow(
            name=draw(words),
            userid=numbered(draw(identifiers)),
            phone=draw(st.none() | phones),
            email=draw(st.none() | emails),
            duties=draw(duties),
            console=draw(st.sampled_from([None, "desk", "hotline", "supervisor", "operations", "admin"])),
        )

    people = rows(staff, 3)
    workers = [row.userid for row in people if row.works_orders]

    def away(place: int, row: StaffRow) -> StaffRow:
        # Whoever stands in comes later, so that no chain comes back.
        stand_ins = [other.userid for other in people[place + 1 :] if other.works_orders]
        day, minutes = local("2026-12-01 00:00"), draw(st.sampled_from([0, 1, 14 * 60]))
        begins = day + timedelta(minutes=minutes)
        ends = begins + timedelta(days=draw(st.integers(1, 40)))
        absences = [AbsenceRow(begins, ends, draw(st.sampled_from([None, *stand_ins])))]
        absences += [AbsenceRow(ends, ends + timedelta(hours=5))] if draw(st.booleans()) else []
        return replace(row, absent=tuple(absences))

    def turn() -> RotaRow:
        begins = draw(st.none() | st.dates(date(2026, 1, 1), date(2027, 12, 31)))
        start, end = sorted(draw(st.lists(st.integers(0, 1440), min_size=2, max_size=2, unique=True)))
        return RotaRow(
            role=draw(st.sampled_from(Role)),
            userid=draw(st.sampled_from(workers)),
            days=tuple(sorted(draw(st.sets(st.integers(0, 6), min_size=1)))),
            hours=(start, end),
            begins=begins,
            ends=begins and begins + timedelta(days=draw(st.integers(0, 99))),
            every=draw(st.integers(1, 3)) if begins else 1,
        )

    file = DirectoryFile(
        partners=rows(partner, 3),
        staff=tuple(away(n, row) if draw(st.booleans()) else row for n, row in enumerate(people)),
        rota=tuple(dict.fromkeys(rows(turn, 3))) if workers else (),
        groups=rows(lambda: group(draw(st.sampled_from(["duty", "leaders", "operations"]))), 2),
    )
    names = [name_key(name) for row in file.partners for name in (row.name, *row.aliases)]
    assert len(names) == len(set(names))
    return file
