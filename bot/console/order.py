"""The page of one order: its promises and why, what happened, what was said, and what may be done now.

A form that cannot be taken comes back as it was written, with who did what instead. Sent twice it is done
once: a form knows how many events its page had seen, and by that a repeat is known.
"""

from __future__ import annotations

import hashlib
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, request, url_for

from bot.acts import Act
from bot.console.actions import ACTIONS, Action, offered, written
from bot.console.house import house, viewer
from bot.console.numbers import number
from bot.console.permissions import PERMISSIONS
from bot.console.render import at_desk_time, page, said
from bot.console.story import Story, story
from bot.sql.unit import Unit
from handlers.here import Here
from handlers.phrases import console as phrases
from handlers.phrases.names import ROLES
from handlers.phrases.quick import QUICK
from workorders.attachments.errors import NoSuchAttachment
from workorders.directory.people import Role
from workorders.errors import Refused
from workorders.orders.errors import NoSuchOrder
from workorders.orders.order import WorkOrder

routes = Blueprint("order", __name__, url_prefix="/console/orders")


@routes.get("/<int:number>")
def show(number: int) -> Any:
    """The order, for whoever may see it."""
    with house().units.reading() as unit:
        here = house().here(unit, viewer().person)
        found = _seen(here, number)
        told = story(unit, found, house().scene(unit, viewer().person), ours=viewer().ours)
        tag = _tag(found, told)
        if "Desk-Live" in request.headers and request.if_none_match.contains_weak(tag):
            response = at_desk_time(Response(status=304))
        else:
            response = _page(unit, here, found, told)
    response.set_etag(tag, weak=True)
    response.headers["Cache-Control"] = "private, no-cache"
    return response


@routes.post("/<int:number>/phones")
def phones(number: int) -> Any:
    """The page with the numbers to call, in full; that they were seen is in the audit."""
    me = viewer().person
    with house().units.begin() as unit:
        here = house().here(unit, me)
        found = _seen(here, number)
        unit.audit.record(Act.ORDER_READ, who=me.userid, door="console", subject=f"order:{number}")
        told = story(unit, found, house().scene(unit, me), ours=viewer().ours)
        return _page(unit, here, found, told, numbers=True)


@routes.get("/<int:number>/files/<int:file>")
def file(number: int, file: int) -> Any:
    """One of its pictures or files, as it was sent; that it was seen is in the audit."""
    me = viewer().person
    with house().units.begin() as unit:
        _seen(house().here(unit, me), number)
        if file not in {each.id for each in unit.attachments.of_order(number)}:
            abort(404)
        try:
            original = house().uses.original(unit, file, me, "console")
        except NoSuchAttachment:
            abort(404)
    response = Response(original.data, mimetype=original.type)
    shown = "inline" if original.type.startswith("image/") else "attachment"
    response.headers.set("Content-Disposition", shown, filename=original.name)
    return response


@routes.post("/<int:number>/<slug>")
def act(number: int, slug: str) -> Any:
    """Do one thing to the order."""
    action = ACTIONS.get(slug)
    if action is None:
        abort(404)
    given = written(action, request.form)
    me = viewer().person
    with house().units.begin() as unit:
        here = house().here(unit, me)
        scene = house().scene(unit, me)
        before = _seen(here, number)
        if _repeated(unit, before, action, me.userid):
            said(phrases.again(action.name))
            return _onward(number, action)
        try:
            order = action.do(here, number, given)
        except NoSuchOrder:
            abort(404)
        except Refused as refusal:
            # Nothing was changed but what settling found; what was written comes back with the reason.
            unit.audit.record(
                Act.ORDER_ACT,
                who=me.userid,
                door="console",
                subject=f"order:{number}",
                result="refused",
                verb=slug,
            )
            found = _seen(here, number)
            told = story(unit, found, scene, ours=viewer().ours)
            why = phrases.refused(refusal, scene)
            return _page(unit, here, found, told, status=409, why=why, tried=action, given=given)
        unit.audit.record(Act.ORDER_ACT, who=me.userid, door="console", subject=f"order:{number}", verb=slug)
        said(action.said(order, scene).split("\n", 1)[0])
    return _onward(order.number, action, number)


def _onward(number: int, action: Action, taken: int | None = None) -> Any:
    flash(url_for("order.act", number=taken or number, slug=action.slug), "taken")
    if request.form.get("to") == "board":
        return redirect(url_for("board.show"), 303)
    return redirect(url_for("order.show", number=number), 303)


def _repeated(unit: Unit, order: WorkOrder, action: Action, me: str) -> bool:
    """Whether this very form was taken before: since its page was made, this person did the same."""
    seen = number(request.form.get("seen"))
    if seen is None or seen >= order.events:
        return False
    return any(
        event.by == me and event.verb is action.verb
        for event in unit.orders.events(order.number)
        if event.number > seen
    )


def _seen(here: Here, number: int) -> WorkOrder:
    order = here.orders.orders.read(number)
    if order is None or not here.orders.may_see(order, here.sender):
        abort(404)
    return order


def _page(
    unit: Unit,
    here: Here,
    order: WorkOrder,
    told: Story,
    *,
    status: int = 200,
    why: str = "",
    tried: Action | None = None,
    given: dict[str, str] | None = None,
    numbers: bool = False,
) -> Response:
    actions = list(offered(order, here))
    likely = _likely(order, here)
    return page(
        "order/order.html",
        status,
        order=order,
        story=told,
        actions=sorted(actions, key=lambda a: _rank(a, likely)),
        primary=next((slug for slug in likely if any(a.slug == slug for a in actions)), ""),
        why=why,
        tried=tried,
        given=given or {},
        numbers=numbers,
        may_call=viewer().may(*PERMISSIONS["order.phones"].roles or ()),
        quick=QUICK if viewer().ours else {},
        colleagues=[p for p in unit.directory.workers() if p.userid != order.owner] if viewer().ours else [],
        partners=unit.directory.partners() if viewer().ours else (),
        roles=[name for role, name in ROLES.items() if role not in (Role.CS_LEAD, Role.HR)],
        tag=_tag(order, told),
    )


def _rank(action: Action, likely: list[str]) -> int:
    """The likely first, the grave last."""
    if action.slug in likely:
        return likely.index(action.slug)
    return len(likely) + (action.weight == "grave")


def _likely(order: WorkOrder, here: Here) -> list[str]:
    """What this person most likely does next, in order."""
    if not here.sender.works_orders:
        return ["resume", "say", "close", "urge", "reopen"]
    if order.owner == here.sender.userid:
        return ["resume", "propose", "solve", "message", "pause", "hand_over"]
    return ["accept", "take_over", "propose", "solve", "message", "reopen", "close"]


def _tag(order: WorkOrder, told: Story) -> str:
    letters = ",".join(f"{w.id}{w.state}" for w in told.letters)
    said = f"{viewer().person.userid} {order.events} {len(told.talk)} {letters}"
    return hashlib.sha256(said.encode()).hexdigest()[:24]
