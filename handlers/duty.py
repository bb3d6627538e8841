"""今天谁值班: who holds which post now."""

from __future__ import annotations

import re

from handlers.here import Here
from handlers.message import Incoming, Reply
from handlers.phrases import duty as phrases
from handlers.reading import bare
from workorders.directory.people import Role

_ASKED = re.compile(
    r"(?:今天|今晚|现在|目前|当前|今日|这会儿)?(?:是)?(?:谁|哪位|什么人)(?:在)?(?:值班|当班|值守)(?:呢|啊)?[?？]*|(?:今天|今日|当前)?(?:的)?值班(?:表|人员|人|名单|安排|是谁)?[?？]*|"
    r"(?:今天|现在)?值班的?(?:人)?是谁[?？]*"
)
#: The posts partners have to do with.
_POSTS = (Role.TECH, Role.MIDDLE_OFFICE, Role.AFTERSALES, Role.REVIEW, Role.BUSINESS, Role.CS_LEAD)


def handle(incoming: Incoming, here: Here) -> Reply | None:
    if not _ASKED.fullmatch(bare(incoming.text)):
        return None
    posts = [
        (role, here.directory.holders(role, 1, here.now), here.directory.holders(role, 2, here.now))
        for role in _POSTS
    ]
    return Reply(phrases.on_duty(posts, here.hotline, shared=incoming.chat is not None))
