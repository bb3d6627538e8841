"""What is said when something of ours went wrong; needs nothing but the hotline."""

from __future__ import annotations

from handlers.message import Card, Incoming, Reply


def apology(incoming: Incoming, hotline: str) -> Reply:
    """The reply to a message that could not be dealt with; nothing of it was done."""
    if incoming.kind in ("enter", "other"):
        return Reply()
    said = f"抱歉，刚才没有处理成功，请稍后再发一次；紧急请拨打热线 {hotline}。"
    if incoming.press:
        return Reply(update=Card(incoming.press.task_id, "没有处理成功", body=said))
    return Reply(said)
