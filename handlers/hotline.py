"""来电 …: a phone call logged by whoever took it, asked about until it is clear, read back, and filed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from handlers import commands, verbs
from handlers.calls.phones import numbers
from handlers.calls.reading import Call, Field, read
from handlers.flows.unanswered import topic_of
from handlers.here import Here
from handlers.message import Incoming, Reply
from handlers.phrases import hotline as phrases
from handlers.phrases.scene import Scene
from handlers.reading import asks, bare, fold
from workorders.directory.people import Partner
from workorders.orders.order import Kind, WorkOrder

#: What a call is logged with; 来电显示怎么开 is a question.
_BEGINS = re.compile(
    r"^\s*(?:请|麻烦)?(?:帮我|我)?(?:登记|记录|记|新增)?(?:一下|一个|一条|个)?(?:来电登记|来电记录|电话登记|来电|接到(?:一个|个)?电话)"
    r"(?=$|[\s:：,，。])"
)
_CONFIRM = re.compile(r"(?:确认|确定)?(?:开单|提交)|确认|确定|对的?|是的?|没错|无误|可以|好的?|ok|1")
_ANSWERED = re.compile(r"(?:已经|已)(?:当场)?(?:答复|解答|回答)|不用开单")
_CORRECTS = re.compile(
    r"^(?:改|更正|修改|把)?(?P<label>伙伴|单位|公司|来电人|联系人|姓名|电话|手机|回电|时间|来电时间|问题|级别)"
    r"(?:改|换)?(?:成|为|是|到)?[\s:：,，]*(?P<value>.+)$",
    re.DOTALL,
)
_FIELDS: Mapping[str, Field] = {
    **dict.fromkeys(("伙伴", "单位", "公司"), "partner"),
    **dict.fromkeys(("来电人", "联系人", "姓名"), "caller"),
    **dict.fromkeys(("电话", "手机", "回电"), "phone"),
    **dict.fromkeys(("时间", "来电时间"), "called_at"),
    "问题": "problem",
    "级别": "kind",
}
_ORDER: tuple[Field, ...] = ("partner", "caller", "phone", "called_at", "kind", "problem")
_URGENCY = {"紧急": "urgent", "加急": "urgent", "日常": "daily", "不紧急": "daily", "普通": "daily"}
#: Characters a caller's name may have.
_LONGEST_NAME = 20


def handle(incoming: Incoming, here: Here) -> Reply | None:
    """Of our own people only; what is being logged waits while they do something else in between."""
    if here.sender.side != "us" or incoming.kind not in ("text", "voice"):
        return None
    if incoming.state.get("expect") == "call":
        if _BEGINS.match(fold(incoming.text)) and len(bare(incoming.text)) > len("来电登记"):
            return _logged(incoming, here)
        return _goes_on(incoming, here)
    if not _BEGINS.match(fold(incoming.text)) or asks(incoming.text.split("\n")[0][:8]):
        return None
    return _logged(incoming, here)


def _logged(incoming: Incoming, here: Here) -> Reply:
    call = read(incoming.text, here.now, _partners(here), here.agreement.calendar)
    draft = {
        **_values(call),
        "logged_at": here.now.isoformat(),
        "doubts": {doubt.field: doubt.said for doubt in reversed(call.doubts)},
    }
    return _next(draft, incoming, here)


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
    draft = dict(incoming.state["call"])
    asking = incoming.state.get("asking")
    spoken = commands.read(incoming.text)
    if spoken and spoken.sure and spoken.number is not None:
        # Something else first: it is done, and the call waits.
        reply = verbs.handle(incoming, here)
        if reply is not None and not reply.state:
            told = f"{reply.text}\n\n{phrases.still_waiting(asking)}"
            return replace(reply, text=told, state=incoming.state)
    word = bare(incoming.text)
    if asking == "confirm" and _CONFIRM.fullmatch(word):
        return _file(draft, incoming, here)
    if asking == "confirm" and _ANSWERED.fullmatch(word):
        return _only_answered(draft, incoming, here)
    if word in _URGENCY and asking not in ("problem", "caller"):
        return _with(draft, "kind", _URGENCY[word], incoming, here)
    if (found := _CORRECTS.match(incoming.text.strip())) and asking != "problem":
        field = _FIELDS[found["label"]]
        return _take(field, found["value"].strip(), draft, incoming, here)
    if asking and asking != "confirm":
        return _take(asking, incoming.text.strip(), draft, incoming, here)
    return _more(draft, incoming, here)


def _take(field: Field, said: str, draft: dict[str, Any], incoming: Incoming, here: Here) -> Reply:
    """What was said for one field: taken where it can be, else asked for again with the reason."""
    if field == "caller":
        return _caller(said, draft, incoming, here)
    heard = read(f"{_LABELS[field]}：{said}", _at(draft), _partners(here), here.agreement.calendar)
    doubts = {doubt.field: doubt.said for doubt in reversed(heard.doubts)}
    value: str | None
    match field:
        case "problem":
            value = said
        case "kind":
            value = _URGENCY.get(bare(said))
        case "called_at":
            value = heard.called_at.isoformat() if heard.timed else None
        case _:
            value = getattr(heard, field)
    if not value or (field in doubts and field != "partner"):
        return _ask(field, draft, doubts.get(field, ""), again=True)
    if field == "partner" and "partner" in doubts:
        return _ask(field, draft, doubts["partner"], again=True)
    return _with(draft, field, value, incoming, here)


def _caller(said: str, draft: dict[str, Any], incoming: Incoming, here: Here) -> Reply:
    """A name, often with the number beside it, sometimes only the number."""
    name = fold(said)
    for number in numbers(name):
        name = name.replace(number.said, " ")
        if number.phone and draft["phone"] is None:
            draft = {**draft, "phone": number.phone}
    name = " ".join(re.sub(r"[\s,，、;；:：]+", " ", name).split())
    if not name or len(name) > _LONGEST_NAME:
        return _ask("caller", draft, "", again=True)
    return _with(draft, "caller", name, incoming, here)


_LABELS: Mapping[Field, str] = {
    "partner": "伙伴",
    "caller": "联系人",
    "phone": "电话",
    "called_at": "来电时间",
    "kind": "级别",
    "problem": "问题",
}


def _more(draft: dict[str, Any], incoming: Incoming, here: Here) -> Reply:
    """Said instead of 确认: whatever fields it names replace the draft's."""
    heard = read(incoming.text, _at(draft), _partners(here), here.agreement.calendar)
    named = {
        "partner": heard.partner,
        "phone": heard.phone,
        "called_at": heard.called_at.isoformat() if heard.timed else None,
        "kind": "urgent" if heard.kind == "urgent" else None,
    }
    changed = {field: value for field, value in named.items() if value and value != draft[field]}
    doubts = {doubt.field: doubt.said for doubt in reversed(heard.doubts)}
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
    similar = here.orders.orders.live_of(partner=partner.id, reporter=here.sender.userid)
    found = here.library.ask(draft["problem"])
    article = found.article if found.outcome == "answer" else None
    shown = phrases.Understood(**_spoken(draft), called_at=_called_at(draft))
    said = phrases.read_back(shown, [o for o in similar if o.partner == partner.id][:3], article, scene)
    return Reply(said, state=_state(draft, "confirm"))


def _ask(field: Field, draft: dict[str, Any], why: str, *, again: bool = False) -> Reply:
    return Reply(phrases.question(field, why, again=again), state=_state(draft, field))


def _state(draft: Mapping[str, Any], asking: str) -> dict[str, Any]:
    return {"expect": "call", "asking": asking, "call": dict(draft)}


# Filing


def _file(draft: dict[str, Any], incoming: Incoming, here: Here) -> Reply:
    order = file(
        here,
        kind=Kind(draft["kind"]),
        partner=_partner(draft, here),
        caller=draft["caller"],
        phone=draft["phone"],
        called_at=_called_at(draft),
        problem=draft["problem"],
    )
    return Reply(phrases.filed(order, Scene.of(incoming, here)))


def file(
    here: Here, *, kind: Kind, partner: Partner, caller: str, phone: str, called_at: datetime, problem: str
) -> WorkOrder:
    """Open the order of a call the speaker took: its response is met, its solution counts from the call.

    Raises:
        Incomplete: the call is over a year old or yet to come.
    """
    return here.orders.open(
        kind,
        problem,
        here.sender,
        topic=topic_of(here.orders, problem),
        form={"caller": caller, "phone": phone},
        partner=partner,
        received_at=called_at,
        taken_by=here.sender.userid,
    )


def _only_answered(draft: dict[str, Any], incoming: Incoming, here: Here) -> Reply:
    """The caller was answered on the line: kept as an answer that helped, without an order."""
    found = here.library.ask(draft["problem"])
    if found.article is None or found.outcome != "answer":
        return Reply(phrases.NO_ARTICLE, state=_state(draft, "confirm"))
    here.answers.became(here.answers.gave(found.article.id, draft["problem"]), "solved")
    return Reply(phrases.only_answered(found.article))


def _partner(draft: Mapping[str, Any], here: Here) -> Partner:
    # It was in the directory when it was read; one that has left since is asked for again.
    return here.directory.partners_named(draft["partner"])[0]


def _spoken(draft: Mapping[str, Any]) -> dict[str, Any]:
    return {field: draft[field] for field in ("partner", "caller", "phone", "kind", "problem")}


def _at(draft: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(draft["logged_at"])


def _called_at(draft: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(draft["called_at"] or draft["logged_at"]).astimezone(UTC)
