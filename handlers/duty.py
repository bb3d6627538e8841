"""今天谁值班, 明天谁值班, 周六谁值班: who is told of what, now or on a day, and until when."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from handlers import moments
from handlers.here import Here
from handlers.message import Incoming, Reply
from handlers.phrases import duty as phrases
from handlers.reading import bare
from workorders.directory.people import Role
from workorders.directory.spells import Spell, spells

_NOW = r"今天|今晚|今日|现在|目前|当前|这会儿"
_ASKED = re.compile(
    rf"(?P<day>{_NOW}|{moments.DAY})?(?:晚上|晚|夜里)?的?(?:"
    r"(?:是|由)?(?:谁|哪位|什么人)(?:在|来)?(?:值班|当班|值守)(?:呢|啊)?|"
    r"值班的?(?:表|人员|人|名单|安排)?(?:是谁|是哪位)?)[?？]*"
)
#: The posts partners have to do with.
_POSTS = (Role.TECH, Role.MIDDLE_OFFICE, Role.AFTERSALES, Role.REVIEW, Role.BUSINESS, Role.CS_LEAD)
#: How far ahead the end of somebody's duty is looked for.
_AHEAD = timedelta(days=14)


def handle(incoming: Incoming, here: Here) -> Reply | None:
    found = _ASKED.fullmatch(bare(incoming.text))
    if found is None:
        return None
    calendar = here.agreement.calendar
    today = calendar.local_day(here.now)
    day = today
    if found["day"] and not re.fullmatch(_NOW, found["day"]):
        named = moments.day(found["day"], here.now, calendar)
        if named is None:
            return Reply(phrases.no_such_day(found["day"]))
        day = named
    begins = here.now if day == today else calendar.moment(day, 0)
    ends = calendar.moment(day + timedelta(days=1), 0)
    watches = [
        phrases.Watch(role, rank, urgent, _of_day(here, role, rank, begins, ends, urgent=urgent))
        for role in _POSTS
        for rank, urgent in ((1, True), (1, False), (2, False))
    ]
    return Reply(
        phrases.on_duty(
            watches, here.hotline, here.now, None if day == today else day, shared=incoming.chat is not None
        )
    )


def _of_day(
    here: Here, role: Role, rank: int, begins: datetime, ends: datetime, *, urgent: bool
) -> list[Spell]:
    """The spells that begin before the day ends, with their own ends; of urgent work the rota's turns."""
    found = spells(here.directory, role, rank, begins, ends + _AHEAD, urgent=urgent)
    return [
        spell
        for spell in found
        if spell.begins < ends
        and not (urgent and spell.appointed == here.directory.appointed(role, rank, spell.begins))
    ]
