"""What is written about an absence: to the stand-in, and to whoever it was registered for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from handlers.phrases.facts import Facts, Said
from handlers.phrases.text import on_leave


def _absence(f: Facts) -> Said:
    begins, ends = (datetime.fromisoformat(f.facts[key]) for key in ("begins", "ends"))
    stand_in = f"，由{f.name('stand_in')}代班" if f.facts.get("stand_in") else ""
    by = f"，{f.name('by')}登记" if f.facts.get("by") and f.facts["by"] != f.facts["who"] else ""
    return Said(
        head=f"{f.name('who')} {on_leave(begins, ends, f.at)}请假{stand_in}{by}（{f.stamp}）。",
        body="代班期间的通知同时发给代班人，可回复「今天谁值班」查看。" if stand_in else "",
        short="请假",
    )


#: What each kind says.
PHRASES: Mapping[str, Callable[[Facts], Said]] = {"absence": _absence}
