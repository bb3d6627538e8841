"""The letters about obligations (约定事项): from their facts to their words, for both sides."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime

from handlers.message import Button
from handlers.phrases.facts import Facts, Said
from handlers.phrases.names import OBLIGATIONS, ROLES, SURVEY_ITEMS, post
from handlers.phrases.text import day
from workorders.directory.people import Role
from workorders.obligations.obligation import Kind


def yuan(fen: int) -> str:
    """5000 元, 5000.01 元."""
    return f"{fen // 100} 元" if fen % 100 == 0 else f"{fen / 100:.2f} 元"


def marks(scores: Mapping[str, int]) -> str:
    """响应速度 5、问题解决 4 …"""
    return "、".join(f"{name} {scores[item]}" for item, name in SURVEY_ITEMS.items())


def _number(f: Facts) -> str:
    return str(f.facts["number"])


def _buttons(f: Facts, *pairs: tuple[str, str]) -> tuple[Button, ...]:
    number = _number(f).removeprefix("Y")
    return tuple(
        Button(text, f"y:{key}:{number}", style=1 if i == 0 else 2) for i, (text, key) in enumerate(pairs)
    )


def _say(f: Facts, what: str, body: str, words: str = "", *buttons: tuple[str, str]) -> Said:
    """One letter: 约定事项 Y3 what（11-23 14:30）, its text, what to type or press."""
    number, partner = _number(f), f.name("partner")
    return Said(
        head=f"约定事项 {number} {what}（{f.stamp}）" + (f"：{partner}" if partner else ""),
        body=body,
        words=words,
        title=f"{number} {what}",
        desc=f"{partner} {f.stamp}".strip(),
        buttons=_buttons(f, *buttons),
        short=what,
    )


# Deliveries


def _delivery(f: Facts) -> str:
    goods = "硬件产品" if f.facts["goods"] == "hardware" else "软件产品"
    return f"{goods}，{yuan(f.facts['fen'])}，{f.moment('delivered_at')} 送达"


def _owed(f: Facts) -> str:
    form = "拍照或扫描发给我方" if f.facts["form"] == "photo" else "把原件寄给我方"
    return f"签收单请签字盖章后{form}"


def _slip_filed(f: Facts) -> Said:
    number = _number(f)
    judged = ""
    if f.facts["judged"] == "waiting":
        judged = f"\n有问题请在 {f.moment('due')} 前书面提出，逾期视为产品合格。"
    return _say(
        f,
        "签收单",
        f"{_delivery(f)}。{judged}\n{_owed(f)}。",
        f"有问题请回复「异议 {number} 问题」。",
    )


def _slip_remind(f: Facts) -> Said:
    return _say(f, "签收单未收到", f"{_delivery(f)}。\n{_owed(f)}；未收到前我方可停止后续产品服务。")


def _slip_missing(f: Facts) -> Said:
    number = _number(f)
    withheld = f"\n已停服：{f.words('withheld')}" if f.facts.get("withheld") else ""
    photo = (("收到照片", "photo"),) if f.facts["form"] == "photo" else ()
    return _say(
        f,
        "签收单仍未收到",
        f"{_delivery(f)}，已提醒对方。{withheld}",
        f"收到请回复「收原件 {number}」"
        + (f"或「收照片 {number}」" if photo else "")
        + f"；停服请回复「停服 {number} 原因」。",
        *photo,
        ("收到原件", "original"),
    )


def _slip_objected(f: Facts) -> Said:
    return _say(
        f,
        "收到异议",
        f"{_delivery(f)}。\n异议：{f.words('said', 300)}\n已开工单 {f.facts['order']} 处理。",
        f"回复「进度 {f.facts['order']}」可查看。",
    )


def _slip_deemed(f: Facts) -> Said:
    slip = "" if f.facts["received"] else f"\n{_owed(f)}。"
    return _say(
        f, "视为产品合格", f"{_delivery(f)}；截至 {f.moment('due')} 未收到书面异议，视为产品合格。{slip}"
    )


def _slip_received(f: Facts) -> Said:
    form = "照片" if f.facts["form"] == "photo" else "原件"
    lifted = "\n已恢复产品服务。" if f.facts.get("lifted") else ""
    return _say(f, "签收单已收到", f"{_delivery(f)}，{form}已收到，谢谢。{lifted}")


def _slip_withheld(f: Facts) -> Said:
    return _say(
        f, "已停止产品服务", f"{_delivery(f)}。\n原因：{f.words('reason', 300)}\n{_owed(f)}，收到即恢复。"
    )


def _slip_lifted(f: Facts) -> Said:
    return _say(f, "已恢复产品服务", f"{_delivery(f)}。\n{_owed(f)}。")


# Training


def _coaching_filed(f: Facts) -> Said:
    return _say(
        f,
        "辅导期开始",
        f"{f.words('trainee')}：笔试、实操均已合格，辅导期至 {f.moment('due')}。\n期间有问题请随时提出。",
    )


def _coaching_retrained(f: Facts) -> Said:
    travel = "，我方人员交通、住宿费由贵方承担" if f.facts["on_site"] else ""
    note = f"\n说明：{f.words('note', 200)}" if f.facts.get("note") else ""
    on = date.fromisoformat(f.facts["day"])
    return _say(f, "复训", f"{on.month}月{on.day}日复训一次，培训费 {f.facts['fee']} 元{travel}。{note}")


def _coaching_ended(f: Facts) -> Said:
    sessions = (
        f"\n期间复训 {f.facts['sessions']} 次，共 {f.facts['fees']} 元。" if f.facts["sessions"] else ""
    )
    return _say(f, "辅导期结束", f"{f.words('trainee')}的辅导期已于 {f.moment('due')} 结束。{sessions}")


# Surveys


def _month(f: Facts) -> str:
    month = date.fromisoformat(f.facts["month"])
    return f"{month.year}年{month.month}月满意度调查"


def _survey_filed(f: Facts) -> Said:
    return _say(
        f,
        _month(f),
        f"请在 {f.moment('due')} 前为我方服务打分，四项各 1 至 5 分。",
        f"请回复「填写 {_number(f)}」。",
        ("填写", "survey"),
    )


def _survey_remind(f: Facts) -> Said:
    return _say(
        f,
        f"{_month(f)}待填写",
        f"请在 {f.moment('due')} 前填写，四项各 1 至 5 分，一条消息即可。",
        f"请回复「填写 {_number(f)}」。",
        ("填写", "survey"),
    )


def _survey_missed(f: Facts) -> Said:
    return _say(
        f,
        f"{_month(f)}逾期未返回",
        f"应于 {f.moment('due')} 前返回。请联系对方客服负责人；收到邮件可代为录入。",
        f"录入请回复「填写 {_number(f)} 5 4 5 4 意见」。",
    )


def _survey_answered(f: Facts) -> Said:
    remark = f"\n意见：{f.words('remark', 300)}" if f.facts.get("remark") else ""
    return _say(f, f"{_month(f)}已返回", f"{marks(f.facts['scores'])}。{remark}")


# Changes of people


def _at(f: Facts, key: str) -> str:
    return day(datetime.fromisoformat(f.facts[key]), f.at)


def _who(f: Facts) -> str:
    role = Role(f.facts["role"])
    duty = post(role, int(f.facts["rank"])) if "rank" in f.facts else ROLES[role]
    reach = f"（{f.words('reach')}）" if f.facts.get("reach") and not f.shared else ""
    return f"{duty}对接人由{f.name('leaves')}变更为{f.name('comes')}{reach}，{_at(f, 'effective_at')}起生效"


def _late(f: Facts) -> str:
    if not f.facts.get("late"):
        return ""
    return f"\n距生效不足 5 个工作日（应于 {f.moment('announce_by')} 前提交），已记录。"


def _their_change_filed(f: Facts) -> Said:
    return _say(
        f,
        "对方人员变更待确认",
        f"{_who(f)}。请在 {f.moment('due')} 前确认。{_late(f)}",
        f"请回复「确认 {_number(f)}」。",
        ("确认", "confirm"),
    )


def _their_change_missed(f: Facts) -> Said:
    return _say(
        f,
        "对方人员变更超时未确认",
        f"{_who(f)}。应于 {f.moment('due')} 前确认，请立即处理。",
        f"请回复「确认 {_number(f)}」。",
        ("确认", "confirm"),
    )


def _their_change_received(f: Facts) -> Said:
    return _say(f, "人员变更已收到", f"{_who(f)}。我方最晚 {f.moment('due')} 确认。{_late(f)}")


def _their_change_confirmed(f: Facts) -> Said:
    return _say(f, "人员变更已确认", f"{_who(f)}。")


def _their_change_invalid(f: Facts) -> Said:
    return _say(f, "人员变更无效", f"{_who(f)}。\n变更函未加盖公司公章，视为无效。请盖章后重新提交。")


def _their_change_effective(f: Facts) -> Said:
    return _say(
        f,
        "对方人员变更已生效",
        f"{_who(f)}。\n请现在更新通讯录：移除{f.name('leaves')}的该岗位，加入{f.name('comes')}。",
    )


def _our_change_told(f: Facts) -> Said:
    return _say(
        f,
        "我方人员变更",
        f"{_who(f)}。\n请在 {f.moment('due')} 前回复确认，逾期视为接收此变更。",
        f"请回复「收到 {_number(f)}」。",
        *(() if f.shared else (("收到", "ack"),)),
    )


def _our_change_coming(f: Facts) -> Said:
    return _say(f, "岗位变更", f"{_who(f)}，已通知合作伙伴。请做好交接。{_late(f)}")


def _our_change_deemed(f: Facts) -> Said:
    return _say(f, "视为接收变更", f"{_who(f)}。截至 {f.moment('due')} 未回复，视为接收此变更。")


def _our_change_silent(f: Facts) -> Said:
    return _say(f, "视为接收变更", f"{_who(f)}。逾期未回复，视为接收：{f.words('partners', 300)}。")


def _our_change_effective(f: Facts) -> Said:
    done = "值班表已自动更新。请同步修改通讯录文件，以免下次导入改回。"
    if not f.facts["moved"]:
        done = (
            f"{f.name('leaves')}已不在该岗位，或{f.name('comes')}不在通讯录，未能自动更新，请现在更新通讯录。"
        )
    return _say(f, "岗位变更已生效", f"{_who(f)}。\n{done}")


def _cancelled(f: Facts) -> Said:
    return _say(f, f"{OBLIGATIONS[Kind(f.facts['kind'])]}已作废", f"原因：{f.words('reason', 300)}")


def _recounted(f: Facts) -> Said:
    starts = f"{_at(f, 'effective_at')}起生效，" if "effective_at" in f.facts else ""
    what = OBLIGATIONS[Kind(f.facts["kind"])]
    return _say(
        f,
        f"{what}期限调整",
        f"工作日历有更正，{starts}现以 {f.moment('due')} 为期限（原为 {f.moment('was')}）。",
    )


PHRASES: Mapping[str, Callable[[Facts], Said]] = {
    "slip_filed": _slip_filed,
    "slip_remind": _slip_remind,
    "slip_missing": _slip_missing,
    "slip_objected": _slip_objected,
    "slip_deemed": _slip_deemed,
    "slip_received": _slip_received,
    "slip_withheld": _slip_withheld,
    "slip_lifted": _slip_lifted,
    "coaching_filed": _coaching_filed,
    "coaching_retrained": _coaching_retrained,
    "coaching_ended": _coaching_ended,
    "survey_filed": _survey_filed,
    "survey_remind": _survey_remind,
    "survey_missed": _survey_missed,
    "survey_answered": _survey_answered,
    "their_change_filed": _their_change_filed,
    "their_change_missed": _their_change_missed,
    "their_change_received": _their_change_received,
    "their_change_confirmed": _their_change_confirmed,
    "their_change_invalid": _their_change_invalid,
    "their_change_effective": _their_change_effective,
    "our_change_told": _our_change_told,
    "our_change_coming": _our_change_coming,
    "our_change_deemed": _our_change_deemed,
    "our_change_silent": _our_change_silent,
    "our_change_effective": _our_change_effective,
    "obligation_cancelled": _cancelled,
    "obligation_recounted": _recounted,
}
