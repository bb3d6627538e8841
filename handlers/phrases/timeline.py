"""What happened to an order, event by event: who, what, and the words that went with it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from handlers.phrases import text
from handlers.phrases.forms import rejected
from handlers.phrases.names import KINDS, OWED, ROLES, VERBS
from handlers.phrases.scene import Scene
from handlers.phrases.stars import REASONS
from workorders.directory.people import Role
from workorders.orders.kinds import Kind, Part
from workorders.orders.order import Event, Verb, WorkOrder
from workorders.orders.rating import FEW, Reason

_PARTS = {**OWED, Part.COMPLETION: "承诺的完成时间"}
_LEVELS = {1: "一责", 2: "二责", 3: "客服负责人"}


@dataclass(frozen=True)
class Happening:
    """One line of a timeline.

    Attributes:
        who: a name, 您 or 系统. ``what``: what they did. ``words``: somebody's own, perhaps empty.
        why: what explains it. ``tone``: bad for what should not have happened, good for what was waited for.
    """

    at: datetime
    who: str
    what: str
    words: str = ""
    why: str = ""
    tone: Literal["", "good", "bad", "quiet"] = ""


def happening(event: Event, order: WorkOrder, scene: Scene) -> Happening:
    """The event in words."""
    who = scene.name(event.by)
    what, words, why, tone = _told(event, order, scene)
    quoted = text.quoted(words, shared=True, most=1000) if words else ""
    return Happening(event.at, who, what, quoted, why, tone)


def folded(happened: Iterable[Happening]) -> list[Happening]:
    """The same quiet thing several times in a row, such as pages, as one line at its last moment."""
    rows: list[Happening] = []
    times = 1
    for each in happened:
        before = rows[-1] if rows else None
        same = before is not None and before.tone == each.tone == "quiet" and not each.words
        if before and same and before.what.partition("（")[0] == each.what:
            times += 1
            rows[-1] = replace(each, what=f"{each.what}（{times} 次）")
        else:
            times = 1
            rows.append(each)
    return rows


_Told = tuple[str, str, str, Literal["", "good", "bad", "quiet"]]


def _told(event: Event, order: WorkOrder, scene: Scene) -> _Told:
    facts = event.facts
    match event.verb:
        case Verb.OPEN if event.by is None:
            return "到开始服务的时间，自动开单", "", "", ""
        case Verb.OPEN:
            return "开单", order.text, "", ""
        case Verb.PARK:
            until = event.change.get("parked_until")
            return "登记，等待开单", order.text, f"将于{scene.when(until)} 自动开单" if until else "", ""
        case Verb.ACCEPT:
            return "接单", "", "", "good"
        case Verb.PROPOSE:
            by = scene.when(datetime.fromisoformat(facts["completion"]))
            fee = f"，费用：{text.quoted(str(facts['fee']), shared=True)}" if facts.get("fee") else ""
            return "给出方案", str(facts["plan"]), f"承诺 {by} 前完成{fee}", "good"
        case Verb.SOLVE if facts.get("improvement"):
            better = text.quoted(str(facts["improvement"]), shared=True, most=500)
            return "答复投诉", str(facts["note"]), f"优化方案：{better}", "good"
        case Verb.DECLINE if facts.get("code"):
            return "驳回", rejected(str(facts["code"]), str(facts.get("reason") or "")), "", ""
        case Verb.CHANGE_KIND:
            was = KINDS[Kind(facts["from"])]
            return f"由{was}改为{KINDS[Kind(facts['to'])]}", "", "时限重新计算", ""
        case Verb.MERGE:
            return f"并入工单 {facts['into']}", "", "", "quiet"
        case Verb.JOIN:
            return f"工单 {facts['from']} 并入", "", "其报障人一并告知", ""
        case Verb.RECOUNT:
            moved = "截止时间已重新计算" if facts.get("moved") else "截止时间不变"
            return "放假安排更正", "", moved, "" if facts.get("moved") else "quiet"
        case Verb.SUSPEND:
            return "提出暂停服务", str(facts.get("reason") or ""), "", "bad"
        case Verb.SOLVE:
            return "解决", str(facts.get("note") or ""), "", "good"
        case Verb.PAUSE:
            return "挂起，计时暂停", "", f"等待：{text.quoted(str(facts['awaited']), shared=True)}", ""
        case Verb.HAND_OVER:
            to, frm = facts["to"], facts.get("from")
            if to == event.by:
                return f"接手{f'（原由{scene.name(frm)}负责）' if frm else ''}", "", "", ""
            return f"转交给{scene.name(to)}", "", "", ""
        case Verb.REROUTE:
            return f"改派到{ROLES[Role(facts['to'])]}", "", f"原岗位{ROLES[Role(facts['from'])]}", ""
        case Verb.URGE:
            return f"催单（第 {facts.get('times', 1)} 次）", "", "", "bad"
        case Verb.REOPEN:
            late = "解决时限此前已用完" if facts.get("nothing_left") else ""
            return "重开", str(facts.get("said") or ""), late, "bad"
        case Verb.CLOSE if event.by is None:
            return "无人提出异议，自动关闭", "", "", "quiet"
        case Verb.RATE:
            why = f"原因：{REASONS[Reason(facts['why'])]}" if facts.get("why") else ""
            return f"评价 {facts['stars']} 星", "", why, "bad" if facts["stars"] <= FEW else ""
        case Verb.ASSIGN:
            return f"归属到{text.quoted(str(facts['partner']), shared=True)}", "", "", ""
        case Verb.BREACH:
            due = scene.when(datetime.fromisoformat(facts["due"]))
            part = next((p.part for p in order.promises if p.clause == facts["clause"]), None)
            return f"记录超时：{_PARTS.get(part, '办理') if part else '办理'}", "", f"应在 {due} 前", "bad"
        case Verb.ESCALATE:
            return _escalated(event)
        case Verb.REMIND:
            return (
                "提醒双方仍在挂起",
                "",
                f"等待：{text.quoted(str(facts.get('awaited') or ''), shared=True)}",
                "quiet",
            )
    said = next((str(facts[key]) for key in ("said", "note", "reason") if facts.get(key)), "")
    return VERBS.get(event.verb, str(event.verb)), said, "", ""


def _escalated(event: Event) -> _Told:
    """To whom the clock spoke up: 呼叫一责、二责."""
    kinds = {"new": "通知", "page": "呼叫", "breach": "超时上报", "warn": "到期前提醒"}
    told: dict[str, list[str]] = {}
    for tell in event.facts.get("tells", ()):
        names = [_LEVELS[level] for level in tell["levels"]] or ["处理人"]
        mine = told.setdefault(kinds.get(tell["kind"], "通知"), [])
        mine += [name for name in names if name not in mine]
    return "；".join(f"{kind}{'、'.join(names)}" for kind, names in told.items()) or "升级", "", "", "quiet"
