"""The hotline's form: a phone call written down while the caller is on the line.

Beside what is being written stand the partner's open orders and the articles that answer it, so that a call
joins what is an order already, or needs none. A form is taken once: its ``once`` is kept with the call, and
the same form sent again is led to what it came to; sent again with other words, it is asked about.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Response, flash, redirect, request, url_for
from markupsafe import Markup

from bot.acts import Act
from bot.console.house import house, viewer
from bot.console.numbers import number
from bot.console.render import page, said
from bot.mail.message import html_of
from bot.sql.audit import Result
from bot.sql.calls import AlreadySent, Call, SqlCalls
from bot.sql.unit import Unit
from handlers.calls.fields import heard
from handlers.calls.names import nearest
from handlers.calls.similar import similar
from handlers.flows import calls
from handlers.flows.calls import Taken
from handlers.here import Here, Sent
from handlers.masking import mask
from handlers.phrases import console as refusals
from handlers.phrases import faq
from handlers.phrases import hotline as phrases
from handlers.phrases.scene import Scene
from handlers.reading import bare, fold
from knowledge.library import UNSURE, Article
from workorders.directory.people import Partner
from workorders.errors import Incomplete, Refused
from workorders.orders.order import Kind

routes = Blueprint("hotline", __name__, url_prefix="/console/hotline")

#: In the order they are written; each field's longest.
_FIELDS: Mapping[str, int] = {
    "partner": 60,
    "caller": 20,
    "phone": 40,
    "called_at": 40,
    "kind": 10,
    "problem": 2000,
}
_PARTNERS, _ORDERS, _ARTICLES, _CALLS = 8, 5, 3, 8
_ONCE = re.compile(r"[\w-]{16,64}", re.ASCII)


@dataclass(frozen=True)
class Read:
    """A form that can be taken."""

    call: Taken
    kind: Kind


@routes.get("")
def form() -> Response:
    """An empty form; below it what this person logged last."""
    with house().units.reading() as unit:
        return _page(unit, house().here(unit, viewer().person))


@routes.post("")
def send() -> Any:
    """File it, join it to an order, or log it as answered."""
    given = _given()
    sent = Sent(_once(), hashlib.sha256(repr(sorted(_what(given).items())).encode()).hexdigest())
    try:
        with house().units.begin() as unit:
            here = house().here(unit, viewer().person)
            if (before := _calls(unit, here).of_form(sent.once)) is not None:
                if before.digest == sent.digest:
                    return _led_to(before)
                return _page(unit, here, 409, given=given, why=phrases.form_used(_after(before)))
            return _take(unit, here, given, sent)
    except AlreadySent:
        with house().units.reading() as unit:
            taken = _calls(unit, house().here(unit, viewer().person)).of_form(sent.once)
        if taken is None:
            raise
        return _led_to(taken)


def _take(unit: Unit, here: Here, given: Mapping[str, str], sent: Sent) -> Any:
    read, wrong = _read(given, here)
    if read is None:
        return _page(unit, here, 422, given=given, wrong=wrong)
    scene = house().scene(unit, viewer().person)
    try:
        done = _do(read, here, sent, scene)
    except Incomplete:
        return _page(unit, here, 422, given=given, wrong={"called_at": phrases.TOO_OLD})
    except Refused as refused:
        _audit(unit, f"order:{request.form.get('joins', '')}"[:40], "refused")
        return _page(unit, here, 409, given=given, why=refusals.refused(refused, scene))
    _audit(unit, f"order:{done}" if done else "call:answered")
    return _onward(done)


def _do(read: Read, here: Here, sent: Sent, scene: Scene) -> int | None:
    """Do what the button pressed says; the number of the order it came to."""
    article = house().library.article(request.form.get("answered", ""))
    if article is not None:
        calls.answer(here, article, read.call, sent)
        said(phrases.only_answered(article))
        return None
    joins = number(request.form.get("joins"))
    order = (
        calls.join(here, joins, read.call, sent) if joins else calls.file(here, read.kind, read.call, sent)
    )
    said(phrases.added(order, scene) if joins else phrases.filed(order, scene))
    return order.number


@routes.get("/partners")
def partners() -> Response:
    """The partners whose name or short name what is being typed may be, or almost is; nothing for nothing."""
    typed = bare(request.args.get("q", "")[:60])
    found: list[tuple[int, Partner, str]] = []
    with house().units.reading() as unit:
        known = unit.directory.partners() if typed else ()
        near = _near(typed, known)
        for partner in known:
            called = [name for name in (partner.name, *partner.aliases) if typed in bare(name)]
            if not called and partner.name == near:
                called = [near]
            if called:
                first = min(called, key=lambda name: (not bare(name).startswith(typed), len(name)))
                found.append((not bare(first).startswith(typed), partner, first))
    found.sort(key=lambda each: (each[0], len(each[1].name)))
    return page("hotline/partners.html", found=[(p, name) for _, p, name in found[:_PARTNERS]], typed=typed)


@routes.post("/beside")
def beside() -> Response:
    """What stands beside a form that is being written."""
    given = _given()
    with house().units.reading() as unit:
        return page("hotline/live.html", **_beside(house().here(unit, viewer().person), given))


def _beside(here: Here, given: Mapping[str, str]) -> dict[str, Any]:
    partner, problem = _partner(given["partner"], here), given["problem"]
    at = heard("called_at", given["called_at"], here.now, (), here.agreement.calendar)
    return {
        "partner": partner,
        "problem": problem,
        "orders": similar(problem, calls.live_of(partner, here))[:_ORDERS] if partner else [],
        "articles": list(_articles(problem)),
        "read_at": datetime.fromisoformat(at.value) if at.value else None,
        "doubt": at.doubt,
    }


def _articles(problem: str) -> Iterator[tuple[Article, Markup, bool]]:
    """What may answer it, the likeliest first, and whether it surely does; not what is hardly about it."""
    if len(bare(problem)) < 2:
        return
    found = house().library.ask(problem)
    for choice in found.choices[:_ARTICLES]:
        if choice.confidence >= UNSURE / 2:
            answer = Markup(html_of(faq.told(choice.article)))  # noqa: S704  (raw HTML is off)
            yield choice.article, answer, choice.article is found.article


# Reading the form


def _given() -> dict[str, str]:
    """What was written, without what may never be kept."""
    written = {name: request.form.get(name, "")[: most * 2].strip() for name, most in _FIELDS.items()}
    masked = {name: mask(written[name]).text for name in ("caller", "problem")}
    return {name: {**written, **masked}[name][:most] for name, most in _FIELDS.items()}


def _what(given: Mapping[str, str]) -> dict[str, str]:
    """All that makes two forms say the same, the button pressed among it."""
    return {**given, "joins": request.form.get("joins", ""), "answered": request.form.get("answered", "")}


def _once() -> str:
    written = request.form.get("once", "")
    return written if _ONCE.fullmatch(written) else secrets.token_urlsafe(16)


def _read(given: Mapping[str, str], here: Here) -> tuple[Read | None, dict[str, str]]:
    """The form as it can be taken, or what is wrong with each field, a sentence at the field."""
    calendar, wrong = here.agreement.calendar, dict[str, str]()
    partner = _partner(given["partner"], here)
    if partner is None:
        near = _near(bare(given["partner"]), here.directory.partners())
        wrong["partner"] = phrases.no_partner(given["partner"], near)
    caller = heard("caller", given["caller"], here.now, (), calendar)
    phone = heard("phone", given["phone"], here.now, (), calendar)
    called_at = heard("called_at", given["called_at"], here.now, (), calendar)
    for field, understood in (("caller", caller), ("phone", phone)):
        if understood.value is None:
            wrong[field] = phrases.wrong(field, given[field], understood.doubt)
    if given["called_at"] and called_at.value is None:
        wrong["called_at"] = phrases.wrong("called_at", given["called_at"], called_at.doubt)
    if len(bare(given["problem"])) < 2:
        wrong["problem"] = phrases.wrong("problem", given["problem"], "")
    if wrong or partner is None or caller.value is None or phone.value is None:
        return None, wrong
    at = datetime.fromisoformat(called_at.value).astimezone(UTC) if called_at.value else here.now
    kind = Kind.URGENT if given["kind"] == Kind.URGENT else Kind.DAILY
    return Read(Taken(partner, caller.value, phone.value, at, given["problem"]), kind), {}


def _near(typed: str, partners: Sequence[Partner]) -> str:
    """The partner whose name is written almost so; empty where none is."""
    return nearest(
        typed, [(bare(name), each.name) for each in partners for name in (each.name, *each.aliases)]
    )


def _partner(name: str, here: Here) -> Partner | None:
    """The one partner of that name or short name."""
    found = here.directory.partners_named(fold(name)) if name else ()
    return found[0] if len(found) == 1 else None


# Answers


def _page(
    unit: Unit,
    here: Here,
    status: int = 200,
    *,
    given: Mapping[str, str] | None = None,
    wrong: Mapping[str, str] | None = None,
    why: str = "",
) -> Response:
    order = number(request.args.get("order"))
    names = {partner.id: partner.name for partner in unit.directory.partners()}
    return page(
        "hotline/form.html",
        status,
        given=given or {},
        wrong=wrong or {},
        why=why,
        once=secrets.token_urlsafe(16),
        done=here.orders.orders.read(order) if order and not given else None,
        latest=[(call, names.get(call.partner, "")) for call in _calls(unit, here).latest(_CALLS)],
        longest=_FIELDS,
        **_beside(here, given or dict.fromkeys(_FIELDS, "")),
    )


def _calls(unit: Unit, here: Here) -> SqlCalls:
    return unit.calls(here.sender.userid, here.now)


def _after(before: Call) -> int | None:
    return None if before.became == "answered" else before.about


def _led_to(before: Call) -> Any:
    """To what a form came to that was taken before."""
    said(phrases.form_taken(_after(before)))
    return _onward(_after(before))


def _onward(order: int | None) -> Any:
    flash(url_for("hotline.send"), "taken")
    return redirect(url_for("hotline.form", order=order) if order else url_for("hotline.form"), 303)


def _audit(unit: Unit, subject: str, result: Result = "done") -> None:
    me = viewer().person.userid
    unit.audit.record(Act.CALL_LOG, who=me, door="console", subject=subject, result=result)
