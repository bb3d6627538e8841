"""The conversation: one intent per file, tried in the order of this table of contents."""

from __future__ import annotations

from handlers import (
    about,
    attachments,
    drafts,
    duty,
    expected,
    faq,
    feedback,
    help,
    human,
    menu,
    notices,
    nudge,
    obligations,
    opening,
    press,
    progress,
    risk,
    thanks,
    verbs,
    welcome,
)
from handlers.intent import Intent

#: The first that answers has answered; what is refused on the way is said by the router.
INTENTS: tuple[Intent, ...] = (
    Intent("welcome", welcome.handle),
    Intent("press", press.handle),
    Intent("attachments", attachments.handle),
    Intent("settlement", risk.settlement),
    Intent(
        "attach",
        attachments.named,
        help=("图片、文件：直接发，再用一句话说明问题",),
        desk_help=("附图 1001：把刚发的图片、文件附到工单",),
    ),
    Intent("notices", notices.handle, help=("收到 N12、有疑问 N12 问题：回复通知",)),
    Intent("human", human.handle, help=("转人工：由同事处理",)),
    Intent("cancel", expected.cancel),
    Intent("menu", menu.handle),
    Intent(
        "obligations",
        obligations.handle,
        help=("约定：待办的约定事项；Y3、为什么 Y3：其中一项",),
        desk_help=("约定、Y3、为什么 Y3；约定帮助：怎么登记、办理约定事项",),
    ),
    Intent("feedback", feedback.handle, help=("没解决 / 已解决：对回答或工单的反馈",)),
    Intent(
        "verbs",
        verbs.handle,
        help=("催单 1001、撤回 1001、重开 1001",),
        desk_help=(
            "接单 1001、接手 1001、解决 1001 说明",
            "给方案 1001 更换机具，今天18:00",
            "挂起 1001 等待什么；恢复 1001",
            "转交 1001 老李；改派 1001 售后；归属 1001 星河支付",
            "转紧急 1001；转日常 1001 原因；退回 1001 原因；关闭 1001 说明",
        ),
    ),
    Intent(
        "opening",
        opening.handle,
        help=("直接描述问题，或：报障 收银台打不开", "紧急 全部门店不能收款：全天有人处理"),
        desk_help=("开单 问题；紧急 问题",),
    ),
    Intent(
        "progress",
        progress.handle,
        help=("进度、进度 1001；为什么 1001：时限怎么算的",),
        desk_help=("进度：我的工单；进度 1001；为什么 1001：时限怎么算的",),
    ),
    Intent("help", help.of(lambda: INTENTS), help=("帮助：查看这份说明",), desk_help=("帮助：查看这份说明",)),
    Intent("duty", duty.handle, help=("今天谁值班",), desk_help=("今天谁值班",)),
    Intent("thanks", thanks.handle),
    Intent("bot", thanks.admit),
    Intent("expected", expected.handle),
    Intent("nudge", nudge.handle),
    Intent("about", about.named),
    Intent("awaited", about.awaited),
    Intent("follows", drafts.follows),
    Intent("draft", drafts.handle),
    Intent("faq", faq.handle),
)
