"""约定事项 in conversation: 约定, Y3, 为什么 Y3, every verb on one, and filing in one sentence."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from handlers import obligation_forms as forms
from handlers.here import Here
from handlers.message import Card, Incoming, Reply
from handlers.phrases import obligation_refusals as refusals
from handlers.phrases import obligations as phrases
from handlers.phrases.scene import Scene
from handlers.reading import bare, fold, number_in
from workorders.obligations.errors import BadField
from workorders.obligations.obligation import Kind, Obligation, Verb
from workorders.obligations.surveys import averages
from workorders.obligations.telling import Telling

Do = Callable[[int, str, Here], Obligation]


@dataclass(frozen=True)
class Word:
    """A verb as people say it.

    Attributes:
        words: all words for it. ``verb``: what it does, for what is said of it.
        do: does it with the rest of the sentence.
        needs: the field asked for where nothing was said; empty where none is needed.
    """

    words: tuple[str, ...]
    verb: Verb
    do: Do
    needs: str = ""


def _retrain(number: int, rest: str, here: Here) -> Obligation:
    on = forms.day(rest, here, "day", ahead=True)
    return here.obligations.retrain(number, here.sender, on, on_site="上门" in rest)


def _answer(number: int, rest: str, here: Here) -> Obligation:
    given = forms.marks(rest)
    if given is None:
        raise BadField("scores", rest.strip())
    return here.obligations.answer(number, here.sender, *given)


def _agree(number: int, rest: str, here: Here) -> Obligation:
    """确认 or 收到: a partner accepts our change, ours confirm a partner's."""
    ours = here.obligations.look(number, here.sender).kind is Kind.OUR_CHANGE
    verb = here.obligations.acknowledge if ours else here.obligations.confirm
    return verb(number, here.sender)


_WORDS: tuple[Word, ...] = (
    Word(
        ("异议", "提异议", "有异议"),
        Verb.OBJECT,
        lambda n, r, h: h.obligations.object_to(n, h.sender, r),
        "text",
    ),
    Word(("收照片", "收到照片"), Verb.RECEIVE, lambda n, r, h: h.obligations.receive(n, h.sender, "photo")),
    Word(
        ("收原件", "收到原件"), Verb.RECEIVE, lambda n, r, h: h.obligations.receive(n, h.sender, "original")
    ),
    Word(
        ("停服", "停止服务", "暂停服务"),
        Verb.WITHHOLD,
        lambda n, r, h: h.obligations.withhold(n, h.sender, r),
        "reason",
    ),
    Word(("恢复服务", "恢复"), Verb.LIFT, lambda n, r, h: h.obligations.lift(n, h.sender)),
    Word(("复训", "重新培训"), Verb.RETRAIN, _retrain, "day"),
    Word(("填写", "填", "打分", "录入"), Verb.ANSWER, _answer, "scores"),
    Word(("意见",), Verb.REMARK, lambda n, r, h: h.obligations.remark(n, h.sender, r), "remark"),
    Word(("确认", "收到", "已收到", "知悉"), Verb.CONFIRM, _agree),
    Word(("作废", "撤销"), Verb.CANCEL, lambda n, r, h: h.obligations.cancel(n, h.sender, r), "reason"),
)
_BY_WORD: Mapping[str, Word] = {word: row for row in _WORDS for word in row.words}
_ANY = "|".join(sorted(_BY_WORD, key=len, reverse=True))
_GAP = r"[\s,，:：、。;；]*"
_VERB_FIRST = re.compile(rf"^(?P<word>{_ANY})\s*[:：]?\s*{forms.NUMBER}(?P<rest>.*)$", re.DOTALL)
_NUMBER_FIRST = re.compile(rf"^{forms.NUMBER}{_GAP}(?P<word>{_ANY})(?P<rest>.*)$", re.DOTALL)
_WHY = re.compile(
    rf"(?:为什么|为啥|解释)\s*[:：]?\s*{forms.NUMBER}.*|{forms.NUMBER}{_GAP}(?:为什么|为啥|解释).*"
)
_LOOK = re.compile(
    rf"(?:查询|查看|查|看|进度|进展|状态|签收单|辅导期|满意度调查|人员变更|我方变更)?\s*[:：]?\s*{forms.NUMBER}{_GAP}(?:的?(?:进度|进展|状态|怎么样|到哪)\S*)?"
)
_LIST = frozenset({"约定", "约定事项", "我的约定", "待办约定", "查约定", "约定列表"})
_HELP = frozenset({"约定帮助", "帮助约定", "帮助 约定", "约定事项帮助"})
#: 填写 5 4 5 4, which names no survey.
_MARKS_OF_THE_ONE = re.compile(r"填写(?:满意度(?:调查)?)?\s*[:：]?\s*(?P<rest>[1-9都全].*)", re.DOTALL)
_MARKS_ONLY = re.compile(r"[\d\s分,，、./;；]+")


def handle(incoming: Incoming, here: Here) -> Reply | None:
    """Y3 names one; 约定 lists them; a form's first word files one."""
    if incoming.kind == "press":
        return None
    folded = fold(incoming.text).strip()
    if bare(incoming.text) in _LIST:
        return _list(incoming, here)
    if bare(incoming.text) in _HELP:
        return Reply(phrases.help_text(staff=here.sender.side == "us"))
    if found := _WHY.fullmatch(folded):
        return _one(number_in(found), incoming, here, why=True)
    for form in (_VERB_FIRST, _NUMBER_FIRST):
        if found := form.match(folded):
            rest = incoming.text.strip()[found.start("rest") :].strip(" \n,，:：、。;；")
            return act(_BY_WORD[found["word"]], number_in(found), rest, incoming, here)
    if found := _LOOK.fullmatch(folded.rstrip("。.!！?？~")):
        return _one(number_in(found), incoming, here)
    if incoming.state.get("expect") == "marks" and (reply := _marks(incoming, here)):
        return reply
    if (found := _MARKS_OF_THE_ONE.match(folded)) and (one := _only_survey(here)):
        return act(_BY_WORD["填写"], one.number, incoming.text.strip()[found.start("rest") :], incoming, here)
    return _filed(folded, incoming, here)


def expected(incoming: Incoming, here: Here) -> Reply | None:
    """The next message, taken for what a verb still needed."""
    word, number = _BY_WORD.get(str(incoming.state.get("word"))), incoming.state.get("obligation")
    if word is None or not isinstance(number, int):
        return None
    return act(word, number, incoming.text.strip(), incoming, here)


def act(word: Word, number: int, rest: str, incoming: Incoming, here: Here) -> Reply:
    """Do it, or ask for what it still needs and remember what it was for."""
    o = here.obligations.look(number, here.sender)
    if not _may_be_shown(o, incoming, here):
        return Reply(phrases.ELSEWHERE)
    if word.verb is Verb.ANSWER and not rest:
        here.obligations.judge(number, Verb.ANSWER, here.sender)
        return Reply(phrases.ask_marks(number), state={"expect": "marks", "obligation": number})
    scene = Scene.of(incoming, here)
    try:
        o = word.do(number, rest, here)
    except BadField as missing:
        if missing.given or missing.field != word.needs:
            raise
        state = {"expect": "obligation", "word": word.words[0], "obligation": number}
        return Reply(f"约定事项 Y{number}：{refusals.bad(missing)}", state=state)
    verb = Verb.ACKNOWLEDGE if o.kind is Kind.OUR_CHANGE and word.verb is Verb.CONFIRM else word.verb
    return Reply(phrases.done(verb, o, scene))


def press(argument: str, incoming: Incoming, here: Here) -> Reply:
    """A button on a letter's card: ``photo:3``, ``survey:3`` …"""
    assert incoming.press is not None
    key, _, number = argument.partition(":")
    word = _PRESSED.get(key)
    if word is None or not re.fullmatch(r"[1-9]\d{0,6}", number, re.ASCII):
        return Reply(
            update=Card(incoming.press.task_id, "约定事项", body="这张卡片已失效，请回复「约定」查看。")
        )
    reply = act(_BY_WORD[word], int(number), "", incoming, here)
    return Reply(
        update=Card(incoming.press.task_id, f"约定事项 Y{number}", body=reply.text), state=reply.state
    )


_PRESSED: Mapping[str, str] = {
    "photo": "收照片",
    "original": "收原件",
    "survey": "填写",
    "confirm": "确认",
    "ack": "收到",
}


# Looking


def _one(number: int, incoming: Incoming, here: Here, *, why: bool = False) -> Reply:
    o = here.obligations.look(number, here.sender)
    if not _may_be_shown(o, incoming, here):
        return Reply(phrases.ELSEWHERE)
    scene = Scene.of(incoming, here)
    return Reply(phrases.shown(o, scene, why=phrases.why(o, scene) if why else ()))


def _list(incoming: Incoming, here: Here) -> Reply:
    found = here.obligations.live_of(here.sender)
    shown = [o for o in found if _may_be_shown(o, incoming, here)]
    if found and not shown:
        return Reply(phrases.ELSEWHERE)
    return Reply(phrases.listing(shown, Scene.of(incoming, here)) if shown else phrases.NONE_OPEN)


def _may_be_shown(o: Obligation, incoming: Incoming, here: Here) -> bool:
    """In a group only what concerns its company; our own groups see everything."""
    if incoming.chat is None:
        return True
    if here.group is None:
        return False
    return here.group.purpose is not None or (
        here.group.partner is not None and here.group.partner.id in o.partners
    )


def _only_survey(here: Here) -> Obligation | None:
    """The survey a partner means without its number: the only one it has open."""
    if here.sender.side == "us":
        return None
    open_ones = [o for o in here.obligations.live_of(here.sender) if o.kind is Kind.SURVEY]
    return open_ones[0] if len(open_ones) == 1 else None


def _marks(incoming: Incoming, here: Here) -> Reply | None:
    """The marks of a survey, once they were asked for; anything without them is another matter."""
    number = incoming.state.get("obligation")
    if not isinstance(number, int):
        return None
    if forms.marks(incoming.text) is not None:
        with suppress(BadField):
            return act(_BY_WORD["填写"], number, incoming.text.strip(), incoming, here)
    elif not _MARKS_ONLY.fullmatch(fold(incoming.text)):
        return None
    return Reply(phrases.ask_again(number), state=incoming.state)


# Filing


def _slip(rest: str, here: Here) -> Obligation:
    words = forms.split(rest)
    whose = forms.partner(words[0] if words else "", here)
    goods, fen = forms.goods(rest), forms.fen(rest)
    at = forms.delivered(forms.without_amount(rest), here)
    return here.obligations.file_slip(here.sender, whose, delivered_at=at, goods=goods, fen=fen)


def _coaching(rest: str, here: Here) -> Obligation:
    words = forms.split(rest)
    whose = forms.partner(words[0] if words else "", here)
    _, before, after = rest.partition("笔试")
    exam, practical, last = after.partition("实操")
    trainee = "、".join(forms.split(rest.removesuffix(before + after))[1:])
    return here.obligations.file_coaching(
        here.sender,
        whose,
        trainee=trainee,
        exam=forms.day(exam if before else "", here, "exam", ahead=False),
        practical=forms.day(last if practical else "", here, "practical", ahead=False),
    )


def _their_change(rest: str, here: Here) -> Obligation:
    whose = here.sender.partner
    if here.sender.side == "us":
        first = next(iter(forms.split(rest)), "")
        whose = forms.partner(first, here)
        rest = rest[rest.index(first) + len(first) :]
    if whose is None:
        raise BadField("partner")
    moved = forms.moved(rest, here)
    return here.obligations.file_their_change(
        here.sender,
        whose,
        role=moved.role,
        leaves=moved.leaves,
        comes=moved.comes,
        effective=moved.effective,
        stamped=moved.stamped,
        reach=moved.reach,
    )


def _our_change(rest: str, here: Here) -> Obligation:
    moved = forms.moved(rest, here)
    people = []
    for field, name in (("leaves", moved.leaves), ("comes", moved.comes)):
        found = here.directory.staff_named(name)
        if len(found) != 1:
            raise BadField(field, name, "one of our own people in the directory")
        people.append(found[0])
    return here.obligations.file_our_change(
        here.sender,
        role=moved.role,
        rank=moved.rank,
        frm=people[0],
        to=people[1],
        effective=moved.effective,
        stamped=moved.stamped,
    )


_FORMS: Mapping[str, Callable[[str, Here], Obligation]] = {
    "签收单": _slip,
    "交货": _slip,
    "辅导期": _coaching,
    "辅导": _coaching,
    "人员变更": _their_change,
    "对接人变更": _their_change,
    "我方变更": _our_change,
}
_FORM = re.compile(rf"^(?P<word>{'|'.join(_FORMS)})(?:\s*[:：]\s*|\s+|$)(?P<rest>.*)$", re.DOTALL)
_CADENCE = re.compile(r"^满意度周期\s*[:：]?\s*(?P<partner>\S+)\s+(?P<months>\d{1,3})\s*(?:个?月)?$")
_AVERAGES = re.compile(r"^满意度(?:平均分?)?(?:\s+(?P<partner>\S+))?$")


def _filed(folded: str, incoming: Incoming, here: Here) -> Reply | None:
    desk = here.sender.works_orders or here.sender.supervises
    scene = Scene.of(incoming, here)
    if desk and (found := _CADENCE.match(folded)):
        whose = forms.partner(found["partner"], here)
        plan = here.surveys.set_cadence(here.sender, whose, int(found["months"]))
        assert plan.next_at is not None
        return Reply(phrases.cadence(whose.name, int(found["months"]), scene.when(plan.next_at)))
    if desk and (found := _AVERAGES.match(folded)):
        return _averages(found["partner"], here)
    found = _FORM.match(folded)
    # 签收单 alone, or asked about by a partner, is a question for the articles.
    if found is None or not (desk or found["word"] in ("人员变更", "对接人变更")):
        return None
    rest = incoming.text.strip()[found.start("rest") :]
    o = _FORMS[found["word"]](rest, here)
    telling = Telling(here.directory)
    reached = all(telling.reached(o, partner) for partner in o.partners)
    return Reply(phrases.filed(o, here.obligations.obligations.events(o.number), scene, reached=reached))


def _averages(name: str | None, here: Here) -> Reply:
    partners = [forms.partner(name, here)] if name else here.directory.partners()
    rows = []
    for whose in partners:
        answered = here.obligations.obligations.surveys(whose.id)
        if means := averages(answered):
            rows.append((whose.name, len(answered), means))
    return Reply(phrases.averages(rows))
