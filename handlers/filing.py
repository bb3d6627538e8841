"""Filing what has a form: 接入申请, 商户入驻, 售后, 投诉, in one message or a field at a time."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from handlers import form_lines
from handlers.here import Here
from handlers.message import Incoming, Reply
from handlers.phrases import forms as phrases
from handlers.phrases import orders as order_phrases
from handlers.phrases.scene import Scene
from handlers.reading import NUMBER, asks, bare, fold
from workorders.directory.people import Partner, Role
from workorders.errors import Incomplete
from workorders.orders.errors import BadForm, Fault
from workorders.orders.forms import FORMS
from workorders.orders.kinds import Kind

_WORDS: Mapping[str, Kind] = {
    "接入申请": Kind.INTEGRATION,
    "申请接入": Kind.INTEGRATION,
    "对接申请": Kind.INTEGRATION,
    "申请对接": Kind.INTEGRATION,
    "系统对接申请": Kind.INTEGRATION,
    "定制开发申请": Kind.INTEGRATION,
    "商户入驻": Kind.ONBOARDING,
    "入驻申请": Kind.ONBOARDING,
    "申请入驻": Kind.ONBOARDING,
    "商户进件": Kind.ONBOARDING,
    "进件申请": Kind.ONBOARDING,
    "硬件售后": Kind.AFTERSALES,
    "售后申请": Kind.AFTERSALES,
    "申请售后": Kind.AFTERSALES,
    "售后": Kind.AFTERSALES,
    "提交投诉": Kind.COMPLAINT,
    "投诉": Kind.COMPLAINT,
}
_FORM = re.compile(
    rf"^(?:请|麻烦|我要|我想)?(?P<word>{'|'.join(sorted(_WORDS, key=len, reverse=True))})"
    r"(?P<gap>[ \t:：,，、;；]*)(?P<rest>.*)$",
    re.DOTALL,
)
#: What such work is spoken of with, rather than asked for: 投诉 电话, 售后 政策.
_SPOKEN_OF = re.compile(
    r"(?:电话|热线|号码|渠道|邮箱|流程|入口|时间|时限|标准|地址|政策|资料|材料|费用|进度|条件|要求|规则|率|部门?|人员?|吧|了)+"
)


def handle(incoming: Incoming, here: Here) -> Reply | None:
    """The word alone, a sentence after it, or a field a line; a question about it is none of these."""
    folded = fold(incoming.text).strip()
    found = _FORM.match(folded)
    if found is None or (incoming.state.get("expect") in ("role", "kind") and bare(folded) in _WORDS):
        return None  # 改派 1001 was asked where to, and 售后 is where
    kind = _WORDS[found["word"]]
    rest = incoming.text.strip()[found.start("rest") :].strip()
    if not rest or bare(incoming.text) in _WORDS:
        return _submit(kind, {}, "", incoming, here, first=True)
    lined = "\n" in found["rest"] or found["rest"].startswith("\n") or "\n" in folded
    numbered = kind is Kind.COMPLAINT and re.match(NUMBER, found["rest"])
    if not lined and not numbered and (not found["gap"] or asks(rest) or _SPOKEN_OF.fullmatch(bare(rest))):
        return None
    filled, words = form_lines.read(kind, rest, here)
    if words and not lined:
        filled, words = _in_a_sentence(kind, filled, words)
    return _submit(kind, filled, words, incoming, here)


def _in_a_sentence(kind: Kind, filled: dict[str, str], words: str) -> tuple[dict[str, str], str]:
    """What a sentence says of the form: 投诉 1001 态度差, 投诉 技术 响应慢, 商户入驻 张记面馆."""
    first, _, more = words.partition(" ")
    if kind is Kind.COMPLAINT:
        if number := re.match(rf"(?:工单\s*)?[#№]?{NUMBER}\s*[,，:：号]?", fold(words)):
            return {**filled, "order": number[1]}, words[number.end() :].strip()
        if role := phrases.role_named(bare(first)):
            return {**filled, "role": str(role)}, more.strip()
    if text := FORMS[kind].text:
        return {text: words, **filled}, ""
    return filled, words


def fill(incoming: Incoming, here: Here) -> Reply | None:
    """What can only be of the form that was begun: named fields, a bare number, a role to complain of.

    Anything else is first heard for itself, a report above all, and only then as an answer (``answered``).
    """
    first, _, more = incoming.text.strip().partition("\n")
    if not _awaits_field(incoming) or (more and bare(first) in _WORDS):
        return None
    lines, _ = form_lines.read(Kind(str(incoming.state["kind"])), incoming.text, here)
    if lines or bare(incoming.text).isdecimal() or _role_complained_of(incoming):
        return answered(incoming, here)
    return None


def answered(incoming: Incoming, here: Here) -> Reply | None:
    """The answer to the field of a form that was asked for; a question is none."""
    if not _awaits_field(incoming):
        return None
    state = incoming.state
    kind, field = Kind(str(state["kind"])), str(state["field"])
    kept = state.get("filled")
    filled = {str(k): str(v) for k, v in kept.items()} if isinstance(kept, Mapping) else {}
    words = str(state.get("text") or "")
    lines, rest = form_lines.read(kind, incoming.text, here)
    if lines:
        return _submit(kind, filled | lines, rest or words, incoming, here)
    if field == "text":
        return _submit(kind, filled, incoming.text, incoming, here)
    if role := _role_complained_of(incoming):
        return _submit(kind, filled | {"role": str(role)}, words, incoming, here)
    value = form_lines.value(field, incoming.text, here)
    return _submit(kind, filled | {field: value}, words, incoming, here)


#: Intents that end a form, go on with one or begin another.
_OF_FORMS = frozenset({"press", "cancel", "fill", "filing", "expected"})
#: Intents after which what is said next belongs to an order, not to the form; as after a question of theirs.
_OPENS = frozenset({"opening", "human", "hotline"})


def interrupted(reply: Reply, incoming: Incoming, *, by: str) -> Reply:
    """A reply in the middle of a form: the form is gone on with, or laid aside; either is said.

    Args:
        by: the intent that replied.
    """
    state = incoming.state
    if state.get("expect") != "form" or by in _OF_FORMS or reply.state == state or not reply.text:
        return reply
    kind = Kind(str(state["kind"]))
    if by in _OPENS or reply.state:
        return replace(reply, text=f"{reply.text}\n{phrases.laid_aside(kind)}")
    return replace(reply, text=f"{reply.text}\n\n{phrases.ask(kind, str(state['field']))}", state=state)


def _awaits_field(incoming: Incoming) -> bool:
    asked = incoming.state.get("expect") == "form" and incoming.kind == "text"
    return asked and not incoming.text.rstrip().endswith(("?", "？"))


def _role_complained_of(incoming: Incoming) -> Role | None:
    state = incoming.state
    if state.get("kind") != Kind.COMPLAINT or state.get("field") != "order":
        return None
    return phrases.role_named(bare(incoming.text))


def _submit(
    kind: Kind,
    filled: Mapping[str, str],
    words: str,
    incoming: Incoming,
    here: Here,
    *,
    first: bool = False,
) -> Reply:
    """Open it, or ask for the first field that is missing or impossible.

    Args:
        first: nothing was filled in yet: the whole form is shown, to be copied.
    """
    form = dict(filled)

    def asking(field: str, said: str = "") -> Reply:
        state = {"expect": "form", "kind": str(kind), "field": field, "filled": form, "text": words}
        return Reply("\n".join(part for part in (said, phrases.ask(kind, field)) if part), state=state)

    try:
        partner = _partner(kind, form.get("partner", ""), here)
        given = {name: value for name, value in form.items() if name != "partner"}
        order = here.orders.open(kind, words, here.sender, here.group, form=given, partner=partner)
    except BadForm as bad:
        wrong = [fault for fault in bad.faults if fault.why != "missing"]
        for fault in wrong:
            form.pop(fault.field, None)
        said = phrases.wrong(BadForm(kind, tuple(wrong))) if wrong else ""
        if first:
            said = phrases.invitation(kind)
        asked = next((f for f in (*wrong, *bad.faults) if f.why != "unknown"), None)
        return asking(asked.field, said) if asked else Reply(said)
    except Incomplete as incomplete:
        if incomplete.field not in ("text", "partner"):
            raise
        return asking(incomplete.field, phrases.invitation(kind) if first else "")
    return Reply(order_phrases.opened(order, Scene.of(incoming, here)))


def _partner(kind: Kind, name: str, here: Here) -> Partner | None:
    """The partner our people name.

    Raises:
        BadForm: there is none of that name, or more than one.
    """
    if not name:
        return None
    found = here.directory.partners_named(name)
    if len(found) != 1:
        raise BadForm(kind, (Fault("partner", "nobody", name),))
    return found[0]
