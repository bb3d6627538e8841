"""What reports are called, and their columns and codes, in the sheets people are handed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from handlers.phrases.names import KINDS, ROLES
from handlers.phrases.stars import REASONS
from workorders.orders.ledger import Cause
from workorders.orders.promise import Part
from workorders.report.period import Period, Sort
from workorders.report.table import Cell

TITLES: Mapping[str, str] = {
    "attainment": "达成率",
    "times": "响应与解决时长",
    "spread": "用时分布",
    "breaches": "超时明细",
    "causes": "超时原因",
    "stars": "服务评价",
    "reroutes": "改派",
    "downgrades": "紧急转日常",
    "reopened": "重开",
    "orders": "来单数",
    "load": "来单时段",
    "answers": "知识库解答",
    "calls": "来电",
    "gaps": "未解答问题",
    "unsolved": "没解决的解答",
    "complaints": "投诉处理年度公示",
}

#: What the desk calls the stretch in which a column's figures lie, per report where it differs.
_HEADINGS: Mapping[str, str] = {
    "clause": "条款",
    "kind": "类别",
    "partner": "合作伙伴",
    "role": "岗位",
    "person": "处理人",
    "day": "日期",
    "week": "周",
    "month": "月份",
    "quarter": "季度",
    "promises": "承诺数",
    "met": "按时",
    "missed": "超时",
    "declined": "退回",
    "void": "作废",
    "pending": "未到期",
    "filed": "其中补录",
    "attained": "达成率",
    "part": "环节",
    "median": "中位数",
    "p90": "九成以内",
    "over": "超过（分钟）",
    "upto": "不超过（分钟）",
    "response": "响应",
    "solution": "解决",
    "order": "工单",
    "due": "应完成",
    "met_at": "实际完成",
    "late_by": "迟了",
    "cause": "原因",
    "reason": "说明",
    "ratings": "评价数",
    "average": "平均星级",
    **{f"stars_{n}": f"{n} 星" for n in range(1, 6)},
    "from": "原岗位",
    "to": "改派到",
    "times": "次数",
    "orders": "工单数",
    "at": "时间",
    "by": "操作人",
    "words": "说明",
    "hour": "时段",
    "mon": "周一",
    "tue": "周二",
    "wed": "周三",
    "thu": "周四",
    "fri": "周五",
    "sat": "周六",
    "sun": "周日",
    "article": "条目",
    "question": "问题",
    "answered": "解答次数",
    "calls": "来电数",
    "joined": "并入已有工单",
    "on_the_line": "当场答复",
    "solved": "已解决",
    "silent": "未反馈",
    "unsolved": "没解决",
    "human": "转人工",
    "without_order": "未转工单占比",
    "nearest": "最近条目",
    "last": "最近一次",
    "about": "投诉类型",
    "withdrawn": "其中撤诉",
    "complaints": "投诉数量",
    "handled": "已处理",
    "handled_share": "处理率",
    "in_time": "按时答复",
    "in_time_share": "按时率",
}

CAUSES: Mapping[str, str] = {
    Cause.FILED: "补录时已超时",
    Cause.UNACCEPTED: "无人接单",
    Cause.ACCEPTED_LATE: "接单过晚",
    Cause.REROUTED: "改派后无人接单",
    Cause.PAUSED: "挂起后超时",
    Cause.REOPENED: "重开后超时",
    Cause.UNSOLVED: "接单后未按时完成",
    Cause.PLAN: "承诺的完成时间已过",
}

_REASONS: Mapping[str, str] = {reason.value: name for reason, name in REASONS.items()}

_PARTS: Mapping[str, str] = {
    Part.RESPONSE: "响应",
    Part.SOLUTION: "解决",
    Part.COMPLETION: "承诺完成",
    Part.DECISION: "答复",
    Part.RESULT: "审核结果",
    Part.REPLY: "回复",
}
_KINDS: Mapping[str, str] = {kind.value: name for kind, name in KINDS.items()}
_ROLES: Mapping[str, str] = {role.value: name for role, name in ROLES.items()}
_WORDS: Mapping[str, Mapping[str, str]] = {
    "kind": _KINDS,
    "role": _ROLES,
    "from": _ROLES,
    "about": _ROLES,
    "to": _ROLES,
    "part": _PARTS,
    "cause": CAUSES,
}

#: How long a promise is that a plan made.
BY_PLAN = "以方案为准"

#: What the last row of a table is called that sums the others.
SUM = "合计"


#: How the stretches are called by which figures are read.
SORTS: Mapping[Sort, str] = {"week": "周", "month": "月", "quarter": "季度", "year": "年"}


def period(of: Period) -> str:
    """2026年11月, 2026年第48周（11月23日至29日）, 2026年第四季度, 2026年."""
    since, until = of.since, of.until
    match of.sort:
        case "week":
            year, number, _ = since.isocalendar()
            ends = f"{until.day}日" if until.month == since.month else _day(until)
            return f"{year}年第{number}周（{_day(since)}至{ends}）"
        case "month":
            return f"{since.year}年{since.month}月"
        case "quarter":
            return f"{since.year}年第{'一二三四'[since.month // 3]}季度"
        case "year":
            return f"{since.year}年"
    return f"{since}至{until}"


def step(value: str) -> str:
    """A row of figures in time: 第48周（11月23日起） for ``2026-W48``, 11月23日 for a day."""
    if "W" not in value:
        return _day(date.fromisoformat(value))
    return f"第{int(value[6:])}周（{_day(Period.parse(value).since)}起）"


def tick(value: str) -> str:
    """The same below a chart: 11/23."""
    begins = Period.parse(value).since if "W" in value else date.fromisoformat(value)
    return f"{begins.month}/{begins.day}"


def until(over: int, upto: Cell) -> str:
    """A stretch of a distribution below its bar: ≤5分, ≤2时, >1天."""
    return f"≤{_briefly(upto)}" if isinstance(upto, int) else f">{_briefly(over)}"


def _briefly(minutes: int) -> str:
    for unit, name in ((1440, "天"), (60, "时")):
        if minutes >= unit and minutes % unit == 0:
            return f"{minutes // unit}{name}"
    return f"{minutes}分"


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日"


def title(report: str) -> str:
    """What a report is called."""
    return TITLES[report]


def heading(report: str, key: str) -> str:
    """A column's heading."""
    if report == "causes" and key in CAUSES:
        return CAUSES[key]
    if report == "times" and key == "met":
        return "完成数"  # late ones too
    if report == "stars" and key in _REASONS:
        return f"因{_REASONS[key]}"
    return _HEADINGS[key]


def cell(key: str, value: Cell) -> Cell:
    """A code of ours in words; everything else as it is."""
    if not isinstance(value, str) or not value:
        return value
    if key == "clause":
        return clause(value)
    return _WORDS.get(key, {}).get(value, value)


def clause(name: str) -> str:
    """日常响应, 紧急解决; a clause nobody named is left as it is written."""
    kind, _, part = name.rpartition(".")
    if not kind:
        return _PARTS.get(name, name)
    return f"{_KINDS[kind]}{_PARTS[part]}" if kind in _KINDS and part in _PARTS else name
