"""The audit in words: what was done, at which door, and to what."""

from __future__ import annotations

from collections.abc import Mapping

#: By the act's name, which the audit keeps.
ACTS: Mapping[str, str] = {
    "agreement:calendar:import": "导入节假日",
    "attachment:original:read": "查看原图",
    "console:incident:act": "处理故障",
    "console:order:act": "处理工单",
    "console:session:begin": "登录",
    "console:session:end": "退出登录",
    "data:audit:export": "导出审计",
    "data:audit:prune": "清理到期审计",
    "data:hold:place": "冻结资料",
    "data:hold:release": "解除冻结",
    "data:kind:prune": "清理到期资料",
    "data:person:forget": "删除个人资料",
    "data:person:read": "查询个人资料",
    "directory:file:export": "导出通讯录",
    "directory:file:import": "导入通讯录",
    "directory:row:change": "修改通讯录",
    "hotline:call:log": "记录来电",
    "knowledge:gaps:export": "导出知识缺口",
    "letter:record:act": "处理未送达消息",
    "notice:broadcast:act": "处理通知",
    "notice:evidence:read": "查看通知回执",
    "obligation:record:act": "处理约定事项",
    "order:record:file": "补录工单",
    "order:record:read": "查看工单原文",
    "person:record:read": "查看人员原文",
    "report:figures:export": "导出报表",
}
DOORS: Mapping[str, str] = {
    "app": "应用",
    "aibot": "机器人",
    "mail": "邮件",
    "console": "控制台",
    "cli": "命令行",
    "clock": "系统",
}
RESULTS: Mapping[str, str] = {"done": "完成", "refused": "拒绝"}
HEADINGS = ("序号", "时间", "操作人", "入口", "操作", "对象", "结果", "原因", "详情", "校验值")
