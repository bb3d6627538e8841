"""A group's webhook key in a message: taken out before anything keeps, logs or repeats the message."""

from __future__ import annotations

import re

from handlers.here import Here
from handlers.message import Incoming, Reply
from handlers.phrases import directory as phrases
from handlers.reading import fold
from workorders.directory.errors import CannotChange

_ADDRESS = re.compile(
    r"https?://\S*?/webhook/send\?\S*?\bkey=(?P<key>[\w-]{8,})\S*", re.ASCII | re.IGNORECASE
)
#: After the word, the last thing that could be a key.
_KEY = re.compile(r"(?P<key>(?<![\w-])[A-Za-z0-9][\w-]{15,})\s*$", re.ASCII)
_WORD = re.compile(r"\s*webhook\s*[:：,，]?\s*(?P<group>.*)", re.IGNORECASE | re.DOTALL)
#: What stands where the key stood.
_HIDDEN = "［密钥］"


def apart(text: str) -> tuple[str, str | None]:
    """The text without a webhook key, and the key; the door asks before anything else reads the message."""
    folded = fold(text)
    found = _ADDRESS.search(folded) or (_KEY.search(folded) if _WORD.match(folded) else None)
    if found is None:
        return text, None
    return text[: found.start()] + _HIDDEN + text[found.end() :], found["key"]


def handle(incoming: Incoming, here: Here) -> Reply | None:
    """webhook 星河支付-服务群 KEY: a supervisor's, 1:1; anywhere else the key is no secret any more."""
    if incoming.secret is None:
        found = _WORD.match(fold(incoming.text))
        return Reply(phrases.NO_KEY) if found and here.sender.supervises else None
    if incoming.chat is not None:
        return Reply(phrases.KEY_IN_GROUP)
    named = _WORD.match(incoming.text.replace(_HIDDEN, ""))
    if named is None or not named["group"].strip():
        return Reply(phrases.NO_KEY) if here.sender.supervises else _refused()
    group = here.changes.set_key(here.sender, named["group"].strip(), incoming.secret)
    return Reply(phrases.key_kept(group))


def _refused() -> Reply:
    raise CannotChange("supervisor")
