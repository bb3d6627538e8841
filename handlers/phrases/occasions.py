"""What each kind of letter says: from its facts to its words, for our people and for reporters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from handlers.message import Button
from handlers.phrases import cards
from handlers.phrases.attachments import UNFIT, beside
from handlers.phrases.forms import rejected, summary
from handlers.phrases.names import KINDS, OWED, ROLES, named
from handlers.phrases.orders import to_do
from handlers.phrases.plain import plain_line
from handlers.phrases.risk import RISKS
from handlers.phrases.text import awaited, clock, dated, quoted, stamp
from workorders.directory.people import Role
from workorders.orders.kinds import APPLICATIONS, PARTS, Kind, Part


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
        """星河支付 小王."""
        return " ".join(n for n in (self.name("partner") or "未归属单位", self.name("reporter")) if n)

    @property
    def rows(self) -> tuple[tuple[str, str], ...]:
        # Who reported it, and when this was said, stand under the title.
        rows = (
            ("处理人", self.name("owner")),
            self._row("response_due", "接单"),
            self._row("solution_due", _SHORT[PARTS[self.kind][-1]]),
        )
        return tuple((label, value) for label, value in rows if value)

    def _row(self, key: str, what: str) -> tuple[str, str]:
        if self.passed(key):
            return f"原应{what}", f"{self.moment(key)} 已超时"
        return f"最晚{what}", self.moment(key)


def _to_desk(
    f: Facts, what: str, *, extra: str = "", owned: bool | None = None, short: str = "", ask: str = ""
) -> Said:
    """For our people: the order at a glance and what may be pressed.

    On the card the problem comes first: whatever has to be cut there, it is not that.
    """
    owner = bool(f.facts.get("owner")) if owned is None else owned
    live, away = f.facts.get("state") in ("open", "accepted", "paused"), f.name("stands_for")
    level = int(f.facts.get("level") or 0)
    buttons: tuple[Button, ...] = ()
    if live and away:
        buttons = cards.for_stand_in(f.number)
    elif live and level >= 2 and (owner or level == 3):
        buttons = cards.for_level(level, f.number, owned=owner)
    elif live:
        buttons = cards.for_owner(f.number, f.kind) if owner else cards.for_desk(f.number, f.kind)
    if away:
        extra = "\n".join(part for part in (extra, f"{away}不在，由您代。") if part)
    form = f.form
    extra = "\n".join(part for part in (extra, ask) if part)
    typed = _typed(f, owner=owner)
    if away or (owner and level >= 2):
        typed = f"回复「接手 {f.number}」处理{'' if away else f'，或「转交 {f.number} 姓名」'}。"
    return Said(
        head=f"{f.named} {what}（{f.stamp}）：{f.who}{f.due}。",
        body="\n".join(part for part in (extra, f.text, form) if part),
        words=typed if live else "",
        title=f"{f.named} {what}",
        desc=f"{f.who} {f.stamp}",
        shown="\n".join(part for part in (f.text, form, extra) if part),
        rows=f.rows,
        buttons=buttons,
        short=short or what,
        ask=ask,
        call=f.name("call") if live else "",
    )


def _typed(f: Facts, *, owner: bool) -> str:
    first = "" if owner else f"「接单 {f.number}」"
    return f"回复{first}{to_do(f.kind, f.number)}。"


def _to_reporter(
    f: Facts, head: str, body: str = "", words: str = "", buttons: tuple[Button, ...] = ()
) -> Said:
    """For whoever reported it; where nothing is to be pressed, a text.

    Whoever took a phone call is told whom to call back.
    """
    if (f.facts.get("form") or {}).get("caller"):
        body = f"{body}\n{f.form}".strip()
    return Said(
        head=f"{head}（{f.stamp}）",
        body=body,
        words=words,
        title=f.named,
        desc=f.stamp,
        shown=f"{head}\n{body}".strip(),
        buttons=buttons,
    )


_SHORT: Mapping[Part, str] = {
    Part.RESPONSE: "接单",
    Part.SOLUTION: "解决",
    Part.DECISION: "答复",
    Part.RESULT: "反馈结果",
    Part.REPLY: "回复",
    Part.COMPLETION: "承诺的完成时间",
}


def _new(f: Facts) -> Said:
    again = f.facts.get("resubmitted")
    return _to_desk(f, "已重新提交，待接单" if again else "待接单", short="待接单")


def _backfilled(f: Facts) -> Said:
    return _to_desk(f, "补录，已超时", extra=f"{f.moment('received_at')} 收到，登记时已超时。请尽快处理。")


def _page(f: Facts) -> Said:
    since = f.moment("opened_at")
    waits = bool(since) and f.at - datetime.fromisoformat(f.facts["opened_at"]) >= timedelta(minutes=1)
    return _to_desk(f, "请立即接单", extra=f"{since} 开单，至今无人接单。" if waits else "")


def _breach(f: Facts) -> Said:
    part = _SHORT[Part(f.facts["part"])]
    level = int(f.facts.get("level") or 0)
    ask = ""
    if level >= 2:
        ask = "请接单或协调。" if level == 2 and not f.facts.get("owner") else "请协调处理。"
    return _to_desk(f, f"{part}已超时", ask=ask)


def _warn(f: Facts) -> Said:
    if f.passed("solution_due"):
        return _to_desk(f, "已超时", extra=f"请立即{f.owed}。", owned=True)
    spent = {50: "时限已过半", 80: "时限已用八成"}.get(int(f.facts.get("spent") or 0), "即将超时")
    return _to_desk(f, spent, extra=f"请在 {f.moment('solution_due')} 前{f.owed}。", owned=True)


def _opened(f: Facts) -> Said:
    return _to_reporter(
        f,
        f"{f.named} 已开{f.due_politely}。",
        f.text,
        f"回复「催单 {f.number}」「进度 {f.number}」可催办、查看。",
    )


def _accepted(f: Facts) -> Said:
    return _to_reporter(
        f, f"{f.named} 已由{f.name('owner')}接单{f.by_politely('solution_due', f.owed)}。", f.text
    )


def _proposed(f: Facts) -> Said:
    fee = f"费用：{f.words('fee')}。" if f.facts.get("fee") else ""
    return _to_reporter(
        f,
        f"{f.named} 方案：{f.words('plan', 300)}",
        f"处理人{f.name('owner')}，承诺 {f.moment('completion')} 前完成。{fee}",
    )


def _solved(f: Facts) -> Said:
    if f.kind is Kind.COMPLAINT:
        return _replied(f)
    note = f"说明：{f.words('note', 300)}\n" if f.facts.get("note") else ""
    until = f.moment("close_at")
    closes = f"{until} 前无异议将自动关闭。" if until else ""
    return _to_reporter(
        f,
        f"{f.named} {_solved_by(f)}。",
        f"{note}{f.text}\n{closes}".strip(),
        f"仍有问题请回复「没解决 {f.number}」，已好请回复「已解决 {f.number}」。",
        cards.for_reporter_solved(f.number),
    )


def _solved_by(f: Facts) -> str:
    who = f.name("by") or f.name("owner")
    return f"审核通过（{who}）" if f.kind is Kind.ONBOARDING else f"已由{who}解决"


def _replied(f: Facts) -> Said:
    """The reply to a complaint: its result, and what will be done better."""
    until = f.moment("close_at")
    return _to_reporter(
        f,
        f"{f.named} 处理结果：{f.words('note', 300)}",
        f"优化方案：{f.words('improvement', 300)}\n{f.text}"
        + (f"\n{until} 前无异议将自动关闭。" if until else ""),
        f"不认可请回复「没解决 {f.number}」，认可请回复「已解决 {f.number}」。",
        cards.for_reporter_solved(f.number),
    )


def _paused(f: Facts) -> Said:
    return _to_reporter(
        f,
        f"{f.named} 已挂起，等待您处理：{f.awaited}",
        f.text,
        f"请回复「{f.number} 内容」，收到即恢复。",
    )


def _resumed(f: Facts) -> Said:
    said = f"{f.name('by')}：{f.words('said', 300)}" if f.facts.get("said") else ""
    if not said and f.facts.get("attachments"):
        said = f"{f.name('by')}发来图片或文件。"
    return _to_desk(f, "已恢复", extra=said, owned=True)


def _declined(f: Facts) -> Said:
    if f.kind in APPLICATIONS:
        why = rejected(f.facts.get("code"), f.words("reason", 300))
        return _to_reporter(
            f,
            f"{f.named} 已{'驳回' if f.kind is Kind.ONBOARDING else '退回'}：{why}",
            f.text,
            f"修改后请回复「重新提交 {f.number} 修改说明」，时限重新计算。",
        )
    return _to_reporter(
        f,
        f"{f.named} 已退回，原因：{f.words('reason', 300)}",
        f.text,
        f"如有异议请回复「重开 {f.number} 说明」。",
        (Button("重开", f"unsolved:{f.number}", style=2),),
    )


def _cancelled(f: Facts) -> Said:
    return Said(f"{f.named} 已由{f.name('by')}撤回，无需处理（{f.stamp}）。", f.text, short="已撤回")


def _said(f: Facts) -> Said:
    return _to_desk(f, "报障人补充", extra=f"{f.name('by')}：{f.words('said', 300)}", owned=True)


def _attached(f: Facts) -> Said:
    return _to_desk(f, "有新图片或文件", extra=f"{f.name('by')}发来。", owned=True)


def _messaged(f: Facts) -> Said:
    """Whoever took a phone call passes it on."""
    caller = quoted(str((f.facts.get("form") or {}).get("caller") or ""), shared=f.shared)
    words = f"请转告{caller}。" if caller else f"补充请回复「{f.number} 内容」。"
    return _to_reporter(f, f"{f.named} {f.name('by')}留言：{f.words('said', 500)}", f.text, words)


def _handed_over(f: Facts) -> Said:
    """To the old owner and the reporter alike."""
    frm, to = f.name("from_name"), f.name("to_name")
    gave = f"由{frm}转交{to}" if frm else f"由{to}接手"
    return _to_reporter(
        f,
        f"{f.named} 已{gave}，计时不变{f.by_politely('solution_due', f.owed)}。",
        f.text,
        f"回复「进度 {f.number}」可查看。",
    )


def _handed_to(f: Facts) -> Said:
    note = f"附言：{f.words('note', 200)}" if f.facts.get("note") else ""
    return _to_desk(f, f"{f.name('by')}转交给您", extra=note, owned=f.facts.get("state") != "open")


def _rerouted(f: Facts) -> Said:
    role = ROLES[Role(f.facts["to"])]
    return _to_desk(
        f, f"改派{role}，待接单", extra=f"{f.name('by')}改派，计时不变。", owned=False, short="改派待接单"
    )


def _upgraded(f: Facts) -> Said:
    """To the owner and the reporter alike."""
    who = f"，{f.name('owner')}处理中" if f.facts.get("owner") else ""
    return _to_reporter(
        f,
        f"工单 {f.number} 已由{f.name('by')}转紧急{who}{f.due_politely}。",
        f.text,
        f"回复「进度 {f.number}」可查看。",
    )


def _downgraded(f: Facts) -> Said:
    return _to_reporter(
        f,
        f"工单 {f.number} 已转日常，原因：{f.words('reason', 200)}{f.due_politely}。",
        f.text,
        f"如仍紧急请回复「紧急 {f.number}」。",
    )


def _urged(f: Facts) -> Said:
    times = int(f.facts.get("times") or 1)
    return _to_desk(f, f"第 {times} 次催单", extra=f"{f.name('by')}催办，请尽快回复。")


def _reopened(f: Facts) -> Said:
    said = f"{f.name('by')}：{f.words('said', 300)}" if f.facts.get("said") else f"{f.name('by')}重开。"
    late = "\n解决时限此前已用完，请立即处理。" if f.facts.get("nothing_left") else ""
    return _to_desk(f, "已重开", extra=said + late)


def _assigned(f: Facts) -> Said:
    return Said(f"{f.named} 已归属{f.name('partner')}（{f.stamp}）。", f.text, short="已归属")


def _unassigned(f: Facts) -> Said:
    return _to_desk(f, "未识别单位，请归属", extra=f"回复「归属 {f.number} 合作伙伴名称」。", short="待归属")


def _remind_owner(f: Facts) -> Said:
    said = _to_desk(f, "仍在挂起", extra=f"等待：{f.awaited}", owned=True)
    buttons = (Button("恢复", f"resume:{f.number}"), *said.buttons)
    return replace(said, words=f"恢复请回复「恢复 {f.number}」。", buttons=buttons)


def _remind_reporter(f: Facts) -> Said:
    return _to_reporter(
        f,
        f"{f.named} 仍在等待您处理：{f.awaited}",
        f.text,
        f"请回复「{f.number} 内容」；不再需要请回复「撤回 {f.number}」。",
    )


def _kind_changed(f: Facts) -> Said:
    was = KINDS[Kind(f.facts["from"])]
    extra = f"{f.name('by')}由{was}改为{KINDS[f.kind]}，时限重新计算。"
    return _to_desk(f, "改类，待接单", extra=extra, owned=False)


def _kind_changed_reporter(f: Facts) -> Said:
    was = KINDS[Kind(f.facts["from"])]
    return _to_reporter(f, f"{f.named} 已由{was}改为{KINDS[f.kind]}{f.due_politely}。", f.text)


def _merged(f: Facts) -> Said:
    into = int(f.facts["into"])
    head = f"{f.named} 与工单 {into} 是同一问题，已并入工单 {into} 一起处理。"
    return _to_reporter(f, head, f.text, f"进展请回复「进度 {into}」。")


def _expedited(f: Facts) -> Said:
    return _to_desk(f, "申请加急", extra=f"{f.name('by')}申请加急，时限不变，请优先处理。")


def _complaint_copy(f: Facts) -> Said:
    """To 人力资源, for the record: filed, replied to or sent back."""
    match f.facts.get("state"):
        case "solved":
            what = "已回复"
            more = f"处理结果：{f.words('note', 300)}\n优化方案：{f.words('improvement', 300)}"
        case "declined":
            what, more = "已退回", f"原因：{f.words('reason', 300)}"
        case _:
            what, more = "新投诉", f.form
    return Said(
        f"{f.named} {what}（抄送，{f.stamp}）：{f.who}{f.due}。",
        "\n".join(part for part in (f.text, more) if part),
        f"查看请回复「进度 {f.number}」。",
        short=f"抄送：{what}",
    )


def _complained_of(f: Facts) -> Said:
    return Said(
        f"{f.named}：{f.name('reporter')}就服务配合提出投诉（{f.stamp}）。",
        "\n".join(part for part in (f.text, f.form) if part),
        f"回复「进度 {f.number}」可查看，如需说明请联系客服负责人。",
    )


def _may_suspend(f: Facts) -> Said:
    return _to_reporter(
        f,
        f"{f.named} 未能在 {f.moment('due')} 前回复，很抱歉。按服务约定，您可以提出暂停服务。",
        f.text,
        f"需要提出请回复「提出暂停服务 {f.number} 原因」，客服负责人会立即收到。",
        (Button("提出暂停服务", f"suspend:{f.number}", style=4),),
    )


def _suspension(f: Facts) -> Said:
    why = f"原因：{f.words('reason', 300)}\n" if f.facts.get("reason") else ""
    extra = f"{why}{f.name('by')}因投诉超时未回复，提出暂停服务，请立即联系。"
    return _to_desk(f, "投诉方提出暂停服务", extra=extra)


def _recounted(f: Facts) -> Said:
    opens = f.moment("parked_until")
    moved = f"，将于 {opens} 自动开单" if opens else f.due_politely
    return _to_reporter(f, f"{f.named} 因放假安排更正，时限已重新计算{moved}。", f.text)


def _recounted_owner(f: Facts) -> Said:
    return _to_desk(f, "时限已更正", extra="放假安排有更正，时限已重新计算。", owned=True)


def _card_done(f: Facts) -> Said:
    """A card somebody still holds, once another has seen to the order."""
    deed = {
        "accepted": "已接单",
        "solved": "已解决",
        "declined": "已退回",
        "cancelled": "已撤回",
        "merged": "已并入",
    }
    done = deed.get(str(f.facts["state"]), "已处理")
    who = f.name("owner") if f.facts.get("owner") else f.name("by")
    return Said(
        f"{f.named} {who}{done}（{f.stamp}）。",
        title=f.named,
        desc=f.stamp,
        done=f"{who}已于 {clock(f.at)} {done.removeprefix('已')}",
    )


def _sent(f: Facts) -> str:
    """您发的图片, 您发给工单 1001 的文件「对账.xlsx」."""
    to = f"发给工单 {f.number} 的" if f.facts.get("number") else "发的"
    what = "图片" if f.facts["sort"] == "picture" else "文件"
    return f"您{to}{what}{f'「{name}」' if (name := f.words('name', 40)) else ''}"


def _attachment_refused(f: Facts) -> Said:
    return Said(f"{_sent(f)}没有收下（{f.stamp}）：{UNFIT[f.facts['unfit']]}。", short="图片或文件未收下")


def _attachment_lost(f: Facts) -> Said:
    return Said(f"{_sent(f)}没有取到（{f.stamp}），请重新发送。", short="图片或文件未取到")


def _given_up(f: Facts) -> Said:
    """Something could not be delivered, told to a supervisor."""
    number = f.facts.get("number")
    what = f"{'约定事项' if str(number).startswith('Y') else '工单'} {number}" if number else "一条消息"
    where = "群" if f.facts.get("channel") == "group" else ""
    return Said(
        f"{what} 的通知没有送达{where}{f.name('recipient')}（{f.stamp}）。",
        "请改用电话或其他方式联系；原因处理好后，可在控制台「管理」的「消息」中重发。",
        f"原因：企业微信返回错误码 {f.facts['errcode']}。"
        if f.facts.get("errcode")
        else "原因：企业微信未接受该接收人。",
        short=f"通知未送达{where}{f.name('recipient')}",
    )


def _alone(words: Callable[[Facts], str]) -> Callable[[Facts], Said]:
    """A letter that is a text and nothing else."""
    return lambda facts: Said(words(facts))


#: What each kind says.
PHRASES: Mapping[str, Callable[[Facts], Said]] = {
    **{kind: _alone(words) for kind, words in RISKS.items()},
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
    "messaged": _messaged,
    "attached": _attached,
    "attachment_refused": _attachment_refused,
    "attachment_lost": _attachment_lost,
    "handed_over": _handed_over,
    "handed_to": _handed_to,
    "rerouted": _rerouted,
    "upgraded": _upgraded,
    "downgraded": _downgraded,
    "urged": _urged,
    "reopened": _reopened,
    "assigned": _assigned,
    "unassigned": _unassigned,
    "remind_owner": _remind_owner,
    "remind_reporter": _remind_reporter,
    "backfilled": _backfilled,
    "kind_changed": _kind_changed,
    "kind_changed_reporter": _kind_changed_reporter,
    "merged": _merged,
    "expedited": _expedited,
    "complaint_copy": _complaint_copy,
    "complained_of": _complained_of,
    "may_suspend": _may_suspend,
    "suspension": _suspension,
    "recounted": _recounted,
    "recounted_owner": _recounted_owner,
    "card_done": _card_done,
    "given_up": _given_up,
}
