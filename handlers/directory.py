"""绑定 and 解绑 a group, 请假 and 销假: the directory as our people change it in a chat."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from handlers import moments
from handlers.here import Here
from handlers.message import Incoming, Reply
from handlers.phrases import directory as phrases
from handlers.phrases.scene import Scene
from handlers.reading import asks, bare, fold
from workorders.directory.errors import CannotChange
from workorders.directory.people import Person
from workorders.directory.rows import AbsenceRow

_BIND = re.compile(r"(?:绑定|绑群)(?:本群)?(?:到|给|为|至)?\s*[:：]?\s*(?P<name>\S.*)", re.DOTALL)
_AWAY = re.compile(r"(?P<who>[^\s,，]{1,12}?)?\s*请假\s*[:：,，]?\s*(?P<rest>.*)", re.DOTALL)
_STAND_IN = re.compile(r"[\s,，、]*由?\s*@?(?P<name>[^\s,，]+?)\s*(?:代班|代替|顶班|接替|代)\s*$")
_BACK = re.compile(r"(?P<who>[^\s,，]{1,12}?)?\s*销假")
_PARTED = re.compile(r"\s*(?:到|至|~|～|—|–)\s*")


def handle(incoming: Incoming, here: Here) -> Reply | None:
    """Of our people only; a question about it is none of these."""
    if here.sender.side != "us" or asks(incoming.text):
        return None
    text = fold(incoming.text).strip().rstrip("。.!！")
    if found := _BIND.fullmatch(text):
        return _bind(found["name"].strip(), incoming, here)
    if bare(text) in ("解绑", "解除绑定", "解绑本群"):
        return _unbind(incoming, here)
    if found := _BACK.fullmatch(text):
        return _back(found["who"], incoming, here)
    if found := _AWAY.fullmatch(text):
        return _away(found["who"], found["rest"], incoming, here)
    return None


def _bind(name: str, incoming: Incoming, here: Here) -> Reply:
    if incoming.chat is None:
        raise CannotChange("in_group")
    partner = here.changes.bind(here.sender, incoming.chat, name)
    assigned = here.orders.assign_from(incoming.chat, here.sender, partner)
    return Reply(phrases.bound(partner, assigned))


def _unbind(incoming: Incoming, here: Here) -> Reply:
    if incoming.chat is None:
        raise CannotChange("in_group")
    return Reply(phrases.unbound(here.changes.unbind(here.sender, incoming.chat)))


def _away(named: str | None, rest: str, incoming: Incoming, here: Here) -> Reply | None:
    who, rest = _who(named, rest, here)
    if who is None:
        return None
    stand_in, found = None, _STAND_IN.search(rest)
    if found:
        stand_in, rest = _colleague(found["name"], here), rest[: found.start()]
    bounds = _stretch(rest, here)
    if bounds is None:
        raise CannotChange("when")
    absence = AbsenceRow(*bounds, stand_in.userid if stand_in else None)
    here.changes.away(here.sender, who, absence)
    left = len(here.handovers.open_orders(who)) if who.userid == here.sender.userid else 0
    return Reply(phrases.away(who, absence, stand_in, left, Scene.of(incoming, here)))


def _back(named: str | None, incoming: Incoming, here: Here) -> Reply | None:
    who, _ = _who(named, "", here)
    if who is None:
        return None
    return Reply(phrases.back(who, here.changes.back(here.sender, who), Scene.of(incoming, here)))


def _who(named: str | None, rest: str, here: Here) -> tuple[Person | None, str]:
    """Whose absence it is, and the rest of the words; None where the first word is nobody of ours.

    老李请假 明天, 请假 老李 明天 and 我请假 are all said.
    """
    if named in (None, "", "我", "本人", "我要"):
        first, _, after = rest.partition(" ")
        people = here.directory.staff_named(first) if first and after else ()
        return (people[0], after) if len(people) == 1 else (here.sender, rest)
    people = here.directory.staff_named(named)
    return (people[0] if len(people) == 1 else None), rest


def _colleague(name: str, here: Here) -> Person:
    people = here.directory.staff_named(name)
    if len(people) != 1:
        raise CannotChange("nobody", name=name)
    return people[0]


def _stretch(text: str, here: Here) -> tuple[datetime, datetime] | None:
    """The moments a stretch begins and ends: 明天, 12-01 到 12-03, 今天14:00到18:00; days are meant whole."""
    first, *others = _PARTED.split(text.strip(" ,，从自"), maxsplit=1)
    begins = _bound(first, here.now, here)
    ends = _bound(others[0], begins[0] if begins else here.now, here) if others else begins
    if begins is None or ends is None or not (others or begins[1]):
        return None
    return begins[0], ends[0] + timedelta(days=1) if ends[1] else ends[0]


def _bound(text: str, beside: datetime, here: Here) -> tuple[datetime, bool] | None:
    """A moment, and whether it is a whole day's first; ``beside`` is what a bare time of day belongs to."""
    calendar = here.agreement.calendar
    if day := moments.day(text, here.now, calendar):
        return calendar.moment(day, 0), True
    found = moments.find(text, beside, calendar)
    return (found.at, False) if found and not found.rest and not found.doubt else None
