"""What letters about an incident say: to reporters, and to whoever owes the next word."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from handlers.phrases.facts import Facts, Said


def _orders(f: Facts) -> str:
    numbers = [str(number) for number in f.facts["orders"]]
    more = f" 等 {len(numbers)} 张" if len(numbers) > 8 else ""
    return f"工单 {'、'.join(numbers[:8])}{more}"


def _next(f: Facts) -> str:
    return f"下次通报最晚 {f.moment('next')}。" if f.facts.get("next") else ""


def _head(f: Facts, what: str, words: str) -> str:
    return f"故障 {f.facts['incident']} {what}：{f.words(words, 300)}（{f.stamp}）"


def _known(f: Facts) -> Said:
    return Said(_head(f, "已确认，正在处理", "title"), f"您的{_orders(f)}属于此故障。{_next(f)}")


def _word(f: Facts) -> Said:
    return Said(_head(f, "进展", "words"), f"涉及您的{_orders(f)}。{_next(f)}")


def _over(f: Facts) -> Said:
    first = f.facts["orders"][0]
    return Said(
        _head(f, "已恢复", "words"),
        f"您的{_orders(f)}由处理人逐一确认。",
        f"仍有问题请回复「{first} 内容」。",
    )


def _due(f: Facts) -> Said:
    return Said(
        f"故障 {f.facts['incident']} 该通报了（{f.stamp}）：{f.words('title')}",
        f"涉及 {f.facts['count']} 张工单，约定 {f.moment('next')} 前通报。",
        "请在控制台发布进展或恢复。",
        short=f"故障 {f.facts['incident']} 该通报了",
    )


def _late(f: Facts) -> Said:
    return Said(
        f"故障 {f.facts['incident']} 逾期未通报（{f.stamp}）：{f.words('title')}",
        f"应在 {f.moment('next')} 前通报，由{f.name('maker')}负责，涉及 {f.facts['count']} 张工单。",
        "请协调，并在控制台发布进展。",
        short=f"故障 {f.facts['incident']} 逾期未通报",
    )


PHRASES: Mapping[str, Callable[[Facts], Said]] = {
    "incident_known": _known,
    "incident_word": _word,
    "incident_over": _over,
    "incident_due": _due,
    "incident_late": _late,
}
