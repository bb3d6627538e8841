"""评价: the stars of a closed order, by one tap on its card or in words (评价 1001 5 星)."""

from __future__ import annotations

import re
from dataclasses import replace

from handlers.here import Here
from handlers.message import Card, Incoming, Reply
from handlers.phrases import common
from handlers.phrases import stars as phrases
from handlers.reading import NUMBER, bare, fold
from workorders.orders.rating import FEW, Reason

_LABEL = r"(?:工单|单号|[#№])?\s*[#№]?\s*"
_STARS = r"(?P<stars>\d{1,2}|[一二三四五])\s*(?:颗|个)?(?:星|分)?"
_WHY = r"(?P<why>慢|没解决|未解决|态度|其他)?"
_FORM = re.compile(
    rf"(?:(?:评价|评分|打分)\s*[:：]?\s*{_LABEL}{NUMBER}|{_LABEL}{NUMBER}\s*(?:评价|评分|打分))"
    rf"[\s,，:：]+{_STARS}[\s,，。!！]*{_WHY}[\s。!！]*"
)
_DIGITS = {char: n for n, char in enumerate("一二三四五", 1)}
#: Characters of a reason in words: 太慢了, 态度不好; a longer sentence is about something else.
_REASON_AT_MOST = 8
_REASONS = {name: reason for reason, name in phrases.REASONS.items()} | {"未解决": Reason.UNSOLVED}


def handle(incoming: Incoming, here: Here) -> Reply | None:
    """评价 1001 5 星, 1001 评价 2 慢."""
    found = _FORM.fullmatch(fold(incoming.text).strip())
    if found is None:
        return None
    number = next(int(group) for group in found.groups() if group and group.isdigit() and len(group) >= 4)
    stars = _DIGITS.get(found["stars"]) or int(found["stars"])
    order = here.orders.rate(number, here.sender, stars)
    if stars > FEW:
        return Reply(phrases.thanks(order))
    if found["why"] is None:
        return Reply(phrases.ask_why(order), state={"expect": "stars_why", "order": number})
    return Reply(phrases.thanks(here.orders.explain_rating(number, here.sender, _REASONS[found["why"]])))


def explained(incoming: Incoming, here: Here) -> Reply | None:
    """The reason that was asked for, by one of its words; anything else is no reason."""
    word, number = bare(incoming.text), incoming.state.get("order")
    reason = next((reason for name, reason in _REASONS.items() if name in word), None)
    if reason is None or len(word) > _REASON_AT_MOST or not isinstance(number, int):
        return None
    return Reply(phrases.thanks(here.orders.explain_rating(number, here.sender, reason)))


def pressed(argument: str, incoming: Incoming, here: Here) -> Reply:
    """A star on the card: ``1001:5``; few of them ask for a reason on the same card."""
    found = re.fullmatch(r"([1-9]\d{3,6}):([1-5])", argument, re.ASCII)
    if found is None:
        return _update(incoming, Card("", phrases.TITLE, body=common.STALE_CARD))
    order = here.orders.rate(int(found[1]), here.sender, int(found[2]))
    return _update(incoming, phrases.after_stars(order))


def pressed_why(argument: str, incoming: Incoming, here: Here) -> Reply:
    """A reason on the card: ``1001:slow``."""
    found = re.fullmatch(rf"([1-9]\d{{3,6}}):({'|'.join(Reason)})", argument, re.ASCII)
    if found is None:
        return _update(incoming, Card("", phrases.TITLE, body=common.STALE_CARD))
    order = here.orders.explain_rating(int(found[1]), here.sender, Reason(found[2]))
    return _update(incoming, phrases.rated(order))


def _update(incoming: Incoming, card: Card) -> Reply:
    assert incoming.press is not None
    return Reply(update=replace(card, task_id=incoming.press.task_id))
