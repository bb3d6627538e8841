"""消息: the letters given up or in doubt, by who should have got them and why, sent again or let be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, redirect, request, url_for

from bot.console.house import house, viewer
from bot.console.numbers import number, numbers
from bot.console.render import page, said
from bot.sql.unit import Unit
from handlers.masking import mask_all
from handlers.phrases import admin as phrases
from handlers.phrases import letters as prose
from handlers.phrases.text import phones_masked
from workorders.letters import Letter, LetterState
from workorders.notices.telling import TOLD
from workorders.sql.letter_log import Written

routes = Blueprint("letters", __name__, url_prefix="/console/admin/letters")


@dataclass(frozen=True)
class Line:
    """One letter, in words.

    Attributes:
        page: endpoint and arguments of what it is about, None where it has no page.
        again: whether it can be sent again here; a notice's receipts do that for themselves.
    """

    written: Written
    words: str
    page: tuple[str, dict[str, int]] | None
    again: bool


@dataclass(frozen=True)
class Pile:
    """Letters to one recipient that stand there for one reason."""

    to: str
    channel: str
    state: LetterState
    reason: str
    lines: Sequence[Line]

    @property
    def again(self) -> list[int]:
        return [line.written.id for line in self.lines if line.again]


@routes.get("/")
def show() -> Any:
    """What stands before a person, the largest pile first."""
    with house().units.reading() as unit:
        stuck = house().uses.stuck(unit, viewer().person.userid, "console").listed()
        piles = _piles(unit, stuck)
    return page(
        "admin/letters.html", piles=piles, total=len(stuck), phrases=phrases, doubt=LetterState.IN_DOUBT
    )


@routes.post("/")
def act() -> Any:
    """Send letters again, each once, or let them be."""
    ids = numbers(request.form.getlist("letter"))
    with house().units.begin() as unit:
        stuck = house().uses.stuck(unit, viewer().person.userid, "console")
        if request.form.get("do") == "let_be":
            done = stuck.let_be(ids)
            sentence = f"{done} 条消息不再发送。"
        else:
            done = len(stuck.resend(ids))
            sentence = f"{done} 条消息已重新发送。"
        if not done:
            sentence = "这些消息已处理过，没有再次发送。"
    said(sentence, bad=not done)
    return redirect(url_for("letters.show"), 303)


def _piles(unit: Unit, stuck: Sequence[Written]) -> list[Pile]:
    unit.directory.preload({w.letter.recipient for w in stuck if w.letter.channel == "app"})
    found: dict[tuple[str, str, LetterState, str], list[Line]] = defaultdict(list)
    for written in stuck:
        said = written.letter
        key = (said.recipient, said.channel, written.state, phrases.reason(written.reason))
        again = said.kind not in (*TOLD, "card_done")
        found[key].append(Line(written, _words(said), _about(said), again))
    piles = [
        Pile(_recipient(unit, recipient, channel), channel, state, reason, lines)
        for (recipient, channel, state, reason), lines in found.items()
    ]
    return sorted(piles, key=lambda pile: -len(pile.lines))


def _recipient(unit: Unit, recipient: str, channel: str) -> str:
    if channel == "group":
        group = unit.directory.group(recipient)
        return group.name if group else recipient
    return unit.directory.person(recipient).name if channel == "app" else recipient


def _words(said: Letter) -> str:
    """The letter's first line."""
    if said.kind in TOLD:
        return f"通知 N{said.subject.partition(':')[2]}"
    if said.kind == "card":
        return phones_masked(mask_all(str(said.facts.get("title", ""))))
    try:
        text = prose.render(said.kind, mask_all(said.facts), shared=True).text
    except Exception:  # noqa: BLE001  (a letter that cannot be put into words stands here for that)
        return "（无法生成内容）"
    return phones_masked(text.split("\n", 1)[0])


def _about(said: Letter) -> tuple[str, dict[str, int]] | None:
    pages = {
        "order": ("order.show", "number"),
        "notice": ("notices.show", "notice"),
        "incident": ("incident.show", "incident"),
    }
    kind = said.subject.partition(":")[0]
    named = number(said.subject.partition(":")[2])
    if kind not in pages or not named:
        return None
    endpoint, argument = pages[kind]
    return endpoint, {argument: named}
