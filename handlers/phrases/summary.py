"""The cards of the leaders' group: how the day and the week went. No name of a person stands in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from handlers.phrases.facts import Facts, Said
from handlers.phrases.text import clock, day, quoted

#: Where in the console the numbers are taken apart.
PAGE = "console/reports"

_SIGNS = "①②③"


def _daily(f: Facts) -> Said:
    facts = f.facts
    at = datetime.fromisoformat(facts["at"])
    lines = _lines(facts)
    if (before := facts.get("since_last")) and any(before[key] for key in ("new", "solved", "missed")):
        since = datetime.fromisoformat(before["from"])
        lines.append(f"{day(since, at)}{clock(since)} 至今日零点：{_flow(before)}")
    return Said(f"服务日报 {day(at)}截至 {clock(at)}", "\n".join(lines), page=PAGE)


def _weekly(f: Facts) -> Said:
    facts = f.facts
    since, until = date.fromisoformat(facts["since"]), date.fromisoformat(facts["until"])
    head = f"服务周报 {since.month}月{since.day}日至{until.month}月{until.day}日"
    return Said(head, "\n".join(_lines(facts)), page=PAGE)


def _flow(facts: Mapping[str, Any]) -> str:
    urgent = f"（紧急 {facts['urgent']}）" if facts["urgent"] else ""
    return f"新增 {facts['new']}{urgent}，解决 {facts['solved']}，超时 {facts['missed']}"


def _lines(facts: Mapping[str, Any]) -> list[str]:
    urgent = f"（紧急 {facts['live_urgent']}）" if facts["live_urgent"] else ""
    lines = [f"工单：{_flow(facts)}"]
    if (attained := facts.get("attained")) is not None:
        lines.append(f"承诺达成率 {attained:.1%}")
    lines.append(f"在办 {facts['live']}{urgent}")
    answered = f"知识库：解答 {facts['answered']}"
    if facts["answered"]:
        answered += f"，未转人工 {facts['helped']}"
    lines.append(f"{answered}，未解答 {facts['gaps']}")
    if given := facts["stars"]:
        lines.append(f"满意度 {given['average']:.1f} 星（{given['count']} 份评价）")
    if facts["unconfirmed"]:
        lines.append(f"未确认通知 {facts['unconfirmed']} 份")
    if facts["top"]:
        asked = "，".join(
            f"{sign}{quoted(str(title), shared=True, most=24)} {count} 次"
            for sign, (title, count) in zip(_SIGNS, facts["top"], strict=False)
        )
        lines.append(f"常见问题：{asked}")
    return lines


#: What each kind says.
PHRASES: Mapping[str, Callable[[Facts], Said]] = {"daily_summary": _daily, "weekly_summary": _weekly}
