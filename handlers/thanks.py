"""谢谢, 好的, 收到: never answered. 你是机器人吗: admitted."""

from __future__ import annotations

import re

from handlers.here import Here
from handlers.message import Incoming, Reply
from handlers.phrases import common
from handlers.reading import fold

_WORD = (
    r"(?:谢谢|多谢|感谢|辛苦)(?:[你您](?:们)?|大家)?了?|谢了?|thanks?|thank you|thx|好的?|好滴|好嘞|好哒|"
    r"收到|嗯+|哦+|噢|行的?|可以的?|okay|okk?|k|明白了?|知道了?|了解了?|清楚了|麻烦了|没事了?|不客气|再见|拜拜|哈+|"
    r"是的|对的?|稍等|[啦呀啊]"
)
_THANKS = re.compile(rf"(?:(?:{_WORD})[\s。.!！~～,，、]*)+", re.IGNORECASE)
_MARKS = re.compile(r"[\U0001f300-\U0001faff\u2600-\u27bf\ufe0f\s。.!！~～,，、]+")
#: How WeCom writes its own faces: [抱拳].
_FACE = re.compile(r"\[[一-鿿A-Za-z]{1,4}\]")
_BOT = re.compile(
    r"(?:请问)?(?:[你您]|这|这里|对面)?(?:到底)?(?:是不是|是)(?:一?个)?(?:机器人|真人|人工|ai|人|自动回复|bot)"
    r"(?:吗|么|还是(?:真人|人工|机器人|人))?[?？]*|"
    r"[你您]是谁[?？]*|[你您]是什么[?？]*",
    re.IGNORECASE,
)


def handle(incoming: Incoming, here: Here) -> Reply | None:
    """Silence, with everything remembered that was."""
    words = _MARKS.sub("", _FACE.sub("", fold(incoming.text)))
    return Reply(state=incoming.state) if not words or _THANKS.fullmatch(words) else None


def admit(incoming: Incoming, here: Here) -> Reply | None:
    """The bot admits being one."""
    words = fold(incoming.text).strip().rstrip("。!！")
    return Reply(common.bot(here.hotline)) if _BOT.fullmatch(words) else None
