"""What may be said whatever somebody asked: about the bot, the message, and what it cannot read."""

from __future__ import annotations

from workorders.agreement.retention import Keep, Retention

NEVER_SEND = "请勿发送银行卡号、密码、验证码，我们不会索取；相关内容已屏蔽。"
#: To our own people, who paste what a customer gave them.
NEVER_PASTE = "请勿在聊天中粘贴银行卡号、密码、验证码，相关内容已屏蔽；请让客户也不要发送。"
TRY_AGAIN = "没有看懂，请用一句话说说您的问题，或回复「帮助」。"
READY = "在的，请直接用一句话说说您的问题。回复「帮助」查看可以做什么，回复「转人工」找人。"


def here_and(order: str) -> str:
    """To 在吗, from somebody whose order is being worked on."""
    return f"在的。您的{order}。"


def heard(words: str) -> str:
    return f"（语音转文字，可能有误：「{words}」）"


def cut(longest: int) -> str:
    return f"（消息较长，仅读取了前 {longest} 字。）"


def bot(hotline: str) -> str:
    return f"是的，我是自动应答机器人。回复「转人工」由同事处理，或拨打热线 {hotline}。"


def welcome(hotline: str, retention: Retention) -> str:
    """To somebody who opens the conversation: what may be asked, and what is kept of it, why and how long."""
    chat, order = (_lasting(retention.spans[kind]) for kind in ("chat", "order"))
    return (
        "您好，我是服务台机器人，可以直接问我使用问题，或报障、查进度。\n"
        "报障请直接描述问题；紧急故障请发「紧急 问题」，全天有人；找人请发「转人工」；更多请发「帮助」。\n"
        f"热线 {hotline}。\n"
        f"为处理您的问题，聊天内容保存 {chat}，工单内容保存 {order}，不作他用。\n"
        "请勿发送银行卡号、密码、验证码，我们不会索取。"
    )


def _lasting(keep: Keep) -> str:
    return f"{keep.days} 天" if keep.days else f"{keep.years} 年"


def unreadable(kind: str, hotline: str) -> str:
    """For what came without words."""
    what = {
        "picture": "没有收到图片，请重新发送，或用一句话说说遇到的问题。",
        "voice": "没有听清这段语音，请改用文字说说遇到的问题。",
        "file": "没有收到文件，请重新发送，或用一句话说说遇到的问题。",
        "video": "暂时看不了视频，请用一句话说说遇到的问题。",
        "location": "收到位置，请再用一句话说说遇到的问题。",
    }.get(kind, "这类消息暂时读不了，请用文字说说遇到的问题。")
    return f"{what}紧急故障请发「紧急 问题」，或拨打热线 {hotline}。"


STALE_CARD = "这张卡片已失效，请直接发文字，例如「进度」。"
