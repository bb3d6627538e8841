"""What notices say: to those told by group, card and mail, to those who answer, and to operations."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers.message import Button, Card
from handlers.phrases.names import ROLES
from handlers.phrases.plain import plain_line
from handlers.phrases.text import clock, dated, lasting, quoted, stamp
from workorders.agreement.clauses import Clause
from workorders.markup import unmarked, whole, words
from workorders.notices.desk import Warned
from workorders.notices.errors import (
    AlreadyAcknowledged,
    BodyTooLong,
    EffectPast,
    EmptyAudience,
    LeadTooShort,
    NeedsSupervisor,
    NobodyToRemind,
    NoSuchNotice,
    NotAnnouncer,
    NothingToRedeliver,
    NoticeOver,
    NoticeRefused,
    NoticeState,
    NotTold,
    RemindedJustNow,
    SamePerson,
    UnknownRecipient,
)
from workorders.notices.holidays import Holiday
from workorders.notices.notice import FORMS, Cut, Kind, Notice, State
from workorders.notices.receipt import Receipt, ReceiptState

KINDS = {
    Kind.UPGRADE: "系统升级通知",
    Kind.FAQ_UPDATE: "常见问题更新通知",
    Kind.PERSONNEL: "对接人变更通知",
    Kind.ANNEX: "附件送达通知",
    Kind.BUSINESS: "业务通知",
}

STATES = {
    State.DRAFT: "待批准",
    State.APPROVED: "已批准，待发送",
    State.SENDING: "发送中",
    State.SENT: "已发出",
    State.RECALLED: "已撤回",
    State.CORRECTED: "已更正",
}

#: 送达 is never called 已读: WeCom and mail say nothing of who has read.
RECEIPTS = {
    ReceiptState.WAITING: "未确认",
    ReceiptState.ACKNOWLEDGED: "已确认",
    ReceiptState.QUESTIONED: "有疑问",
    ReceiptState.DEEMED: "视同收到",
    ReceiptState.LATE: "逾期后确认",
    ReceiptState.UNREACHABLE: "未送达",
}

#: To a partner.
BEARS = {"partner": "由此造成的问题由贵方负责", "us": "由此造成的责任由我方承担"}


@dataclass(frozen=True)
class Telling:
    """One letter to a recipient.

    Attributes:
        kind: ``notice``, ``notice_reminder`` or ``notice_recall``.
        clause: as frozen for the recipient's partner; None where silence means nothing.
        receipt: whose letter it is; of a post into a group, the first it serves.
        robot: its name in WeCom: in a group it hears only what calls it.
    """

    kind: str
    notice: Notice
    clause: Clause | None
    receipt: Receipt | None
    robot: str

    @property
    def alone(self) -> bool:
        """Whether it speaks to one person even in a group."""
        return self.kind == "notice_reminder"


def within(clause: Clause) -> str:
    """1 小时（工作时间）, 3 个工作日."""
    if clause.span is None:
        return ""
    if clause.span.days is not None:
        return f"{clause.span.days} 个工作日"
    return f"{lasting(clause.span.timedelta)}（工作时间）"


def heading(notice: Notice) -> str:
    """系统升级通知 N12, 更正通知 N13（更正 N12）."""
    if notice.corrects:
        return f"更正通知 {notice.name}（更正 N{notice.corrects}）"
    return f"{KINDS[notice.kind]} {notice.name}"


def subject(told: Telling) -> str:
    """A mail's subject; one thread for all that is said of a notice."""
    notice = told.notice
    base = f"【{heading(notice)}】{notice.title}"
    return {"notice": base, "notice_reminder": f"待确认：{base}", "notice_recall": f"已作废：{base}"}[
        told.kind
    ]


def markdown(told: Telling, url: str, *, most: int | None = None) -> str:
    """The whole of a letter, for groups and mail.

    Args:
        url: where it is read and answered.
        most: bytes of the body that fit; more is cut on a character and ends with the link.
    """
    notice = told.notice
    if told.kind == "notice_recall":
        # Only those hear of a correction so who are not told what takes its place.
        what = "已更正，更正后的通知不涉及您" if notice.corrected_by else "已撤回"
        reason = [f"原因：{plain_line(notice.reason)}"] if notice.reason else []
        head = f"**通知 {notice.name}「{notice.title}」{what}**（{stamp(notice.state_at)}）"
        return "\n".join([head, *reason, "原通知内容作废，无需回复。"])
    if told.kind == "notice_reminder":
        return "\n".join(
            [f"**请确认通知 {notice.name}「{notice.title}」**", *_by_when(told), _answering(told, url)]
        )
    body, cut = _fitting(notice.body, most)
    lines = [f"**【{heading(notice)}】{notice.title}**", *_moments(notice), "", body]
    if cut:
        lines.append(f"（全文见：[查看全文]({url})）")
    return "\n".join([*lines, "", *asked(told.clause, told.receipt), _answering(told, url)])


def card(told: Telling, url: str, task_id: str, *, buttons: bool) -> Card:
    """A letter as a card; what of the body does not fit is behind it."""
    notice, reminder = told.notice, told.kind == "notice_reminder"
    rows = []
    if notice.effective:
        rows.append(("生效", dated(notice.effective)))
    if reminder and told.receipt and told.receipt.due:
        rows.append(("最晚", f"{dated(told.receipt.due)} 前确认"))
    elif told.clause and told.clause.span:
        rows.append(("请于", f"收到后 {within(told.clause)}内确认"))
    ours = told.receipt is not None and told.receipt.ours
    if told.clause and told.clause.silence and not ours:
        rows.append(("逾期", told.clause.silence))
        if bears := BEARS.get(told.clause.consequence or ""):
            rows.append(("责任", bears))
    if not buttons:
        rows.append(("确认", f"点开，或 @{told.robot} 收到 {notice.name}"))
    return Card(
        task_id,
        title=f"{'请确认：' if reminder else ''}{notice.title}",
        desc=f"{heading(notice)} {_sent(notice)}".strip(),
        facts=tuple(rows),
        body=words(notice.body),
        buttons=card_buttons(notice.number) if buttons else (),
        url=url,
    )


def card_buttons(number: int) -> tuple[Button, ...]:
    return Button("收到", f"notice_ack:{number}"), Button("有疑问", f"notice_ask:{number}", style=2)


def as_text(markdown: str) -> str:
    """A body's words where nothing is rendered."""
    return unmarked(markdown).strip()


def _sent(notice: Notice) -> str:
    return stamp(notice.starts_at) if notice.starts_at else ""


def _moments(notice: Notice) -> list[str]:
    lines = [f"{_sent(notice)} 发出"] if notice.starts_at else []
    if notice.effective:
        lines.append(f"生效时间：{dated(notice.effective)}")
    if notice.stamped:
        lines.append(f"盖章文件：{plain_line(notice.stamped)}")
    return lines


def asked(clause: Clause | None, receipt: Receipt | None) -> list[str]:
    """The clause and its consequence, in the agreement's own words."""
    if clause is None or clause.span is None:
        return ["请确认收到。"]
    bears = BEARS.get(clause.consequence or "", "")
    if receipt is not None and receipt.ours:
        return [f"请在收到后 {within(clause)}内确认。"]
    return [
        f"请在收到后 {within(clause)}内确认，否则{clause.silence}{'，' + bears if bears else ''}"
        f"（服务告知书 {clause.source}）。"
    ]


def _by_when(told: Telling) -> list[str]:
    receipt = told.receipt
    if receipt is None or receipt.due is None or told.clause is None or receipt.ours:
        return ["您还没有确认。"]
    return [f"您还没有确认。{dated(receipt.due)} 前未回复，{told.clause.silence}。"]


def _answering(told: Telling, url: str) -> str:
    name = told.notice.name
    # A comma behind the address would become part of it in a mail shown as text.
    return (
        f"[点此确认收到]({url})\n"
        f"也可在企业微信中回复「@{told.robot} 收到 {name}」；"
        f"有疑问请回复「@{told.robot} 有疑问 {name} 您的问题」。"
    )


def _fitting(body: str, most: int | None) -> tuple[str, bool]:
    data = body.encode()
    if most is None or len(data) <= most:
        return body, False
    end = whole(body, len(data[: most - 3].decode("utf-8", "ignore")))
    # A link broken off would read as rubbish.
    broken = _BROKEN_LINK.search(body, 0, end)
    return body[: broken.start() if broken else end].rstrip() + "…", True


_BROKEN_LINK = re.compile(r"\[[^\]\n]*(?:\](?:\([^)\n]*)?)?\Z")


# To whoever answers


def acknowledged(notice: Notice, receipt: Receipt) -> str:
    at = receipt.acknowledged_at
    assert at is not None
    head = f"已记录您确认收到通知 {notice.name}「{notice.title}」（{stamp(at)}）。"
    if receipt.state is ReceiptState.LATE and receipt.deemed_at:
        return f"{head}该通知已于 {stamp(receipt.deemed_at)} 视同收到，两项记录均保留。"
    return head


def questioned(notice: Notice, receipt: Receipt) -> str:
    stood = {
        ReceiptState.QUESTIONED: "解答期间不按未回复处理。",
        ReceiptState.DEEMED: "该通知此前已视同收到，记录保留。",
    }.get(receipt.state, "")
    return f"您对通知 {notice.name} 的疑问已记入工单 {receipt.order}，同事会尽快答复。{stood}".strip()


def ask_words(number: int) -> str:
    return f"通知 N{number}：请用一句话说说您的疑问，也可以直接回复。取消请回复「取消」。"


def which(pairs: list[tuple[Notice, Receipt]], word: str) -> str:
    lines = [f"- {notice.name} {quoted(notice.title, shared=True, most=30)}" for notice, _ in pairs]
    return "\n".join(
        [f"您有 {len(pairs)} 份通知待确认，请注明编号，例如「{word} {pairs[0][0].name}」：", *lines]
    )


def sentence(error: NoticeRefused) -> str:
    """A refusal, for whoever reads it by chat, card or page: one sentence that says what to do."""
    name = f"N{error.number}" if error.number else "该通知"
    match error:
        case NoSuchNotice():
            return f"没有找到通知 {name}，请核对编号。"
        case NotTold():
            told = "、".join(plain_line(n) for n in error.told[:3])
            who = f"贵方由{told}确认，" if told else ""
            return f"通知 {name} 未发给您，{who}您的回复已留存，不计入确认。"
        case AlreadyAcknowledged():
            return f"通知 {name} 已于 {stamp(error.at)} 确认过，无需再次确认。"
        case NoticeOver():
            if error.instead:
                return f"通知 {name} 已由 N{error.instead} 更正，请确认 N{error.instead}。"
            return f"通知 {name} {STATES[State(error.state)]}，原内容作废，无需回复。"
        case NoticeState():
            return f"通知 {name} {STATES[State(error.state)]}，不能进行此操作。"
        case NotAnnouncer():
            return "通知由运营中心和客服负责人发布，您可以联系他们处理。"
        case SamePerson():
            return f"通知 {name} 由您拟定，请另一位同事批准。"
        case NeedsSupervisor():
            return f"通知 {name} 是紧急通知，须由客服负责人批准。"
        case LeadTooShort():
            terms = f"{plain_line(error.partner)}的约定" if error.partner else "协议"
            latest = f"按{terms}须在 {dated(error.announce_by)} 前通知"
            return (
                f"提前量不足：最早 {dated(error.starts)} 发出，{latest}"
                f"（{'；'.join(error.why)}）。请推迟生效时间，或注明紧急原因。"
            )
        case EffectPast():
            return (
                f"生效时间 {dated(error.effective)} 早于最早发出时间 {dated(error.starts)}，请推迟生效时间。"
            )
        case EmptyAudience():
            return "没有任何接收人，请调整岗位或合作伙伴。"
        case UnknownRecipient():
            return f"接收人「{quoted(error.given, shared=True, most=40)}」既不在通讯录中，也不是邮箱地址。"
        case BodyTooLong():
            return f"{cuts_line(error.cuts)}。请缩短正文，或同意在这些渠道显示开头并附全文链接。"
        case RemindedJustNow():
            return f"通知 {name} 刚刚提醒过，{clock(error.again_at)} 之后可再次提醒。"
        case NobodyToRemind():
            return f"通知 {name} 没有未确认的接收人。"
        case NothingToRedeliver():
            return f"{plain_line(error.name)} 没有可重发的渠道，请先在通讯录中补全，或改用电话。"
    return f"通知 {name} 的这一步没有办成。"


_PLACES = {"group": "群消息", "app": "应用卡片", "mail": "邮件"}
_UNITS = {"bytes": "字节", "characters": "字"}


def cuts_line(cuts: tuple[Cut, ...]) -> str:
    """群消息放不下全文（3600 字节，最多 3000），应用卡片放不下全文（1200 字，最多 112）."""
    return "，".join(
        f"{_PLACES[cut.channel]}放不下全文（{cut.size} {_UNITS[cut.unit]}，最多 {cut.most}）" for cut in cuts
    )


def missing(field: str) -> str:
    """What a composer still has to say."""
    return {
        "title": "请填写标题，最多 26 个字。",
        "body": "请填写正文。",
        "effective": "请填写生效时间。",
        "stamped": "对接人变更须附盖章文件，请填写文件名或编号，最多 100 字。",
        "emergency": "紧急原因最多 100 字，请缩短。",
        "reason": "请写明原因，最多 100 字。",
        "question": "请用一句话说说您的疑问。",
    }.get(field, "还有内容没有填写。")


def kind_told(kind: Kind) -> str:
    """系统升级通知（技术、运营中心；群、邮件）."""
    form = FORMS[kind]
    told = "、".join(ROLES[role] for role in (*form.audience.roles, *form.audience.own))
    return f"{KINDS[kind]}（{told}；{'、'.join(_WAYS[channel] for channel in form.required)}）"


_WAYS = {"group": "群", "mail": "邮件", "app": "应用消息"}


def sends_at(notice: Notice) -> str:
    """非服务时间，将于 11月30日（周一）09:00 开始发送."""
    assert notice.starts_at is not None
    return f"现在是非服务时间，将于 {dated(notice.starts_at)} 开始发送。"


def warned(lead: Warned) -> str:
    """A suspension announced late; what the composer reads beside the preview."""
    whose = f"（{plain_line(lead.partner)}的约定）" if lead.partner else ""
    return f"停止支付服务应提前 {lead.days} 个工作日公告{whose}，最晚 {dated(lead.announce_by)}。"


# From the calendar


def holiday_title(name: str) -> str:
    return f"{name}假期服务安排"


def holiday_body(holiday: Holiday) -> str:
    """A draft of the announcement, for operations to read over."""
    makeup = "、".join(f"{day.month}月{day.day}日" for day in holiday.makeup)
    works = f"\n- 调休上班：{makeup}" if makeup else ""
    return (
        f"{holiday.name}假期服务安排如下：\n"
        f"- 节前最后服务时间：{dated(holiday.closes)}\n"
        f"- 节后恢复服务：{dated(holiday.opens)}（共休 {holiday.days} 天）{works}\n"
        "- 假期内仅受理紧急故障：在群内发「紧急 问题」，全天有人处理\n"
        "- 结算到账时间以银行节假日安排为准"
    )


def time_left(due: datetime | None, now: datetime) -> str:
    """还剩 25 分钟; empty where nothing is waited for."""
    if due is None:
        return ""
    left = due - now
    return f"还剩 {lasting(left)}" if left > timedelta(0) else "已到期"
