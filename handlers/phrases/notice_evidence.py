"""What the evidence of a notice says: channels, what happened, why something did not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from handlers.phrases.names import ROLES
from handlers.phrases.plain import plain_line
from handlers.phrases.text import dated
from workorders.agreement.clauses import Clause
from workorders.notices.notice import Audience, Event, Verb
from workorders.notices.receipt import ReceiptVerb

CHANNELS = {"group": "群", "mail": "邮件", "app": "应用消息"}
HOWS = {
    "group": "群内回复",
    "chat": "单聊回复",
    "card": "卡片按钮",
    "page": "确认页面",
    "mail": "邮件链接",
    "phone": "代为登记",
}
VERBS = {
    ReceiptVerb.TOLD: "送达",
    ReceiptVerb.FAILED: "未送达",
    ReceiptVerb.BOUNCE: "退信",
    ReceiptVerb.REDELIVER: "重发",
    ReceiptVerb.REMIND: "到半程提醒",
    ReceiptVerb.ACKNOWLEDGE: "确认收到",
    ReceiptVerb.QUESTION: "提出疑问",
    ReceiptVerb.RECOUNT: "放假安排更正",
    ReceiptVerb.DEEM: "视同收到",
    ReceiptVerb.REFUSED: "回复未计入",
}
#: What happened to the notice itself.
HAPPENED = {
    Verb.COMPOSE: "拟定",
    Verb.APPROVE: "批准",
    Verb.SEND: "提交发送",
    Verb.BEGIN: "开始发送",
    Verb.SENT: "全部发完",
    Verb.REMIND: "再次提醒未确认",
    Verb.RECALL: "撤回",
    Verb.CORRECT: "更正",
}
NOT_TOLD = "非接收人"
EVIDENCE_COLUMNS = (
    "通知",
    "合作伙伴",
    "接收人",
    "当前状态",
    "起算",
    "到期",
    "时间",
    "事项",
    "渠道",
    "地址",
    "消息编号",
    "操作人",
    "说明",
)


def told_what(occasion: str) -> str:
    """送达通知, 送达提醒, 送达撤回."""
    if occasion.startswith("recall"):
        return "撤回通知送达"
    if occasion.startswith(("half", "remind")):
        return "提醒送达"
    return "通知送达"


def bears(clause: Clause) -> str:
    """由此造成的问题由合作伙伴负责."""
    return _BEARS.get(clause.consequence or "", "不另作认定")


_BEARS = {"partner": "由此造成的问题由合作伙伴负责", "us": "由此造成的责任由我方承担"}


_REASONS = (
    ("no group of theirs", "通讯录中没有可发送的群"),
    ("no mail address", "通讯录中没有邮箱"),
    ("the group has no webhook", "群没有配置 webhook"),
    ("mail is off", "未配置邮件服务器"),
    ("its answer was lost", "渠道没有答复，不确定是否送达"),
    ("the mail server refuses", "邮件服务器拒收"),
    ("the mail server does not take", "邮件服务器未接收"),
    ("no connection to the mail server", "无法连接邮件服务器"),
    ("the webhook's key is wrong", "群的 webhook 无效，或机器人已被移出该群"),
    ("the bot is disabled", "群机器人已停用"),
    ("the bot is not in the group", "群机器人不在该群中"),
    ("no such userid", "企业微信中没有该账号"),
    ("the recipient is outside", "该账号不在应用的可见范围内"),
    ("every recipient is invalid", "该账号无效，或不在应用的可见范围内"),
    ("WeCom did not deliver to", "企业微信未送达该账号"),
    ("no connection to WeCom", "无法连接企业微信"),
    ("it cannot be put into words", "消息无法生成，请联系管理员"),
)


def reason(told: str) -> str:
    """Why something was not delivered; what a far side said stays as it said it."""
    for begins, words in _REASONS:
        if told.startswith(begins):
            _, _, said = told.partition(": ")
            return f"{words}（{said}）" if said and begins.startswith("the mail server") else words
    return (
        f"{told[: -len(' is no mail address')]} 不是邮箱地址" if told.endswith("is no mail address") else told
    )


def meant(audience: Audience, partners: Sequence[str]) -> str:
    """技术（全部合作伙伴）；我方运营中心；指定 wang@xinghe.example.

    Args:
        partners: the names of those meant; none means every partner.
    """
    parts = []
    if audience.roles:
        posts = "、".join(ROLES[role] for role in audience.roles)
        parts.append(f"{posts}（{'、'.join(partners) or '全部合作伙伴'}）")
    if audience.own:
        parts.append(f"我方{'、'.join(ROLES[role] for role in audience.own)}")
    if audience.picked:
        parts.append(f"指定 {'、'.join(audience.picked)}")
    return "；".join(parts)


def happened(event: Event) -> str:
    """What an event of the notice says beside its moment: 定于 11月26日（周四）09:00 开始."""
    facts = event.facts
    match event.verb:
        case Verb.COMPOSE | Verb.BEGIN:
            return f"接收 {facts['headcount']} 人"
        case Verb.APPROVE:
            return "提前量不足，按紧急通知批准" if facts["short_lead"] else ""
        case Verb.SEND:
            return f"定于 {_moment(facts['starts_at'])} 开始"
        case Verb.SENT:
            return f"未送达 {facts.get('unreachable', 0)} 人"
        case Verb.REMIND:
            return f"第 {facts['times']} 次，{facts['silent']} 人"
        case Verb.RECALL:
            return plain_line(str(facts["reason"]))
        case Verb.CORRECT:
            return f"由 N{facts['by']} 更正"


_WHY_NOT = {
    "not told": "不在接收人之列",
    "acknowledged before": "此前已确认",
    "recalled": "通知已撤回",
    "corrected": "通知已更正",
}


def _moment(iso: str) -> str:
    return dated(datetime.fromisoformat(iso))


def event_detail(facts: Mapping[str, Any]) -> str:
    """What an event of a receipt says beside its moment and channel."""
    parts = []
    if how := facts.get("how"):
        parts.append(HOWS.get(str(how), str(how)))
    if note := facts.get("note") or facts.get("text"):
        parts.append(plain_line(str(note)))
    if order := facts.get("order"):
        parts.append(f"工单 {order}")
    if why := facts.get("why"):
        parts.append(_WHY_NOT.get(str(why), str(why)))
    if said := facts.get("reason"):
        parts.append(reason(str(said)))
    if (was := facts.get("was")) and (due := facts.get("due")):
        parts.append(f"期限 {_moment(due)}" + (f"（原为 {_moment(was)}）" if was != due else "不变"))
    if silence := facts.get("silence"):
        # Recorded when the desk looked; what counts is when the time was up.
        parts.append(f"{_moment(facts['due'])} 期满未回复，{silence}")
    return "，".join(parts)
