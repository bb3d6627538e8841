"""What roles, states and verbs are called in Chinese."""

from __future__ import annotations

from collections.abc import Mapping

from workorders.directory.people import Role
from workorders.letters import LetterState
from workorders.obligations.matters import Item
from workorders.obligations.obligation import Kind as ObligationKind
from workorders.orders.kinds import Kind, Part
from workorders.orders.order import State

ROLES: Mapping[Role, str] = {
    Role.CS_LEAD: "客服负责人",
    Role.MIDDLE_OFFICE: "中台",
    Role.REVIEW: "商户审核",
    Role.AFTERSALES: "售后",
    Role.TECH: "技术",
    Role.BUSINESS: "业务",
    Role.OPERATIONS: "运营中心",
    Role.HR: "人力资源",
}

#: What people call a role, beside its name.
ROLE_WORDS: Mapping[str, Role] = {name: role for role, name in ROLES.items()} | {
    "负责人": Role.CS_LEAD,
    "审核": Role.REVIEW,
    "产品技术": Role.TECH,
    "运营": Role.OPERATIONS,
    "人力": Role.HR,
    "人事": Role.HR,
    "hr": Role.HR,
}


def post(role: Role, rank: int) -> str:
    """技术一责, 技术二责; the first of the supervisors is simply 客服负责人."""
    if role is Role.CS_LEAD and rank == 1:
        return ROLES[role]
    return f"{ROLES[role]}{'一责' if rank == 1 else '二责'}"


STATES: Mapping[State, str] = {
    State.PARKED: "已登记，待开单",
    State.OPEN: "待接单",
    State.ACCEPTED: "处理中",
    State.PAUSED: "挂起中",
    State.SOLVED: "已解决，待确认",
    State.CLOSED: "已关闭",
    State.DECLINED: "已退回",
    State.CANCELLED: "已撤回",
    State.MERGED: "已并入",
}

#: What somebody did who brought an order to a state ("老李已于 14:35 接单").
DEEDS: Mapping[State, str] = {
    State.PARKED: "登记",
    State.OPEN: "开单",
    State.ACCEPTED: "接单",
    State.PAUSED: "挂起",
    State.SOLVED: "解决",
    State.CLOSED: "关闭",
    State.DECLINED: "退回",
    State.CANCELLED: "撤回",
    State.MERGED: "并入",
}

VERBS: Mapping[str, str] = {
    "accept": "接单",
    "propose": "给方案",
    "solve": "解决",
    "pause": "挂起",
    "resume": "恢复",
    "hand_over": "转交",
    "reroute": "改派",
    "upgrade": "转紧急",
    "downgrade": "转日常",
    "decline": "退回",
    "cancel": "撤回",
    "urge": "催单",
    "reopen": "重开",
    "close": "关闭",
    "assign": "归属",
    "explain": "说明超时原因",
    "change_kind": "改类",
    "merge": "并入",
    "join": "并入",
    "resubmit": "重新提交",
    "expedite": "加急",
    "suspend": "提出暂停服务",
    "say": "补充",
    "message": "留言",
    "rate": "评价",
}

#: What became of a letter.
RECEIVED: Mapping[LetterState, str] = {
    LetterState.WAITING: "待发送",
    LetterState.CLAIMED: "发送中",
    LetterState.SENT: "已送达",
    LetterState.IN_DOUBT: "不确定是否送达",
    LetterState.FAILED: "暂未送达，将重试",
    LetterState.GIVEN_UP: "未送达",
    LetterState.MOOT: "无需再发",
}

OBLIGATIONS: Mapping[ObligationKind, str] = {
    ObligationKind.SLIP: "签收单",
    ObligationKind.COACHING: "辅导期",
    ObligationKind.SURVEY: "满意度调查",
    ObligationKind.THEIR_CHANGE: "合作伙伴人员变更",
    ObligationKind.OUR_CHANGE: "我方人员变更",
}

#: What a survey asks for marks of, in the order they are given in.
SURVEY_ITEMS: Mapping[Item, str] = {
    Item.RESPONSE: "响应速度",
    Item.SOLUTION: "问题解决",
    Item.ATTITUDE: "服务态度",
    Item.SKILL: "专业能力",
}

KINDS: Mapping[Kind, str] = {
    Kind.DAILY: "日常",
    Kind.URGENT: "紧急",
    Kind.INTEGRATION: "接入申请",
    Kind.ONBOARDING: "商户入驻",
    Kind.AFTERSALES: "硬件售后",
    Kind.COMPLAINT: "投诉",
}

#: What people call a kind, beside its name.
KIND_WORDS: Mapping[str, Kind] = {name: kind for kind, name in KINDS.items()} | {
    "接入": Kind.INTEGRATION,
    "对接": Kind.INTEGRATION,
    "系统对接": Kind.INTEGRATION,
    "定制开发": Kind.INTEGRATION,
    "入驻": Kind.ONBOARDING,
    "进件": Kind.ONBOARDING,
    "商户进件": Kind.ONBOARDING,
    "售后": Kind.AFTERSALES,
    "硬件": Kind.AFTERSALES,
    "维修": Kind.AFTERSALES,
}

#: Before 工单 1001, for kinds that are spoken of as such.
_PREFIX = {
    Kind.DAILY: "",
    Kind.URGENT: "紧急",
    Kind.INTEGRATION: "接入",
    Kind.ONBOARDING: "入驻",
    Kind.AFTERSALES: "售后",
    Kind.COMPLAINT: "投诉",
}


def named(kind: Kind, number: int) -> str:
    """工单 1001, 紧急工单 1001, 入驻工单 1001: how every message names an order."""
    return f"{_PREFIX[kind]}工单 {number}"


#: What is owed by a due moment: 最晚 10:20 解决或给出方案.
OWED: Mapping[Part, str] = {
    Part.RESPONSE: "接单",
    Part.SOLUTION: "解决或给出方案",
    Part.DECISION: "答复",
    Part.RESULT: "反馈审核结果",
    Part.REPLY: "回复处理结果和优化方案",
    Part.COMPLETION: "完成",
}

#: The same in a card's narrow rows.
OWED_SHORTLY: Mapping[Part, str] = {
    Part.RESPONSE: "接单",
    Part.SOLUTION: "解决",
    Part.DECISION: "答复",
    Part.RESULT: "反馈结果",
    Part.REPLY: "回复",
    Part.COMPLETION: "承诺的完成时间",
}
