"""The letters about orders to whoever reported them: what became of it, and what they may answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from handlers.message import Button
from handlers.phrases import cards
from handlers.phrases.facts import Facts, Said
from handlers.phrases.forms import rejected
from handlers.phrases.names import KINDS
from handlers.phrases.text import quoted
from workorders.orders.kinds import APPLICATIONS, Kind


def _to_reporter(
    f: Facts, head: str, body: str = "", words: str = "", buttons: tuple[Button, ...] = ()
) -> Said:
    """For whoever reported it; where nothing is to be pressed, a text.

    Whoever took a phone call is told whom to call back.
    """
    if (f.facts.get("form") or {}).get("caller"):
        body = f"{body}\n{f.form}".strip()
    return Said(
        head=f"{head}（{f.stamp}）",
        body=body,
        words=words,
        title=f.named,
        desc=f.stamp,
        shown=f"{head}\n{body}".strip(),
        buttons=buttons,
    )


def _opened(f: Facts) -> Said:
    return _to_reporter(
        f,
        f"{f.named} 已开{f.due_politely}。",
        f.text,
        f"回复「催单 {f.number}」「进度 {f.number}」可催办、查看。",
    )


def _accepted(f: Facts) -> Said:
    return _to_reporter(
        f, f"{f.named} 已由{f.name('owner')}接单{f.by_politely('solution_due', f.owed)}。", f.text
    )


def _proposed(f: Facts) -> Said:
    fee = f"费用：{f.words('fee')}。" if f.facts.get("fee") else ""
    return _to_reporter(
        f,
        f"{f.named} 方案：{f.words('plan', 300)}",
        f"处理人{f.name('owner')}，承诺 {f.moment('completion')} 前完成。{fee}",
    )


def _solved(f: Facts) -> Said:
    if f.kind is Kind.COMPLAINT:
        return _replied(f)
    note = f"说明：{f.words('note', 300)}\n" if f.facts.get("note") else ""
    until = f.moment("close_at")
    closes = f"{until} 前无异议将自动关闭。" if until else ""
    return _to_reporter(
        f,
        f"{f.named} {_solved_by(f)}。",
        f"{note}{f.text}\n{closes}".strip(),
        f"仍有问题请回复「没解决 {f.number}」，已好请回复「已解决 {f.number}」。",
        cards.for_reporter_solved(f.number),
    )


def _solved_by(f: Facts) -> str:
    who = f.name("by") or f.name("owner")
    return f"审核通过（{who}）" if f.kind is Kind.ONBOARDING else f"已由{who}解决"


def _replied(f: Facts) -> Said:
    """The reply to a complaint: its result, and what will be done better."""
    until = f.moment("close_at")
    return _to_reporter(
        f,
        f"{f.named} 处理结果：{f.words('note', 300)}",
        f"优化方案：{f.words('improvement', 300)}\n{f.text}"
        + (f"\n{until} 前无异议将自动关闭。" if until else ""),
        f"不认可请回复「没解决 {f.number}」，认可请回复「已解决 {f.number}」。",
        cards.for_reporter_solved(f.number),
    )


def _paused(f: Facts) -> Said:
    return _to_reporter(
        f,
        f"{f.named} 已挂起，等待您处理：{f.awaited}",
        f.text,
        f"请回复「{f.number} 内容」，收到即恢复。",
    )


def _declined(f: Facts) -> Said:
    if f.kind in APPLICATIONS:
        why = rejected(f.facts.get("code"), f.words("reason", 300))
        return _to_reporter(
            f,
            f"{f.named} 已{'驳回' if f.kind is Kind.ONBOARDING else '退回'}：{why}",
            f.text,
            f"修改后请回复「重新提交 {f.number} 修改说明」，时限重新计算。",
        )
    return _to_reporter(
        f,
        f"{f.named} 已退回，原因：{f.words('reason', 300)}",
        f.text,
        f"如有异议请回复「重开 {f.number} 说明」。",
        (Button("重开", f"unsolved:{f.number}", style=2),),
    )


def _messaged(f: Facts) -> Said:
    """Whoever took a phone call passes it on."""
    caller = quoted(str((f.facts.get("form") or {}).get("caller") or ""), shared=f.shared)
    words = f"请转告{caller}。" if caller else f"补充请回复「{f.number} 内容」。"
    return _to_reporter(f, f"{f.named} {f.name('by')}留言：{f.words('said', 500)}", f.text, words)


def _handed_over(f: Facts) -> Said:
    """To the old owner and the reporter alike."""
    frm, to = f.name("from_name"), f.name("to_name")
    if not frm:
        gave = f"由{to}接手"
    elif f.facts.get("took"):
        gave = f"由{to}接手（原由{frm}处理）"
    else:
        gave = f"由{frm}转交{to}"
    return _to_reporter(
        f,
        f"{f.named} 已{gave}，计时不变{f.by_politely('solution_due', f.owed)}。",
        f.text,
        f"回复「进度 {f.number}」可查看。",
    )


def _upgraded(f: Facts) -> Said:
    """To the owner and the reporter alike."""
    who = f"，{f.name('owner')}处理中" if f.facts.get("owner") else ""
    return _to_reporter(
        f,
        f"工单 {f.number} 已由{f.name('by')}转紧急{who}{f.due_politely}。",
        f.text,
        f"回复「进度 {f.number}」可查看。",
    )


def _downgraded(f: Facts) -> Said:
    return _to_reporter(
        f,
        f"工单 {f.number} 已转日常，原因：{f.words('reason', 200)}{f.due_politely}。",
        f.text,
        f"如仍紧急请回复「紧急 {f.number}」。",
    )


def _remind_reporter(f: Facts) -> Said:
    return _to_reporter(
        f,
        f"{f.named} 仍在等待您处理：{f.awaited}",
        f.text,
        f"请回复「{f.number} 内容」；不再需要请回复「撤回 {f.number}」。",
    )


def _kind_changed_reporter(f: Facts) -> Said:
    was = KINDS[Kind(f.facts["from"])]
    return _to_reporter(f, f"{f.named} 已由{was}改为{KINDS[f.kind]}{f.due_politely}。", f.text)


def _merged(f: Facts) -> Said:
    into = int(f.facts["into"])
    head = f"{f.named} 与工单 {into} 是同一问题，已并入工单 {into} 一起处理。"
    return _to_reporter(f, head, f.text, f"进展请回复「进度 {into}」。")


def _may_suspend(f: Facts) -> Said:
    return _to_reporter(
        f,
        f"{f.named} 未能在 {f.moment('due')} 前回复，很抱歉。按服务约定，您可以提出暂停服务。",
        f.text,
        f"需要提出请回复「提出暂停服务 {f.number} 原因」，客服负责人会立即收到。",
        (Button("提出暂停服务", f"suspend:{f.number}", style=4),),
    )


def _recounted(f: Facts) -> Said:
    opens = f.moment("parked_until")
    moved = f"，将于 {opens} 自动开单" if opens else f.due_politely
    return _to_reporter(f, f"{f.named} 因放假安排更正，时限已重新计算{moved}。", f.text)


#: What each kind says.
PHRASES: Mapping[str, Callable[[Facts], Said]] = {
    "opened": _opened,
    "accepted": _accepted,
    "proposed": _proposed,
    "solved": _solved,
    "paused": _paused,
    "declined": _declined,
    "messaged": _messaged,
    "handed_over": _handed_over,
    "upgraded": _upgraded,
    "downgraded": _downgraded,
    "remind_reporter": _remind_reporter,
    "kind_changed_reporter": _kind_changed_reporter,
    "merged": _merged,
    "may_suspend": _may_suspend,
    "recounted": _recounted,
}
