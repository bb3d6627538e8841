"""What 帮助 says: to partners and to our own people, the most wanted first."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Section:
    """What belongs together.

    Attributes:
        title: its heading.
        lines: what may be typed, a line each, after the name of the intent that answers it.
    """

    title: str
    lines: tuple[tuple[str, str], ...]


PARTNERS: tuple[Section, ...] = (
    Section(
        "报障",
        (
            ("opening", "直接描述问题，或：报障 收银台打不开"),
            ("opening", "紧急 全部门店不能收款：全天有人处理"),
            ("attach", "图片、文件：直接发，再用一句话说明问题"),
            ("human", "转人工：由同事处理"),
        ),
    ),
    Section(
        "工单",
        (
            ("progress", "进度、进度 1001；为什么 1001：时限怎么算的"),
            ("verbs", "催单 1001、撤回 1001、重开 1001"),
            ("feedback", "没解决 / 已解决：对回答或工单的反馈"),
            ("stars", "评价 1001 5 星：工单关闭后 48 小时内"),
        ),
    ),
    Section(
        "申请与约定",
        (
            ("filing", "接入申请、商户入驻、售后、投诉：按提示填写"),
            ("filing", "重新提交 1001 修改说明；加急 1001（入驻）；投诉 1001 原因"),
            ("notices", "收到 N12、有疑问 N12 问题：回复通知"),
            ("obligations", "约定：待办的约定事项；Y3、为什么 Y3：其中一项"),
            ("duty", "今天谁值班"),
        ),
    ),
)

DESK: tuple[Section, ...] = (
    Section(
        "处理工单",
        (
            ("progress", "进度：我的工单；进度 1001；为什么 1001：时限怎么算的"),
            ("verbs", "接单 1001、接手 1001、解决 1001 说明"),
            ("verbs", "给方案 1001 更换机具，今天18:00"),
            ("verbs", "挂起 1001 等待什么；恢复 1001；留言 1001 内容（给报障人）"),
            ("verbs", "转交 1001 老李；改派 1001 售后；归属 1001 星河支付"),
            ("verbs", "转紧急 1001；转日常 1001 原因；退回 1001 原因；关闭 1001 说明"),
            ("filing", "通过 1001；驳回 1001 原因；改类 1001 日常；并入 1002 1001"),
            ("filing", "解决 1001 结果：…；优化方案：…（投诉）"),
            ("attach", "附图 1001：把刚发的图片、文件附到工单"),
        ),
    ),
    Section(
        "登记",
        (
            ("opening", "开单 问题；紧急 问题"),
            ("hotline", "来电 星河支付 小王 13800000000 问题 5分钟前：登记电话；发「来电」可用表单"),
            ("filing", "商户入驻、接入申请、售后、投诉：代为登记"),
            ("obligations", "约定、Y3、为什么 Y3；约定帮助：怎么登记、办理约定事项"),
        ),
    ),
    Section(
        "值班与群",
        (
            ("duty", "今天谁值班、周六谁值班"),
            ("handover", "交接班、交接班 老周 1001 备注；接收、接收 1001"),
            ("directory", "请假 12-01 到 12-03 由老周代、销假；绑定 星河支付"),
            ("webhook", "webhook 群名 密钥：客服负责人在单聊中登记"),
        ),
    ),
)


def text(sections: tuple[Section, ...], hotline: str) -> str:
    """All of it, with the hotline's number at the end."""
    parts = [
        line
        for section in sections
        for line in (f"【{section.title}】", *(f"- {t}" for _, t in section.lines))
    ]
    return "\n".join(["您可以发：", *parts, f"热线 {hotline}。"])
