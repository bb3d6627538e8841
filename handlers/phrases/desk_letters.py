"""The letters about orders to our own people: what happened, and what may be pressed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from handlers.message import Button
from handlers.phrases import cards
from handlers.phrases.facts import Facts, Said
from handlers.phrases.names import KINDS, OWED_SHORTLY, ROLES
from handlers.phrases.orders import to_do
from handlers.phrases.text import clock
from workorders.directory.people import Role
from workorders.orders.kinds import Kind, Part


def _to_desk(
    f: Facts, what: str, *, extra: str = "", owned: bool | None = None, short: str = "", ask: str = ""
) -> Said:
    """For our people: the order at a glance and what may be pressed.

    On the card the problem comes first: whatever has to be cut there, it is not that.
    """
    owner = bool(f.facts.get("owner")) if owned is None else owned
    live, away = f.facts.get("state") in ("open", "accepted", "paused"), f.name("stands_for")
    level = int(f.facts.get("level") or 0)
    buttons: tuple[Button, ...] = ()
    if live and away:
        buttons = cards.for_stand_in(f.number)
    elif live and level >= 2 and (owner or level == 3):
        buttons = cards.for_level(level, f.number, owned=owner)
    elif live:
        buttons = cards.for_owner(f.number, f.kind) if owner else cards.for_desk(f.number, f.kind)
    if away:
        extra = "\n".join(part for part in (extra, f"{away}不在，由您代。") if part)
    form = f.form
    extra = "\n".join(part for part in (extra, ask) if part)
    typed = _typed(f, owner=owner)
    if away or (owner and level >= 2):
        typed = f"回复「接手 {f.number}」处理{'' if away else f'，或「转交 {f.number} 姓名」'}。"
    return Said(
        head=f"{f.named} {what}（{f.stamp}）：{f.who}{f.due}。",
        body="\n".join(part for part in (extra, f.text, form) if part),
        words=typed if live else "",
        title=f"{f.named} {what}",
        desc=f"{f.who} {f.stamp}",
        shown="\n".join(part for part in (f.text, form, extra) if part),
        rows=f.rows,
        buttons=buttons,
        short=short or what,
        ask=ask,
        call=f.name("call") if live else "",
    )


def _typed(f: Facts, *, owner: bool) -> str:
    first = "" if owner else f"「接单 {f.number}」"
    return f"回复{first}{to_do(f.kind, f.number)}。"


def _new(f: Facts) -> Said:
    again = f.facts.get("resubmitted")
    return _to_desk(f, "已重新提交，待接单" if again else "待接单", short="待接单")


def _backfilled(f: Facts) -> Said:
    return _to_desk(f, "补录，已超时", extra=f"{f.moment('received_at')} 收到，登记时已超时。请尽快处理。")


def _page(f: Facts) -> Said:
    since = f.moment("opened_at")
    waits = bool(since) and f.at - datetime.fromisoformat(f.facts["opened_at"]) >= timedelta(minutes=1)
    return _to_desk(f, "请立即接单", extra=f"{since} 开单，至今无人接单。" if waits else "")


def _breach(f: Facts) -> Said:
    part = OWED_SHORTLY[Part(f.facts["part"])]
    level = int(f.facts.get("level") or 0)
    ask = ""
    if level >= 2:
        ask = "请接单或协调。" if level == 2 and not f.facts.get("owner") else "请协调处理。"
    return _to_desk(f, f"{part}已超时", ask=ask)


def _warn(f: Facts) -> Said:
    if f.passed("solution_due"):
        return _to_desk(f, "已超时", extra=f"请立即{f.owed}。", owned=True)
    spent = {50: "时限已过半", 80: "时限已用八成"}.get(int(f.facts.get("spent") or 0), "即将超时")
    return _to_desk(f, spent, extra=f"请在 {f.moment('solution_due')} 前{f.owed}。", owned=True)


def _resumed(f: Facts) -> Said:
    said = f"{f.name('by')}：{f.words('said', 300)}" if f.facts.get("said") else ""
    if not said and f.facts.get("attachments"):
        said = f"{f.name('by')}发来图片或文件。"
    return _to_desk(f, "已恢复", extra=said, owned=True)


def _cancelled(f: Facts) -> Said:
    return Said(f"{f.named} 已由{f.name('by')}撤回，无需处理（{f.stamp}）。", f.text, short="已撤回")


def _said(f: Facts) -> Said:
    return _to_desk(f, "报障人补充", extra=f"{f.name('by')}：{f.words('said', 300)}", owned=True)


def _attached(f: Facts) -> Said:
    return _to_desk(f, "有新图片或文件", extra=f"{f.name('by')}发来。", owned=True)


def _handed_to(f: Facts) -> Said:
    note = f"附言：{f.words('note', 200)}" if f.facts.get("note") else ""
    return _to_desk(f, f"{f.name('by')}转交给您", extra=note, owned=f.facts.get("state") != "open")


def _rerouted(f: Facts) -> Said:
    role = ROLES[Role(f.facts["to"])]
    return _to_desk(
        f, f"改派{role}，待接单", extra=f"{f.name('by')}改派，计时不变。", owned=False, short="改派待接单"
    )


def _urged(f: Facts) -> Said:
    times = int(f.facts.get("times") or 1)
    return _to_desk(f, f"第 {times} 次催单", extra=f"{f.name('by')}催办，请尽快回复。")


def _reopened(f: Facts) -> Said:
    said = f"{f.name('by')}：{f.words('said', 300)}" if f.facts.get("said") else f"{f.name('by')}重开。"
    late = "\n解决时限此前已用完，请立即处理。" if f.facts.get("nothing_left") else ""
    return _to_desk(f, "已重开", extra=said + late)


def _assigned(f: Facts) -> Said:
    return Said(f"{f.named} 已归属{f.name('partner')}（{f.stamp}）。", f.text, short="已归属")


def _unassigned(f: Facts) -> Said:
    return _to_desk(f, "未识别单位，请归属", extra=f"回复「归属 {f.number} 合作伙伴名称」。", short="待归属")


def _remind_owner(f: Facts) -> Said:
    said = _to_desk(f, "仍在挂起", extra=f"等待：{f.awaited}", owned=True)
    buttons = (Button("恢复", f"resume:{f.number}"), *said.buttons)
    return replace(said, words=f"恢复请回复「恢复 {f.number}」。", buttons=buttons)


def _kind_changed(f: Facts) -> Said:
    was = KINDS[Kind(f.facts["from"])]
    extra = f"{f.name('by')}由{was}改为{KINDS[f.kind]}，时限重新计算。"
    return _to_desk(f, "改类，待接单", extra=extra, owned=False)


def _expedited(f: Facts) -> Said:
    return _to_desk(f, "申请加急", extra=f"{f.name('by')}申请加急，时限不变，请优先处理。")


def _complaint_copy(f: Facts) -> Said:
    """To 人力资源, for the record: filed, replied to or sent back."""
    match f.facts.get("state"):
        case "solved":
            what = "已回复"
            more = f"处理结果：{f.words('note', 300)}\n优化方案：{f.words('improvement', 300)}"
        case "declined":
            what, more = "已退回", f"原因：{f.words('reason', 300)}"
        case _:
            what, more = "新投诉", f.form
    return Said(
        f"{f.named} {what}（抄送，{f.stamp}）：{f.who}{f.due}。",
        "\n".join(part for part in (f.text, more) if part),
        f"查看请回复「进度 {f.number}」。",
        short=f"抄送：{what}",
    )


def _complained_of(f: Facts) -> Said:
    return Said(
        f"{f.named}：{f.name('reporter')}就服务配合提出投诉（{f.stamp}）。",
        "\n".join(part for part in (f.text, f.form) if part),
        f"回复「进度 {f.number}」可查看，如需说明请联系客服负责人。",
    )


def _suspension(f: Facts) -> Said:
    why = f"原因：{f.words('reason', 300)}\n" if f.facts.get("reason") else ""
    extra = f"{why}{f.name('by')}因投诉超时未回复，提出暂停服务，请立即联系。"
    return _to_desk(f, "投诉方提出暂停服务", extra=extra)


def _recounted_owner(f: Facts) -> Said:
    return _to_desk(f, "时限已更正", extra="放假安排有更正，时限已重新计算。", owned=True)


def _card_done(f: Facts) -> Said:
    """A card somebody still holds, once another has seen to the order."""
    deed = {
        "accepted": "已接单",
        "solved": "已解决",
        "declined": "已退回",
        "cancelled": "已撤回",
        "merged": "已并入",
    }
    done = deed.get(str(f.facts["state"]), "已处理")
    who = f.name("owner") if f.facts.get("owner") else f.name("by")
    return Said(
        f"{f.named} {who}{done}（{f.stamp}）。",
        title=f.named,
        desc=f.stamp,
        done=f"{who}已于 {clock(f.at)} {done.removeprefix('已')}",
    )


def _given_up(f: Facts) -> Said:
    """Something could not be delivered, told to a supervisor."""
    number = f.facts.get("number")
    what = f"{'约定事项' if str(number).startswith('Y') else '工单'} {number}" if number else "一条消息"
    where = "群" if f.facts.get("channel") == "group" else ""
    return Said(
        f"{what} 的通知没有送达{where}{f.name('recipient')}（{f.stamp}）。",
        "请改用电话或其他方式联系；原因处理好后，可在控制台「管理」的「消息」中重发。",
        f"原因：企业微信返回错误码 {f.facts['errcode']}。"
        if f.facts.get("errcode")
        else "原因：企业微信未接受该接收人。",
        short=f"通知未送达{where}{f.name('recipient')}",
    )


#: What each kind says.
PHRASES: Mapping[str, Callable[[Facts], Said]] = {
    "new": _new,
    "page": _page,
    "breach": _breach,
    "warn": _warn,
    "resumed": _resumed,
    "cancelled": _cancelled,
    "said": _said,
    "attached": _attached,
    "handed_to": _handed_to,
    "rerouted": _rerouted,
    "urged": _urged,
    "reopened": _reopened,
    "assigned": _assigned,
    "unassigned": _unassigned,
    "remind_owner": _remind_owner,
    "backfilled": _backfilled,
    "kind_changed": _kind_changed,
    "expedited": _expedited,
    "complaint_copy": _complaint_copy,
    "complained_of": _complained_of,
    "suspension": _suspension,
    "recounted_owner": _recounted_owner,
    "card_done": _card_done,
    "given_up": _given_up,
}
