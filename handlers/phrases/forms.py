"""What the fields of forms are called, how a filled form reads, and what is said of one that is not right."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.phrases.names import KINDS, ROLE_WORDS, ROLES
from handlers.phrases.text import quoted
from workorders.directory.people import Role
from workorders.orders.errors import BadForm, Fault
from workorders.orders.forms import FORMS
from workorders.orders.kinds import Kind, Rejection

#: What people call a field; the first is its name, the others are understood too.
LABELS: Mapping[str, tuple[str, ...]] = {
    "caller": ("来电人",),
    "system": ("对接系统", "系统", "商家系统", "系统名称", "对接内容"),
    "fee": ("费用", "有无费用", "是否收费"),
    "contact": ("联系人", "对接人", "姓名"),
    "phone": ("电话", "联系电话", "手机", "手机号"),
    "amount": ("金额", "预算", "费用金额"),
    "completion": ("期望完成日期", "期望完成时间", "完成日期", "完成时间", "期望时间"),
    "merchant": ("商户", "商户名称", "商户名", "商家", "门店"),
    "category": ("经营类目", "类目", "行业", "经营范围", "经营内容"),
    "stores": ("门店数", "门店数量"),
    "materials": ("资料", "资料位置", "配置表", "附件"),
    "device": ("设备型号", "设备", "型号", "机型"),
    "serial": ("序列号", "终端号", "设备号", "编号", "sn"),
    "quantity": ("数量", "台数"),
    "bought": ("购买日期", "采购日期", "购买时间"),
    "order": ("投诉工单", "工单", "单号", "工单号"),
    "role": ("投诉岗位", "岗位", "部门", "对象", "投诉对象"),
    "partner": ("合作伙伴", "单位"),
}

#: What the words beside the form are called, by kind.
TEXT_LABELS: Mapping[Kind, tuple[str, ...]] = {
    Kind.DAILY: ("问题",),
    Kind.URGENT: ("问题",),
    Kind.INTEGRATION: ("需求", "需求说明", "说明", "内容"),
    Kind.ONBOARDING: ("说明", "备注"),
    Kind.AFTERSALES: ("故障", "故障现象", "问题", "现象", "说明"),
    Kind.COMPLAINT: ("投诉内容", "内容", "事由", "情况", "说明", "投诉原因", "原因"),
}

#: How a choice is said, and what else is understood as it.
CHOICES: Mapping[str, Mapping[str, str]] = {
    "fee": {"none": "无费用", "charged": "有费用"},
    "role": {str(role): name for role, name in ROLES.items()},
}
FEE_WORDS: Mapping[str, str] = {
    "无": "none",
    "否": "none",
    "没有": "none",
    "免费": "none",
    "不收费": "none",
    "无费用": "none",
    "0": "none",
    "有": "charged",
    "是": "charged",
    "收费": "charged",
    "有费用": "charged",
}

#: What an onboarding is rejected for: what it is called, and how it is mended.
REJECTIONS: Mapping[Rejection, tuple[str, str]] = {
    Rejection.LICENSE: ("营业执照不符", "请补传清晰、在有效期内的营业执照"),
    Rejection.IDENTITY: ("法人证件不符", "请补传清晰、在有效期内的法人证件"),
    Rejection.ACCOUNT: ("结算账户不符", "请核对结算账户名称、账号与开户行，与营业执照主体一致"),
    Rejection.PREMISES: ("门店照片不符", "请补传门头、店内与收银台照片"),
    Rejection.CATEGORY: ("经营类目不符", "请按营业执照经营范围更正类目"),
    Rejection.OTHER: ("其他", "请按说明修改"),
}

#: Words by which a rejection's reason is recognised, first match first.
REJECTION_WORDS: tuple[tuple[str, Rejection], ...] = (
    ("执照", Rejection.LICENSE),
    ("资质", Rejection.LICENSE),
    ("法人", Rejection.IDENTITY),
    ("证件", Rejection.IDENTITY),
    ("身份证", Rejection.IDENTITY),
    ("账户", Rejection.ACCOUNT),
    ("账号", Rejection.ACCOUNT),
    ("结算", Rejection.ACCOUNT),
    ("开户", Rejection.ACCOUNT),
    ("门店", Rejection.PREMISES),
    ("门头", Rejection.PREMISES),
    ("照片", Rejection.PREMISES),
    ("类目", Rejection.CATEGORY),
    ("行业", Rejection.CATEGORY),
    ("经营范围", Rejection.CATEGORY),
)


def rejection_in(words: str) -> Rejection | None:
    """The reason a rejection names, None where it names none of ours."""
    return next((code for word, code in REJECTION_WORDS if word in words), None)


def rejected(code: str | None, reason: str) -> str:
    """Why, and how to mend it: 营业执照不符：请补拍; what was written by hand comes before our own advice."""
    if code is None:
        return reason
    name, mending = REJECTIONS[Rejection(code)]
    if Rejection(code) is Rejection.OTHER:
        return reason
    return f"{name}。{reason or mending}"


def label(field: str, kind: Kind) -> str:
    """What people call a field."""
    return TEXT_LABELS[kind][0] if field == "text" else LABELS[field][0]


def value(field: str, kept: Any) -> str:
    """A kept value in words."""
    if field in CHOICES:
        return CHOICES[field].get(str(kept), str(kept))
    return f"{kept} 元" if field == "amount" else str(kept)


def summary(kind: Kind, form: Mapping[str, Any], *, shared: bool) -> str:
    """经营类目：餐饮；联系人：小王: a filled form in one line, what the order's own words say left out."""
    shown = [f for f in FORMS[kind].fields if f.name in form and f.name != FORMS[kind].text]
    return "；".join(
        f"{LABELS[f.name][0]}：{quoted(value(f.name, form[f.name]), shared=shared, most=60)}" for f in shown
    )


def filled(kind: Kind, form: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Every filled field with what it is called, for a shared screen."""
    fields = [field.name for field in FORMS[kind].fields if field.name in form]
    return [(LABELS[name][0], quoted(value(name, form[name]), shared=True, most=200)) for name in fields]


def wrong(bad: BadForm) -> str:
    """One sentence that names every field that is missing or impossible."""
    kind = Kind(bad.kind)
    said = "；".join(_fault(fault, kind) for fault in bad.faults)
    missing = next((f.field for f in bad.faults if f.why == "missing" and f.field in LABELS), "")
    how = f"请另起一行补充，例如「{label(missing, kind)}：…」。" if missing else ""
    return f"{KINDS[kind]}还不能登记：{said}。{how}"


def _fault(fault: Fault, kind: Kind) -> str:
    known = fault.field == "text" or fault.field in LABELS
    name = f"「{label(fault.field, kind) if known else quoted(fault.field, shared=True, most=20)}」"
    given = quoted(fault.given, shared=True, most=30)
    if fault.field in ("order", "role") and fault.why == "missing":
        return "请写明投诉哪张工单或哪个岗位（二选一）"
    match fault.why:
        case "missing":
            return f"{name}未填写"
        case "unknown":
            return f"没有{name}这一项"
        case "negative":
            return f"{name}不能是 {given}"
        case "past":
            return f"{name}{given} 已经过去，请写今天或以后的日期"
        case "future":
            return f"{name}{given} 还没到，请写今天或以前的日期"
        case "long":
            return f"{name}太长"
        case "nobody":
            return f"没有找到{name}{given}"
        case "choice":
            return f"{name}请从 {'、'.join(CHOICES[fault.field].values())} 中选一个"
    return f"{name}「{given}」无法识别，{_HINTS.get(fault.field, '请重新填写')}"


_HINTS = {
    "amount": "请写金额，例如 3000",
    "completion": "请写日期，例如 12月5日",
    "bought": "请写日期，例如 11月5日",
    "phone": "请写电话号码",
    "stores": "请写数字",
    "quantity": "请写数字",
    "order": "请写单号，例如 1001",
}


#: The word a form is opened with.
_OPENS = {**KINDS, Kind.AFTERSALES: "售后"}


def ask(kind: Kind, field: str) -> str:
    """Ask for one field of a form."""
    if kind is Kind.COMPLAINT and field == "order":
        return "请写明投诉哪张工单（单号）或哪个岗位（如 技术、售后）。取消请回复「取消」。"
    choices = CHOICES.get(field)
    example = f"（{'、'.join(choices.values())}）" if choices and field != "role" else ""
    return f"{KINDS[kind]}：请填写「{label(field, kind)}」{example}。取消请回复「取消」。"


def laid_aside(kind: Kind) -> str:
    """A form that was begun waits no longer for its fields."""
    return f"{KINDS[kind]}尚未填完，未登记；需要时请重新发「{_OPENS[kind]}」。"


def invitation(kind: Kind) -> str:
    """The form to copy, for whoever only said what it is for."""
    return f"{KINDS[kind]}请按此格式填写，一次发送；也可以逐项回复：\n{template(kind)}"


def template(kind: Kind) -> str:
    """The form as it may be copied, filled in and sent back in one message."""
    rows = [f"{LABELS[f.name][0]}：" for f in FORMS[kind].fields if f.required]
    if FORMS[kind].one_of:
        rows.append("投诉工单（或 投诉岗位）：")
    if not FORMS[kind].text:
        rows.append(f"{TEXT_LABELS[kind][0]}：")
    return "\n".join([_OPENS[kind], *rows])


def role_named(word: str) -> Role | None:
    """The role a word names."""
    return ROLE_WORDS.get(word.removesuffix("部").removesuffix("岗"))
