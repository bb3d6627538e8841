"""A letter's facts read as words, and what is said of them: what every letter is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from handlers.message import Button
from handlers.phrases.attachments import beside
from handlers.phrases.forms import summary
from handlers.phrases.names import OWED, OWED_SHORTLY, named
from handlers.phrases.plain import plain_line
from handlers.phrases.text import awaited, dated, quoted, stamp
from workorders.orders.kinds import PARTS, Kind


@dataclass(frozen=True)
class Said:
    """One letter, for both channels.

    ``head``, ``body`` and ``words`` (what to type) are its text; the rest makes its card, whose body is
    ``shown`` where that differs from ``body``. Beside others in one card it is ``short`` (待接单), and
    ``ask`` what its reader is asked to do. ``page`` is where in the console a group finds more, ``call``
    who can be called about it.
    """

    head: str
    body: str = ""
    words: str = ""
    title: str = ""
    desc: str = ""
    shown: str = ""
    rows: tuple[tuple[str, str], ...] = ()
    buttons: tuple[Button, ...] = ()
    done: str = ""
    short: str = ""
    ask: str = ""
    page: str = ""
    call: str = ""

    @property
    def card(self) -> bool:
        return bool(self.buttons or self.done)


@dataclass(frozen=True)
class Facts:
    """A letter's facts, read as words."""

    facts: Mapping[str, Any]
    shared: bool

    @property
    def number(self) -> int:
        return int(self.facts["number"])

    @property
    def urgent(self) -> bool:
        return bool(self.facts.get("urgent"))

    @property
    def at(self) -> datetime:
        return datetime.fromisoformat(self.facts["at"])

    @property
    def kind(self) -> Kind:
        """Letters written before there were other kinds name none."""
        return Kind(self.facts.get("order_kind") or (Kind.URGENT if self.urgent else Kind.DAILY))

    @property
    def named(self) -> str:
        return named(self.kind, self.number)

    @property
    def owed(self) -> str:
        """What it is about: 解决或给出方案, 答复, 反馈审核结果."""
        return OWED[PARTS[self.kind][-1]]

    @property
    def form(self) -> str:
        """The filled form in one line, empty where there is none."""
        return summary(self.kind, self.facts.get("form") or {}, shared=self.shared)

    @property
    def stamp(self) -> str:
        return stamp(self.at)

    @property
    def text(self) -> str:
        words = quoted(str(self.facts.get("text") or ""), shared=self.shared)
        return f"「{words}」{beside(self.facts.get('pictures') or 0, self.facts.get('files') or 0)}"

    def words(self, key: str, most: int = 100) -> str:
        return quoted(str(self.facts.get(key) or ""), shared=self.shared, most=most)

    @property
    def awaited(self) -> str:
        return awaited(self.words("awaited", 200))

    def name(self, key: str) -> str:
        return plain_line(str(self.facts.get(key) or ""))

    def moment(self, key: str) -> str:
        """A due moment, its day left out where it is the letter's own; empty where there is none."""
        raw = self.facts.get(key)
        return dated(datetime.fromisoformat(raw), self.at) if raw else ""

    def passed(self, key: str) -> bool:
        """Whether a due moment had passed when the letter was written."""
        raw = self.facts.get(key)
        return raw is not None and datetime.fromisoformat(raw) < self.at

    def by(self, key: str, what: str) -> str:
        """，最晚 14:35 接单; once passed ，原应 14:35 前接单，已超时; empty where the moment is none."""
        moment = self.moment(key)
        if self.passed(key):
            return f"，原应 {moment} 前{what}，已超时"
        return f"，最晚 {moment} {what}" if moment else ""

    def by_politely(self, key: str, what: str) -> str:
        """The same to whoever waits for it."""
        if self.passed(key):
            doing = "正在处理" if self.facts.get("owner") else "正在催办"
            return f"，原定 {self.moment(key)} 前{what}，已超时，{doing}"
        return self.by(key, what)

    @property
    def due(self) -> str:
        return self.by("response_due", "接单") + self.by("solution_due", self.owed)

    @property
    def due_politely(self) -> str:
        """Only the first that is late, where one is: a second lateness says nothing more."""
        if self.passed("response_due"):
            return self.by_politely("response_due", "接单")
        return self.by("response_due", "接单") + self.by_politely("solution_due", self.owed)

    @property
    def who(self) -> str:
        """星河支付 小王; of a phone call, whoever rang."""
        caller = plain_line(str((self.facts.get("form") or {}).get("caller") or ""))
        return " ".join(
            n for n in (self.name("partner") or "未归属单位", caller or self.name("reporter")) if n
        )

    @property
    def rows(self) -> tuple[tuple[str, str], ...]:
        # Who reported it, and when this was said, stand under the title.
        rows = (
            ("处理人", self.name("owner")),
            self._row("response_due", "接单"),
            self._row("solution_due", OWED_SHORTLY[PARTS[self.kind][-1]]),
        )
        return tuple((label, value) for label, value in rows if value)

    def _row(self, key: str, what: str) -> tuple[str, str]:
        if self.passed(key):
            return f"原应{what}", f"{self.moment(key)} 已超时"
        return f"最晚{what}", self.moment(key)
