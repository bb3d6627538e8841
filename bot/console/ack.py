"""The page behind a notice's link: it shows the notice, and only its button acknowledges.

A link in a mail carries its own signed identity; any other is answered as whoever WeCom says one is. A GET
changes nothing, so that whatever opens links by itself acknowledges nothing.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, redirect, request, url_for
from markupsafe import Markup

from bot.acts import Act
from bot.console.house import house, viewer
from bot.console.render import page, said
from bot.mail.message import html_of
from bot.notices import BadLink, Links
from bot.sql.unit import Unit
from handlers.masking import mask
from handlers.phrases import notices as phrases
from workorders.errors import Incomplete, Refused
from workorders.notices.errors import NoSuchNotice, NoticeRefused
from workorders.notices.notice import Notice
from workorders.notices.receipt import Receipt

routes = Blueprint("ack", __name__, url_prefix="/ack")

_FORGED = "这个链接无效，请从邮件原文中重新打开，或在企业微信中回复。"
_EXPIRED = "这个链接已过期，请在企业微信中回复，或联系您的对接人。"


@routes.get("/<int:notice>")
def show(notice: int) -> Any:
    """The notice, for whoever has come by WeCom."""
    with house().units.reading() as unit:
        try:
            found, receipt = house().uses.notices(unit).shown_to(notice, viewer().person)
        except NoSuchNotice as refused:
            return _nothing(phrases.sentence(refused), 200)
    return _page(found, receipt)


@routes.post("/<int:notice>")
def answer(notice: int) -> Any:
    """Its buttons."""
    me = viewer().person
    with house().units.begin() as unit:
        desk = house().uses.notices(unit)
        try:
            if request.form.get("do") == "ask":
                receipt = desk.question(notice, me, _words(), "page")
                said(phrases.questioned(desk.shown_to(notice, me)[0], receipt))
            else:
                receipt = desk.acknowledge(notice, me, "page")
                said(phrases.acknowledged(desk.shown_to(notice, me)[0], receipt))
            _note(unit, me.userid, receipt)
        except Refused as refused:
            said(_why(refused), bad=True)
    return redirect(url_for("ack.show", notice=notice), 303)


@routes.get("/m/<token>")
def mailed(token: str) -> Any:
    """The notice, for whoever holds the link of one recipient's mail."""
    try:
        receipt_id = _links().receipt_of(token, house().units.machine())
    except BadLink as bad:
        return _nothing(_EXPIRED if bad.expired else _FORGED, 410 if bad.expired else 404)
    with house().units.reading() as unit:
        try:
            found, receipt = house().uses.notices(unit).by_link(receipt_id)
        except NoSuchNotice:
            return _nothing(_FORGED, 404)
    return _page(found, receipt)


@routes.post("/m/<token>")
def mailed_answer(token: str) -> Any:
    """Its buttons. The link is the right to press them, so no session and no token beside it."""
    try:
        receipt_id = _links().receipt_of(token, house().units.machine())
    except BadLink as bad:
        return _nothing(_EXPIRED if bad.expired else _FORGED, 410 if bad.expired else 404)
    with house().units.begin() as unit:
        desk = house().uses.notices(unit)
        try:
            if request.form.get("do") == "ask":
                receipt = desk.question_by_link(receipt_id, _words())
                said(phrases.questioned(desk.by_link(receipt_id)[0], receipt))
            else:
                receipt = desk.acknowledge_by_link(receipt_id)
                said(phrases.acknowledged(desk.by_link(receipt_id)[0], receipt))
            _note(unit, receipt.userid or "link", receipt)
        except Refused as refused:
            said(_why(refused), bad=True)
    return redirect(url_for("ack.mailed", token=token), 303)


def _note(unit: Unit, who: str, receipt: Receipt) -> None:
    what = "question" if request.form.get("do") == "ask" else "acknowledge"
    about = f"notice:{receipt.notice}"
    unit.audit.record(Act.NOTICE_ACT, who=who, door="console", subject=about, verb=what, receipt=receipt.id)


def _page(notice: Notice, receipt: Receipt | None) -> Response:
    clause = notice.clause(receipt.partner if receipt else None)
    return page(
        "notice/ack.html",
        notice=notice,
        receipt=receipt,
        clause=clause,
        asked=phrases.asked(clause, receipt),
        phrases=phrases,
        body=Markup(html_of(notice.body)),  # noqa: S704  (raw HTML is off)
    )


def _nothing(why: str, status: int) -> Response:
    return page("refused.html", status, why=why)


def _words() -> str:
    return mask(request.form.get("text", "")[:1000]).text


def _why(refused: Refused) -> str:
    if isinstance(refused, NoticeRefused):
        return phrases.sentence(refused)
    return phrases.missing(refused.field if isinstance(refused, Incomplete) else "")


def _links() -> Links:
    return Links(house().settings.secret_key, house().settings.public_url)
