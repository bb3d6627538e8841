"""What operations are told of their notices: who asked, who cannot be reached, that all of it is out."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from handlers.phrases.facts import Facts, Said
from handlers.phrases.notice_evidence import reason
from handlers.phrases.text import quoted


def _named(f: Facts) -> str:
    return f"通知 N{f.facts['notice']}「{f.words('title', 30)}」"


def _unreachable(f: Facts) -> Said:
    was = "此前已视同收到，现改为未送达。" if f.facts.get("was_deemed") else ""
    return Said(
        f"{_named(f)}未送达{f.name('who')}（{f.stamp}）。",
        f"原因：{quoted(reason(str(f.facts['reason'])), shared=f.shared, most=200)}。{was}",
        "请核对通讯录后重发，或改用电话告知并代为登记。",
        short=f"通知未送达{f.name('who')}",
    )


def _sent(f: Facts) -> Said:
    total, missed = int(f.facts["headcount"]), int(f.facts["unreachable"])
    names = "、".join(str(name) for name in f.facts.get("names") or ())
    more = "等" if missed > len(f.facts.get("names") or ()) else ""
    return Said(
        f"{_named(f)}已发完（{f.stamp}）：共 {total} 人，未送达 {missed} 人。",
        f"未送达：{names}{more}。请重发或改用电话告知。" if missed else "",
        short="通知已发完",
    )


def _questioned(f: Facts) -> Said:
    return Said(
        f"{f.name('who')}对{_named(f)}有疑问（{f.stamp}），已开工单 {f.facts['order']}。",
        f"「{f.words('text', 100)}」",
        short=f"{f.name('who')}对通知有疑问",
    )


def _to_approve(f: Facts) -> Said:
    origin = f"由{f.name('by')}拟定" if f.facts.get("by") else "已按工作日历拟好草稿"
    return Said(
        f"{_named(f)}{origin}，待批准（{f.stamp}）。",
        "请在控制台「通知」核对内容和接收人，批准后发送。",
        short="通知待批准",
    )


PHRASES: Mapping[str, Callable[[Facts], Said]] = {
    "notice_unreachable": _unreachable,
    "notice_sent": _sent,
    "notice_questioned": _questioned,
    "notice_to_approve": _to_approve,
}
