"""What the console's 管理 says: changes of the directory, clauses, stuck letters, the audit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime

from handlers.phrases import directory
from handlers.phrases.names import ROLES
from handlers.phrases.text import ZONE, day, on_leave, quoted
from workorders.agreement.calendar_file import Hours, interval_text, time_text
from workorders.agreement.explain import duration
from workorders.agreement.span import Span
from workorders.agreement.terms import Clause, Ladder
from workorders.directory.errors import CannotChange
from workorders.directory.rows import RotaRow

DAYS = ("一", "二", "三", "四", "五", "六", "日")
CONSOLES: Mapping[str, str] = {
    "desk": "处理",
    "hotline": "热线",
    "supervisor": "主管",
    "operations": "运营",
    "admin": "管理员",
}
PURPOSES: Mapping[str, str] = {"duty": "值班", "leaders": "负责人", "operations": "运营"}
WHAT: Mapping[str, str] = {"partner": "合作伙伴", "person": "人员", "group": "群", "turn": "排班"}
BECAME: Mapping[str, str] = {"added": "新增", "changed": "变更", "left": "移除"}

#: Where the console asks otherwise than a chat does.
_WHY: Mapping[str, str] = {
    "no_partner": "没有找到合作伙伴「{0}」。",
    "bound": "这个群已绑定{0}。",
    "bound_other": "这个群已绑定{0}，改绑由客服负责人操作。",
    "unbound": "这个群没有绑定合作伙伴。",
    "when": "请写明起止日期；要写时间时，起止都要写。",
    "overlap": "这段时间与已登记的请假重叠，请先销假。",
    "reversed": "结束应晚于开始。",
    "key": "这个密钥已登记在其他群。",
    "no_key": "这不是群机器人密钥：请粘贴机器人地址，或地址中 key= 之后的部分。",
    "chatid": "群 ID 是一个没有空格的词，例如 wrXXXXXXXX。",
    "turn": "请选择岗位、人员、星期和起止时间；隔周排班要写开始日期；跨夜请分两行，在 24:00 分开。",
}


def cannot_change(refused: CannotChange) -> str:
    """Why a change of the directory was not made, where it was asked for by a form."""
    if refused.why not in _WHY:
        return directory.refused(refused)
    return _WHY[refused.why].format(quoted(refused.name or "", shared=True, most=20))


def away(name: str, begins: datetime, ends: datetime, now: datetime) -> str:
    return f"已登记{name} {on_leave(begins, ends, now).strip()}请假。"


def turn(row: RotaRow, now: datetime) -> str:
    """周六、日 18:00–24:00, 隔周, 11月28日起."""
    start, end = interval_text(row.hours).split("-")
    said = [f"周{'、'.join(DAYS[d] for d in row.days)} {start}–{end}"]
    if row.every > 1:
        said.append("隔周" if row.every == 2 else f"每 {row.every} 周")
    if row.begins:
        said.append(f"{day(_noon(row.begins), now)}起")
    if row.ends:
        said.append(f"至{day(_noon(row.ends), now)}")
    return "，".join(said)


def _noon(of: date) -> datetime:
    return datetime.fromisoformat(f"{of}T12:00").replace(tzinfo=ZONE)


# Clauses

COUNTED: Mapping[str, str] = {
    "working": "工作时间",
    "wall": "自然时间，全天候",
    "days": "工作日",
    "cutoff": "截止时刻",
    "calendar": "日历日",
    "policy": "非工作时间",
}
SIDES: Mapping[str, str] = {"us": "我方", "partner": "合作伙伴"}
DEEMED: Mapping[str, str] = {
    "received": "视同收到",
    "confirmed": "视同确认",
    "accepted": "视同接受",
    "agreed": "视同同意",
}
LEVELS: Mapping[int, str] = {1: "一责", 2: "二责", 3: "客服负责人"}
POLICIES: Mapping[str, str] = {
    "closed_hours": "休息日和下班后只开紧急工单",
    "rest_days": "休息日只开紧急工单；下班后开单，次日开始计时",
}


def span(of: Span) -> str:
    """5 分钟, 3 个工作日."""
    return f"{of.days} 个工作日" if of.days is not None else duration(of.timedelta)


def within(clause: Clause) -> str:
    """Within how long a clause is owed."""
    if clause.counted == "cutoff":
        return "；".join(_cutoffs(clause))
    if clause.counted == "policy":
        return POLICIES[clause.policy or "closed_hours"]
    if clause.day is not None:
        return f"每月 {clause.day} 日下班前，遇休息日顺延"
    if clause.months is not None:
        return f"{clause.months} 个月"
    return span(clause.span) if clause.span else "未定（附件 1 尚未提供）"


def _cutoffs(clause: Clause) -> Iterator[str]:
    since = 0
    for row in clause.cutoffs:
        received = f"{time_text(row.before)} 前" if row.before < 1440 else f"{time_text(since)} 起"
        yield f"{received}收到，次工作日 {time_text(row.due)} 前"
        since = row.before


def on_silence(clause: Clause) -> str:
    """Whom a miss is told to, and what silence comes to."""
    said = [f"告知{LEVELS[clause.level]}"] if clause.level else []
    if clause.deemed:
        said.append(DEEMED[clause.deemed])
    elif clause.silence:
        said.append(clause.silence)
    if clause.consequence and clause.deemed:
        said.append(f"后果由{SIDES[clause.consequence]}承担")
    return "，".join(said) or "无"


def ladder(of: Ladder) -> tuple[str, ...]:
    """How an urgent order nobody accepts is told, a line each."""
    return (
        f"开单即呼叫一责，{_after(of.level2)}未接单呼叫二责，{_after(of.level3)}未接单呼叫客服负责人。",
        f"每 {_after(of.page_every)}呼叫一次，{_after(of.page_for)}后每 {_after(of.page_then)}一次，"
        "直到有人接单。",
        f"接单人在 {_after(of.warn)}时收到提醒。",
    )


def roles(of: Mapping[str, str], names: Mapping[str, str]) -> str:
    """工单类别 or topics and who gets them: 商户入驻 → 商户审核."""
    return "；".join(f"{names.get(key, key)} → {_role(role)}" for key, role in of.items())


def _role(role: str) -> str:
    return next((name for each, name in ROLES.items() if each.value == role), role)


def _after(stretch: Span) -> str:
    return f"{duration(stretch.timedelta)}"


def hours(of: Hours) -> str:
    """09:00–18:00, or 休息."""
    return "、".join(interval_text(i).replace("-", "–") for i in of) or "休息"


# Letters that did not arrive


def reason(why: str | None) -> str:
    """Why a letter stands before a person, for people who mend it."""
    said = why or ""
    for words, chinese in _REASONS.items():
        if words in said:
            return chinese
    return said or "原因未记录"


_REASONS: Mapping[str, str] = {
    "the answer was lost twice": "已发出两次，但没有收到企业微信或邮件服务器的回应，对方可能已经收到",
    "has no webhook key": "这个群没有登记群机器人密钥，请先在通讯录登记",
    "did not deliver to": "企业微信没有送达：此人不在应用的可见范围，请先在企业微信后台加入",
    "every recipient is invalid": "没有这个账号，或此人不在应用的可见范围，请先核对通讯录和企业微信后台",
    "outside the app's visible range": "此人不在应用的可见范围，请先在企业微信后台加入",
    "no such userid": "企业微信没有这个账号，请先核对通讯录",
    "cannot be put into words": "这条消息无法生成，请联系运维人员",
    "mail is off": "邮件没有开通（SMTP_URL）",
}

CHANNELS: Mapping[str, str] = {"app": "应用消息", "group": "群消息", "mail": "邮件"}
