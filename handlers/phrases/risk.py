"""What is said of requests nobody may grant in a chat, to whoever asked and to whoever must know."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from handlers.phrases.facts import Facts, Said

REFUSED = "该类业务不受理，请勿在此讨论；如需帮助请联系客服负责人。"


def settlement(hotline: str, *, told: bool) -> str:
    """To whoever asked for another settlement account."""
    said = f"聊天中不受理结算账户变更。请由贵方登记的对接人拨打热线 {hotline}，核验身份后办理。"
    return f"{said}\n已同时通知贵方登记的对接人。" if told else said


def _alert(facts: Facts) -> Said:
    """To the partner's own contact."""
    return Said(
        f"结算账户变更提醒：{_who(facts)} {facts.stamp} {_where(facts)}要求变更结算账户，我方未受理。\n"
        f"如非贵方本意，请立即拨打热线 {facts.facts['hotline']}。"
    )


def _flag(facts: Facts) -> Said:
    """To a supervisor, of a settlement account."""
    told = "、".join(facts.facts["told"]) or "无人可通知，请电话核实"
    return Said(
        f"结算账户变更请求，未受理：{_who(facts)} {facts.stamp} {_where(facts)}提出{facts.text}。\n"
        f"已请对方走热线核验；已通知对方登记的对接人：{told}。"
    )


def _illicit(facts: Facts) -> Said:
    """To a supervisor, of trade nobody may do."""
    return Said(
        f"合规提醒：{_who(facts)} {facts.stamp} {_where(facts)}提出{facts.text}，已按固定话术拒绝。\n"
        "请判断是否转报风控。"
    )


def _who(facts: Facts) -> str:
    partner = facts.facts.get("partner")
    return f"{facts.words('partner')} 的{facts.words('who')}" if partner else facts.words("who")


def _where(facts: Facts) -> str:
    return f"在「{facts.words('group')}」" if facts.facts.get("group") else "在单聊中"


#: What each kind says.
PHRASES: Mapping[str, Callable[[Facts], Said]] = {
    "settlement_alert": _alert,
    "settlement_flag": _flag,
    "risk_flag": _illicit,
}
