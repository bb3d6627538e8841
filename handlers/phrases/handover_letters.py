"""What is written about 交接班: the offer to whoever may take it, and to the supervisors that nobody did."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from handlers.message import Button
from handlers.phrases.facts import Facts, Said
from handlers.phrases.text import dated, quoted
from workorders.handover.handover import PATIENCE

#: Lines and buttons a card has room for.
_ROWS, _BUTTONS = 6, 6


def _offered(f: Facts) -> Said:
    orders = _orders(f)
    note = f"备注：{f.words('note', 200)}" if f.facts["note"] else ""
    what = f"{f.name('giver')}交接给您 {len(orders)} 张工单"
    each = len(orders) > 1
    buttons = [Button("全部接收" if each else "接收", f"receive:{f.facts['id']}")]
    if each:
        buttons += [
            Button(f"接收 {o['number']}", f"receive:{f.facts['id']},{o['number']}", style=2)
            for o in orders[: _BUTTONS - 1]
        ]
    more = f"另有 {len(orders) - _ROWS} 张。" if len(orders) > _ROWS else ""
    return Said(
        head=f"{what}（{f.stamp}）：",
        body="\n".join(part for part in (*_lines(f, orders), note) if part),
        words=f"回复「接收」全部接收，或「接收 {orders[0]['number']}」；接收前仍由{f.name('giver')}负责。",
        title=what,
        desc=f.stamp,
        shown="\n".join(part for part in (note, more, f"接收前仍由{f.name('giver')}负责。") if part),
        rows=tuple((str(o["number"]), _row(f, o)) for o in orders[:_ROWS]),
        buttons=tuple(buttons),
        short="待接收",
    )


def _late(f: Facts) -> Said:
    orders, minutes = _orders(f), int(PATIENCE.total_seconds() // 60)
    numbers = "、".join(str(o["number"]) for o in orders)
    offered = dated(datetime.fromisoformat(f.facts["offered_at"]), f.at)
    return Said(
        head=f"{f.name('receiver')} {minutes} 分钟未接收{f.name('giver')}交接的工单 {numbers}（{f.stamp}）。",
        body=f"{offered} 交接，现仍由{f.name('giver')}负责。",
        words=f"请协调；可回复「转交 {orders[0]['number']} 同事姓名」。",
        short="交接未接收",
    )


def _orders(f: Facts) -> Sequence[Mapping[str, Any]]:
    found: Sequence[Mapping[str, Any]] = f.facts["orders"]
    return found


def _lines(f: Facts, orders: Sequence[Mapping[str, Any]]) -> list[str]:
    return [f"- {order['number']} {_row(f, order)}" for order in orders]


def _row(f: Facts, order: Mapping[str, Any]) -> str:
    due = datetime.fromisoformat(order["due"]) if order["due"] else None
    by = "" if due is None else f"，{'已超时' if due < f.at else f'最晚 {dated(due, f.at)}'}"
    return f"{'紧急 ' if order['urgent'] else ''}{quoted(order['text'], shared=f.shared, most=20)}{by}"


#: What each kind says.
PHRASES: Mapping[str, Callable[[Facts], Said]] = {"handover": _offered, "handover_late": _late}
