"""???, 急, 怎么还没好: from the reporter of a live order, 催单; 在吗 and 您好: a greeting."""

from __future__ import annotations

import re

from handlers import verbs, which
from handlers.commands import BY_NAME
from handlers.here import Here
from handlers.message import Incoming, Reply
from handlers.phrases import common
from handlers.phrases.orders import line
from handlers.phrases.scene import Scene
from handlers.reading import fold
from handlers.spoken import Spoken
from workorders.orders.order import Verb

_IMPATIENT = re.compile(
    r"[?？!！。.\s]{2,}|[?？]|(?:很|挺|太|非常|特别)?(?:急+|着急)[啊呀了的死]*|怎么还(?:没|不)(?:好|处理|解决|回复?|弄好|有人)(?:啊|呢|呀|完|理)*|"
    r"还没(?:好|处理好?|回复|弄好|解决|处理完)(?:吗|啊|呢|呀)|(?:快点|快一点|尽快|抓紧|赶紧|麻烦快点)(?:处理|解决|啊|吧|呀)*|"
    r"(?:处理|弄|解决|搞)?好了[吗没](?:有)?|有(?:进展|结果|消息)(?:了)?吗|(?:多久|什么时候|啥时候)(?:能|才能)?(?:好|处理|解决|弄好|搞定)(?:完|了|呢|啊)*|"
    r"人呢|没人(?:吗|管吗|理吗|处理吗)?|有没有人(?:啊|处理|管)?|怎么没人(?:理|管|处理|回复?)?"
)
_GREETING = re.compile(
    r"(?:在吗|在么|在不在|有人吗|有人在吗|在不|您?你?好|您好|你好|嗨|哈喽|hi|hello|早上好|早|上午好|下午好|晚上好)(?:啊|呀|哈|您|各位|大家)*"
    r"(?:[\s,，。!！]*(?:在吗|在么|有人吗|请问))*",
    re.IGNORECASE,
)
_ASKS_WHETHER_ANYBODY = re.compile(r"在吗|在么|在不|有人")


def handle(incoming: Incoming, here: Here) -> Reply | None:
    words = fold(incoming.text).strip()
    bare = words.rstrip("。.!！?？~～ …")
    impatient = bool(_IMPATIENT.fullmatch(words) or (bare and _IMPATIENT.fullmatch(bare)))
    greeting = _GREETING.fullmatch(bare) if bare else None
    if not impatient and not greeting:
        return None
    anybody = greeting is not None and _ASKS_WHETHER_ANYBODY.search(bare)
    if impatient and not anybody and (reply := _urge(incoming, here)) is not None:
        return reply
    if anybody and not here.sender.works_orders:
        live = which.candidates(Verb.URGE, incoming, here)
        if len(live) == 1:
            return Reply(common.here_and(line(live[0], Scene.of(incoming, here))), state=incoming.state)
    return Reply(common.READY, state=incoming.state)


def _urge(incoming: Incoming, here: Here) -> Reply | None:
    if here.sender.works_orders:
        return None
    meant = which.candidates(Verb.URGE, incoming, here)
    if len(meant) == 1:
        return verbs.act(BY_NAME["催单"], meant[0].number, "", incoming, here)
    if meant:
        return verbs.ask_which(Spoken(BY_NAME["催单"], None, "", sure=True), meant, Scene.of(incoming, here))
    return None
