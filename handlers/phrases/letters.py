"""The prose of every letter: what is said, by app message or into a group, of each thing that happened.

A letter is rendered once, when it is first claimed, which may be on another day than it was written: so
its moments bear their dates, and none says 今天.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from handlers.message import Button, Card
from handlers.phrases import cards
from handlers.phrases.names import ROLES
from handlers.phrases.text import dated, plain, quoted, stamp
from workorders.directory.people import Role
from workorders.orders.promise import Part


@dataclass(frozen=True)
class Message:
    """A letter in words.

    Attributes:
        text: markdown of the plainest kind, readable as text; empty where the card says it all.
        card: for a member, with buttons where there is something to do; None in groups.
        mention: userids a group post alerts.
    """

    text: str = ""
    card: Card | None = None
    mention: tuple[str, ...] = ()


def render(kind: str, facts: Mapping[str, Any], *, shared: bool) -> Message:
    """Say a letter.

    Args:
        kind: as in ``workorders.orders.telling``, or ``given_up``.
        facts: what the letter was written with.
        shared: it goes into a group: phones are masked, the reporter is mentioned, words stand for buttons.

    Raises:
        KeyError: nobody has written a phrase for that kind.
    """
    said = _PHRASES[kind](_Facts(facts, shared))
    number = facts["number"]
    head = f"{said.head}\n{said.body}".strip()
    if shared:
        words = f"{head}\n{said.words}".strip()
        return Message(words, mention=(facts["reporter_id"],) if facts.get("reporter_id") else ())
    if not said.card:
        return Message(f"{head}\n{said.words}".strip())
    moment = datetime.fromisoformat(facts["at"])
    card = Card(
        task_id=f"order-{number}-{kind}-{moment:%Y%m%d%H%M%S%f}",
        title=said.title,
        desc=said.desc,
        facts=said.rows,
        body=said.body,
        buttons=said.buttons,
    )
    return Message(f"{head}\n{said.words}".strip(), card)


@dataclass(frozen=True)
class _Said:
    """One letter, for both channels: ``head`` and ``body`` as text; the rest makes its card."""

    head: str
    body: str = ""
    words: str = ""
    title: str = ""
    desc: str = ""
    rows: tuple[tuple[str, str], ...] = ()
    buttons: tuple[Button, ...] = ()

    @property
    def card(self) -> bool:
        return bool(self.buttons)


@dataclass(frozen=True)
class _Facts:
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
    def named(self) -> str:
        return f"{'紧急' if self.urgent else ''}工单 {self.number}"

    @property
    def stamp(self) -> str:
        return stamp(self.at)

    @property
    def text(self) -> str:
        return f"「{quoted(str(self.facts.get('text') or ''), shared=self.shared)}」"

    def words(self, key: str, most: int = 100) -> str:
        return quoted(str(self.facts.get(key) or ""), shared=self.shared, most=most)

    def name(self, key: str) -> str:
        return plain(str(self.facts.get(key) or ""))

    def moment(self, key: str) -> str:
        """A due moment, its day left out where it is the letter's own; empty where there is none."""
        raw = self.facts.get(key)
        return dated(datetime.fromisoformat(raw), self.at) if raw else ""

    def by(self, key: str, what: str) -> str:
        """，最晚 14:35 接单; empty where the moment is none."""
        moment = self.moment(key)
        return f"，最晚 {moment} {what}" if moment else ""

    @property
    def due(self) -> str:
        return self.by("response_due", "接单") + self.by("solution_due", "解决或给出方案")

    @property
    def who(self) -> str:
        """星河支付 小王."""
        return " ".join(n for n in (self.name("partner") or "未归属单位", self.name("reporter")) if n)

    @property
    def rows(self) -> tuple[tuple[str, str], ...]:
        rows = (
            ("报障", self.who),
            ("处理人", self.name("owner")),
            ("最晚接单", self.moment("response_due")),
            ("最晚解决", self.moment("solution_due")),
            ("时间", self.stamp),
        )
        return tuple((label, value) for label, value in rows if value)


def _to_desk(f: _Facts, what: str, *, extra: str = "", owned: bool | None = None) -> _Said:
    """For our people: the order at a glance and what may be pressed."""
    owner = bool(f.facts.get("owner")) if owned is None else owned
    live = f.facts.get("state") in ("open", "accepted", "paused")
    buttons: tuple[Button, ...] = ()
    if live:
        buttons = (cards.for_owner if owner else cards.for_desk)(f.number, urgent=f.urgent)
    body = "\n".join(part for part in (extra, f.text) if part)
    return _Said(
        head=f"{f.named} {what}（{f.stamp}）：{f.who}{f.due}。",
        body=body,
        words="" if not live else _typed(f.number, owner),
        title=f"{f.named} {what}",
        desc=f"{f.who} {f.stamp}",
        rows=f.rows,
        buttons=buttons,
    )


def _typed(number: int, owner: bool) -> str:
    first = "" if owner else f"「接单 {number}」"
    return f"回复{first}「给方案 {number} 方案，完成时间」或「解决 {number}」。"


def _to_reporter(
    f: _Facts, head: str, body: str = "", words: str = "", buttons: tuple[Button, ...] = ()
) -> _Said:
    return _Said(
        head=f"{head}（{f.stamp}）",
        body=body,
        words=words,
        title=f.named,
        desc=head,
        rows=(),
        buttons=buttons,
    )


_PARTS = {Part.RESPONSE: "接单", Part.SOLUTION: "解决", Part.COMPLETION: "承诺的完成时间"}
_LEVELS = {2: "二责", 3: "客服负责人"}


def _new(f: _Facts) -> _Said:
    return _to_desk(f, "待接单")


def _page(f: _Facts) -> _Said:
    since = f.moment("opened_at")
    return _to_desk(
        f,
        "紧急待接单" if not f.urgent else "无人接单，请立即接单",
        extra=f"{since} 开单，至今无人接单。" if since else "",
    )


def _breach(f: _Facts) -> _Said:
    part = _PARTS.get(Part(f.facts["part"]), "")
    level = _LEVELS.get(int(f.facts.get("level") or 0), "")
    upward = f"已上报{level}。" if level else ""
    return _to_desk(f, f"{part}已超时", extra=upward)


def _warn(f: _Facts) -> _Said:
    return _to_desk(f, "即将超时", extra=f"请在 {f.moment('solution_due')} 前解决或给出方案。", owned=True)


def _opened(f: _Facts) -> _Said:
    return _to_reporter(
        f, f"{f.named} 已开{f.due}。", f.text, f"回复「催单 {f.number}」「进度 {f.number}」可催办、查看。"
    )


def _accepted(f: _Facts) -> _Said:
    return _to_reporter(
        f, f"{f.named} 已由{f.name('owner')}接单{f.by('solution_due', '解决或给出方案')}。", f.text
    )


def _proposed(f: _Facts) -> _Said:
    return _to_reporter(
        f,
        f"{f.named} 方案：{f.words('plan', 300)}",
        f"处理人{f.name('owner')}，承诺 {f.moment('completion')} 前完成。",
    )


def _solved(f: _Facts) -> _Said:
    note = f"说明：{f.words('note', 300)}\n" if f.facts.get("note") else ""
    until = f.moment("close_at")
    closes = f"{until} 前无异议将自动关闭。" if until else ""
    return _to_reporter(
        f,
        f"{f.named} 已由{f.name('by') or f.name('owner')}解决。",
        f"{note}{f.text}\n{closes}".strip(),
        f"仍有问题请回复「没解决 {f.number}」，已好请回复「已解决 {f.number}」。",
        cards.for_reporter_solved(f.number),
    )


def _paused(f: _Facts) -> _Said:
    return _to_reporter(
        f,
        f"{f.named} 已挂起，等待您：{f.words('awaited', 200)}",
        f.text,
        f"请回复「{f.number} 内容」，收到即恢复计时。",
    )


def _resumed(f: _Facts) -> _Said:
    said = f"{f.name('by')}：{f.words('said', 300)}" if f.facts.get("said") else ""
    return _to_desk(f, "已恢复计时", extra=said, owned=True)


def _declined(f: _Facts) -> _Said:
    return _to_reporter(
        f,
        f"{f.named} 已退回，原因：{f.words('reason', 300)}",
        f.text,
        f"如有异议请回复「重开 {f.number} 说明」。",
        (Button("重开", f"unsolved:{f.number}", style=2),),
    )


def _cancelled(f: _Facts) -> _Said:
    return _Said(f"{f.named} 已由{f.name('by')}撤回，无需处理（{f.stamp}）。", f.text)


def _said(f: _Facts) -> _Said:
    return _to_desk(f, "报障人补充", extra=f"{f.name('by')}：{f.words('said', 300)}", owned=True)


def _handed_over(f: _Facts) -> _Said:
    """To the old and the new owner and the reporter alike."""
    frm, to = f.name("from_name"), f.name("to_name")
    gave = f"由{frm}转交{to}" if frm else f"由{to}接手"
    return _to_reporter(
        f,
        f"{f.named} 已{gave}，计时不变{f.by('solution_due', '解决或给出方案')}。",
        f.text,
        f"回复「进度 {f.number}」可查看。",
    )


def _rerouted(f: _Facts) -> _Said:
    role = ROLES[Role(f.facts["to"])]
    return _to_desk(f, f"改派{role}，待接单", extra=f"{f.name('by')}改派，计时不变。", owned=False)


def _upgraded(f: _Facts) -> _Said:
    """To the owner and the reporter alike."""
    who = f"，{f.name('owner')}处理中" if f.facts.get("owner") else ""
    return _to_reporter(
        f,
        f"工单 {f.number} 已由{f.name('by')}转紧急{who}{f.due}。",
        f.text,
        f"回复「进度 {f.number}」可查看。",
    )


def _downgraded(f: _Facts) -> _Said:
    return _to_reporter(
        f,
        f"工单 {f.number} 已转日常，原因：{f.words('reason', 200)}{f.due}。",
        f.text,
        f"如仍紧急请回复「紧急 {f.number}」。",
    )


def _urged(f: _Facts) -> _Said:
    times = int(f.facts.get("times") or 1)
    return _to_desk(f, f"第 {times} 次催单", extra=f"{f.name('by')}催办，请尽快回复。")


def _reopened(f: _Facts) -> _Said:
    said = f"{f.name('by')}：{f.words('said', 300)}" if f.facts.get("said") else f"{f.name('by')}重开。"
    late = "\n解决时限此前已用完，请立即处理。" if f.facts.get("nothing_left") else ""
    return _to_desk(f, "已重开", extra=said + late)


def _assigned(f: _Facts) -> _Said:
    return _Said(f"{f.named} 已归属{f.name('partner')}（{f.stamp}）。", f.text)


def _unassigned(f: _Facts) -> _Said:
    return _to_desk(f, "未识别单位，请归属", extra=f"回复「归属 {f.number} 合作伙伴名称」。")


def _remind_owner(f: _Facts) -> _Said:
    said = _to_desk(f, "仍在挂起", extra=f"等待：{f.words('awaited', 200)}", owned=True)
    buttons = (Button("恢复", f"resume:{f.number}"), *said.buttons)
    return _Said(
        said.head, said.body, f"恢复请回复「恢复 {f.number}」。", said.title, said.desc, said.rows, buttons
    )


def _remind_reporter(f: _Facts) -> _Said:
    return _to_reporter(
        f,
        f"{f.named} 仍在等待您：{f.words('awaited', 200)}",
        f.text,
        f"请回复「{f.number} 内容」；不再需要请回复「撤回 {f.number}」。",
    )


def _given_up(f: _Facts) -> _Said:
    """Something could not be delivered, told to a supervisor."""
    what = f"工单 {f.facts['number']}" if f.facts.get("number") else "一条消息"
    where = "群" if f.facts.get("channel") == "group" else ""
    return _Said(
        f"{what} 的通知没有送达{where}{f.name('recipient')}（{f.stamp}）。",
        "请改用电话或其他方式联系。",
        f"原因：{f.words('reason', 200)}",
    )


_PHRASES: Mapping[str, Callable[[_Facts], _Said]] = {
    "new": _new,
    "page": _page,
    "breach": _breach,
    "warn": _warn,
    "opened": _opened,
    "accepted": _accepted,
    "proposed": _proposed,
    "solved": _solved,
    "paused": _paused,
    "resumed": _resumed,
    "declined": _declined,
    "cancelled": _cancelled,
    "said": _said,
    "handed_over": _handed_over,
    "rerouted": _rerouted,
    "upgraded": _upgraded,
    "downgraded": _downgraded,
    "urged": _urged,
    "reopened": _reopened,
    "assigned": _assigned,
    "unassigned": _unassigned,
    "remind_owner": _remind_owner,
    "remind_reporter": _remind_reporter,
    "given_up": _given_up,
}

#: Every kind there is a phrase for.
KINDS = frozenset(_PHRASES)


def bundle(messages: Sequence[Message], recipient: str = "") -> Message:
    """Several letters for one recipient as one message.

    Two or more that offer accepting become one card with 全部接单; anything else a text, the letters one
    after the other. Groups get text and every mention once.

    Args:
        messages: in the order they were written.
        recipient: who they are for; makes the card's id theirs.
    """
    text = "\n\n".join(dict.fromkeys(message.text for message in messages if message.text))
    mention = tuple(dict.fromkeys(userid for message in messages for userid in message.mention))
    offers = list(dict.fromkeys(n for message in messages for n in _offers(message.card)))
    if len(offers) < 2 or any(message.card is None for message in messages):
        return Message(text, mention=mention)
    first = next(message.card for message in messages if message.card)
    rows = tuple(dict.fromkeys((_row(message.card) for message in messages if message.card)))
    card = Card(
        task_id=f"{first.task_id}-{len(messages)}",
        title=f"{len(offers)} 张工单待接单",
        facts=rows[:_ROWS],
        body="" if len(rows) <= _ROWS else f"另有 {len(rows) - _ROWS} 张，回复「进度」查看。",
        buttons=(
            Button("全部接单", f"accept:{','.join(map(str, offers))}"),
            *(Button(f"接单 {number}", f"accept:{number}", style=2) for number in offers[: _BUTTONS - 1]),
        ),
    )
    return Message(text, card, mention)


_ROWS, _BUTTONS = 6, 6


def _offers(card: Card | None) -> Iterable[int]:
    """The orders a card offers to accept."""
    for button in card.buttons if card else ():
        verb, _, number = button.key.partition(":")
        if verb == "accept" and number.isdigit():
            yield int(number)


def _row(card: Card) -> tuple[str, str]:
    number = next((key.key.partition(":")[2] for key in card.buttons), "")
    return number, f"{card.title.removeprefix('紧急').removeprefix(f'工单 {number} ')} {card.body}"
