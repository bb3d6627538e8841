"""来电 …: a phone call logged by whoever took it, asked about until it is clear, read back, and filed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from handlers import faq, progress, verbs
from handlers.calls.fields import heard
from handlers.calls.names import looks_like_name
from handlers.calls.phones import numbers
from handlers.calls.reading import Call, Field, read
from handlers.calls.similar import similar
from handlers.calls.urgency import urgency
from handlers.flows import calls
from handlers.here import Here
from handlers.message import Incoming, Reply
from handlers.phrases import hotline as phrases
from handlers.phrases import refusals
from handlers.phrases.scene import Scene
from handlers.reading import NUMBER, asks, bare, fold
from handlers.spoken import read as read_command
from workorders.directory.people import Partner
from workorders.errors import Refused
from workorders.orders.order import Kind

#: What a call is logged with; 来电显示怎么开 is a question.
_BEGINS = re.compile(
    r"^[\s【\[]*(?:请|麻烦)?(?:帮我|我)?(?:登记|记录|记|新增)?(?:一下|一个|一条|个)?(?:来电登记|来电记录|电话登记|来电|接到(?:一个|个)?电话)"
    r"(?=$|[\s:：,，。】\]])"
)
_FILES = re.compile(r"(?:确认|确定)?(?:开单|提交|登记)|确认|确定")
_CONFIRM = re.compile(rf"{_FILES.pattern}|对的?|是的?|没错|无误|可以|好的?|ok|1")
#: The order a call became, remembered until the next message.
_FILED = "filed_call"
_JOINS = re.compile(rf"补充(?:到|进)?\s*(?:工单|单号)?\s*{NUMBER}\s*(?:号单?)?")
_ANSWERED = re.compile(r"(?:已经|已)(?:当场)?(?:答复|解答|回答)|不用开单")
_CORRECTS = re.compile(
    r"^(?:改|更正|修改|把)?(?P<label>伙伴|单位|公司|来电人|联系人|姓名|电话|手机|回电|时间|来电时间|问题|级别)"
    r"(?:改|换)?(?:成|为|是|到)?[\s:：,，]*(?P<value>.+)$",
    re.DOTALL,
)
#: What a correction begins with that does not name its field: 换成李女士.
_RATHER = re.compile(r"^(?:(?:不对|不是|错了|应该?是|改成|改为|换成|是)[\s,，:：]*)+")
_FIELDS: Mapping[str, Field] = {
    **dict.fromkeys(("伙伴", "单位", "公司"), "partner"),
    **dict.fromkeys(("来电人", "联系人", "姓名"), "caller"),
    **dict.fromkeys(("电话", "手机", "回电"), "phone"),
    **dict.fromkeys(("时间", "来电时间"), "called_at"),
    "问题": "problem",
    "级别": "kind",
}
_ORDER: tuple[Field, ...] = ("partner", "caller", "phone", "called_at", "kind", "problem")


def handle(incoming: Incoming, here: Here) -> Reply | None:
    """Of our own people only; what is being logged waits while they do something else in between."""
    if here.sender.side != "us" or incoming.kind not in ("text", "voice"):
        return None
    if incoming.state.get("expect") == "call":
        if _BEGINS.match(fold(incoming.text)) and len(bare(incoming.text)) > len("来电登记"):
            return _logged(incoming, here)
        return _goes_on(incoming, here)
    if (filed := incoming.state.get(_FILED)) and _FILES.fullmatch(bare(incoming.text)):
        # Confirmed twice by a tired finger, it is still one call.
        return Reply(phrases.form_taken(filed), state=incoming.state)
    if not _BEGINS.match(fold(incoming.text)) or asks(incoming.text.split("\n")[0][:8]):
        return None
    return _logged(incoming, here)


def _logged(incoming: Incoming, here: Here) -> Reply:
    call = read(incoming.text, here.now, _partners(here), here.agreement.calendar)
    draft = {
        **_values(call),
        "logged_at": here.now.isoformat(),
        "doubts": {doubt.field: doubt.said for doubt in reversed(call.doubts)},
        "offers": {doubt.field: doubt.offer for doubt in reversed(call.doubts) if doubt.offer},
    }
    reply = _next(draft, incoming, here)
    if any(draft[field] for field in _ORDER if field != "kind"):
        return reply
    # Nothing of the call was said yet: it may as well be written into the form.
    card = phrases.form_card(f"{here.home}console/hotline", faq.task_id("call", incoming))
    return replace(reply, card=card)


def _values(call: Call) -> dict[str, Any]:
    return {
        "partner": call.partner,
        "caller": call.caller,
        "phone": call.phone,
        "kind": call.kind,
        "called_at": call.called_at.isoformat() if call.timed else None,
        "problem": call.problem,
    }


def _partners(here: Here) -> list[tuple[str, tuple[str, ...]]]:
    return [(partner.name, partner.aliases) for partner in here.directory.partners()]


# Going on


def _goes_on(incoming: Incoming, here: Here) -> Reply:
    draft = {"offers": {}, **incoming.state["call"]}
    asking = incoming.state.get("asking")
    word = bare(incoming.text)
    if reply := _meanwhile(word, asking, incoming, here):
        told = f"{reply.text}\n\n{phrases.still_waiting(asking)}"
        return replace(reply, text=told, state=incoming.state)
    if asking and (offer := draft["offers"].get(asking)) and _CONFIRM.fullmatch(word):
        return _with(draft, asking, offer, incoming, here)
    if asking == "confirm" and _CONFIRM.fullmatch(word):
        return _file(draft, incoming, here)
    if asking == "confirm" and _ANSWERED.fullmatch(word):
        return _only_answered(draft, incoming, here)
    if asking == "confirm" and (joins := _JOINS.fullmatch(word)):
        return _join(int(joins[1]), draft, incoming, here)
    if (kind := urgency(word)) and asking not in ("problem", "caller"):
        return _with(draft, "kind", kind, incoming, here)
    if (found := _CORRECTS.match(incoming.text.strip())) and asking != "problem":
        field = _FIELDS[found["label"]]
        return _take(field, found["value"].strip(), draft, incoming, here)
    if asking and asking != "confirm":
        return _take(asking, incoming.text.strip(), draft, incoming, here)
    return _more(draft, incoming, here)


def _meanwhile(word: str, asking: Any, incoming: Incoming, here: Here) -> Reply | None:
    """Something else first, a command or a look at an order: it is done or refused, and the call waits."""
    spoken = read_command(incoming.text)
    reply = None
    try:
        if spoken and spoken.sure and spoken.number is not None:
            reply = verbs.handle(incoming, here)
        elif asking == "confirm" or not word.isdigit():
            reply = progress.handle(incoming, here)
    except Refused as refused:
        return Reply(refusals.said(refused, Scene.of(incoming, here)))
    return None if reply is None or reply.state else reply


def _take(field: Field, said: str, draft: dict[str, Any], incoming: Incoming, here: Here) -> Reply:
    """What was said for one field: taken where it can be, else asked for again with the reason."""
    if field == "caller":
        return _caller(said, draft, incoming, here)
    taken = heard(field, said, _at(draft), _partners(here), here.agreement.calendar)
    if taken.value is None:
        return _ask(field, {**draft, "offers": {field: taken.offer}}, taken.doubt, again=True)
    return _with(draft, field, taken.value, incoming, here)


def _caller(said: str, draft: dict[str, Any], incoming: Incoming, here: Here) -> Reply:
    """A name, often with the number beside it, sometimes only the number."""
    name = fold(said)
    for number in numbers(name):
        name = name.replace(number.said, " ")
        if number.phone and draft["phone"] is None:
            draft = {**draft, "phone": number.phone}
    name = " ".join(re.sub(r"[\s,，、;；:：]+", " ", name).split())
    taken = heard("caller", name, _at(draft), (), here.agreement.calendar)
    if taken.value is None:
        return _ask("caller", draft, taken.doubt, again=True)
    return _with(draft, "caller", taken.value, incoming, here)


def _more(draft: dict[str, Any], incoming: Incoming, here: Here) -> Reply:
    """Said instead of 确认: whatever fields it names replace the draft's; a name alone is the caller's."""
    rather = _RATHER.sub("", incoming.text.strip())
    if looks_like_name(rather):
        return _with(draft, "caller", rather, incoming, here)
    said = read(incoming.text, _at(draft), _partners(here), here.agreement.calendar)
    named = {
        "partner": said.partner,
        "phone": said.phone,
        "called_at": said.called_at.isoformat() if said.timed else None,
        "kind": "urgent" if said.kind == "urgent" else None,
    }
    changed = {field: value for field, value in named.items() if value and value != draft[field]}
    doubts = {doubt.field: doubt.said for doubt in reversed(said.doubts)}
    if not changed and not doubts:
        return Reply(phrases.NOT_UNDERSTOOD, state=_state(draft, "confirm"))
    return _next({**draft, **changed, "doubts": doubts}, incoming, here)


def _with(draft: dict[str, Any], field: Field, value: str, incoming: Incoming, here: Here) -> Reply:
    doubts = {f: said for f, said in draft["doubts"].items() if f != field}
    return _next({**draft, field: value, "doubts": doubts}, incoming, here)


def _next(draft: dict[str, Any], incoming: Incoming, here: Here) -> Reply:
    """The next question, or what was understood, to be confirmed."""
    for field in _ORDER:
        lacks = field not in ("called_at", "kind") and draft[field] is None
        if lacks or field in draft["doubts"]:
            return _ask(field, draft, draft["doubts"].get(field, ""))
    partner = _partner(draft, here)
    scene = Scene.of(incoming, here)
    open_ones = [order for order, _ in similar(draft["problem"], calls.live_of(partner, here))]
    found = here.library.ask(draft["problem"])
    article = found.article if found.outcome == "answer" else None
    shown = phrases.Understood(**_spoken(draft), called_at=_called_at(draft))
    said = phrases.read_back(shown, open_ones[:3], article, scene)
    return Reply(said, state=_state(draft, "confirm"))


def _ask(field: Field, draft: dict[str, Any], why: str, *, again: bool = False) -> Reply:
    asked = phrases.question(field, why, again=again, offered=bool(draft["offers"].get(field)))
    return Reply(asked, state=_state(draft, field))


def _state(draft: Mapping[str, Any], asking: str) -> dict[str, Any]:
    return {"expect": "call", "asking": asking, "call": dict(draft)}


# Filing


def _file(draft: dict[str, Any], incoming: Incoming, here: Here) -> Reply:
    order = calls.file(here, Kind(draft["kind"]), _taken(draft, here))
    return Reply(phrases.filed(order, Scene.of(incoming, here)), state={_FILED: order.number})


def _join(number: int, draft: dict[str, Any], incoming: Incoming, here: Here) -> Reply:
    """The call is about an order there is; where it cannot join that one, the call still waits."""
    scene = Scene.of(incoming, here)
    try:
        order = calls.join(here, number, _taken(draft, here))
    except Refused as refused:
        said = f"{refusals.said(refused, scene)}\n\n{phrases.still_waiting('confirm')}"
        return Reply(said, state=_state(draft, "confirm"))
    return Reply(phrases.added(order, scene))


def _only_answered(draft: dict[str, Any], incoming: Incoming, here: Here) -> Reply:
    """The caller was answered on the line: kept as an answer that helped, without an order."""
    found = here.library.ask(draft["problem"])
    if found.article is None or found.outcome != "answer":
        return Reply(phrases.NO_ARTICLE, state=_state(draft, "confirm"))
    calls.answer(here, found.article, _taken(draft, here))
    return Reply(phrases.only_answered(found.article))


def _taken(draft: Mapping[str, Any], here: Here) -> calls.Taken:
    return calls.Taken(
        _partner(draft, here), draft["caller"], draft["phone"], _called_at(draft), draft["problem"]
    )


def _partner(draft: Mapping[str, Any], here: Here) -> Partner:
    # It was in the directory when it was read; one that has left since is asked for again.
    return here.directory.partners_named(draft["partner"])[0]


def _spoken(draft: Mapping[str, Any]) -> dict[str, Any]:
    return {field: draft[field] for field in ("partner", "caller", "phone", "kind", "problem")}


def _at(draft: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(draft["logged_at"])


def _called_at(draft: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(draft["called_at"] or draft["logged_at"]).astimezone(UTC)
