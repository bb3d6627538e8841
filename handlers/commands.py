"""The verbs as people say them: word, what it does, what it still needs, what is said of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from handlers import fees, form_lines, moments
from handlers.here import Here
from handlers.phrases import forms
from handlers.phrases import orders as phrases
from handlers.phrases.names import KIND_WORDS, ROLE_WORDS
from handlers.phrases.scene import Scene
from handlers.reading import NUMBER, bare, fold
from workorders.directory.people import Role, unknown
from workorders.errors import Incomplete
from workorders.orders.errors import NotYours, WrongKind
from workorders.orders.kinds import Kind, Rejection
from workorders.orders.order import Verb, WorkOrder

Do = Callable[[Here, int, str], WorkOrder]


@dataclass(frozen=True)
class Command:
    """One verb of the life table, as people say it.

    Attributes:
        name: the Chinese word it is known by, in states and lists.
        words: all words for it.
        verb: the verb. ``do`` does it with the argument as it was typed.
        said: the sentence for whoever did it.
        needs: the field of ``Incomplete`` its argument is; empty for one without an argument.
        optional: an argument it takes but does not need.
        to_self: it makes the speaker the owner.
    """

    name: str
    words: tuple[str, ...]
    verb: Verb
    do: Do
    said: Callable[[WorkOrder, Scene], str]
    needs: str = ""
    optional: bool = False
    to_self: bool = False

    @property
    def takes(self) -> bool:
        return bool(self.needs) or self.optional

    def of_several(self, *, reporter: bool) -> bool:
        """Whether it may be done to several orders at once: what is said would be of one of them."""
        return (
            not self.takes
            or self.verb is Verb.REOPEN
            or self.name == "通过"
            or (self.verb is Verb.CLOSE and reporter)
        )


def _propose(here: Here, number: int, argument: str) -> WorkOrder:
    """The plan, its completion moment and, of an integration, its fee, out of one sentence."""
    fee = ""
    if _kind_of(here, number) is Kind.INTEGRATION:
        fee, argument = fees.taken_out(argument)
    found = moments.find(argument, here.now, here.agreement.calendar)
    if found and found.rest and not found.doubt and found.at <= here.now + FARTHEST:
        return here.orders.propose(number, here.sender, found.rest, found.at, fee)
    judge_proposing(here, number)
    if found is None:
        raise Incomplete("moment" if argument.strip() else "plan")
    if found.doubt == "past":
        raise Incomplete("moment", found.said)
    raise Incomplete("moment" if found.doubt or found.rest else "plan")


#: Nobody promises beyond a year; a moment farther off is a slip.
FARTHEST = timedelta(days=366)


def judge_proposing(here: Here, number: int) -> None:
    """Refuse whoever could not give a plan, before anybody is asked for one.

    Raises:
        Refused: as :meth:`OrderDesk.propose`.
    """
    # Handed no plan, the desk judges person and state first and misses the plan last.
    with suppress(Incomplete):
        here.orders.propose(number, here.sender, "", here.now)


def _kind_of(here: Here, number: int) -> Kind | None:
    order = here.orders.read(number)
    return order.kind if order else None


def _solve(here: Here, number: int, argument: str) -> WorkOrder:
    """What was done; of a complaint its result and what will be done better (结果：…；优化方案：…)."""
    if _kind_of(here, number) is not Kind.COMPLAINT:
        return here.orders.solve(number, here.sender, argument)
    found = _REPLY.fullmatch(argument.strip())
    result, improvement = (found["result"], found["improvement"]) if found else (argument, "")
    return here.orders.solve(
        number, here.sender, result.strip(_SEPARATORS), (improvement or "").strip(_SEPARATORS)
    )


_SEPARATORS = " \n:：;；,，。"
_REPLY = re.compile(
    r"(?:处理)?(?:结果)?\s*[:：]?(?P<result>.*?)[;；,，。\s]*"
    r"(?:优化|改进)(?:方案|措施)?\s*[:：](?P<improvement>.+)",
    re.DOTALL,
)


def _approve(here: Here, number: int, argument: str) -> WorkOrder:
    order = here.orders.look(number, here.sender)
    if order.kind is not Kind.ONBOARDING:
        raise WrongKind(number, "approve", order.kind)
    return here.orders.solve(number, here.sender, argument)


def _decline(here: Here, number: int, argument: str) -> WorkOrder:
    """The reason; of an onboarding what it was rejected for, by the words in it, and how to mend it."""
    if _kind_of(here, number) is not Kind.ONBOARDING:
        return here.orders.decline(number, here.sender, argument)
    words = argument.strip()
    code = forms.rejection_in(words) or (Rejection.OTHER if words else None)
    return here.orders.decline(number, here.sender, words, code)


def _change_kind(here: Here, number: int, argument: str) -> WorkOrder:
    """改类 1001 商户入驻, and the fields that kind asks for on the lines after it."""
    first, _, rest = argument.strip().partition("\n")
    word, _, more = re.sub(r"^(?:为|成|到)\s*", "", first).partition(" ")
    kind = KIND_WORDS.get(bare(word))
    if kind is None:
        _judge_desk(here, number, Verb.CHANGE_KIND)
        raise Incomplete("kind", bare(word))
    filled, _ = form_lines.read(kind, f"{more}\n{rest}", here)
    return here.orders.change_kind(number, here.sender, kind, filled)


def _merge(here: Here, number: int, argument: str) -> WorkOrder:
    found = re.search(NUMBER, fold(argument))
    if found is None:
        _judge_desk(here, number, Verb.MERGE)
        raise Incomplete("into")
    return here.orders.merge(number, here.sender, int(found[1]))


def _resubmit(here: Here, number: int, argument: str) -> WorkOrder:
    """What was corrected, in words or as fields (商户：…)."""
    kind = _kind_of(here, number)
    if kind is None:
        return here.orders.resubmit(number, here.sender, argument)
    filled, words = form_lines.read(kind, argument, here)
    return here.orders.resubmit(number, here.sender, words, filled)


def _hand_over(here: Here, number: int, argument: str) -> WorkOrder:
    name = _name(argument)
    people = here.directory.staff_named(name) if name else ()
    # Nobody of that name is for the desk to refuse, after it has judged who asks.
    to = people[0] if len(people) == 1 else unknown(name)
    try:
        return here.orders.hand_over(number, here.sender, to)
    except Incomplete as incomplete:
        if to.side == "us":
            raise Incomplete("worker", to.name) from incomplete
        raise


#: Roles that work no orders of their own, and are not in the list a wrong one is answered with.
_NOT_OFFERED = frozenset({Role.CS_LEAD, Role.HR})


def _reroute(here: Here, number: int, argument: str) -> WorkOrder:
    name = bare(_name(argument)).removesuffix("部").removesuffix("岗")
    role = ROLE_WORDS.get(name)
    if role is None or role in _NOT_OFFERED:
        _judge_desk(here, number, Verb.REROUTE)
        raise Incomplete("role", name)
    return here.orders.reroute(number, here.sender, role)


def _judge_desk(here: Here, number: int, verb: Verb) -> None:
    order = here.orders.look(number, here.sender)
    if not (here.sender.works_orders or here.sender.supervises):
        raise NotYours(number, verb, order.owner)


def _name(argument: str) -> str:
    """The name in 给老周, 到售后."""
    return re.sub(r"^(?:给|到|至|去|于)\s*", "", argument.strip()).strip(" 。.!！，,")


def _assign(here: Here, number: int, argument: str) -> WorkOrder:
    name = _name(argument)
    partners = here.directory.partners_named(name) if name else ()
    if len(partners) != 1:
        _judge_desk(here, number, Verb.ASSIGN)
        raise Incomplete("partner", name)
    return here.orders.assign(number, here.sender, partners[0])


COMMANDS: tuple[Command, ...] = (
    Command(
        "接单", ("接单", "受理"), Verb.ACCEPT, lambda h, n, a: h.orders.accept(n, h.sender), phrases.accepted
    ),
    Command("给方案", ("给出方案", "给方案", "方案"), Verb.PROPOSE, _propose, phrases.proposed, needs="plan"),
    Command(
        "解决",
        ("解决", "处理完成", "已处理"),
        Verb.SOLVE,
        _solve,
        phrases.solved,
        optional=True,
    ),
    Command(
        "挂起",
        ("挂起", "暂停"),
        Verb.PAUSE,
        lambda h, n, a: h.orders.pause(n, h.sender, a),
        phrases.paused,
        needs="awaited",
    ),
    Command(
        "恢复",
        ("恢复",),
        Verb.RESUME,
        lambda h, n, a: h.orders.resume(n, h.sender, a),
        phrases.resumed,
        optional=True,
    ),
    Command(
        "转交", ("转交", "移交", "转给"), Verb.HAND_OVER, _hand_over, phrases.handed_over, needs="person"
    ),
    Command(
        "接手",
        ("接手",),
        Verb.HAND_OVER,
        lambda h, n, a: h.orders.hand_over(n, h.sender, h.sender),
        phrases.handed_over,
        to_self=True,
    ),
    Command("改派", ("改派",), Verb.REROUTE, _reroute, phrases.rerouted, needs="role"),
    Command(
        "转紧急",
        ("转为紧急", "升级紧急", "升级为紧急", "转紧急"),
        Verb.UPGRADE,
        lambda h, n, a: h.orders.upgrade(n, h.sender),
        phrases.upgraded,
    ),
    Command(
        "转日常",
        ("转为日常", "降为日常", "转日常"),
        Verb.DOWNGRADE,
        lambda h, n, a: h.orders.downgrade(n, h.sender, a),
        phrases.downgraded,
        needs="reason",
    ),
    Command(
        "退回",
        ("退回", "驳回"),
        Verb.DECLINE,
        _decline,
        phrases.declined,
        needs="reason",
    ),
    Command(
        "撤回",
        ("撤回", "撤销", "撤消", "撤单"),
        Verb.CANCEL,
        lambda h, n, a: h.orders.cancel(n, h.sender),
        phrases.cancelled,
    ),
    Command(
        "催单",
        ("催单", "催办", "催促", "催"),
        Verb.URGE,
        lambda h, n, a: h.orders.urge(n, h.sender),
        phrases.urged,
    ),
    Command(
        "重开",
        ("重新打开", "重开"),
        Verb.REOPEN,
        lambda h, n, a: h.orders.reopen(n, h.sender, a),
        phrases.reopened,
        optional=True,
    ),
    Command(
        "关闭",
        ("关闭", "关单", "结单"),
        Verb.CLOSE,
        lambda h, n, a: h.orders.close(n, h.sender, a),
        phrases.closed,
        optional=True,
    ),
    Command(
        "超时原因",
        ("超时原因", "超时说明"),
        Verb.EXPLAIN,
        lambda h, n, a: h.orders.explain(n, h.sender, a),
        phrases.explained,
        needs="reason",
    ),
    Command("通过", ("审核通过", "通过"), Verb.SOLVE, _approve, phrases.approved, optional=True),
    Command("改类", ("改类", "改为"), Verb.CHANGE_KIND, _change_kind, phrases.kind_changed, needs="kind"),
    Command("并入", ("并入", "合并到"), Verb.MERGE, _merge, phrases.merged, needs="into"),
    Command(
        "重新提交", ("重新提交", "再次提交"), Verb.RESUBMIT, _resubmit, phrases.resubmitted, optional=True
    ),
    Command(
        "加急",
        ("申请加急", "加急处理", "加急配置"),
        Verb.EXPEDITE,
        lambda h, n, a: h.orders.expedite(n, h.sender),
        phrases.expedited,
    ),
    Command(
        "提出暂停服务",
        ("提出暂停服务", "申请暂停服务", "提出暂停"),
        Verb.SUSPEND,
        lambda h, n, a: h.orders.suspend(n, h.sender, a),
        phrases.suspended,
        optional=True,
    ),
    Command(
        "留言",
        ("留言",),
        Verb.MESSAGE,
        lambda h, n, a: h.orders.message(n, h.sender, a),
        phrases.messaged,
        needs="text",
    ),
    Command("归属", ("归属",), Verb.ASSIGN, _assign, phrases.assigned, needs="partner"),
)

BY_NAME: Mapping[str, Command] = {command.name: command for command in COMMANDS}
