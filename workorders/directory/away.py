"""Who is told for whom: absences and the stand-ins that are followed through them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal

from workorders.directory.names import userid_key
from workorders.directory.rows import AbsenceRow, StaffRow

#: Absences by the userid's key.
Absences = Mapping[str, Sequence[AbsenceRow]]

#: What may be wrong with an absence: its stand-in is the person, nobody of ours, somebody who works no
#: orders where the person does, or away themselves back to the person; or it overlaps another.
Wrong = Literal["self", "unknown", "idle", "circle", "overlap"]


def absence(userid: str, at: datetime, absences: Absences) -> AbsenceRow | None:
    """The absence that person is in at that moment, None while they are there."""
    for row in absences.get(userid_key(userid), ()):
        if row.begins <= at < row.ends:
            return row
    return None


def told_for(userid: str, at: datetime, absences: Absences) -> str | None:
    """The userid told for that person at that moment: theirs, or, while they are away, the stand-in's.

    Stand-ins are followed; None where the last of them is away and has nobody.
    """
    seen: set[str] = set()
    while row := absence(userid, at, absences):
        seen.add(userid_key(userid))
        if row.stand_in is None or userid_key(row.stand_in) in seen:
            return None
        userid = row.stand_in
    return userid


def wrong_with(who: StaffRow, row: AbsenceRow, staff: Mapping[str, StaffRow]) -> Wrong | None:
    """What is wrong with one absence of that person; None where nothing is.

    Args:
        staff: all our people with their absences, ``who`` and ``row`` included, by the userid's key.
    """
    if sum(row.begins < other.ends and other.begins < row.ends for other in who.absent) > 1:
        return "overlap"
    if row.stand_in is None:
        return None
    if userid_key(row.stand_in) == userid_key(who.userid):
        return "self"
    stand_in = staff.get(userid_key(row.stand_in))
    if stand_in is None:
        return "unknown"
    if who.works_orders and not stand_in.works_orders:
        return "idle"
    if _comes_back(userid_key(who.userid), row.stand_in, row.begins, row.ends, staff, frozenset()):
        return "circle"
    return None


def _comes_back(
    home: str,
    userid: str,
    begins: datetime,
    ends: datetime,
    staff: Mapping[str, StaffRow],
    seen: frozenset[str],
) -> bool:
    """Whether stand-ins followed from ``userid`` lead to ``home`` at any moment of that stretch."""
    key = userid_key(userid)
    if key == home:
        return True
    someone = staff.get(key)
    if someone is None or key in seen:
        return False
    return any(
        _comes_back(home, row.stand_in, max(begins, row.begins), min(ends, row.ends), staff, seen | {key})
        for row in someone.absent
        if row.stand_in and row.begins < ends and begins < row.ends
    )
